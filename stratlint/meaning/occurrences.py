"""Where the numbers of a page stand, found by value: digits, digits of names (`TP8`), ends of ranges, number words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from stratlint.claims.amount import Amount, amount_of, constant, with_power, with_smaller
from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.printed import PrintedNumber, read_number
from stratlint.claims.syntax import Quantity
from stratlint.document import Block, Span
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.nodes import equation_words
from stratlint.meaning.number_words import NumberWord, number_words
from stratlint.meaning.proposal import Place

_BOUNDS = {"<": "<", "<=": "≤", "≤": "≤", "≦": "≤", "≪": "<", ">": ">", ">=": "≥", "≥": "≥", "≧": "≥", "≫": ">"}
_IN_NAME = re.compile(r"\d+(?:\.\d+)?")
_ANYWHERE = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_MINUS = re.compile(r"(?<![^\s(\[|=:,;≈~/])[-−]$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ \t]+$")
_WORD_BEHIND = re.compile(r"[ \t]+([^\W\d_]+)")
_LETTERS = re.compile(r"[A-Za-z]+")
_LONGEST_WORD = 30
_TIMES = re.compile(r"\s*(?:[×x·*]|\\times|\\cdot)\s*$")
_MAGNITUDES = (1e3, 1e6, 1e9, 1e12)
_SAME = 1e-9
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A number of the page. `asserted`: it is neither struck out nor quoted."""

    amount: Amount
    place: Place
    asserted: bool

    @property
    def plain(self) -> bool:
        """Whether no measured unit is printed with it."""
        return not self.amount.hard


class Occurrences:
    """All numbers of a page, to be asked for those of a value."""

    def __init__(self, claims: ClaimSet) -> None:
        self.claims = claims
        self._by_value: dict[float, list[Occurrence]] = {}
        self._known: dict[Amount, tuple[Occurrence, ...]] = {}
        seen: set[tuple[int, int]] = set()
        for each in (*_of_claims(claims), *_of_unread_blocks(claims), *_of_words(claims)):
            if (each.place.block, each.place.start) in seen and each.place.number < 0:
                continue
            seen.add((each.place.block, each.place.start))
            for value in values_of(each.amount):
                self._by_value.setdefault(value, []).append(each)

    def of(self, amount: Amount) -> tuple[Occurrence, ...]:
        """The numbers of the page that state *amount*: the same digits, or the same amount with another prefix.

        A unit that either of the two leaves out is no difference; two units are one.
        """
        known = self._known.get(amount)
        if known is None:
            found = {id(each): each for value in values_of(amount) for each in self._by_value.get(value, ()) if states(each.amount, amount)}
            known = self._known[amount] = tuple(found.values())
        return known

    def quoting(self, amount: Amount) -> tuple[Occurrence, ...]:
        """Those that print *amount* as it is written."""
        return tuple(each for each in self.of(amount) if _quotes(each.amount, amount))

    def sharing(self, amount: Amount) -> tuple[Occurrence, ...]:
        """The words of which a whole number is the part of: 3 of `a third of`."""
        if amount.unit_text or amount.magnitude != 1.0 or not _counts(amount) or amount.value < 2:
            return ()
        return tuple(each for each in self.of(constant(1 / amount.value)) if each.place.number < 0 and not each.amount.step)


def values_of(amount: Amount) -> frozenset[float]:
    """The values under which an amount is found: as printed, with its magnitude, in base units; rounded to nine digits."""
    size = abs(amount.value)
    out = {size, *(abs(each.nominal) for each in amount.readings)}
    out.update(abs(size * each.factor) for each in amount.readings)
    out.update(size / each for each in _MAGNITUDES if amount.step > 1 and size >= each)
    if amount.magnitude != 1.0:
        out.add(size * amount.magnitude)
    return frozenset(float(f"{value:.{_DIGITS}g}") for value in out)


