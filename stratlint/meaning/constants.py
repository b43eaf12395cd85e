"""Constants of definitions in a transcribed relation: which of its numbers may stand there although the page does not print them.

A constant does what its definition says, beside numbers that the page prints, or it is none: 8 turns bits into bytes where both are
there, 6 is the work of training where it multiplies parameters, 2 are the bytes of a number where the page names such a format. A sum
or a product of nothing but constants says nothing of a page.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from stratlint.claims.amount import Amount
from stratlint.claims.claim import ClaimSet
from stratlint.claims.units import load_lexicon
from stratlint.meaning.nodes import equation_words
from stratlint.meaning.products import Factor, Part, Seat, Term, Total, parts_of, seats_of
from stratlint.physics.precision import BYTES_PER_ELEMENT, canonical_precision
from stratlint.resources import data_folder, read_yaml

_LIKE = 1e-9
_BITS = 8.0
_HUNDRED = 100.0
# Prefixes differ by powers of 1,000 or 1,024: 1024⁴ is a tenth more than 1000⁴.
_PREFIX_LIKE = math.log(1.11)
# Keys and values are kept for each layer, head and place of a head.
_SIDES_OF_A_CACHE = 3
_SIDES_OF_A_MATRIX = 2
_BITS_OF_A_NUMBER = 64
# What it multiplies stays as it is.
_NEUTRAL = "neutral"
# Pages of sizes have them everywhere.
_OF_EVERY_SIZE = frozenset({"bit", "byte"})
# A letter is a unit only with a number before it.
_SPELLED = 3
_NAME = re.compile(r"[A-Za-z]+\d+(?:[A-Za-z]+\d+)*|[A-Za-z]+")
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Known:
    """The constants of `rules/judge/definitions.yaml`. `conversions`: how many of the first unit make one of the second.

    `work` are operations for each parameter, `parameters` matrices of a layer, `optimizer` bytes of a parameter's training state;
    `least`: what they multiply counts parameters, and is no smaller.
    """

    whole: frozenset[float]
    conversions: tuple[tuple[float, str, str], ...]
    prefixes: frozenset[float]
    work: frozenset[float]
    parameters: frozenset[float]
    optimizer: frozenset[float]
    cache: float
    least: float


@cache
def known_constants() -> Known:
    """The constants as installed."""
    data = read_yaml(data_folder("rules") / "judge" / "definitions.yaml")["constants"]
    sets = {name: frozenset(map(float, data[name])) for name in ("whole", "prefixes", "work", "parameters", "optimizer")}
    conversions = tuple((float(many), str(small), str(large)) for many, small, large in data["conversions"])
    return Known(conversions=conversions, cache=float(data["cache"]), least=float(data["least_parameters"]), **sets)


@dataclass(frozen=True, slots=True)
class Named:
    """What definitions are of that the page names: bytes of a number in its formats, an optimizer whose state has a size, units."""

    widths: frozenset[float]
    optimizer: bool
    units: frozenset[str]


def named_on(claims: ClaimSet) -> Named:
    """The formats that a page names, `BF16`, `e4m3`, `4-bit`, and what it measures in, with a number or without."""
    words = {match[0].lower() for match in _NAME.finditer(claims.document.text)}
    widths = {width for word in words for width in _widths(word)}
    units = {unit for word in words if len(word) >= _SPELLED for unit in _unit_names(word)}
    for number in claims.numbers:
        quantity = number.quantity
        if quantity is not None and quantity.unit is not None and quantity.unit.canonical == "bit":
            if quantity.number.integer and quantity.number.value <= _BITS_OF_A_NUMBER:
                widths.add(quantity.number.value / _BITS)
        if quantity is not None and quantity.unit_text:
            units |= _unit_names(quantity.unit_text)
    return Named(frozenset(widths), not words.isdisjoint(equation_words()["optimizers"]), frozenset(units) - _OF_EVERY_SIZE)


def _widths(word: str) -> tuple[float, ...]:
    if not any(map(str.isdigit, word)):
        return ()  # "float" and "half" are words, too
    try:
        return BYTES_PER_ELEMENT[canonical_precision(word)]
    except ValueError:
        return ()


class Constants:
    """The parts of one relation that act as constants of definitions."""

    def __init__(self, claim: Sequence[Amount], total: Total, named: Named) -> None:
        self._claim = claim
        self._total = total
        self._named = named
        self._seats = tuple(seats_of(total))
        self._claimed = {name for each in claim for name, _ in each.hard}
        self._parameters = any(name == "parameter" for each in claim for name, _ in each.first.dimensions)
        others = [each for seat in self._seats if seat.part.value != _HUNDRED for each in seat.part.amounts]
        self._percent = any(each.percent for each in (*claim, *others))
        self._converting = _converting(claim, self._seats, named.units)
        roles = {id(each.part): (id(each.term), self._role(each)) for each in self._seats if not each.part.same}
        often = Counter(roles.values())
        # a product turns hours into days once
        self._found = {key for key, role in roles.items() if role[1] and (role[1] == _NEUTRAL or often[role] == 1)}
        self._release(total)

    def __contains__(self, part: Part) -> bool:
        return id(part) in self._found

    @property
    def stand(self) -> bool:
        """Whether everything has a number of the page beside it."""
        return self._stands(self._total)

    def _stands(self, total: Total) -> bool:
        """Each term of a sum, but those that are so many bytes, and a small constant for each of them: `(7 − 0 + 1) + (15 − 8 + 1)`."""
        quoting = [term for term in total.terms if self._quotes(term)]
        others = [term.lone for term in total.terms if term not in quoting]
        ones = [each for each in others if each is not None and each.value and not each.near and not each.wanted.hard]
        return bool(quoting) and len(ones) <= len(quoting) and all(each is not None and each in self for each in others)

    def _quotes(self, term: Term) -> bool:
        factors = term.above + term.below
        totals = [each for each in factors if isinstance(each, Total)]
        quoted = any(isinstance(each, Part) and each.quoted and each not in self for each in factors)
        return all(map(self._stands, totals)) and (quoted or bool(totals))

    def _release(self, total: Total) -> None:
        """Numbers that the page prints are its own where nothing else stands beside them: `8 × 16` of a layout is no 8 and no 16 bytes.

        Ones and noughts stand everywhere: only those at the claim.
        """
        for term in total.terms:
            for factor in term.above + term.below:
                if isinstance(factor, Total):
                    self._release(factor)
        quoting = any(map(self._quotes, total.terms))
        for term in total.terms:
            if not self._quotes(term) and not (quoting and term.lone is not None):
                self._found -= {
                    id(each) for each in parts_of(term.above + term.below)
                    if each.quoted and (each.near or each.value not in known_constants().whole)
                }  # fmt: skip

    def _role(self, seat: Seat) -> str:
        """What a part does as a constant, "" where it is none."""
        part = seat.part
        if seat.adds:
            if part.wanted.hard:
                return "width" if self._is_width(seat) else ""
            others = [each.lone for each in seat.total.terms if each is not seat.term]
            small = part.value in known_constants().whole and not part.wanted.unit_text
            fits = (small or self._is_hundred(part)) and not any(each is not None and each.unit for each in others)
            return "addend" if fits else ""
        if part.value == 1.0 and not part.wanted.unit_text:
            return _NEUTRAL
        if id(part) in self._converting:
            return f"conversion by {part.value:g}"
        if self._is_hundred(part):
            return "percent"
        if self._is_prefix(seat):
            return "prefix"
        if part.near:
            return ""
        return "width" if self._is_width(seat) else "law" if self._is_law(seat) else "mean" if _is_mean(seat) else ""

    def _is_hundred(self, part: Part) -> bool:
        return part.value == _HUNDRED and self._percent and (part.wanted.percent or not part.wanted.unit_text)

    def _is_prefix(self, seat: Seat) -> bool:
        """`2,048 MB ÷ 1024` of a claim in GB: what stands on both sides is as far apart as its units are."""
        part = seat.part
        if part.near or part.wanted.unit_text or part.value not in known_constants().prefixes:
            return False
        above, below = (seat.across, seat.beside) if seat.below else (seat.beside, seat.across)
        over, under = ([each.shown for each in parts_of(side) if each.value not in known_constants().prefixes] for side in (above, below))
        under += self._claim
        size = -math.log(part.value) if seat.below else math.log(part.value)
        apart = [
            math.log(one.first.factor / two.first.factor) for one in over for two in under if one.hard == two.hard and _sized(one, two)
        ]
        return any(abs(each - size) <= _PREFIX_LIKE for each in apart)

    def _is_width(self, seat: Seat) -> bool:
        """Bytes of a number in a format that the page names, or of a parameter's training state."""
        part = seat.part
        if not self._carries(seat, "information"):
            return False
        size = part.wanted.first.nominal if part.wanted.hard else part.value
        return size in self._named.widths or (self._named.optimizer and size in known_constants().optimizer)

    def _is_law(self, seat: Seat) -> bool:
        """2 or 6 operations for each parameter, 4 matrices of attention, keys and values."""
        part, known = seat.part, known_constants()
        counts = [each for each in parts_of(seat.beside) if each.quoted and not each.unit]
        bare = not part.wanted.unit_text
        if bare and part.value == known.cache and len(counts) >= _SIDES_OF_A_CACHE:
            if any("information" in each.unit for each in parts_of(seat.beside)):
                return True
        if math.prod(each.value for each in counts) < known.least:
            return False
        sides = [each for each in counts if each.value < known.least]
        if bare and part.value in known.parameters and self._parameters and len(sides) >= _SIDES_OF_A_MATRIX:
            return True
        return part.value in known.work and self._carries(seat, "computation")

    def _carries(self, seat: Seat, measure: str) -> bool:
        """Whether a part is measured in something that nothing beside it is and the claim, or what it divides, has."""
        unit = dict(seat.part.wanted.hard)
        if unit not in ({}, {measure: 1.0}) or (not unit and seat.part.wanted.unit_text):
            return False
        if unit and seat.adds:
            return True
        beside, across = ({name for each in parts_of(side) for name in each.unit} for side in (seat.beside, seat.across))
        inside = unit and seat.total is not self._total
        return measure not in beside and (bool(inside) or (measure in self._claimed) != (measure in across))


