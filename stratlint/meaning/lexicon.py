"""The words that meaning knows, read from `grammar/lexicon/`: relations, voices, number words, function words, counted nouns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from stratlint.claims.units import HARD, load_lexicon
from stratlint.physics.catalog import load_accelerators
from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`tags`: phrase (its words, lower case) → what it relates; `longest`: first word → how many words its longest phrase has.

    `inside`: Chinese phrases, found within runs of letters. `word_tags`: what a word tells the laws beside what it relates; `grammar`: the
    same for words that relate nothing.
    """

    tags: Mapping[tuple[str, ...], frozenset[str]]
    longest: Mapping[str, int]
    inside: Mapping[str, frozenset[str]]
    function_words: frozenset[str]
    verbs: frozenset[str]
    word_tags: Mapping[str, frozenset[str]]
    grammar: Mapping[str, frozenset[str]]
    spread_plain: frozenset[str]
    spread_apart: frozenset[str]
    nouns_too: frozenset[str]
    prepositions: frozenset[str]
    articles: frozenset[str]
    counts: Mapping[str, float]
    powers: Mapping[str, float]
    bunches: Mapping[str, float]
    vague: frozenset[str]
    parts: Mapping[str, float]
    times: Mapping[str, float]
    share: Mapping[str, frozenset[str]]
    nouns: Mapping[str, str]
    counters: frozenset[str]
    figures: frozenset[str]
    indexed: frozenset[str]
    versioned: frozenset[str]
    neutral: Mapping[str, frozenset[str]]
    alike: Mapping[str, str]
    containers: frozenset[str]
    unlike: Mapping[str, frozenset[str]]
    copied: Mapping[str, frozenset[str]]
    periods: Mapping[str, str]
    longest_inside: int

    def tagged(self, words: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
        """The longest tagged phrase that begins at `words[at]`: its length and tags; (0, nothing) when there is none."""
        reach = self.longest.get(words[at], 0) if at < len(words) else 0
        if not reach:
            return 0, _NOTHING
        for length in range(min(reach, len(words) - at), 0, -1):
            found = self.tags.get(tuple(words[at : at + length]))
            if found:
                return length, found
        return 0, _NOTHING


_NOTHING = frozenset[str]()


@cache
def lexicon() -> Lexicon:
    """The lexicon of `grammar/lexicon/`."""
    folder = data_folder("grammar") / "lexicon"
    relations, voices = read_yaml(folder / "relations.yaml"), read_yaml(folder / "voice.yaml")
    tags: dict[tuple[str, ...], set[str]] = {}
    inside: dict[str, set[str]] = {}
    for tag, phrases in (*relations.items(), ("denied", voices["denied"]), ("other_time", voices["other_time"])):
        for phrase in map(str, phrases):
            if phrase.isascii() or not phrase[0].isalnum():
                tags.setdefault(tuple(phrase.lower().split()), set()).add(tag)
            else:
                inside.setdefault(phrase, set()).add(tag)
    longest: dict[str, int] = {}
    for words_of_phrase in tags:
        longest[words_of_phrase[0]] = max(longest.get(words_of_phrase[0], 0), len(words_of_phrase))
    function = read_yaml(folder / "function_words.yaml")
    words = {name: frozenset(str(word).lower() for word in entries) for name, entries in function.items()}
    nouns_too = words.pop("nouns_too")
    numbers, nouns = read_yaml(folder / "numbers.yaml"), read_yaml(folder / "nouns.yaml")
    nouns = dict(nouns)
    names = ("back", "demonstrative", "window", "placing", "spanning", "picking", "altering", "wished", "rating")
    told = {name: frozenset(map(str, nouns.pop(name))) for name in names}
    labels = read_yaml(folder / "tables.yaml")
    told |= {name: frozenset(map(str, labels[name])) for name in ("overlapping", "reworked")}
    nouns.pop("kept")
    spread = {name: frozenset(map(str, found)) for name, found in nouns.pop("spread").items()}
    containers = frozenset(map(str, nouns.pop("containers")))
    unlike = {str(noun): frozenset(map(str, others)) for noun, others in nouns.pop("unlike").items()}
    copied = {str(noun): frozenset(map(str, others)) for noun, others in nouns.pop("copied").items()}
    periods = {str(word): str(period) for period, found in nouns.pop("periods").items() for word in found}
    alike = {str(other): str(first) for first, *others in nouns.pop("alike") for other in others}
    neutral = {noun: frozenset(map(str, words)) for noun, words in nouns.pop("neutral").items()}
    counters, figures, indexed, versioned = (
        frozenset(map(str, nouns.pop(name))) for name in ("counters", "figures", "indexed", "versioned")
    )
    return Lexicon(
        tags={phrase: frozenset(found) for phrase, found in tags.items()},
        longest=longest,
        inside={phrase: frozenset(found) for phrase, found in inside.items()},
        function_words=frozenset().union(*words.values()),
        verbs=words["verbs"],
        word_tags=_by_word(told),
        grammar=_by_word({"verb": words["verbs"], "article": words["articles"], "relative": words["relatives"]}),
        spread_plain=spread["plain"],
        spread_apart=spread["apart"],
        nouns_too=nouns_too,
        prepositions=words["prepositions"],
        articles=words["articles"],
        counts={str(word): float(value) for word, value in numbers["count"].items()},
        powers={str(word): float(value) for word, value in numbers["powers"].items()},
        bunches={str(word): float(value) for word, value in numbers["bunches"].items()},
        vague=frozenset(map(str, numbers["vague"])),
        parts={str(word): float(value) for word, value in numbers["parts"].items()},
        times={str(word): float(value) for word, value in numbers["times"].items()},
        share={str(where): frozenset(map(str, found)) for where, found in numbers["share"].items()},
        nouns={str(other): canonical for canonical, others in nouns.items() for other in others},
        counters=counters,
        figures=figures,
        indexed=indexed,
        versioned=versioned,
        neutral=neutral,
        alike=alike,
        containers=containers,
        unlike=unlike,
        copied=copied,
        periods=periods,
        longest_inside=max(map(len, inside)),
    )


@cache
def segments(text: str) -> tuple[str, ...]:
    """A run of Chinese letters cut at the words that the lexicon knows; what it does not know stays together.

    >>> segments("每节点卡数"), segments("GPU")
    (('每', '节点', '卡', '数'), ('GPU',))
    """
    if text.isascii():
        return (text,)
    known, longest = _chinese_words()
    out: list[str] = []
    at = start = 0
    while at < len(text):
        length = next((size for size in range(min(longest, len(text) - at), 0, -1) if text[at : at + size] in known), 0)
        if text[at : at + length] in lexicon().counters and at + length < len(text):
            length = 0  # "数" counts at the end of a name only: "数据并行" is no number
        if length:
            out += [text[start:at]] if start < at else []
            out.append(text[at : at + length])
            start = at = at + length
        else:
            at += 1
    return (*out, text[start:]) if start < len(text) else tuple(out)


@cache
def _chinese_words() -> tuple[frozenset[str], int]:
    lex = lexicon()
    words = frozenset(word for word in (*lex.inside, *lex.nouns, *lex.counters) if not word.isascii())
    return words, max(map(len, words))


_IRREGULAR = {"batches": "batch", "matrices": "matrix", "indices": "index", "vertices": "vertex", "boxes": "box", "series": "series"}
_NO_PLURAL = ("ss", "us", "is", "os")


@cache
def singular(word: str) -> str:
    """A word in lower case without its plural ending.

    >>> singular("GPUs"), singular("batches"), singular("caches"), singular("class")
    ('gpu', 'batch', 'cache', 'class')
    """
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith("s") and len(lower) > 2 and (lower.endswith("pus") or not lower.endswith(_NO_PLURAL)):
        return lower[:-1]
    return lower


@cache
def noun_of(word: str) -> str:
    """The canonical counted noun of a word: `device` for "GPUs" and "cards"; the singular of any other word."""
    known = lexicon().nouns
    single = singular(word)
    if single in known:
        return known[single]
    if word in known:
        return known[word]
    units = load_lexicon().read(word)
    if units and len(units[0].dimensions) == 1:
        ((name, power),) = units[0].dimensions
        if power == 1.0 and name not in HARD:
            return name
    return single


def _by_word(lists: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """The words of all lists, each with the names of those that have it."""
    return {word: frozenset(name for name, words in lists.items() if word in words) for words in lists.values() for word in words}


@cache
def counted_noun(word: str) -> str:
    """What a word counts: its canonical noun, `device` where it is the name of one ("eight H100s").

    A name keeps what is printed: the memory of an H100 is not that of an A100.
    """
    return "device" if singular(word) in _device_names() else noun_of(word)


@cache
def _device_names() -> frozenset[str]:
    catalog = load_accelerators(data_folder("rules") / "catalog" / "accelerators.yaml")
    names = (name.lower() for entry in catalog for name in (entry.name, *entry.aliases, *entry.weak_aliases))
    return frozenset(name for name in names if name.isalnum())


# "Weights" are counted as parameters, but a name keeps what is printed: bytes of weights are no bytes of parameters.
_KEPT = frozenset({"parameter"})


def name_of(words: Iterable[str]) -> frozenset[str]:
    """The content words of a name: one word for one thing ("gpu", "card" → "device"), colour left out ("pipeline stages" → "stage").

    >>> sorted(name_of(["Pipeline", "stages"])), sorted(name_of(["spare", "nodes"]))
    (['stage'], ['node', 'spare'])
    """
    return _name_of(tuple(words))


@lru_cache(maxsize=8192)
def _name_of(words: tuple[str, ...]) -> frozenset[str]:
    canonical = [single if (noun := noun_of(word)) in _KEPT else noun for word in words if (single := singular(word))]
    coloured: set[str] = set()
    for noun in canonical:
        coloured |= lexicon().neutral.get(noun, frozenset())
    return frozenset(word for word in canonical if word not in coloured) or frozenset(canonical)


def is_plural(word: str) -> bool:
    """Whether a word has a plural ending."""
    return singular(word) != word.lower()
