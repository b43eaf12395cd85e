"""Names of parallel degrees: which axis a phrase names, and layouts written as one word (`TP8-PP4-DP2`, `t8p4d2`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from stratlint.meaning.lexicon import is_plural, lexicon, singular
from stratlint.resources import data_folder, read_yaml

_WORDS = re.compile(r"[^\W_]+")
# A layout in single letters needs as many axes to be told from a product name.
_LEAST_LETTERS = 3
_SEPARATOR = r"[-_x×*,./+]?"
# Words and names recur; what is kept must not grow with the run.
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Degree:
    """A number is the degree of `axis`. `named`: its own words say so, not only its neighbours ("tensor 8", "2 replicas").

    `qualifiers`: words before the name that may make it another layout's ("draft TP", "decode TP").
    """

    axis: str
    named: bool = True
    qualifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Legend:
    """How a page writes its layouts: `TP × PP × DP` with numbers in the place of names, `sign` between them."""

    sign: str
    degrees: tuple[Degree, ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """The vocabulary of `grammar/lexicon/axes.yaml`."""

    short: Mapping[str, str]
    long: Mapping[str, str]
    alone: frozenset[str]
    inside: Mapping[str, str]
    inside_cutting: tuple[str, ...]
    joint: Mapping[frozenset[str], str]
    cutting: frozenset[str]
    colour: frozenset[str]
    counted: Mapping[str, str]
    ranks: frozenset[str]
    between: frozenset[str]
    along: frozenset[str]
    neutral: frozenset[str]
    confining: frozenset[str]
    parts: frozenset[str]
    name: re.Pattern[str]
    letters: re.Pattern[str]
    letter_axes: Mapping[str, str]
    members: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        members = frozenset().union(self.short, self.long, self.cutting, self.colour, self.counted, self.ranks)
        object.__setattr__(self, "members", members)

    def belongs(self, word: str) -> bool:
        """Whether a word may be part of the name of a degree."""
        return singular(word) in self.members or self.chinese(word) is not None

    def chinese(self, word: str) -> str | None:
        """The axis of a Chinese word such as 张量并行度."""
        if word.isascii() or not any(cut in word for cut in self.inside_cutting):
            return None
        return next((axis for name, axis in self.inside.items() if name in word), None)


@cache
def axes() -> Axes:
    """The axes that the lexicon knows."""
    data = read_yaml(data_folder("grammar") / "lexicon" / "axes.yaml")
    entries = data["axes"]
    short = {str(word): str(axis) for axis, entry in entries.items() for word in entry.get("short", ())}
    inside = {str(word): str(axis) for axis, entry in entries.items() for word in entry.get("inside", ())}
    letters = {str(entry["letter"]): str(axis) for axis, entry in entries.items() if "letter" in entry}
    names = "|".join(sorted((word for word in short if len(word) < len("tensor")), key=len, reverse=True))
    pair = rf"(?:{names})(?:[-_=:]?)\d{{1,5}}"
    letter = rf"[{''.join(letters)}]\d{{1,4}}"
    return Axes(
        short=short,
        long={str(word): str(axis) for axis, entry in entries.items() for word in entry.get("long", ())},
        alone=frozenset(str(word) for entry in entries.values() if entry.get("alone") for word in entry["long"]),
        inside=dict(sorted(inside.items(), key=lambda each: -len(each[0]))),
        inside_cutting=tuple(map(str, data["inside_cutting"])),
        joint={frozenset(map(str, together)): str(axis) for axis, *together in data["joint"]},
        cutting=frozenset(map(str, data["cutting"])),
        colour=frozenset(map(str, data["colour"])),
        counted={str(noun): str(axis) for noun, axis in data["counted"].items()},
        ranks=frozenset(map(str, data["ranks"])),
        between=frozenset(map(str, data["between"])),
        along=frozenset(map(str, data["along"])),
        neutral=frozenset(map(str, data["neutral"])),
        confining=frozenset(map(str, data["confining"])),
        parts=frozenset(map(str, data["parts"])),
        name=re.compile(rf"(?:{pair}{_SEPARATOR})*{pair}"),
        letters=re.compile(rf"(?:{letter}{_SEPARATOR}){{{_LEAST_LETTERS - 1},}}{letter}"),
        letter_axes=letters,
    )


_PAIR = re.compile(r"(?P<name>[a-z]+)[-_=:]?(?P<value>\d+)")


@lru_cache(maxsize=_REMEMBERED)
def compound(text: str) -> tuple[tuple[str, int, int, int], ...]:
    """The degrees of a layout that is one word, lower case: axis, value, and where its digits stand; () for any other word.

    >>> [(axis, value) for axis, value, _, _ in compound("tp8_pp4-dp2")], compound("p4d"), compound("h100")
    ([('tensor', 8), ('pipeline', 4), ('data', 2)], (), ())
    """
    known = axes()
    if known.name.fullmatch(text):
        names = known.short
    elif known.letters.fullmatch(text):
        names = known.letter_axes
    else:
        return ()
    found = [(names[each["name"].lstrip("x")], int(each["value"]), each.start("value"), each.end("value")) for each in _PAIR.finditer(text)
             if each["name"].lstrip("x") in names]  # fmt: skip
    if len({axis for axis, *_ in found}) != len(found):
        return ()
    return tuple(found)


def split_words(text: str) -> list[str]:
    """The words of a name, lower case: `tensor-parallel-size`, `tensor_parallel_size` and `Tensor parallel size` are one."""
    return list(_split(text))


@lru_cache(maxsize=_REMEMBERED)
def _split(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(text))


def names_axes(text: str) -> bool:
    """Whether a text names two axes or more by their short names."""
    return len(axes().short.keys() & {word.lower() for word in _WORDS.findall(text)}) > 1


def degree_of(words: Sequence[str]) -> Degree | None:
    """The degree that a name states, words split and in lower case; None where its last words are no name of an axis.

    >>> degree_of(["tensor", "model", "parallel", "size"]), degree_of(["context", "size"]), degree_of(["tp", "rank"])
    (Degree(axis='tensor', named=True, qualifiers=frozenset()), None, None)
    """
    return _degree_of(tuple(words))


@lru_cache(maxsize=_REMEMBERED)
def degree_in(text: str) -> Degree | None:
    """The degree that a text states, if it is the name of one and nothing else."""
    return _degree_of(_split(text))


@lru_cache(maxsize=_REMEMBERED)
def _degree_of(words: tuple[str, ...]) -> Degree | None:
    known = axes()
    start = len(words)
    while start and known.belongs(words[start - 1]):
        start -= 1
    tail = words[start:]
    if not tail or _index(tail[-1]):
        return None
    singles = [singular(word) for word in tail]
    short = {known.short[word] for word in singles if word in known.short}
    short |= {axis for word in tail if (axis := known.chinese(word)) is not None}
    long = {known.long[word] for word in singles if word in known.long}
    counted = {known.counted[word] for word in singles if word in known.counted}
    cut = bool(known.cutting.intersection(singles))
    ranked = bool(known.ranks.intersection(singles))
    named = bool(short) or bool(long and (cut or ranked or counted & long))
    found = short | long
    if not named:
        if found:
            named_alone = len(tail) == 1 and tail[0] in known.alone
            return Degree(next(iter(found)), named=False, qualifiers=_qualifiers(words[:start])) if named_alone else None
        if len(counted) == 1 and singles[-1] in known.counted and is_plural(tail[-1]):
            return Degree(next(iter(counted)), named=False, qualifiers=_qualifiers(words[:start]))
        return None
    if counted and not counted <= found:
        return None  # "data-parallel stages"
    axis = next(iter(found)) if len(found) == 1 else known.joint.get(frozenset(found))
    return Degree(axis, qualifiers=_qualifiers(words[:start])) if axis else None


def _index(word: str) -> bool:
    """`rank` of "TP rank 3", `stage` of "PP stage 0": a place, no degree."""
    known = axes()
    return (word in known.counted or word in known.ranks) and not is_plural(word)


def _qualifiers(words: Sequence[str]) -> frozenset[str]:
    lex = lexicon()
    return frozenset(
        singular(word) for word in words
        if word not in lex.function_words and singular(word) not in axes().neutral and singular(word) not in lex.counters
    )  # fmt: skip
