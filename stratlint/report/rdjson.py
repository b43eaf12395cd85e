"""reviewdog's diagnostic format: byte columns, exclusive ends, suggestions that reviewers can apply.

reviewdog posts messages as Markdown comments, so they are escaped as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratlint.report.columns import ByteColumns
from stratlint.report.escaping import json_text, markdown
from stratlint.report.evidence import evidence_lines
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Finding, Location, Suggestion


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    result = {"source": {"name": "stratlint"}, "diagnostics": list(diagnostics(report, options))}
    return json_text(result, indent=2) + "\n"


def diagnostics(report: Report, options: RenderOptions) -> Iterator[dict[str, Any]]:
    """One diagnostic a finding or unreadable document."""
    columns = {document.path: ByteColumns(document.document) for document in report.documents}
    for document in report.documents:
        if document.error:
            yield _unread(document, options)
        for finding in document.findings:
            yield _diagnostic(finding, columns, options)


def _diagnostic(finding: Finding, columns: dict[str, ByteColumns], options: RenderOptions) -> dict[str, Any]:
    own = columns.get(finding.location.path) or ByteColumns(None)
    page = options.rule(finding.rule).help_uri
    diagnostic: dict[str, Any] = {
        "message": "\n".join(map(markdown, [finding.message, *evidence_lines(finding)])),
        "location": _location(finding.location, own, options),
        "severity": finding.severity.value.upper(),
        "code": {"value": finding.rule, "url": page} if page else {"value": finding.rule},
    }
    if finding.suggestion is not None:
        change = {"range": _range(finding.suggestion, own), "text": finding.suggestion.replacement}
        diagnostic["suggestions"] = [change]
    placed = [each for each in finding.related if each.path and each.line]
    if placed:
        diagnostic["related_locations"] = [
            {
                "message": markdown(f"{each.text} ({each.role})" if each.role else each.text),
                "location": _location(each, columns.get(each.path) or ByteColumns(None), options),
            }
            for each in placed
        ]
    return diagnostic


def _unread(document: DocumentReport, options: RenderOptions) -> dict[str, Any]:
    return {
        "message": f"cannot be read: {markdown(document.error)}",
        "location": {"path": shown_path(document.path, options)},
        "severity": "ERROR",
        "code": {"value": "unreadable-file"},
    }


def _location(place: Location, columns: ByteColumns, options: RenderOptions) -> dict[str, Any]:
    return {"path": shown_path(place.path, options), "range": _range(place, columns)}


def _range(place: Location | Suggestion, columns: ByteColumns) -> dict[str, Any]:
    return {
        "start": _position(place.line, columns.column(place.start)),
        "end": _position(place.end_line, columns.column(place.end)),
    }


def _position(line: int, column: int | None) -> dict[str, int]:
    return {"line": line} if column is None else {"line": line, "column": column}
