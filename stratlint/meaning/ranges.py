"""Ranges of numbered places in words: `GPUs 0 to 7`, `layers 1 through 20`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.meaning.lexicon import is_plural, lexicon, singular
from stratlint.meaning.raw_item import Raw

_REACH = 3


def with_ranges(raws: Sequence[Raw]) -> list[Raw]:
    """The items with one amount for both ends where a plural of things that are numbered stands before them."""
    if not any("range" in raw.tags for raw in raws):
        return list(raws)
    out: list[Raw] = []
    at = 0
    while at < len(raws):
        joined = _joined(raws, at)
        out.append(joined or raws[at])
        at += _REACH if joined is not None else 1
    return out


def _joined(raws: Sequence[Raw], at: int) -> Raw | None:
    if not at or at + 2 >= len(raws) or "range" not in raws[at + 1].tags or not raws[at + 1].is_word:
        return None
    noun, first, last = raws[at - 1], raws[at].quantity, raws[at + 2].quantity
    if first is None or last is None or not is_plural(noun.word) or singular(noun.word) not in lexicon().indexed:
        return None
    if first.units or last.units or first.high is not None or last.high is not None or first.magnitude_text or last.magnitude_text:
        return None
    if not (first.number.integer and last.number.integer and first.number.value < last.number.value):
        return None
    text = f"{first.text} {raws[at + 1].word} {last.text}"
    quantity = replace(first, text=text, end=last.end, high=last.number, high_start=last.number_start, high_end=last.number_end)
    return replace(raws[at], end=raws[at + 2].end, word=text, quantity=quantity)
