"""GitLab code quality report. GitLab shows the description only, so the rule's name leads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratlint.report.escaping import json_text, printable
from stratlint.report.evidence import own_computation, told
from stratlint.report.fingerprint import fingerprints, with_path
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Finding

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    return json_text(list(_issues(report, options)), indent=2) + "\n"


def _issues(report: Report, options: RenderOptions) -> Iterator[dict[str, Any]]:
    # GitLab merges issues with equal fingerprints; a document named twice would lose findings without the count.
    named: dict[str, int] = {}
    for document in report.documents:
        path = shown_path(document.path, options)
        again = named.get(path, 0)
        named[path] = again + 1
        salt = f"{path}\0{again}" if again else path
        if document.error:
            yield _unread(document, path, with_path("unreadable-file", salt))
        prints = fingerprints(document.findings)
        for finding, fingerprint in zip(document.findings, prints, strict=True):
            yield _issue(finding, path, with_path(fingerprint, salt))


def _issue(finding: Finding, path: str, fingerprint: str) -> dict[str, Any]:
    worked_out = own_computation(finding)
    computed = f" [{worked_out}]" if worked_out else ""
    return {
        "description": printable(f"{finding.rule}: {told(finding)}{computed}"),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity.value],
        "location": {"path": path, "lines": {"begin": finding.location.line, "end": finding.location.end_line}},
    }


def _unread(document: DocumentReport, path: str, fingerprint: str) -> dict[str, Any]:
    return {
        "description": printable(f"unreadable-file: cannot be read: {document.error}"),
        "check_name": "unreadable-file",
        "fingerprint": fingerprint,
        "severity": "major",
        "location": {"path": path, "lines": {"begin": 1, "end": 1}},
    }
