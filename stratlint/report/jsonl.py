"""One JSON object a line and a finding, and never any other line."""

from __future__ import annotations

from stratlint.report.data import finding_rows
from stratlint.report.escaping import json_text
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import Report


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    rows = (row for document in report.documents for row in finding_rows(document))
    return "".join(f"{json_text(row)}\n" for row in rows)
