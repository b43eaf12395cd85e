"""Findings under the document they stand in, one short line each."""

from __future__ import annotations

from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.evidence import told
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import summary_lines
from stratlint.rules.finding import Finding


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    groups = [group for document in report.documents if (group := _document(document, options))]
    closing = summary_lines(report, options)
    return "\n".join("".join(f"{line}\n" for line in group) for group in [*groups, closing] if group)


def _document(document: DocumentReport, options: RenderOptions) -> list[str]:
    """A document's lines; none when there is nothing to say about it."""
    unread = [f"  error: cannot be read: {terminal(document.error)}"] if document.error else []
    notes = [f"  note: {terminal(note)}" for note in document.notes] if options.verbose else []
    places = [f"{finding.location.line}:{finding.location.column}" for finding in document.findings]
    width = max(map(len, places), default=0)
    found = [_line(finding, place, width) for finding, place in zip(document.findings, places, strict=True)]
    lines = [*unread, *found, *notes]
    return [f"{terminal_path(document.path)}:", *lines] if lines else []


def _line(finding: Finding, place: str, width: int) -> str:
    return f"  {place:<{width}}  {finding.severity.value}[{terminal(finding.rule)}] {terminal(told(finding))}"
