"""JUnit XML with one test case a *claim*: verified and consistent ones pass, contradicted ones fail, unchecked ones are skipped.

JUnit has no warning, and a failure turns a build red: only an error that stands fails. Warnings, and claims whose
finding was silenced or not selected, are skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stratlint.report.escaping import xml
from stratlint.report.evidence import evidence_lines
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Finding, LedgerEntry, Location, Role, Severity, Status


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case: `outcome` is passed, failure, error or skipped."""

    name: str
    outcome: str
    kind: str = ""
    message: str = ""
    body: str = ""


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    suites = [(shown_path(document.path, options), _cases(document)) for document in report.documents]
    every = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="stratlint" {_counts(every)}>']
    for path, cases in suites:
        lines.append(f'  <testsuite name="{xml(path)}" {_counts(cases)} skipped="{_count(cases, "skipped")}">')
        lines += [_testcase(case, path) for case in cases]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _cases(document: DocumentReport) -> list[_Case]:
    """The ledger's claims, then findings about something else than a number (a ✅, say)."""
    if document.error:
        return [_Case("read", "error", "unreadable-file", document.error)]
    cases = [_claim(entry, document.findings) for entry in document.ledger if entry.role is Role.CLAIM]
    told = {entry.finding for entry in document.ledger}
    cases += [_about(finding) for place, finding in enumerate(document.findings) if place not in told]
    cases += [_Case(f"rule {each.rule}", "error", "failing-rule", str(each)) for each in document.failures]
    return cases


def _claim(entry: LedgerEntry, findings: tuple[Finding, ...]) -> _Case:
    name = _name(entry.location, entry.kind)
    finding = findings[entry.finding] if 0 <= entry.finding < len(findings) else None
    if finding is not None and entry.status in (Status.CONTRADICTED, Status.IMPLAUSIBLE):
        return _refuted(finding, name)
    if entry.status in (Status.VERIFIED, Status.CONSISTENT):
        said = (entry.status.value, entry.derivation, entry.reason) if entry.status is Status.CONSISTENT else (entry.derivation,)
        return _Case(name, "passed", body=": ".join(part for part in said if part))
    message = f"{entry.status.value}: {entry.reason}" if entry.reason else entry.status.value
    return _Case(name, "skipped", entry.rule or "not-checked", message, entry.derivation)


def _about(finding: Finding) -> _Case:
    return _refuted(finding, _name(finding.location, finding.rule))


def _refuted(finding: Finding, name: str) -> _Case:
    failed = finding.severity is Severity.ERROR
    body = "\n".join(evidence_lines(finding))
    message = finding.message if failed else f"{finding.severity.value}: {finding.message}"
    return _Case(name, "failure" if failed else "skipped", finding.rule, message, body)


def _name(place: Location, what: str) -> str:
    about = f" ({what})" if what else ""
    return f"line {place.line}, column {place.column}: {place.text}{about}"


def _count(cases: Iterable[_Case], outcome: str) -> int:
    return sum(case.outcome == outcome for case in cases)


def _counts(cases: list[_Case]) -> str:
    return f'tests="{len(cases)}" failures="{_count(cases, "failure")}" errors="{_count(cases, "error")}"'


def _testcase(case: _Case, path: str) -> str:
    start = f'    <testcase classname="{xml(path)}" name="{xml(case.name)}"'
    body = "&#10;".join(xml(line) for line in case.body.split("\n"))
    if case.outcome == "passed":
        return f"{start}><system-out>{body}</system-out></testcase>" if body else f"{start}/>"
    details = f'type="{xml(case.kind)}" message="{xml(case.message)}"'
    outcome = f"<{case.outcome} {details}>{body}</{case.outcome}>" if body else f"<{case.outcome} {details}/>"
    return f"{start}>{outcome}</testcase>"