def states(printed: Amount, wanted: Amount) -> bool:
    """Whether *printed* on the page may be *wanted*: the same amount, or the same digits where either leaves its unit out."""
    if printed.ranged != wanted.ranged or (printed.ranged and printed.digits != wanted.digits):
        return False  # the middle of a range is printed nowhere
    if printed.hard and wanted.hard:
        return any(one.hard == two.hard and _same(one.nominal, two.nominal) for one in printed.readings for two in wanted.readings)
    if (printed.hard and wanted.percent) or (printed.percent and wanted.hard):
        return False
    mine = {abs(printed.value), abs(printed.value) * printed.magnitude}
    others = {abs(wanted.value), abs(wanted.value) * wanted.magnitude}
    if printed.percent != wanted.percent:
        mine |= {value / 100 for value in mine} if printed.percent else set()
        others |= {value / 100 for value in others} if wanted.percent else set()
    if any(_same(one, two) for one in mine for two in others):
        return True
    # `671 − 653.91 = 17.09 B`: the magnitude stands with another number, or in the header
    exponent = round(math.log10(wanted.step)) if wanted.step > 1 else 0
    lent = not printed.hard and printed.magnitude == 1.0 and exponent > 0 and not printed.exact
    return lent and any(_same(abs(printed.value) * size, abs(wanted.value)) for size in _MAGNITUDES)


def same_digits(printed: Amount, wanted: Amount) -> bool:
    """Whether both are written with the same number, whatever their units."""
    return _same(printed.value, wanted.value) or _same(printed.value * printed.magnitude, wanted.value * wanted.magnitude)


def _quotes(printed: Amount, wanted: Amount) -> bool:
    """Whether *wanted* is written as *printed*: a count as a count (2 is not `2.00`), unless both have one unit."""
    if (printed.hard and wanted.hard) or not _same(printed.value, wanted.value):
        return True
    return _counts(printed) == _counts(wanted)


def _counts(amount: Amount) -> bool:
    return float(amount.value).is_integer() and (amount.step == 0 or amount.step >= 1)


def _likeness(printed: Amount, wanted: Amount) -> int:
    """0: one amount in the same digits; 1: the same digits, a unit left out; 2: one amount in another unit; 3: loosely alike."""
    if printed.text == wanted.text and printed.unit_text == wanted.unit_text and printed.hard == wanted.hard:
        return 0  # as most are
    digits = same_digits(printed, wanted)
    if equal(printed, wanted):
        return 0 if digits else 2
    return 1 if digits else 3


def equal(printed: Amount, wanted: Amount) -> bool:
    """Whether the two are one amount in any of their meanings."""
    if printed.percent != wanted.percent:
        return False
    return any(one.hard == two.hard and _same(one.nominal, two.nominal) for one in printed.readings for two in wanted.readings)


def _same(one: float, two: float) -> bool:
    one, two = abs(one), abs(two)
    return abs(one - two) <= _SAME * max(one, two)


def _of_claims(claims: ClaimSet) -> Iterator[Occurrence]:
    for one, two in pairwise(claims.numbers):
        if one.block == two.block and one.quantity and two.quantity:
            between = claims.document.blocks[one.block].text[one.end : two.start]
            beside = None if between.strip() else with_smaller(one.quantity, two.quantity)
            whole = with_power(one.quantity, two.quantity) if _TIMES.match(between) else beside
            if whole is not None:
                yield from _of_quantity(claims, replace(one, end=two.end, span=Span(one.span.start, two.span.end)), whole)
    for number in claims.numbers:
        if number.quantity is None:
            yield from _of_name(claims, number)
        else:
            yield from _of_quantity(claims, number, number.quantity)


def _of_quantity(claims: ClaimSet, number: NumberClaim, quantity: Quantity) -> Iterator[Occurrence]:
    asserted = not (number.struck or number.quoted)
    text = claims.document.blocks[number.block].text
    amount = amount_of(quantity)
    bound = _BOUNDS.get(number.relation, "")
    if not bound and text[quantity.end : quantity.end + 1] == "+" and not text[quantity.end + 1 : quantity.end + 3].strip(" \n.,;)"):
        bound = "≥"
    amount = replace(amount, bound=bound)
    if _MINUS.search(text[max(0, quantity.start - 2) : quantity.start]):
        amount = amount.negated()
    line = claims.document.position(number.span.start)[0]
    yield Occurrence(amount, Place(number.block, number.start, number.end, number.span, line, number.index), asserted)
    if quantity.high is None:
        return
    block = claims.document.blocks[number.block]
    ends = ((quantity.number, quantity.number_start, quantity.number_end), (quantity.high, quantity.high_start, quantity.high_end))
    for value, start, end in ends:
        alone = replace(amount_of(replace(quantity, number=value, high=None)), text=block.text[start:end])
        span = block.source_span(start, end)
        yield Occurrence(alone, Place(number.block, start, end, span, line, number.index), asserted)


