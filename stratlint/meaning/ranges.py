"""Ranges of numbered places in words: `GPUs 0 to 7`, `layers 1 through 20`, `ranks 8 - 15`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.claims.syntax import Quantity
from stratlint.meaning.lexicon import is_plural, lexicon, singular
from stratlint.meaning.raw_item import Raw
from stratlint.meaning.statement import ItemKind

_REACH = 3
_HYPHENS = frozenset("-–—−")


def with_ranges(raws: Sequence[Raw]) -> list[Raw]:
    """The items with one amount for both ends where a plural of things that are numbered stands before them."""
    if len(raws) == _REACH and (whole := _spaced(raws)) is not None:
        return [whole]
    if not any(_leads_on(raw) for raw in raws):
        return list(raws)
    out: list[Raw] = []
    at = 0
    while at < len(raws):
        joined = _joined(raws, at)
        out.append(joined or raws[at])
        at += _REACH if joined is not None else 1
    return out


def _spaced(raws: Sequence[Raw]) -> Raw | None:
    """`20 - 29` alone in a cell: the first and the last, not what is left of twenty; None for anything else."""
    first, sign, last = raws
    if sign.kind is not ItemKind.SIGN or sign.word not in _HYPHENS or not _are_places(first.quantity, last.quantity):
        return None
    return _both_ends(first, sign, last)


def _joined(raws: Sequence[Raw], at: int) -> Raw | None:
    if not at or at + 2 >= len(raws) or not _leads_on(raws[at + 1]):
        return None
    noun = raws[at - 1].word
    if not is_plural(noun) or singular(noun) not in lexicon().indexed or not _are_places(raws[at].quantity, raws[at + 2].quantity):
        return None
    return _both_ends(*raws[at : at + _REACH])


def _leads_on(raw: Raw) -> bool:
    """Whether an item may stand between the first and the last of several: "to", or a dash between blanks."""
    return ("range" in raw.tags and raw.is_word) or (raw.kind is ItemKind.SIGN and raw.word in _HYPHENS)


def _are_places(first: Quantity | None, last: Quantity | None) -> bool:
    """Whether two amounts are plain whole numbers, the greater one behind."""
    if first is None or last is None or any(each.units or each.high is not None or each.magnitude_text for each in (first, last)):
        return False
    return first.number.integer and last.number.integer and first.number.value < last.number.value


def _both_ends(first: Raw, between: Raw, last: Raw) -> Raw:
    one, two = first.quantity, last.quantity
    assert one is not None and two is not None
    text = f"{one.text} {between.word} {two.text}"
    quantity = replace(one, text=text, end=two.end, high=two.number, high_start=two.number_start, high_end=two.number_end)
    return replace(first, end=last.end, word=text, quantity=quantity)
