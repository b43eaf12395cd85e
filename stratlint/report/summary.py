"""The counts at the end of every text format, and as data in the others."""

from __future__ import annotations

from collections import Counter
from typing import Any

from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import ReadingsUsed, Report
from stratlint.rules.finding import Coverage, Severity

_REASONS_SHOWN = 5


def counted(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def severity_counts(report: Report) -> dict[str, int]:
    """Findings by severity, every severity present."""
    counts = Counter(finding.severity for finding in report.findings)
    return {severity.value: counts[severity] for severity in Severity}


def disputed_count(report: Report) -> int:
    """Findings that a reader objects to."""
    return sum(bool(finding.disputed) for finding in report.findings)


def stale_line(used: ReadingsUsed) -> str:
    """`2 readings of FILE are stale: …`: what is said of readings whose block has changed."""
    verb = "is" if len(used.stale) == 1 else "are"
    return f"{counted(len(used.stale), 'reading')} of {used.file} {verb} stale: what they were read from has changed since"


def silenced_count(report: Report) -> int:
    """Findings that suppressions, waivers and the baseline took out."""
    return sum(len(document.silenced) for document in report.documents)


def rule_counts(report: Report) -> tuple[tuple[str, int], ...]:
    """Findings by rule, the most frequent first."""
    counts = Counter(finding.rule for finding in report.findings)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """Coverage as JSON."""
    return {
        "seen": coverage.seen,
        "operands": coverage.operands,
        "names": coverage.names,
        "claims": coverage.claims,
        "verified": coverage.verified,
        "contradicted": coverage.contradicted,
        "consistent": coverage.consistent,
        "implausible": coverage.implausible,
        "understood": coverage.understood,
        "not_checked": dict(sorted(coverage.not_checked.items())),
        "share_understood": round(coverage.share_understood, 6),
        "share_checked": round(coverage.share_checked, 6),
    }


def summary_data(report: Report) -> dict[str, Any]:
    """The whole summary as JSON."""
    return {
        "documents": len(report.documents),
        "unread": len(report.unread),
        "findings": {"total": len(report.findings), **severity_counts(report)},
        "silenced": silenced_count(report),
        "already": len(report.already),
        "coverage": coverage_data(report.coverage),
    }


def statistics_lines(report: Report) -> list[str]:
    """Findings by rule, the count first: a line must not begin with a name that others chose."""
    counts = rule_counts(report)
    width = max((len(f"{count:,}") for _, count in counts), default=0)
    return [f"{count:>{width},}  {terminal(rule)}" for rule, count in counts]


def findings_line(report: Report) -> str:
    """`2 errors, 1 warning in 3 documents, 1 disputed, 4 silenced; 1 could not be read`."""
    counts = severity_counts(report)
    nouns = (("error", "error"), ("warning", "warning"), ("info", "remark"))
    found = ", ".join(counted(counts[name], noun) for name, noun in nouns if counts[name])
    read = len(report.documents) - len(report.unread)
    line = f"{found or 'no findings'} in {counted(read, 'document')}"
    if disputed := disputed_count(report):
        line += f", {disputed:,} disputed"
    if silenced := silenced_count(report):
        line += f", {silenced:,} silenced"
    if report.already:
        line += f", {len(report.already):,} already there before this change"
    return f"{line}; {len(report.unread):,} could not be read" if report.unread else line


def already_lines(report: Report) -> list[str]:
    """What a change touches and did not make a finding, a line each: told, so that nobody takes it for right, and not counted."""
    return [
        f"{terminal_path(each.location.path)}:{each.location.line}:{each.location.column}: already there: "
        f"{each.severity.value}[{terminal(each.rule)}] {terminal(each.message)}"
        for each in report.already
    ]


def coverage_line(coverage: Coverage) -> str:
    """What was recomputed, then what keeps a bound, then what was understood.

    No findings over numbers that nobody could check must not look like all correct.
    """
    if not coverage.seen:
        return "no numbers seen"
    apart = counted_apart(coverage)
    apart = f"; apart: {apart}" if apart else ""
    if not coverage.claims:
        return f"no number claims anything{apart}"
    return (
        f"{counted(coverage.recomputed, 'number')} recomputed: {coverage.verified:,} verified, {coverage.contradicted:,} contradicted; "
        f"{coverage.consistent:,} consistent, {coverage.implausible:,} implausible; "
        f"{coverage.understood:,} of {coverage.claims:,} understood ({_percent(coverage.share_understood)}){apart}"
    )


def counted_apart(coverage: Coverage) -> str:
    """`12 operands, 1 name`; "" for none."""
    nouns = ((coverage.operands, "operand"), (coverage.names, "name"))
    return ", ".join(counted(count, noun) for count, noun in nouns if count)


def reasons(coverage: Coverage) -> tuple[tuple[str, int], ...]:
    """Why claims were not checked, the commonest reason first."""
    return tuple(sorted(coverage.not_checked.items(), key=lambda item: (-item[1], item[0])))


def summary_lines(report: Report, options: RenderOptions) -> list[str]:
    """The closing lines of the text formats; none when quiet."""
    lines = statistics_lines(report) if options.statistics else []
    if options.quiet:
        return lines
    lines += already_lines(report)
    coverage = report.coverage
    listed = reasons(coverage)
    shown = listed if options.verbose else listed[:_REASONS_SHOWN]
    lines += [findings_line(report), coverage_line(coverage)]
    lines += [f"  not checked: {count:,} × {terminal(reason)}" for reason, count in shown]
    hidden = sum(count for _, count in listed[len(shown) :])
    return [*lines, f"  not checked: {hidden:,} for other reasons (--verbose lists them)"] if hidden else lines


def _percent(share: float) -> str:
    # Rounded down, so that 100 % means all of them.
    return f"{int(share * 100)} %"
