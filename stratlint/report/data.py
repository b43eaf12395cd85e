"""A finding as plain data: what `json` and `jsonl` (and whoever embeds them) share. Paths stay as they were named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratlint.report.fingerprint import fingerprints
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Finding, Location, ReadBy, ReadingTried, Suggestion
from stratlint.rules.successors import code_of


def finding_rows(document: DocumentReport) -> Iterator[dict[str, Any]]:
    """One row a finding, in the document's order."""
    for finding, fingerprint in zip(document.findings, fingerprints(document.findings), strict=True):
        yield _row(finding, fingerprint)


def _row(finding: Finding, fingerprint: str) -> dict[str, Any]:
    place = finding.location
    row: dict[str, Any] = {
        "path": place.path,
        **_region(place),
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "rule": finding.rule,
        "code": code_of(finding.rule),
        "message": finding.message,
        "claimed": finding.claimed,
        "computed": finding.computed,
        "formula": finding.formula,
        "readings": [_reading(each) for each in finding.readings],
        "related": [_related(each) for each in finding.related],
        "text": place.text,
        "section": list(finding.section),
        "help": finding.help,
        "flips_verdict": finding.flips_verdict,
        "root": finding.root,
        "fingerprint": fingerprint,
        "read_by": _said(finding.read_by) if finding.read_by is not None else None,
        "disputed": [_said(each.by) for each in finding.disputed],
    }
    if finding.suggestion is not None:
        row["suggestion"] = {**_region(finding.suggestion), "replacement": finding.suggestion.replacement}
    return row


def _said(by: ReadBy) -> dict[str, Any]:
    return {"reader": by.reader, "file": by.file, "line": by.line, "why": by.why}


def _region(place: Location | Suggestion) -> dict[str, int]:
    return {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": place.start,
        "end": place.end,
    }


def _reading(reading: ReadingTried) -> dict[str, Any]:
    return {
        "name": reading.name,
        "formula": reading.formula,
        "computed": reading.computed,
        "fits": reading.fits,
        "source": reading.source,
    }


def _related(place: Location) -> dict[str, Any]:
    return {"path": place.path, **_region(place), "role": place.role, "text": place.text}
