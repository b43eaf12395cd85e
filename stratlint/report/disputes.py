"""Errors that a reader disputes, made warnings where the configuration says so; shown they are all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Dispute, Finding, Severity


def lowered(report: Report, counts: Callable[[DocumentReport, Dispute], bool]) -> Report:
    """*report* with the errors as warnings to which an objection that *counts* is made; their order and number stay."""
    return Report(tuple(_document(document, counts) for document in report.documents))


def is_open(report: Report) -> bool:
    """Whether any error is disputed."""
    return any(finding.disputed and finding.severity is Severity.ERROR for finding in report.findings)


def _document(document: DocumentReport, counts: Callable[[DocumentReport, Dispute], bool]) -> DocumentReport:
    findings = tuple(_finding(finding, document, counts) for finding in document.findings)
    return replace(document, findings=findings) if findings != document.findings else document


def _finding(finding: Finding, document: DocumentReport, counts: Callable[[DocumentReport, Dispute], bool]) -> Finding:
    if finding.severity is not Severity.ERROR or not any(counts(document, each) for each in finding.disputed):
        return finding
    return replace(finding, severity=Severity.WARNING)
