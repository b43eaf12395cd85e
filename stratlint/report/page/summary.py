"""What the head of the page says: one sentence, the coverage bar, the counts, what is unknown, the documents; and the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.page.escape import plural
from stratlint.report.page.unknown import is_unknown
from stratlint.report.paths import shown_path
from stratlint.report.summary import counted_apart, reasons, severity_counts, silenced_count
from stratlint.rules.finding import Coverage, Severity

STATUSES = (("v", "verified"), ("c", "contradicted"), ("b", "consistent"), ("i", "implausible"), ("n", "not checked"))
_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is unknown: at how many numbers it stands, and the id of the first of them."""

    text: str
    count: int
    first: str


def shares(coverage: Coverage) -> tuple[tuple[str, str, int], ...]:
    """(letter, name, count) of claims by status; what has no verdict is not checked, whatever the reasons add up to."""
    counts = (coverage.verified, coverage.contradicted, coverage.consistent, coverage.implausible)
    missed = max(0, coverage.claims - sum(counts), sum(coverage.not_checked.values()))
    return tuple((letter, name, count) for (letter, name), count in zip(STATUSES, (*counts, missed), strict=True))


def percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all; with a blank that does not break."""
    return f"{100 * part // whole}\u00a0%" if whole else "–"


def bar(coverage: Coverage) -> dict[str, Any]:
    """Counts as one stacked bar, in percent of its width."""
    counts = shares(coverage)
    total = sum(count for _, _, count in counts) or 1
    parts: list[dict[str, str]] = []
    left = 0.0
    for letter, _, count in counts:
        if count:
            # One status must not vanish beside thousands of another: at least half a percent is drawn.
            width = max(0.5, 100 * count / total)
            parts.append({"letter": letter, "left": f"{left:.2f}", "width": f"{width:.2f}"})
            left += width
    return {
        "parts": parts,
        "span": f"{max(left, 1.0):.2f}",
        "described": ", ".join(f"{count:,} {name}" for _, name, count in counts),
        "counts": [{"letter": letter, "name": name, "count": count} for letter, name, count in counts],
    }


def title(report: Report, options: RenderOptions) -> str:
    """The document's path, or how many there are."""
    if len(report.documents) == 1:
        return shown_path(report.documents[0].path, options) or "document"
    return plural(len(report.documents), "document")


def head(report: Report) -> dict[str, Any]:
    """The sentence, the bar, the reasons and the unknown words."""
    cover = report.coverage
    counts = severity_counts(report)
    # Findings, not numbers: one finding may be about several numbers, and one about a comment is about none.
    found = ", ".join(plural(counts[each.value], noun) for each, noun in _SEVERITIES.items() if counts[each.value])
    verb = "was" if cover.recomputed == 1 else "were"
    return {
        "seen": cover.seen,
        "found": found or "No findings",
        "silenced": silenced_count(report),
        "recomputed": f"{plural(cover.recomputed, 'number')} of {cover.claims:,} {verb}",
        "understood": percent(cover.understood, cover.claims),
        "apart": counted_apart(cover),
        "unread": len(report.unread),
        "coverage": bar(cover),
        "reasons": reasons(cover),
        "unchecked": sum(cover.not_checked.values()),
        "unknown": unknown_words(report.documents),
        "not_understood": any(is_unknown(entry) for document in report.documents for entry in document.ledger),
    }


def unknown_words(documents: Sequence[DocumentReport]) -> list[Word]:
    """The words that blocked understanding in all documents, the commonest first, then as they come."""
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for number, document in enumerate(documents):
        for index, entry in enumerate(document.ledger):
            if is_unknown(entry) and entry.words:
                counts[entry.words] = counts.get(entry.words, 0) + 1
                first.setdefault(entry.words, f"d{number + 1}n{index}")
    return [Word(words, counts[words], first[words]) for words in sorted(counts, key=lambda each: -counts[each])]


def rows(documents: Sequence[DocumentReport], options: RenderOptions) -> list[dict[str, Any]]:
    """The documents with what was found in each."""
    return [
        {
            "id": f"d{index + 1}",
            "path": shown_path(each.path, options) or "document",
            "error": each.error,
            "coverage": bar(each.coverage),
            "findings": len(each.findings),
            "numbers": each.coverage.claims,
            "recomputed": percent(each.coverage.recomputed, each.coverage.claims),
        }
        for index, each in enumerate(documents)
    ]


def filters(report: Report, rules: Mapping[str, int], readers: Mapping[str, int]) -> dict[str, Any]:
    """What can be chosen in the filter bar, as (value, label). Of *readers* each can be seen alone."""
    severities = sorted({finding.severity for finding in report.findings}, key=lambda each: each.rank)
    return {
        "severities": [(each.value, _SEVERITIES[each]) for each in severities],
        "rules": [(str(number), name) for name, number in rules.items()],
        "readers": [(str(number), f"only {name}") for name, number in readers.items()],
    }
