"""Factors in words that belong to the amount behind them: `half of 96 GPUs = 48 GPUs`, `twice eight nodes × 8 GPUs`, `3/4 of 96`.

Where such an amount is an operand of a computation it is the product of both. The factor changes nothing that stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.claims.printed import PrintedNumber, exact_number
from stratlint.claims.syntax import Quantity
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.raw_item import Raw
from stratlint.meaning.statement import ItemKind

_MOST_NOUNS = 3
_LARGEST_PART = 100
_FRACTION = 3


def with_factors(raws: list[Raw]) -> list[Raw]:
    """The items with a factor and its operand as one amount where a sign of arithmetic follows, side by side where an equality does."""
    signs = (raw.kind is ItemKind.SIGN or (raw.kind is ItemKind.CUE and not raw.is_word and "equals" in raw.tags) for raw in raws)
    if not any(signs):
        return raws
    out: list[Raw] = []
    at = 0
    while at < len(raws):
        found = _factor(raws, at) if not _follows_a_factor(raws, at) else None
        operand = _operand(raws, at + found[1], found[0]) if found is not None else None
        ends = _ends(raws, operand) if operand is not None else None
        if found is None or operand is None or ends is None:
            out.append(raws[at])
            at += 1
            continue
        factor, used = found
        amount = raws[operand]
        assert amount.quantity is not None
        text = " ".join(raw.word for raw in (replace(raws[at], word=factor.text), *raws[at + used : operand + 1]))
        if ends.kind is ItemKind.SIGN:
            whole = _multiplied(factor, amount.quantity, text)
            out.append(replace(amount, start=raws[at].start, word=text, quantity=whole))
            at = operand + 1
        else:
            last = raws[at + used - 1]
            out.append(Raw(ItemKind.WORD, raws[at].start, last.end, factor.text, factor=factor))
            at += used
    return out


def _factor(raws: Sequence[Raw], at: int) -> tuple[Quantity, int] | None:
    """The factor at *at* and how many items it takes: `half`, `twice`, `three times`, `½`, `3/4`."""
    quantity = raws[at].quantity
    if quantity is None or quantity.high is not None:
        return None
    if raws[at].spelled and (quantity.times or quantity.unit_text == "times"):
        return quantity, 1
    plain = not (quantity.units or quantity.magnitude_text or quantity.currency or quantity.times)
    if plain and not quantity.number.ulp and 0 < quantity.number.value < 1:
        return quantity, 1
    if not plain or at + _FRACTION >= len(raws) or raws[at + 1].kind is not ItemKind.SIGN or raws[at + 1].word != "/":
        return None
    below = raws[at + 2].quantity
    if below is None or below.units or below.magnitude_text or below.high is not None or below.start != quantity.end + 1:
        return None
    above, parts = quantity.number, below.number
    if not (above.integer and parts.integer and 0 < above.value < parts.value <= _LARGEST_PART and _is_of(raws[at + _FRACTION])):
        return None
    fraction = exact_number(above.value / parts.value)
    return replace(quantity, text=f"{quantity.text}/{below.text}", end=below.end, number=fraction, times=True), _FRACTION


def _follows_a_factor(raws: Sequence[Raw], at: int) -> bool:
    """`a third and a half of 96`, `half of half of 64`: of several factors none is that of the amount alone."""
    before = at - 1
    while before >= 0 and (raws[before].is_word or "and" in raws[before].tags) and _joins(raws[before]):
        before -= 1
    return 0 <= before < at - 1 and _factor(raws, before) is not None


def _joins(raw: Raw) -> bool:
    return "and" in raw.tags or all(word == "of" or word in lexicon().articles for word in raw.word.split())


def _is_of(raw: Raw) -> bool:
    return raw.is_word and raw.word.split()[:1] == ["of"]


def _operand(raws: Sequence[Raw], at: int, factor: Quantity) -> int | None:
    """Where the amount stands that a factor is of: nothing but "of" and articles lead to it, and a share needs one of them."""
    first, articles = at, lexicon().articles
    while at < len(raws) and raws[at].is_word and all(word == "of" or word in articles for word in raws[at].word.split()):
        at += 1
    quantity = raws[at].quantity if at < len(raws) else None
    if quantity is None or quantity.times or quantity.high is not None or (at == first and factor.number.value < 1):
        return None
    return None if quantity.units and not quantity.units[0].dimensions else at


def _ends(raws: Sequence[Raw], operand: int) -> Raw | None:
    """The sign that ends the operand, its noun in between; None where it is part of a sentence."""
    at = operand + 1
    while at < len(raws) and raws[at].is_word and not raws[at].tags and at - operand <= _MOST_NOUNS:
        at += 1
    if at >= len(raws):
        return None
    raw = raws[at]
    equals = raw.kind is ItemKind.CUE and not raw.is_word and "equals" in raw.tags
    return raw if equals or raw.kind is ItemKind.SIGN else None


def _multiplied(factor: Quantity, amount: Quantity, text: str) -> Quantity:
    number, by = amount.number, factor.number.value
    value = number.value * by
    scaled = PrintedNumber(value, number.ulp * by, number.digits, number.integer and value.is_integer(), number.coarse * by)
    return replace(amount, text=text, start=factor.start, number=scaled)
