"""What a sentence calls the extreme of a row or column without its number: "Plan B has the lowest cost per token of the three".

Read strictly: the words of what is measured are those of the label and no others, the one that has it is a row or column by its name, and
nothing in the clause picks some of them, supposes or denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.claims.claim import ClaimSet, Statement
from stratlint.claims.tokens import Token
from stratlint.claims.units import load_lexicon
from stratlint.document import Block, BlockKind
from stratlint.document.grid import CellRole
from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import lexicon, singular
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import raw_items
from stratlint.meaning.statement import Item, ItemKind, Term
from stratlint.meaning.tables import Lane, Table
from stratlint.meaning.terms import items_of
from stratlint.meaning.voice import denied_heading, set_aside
from stratlint.resources import data_folder, read_yaml

_DOUBTS = frozenset({"condition", "denied", "fails", "near", "modal", "other_time", "picking", "wished", "share"})
_INTRODUCES = frozenset({"picking", "condition", "preposition"})
_ENDS = (ItemKind.STOP, ItemKind.COMMA, ItemKind.OPEN, ItemKind.CLOSE)
_FEWEST = 3
_Words = frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Superlative:
    """The value at `at` of a lane is said to be its least, or its most; `rivals`: the indices of what it is compared with.

    `of_all`: the sentence says of how many, and the lane has so many; `spoken`: the indices of those that its section names in words.
    """

    least: bool
    lane: Lane
    at: int
    rivals: tuple[int, ...]
    of_all: bool
    spoken: frozenset[int]
    place: Place


@dataclass(frozen=True, slots=True)
class _Said:
    """What the sentence says, in words: the measure, who has it, of how many (0: it does not say), and where the superlative stands."""

    least: bool
    measure: _Words
    holder: _Words
    of: int
    at: int


Between = Callable[[Block, int, int], Sequence[Token]]


def superlatives_of(claims: ClaimSet, between: Between, tables: Sequence[Table]) -> Iterator[Superlative]:
    """All superlatives of a page that name one row and one column of one table: that of their section, else the only one above."""
    document = claims.document
    for block in document.blocks if tables else ():
        if block.kind in (BlockKind.CELL, BlockKind.CODE, BlockKind.FRONT_MATTER, BlockKind.HEADING) or block.quote_depth:
            continue
        path = document.heading_path(block.section)
        if not says_superlative(block.text) or denied_heading(path) or set_aside(path):
            continue
        for sentence in claims.statements_of(block.index):
            if says_superlative(sentence.text) and not sentence.text.rstrip(" *_").endswith("?") and '"' not in sentence.text:
                yield from _of_sentence(claims, block, sentence, between, tables)


def says_superlative(text: str) -> bool:
    """Whether a text has one of the words at all."""
    lower = text.lower()
    return any(word in lower for word in _superlatives())


def _of_sentence(claims: ClaimSet, block: Block, sentence: Statement, between: Between, tables: Sequence[Table]) -> Iterator[Superlative]:
    document = claims.document
    raws = raw_items(list(between(block, sentence.start, sentence.end)))

    def place(at: int) -> Place:
        raw = raws[at]
        span = block.source_span(raw.start, raw.end)
        return Place(block.index, raw.start, raw.end, span, document.position(span.start)[0], -1)

    items = items_of(raws, lambda raw: place(raws.index(raw)))
    told = (each.text for each in document.blocks if each.section == block.section and each.kind is not BlockKind.CELL)
    around = _words(" ".join(told))
    for said in _said(items):
        own = [found for table in tables if table.section == block.section for found in _found(table, said)]
        if not own:
            own = [found for table in tables if _first(table) < block.index for found in _found(table, said)]
        if len(own) == 1:
            found = own[0]
            rivals = tuple(index for index, other in enumerate(found.others) if other.role is CellRole.VALUE)
            if said.of and said.of != len(rivals):
                continue
            spoken = frozenset(index for index in rivals if any(name and name <= around for name in found.names(index)))
            if said.of or not any(found.apart(index) for index in rivals if index != found.at):
                yield Superlative(said.least, found.lane, found.at, rivals, bool(said.of), spoken, place(said.at))


def _first(table: Table) -> int:
    return min((term.place.block for lane in table.lines for term in lane.terms if term is not None), default=0)


# What the sentence says


def _said(items: Sequence[Item]) -> Iterator[_Said]:
    for at, item in enumerate(items):
        if "superlative" in item.tags:
            yield from _said_at(items, at)


def _said_at(items: Sequence[Item], at: int) -> Iterator[_Said]:
    end, measure = _measure(items, at)
    if not measure:
        return
    behind, of = _of_how_many(items, end)
    least = "minimum" in items[at].tags
    before = at - 1 if at and "article" in items[at - 1].tags else at
    if _closes(items, behind):
        start, holder = _subject(items, before)
        if holder and not _doubted(items, start, behind):
            yield _Said(least, measure, holder, of, at)
    elif "equals" in items[behind].tags and items[behind].word in ("is", "="):
        stop = next((place for place in range(behind + 1, len(items)) if items[place].kind in _ENDS), len(items))
        start = _opening(items, before)
        lead = [item for item in items[behind + 1 : stop] if not item.tags & {"article", "relative", "preposition"} and item.word != "that"]
        named = all(item.kind in (ItemKind.WORD, ItemKind.CUE) and not item.tags & _DOUBTS for item in lead)
        if start == before and named and lead and not _doubted(items, start, stop):
            yield _Said(least, measure, _name(_of(lead)), of, at)


def _measure(items: Sequence[Item], at: int) -> tuple[int, _Words]:
    """The words behind a superlative, up to what ends its noun phrase; the index behind them."""
    words: set[str] = set()
    for place in range(at + 1, len(items)):
        item = items[place]
        ends = item.kind in _ENDS or item.term is not None or item.tags & {"part_of", "equals", "and", "preposition"}
        if ends and "per" not in item.tags:
            return place, frozenset(words)
        if item.tags & _DOUBTS or item.kind not in (ItemKind.WORD, ItemKind.CUE):
            return place, frozenset()
        words |= set() if "per" in item.tags else {singular(word) for word in split_words(item.word)}
    return len(items), frozenset(words)


def _of_how_many(items: Sequence[Item], at: int) -> tuple[int, int]:
    """ "of the three", "of all four options", "in the table": the index behind it and the number, 0 where none is said."""
    words = [item.word for item in items[at : at + 3]]
    if words[:1] == ["in"] and "the" in words[1:2] and words[2:] and words[2] in _table_words()["tabulated"]:
        return at + 3, 0
    place = at
    while (
        place < len(items) and items[place].term is None and (items[place].word in ("of", "all", "the") or "part_of" in items[place].tags)
    ):
        place += 1
    term = items[place].term if place > at and place < len(items) else None
    if term is None or not term.amount.exact or term.amount.hard or term.amount.value < _FEWEST:
        return at, 0
    place += 1
    if place < len(items) and items[place].kind is ItemKind.WORD:
        word = items[place].word
        place += word in _table_words()["choices"] or singular(word) == term.noun
    return place, int(term.amount.value)


def _closes(items: Sequence[Item], at: int) -> bool:
    """Whether a clause may end at an item: with a mark, or with "and" before what is said next."""
    return at >= len(items) or items[at].kind in _ENDS or bool(items[at].tags & {"and"})


def _subject(items: Sequence[Item], before: int) -> tuple[int, _Words]:
    """Who has what begins at *before*, and where the clause begins: its words right before the verb, or what "it" goes back to."""
    verb = before - 1
    if verb < 1 or items[verb].word not in _table_words()["having"]:
        return before, frozenset()
    start = _opening(items, verb)
    subject = items[start:verb]
    if len(subject) == 1 and subject[0].word == "it" and start:
        stop = next((at for at in range(start) if items[at].tags & {"equals", "has", "takes", "verb", "denied"}), 0)
        subject = items[:stop]
    if _is_setting(subject):
        return start, frozenset((*split_words(subject[0].word), f"{_count(subject[-1]):g}"))
    plain = all(item.kind is ItemKind.WORD and not item.tags & {"preposition", "verb"} for item in subject)
    return start, _name(_of([item for item in subject if item.word != "the"])) if plain else frozenset()


def _is_setting(subject: Sequence[Item]) -> bool:
    """`v = 4`: a name, a sign of equality, a whole number."""
    named = len(subject) > 1 and subject[0].kind is ItemKind.WORD and _count(subject[-1]) > 0
    return named and all("equals" in item.tags and item.word == "=" for item in subject[1:-1])


def _count(item: Item) -> float:
    return item.term.amount.value if item.term is not None and item.term.amount.exact and not item.term.amount.hard else 0.0


def _opening(items: Sequence[Item], at: int) -> int:
    """Where the clause of an item begins: behind a mark, or "because"."""
    start = at
    while start and items[start - 1].kind not in (*_ENDS, ItemKind.COLON) and "therefore" not in items[start - 1].tags:
        start -= 1
    return start


def _doubted(items: Sequence[Item], start: int, end: int) -> bool:
    """Whether the clause, or what leads to it or goes on behind it, picks some, supposes or denies."""
    if any(item.tags & _DOUBTS for item in items[start:end] if item.term is None):
        return True
    if any(item.tags & {"picking", "condition"} for item in items[:start] if item.term is None) or items[0].tags & _INTRODUCES:
        return True
    rest = items[end + 1 :] if end < len(items) and items[end].kind in _ENDS else items[end:]
    goes_on = bool(rest) and (rest[0].word in ("and", "but", "so", "because", "although", "though") or items[end].kind is ItemKind.STOP)
    by_how_much = len(rest) > 1 and rest[0].term is not None and bool(rest[1].tags & {"below", "above", "change"})
    if by_how_much:
        rest = rest[2:]  # "…, 6 % below the other one"
    return not goes_on and any(item.kind is not ItemKind.STOP and item.tags & (_DOUBTS | {"remaining"}) for item in rest)


def _of(items: Sequence[Item]) -> _Words:
    return frozenset(word for item in items for word in split_words(item.word))


# What the table has


@dataclass(frozen=True, slots=True)
class _Found:
    """A lane that the measure names, with those across it, of which the holder names the one at `at`."""

    table: Table
    lane: Lane
    others: Sequence[Lane]
    at: int

    def names(self, at: int) -> Iterator[_Words]:
        """What a lane across is called: its label, and of a line what stands in its cells of words."""
        return _names(self.table, self.others, at)

    def apart(self, at: int) -> bool:
        """Whether a lane across may be no rival of the others: a baseline, what does not fit, what has no value somewhere."""
        other = self.others[at]
        lanes = self.table.columns if self.others is self.table.lines else self.table.lines
        gaps = any(
            term is None and lane.role is not CellRole.NOTE and any(lane.terms) for lane, term in zip(lanes, other.terms, strict=True)
        )
        said = frozenset[str]().union(other.label, *other.words, *self.names(at))
        return gaps or bool(said & _table_words()["standards"])


def _found(table: Table, said: _Said) -> Iterator[_Found]:
    """The lanes of a table that the measure names, where the holder names one of those across."""
    for lanes, others in ((table.columns, table.lines), (table.lines, table.columns)):
        numbered = any(map(str.isdecimal, said.holder))
        named = [
            at
            for at in range(len(others))
            if (said.holder <= others[at].label | others[at].numbers if numbered else said.holder in _names(table, others, at))
        ]
        measured = [lane for lane in lanes if _measures(lane, said.measure)]
        if len(named) == 1 and others[named[0]].role is CellRole.VALUE:
            yield from (_Found(table, lane, others, named[0]) for lane in measured)


def _names(table: Table, others: Sequence[Lane], at: int) -> Iterator[_Words]:
    yield _name(others[at].label)
    if others is table.lines:
        yield from (_name(column.words[at]) for column in table.columns if column.role is CellRole.NOTE)


def _name(words: _Words) -> _Words:
    return words - _table_words()["choices"]


def _measures(lane: Lane, measure: _Words) -> bool:
    """Whether the label of a lane says what the words of a measure say, no more and no less; its unit may say some of it."""
    label = frozenset(map(singular, lane.label))
    terms = [term for term in lane.terms if term is not None]
    if len(terms) < _FEWEST:
        return False
    implied, neutral = _implied(terms[0]), lexicon().neutral
    by_unit = any(word in implied for word in measure - label)
    missing = {word for word in measure - label if word not in implied and not neutral.get(word, frozenset[str]()) & label}
    beside = {word for word in label - measure if word not in _unit_words()}
    return not missing and not beside and bool(measure & label or (by_unit and len(measure) == 1))


def _implied(term: Term) -> _Words:
    """The names of what is measured in the unit of a term."""
    powers = dict(term.dimensions)
    by_unit = _measures_by_unit()
    if powers.get("money", 0.0) > 0 or term.amount.currency or "$" in powers:
        return by_unit["money"]
    if powers.get("time", 0.0) < 0:
        return by_unit["rate"]
    return by_unit.get(next((name for name in ("time", "information") if powers.get(name, 0.0) > 0), ""), frozenset())


def _words(text: str) -> _Words:
    return frozenset(split_words(text))


@cache
def _superlatives() -> _Words:
    return frozenset(" ".join(phrase) for phrase, tags in lexicon().tags.items() if "superlative" in tags)


@cache
def _table_words() -> dict[str, _Words]:
    data = read_yaml(data_folder("grammar") / "lexicon" / "superlatives.yaml")
    return {name: frozenset(map(str, data[name])) for name in ("choices", "standards", "having", "tabulated")}


@cache
def _measures_by_unit() -> dict[str, _Words]:
    data = read_yaml(data_folder("grammar") / "lexicon" / "superlatives.yaml")["measures"]
    return {str(unit): frozenset(map(str, words)) for unit, words in data.items()}


@cache
def _unit_words() -> _Words:
    """The words of units and of their multiples, singular."""
    known = load_lexicon()
    spellings = (*known.units, *known.denominators, *known.magnitudes)
    return frozenset(singular(word) for spelling in spellings for word in split_words(spelling.strip("\0")))
