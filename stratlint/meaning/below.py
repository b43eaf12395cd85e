"""What stands below the line of an amount: `$2.50/GPU-hour`, `€80 per MWh`, `per million tokens`, `8 nodes/rack`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.claims.amount import combined
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import DIMENSIONLESS, Unit, load_lexicon
from stratlint.meaning.axes import axes
from stratlint.meaning.lexicon import is_plural, lexicon, noun_of, singular
from stratlint.meaning.raw_item import Raw
from stratlint.meaning.statement import ItemKind

_BELOW = frozenset({"per", "/"})
_MOST_WORDS = 3
_SHORTEST = 3
_VOWELS = frozenset("aeiouy")


def with_scopes(raws: list[Raw]) -> list[Raw]:
    """The items with what has a size below the line in its amount, and with slashes that say "per" as such words."""
    if not any(raw.tags & _BELOW for raw in raws):
        return raws
    return _with_slashes(_with_scaled_scopes(_with_measured_scopes(raws)))


def _with_measured_scopes(raws: list[Raw]) -> list[Raw]:
    """`$2.50/GPU-hour`, `€80 per MWh`, `0.3 t/MWh`: what stands below the line is measured, and the amount is one of it."""
    out: list[Raw] = []
    at = 0
    while at < len(raws):
        raw = raws[at]
        while raw.quantity is not None and _measures(raw.quantity) and at + 2 < len(raws) and raws[at + 1].tags & _BELOW:
            unit, printed, used = _measured(raws, at + 2)
            if unit is None:
                break
            link = "/" if raws[at + 1].kind is ItemKind.SIGN or raws[at + 1].printed == "/" else " per "
            quantity, end = divided(raw.quantity, unit), raws[at + 1 + used].end
            text, head = f"{quantity.text}{link}{printed}", quantity.unit_text or quantity.currency_text
            quantity = replace(quantity, text=text, end=end, unit_text=f"{head}{link}{printed}")
            raw = replace(raw, end=end, word=text, quantity=quantity)
            at += 1 + used
        out.append(raw)
        at += 1
    return out


def _measures(quantity: Quantity) -> bool:
    return bool(quantity.units) and bool(quantity.units[0].hard) and not quantity.times


def _measured(raws: Sequence[Raw], at: int) -> tuple[Unit | None, str, int]:
    """The measured unit at *at*, as it is printed, and how many items it takes; None for none."""
    one, two = raws[at], raws[at + 1] if at + 1 < len(raws) else None
    if two is not None and two.is_word and one.is_word:
        printed = f"{one.printed} {two.printed}"  # "GPU hour"
        units = load_lexicon().read(printed)
        if units and units[0].hard:
            return units[0], printed, 2
    units = load_lexicon().read(one.printed) if one.is_word else ()
    return (units[0], one.printed, 1) if units and units[0].hard else (None, "", 0)


def _with_scaled_scopes(raws: list[Raw]) -> list[Raw]:
    """`$0.85 per million tokens`, `0.4 kWh per 1,000 tokens`: so many of a counted thing stand below the line."""
    at = 0
    while at + 2 < len(raws):
        quantity, below = raws[at].quantity, raws[at + 1]
        if quantity is not None and quantity.high is None and below.tags & _BELOW and not quantity.times:
            found = _scaled_scope(raws, at + 2)
            if found is not None and (quantity.units or quantity.currency):
                unit, used = found
                raws[at : at + 2 + used] = [replace(raws[at], quantity=divided(quantity, unit))]
        at += 1
    return raws


def _scaled_scope(raws: Sequence[Raw], at: int) -> tuple[Unit, int] | None:
    """The unit that a power of ten of things makes at *at* (`1M tokens`, `million tokens`), and how many items it takes."""
    first = raws[at]
    quantity = first.quantity
    if quantity is None:
        power = lexicon().powers.get(first.word)
        counted = load_lexicon().read(raws[at + 1].word) if power is not None and at + 1 < len(raws) and raws[at + 1].is_word else ()
        return (_scaled(power, counted[0]), 2) if power is not None and counted and not counted[0].hard else None
    size = quantity.number.value * quantity.magnitude
    counts = quantity.high is None and len(quantity.units) == 1 and not quantity.units[0].hard and bool(quantity.units[0].dimensions)
    power_of_ten = size in lexicon().powers.values()
    return (_scaled(size, quantity.units[0]), 1) if counts and power_of_ten else None


def _scaled(size: float, unit: Unit) -> Unit:
    return Unit(f"{size:g}*({unit.canonical})", size * unit.factor, unit.dimensions)


def divided(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity per *unit*."""
    heads = quantity.units or (DIMENSIONLESS,)
    units = tuple(
        Unit(
            f"({head.canonical})/({below.canonical})", head.factor / below.factor, combined(((head.dimensions, 1), (below.dimensions, -1)))
        )
        for below in load_lexicon().periods(unit)
        for head in heads
    )
    return replace(quantity, units=units)


def _with_slashes(raws: list[Raw]) -> list[Raw]:
    """`8 nodes/rack`, `40 kW/rack`: the slash between an amount and a noun as the word that it stands for."""
    out = list(raws)
    for at in range(1, len(raws) - 1):
        raw, before, noun = raws[at], raws[at - 1], raws[at + 1]
        glued = noun.start == before.end + 1
        if raw.kind is ItemKind.SIGN and raw.word == "/" and glued and _is_thing(noun) and _counts_above(out, at):
            if at + 2 == len(raws) or raws[at + 2].kind is not ItemKind.TERM:
                out[at] = Raw(ItemKind.CUE, before.end, noun.start, "per", _BELOW, printed="/")
    return out


def _is_thing(noun: Raw) -> bool:
    """Whether a word behind a slash can be one of the things that are counted, and no symbol, axis or second name."""
    word = noun.printed
    if not noun.is_word or noun.tags or noun.word in lexicon().function_words or axes().belongs(noun.word):
        return False
    if load_lexicon().read(word):
        return True
    cased = word.islower() or word.isupper()
    spoken = len(word) >= _SHORTEST and word.isascii() and word.replace("-", "").isalpha() and not _VOWELS.isdisjoint(word.lower())
    return spoken and cased and not is_plural(word)


def _counts_above(raws: Sequence[Raw], at: int) -> bool:
    """Whether an amount with its unit or its noun stands right before the slash at *at*, perhaps with more of them below the line."""
    position = at - 1
    while position > 1 and raws[position - 1].tags == _BELOW:
        position -= 2  # "tokens/request/user"
    words = 0
    while position - words >= 0 and raws[position - words].is_word and not raws[position - words].tags and words < _MOST_WORDS:
        words += 1
    quantity = raws[position - words].quantity if position >= words else None
    if quantity is None or quantity.times or (words and quantity.units and quantity.units[0].hard):
        return False
    if words:
        name = raws[position].word
        return is_plural(name) or singular(name) in lexicon().nouns or noun_of(name) in lexicon().nouns.values()
    return bool(quantity.units) and bool(quantity.units[0].dimensions)
