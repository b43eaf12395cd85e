"""Markdown tables, for step summaries, comments and chat. Document text is text in it, never markup."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.report.escaping import markdown, markdown_code
from stratlint.report.evidence import computation, premise, source_lines
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import counted, coverage_line, findings_line, reasons, rule_counts
from stratlint.rules.finding import Coverage, Finding

_PREMISES = 6


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    return "\n".join([*_head(report, options), *(line for _, line in _rows(report)), *_tail(report)]) + "\n"


def render_within(report: Report, options: RenderOptions, limit: int) -> str:
    """`render`, with findings left out at the end, and counted, where it would be longer than `limit` bytes."""
    head, tail = _head(report, options), _tail(report)
    room = limit - sum(len(line.encode()) + 1 for line in [*head, *tail]) - 100
    kept: list[str] = []
    left = 0
    for count, line in _rows(report):
        room -= len(line.encode()) + 1
        if room < 0:
            left += count
        else:
            kept.append(line)
    note = ["", f"{counted(left, 'more finding')} in the log."] if left else []
    return "\n".join([*head, *kept, *note, *tail]) + "\n"


def _head(report: Report, options: RenderOptions) -> list[str]:
    lines = ["## stratlint", "", f"**{findings_line(report)}**", ""]
    if options.quiet:
        return lines[:-1]
    return [*lines, coverage_line(report.coverage), "", *_coverage(report.coverage)]


def _coverage(coverage: Coverage) -> list[str]:
    counts = [
        ("verified", coverage.verified),
        ("contradicted", coverage.contradicted),
        ("consistent", coverage.consistent),
        ("implausible", coverage.implausible),
        *((f"not checked: {markdown(reason)}", count) for reason, count in reasons(coverage)),
    ]
    return ["| numbers | count |", "|---|--:|", *(f"| {name} | {count:,} |" for name, count in counts)]


def _rows(report: Report) -> Iterator[tuple[int, str]]:
    """The documents' lines, each with the number of findings it stands for."""
    for document in report.documents:
        if document.error:
            yield from ((0, line) for line in ("", f"### {markdown(document.path)}", ""))
            yield 0, f"Cannot be read: {markdown(document.error)}"
        elif document.findings or document.failures or document.already:
            yield from _table(document)


def _table(document: DocumentReport) -> Iterator[tuple[int, str]]:
    yield from ((0, line) for line in ("", f"### {markdown(document.path)}", ""))
    yield from ((0, f"- Not checked: {markdown(str(failure))}") for failure in document.failures)
    head = ("| line | finding | computed | premises |", "|--:|---|---|---|") if document.findings else ()
    yield from ((0, line) for line in (*([""] if document.failures else []), *head))
    for finding in document.findings:
        yield 1, f"| {finding.location.line} | {_claim(finding)} | {_computed(finding)} | {_premises(finding)} |"
    if document.already:
        yield from ((0, line) for line in (*([""] if head else []), "Already there before this change, and not counted:", ""))
    for finding in document.already:
        yield 0, f"- line {finding.location.line}: {_claim(finding).replace('<br>', ' ')}"


def _claim(finding: Finding) -> str:
    return f"**{finding.severity.value}** {markdown_code(finding.rule)}<br>{markdown(finding.message)}"


def _computed(finding: Finding) -> str:
    parts = [markdown_code(computation(finding) if finding.formula else finding.computed)]
    if finding.suggestion is not None:
        parts.append(f"suggestion: {markdown_code(finding.suggestion.replacement)}")
    parts += [f"{word} {markdown(line)}" for word, line in source_lines(finding)]
    return "<br>".join(part for part in parts if part)


def _premises(finding: Finding) -> str:
    shown = [markdown(premise(each, finding.location.path)) for each in finding.related[:_PREMISES]]
    more = len(finding.related) - len(shown)
    return "<br>".join([*shown, f"{more:,} more"] if more else shown)


def _tail(report: Report) -> list[str]:
    counts = rule_counts(report)
    if not counts:
        return []
    rows = [f"| {markdown_code(rule)} | {count:,} |" for rule, count in counts]
    return ["", "| rule | findings |", "|---|--:|", *rows]
