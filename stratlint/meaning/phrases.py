"""Noun phrases → what a number is called: head, what it is of, per what, and its roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from stratlint.claims.units import Dimensions, Unit, load_lexicon
from stratlint.meaning.axes import Degree, degree_of, split_words
from stratlint.meaning.lexicon import counted_noun, is_plural, lexicon, name_of, noun_of, segments, singular
from stratlint.records import quickly_built

_QUOTES = frozenset("\"'“”„«»‘’")
_PER = "per-"
_DOING = ("ing", "ed")
_ONE = frozenset({"a", "an", "one"})
# Prepositions behind which a singular with an article is a scope: "on a GPU", "of a layer".
_SCOPES = frozenset({"of", "in", "on", "to", "at", "by"})


@quickly_built
@dataclass(frozen=True, slots=True)
class Phrase:
    """`head`: the noun that is counted or measured, singular; `name`: all content words, singular; `per`: counted nouns below the line."""

    head: str = ""
    name: frozenset[str] = frozenset()
    per: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    asides: frozenset[str] = frozenset()
    degree: Degree | None = None

    @property
    def noun(self) -> str:
        """What an amount without a unit counts under this name; "" where the head is a size, a degree or the like."""
        return "" if not self.head or self.head in lexicon().figures else noun_of(self.head)

    @property
    def below(self) -> Dimensions:
        """`per` as dimensions."""
        return below_of(self.per)


# Labels and nouns recur; what is kept must not grow with the run.
_REMEMBERED = 4096


@lru_cache(maxsize=_REMEMBERED)
def below_of(nouns: tuple[str, ...]) -> Dimensions:
    """The dimensions of *nouns* that stand below the line."""
    powers: dict[str, float] = {}
    for noun in nouns:
        for name, power in _dimensions_of(noun):
            powers[name] = powers.get(name, 0.0) + power
    return tuple(sorted(powers.items()))


def _dimensions_of(noun: str) -> Dimensions:
    units = load_lexicon().read(noun)
    return units[0].dimensions if units else ((noun, 1.0),)


def scaled_unit(noun: str) -> Unit | None:
    """So many of a thing below the line as one unit: "1e+06 token" of "per million tokens"; None for one thing."""
    size, _, thing = noun.partition(" ")
    if not thing or not size[0].isdigit():
        return None
    units = load_lexicon().read(thing)
    one = units[0] if units else Unit(thing, 1.0, ((thing, 1.0),))
    return Unit(f"{size}*({one.canonical})", float(size) * one.factor, one.dimensions)


def _size(word: str) -> float:
    """The power of ten that a word below the line is: "million", "1M", "1,000"; 0 for any other."""
    lex, digits = lexicon(), word.replace(",", "")
    if word in lex.powers:
        return lex.powers[word]
    magnitudes = {name.lower(): size for name, size in load_lexicon().magnitudes.items()}
    known = {f"1{name}": size for name, size in magnitudes.items()} | {str(int(size)): size for size in lex.powers.values()}
    return known.get(digits, 0.0)


def phrase_of(words: Sequence[str]) -> Phrase:
    """The phrase that *words* make; a slash and "per" put what follows below the line."""
    return _phrase_of(tuple(words))


@lru_cache(maxsize=_REMEMBERED)
def _phrase_of(words: tuple[str, ...]) -> Phrase:
    lex = lexicon()
    groups: list[list[str]] = [[]]
    per: list[str] = []
    tags: set[str] = set()
    asides: list[str] = []
    below = inside = False
    at, scale = 0, 0.0
    lowered = [part for word in words for piece in word.lower().split("_") if piece for part in segments(piece)]
    while at < len(lowered):
        word = lowered[at]
        if word in _QUOTES:
            at += 1
            continue
        if word in "([{（":
            inside = True
            at += 1
            continue
        if word in ")]}）":
            inside = False
            at += 1
            continue
        if inside:
            asides.append(singular(word))
            at += 1
            continue
        if word.startswith(_PER) and len(word) > len(_PER):  # "per-GPU memory"
            per.append(noun_of(word[len(_PER) :]))
            at += 1
            continue
        if word in lex.periods:
            per.append(lex.periods[word])
            at += 1
            continue
        length, found = lex.tagged(lowered, at)
        if word == "/" and at + 1 < len(lowered) and (lowered[at + 1][0].isdigit() or (at and lowered[at - 1] in lex.verbs)):
            groups.append([])  # "26 / 64", "send / receive"
            at += 1
            continue
        if below and not groups[-1] and at + 1 < len(lowered) and (size := _size(word)):
            scale = size  # "per million tokens", "/ 1M tokens"
            at += 1
            continue
        if word[0].isdigit() and below:
            at += 1  # "per prompt 2 × 70"
            continue
        inner = lex.inside.get(word, frozenset())
        if "each" in inner and at + 1 < len(lowered):  # what follows at once is below the line: "每节点卡数"
            per.append(noun_of(lowered[at + 1]))
            at += 2
            continue
        tags |= inner
        if inner & _STRUCTURE:
            at += 1
            continue
        if "each" in found and at + length < len(lowered) and lowered[at + length].endswith(_DOING):
            tags |= found  # "each using 40 GB": of everything counted before
            at += length + 1
            continue
        if found & {"each", "per"} or word == "/":
            if below and groups[-1]:
                scale = _close(groups, per, scale)
            below = True
            groups.append([])
            tags |= found - {"per"}
            at += max(length, 1)
            continue
        if word in _SCOPES and at + 1 < len(lowered) and lowered[at + 1] in _ONE:
            below = True
            groups.append([])
            at += 2
            continue
        if word in lex.prepositions or word in ("and", "&", ",", "×", "+"):
            if below and groups[-1]:
                scale = _close(groups, per, scale)
                below = word == "and"
            elif groups[-1] or groups[0]:
                groups.append([])
            tags |= found & _TIMES
            at += 1
            continue
        if word in lex.nouns_too and not any(groups):
            groups[-1].append(word)
            tags |= found & _CHANGES
            at += 1
            continue
        if found:
            tags |= found
            if found & _STRUCTURE or word in lex.function_words:
                at += length
                continue
        if word in lex.articles or (word in lex.function_words and word not in ("total",)):
            at += 1
            continue
        groups[-1].append(word)
        at += 1
    if below and groups[-1]:
        _close(groups, per, scale)
    named = [group for group in groups if group]
    head = ""
    for group in named:
        content = [singular(word) for word in group if singular(word) not in lex.counters and word not in lex.counters]
        while len(content) > 1 and lex.tagged((content[-1],), 0)[1] & _STATES:
            content.pop()  # "GPUs available" counts GPUs
        if content:
            head = content[-1]
            tags |= _SINGULAR if _names_one(group, lowered) else frozenset()
            break
    if tags & _CHANGES and _only_changes(lowered):
        tags.add("bare")
    name = name_of(word for group in named for word in group if singular(word) not in lex.counters and singular(word) not in _ROLE_WORDS)
    return Phrase(
        head, name or (frozenset() if per else frozenset(map(singular, lowered[:2]))), tuple(per), frozenset(tags), frozenset(asides),
        degree_of([word for part in _outside(lowered) for word in split_words(part)]),
    )  # fmt: skip


def _names_one(group: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a name is a thing that is counted, in the singular and without "number of": the 32,768 of a sequence are its tokens."""
    last = group[-1]
    counted = last.isascii() and not is_plural(last) and noun_of(last) in _countable()
    return counted and len(group) == 1 and not any(singular(word) in lexicon().counters for word in words)


