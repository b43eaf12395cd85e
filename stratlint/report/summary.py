"""The counts at the end of every text format, and as data in the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.lines import Line
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import ReadingsUsed, Report
from stratlint.rules.finding import Coverage, Severity

_REASONS_SHOWN = 5
_WORDS_SHOWN = 5


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
    """What was recomputed, then what keeps a bound, then what was understood, in one line."""
    return "; ".join(coverage_parts(coverage))


def coverage_parts(coverage: Coverage) -> tuple[str, ...]:
    """What was recomputed, and what was understood.

    No findings over numbers that nobody could check must not look like all correct.
    """
    if not coverage.seen:
        return ("no numbers seen",)
    apart = counted_apart(coverage)
    apart = f"; apart: {apart}" if apart else ""
    if not coverage.claims:
        return (f"no number claims anything{apart}",)
    return (
        f"{counted(coverage.recomputed, 'number')} recomputed: {coverage.verified:,} verified, {coverage.contradicted:,} contradicted; "
        f"{coverage.consistent:,} consistent, {coverage.implausible:,} implausible",
        f"{coverage.understood:,} of {coverage.claims:,} understood ({_percent(coverage.share_understood)}){apart}",
    )


def counted_apart(coverage: Coverage) -> str:
    """`12 operands, 1 name`; "" for none."""
    nouns = ((coverage.operands, "operand"), (coverage.names, "name"))
    return ", ".join(counted(count, noun) for count, noun in nouns if count)


def reasons(coverage: Coverage) -> tuple[tuple[str, int], ...]:
    """Why claims were not checked, the commonest reason first."""
    return tuple(sorted(coverage.not_checked.items(), key=lambda item: (-item[1], item[0])))


def summary(report: Report, options: RenderOptions) -> Iterator[Line]:
    """The closing lines of the text formats: what was recomputed, what was understood, why the rest was not checked, what was found."""
    if options.statistics:
        yield from map(Line, statistics_lines(report))
    if options.quiet:
        return
    yield from map(Line, already_lines(report))
    yield from map(Line, coverage_parts(report.coverage))
    yield from _not_checked(report, options)
    worst = min((finding.severity for finding in report.findings), key=lambda each: each.rank, default=None)
    yield Line("", tag=findings_line(report), style=worst.value if worst else "")


def _not_checked(report: Report, options: RenderOptions) -> Iterator[Line]:
    """How many numbers have no verdict, and why: the commonest reasons, with some of the numbers where it takes more words to read them."""
    listed = reasons(report.coverage)
    if not listed:
        return
    yield Line(f"{sum(report.coverage.not_checked.values()):,} not checked (`stratlint claims` lists each):")
    width = len(f"{listed[0][1]:,}")
    shown = listed if options.verbose else listed[:_REASONS_SHOWN]
    for reason, count in shown:
        yield Line(terminal(reason) + _examples(report, reason), f"  {count:>{width},} × ")
    if hidden := sum(count for _, count in listed[len(shown) :]):
        yield Line("for other reasons (--verbose lists them)", f"  {hidden:>{width},} × ")


def _examples(report: Report, reason: str) -> str:
    """`; unknown are "spare", "drain timeout"`: the words at numbers that were not understood, the commonest first."""
    entries = (entry for document in report.documents for entry in document.ledger)
    words = Counter(each.words for each in entries if each.words and each.reason == reason and not (each.understood or each.derivation))
    shown = [f'"{terminal(each)}"' for each, _ in words.most_common(_WORDS_SHOWN)]
    return f"; unknown are {', '.join(shown)}{', …' if len(words) > len(shown) else ''}" if shown else ""


def _percent(share: float) -> str:
    # Rounded down, so that 100 % means all of them.
    return f"{int(share * 100)} %"
