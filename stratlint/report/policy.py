"""What the configuration and the document's own comments make of raw findings: selection, severity, suppressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from stratlint.config.selection import active_rules, families_of, severity_of
from stratlint.config.settings import Settings
from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import DocumentReport, Silenced, Silencer
from stratlint.report.suppression import judge
from stratlint.report.waiver import waive
from stratlint.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Settled:
    """A document's report as it stands, and the waivers that silenced some of it (by their place)."""

    report: DocumentReport
    waivers_used: tuple[str, ...] = ()


def settle(report: DocumentReport, settings: Settings, families: Mapping[str, str], today: date) -> Settled:
    """Apply *settings* to the findings of one document. *families* maps every loaded rule to its family."""
    if report.document is None:
        return Settled(report)
    known = families_of(families)
    active = active_rules(settings, report.path, known)
    findings = [_ranked(finding, settings, known) for finding in report.findings]
    selected = [finding.rule in active or finding.rule not in known for finding in findings]
    waivers, used = waive(report.path, findings, selected, settings, today)
    asked = [finding for finding, chosen, waiver in zip(findings, selected, waivers, strict=True) if chosen and waiver is None]
    directives, about = judge(report.document, asked, known.keys(), settings, active)
    answers = iter(directives)
    kept: list[Finding | None] = []
    silenced: list[Silenced] = []
    for finding, chosen, waiver in zip(findings, selected, waivers, strict=True):
        directive = next(answers) if chosen and waiver is None else None
        kept.append(finding if chosen and waiver is None and directive is None else None)
        if waiver is not None:
            silenced.append(Silenced(finding, Silencer.WAIVER, waiver.reason))
        elif directive is not None:
            silenced.append(Silenced(finding, Silencer.COMMENT, directive.reason))
    made = narrowed(report, kept, [_ranked(finding, settings, known) for finding in about])
    return Settled(replace(made, silenced=tuple(silenced)) if silenced else made, used)


def _ranked(finding: Finding, settings: Settings, families: Mapping[str, str]) -> Finding:
    severity = severity_of(settings, finding.rule, families.get(finding.rule, ""), finding.severity)
    return finding if severity is finding.severity else replace(finding, severity=severity)