@cache
def _countable() -> frozenset[str]:
    return frozenset(lexicon().nouns.values())


def _only_changes(words: Sequence[str]) -> bool:
    """Whether words name nothing but a change: "speed-up over the baseline", "reduction factor"."""
    lex, at = lexicon(), 0
    while at < len(words):
        length, found = lex.tagged(words, at)
        if not (found & _CHANGES or words[at] in lex.function_words or singular(words[at]) in lex.figures):
            return False
        at += max(length, 1)
    return True


def _outside(words: Sequence[str]) -> list[str]:
    """The words that stand in no brackets, all of them where nothing else is left."""
    out: list[str] = []
    depth = 0
    for word in words:
        depth += (word in _OPENING) - (word in _CLOSING)
        if depth <= 0 and word not in _CLOSING:
            out.append(word)
    return out or list(words)


_OPENING, _CLOSING = frozenset("([{（"), frozenset(")]}）")


# "before" and "after" behind a name say when: "latency before".
_TIMES = frozenset({"before", "after"})
# A name of such words alone says no more than that something changed: "speed-up over the baseline".
_CHANGES = frozenset({"change", "down", "before", "after", "altered", "ratio"})
# Roles that a thing is in: no word for them is the thing.
_STATES = frozenset({"capacity", "used", "required", "free", "limit", "target"})
# Cues that a name may hold only as colour: its roles, not what is measured.
_STRUCTURE = frozenset({"total", "each", "therefore", "equals", "only"})
_SINGULAR = frozenset({"singular"})
_ROLE_WORDS = frozenset({"total", "overall", "combined", "aggregate", "whole", "entire", "all", "sum"})


def scope_of(words: Sequence[str]) -> str:
    """What stands below the line: "stage" for "pipeline stage", but "moe layer" for "MoE layer", which not every layer is.

    One of several is singular: behind it a word like a plural says what it does ("each GPU contributes") or has ("per GPU weights").
    """
    words = words[: next((at for at, word in enumerate(words) if at and word.isascii() and is_plural(word)), len(words))]
    lex, head = lexicon(), counted_noun(words[-1])
    neutral = lex.neutral.get(head, frozenset())
    other = [singular(word) for word in words[:-1] if singular(word) not in neutral and word not in lex.function_words]
    return " ".join((*other, head))


def _close(groups: list[list[str]], per: list[str], scale: float) -> float:
    """Put the last of *groups* below the line, *scale* of it where that is not 0; the scale of the next."""
    thing = scope_of(groups.pop())
    per.append(f"{scale:g} {thing}" if scale else thing)
    groups.append([])
    return 0.0
