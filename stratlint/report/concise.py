"""`path:line:col: severity[rule] message`, one line a finding; editors read it with `%f:%l:%c: %m`."""

from __future__ import annotations

from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.evidence import told
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import already_lines, coverage_line, findings_line, statistics_lines
from stratlint.rules.finding import Finding


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    lines = [line for document in report.documents for line in _document(document, options)]
    if options.statistics:
        lines += statistics_lines(report)
    if not options.quiet:
        lines += already_lines(report)
        lines.append(f"{findings_line(report)}; {coverage_line(report.coverage)}")
    return "".join(f"{line}\n" for line in lines)


def finding_line(finding: Finding) -> str:
    """One finding."""
    place = finding.location
    return (
        f"{terminal_path(place.path)}:{place.line}:{place.column}: "
        f"{finding.severity.value}[{terminal(finding.rule)}] {terminal(told(finding))}"
    )


def _document(document: DocumentReport, options: RenderOptions) -> list[str]:
    path = terminal_path(document.path)
    unread = [f"{path}: error: cannot be read: {terminal(document.error)}"] if document.error else []
    notes = [f"{path}: note: {terminal(note)}" for note in document.notes] if options.verbose else []
    return [*unread, *map(finding_line, document.findings), *notes]
