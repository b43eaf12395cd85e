"""Numbers that are written as words: `twenty-four`, `two hundred and fifty-six`, `half a dozen`, `twice`.

A run of number words is read as a whole or not at all: `two dozen` is 24, `two twenty` is no number, and neither is its last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.meaning.lexicon import lexicon

_RUN = re.compile(r"[A-Za-z]+(?:(?:-| )[A-Za-z]+)*")
_WORD = re.compile(r"[A-Za-z]+")
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number in words, `text[start:end]`. `whole`: it counts; else it is a share (`half`) or a factor (`twice`)."""

    start: int
    end: int
    value: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Spelled:
    """A run of so many number words. `value`: None where they make no number together; `whole`: it counts."""

    taken: int
    value: float | None
    whole: bool = True


def number_words(text: str) -> Iterator[NumberWord]:
    """Every number in words, the longest at each place.

    >>> [word.value for word in number_words("Twenty-four cards in three hosts, half of them idle")]
    [24.0, 3.0, 0.5]
    """
    for run in _RUN.finditer(text):
        words = [(run.start() + each.start(), each[0].lower()) for each in _WORD.finditer(run[0])]
        spoken = [word for _, word in words]
        at = 0
        while at < len(words):
            found = spelled(spoken, at)
            if found is not None and found.value is not None:
                start, (last, word) = words[at][0], words[at + found.taken - 1]
                yield NumberWord(start, last + len(word), found.value, found.whole)
            at += found.taken if found is not None else 1


@cache
def counting_words() -> frozenset[str]:
    """The words with which a number in words may begin."""
    known = lexicon()
    return frozenset({*known.counts, *known.powers, *known.bunches, *known.times, *known.parts})


def spelled(words: Sequence[str], at: int) -> Spelled | None:
    """The number that begins at `words[at]`, None where none does. *words* are in lower case, each part of a hyphened one for itself.

    >>> spelled(["two", "dozen", "nodes"], 0), spelled(["two", "twenty"], 0), spelled(["half", "a", "dozen"], 0)
    (Spelled(taken=2, value=24.0, whole=True), Spelled(taken=2, value=None, whole=True), Spelled(taken=3, value=6.0, whole=True))
    """
    known, first = lexicon(), words[at]
    if first in known.times:
        counted = _cardinal(words, at + 1)
        if counted is None:
            return Spelled(1, known.times[first], whole=False)
        return Spelled(counted.taken + 1, None if counted.value is None else counted.value * known.times[first])
    if first in known.parts and not first.endswith("s"):
        return _share(words, at)
    found = _cardinal(words, at)
    if found is None or (found.value is not None and at and words[at - 1] in known.vague):
        return None if found is None else Spelled(found.taken, None)  # "a few hundred"
    return found


def _share(words: Sequence[str], at: int) -> Spelled:
    """`half`, `a third`; but `half a dozen` and `half a million` count."""
    known, part = lexicon(), lexicon().parts[words[at]]
    many = at + 2 if words[at + 1 : at + 2] and words[at + 1] in lexicon().share["article"] else at + 1
    if words[at] == "half" and many < len(words) and (words[many] in known.powers or words[many] in known.bunches):
        return Spelled(many + 1 - at, part * (known.powers.get(words[many]) or known.bunches[words[many]]))
    return Spelled(1, part, whole=False)


def _cardinal(words: Sequence[str], at: int) -> Spelled | None:
    """The whole number at *at*, with the fraction behind it; its value is None where its words do not make one."""
    known = lexicon()
    total, group, room, power = 0.0, 0.0, float("inf"), float("inf")
    taken, sound, complete = 0, True, False
    while at + taken < len(words):
        word = words[at + taken]
        following = words[at + taken + 1] if at + taken + 1 < len(words) else ""
        if word == "and" and taken and not complete and room >= _HUNDRED and following in known.counts:
            taken += 1
            continue
        if word in known.counts:
            value = known.counts[word]
            sound = sound and value < room and (value > 0 or not taken)
            group += value
            room = _TEN if value >= 2 * _TEN else 0
        elif word in known.bunches:
            sound = sound and not total and group < _HUNDRED and not complete
            group, room, complete = (group or 1.0) * known.bunches[word], 0, True
        elif word in known.powers:
            size, bare = known.powers[word], not taken
            if size == _HUNDRED:
                sound = sound and (bare or 0 < group < _HUNDRED) and not complete
                group, room = (group or 1.0) * _HUNDRED, _HUNDRED
            else:
                sound = sound and (bare or group > 0) and size < power and not complete
                total, group, room, power = total + (group or 1.0) * size, 0.0, _THOUSAND, size
        else:
            break
        taken += 1
    if not taken:
        return None
    value = total + group
    if taken == 1 and words[at] in known.powers:
        return Spelled(1, None)  # "a hundred", "thousand": nobody counted them
    return _with_fraction(words, at, Spelled(taken, value if sound else None))


def _with_fraction(words: Sequence[str], at: int, count: Spelled) -> Spelled:
    """`two thirds`, `one and a half`; a number that goes on in another way is none."""
    known, behind = lexicon(), list(words[at + count.taken : at + count.taken + 3])
    if behind and behind[0] in known.parts:
        many = None if count.value is None or (count.value > 1) != behind[0].endswith("s") else count.value
        return Spelled(count.taken + 1, None if many is None else many * known.parts[behind[0]], whole=False)
    if len(behind) == 3 and behind[0] == "and" and behind[1] in known.share["article"] and behind[2] in known.parts:
        return Spelled(count.taken + 3, None if count.value is None else count.value + known.parts[behind[2]])
    if len(behind) > 1 and behind[0] == "point" and behind[1] in known.counts:
        return Spelled(count.taken + 2, None)
    return count