def _sized(*amounts: Amount) -> bool:
    return all(each.first.factor > 0 for each in amounts)


def _is_mean(seat: Seat) -> bool:
    """`(a + b + c) ÷ 3`: a sum over the number of its terms."""
    sums = [each for each in seat.across if isinstance(each, Total)]
    return seat.below and not seat.part.wanted.unit_text and any(len(each.terms) == seat.part.value for each in sums)


def _converting(claim: Sequence[Amount], seats: Sequence[Seat], named: frozenset[str]) -> frozenset[int]:
    """Parts that are as many of one unit as make one of another: what is measured in one of them, and the page knows the other.

    Another conversion may lead on to a unit: `30 × 24 × 60 minutes`, from days over hours to minutes.
    """
    ways = {id(seat.part): (seat.part.near, frozenset(_conversions_of(seat))) for seat in seats}
    present = {name for each in claim for name in _unit_names(each.unit_text)}
    for seat in seats:
        part = seat.part
        if ways[id(part)][1] and not part.same:
            amounts = part.printed[:1]
        else:
            amounts = (part.shown,) if part.shown.unit_text else part.printed
        present |= {name for each in amounts for name in _unit_names(each.unit_text)}
    left = {(near, pair) for near, pairs in ways.values() for pair in pairs}
    while True:
        leading = [
            (near, pair) for near, pair in left
            if all(
                unit in present or (unit in named and other in present and not near)
                or any(unit in further and further != pair for _, further in left)
                for unit, other in (pair, pair[::-1])
            )
        ]  # fmt: skip
        if len(leading) == len(left):
            return frozenset(key for key, (near, pairs) in ways.items() if any((near, pair) in left for pair in pairs))
        left = set(leading)


def _conversions_of(seat: Seat) -> Iterator[tuple[str, str]]:
    own = _unit_names(seat.part.wanted.unit_text)
    for many, small, large in known_constants().conversions:
        if seat.adds or seat.part.value != many or not own <= {small, large}:
            continue
        if many == _BITS and not (_measured_in(small, seat.across) or _measured_in(large, seat.beside)):
            continue  # eight links of 400 Gb/s are no bits of a byte
        yield small, large


def _measured_in(unit: str, factors: Sequence[Factor]) -> bool:
    return any(unit in _unit_names(each.shown.unit_text) for each in parts_of(factors) if each.value != _BITS)


@lru_cache(maxsize=8192)
def _unit_names(text: str) -> frozenset[str]:
    """The units in a printed one that conversions are between: `bit` and `second` of `Gb/s`."""
    units = load_lexicon().read(text) or load_lexicon().read(text.partition(" ")[2])
    names = {name for each in units[:1] for name in _WORD.findall(each.canonical)}
    bases = {unit for _, *two in known_constants().conversions for unit in two}
    return frozenset(base for base in bases for name in names if name.endswith(base))
