"""The one repair that the arithmetic leaves, where it leaves one: the text to put in the place of a claim's.

A wrong product alone leaves several: the result may be wrong, or any factor. One is left when only the prefix of the result or the word
for what is counted is off, or when the page states every operand a second time and the result nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import load_lexicon
from stratlint.rules.context import Context
from stratlint.rules.finding import Suggestion

_PREFIXES = "kMGTPE"
_STEPS = {1e3: 1, 1e-3: -1, 1e6: 2, 1e-6: -2, 1e9: 3, 1e-9: -3}
# "FLOPS" is operations per second; their number is "FLOP" (and "FLOPs" its plural, which stays).
_RATE_SPELLING = re.compile(r"([kKMGTPE]?FLOP)S\b(?!\s*/)")
_COUNTED = re.compile(r"[A-Za-z]+(?=\s*/|\s+per\b)")
_PER_SECOND = re.compile(r"\s*(?:/\s*s(?:ec(?:ond)?)?|per second)\b")
# Bytes of an element and the 2 of multiply-and-add are conventions that no page states twice.
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_GROUPED = 10_000
# Of a float; what is further behind is noise of its arithmetic.
_DIGITS = 12
_MOST = 1e15
_ROUNDING = 0.01
# A result that is off by these has the wrong unit of time, or the wrong number: two repairs.
_TIME_FACTORS = (60.0, 3600.0, 1 / 60, 1 / 3600, 24.0, 1 / 24)
_TIME_TOLERANCE = 0.01
_CONVENTIONAL = frozenset({0.5, 1.0, 2.0, 4.0, 8.0})


def in_place_of(context: Context, block: int, start: int, end: int, replacement: str) -> Suggestion | None:
    """*replacement* for content `[start, end)` of *block*; None where markup or a line end stands inside it."""
    held = context.document.blocks[block]
    place = context.location(held.source_span(start, end), "repair")
    if place.text != held.text[start:end] or "\n" in place.text or place.text == replacement:
        return None
    return Suggestion(place.start, place.end, place.line, place.column, place.end_line, place.end_column, replacement)


def repaired(
    context: Context,
    number: int,
    premises: tuple[int, ...],
    factors: tuple[int, ...],
    computed: str,
    value: float,
    slip: float,
    *,
    rate: bool,
) -> Suggestion | None:
    """What to write for a number of the page instead, where the arithmetic leaves one thing; None elsewhere.

    *computed* is what follows, *value* the same in the unit and the magnitude of the claim. *slip*: the claim is that many times too
    small by its prefix alone, 0 where its digits are wrong. *premises* are the numbers it is computed from, -1 where one is none of the
    page's; *factors* those of them that scale the result, each of which could have the wrong prefix instead; *rate*: one is a rate.
    """
    claim = context.claims.numbers[number]
    target = claim.quantity
    if target is None:
        return None
    if slip:
        decided = _is_decided(context, claim, tuple(context.claims.numbers[index] for index in factors if index >= 0))
        return _with_prefix(context, claim.block, target, slip, rate=rate) if decided else None
    if target.approximate or target.high is not None or any(index < 0 for index in premises):
        return None
    own = [claim, *(context.claims.numbers[index] for index in dict.fromkeys(premises) if index != number)]
    here, everywhere = Counter(key for each in own for key in _keys(each)), _stated(context.claims)
    quantities = [each.quantity for each in own[1:]]
    if everywhere[_size(target), None] > here[_size(target), None]:
        return None
    for operand in quantities:
        if operand is None:
            return None
        key = (_size(operand), _unit(operand) if operand.units else None)
        if everywhere[key] <= here[key] and _size(operand) not in _CONVENTIONAL:
            return None
    text = context.document.blocks[claim.block].text[target.start : target.end]
    replacement = _as_printed(text, computed, value)
    return in_place_of(context, claim.block, target.start, target.end, replacement) if replacement else None


def _is_decided(context: Context, claim: NumberClaim, factors: tuple[NumberClaim, ...]) -> bool:
    """Whether the result has the wrong prefix, and no factor: none has one, or the page states those that have one a second time."""
    scaled = [each.quantity for each in factors if each.quantity is not None and _has_prefix(each.quantity)]
    if not scaled or claim.quantity is None:
        return True
    own = (claim, *dict.fromkeys(factors))
    here, everywhere = Counter(key for each in own for key in _keys(each)), _stated(context.claims)
    repeated = everywhere[_size(claim.quantity), None] > here[_size(claim.quantity), None]
    return not repeated and all(everywhere[_size(each), _unit(each)] > here[_size(each), _unit(each)] for each in scaled)


def _has_prefix(quantity: Quantity) -> bool:
    """Whether it would be a thousand times as much with another prefix: `25 MB`, `30B`; not `8 GPUs`."""
    head, rest = quantity.unit_text[:1], quantity.unit_text[1:]
    if quantity.magnitude != 1 or quantity.unit is None or head not in (*_PREFIXES, "K"):
        return quantity.magnitude != 1
    others = (unit for prefix in _PREFIXES for unit in load_lexicon().read(prefix + rest)[:1])
    return any(each.dimensions == quantity.unit.dimensions and each.factor != quantity.unit.factor for each in others)


def _with_prefix(context: Context, block: int, target: Quantity, slip: float, *, rate: bool) -> Suggestion | None:
    unit = target.unit_text
    head = "k" if unit[:1] == "K" else unit[:1]
    if slip not in _STEPS or not unit or head not in _PREFIXES:
        return None
    moved = _PREFIXES.index(head) + _STEPS[slip]
    if not 0 <= moved < len(_PREFIXES):
        return None
    repaired = _PREFIXES[moved] + unit[1:]
    if not rate:
        repaired = _RATE_SPELLING.sub(r"\1", repaired)
    if not load_lexicon().read(repaired):
        return None
    text = context.document.blocks[block].text[target.start : target.end]
    if not text.endswith(unit):
        return None
    whole = in_place_of(context, block, target.start, target.end, text.removesuffix(unit) + repaired)
    return whole or in_place_of(context, block, target.end - len(unit), target.end, repaired)


def counting(context: Context, number: NumberClaim, word: str) -> Suggestion | None:
    """The rate with another word for what it counts: `3.12 tokens/second` as `3.12 sequences/second`."""
    quantity = number.quantity
    counted = _COUNTED.match(quantity.unit_text) if quantity is not None else None
    if quantity is None or counted is None:
        return None
    text = context.document.blocks[number.block].text[quantity.start : quantity.end]
    if not text.endswith(quantity.unit_text):
        return None
    repaired = text.removesuffix(quantity.unit_text) + word + quantity.unit_text[counted.end() :]
    return in_place_of(context, number.block, quantity.start, quantity.end, repaired)


def as_amount(context: Context, number: NumberClaim) -> Suggestion | None:
    """The rate without its time: `520 PFLOP/s` as `520 PFLOP`."""
    quantity = number.quantity
    if quantity is None:
        return None
    text = context.document.blocks[number.block].text[quantity.start : quantity.end]
    amount = _RATE_SPELLING.sub(r"\1", _PER_SECOND.sub("", text))
    return in_place_of(context, number.block, quantity.start, quantity.end, amount)


def _as_printed(claimed: str, computed: str, exact: float) -> str:
    """The computed value with the unit, the spacing and the decimals of the claim; "" where another unit is as likely.

    It is rounded once: 61.2496 is 61.2, although *computed* prints 61.25.

    >>> _as_printed("71.3%", "61.25 %", 61.2496), _as_printed("23.9 minutes", "0.3975 minutes", 0.3975)
    ('61.2%', '')
    >>> _as_printed("40 GB", "12.5 GB", 12.5), _as_printed("0.3", "0.25", 0.25), _as_printed("1,000 GPUs", "2,048 GPUs", 2048.0)
    ('12.5 GB', '0.25', '2,048 GPUs')
    """
    old, new = _NUMBER.search(claimed), _NUMBER.match(computed)
    if old is None or new is None:
        return ""
    before, value = (float(each[0].replace(",", "")) for each in (old, new))
    if before and any(abs(value / before * factor - 1) < _TIME_TOLERANCE for factor in _TIME_FACTORS):
        return ""
    if claimed[old.end() :].split() != computed[new.end() :].split() or old.start() or not abs(exact) < _MOST:
        return computed
    decimals = len(old[0].partition(".")[2])
    rounded = Decimal(f"{exact:.{_DIGITS}g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    printed = f"{rounded:{',' if ',' in old[0] or value >= _GROUPED else ''}.{decimals}f}"
    close = abs(float(rounded) - exact) <= _ROUNDING * abs(exact)
    return (printed if close else new[0]) + claimed[old.end() :]


@lru_cache(maxsize=2)
def _stated(claims: ClaimSet) -> Counter[tuple[float, str | None]]:
    """How often the page states each value with its unit, and with any (None)."""
    return Counter(key for number in claims.numbers for key in _keys(number))


def _keys(number: NumberClaim) -> tuple[tuple[float, str | None], ...]:
    if number.quantity is None or number.struck or number.quoted:
        return ()
    return (_size(number.quantity), _unit(number.quantity)), (_size(number.quantity), None)


def _size(quantity: Quantity) -> float:
    return quantity.number.value * quantity.magnitude


def _unit(quantity: Quantity) -> str:
    return quantity.unit.canonical if quantity.unit is not None else ""
