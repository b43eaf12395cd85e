"""GitHub Actions: the text for the log, then workflow commands that annotate the changed files.

GitHub shows ten annotations of each level a step and drops the rest without a word, so the gravest come first, one
for each root cause, and a notice tells how many are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stratlint.report import grouped, markdown
from stratlint.report.escaping import terminal, workflow_data, workflow_property, workflow_text
from stratlint.report.evidence import evidence_lines
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.paths import shown_path
from stratlint.report.summary import counted
from stratlint.rules.finding import Finding

PER_LEVEL = 10
# GitHub refuses a step summary above 1 MiB; escapes count.
_SUMMARY_BYTES = 900_000
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_CONFIDENCE = ("high", "medium", "low")


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    text = workflow_text(grouped.render(report, replace(options, color=False, wrap=False)))
    return text + "".join(f"{command}\n" for command in _commands(report, options))


def step_summary(report: Report, options: RenderOptions | None = None) -> str:
    """Markdown for `$GITHUB_STEP_SUMMARY`, within its size limit."""
    return markdown.render_within(report, options or RenderOptions(), _SUMMARY_BYTES)


def _commands(report: Report, options: RenderOptions) -> list[str]:
    unread = [_unread(document, options) for document in report.unread]
    lines = unread[:PER_LEVEL]
    left = len(unread) - len(lines)
    room = {"error": PER_LEVEL - len(lines), "warning": PER_LEVEL, "notice": PER_LEVEL - 1}
    last_lines = {each.path: each.document.line_count for each in report.documents if each.document is not None}
    annotated = _annotated(report)
    for finding in annotated:
        level = _LEVELS[finding.severity.value]
        if room[level] > 0:
            lines.append(_annotation(finding, last_lines, options))
            room[level] -= 1
        else:
            left += 1
    left += len(report.findings) - len(annotated)
    return [*lines, _overflow(left)] if left else lines


def _annotated(report: Report) -> list[Finding]:
    """One finding a root cause, the gravest first: errors, verdicts that flip, then by confidence."""
    first: dict[object, Finding] = {}
    for place, finding in enumerate(sorted(report.findings, key=_gravity)):
        first.setdefault((finding.location.path, finding.root) if finding.root else place, finding)
    return list(first.values())


def _gravity(finding: Finding) -> tuple[int, bool, int]:
    known = finding.confidence in _CONFIDENCE
    confidence = _CONFIDENCE.index(finding.confidence) if known else len(_CONFIDENCE)
    return finding.severity.rank, not finding.flips_verdict, confidence


def _annotation(finding: Finding, last_lines: dict[str, int], options: RenderOptions) -> str:
    place = finding.location
    properties = {"file": shown_path(place.path, options), "line": str(place.line)}
    # GitHub rejects a range that ends after the file, and columns of a range over several lines.
    if place.line <= place.end_line <= last_lines.get(place.path, place.end_line):
        properties["endLine"] = str(place.end_line)
    if place.line == place.end_line:
        properties |= {"col": str(place.column), "endColumn": str(max(place.column, place.end_column))}
    properties["title"] = f"stratlint: {finding.rule}"
    return _command(_LEVELS[finding.severity.value], properties, [finding.message, *evidence_lines(finding)])


def _unread(document: DocumentReport, options: RenderOptions) -> str:
    properties = {"file": shown_path(document.path, options), "title": "stratlint: cannot be read"}
    return _command("error", properties, [document.error])


def _overflow(count: int) -> str:
    message = f"{counted(count, 'more finding')}, not annotated; see the log or the step summary"
    return _command("notice", {"title": "stratlint"}, [message])


def _command(level: str, properties: dict[str, str], lines: Iterable[str]) -> str:
    given = ",".join(f"{name}={workflow_property(terminal(value))}" for name, value in properties.items())
    return f"::{level} {given}::{workflow_data(chr(10).join(terminal(line) for line in lines))}"
