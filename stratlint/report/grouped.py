"""Findings under the document they stand in, one short line each: the default on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.evidence import told
from stratlint.report.lines import Line, in_lines
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import summary


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    groups = [list(_document(document, options)) for document in report.documents]
    return "\n".join(in_lines(group, options) for group in (*groups, list(summary(report, options))) if group)


def _document(document: DocumentReport, options: RenderOptions) -> Iterator[Line]:
    """A document's lines; none when there is nothing to say about it."""
    notes = document.notes if options.verbose else ()
    if document.error or document.findings or notes:
        yield Line(f"{terminal_path(document.path)}:", style="title")
    if document.error:
        yield Line(f"cannot be read: {terminal(document.error)}", "  ", tag="error: ", style="error")
    places = [f"{finding.location.line}:{finding.location.column}" for finding in document.findings]
    width = max(map(len, places), default=0)
    for finding, place in zip(document.findings, places, strict=True):
        page = options.rule(finding.rule).link if options.hyperlinks else ""
        severity = finding.severity.value
        yield Line(terminal(told(finding)), f"  {place:<{width}}  ", f"{severity}[{terminal(finding.rule)}] ", severity, page)
    for note in notes:
        yield Line(f"note: {terminal(note)}", "  ")