def _of_name(claims: ClaimSet, number: NumberClaim) -> Iterator[Occurrence]:
    block = claims.document.blocks[number.block]
    text = block.text[number.start : number.end]
    if text.strip("-`").upper() in equation_words().formats:
        return  # BF16 is no 16 of anything
    for match in _IN_NAME.finditer(text):
        value = read_number(match[0])
        if value is not None:
            start, end = number.start + match.start(), number.start + match.end()
            yield _bare(claims, block, start, end, value, number.index, not (number.struck or number.quoted))


def _of_unread_blocks(claims: ClaimSet) -> Iterator[Occurrence]:
    """Numbers of program text and of what the grammar could not read."""
    for block in claims.document.blocks:
        if block.index in claims.trees:
            continue
        for match in _ANYWHERE.finditer(block.text):
            value = read_number(match[0])
            if value is not None:
                yield _bare(claims, block, match.start(), match.end(), value, -1, True)


def _of_words(claims: ClaimSet) -> Iterator[Occurrence]:
    for block in claims.document.blocks:
        stated = (word for word in number_words(block.text) if _states(word, block.text))
        for word in (*stated, *_scales(block.text)):
            span = block.source_span(word.start, word.end)
            place = Place(block.index, word.start, word.end, span, claims.document.position(span.start)[0], -1)
            yield Occurrence(constant(word.value, block.text[word.start : word.end]), place, True)


def _scales(text: str) -> Iterator[NumberWord]:
    """`per million documents`: how many a price or a rate is for."""
    known = lexicon()
    for before, word in pairwise(_LETTERS.finditer(text)):
        size = known.powers.get(word[0].lower(), 0.0)
        if size and "per" in known.tagged((before[0].lower(),), 0)[1] and not text[before.end() : word.start()].strip():
            yield NumberWord(word.start(), word.end(), size, True)


def _states(word: NumberWord, text: str) -> bool:
    """Whether a number word is an amount: not the name of one of several (`site two`), nor an ordinal (`the third`)."""
    if word.whole:
        return _word_before(text, word.start) not in lexicon().indexed
    shares, written = lexicon().share, text[word.start : word.end].lower()
    behind = _WORD_BEHIND.match(text, word.end)
    told = _word_before(text, word.start) in shares["before"] or (behind is not None and behind[1].lower() in shares["behind"])
    return told or word.value >= 1 or written in shares["alone"] or " " in written or "-" in written


def _word_before(text: str, at: int) -> str:
    found = _WORD_BEFORE.search(text, max(0, at - _LONGEST_WORD), at)
    return found[1].lower() if found else ""


def _bare(claims: ClaimSet, block: Block, start: int, end: int, value: PrintedNumber, number: int, asserted: bool) -> Occurrence:
    span: Span = block.source_span(start, end)
    text = block.text[start:end]
    quantity = Quantity(text, start, end, start, end, value, None, start, end, 1.0, "", (), "", False, False, False)
    return Occurrence(amount_of(quantity), Place(block.index, start, end, span, claims.document.position(span.start)[0], number), asserted)


def nearest(found: Iterable[Occurrence], line: int, wanted: Amount) -> tuple[Occurrence, ...]:
    """*found* by how well they state *wanted*, sign included, asserted ones before others, then by their distance from *line*."""

    candidates = tuple(found)
    if len(candidates) < 2:
        return candidates

    def order(each: Occurrence) -> tuple[bool, int, bool, int, bool, int]:
        turned, away = (each.amount.value < 0) != (wanted.value < 0), abs(each.place.line - line)
        return turned, _likeness(each.amount, wanted), not each.asserted, away, each.place.line > line, each.place.start

    return tuple(sorted(candidates, key=order))
