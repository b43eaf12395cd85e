"""reviewdog's diagnostic format, one diagnostic a line."""

from __future__ import annotations

from stratlint.report.escaping import json_text
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import Report
from stratlint.report.rdjson import diagnostics


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    return "".join(f"{json_text({**each, 'source': {'name': 'stratlint'}})}\n" for each in diagnostics(report, options))
