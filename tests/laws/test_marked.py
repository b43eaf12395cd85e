"""Amounts with a mark each, under the limit before them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import marked

# What the fixtures of conftest judge.
LAWS = (marked.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("- Bubble: at most 7 %. Stage one at 5.2 % ✅, stage two at {} % ✅.", "9.1", "6.4"),
        ("- Peak memory ≤ 70 GB per GPU. Warm-up at 61 GB ✅, steady state at {} GB ✅.", "77", "66"),
        ("- Rate: at least 900 tokens/s. Chat at 950 tokens/s ✅, code at {} tokens/s ✅.", "810", "930"),
    ],
)
def test_what_is_marked_as_passed_keeps_its_limit(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [text.format(wrong)[text.index("{") :].split(" ✅")[0]]


@pytest.mark.parametrize(
    "text",
    [
        "- Bubble: at most 7 %. Stage two at 9.1 % ❌.",
        "- Bubble: at most 7 %. Stage two at 9.1 %.",
        "- Bubble: at most 7 %.\n\n- Stage two at 9.1 % ✅",  # another item
        "- Bubble at most 7 %, idle cards at most 3 %. Stage two at 9.1 % ✅.",  # which of them?
    ],
)
def test_without_a_mark_or_with_several_limits_nothing_is_said(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


LIMITS = (
    "Our limits are p99 TTFT ≤ 450 ms and median TPOT ≤ 28 ms.\n\n"
    "| card | TTFT p50 (ms) | TTFT p99 (ms) | TPOT p50 (ms) | Within limits |\n|---|--:|--:|--:|:-:|\n"
    "| old | 330 | 910 | 39.1 | ❌ |\n| new | 171 | {} | {} | ✅ |\n"
)


def test_a_row_that_is_marked_keeps_the_limits_of_its_names(refuted: Refuted, settled: Settled) -> None:
    assert settled(LIMITS.format(430, "19.2"))
    assert refuted(LIMITS.format(530, "19.2")) == ["530"]
    assert refuted(LIMITS.format(430, "31.5")) == ["31.5"]
    assert refuted("# Elsewhere\n\n" + LIMITS.format(530, "19.2").replace("| card", "# Here\n\n| card")) == []
