"""Parallel degrees among raw items: `TP = 8`, `8-way tensor parallelism`, `4 pipeline stages`, `TP8-PP4-DP2`, `TP/PP/DP = 8/4/2`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.printed import PrintedNumber
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import HARD
from stratlint.meaning.axes import Degree, Legend, axes, compound, degree_in, degree_of, split_words
from stratlint.meaning.lexicon import is_plural, lexicon, singular
from stratlint.meaning.raw_item import Raw
from stratlint.meaning.statement import ItemKind

_MOST_WORDS = 6
_EXACT_DIGITS = 30
_LARGEST = 1e6
# The axis of all ranks, which is a product and no factor of one.
_ALL = "world"
_COUNTED_WAY = re.compile(r"([a-z]+)-ways?")


def with_degrees(raws: Sequence[Raw], labelled: Degree | None = None, legend: Legend | None = None) -> list[Raw]:
    """The items with a degree for every amount that is one; layouts in one word are taken apart.

    *labelled*: the degree that the first amount is by its label; *legend*: the order in which the page writes layouts.
    """
    out: list[Raw] = []
    for raw in raws:
        if raw.is_word and raw.quantity is None and _is_joined(raw.word):
            out.extend(_apart(raw))
        else:
            out.append(raw)
    if not any(raw.quantity is not None for raw in out):
        return out
    listed = _listed(out) | _by_legend(out, legend)
    for at, raw in enumerate(out):
        if raw.quantity is None or raw.degree is not None:
            continue
        quantity = _plain(out, at, raw.quantity)
        if quantity is None:
            continue
        degree = listed.get(at) or _ahead(out, at) or _behind(out, at, quantity)
        computes = at + 1 < len(out) and out[at + 1].kind is ItemKind.SIGN
        if degree is not None and degree.axis == _ALL and computes:
            continue  # "world size: 8 × 16 × 4 = 512 GPUs"
        if degree is None and labelled is not None and not (quantity.units or computes) and not any(each.quantity for each in out[:at]):
            degree = labelled
        if degree is not None:
            out[at] = replace(raw, quantity=quantity, degree=_confined(out, at, degree))
    return out


def _confined(raws: Sequence[Raw], at: int, degree: Degree) -> Degree:
    """The degree at *at*, qualified by brackets behind it that confine it to a part of the model: `TP: 2 (for the expert layer)`."""
    known = axes()
    if at + 2 >= len(raws) or raws[at + 1].kind is not ItemKind.OPEN or raws[at + 2].word not in known.confining:
        return degree
    inner: list[str] = []
    for raw in raws[at + 3 :]:
        if not raw.is_word:
            break
        inner += [singular(word) for word in split_words(raw.word) if word not in lexicon().function_words]
    return replace(degree, qualifiers=degree.qualifiers | frozenset(inner)) if known.parts.intersection(inner) else degree


def _apart(raw: Raw) -> list[Raw]:
    """`tp8-pp4` as names and amounts, `eight-way` as an amount and a word; anything else as it is."""
    found = compound(raw.word)
    if found:
        out: list[Raw] = []
        for axis, value, start, end in found:
            at, stop = raw.start + start, raw.start + end
            out.append(Raw(ItemKind.WORD, at, at, axis))
            out.append(Raw(ItemKind.TERM, at, stop, str(value), quantity=_count(str(value), value, at, stop), degree=Degree(axis)))
        return out
    spelled = _COUNTED_WAY.fullmatch(raw.word)
    value_of = lexicon().counts.get(spelled[1]) if spelled else None
    if spelled and value_of is not None:
        middle = raw.start + spelled.end(1)
        quantity = _count(spelled[1], int(value_of), raw.start, middle)
        return [
            Raw(ItemKind.TERM, raw.start, middle, spelled[1], quantity=quantity, spelled=True),
            Raw(ItemKind.WORD, middle + 1, raw.end, "way"),
        ]
    return [raw]


@lru_cache(maxsize=8192)
def _is_joined(word: str) -> bool:
    """Whether a word holds an amount: `tp8-pp4`, `eight-way`."""
    return bool(compound(word)) or _COUNTED_WAY.fullmatch(word) is not None


def _count(text: str, value: int, start: int, end: int) -> Quantity:
    number = PrintedNumber(float(value), 1.0, _EXACT_DIGITS, True, 1.0)
    return Quantity(text, start, end, start, end, number, None, start, end, 1.0, "", (), "", False, False, False)


def _plain(raws: Sequence[Raw], at: int, quantity: Quantity) -> Quantity | None:
    """The quantity if it can be a degree: a whole number, perhaps of stages; the `x` of `TP 8 x PP 4` is a sign."""
    number = quantity.number
    if quantity.high is not None or quantity.currency or quantity.magnitude != 1.0 or quantity.approximate:
        return None
    if not number.integer or not 1 <= number.value < _LARGEST:
        return None
    if quantity.units and any(name in HARD or power != 1.0 for name, power in quantity.units[0].dimensions):
        return None
    if quantity.units and not quantity.units[0].dimensions:
        return None
    if quantity.times:
        following = raws[at + 1] if at + 1 < len(raws) else None
        signs = following is not None and (following.quantity is not None or degree_in(following.word) is not None)
        return replace(quantity, times=False) if signs else None
    return quantity


def _name_before(raws: Sequence[Raw], end: int) -> tuple[list[str], int]:
    """The words of the phrase that ends before *end*, brackets with another name of the same axis left out; and where it begins."""
    known = axes()
    position = end - 1
    words: list[str] = []
    if position >= 2 and raws[position].kind is ItemKind.CLOSE and raws[position - 2].kind is ItemKind.OPEN and raws[position - 1].is_word:
        if degree_in(raws[position - 1].word) is not None:
            position -= 3
    while position >= 0 and len(words) < _MOST_WORDS:
        raw = raws[position]
        parts = split_words(raw.word)
        if not raw.is_word or not parts or raw.word in known.between or not all(map(known.belongs, parts)):
            break
        words[:0] = parts
        position -= 1
    return words, position


def _ahead(raws: Sequence[Raw], at: int) -> Degree | None:
    """`TP = 8`, `a tensor-parallel degree of 8`, `Tensor parallelism (8)`."""
    known = axes()
    position = at - 1
    steps = 0
    while position >= 0 and steps < 3:
        raw = raws[position]
        sign = not raw.is_word and (raw.kind in (ItemKind.OPEN, ItemKind.COLON) or (raw.kind is ItemKind.CUE and "equals" in raw.tags))
        if not sign and raw.word not in known.between and raw.kind is not ItemKind.MARK and not _mute(raw):
            break
        position -= 1
        steps += 1
    words, before = _name_before(raws, position + 1)
    if not words and position >= 0 and raws[position].kind is ItemKind.CLOSE:
        words, before = _name_before(raws, position + 1)
    degree = degree_of(words) if words else None
    if degree is None:
        return None
    if not degree.named and steps and raws[at - 1].is_word:
        return None  # "the data is 2": only right beside its number
    return replace(degree, qualifiers=degree.qualifiers | _qualifiers(raws, before))


def _mute(raw: Raw) -> bool:
    """A sign that says nothing: a quotation mark, a dash of a flag."""
    return raw.kind is ItemKind.WORD and not raw.is_word


def _qualifiers(raws: Sequence[Raw], position: int) -> frozenset[str]:
    """Content words right before a name: "draft TP"."""
    lex = lexicon()
    found: set[str] = set()
    while position >= 0 and len(found) < 3:
        raw = raws[position]
        if not raw.is_word or raw.tags or raw.word in lex.function_words or singular(raw.word) in axes().neutral:
            break
        found.add(singular(raw.word))
        position -= 1
    return frozenset(found)


def _behind(raws: Sequence[Raw], at: int, quantity: Quantity) -> Degree | None:
    """`8-way tensor parallelism`, `8-way by tensor`, `4 pipeline stages`, `2 replicas`."""
    known = axes()
    words = split_words(quantity.unit_text)
    position = at + 1
    while position < len(raws) and _mute(raws[position]):
        position += 1
    way = position < len(raws) and singular(raws[position].word) == "way"
    if way:
        position += 1
        while position < len(raws) and (raws[position].word in known.along or _mute(raws[position])):
            position += 1
    while position < len(raws) and len(words) < _MOST_WORDS:
        parts = split_words(raws[position].word)
        if not raws[position].is_word or not parts or not all(map(known.belongs, parts)) or raws[position].word in known.along:
            break
        words += parts
        position += 1
    if not words:
        return None
    if way:
        # of "8-way tensor, 4-way pipeline" a lone word is enough
        return degree_of([*words, "parallel"]) if not words[-1].isdigit() else None
    last = singular(words[-1])
    if not (last in known.counted or last in known.ranks) or not is_plural(words[-1]):
        return None
    return degree_of(words)


def _listed(raws: Sequence[Raw]) -> dict[int, Degree]:
    """`TP / PP / DP = 8 / 4 / 2`: as many numbers as names, in the same order."""
    out: dict[int, Degree] = {}
    at = 0
    while at < len(raws):
        if not raws[at].is_word or degree_in(raws[at].word) is None:
            at += 1
            continue
        names, end = _names(raws, at)
        if len(names) < 2:
            at += 1
            continue
        position = end
        while position < len(raws) and _leads(raws[position]):
            position += 1
        numbers: list[int] = []
        while position < len(raws) and raws[position].quantity is not None:
            numbers.append(position)
            position += 1
            if position < len(raws) and _separates(raws[position]):
                position += 1
            else:
                break
        if len(numbers) == len(names):
            out.update(zip(numbers, names, strict=True))
        at = max(end, at + 1)
    return out


def legend_of(raws: Sequence[Raw]) -> Legend | None:
    """The order of axes in a sentence that holds no number: "Layouts are written TP × PP × DP"."""
    for at, raw in enumerate(raws):
        if raw.is_word and degree_in(raw.word) is not None:
            names, end = _names(raws, at)
            signs = {raws[each].word if raws[each].kind is ItemKind.SIGN else "" for each in range(at + 1, end, 2)}
            # two names with a slash are a pair of synonyms, or a ratio
            if signs == {"×"} or (signs == {"/"} and len(names) > 2):
                return Legend(signs.pop(), tuple(names))
    return None


def _by_legend(raws: Sequence[Raw], legend: Legend | None) -> dict[int, Degree]:
    """`8 × 4 × 2` on a page with a legend of three axes: as many bare numbers, no more."""
    out: dict[int, Degree] = {}
    at = 0
    while legend is not None and at < len(raws):
        numbers: list[int] = []
        while at < len(raws) and raws[at].quantity is not None:
            numbers.append(at)
            at += 1
            if at + 1 < len(raws) and raws[at].kind is ItemKind.SIGN and raws[at].word == legend.sign and raws[at + 1].quantity is not None:
                at += 1
            else:
                break
        bare = not any(quantity.units for number in numbers if (quantity := raws[number].quantity))
        if bare and len(numbers) == len(legend.degrees):
            out.update(zip(numbers, legend.degrees, strict=True))
        at += not numbers
    return out


def _leads(raw: Raw) -> bool:
    """What may stand between the names and the numbers."""
    if raw.kind in (ItemKind.CLOSE, ItemKind.OPEN, ItemKind.COLON) or _mute(raw) or "equals" in raw.tags:
        return True
    return raw.word in axes().between or singular(raw.word) in axes().colour | axes().cutting


def _separates(raw: Raw) -> bool:
    return raw.kind in (ItemKind.SIGN, ItemKind.COMMA) or raw.word in ("and", "x", "/", "×")


def _names(raws: Sequence[Raw], at: int) -> tuple[list[Degree], int]:
    names: list[Degree] = []
    end = at
    position = at
    while position < len(raws) and raws[position].is_word:
        degree = degree_in(raws[position].word)
        if degree is None:
            break
        names.append(degree)
        end = position + 1
        if end < len(raws) and _separates(raws[end]):
            position = end + 1
        else:
            break
    return names, end
