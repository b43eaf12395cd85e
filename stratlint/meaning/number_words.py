"""Numbers that are written as words: `twenty-four`, `five hundred`, `half`, `twice`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stratlint.meaning.lexicon import lexicon

_RUN = re.compile(r"[A-Za-z]+(?:(?:-| )[A-Za-z]+)*")
_WORD = re.compile(r"[A-Za-z]+")
_TENS = 20


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number in words, `text[start:end]`. `whole`: it counts; else it is a share (`half`) or a factor (`twice`)."""

    start: int
    end: int
    value: float
    whole: bool


def number_words(text: str) -> Iterator[NumberWord]:
    """Every number in words, the longest at each place.

    >>> [word.value for word in number_words("Twenty-four cards in three hosts, half of them idle")]
    [24.0, 3.0, 0.5]
    """
    for run in _RUN.finditer(text):
        words = [(run.start() + each.start(), each[0].lower()) for each in _WORD.finditer(run[0])]
        at = 0
        while at < len(words):
            taken, value, whole = _number(words, at)
            if taken:
                start, (last, word) = words[at][0], words[at + taken - 1]
                yield NumberWord(start, last + len(word), value, whole)
            at += max(taken, 1)


def _number(words: list[tuple[int, str]], at: int) -> tuple[int, float, bool]:
    """How many words from *at* on make a number, its value, and whether it counts."""
    known = lexicon()
    first = words[at][1]
    if first in known.times:
        return 1, known.times[first], False
    if first in known.parts and not first.endswith("s"):
        return 1, known.parts[first], False
    if first not in known.counts:
        return 0, 0.0, True
    value, taken = known.counts[first], 1
    while at + taken < len(words):
        word = words[at + taken][1]
        if word in known.powers:
            value *= known.powers[word]
        elif word in known.counts and value >= _TENS and value % 10 == 0 and 0 < known.counts[word] < 10:
            value += known.counts[word]
        elif word in known.parts and word.endswith("s"):
            return taken + 1, value * known.parts[word], False
        else:
            break
        taken += 1
    return taken, value, True
