"""Checkstyle XML. Every document is listed, so that a clean one shows as checked."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.report.escaping import xml
from stratlint.report.evidence import own_computation, told
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Finding


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    lines += [line for document in report.documents for line in _document(document, options)]
    return "\n".join([*lines, "</checkstyle>"]) + "\n"


def _document(document: DocumentReport, options: RenderOptions) -> Iterator[str]:
    yield f'  <file name="{xml(shown_path(document.path, options))}">'
    if document.error:
        yield _error(1, 1, "error", f"cannot be read: {document.error}", "unreadable-file")
    for finding in document.findings:
        place = finding.location
        yield _error(place.line, place.column, finding.severity.value, _message(finding), finding.rule)
    yield "  </file>"


def _message(finding: Finding) -> str:
    worked_out = own_computation(finding)
    return f"{told(finding)} [{worked_out}]" if worked_out else told(finding)


def _error(line: int, column: int, severity: str, message: str, rule: str) -> str:
    return f'    <error line="{line}" column="{column}" severity="{severity}" message="{xml(message)}" source="stratlint.{xml(rule)}"/>'
