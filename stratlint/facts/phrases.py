"""Match the phrases of `grammar/vocabulary/` in the words around a number."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

from stratlint.resources import data_folder, read_yaml

_NOT_WORD = re.compile(r"[^a-z0-9%#\u3040-\u30ff\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST = 7
_SHORTEST_STEM = 4


# Sentences, headings and labels are asked about once per number and rule; what is kept must not grow with the run.
_REMEMBERED = 8192


@lru_cache(maxsize=_REMEMBERED)
def normalise(text: str) -> tuple[str, ...]:
    """Lower-case words without punctuation, plural endings dropped: "Experts-per-GPU" → (expert, per, gpu)."""
    return tuple(_singular(word) for word in _NOT_WORD.sub(" ", text.lower()).split())


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return "gpu" if word == "gpus" else word


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: what it stands for and the words [start, end) it covers."""

    name: str
    start: int
    end: int

    @property
    def length(self) -> int:
        """Words covered."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """A compiled list of phrases; several names may share a phrase.

    `exact` has whole phrases. `stems` has those whose last word is only a beginning ("contradict*"): the words before
    it → the beginning → names. `reach`: the number of words of the longest phrase that starts with a word.
    """

    exact: Mapping[tuple[str, ...], tuple[str, ...]]
    stems: Mapping[tuple[str, ...], Mapping[str, tuple[str, ...]]]
    chinese: tuple[tuple[str, str], ...]
    reach: Mapping[str, int]

    def find(self, words: tuple[str, ...]) -> tuple[Match, ...]:
        """Every phrase in *words*, overlapping ones included."""
        return _found(self, words)

    def find_in(self, text: str) -> tuple[Match, ...]:
        """Every phrase in a whole sentence; better than `find` for one that is asked about once per number in it."""
        return _found_in(self, text)

    def search(self, words: tuple[str, ...]) -> Iterator[Match]:
        """`find` without its memory."""
        alone = 1 if () in self.stems else 0
        for start, word in enumerate(words):
            for end in range(start + 1, min(start + self.reach.get(word, alone), len(words)) + 1):
                part = words[start:end]
                for name in self.exact.get(part, ()):
                    yield Match(name, start, end)
                for name in self._stem(part):
                    yield Match(name, start, end)
        if self.chinese:
            yield from self._find_chinese(words)

    def _stem(self, part: tuple[str, ...]) -> Iterator[str]:
        beginnings = self.stems.get(part[:-1])
        if beginnings is not None:
            last = part[-1]
            for length in range(_SHORTEST_STEM, len(last) + 1):
                yield from beginnings.get(last[:length], ())

    def _find_chinese(self, words: tuple[str, ...]) -> Iterator[Match]:
        """Chinese is written without blanks, but Latin words in it have some: "每 token 延迟" is one phrase."""
        if all(word.isascii() for word in words):
            return
        starts = [0, *accumulate(len(word) for word in words)]
        joined = "".join(words)
        for phrase, name in self.chinese:
            at = joined.find(phrase)
            while at >= 0:
                yield Match(name, bisect_right(starts, at) - 1, bisect_left(starts, at + len(phrase)))
                at = joined.find(phrase, at + 1)

    def names(self, text: str) -> set[str]:
        """The names of all phrases in *text*."""
        return {match.name for match in self.find(normalise(text))}


@lru_cache(maxsize=_REMEMBERED)
def _found(phrases: Phrases, words: tuple[str, ...]) -> tuple[Match, ...]:
    return tuple(phrases.search(words))


# A long text is recognised by itself; its words would have to be compared one by one.
@lru_cache(maxsize=_REMEMBERED)
def _found_in(phrases: Phrases, text: str) -> tuple[Match, ...]:
    return tuple(phrases.search(normalise(text)))


def compile_phrases(lists: Mapping[str, Iterable[str]]) -> Phrases:
    """Compile `{name: phrases}`."""
    exact: dict[tuple[str, ...], tuple[str, ...]] = {}
    stems: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    chinese: list[tuple[str, str]] = []
    for name, phrases in lists.items():
        for phrase in phrases:
            if _CHINESE.search(phrase):
                chinese.append(("".join(normalise(phrase)), name))
            elif phrase.endswith("*"):
                *before, last = normalise(phrase[:-1])
                beginnings = stems.setdefault(tuple(before), {})
                beginnings[last] = (*beginnings.get(last, ()), name)
            else:
                key = normalise(phrase)
                if key and name not in exact.get(key, ()):
                    exact[key] = (*exact.get(key, ()), name)
    return Phrases(exact, stems, tuple(sorted(chinese, key=lambda pair: -len(pair[0]))), _reach(exact, stems))


def _reach(exact: Iterable[tuple[str, ...]], stems: Mapping[tuple[str, ...], object]) -> Mapping[str, int]:
    """First word → words of the longest phrase; a phrase that is one beginning has no first word to look up."""
    reach: dict[str, int] = {}
    for first, length in [(key[0], len(key)) for key in exact] + [(key[0], len(key) + 1) for key in stems if key]:
        reach[first] = max(reach.get(first, 1), min(length, _LONGEST))
    return reach


def load_vocabulary(name: str) -> Mapping[str, Any]:
    """One file of `grammar/vocabulary/`."""
    loaded: Mapping[str, Any] = read_yaml(data_folder("grammar") / "vocabulary" / f"{name}.yaml")
    return loaded


@cache
def word_list(name: str) -> Phrases:
    """A vocabulary file that is a plain mapping of names to phrases."""
    return compile_phrases(load_vocabulary(name))
