"""One JSON object: the summary, and per document either its findings (and the rules that failed) or why it could not be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stratlint.report.data import finding_rows
from stratlint.report.escaping import json_text
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import coverage_data, summary_data

SCHEMA_VERSION = 1
"""Raised when a field is removed or changes its meaning; new fields leave it."""


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    data = {
        "schema_version": SCHEMA_VERSION,
        "version": options.version,
        "summary": summary_data(report),
        "documents": [_document(document) for document in report.documents],
    }
    return json_text(data, indent=2) + "\n"


def _document(document: DocumentReport) -> dict[str, Any]:
    if document.error:
        return {"path": document.path, "error": document.error}
    row: dict[str, Any] = {
        "path": document.path,
        "findings": list(finding_rows(document)),
        "already": list(finding_rows(replace(document, findings=document.already))),
        "coverage": coverage_data(document.coverage),
        "notes": list(document.notes),
    }
    if (used := document.readings) is not None:
        rejected = [{"reason": each.reason, "detail": each.detail} for each in document.unused]
        row["readings"] = {"file": used.file, "reader": used.reader, "judged": used.judged, "stale": len(used.stale), "rejected": rejected}
    if document.failures:
        row["failures"] = [{"rule": each.rule, "source": each.source, "problem": each.problem} for each in document.failures]
    return row
