"""Keys of quantities: two terms with one key are called the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import noun_of, singular
from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True)
class _Identity:
    abbreviations: Mapping[str, tuple[str, ...]]
    empty: frozenset[str]
    same: Mapping[frozenset[str], frozenset[str]]
    all: frozenset[str]
    again: frozenset[str]
    written: frozenset[str]
    settings: frozenset[frozenset[str]]
    topics: frozenset[str]
    sorting: frozenset[str]


@cache
def _identity() -> _Identity:
    data = read_yaml(data_folder("grammar") / "lexicon" / "identity.yaml")
    same: dict[frozenset[str], frozenset[str]] = {}
    for names in data["same"]:
        first = frozenset(noun_of(word) for word in str(names[0]).split())
        same.update({frozenset(noun_of(word) for word in str(name).split()): first for name in names})
    return _Identity(
        abbreviations={str(short): tuple(str(long).split()) for short, long in data["abbreviations"].items()},
        empty=frozenset(map(str, data["empty"])),
        same=same,
        all=frozenset(map(str, data["all"])),
        written=frozenset(map(str, data["written"])),
        settings=frozenset(same.get(key, key) for name in data["settings"] if (key := frozenset(map(noun_of, str(name).split())))),
        again=frozenset(map(str, data["again"])),
        topics=frozenset(map(str, data["topics"])),
        sorting=frozenset(map(str, data["sorting"])),
    )


def key_of(words: Iterable[str]) -> frozenset[str]:
    """The key of a name: its words in the singular, abbreviations written out, words that add nothing left out.

    >>> key_of(["max_model_len"]) == key_of(["maximum", "context", "length"]), sorted(key_of(["Micro-batch", "size"]))
    (True, ['batch', 'micro'])
    """
    return _key_of(frozenset(words))


@lru_cache(maxsize=4096)
def _key_of(words: frozenset[str]) -> frozenset[str]:
    known = _identity()
    found: set[str] = set()
    for word in words:
        for part in split_words(word):
            for long in known.abbreviations.get(part, known.abbreviations.get(singular(part), (part,))):
                if singular(long) not in known.empty:
                    found.add(noun_of(long))
    key = frozenset(found)
    return known.same.get(key, key)


def is_setting(key: frozenset[str]) -> bool:
    """Whether a key is that of a quantity which a run has only one of: its nodes, its sequence length, its steps."""
    return key in _identity().settings


def says_all(word: str) -> bool:
    """Whether a word before a number makes it all there are."""
    return word in _identity().all


def says_again(word: str) -> bool:
    """Whether a word before a number makes it things which were told of before."""
    return word in _identity().again


def only_where(word: str) -> bool:
    """Whether a word says where something is written, and not whose it is."""
    return word in _identity().written


def sorts(key: str) -> bool:
    """Whether an outer key only sorts what is below it: `training:`, `model:`, `parallelism:`, but not `draft_model:`."""
    known = _identity()
    return all(word in known.topics or word in known.sorting for word in split_words(key.lower().replace("_", " ")))


def holders_in(title: str) -> frozenset[str]:
    """The words of a title that may say whose the numbers below it are: "Decode" of "2.1 Decode pool memory"."""
    words = split_words(title.lower())
    start = next((at for at, word in enumerate(words) if not word.replace(".", "").isdecimal()), len(words))
    known = _identity()
    return frozenset(word for word in words[start:] if word not in known.topics and not only_where(word))
