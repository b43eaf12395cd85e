"""Findings as diagnostics: the premises are related places, and in the message where the client does not show those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from lsprotocol import types

from stratlint.editor.page import Page
from stratlint.editor.places import location, span
from stratlint.report.escaping import printable
from stratlint.report.evidence import evidence_lines, own_computation, premise, told
from stratlint.rules.finding import Finding, Location, Severity

SOURCE = "stratlint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_MOST_RELATED = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a diagnostic the client shows."""

    related: bool = True
    links: bool = True


def diagnostics(page: Page, shown: Shown) -> list[types.Diagnostic]:
    """All of a page: its findings, or the one reason why it was not checked."""
    if page.problem is not None:
        text = page.positions.text
        end = len(text.split("\n", 1)[0].rstrip("\r"))
        return [
            types.Diagnostic(
                span(page, 0, end), f"not checked: {printable(page.problem.message)}", types.DiagnosticSeverity.Error,
                code=page.problem.code, source=SOURCE,
            )
        ]  # fmt: skip
    return [diagnostic(page, each, shown) for each in page.findings]


def diagnostic(page: Page, finding: Finding, shown: Shown) -> types.Diagnostic:
    """One finding."""
    address = page.settings.rule_pages.replace("{rule}", quote(finding.rule))
    return types.Diagnostic(
        span(page, finding.location.start, finding.location.end),
        "\n".join(_lines(finding, shown)),
        _SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(address) if address and shown.links else None,
        source=SOURCE,
        related_information=list(_related(page, finding)) if shown.related else None,
    )


def _lines(finding: Finding, shown: Shown) -> Iterator[str]:
    """The headline, and under it what it does not say: the whole evidence, or what has no place that is shown beside it."""
    yield printable(told(finding))
    if not shown.related:
        yield from evidence_lines(finding)
        return
    yield from (printable(premise(each, finding.location.path)) for each in finding.related if not each.path)
    if worked_out := own_computation(finding):
        yield printable(f"computed: {worked_out}")
    if finding.help:
        yield printable(f"help: {finding.help}")


def _related(page: Page, finding: Finding) -> Iterator[types.DiagnosticRelatedInformation]:
    for each in finding.related[:_MOST_RELATED]:
        place = location(page, each)
        if place is not None:
            yield types.DiagnosticRelatedInformation(place, labelled(each))


def labelled(place: Location) -> str:
    """The value at a place, and the part that it plays."""
    return printable(f"{place.text} ({place.role})" if place.role else place.text)
