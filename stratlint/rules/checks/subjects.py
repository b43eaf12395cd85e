"""Which device or model a number speaks of: the nearest name, and only when the page leaves no doubt."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from stratlint.document import BlockKind, Document, Span
from stratlint.facts.fact import FactSet, Mention, Place
from stratlint.facts.mentions import devices_named, models_named
from stratlint.physics.catalog import Accelerator, Model
from stratlint.rules.context import Context
from stratlint.rules.finding import Location
from stratlint.rules.patterns import Pattern

Entry = TypeVar("Entry", bound=Accelerator | Model)

# "Llama-3-70B-shaped", "a GPT-3 style decoder": not the model itself. Known builds of the same model are.
_DERIVED = Pattern(
    r"(?i)^-\d+L\b|^[\s*_`]*-?\s*(?:(?:shaped?|style[ds]?|like|class|scale|sized?|based|derived|"
    r"inspired|equivalent|proxy|variant|lite|mini|"
    r"distill?\w*|prun\w+|draft|clone|compatible|type)\b|-?class)"
)
_SAME_BUILD = Pattern(
    r"(?i)^-(?:instruct|chat|base|hf|it|fp8|fp16|bf16|awq|gptq|int[48]|w8a8|w4a16|nvfp4|mxfp4|"
    r"turbo|versatile|gguf|v\d[\d.]*|\d{4}|"
    r"thinking|dynamic|bench\w*|serv\w+|pretrain\w*|train\w*|generation|on|sxm\d*|pcie|nvl\d*|"
    r"\d+g(?:i?b)?|hbm\w*|oam|nodes?|gpus?|cluster\w*)"
    r"(?![a-z])"
)
_BUILT_ON = Pattern(
    r"(?i)\b(?:built on|based on|derived from|fine-?tuned from|initiali[sz]ed from|"
    r"distilled from|adapted from|(?<![\w ])\W*(?:un)?like|similar to|successor (?:to|of)|beats?|than|vs\.?|versus|compared (?:to|with)|"
    r"\d\.\d+\s?[×x]|(?:nearly|almost|over|about|roughly|~)\s?\d+\s?[×x])\W+$"
)
# Chips the catalog does not have: a page that names one may speak of it anywhere.
_OTHER_CHIPS = Pattern(
    r"(?i)\b(?:ascend|910[a-d]\d?|gaudi\s?\d?|trainium\d?|inferentia\d?|mi\d{3}[a-z]?|"
    r"rtx\s?\d{4}|a800|h20|l20|l40s?|gb\d{3}|"
    r"cerebras|groq|sohu|etched|tenstorrent|昇腾|mlu\d+|tpu\s?v\d\w?|v[45][ep]|v6e|v\d{3}s?|a\d{3}s?|h\d{3}s?|"
    r"b\d{3}s?|rubin|vr\d{3}|jetson|orin|xavier)\b"
)


@dataclass(frozen=True, slots=True)
class Subject(Generic[Entry]):
    """Catalog entries that a number may speak of (several builds of one device), and where they are named."""

    entries: tuple[Entry, ...]
    mention: Mention

    def location(self, context: Context) -> Location:
        """The place of the name."""
        return context.location(self.mention.span, "named " + self.mention.kind)


def device_at(context: Context, place: Place, offset: int) -> Subject[Accelerator] | None:
    """The accelerator that a number at *place* (source *offset*) speaks of."""
    return _subject(context, place, "device", devices_named)


def model_at(context: Context, place: Place, offset: int) -> Subject[Model] | None:
    """The model that a number at *place* speaks of."""
    return _subject(context, place, "model", models_named)


def _subject(context: Context, place: Place, kind: str, named: Callable[[str], tuple[Entry, ...]]) -> Subject[Entry] | None:
    names = _names(context.facts, kind)
    if not names.mentions:
        return None
    aside: list[_Named] = []
    for level, here in _levels(context, names, place):
        if level == "stop":
            return None
        if here is None:
            continue
        if level == "heading" and kind == "model" and _heads_several(context.document, here.first[0]):
            return None
        if level == "section" and kind == "model":
            # a model mentioned somewhere in the section may be there for comparison: it can only raise doubt
            aside.append(here)
            continue
        if level == "document" and not _speaks_of_one(context.facts, kind):
            return None
        subject = _agreed([here, *aside], named)
        return subject if subject is None or not _names_another(context, place, subject, kind) else None
    return None


# "Nemo-12B + Nano-8B": the text below may speak of either, and the catalog may not have the other.
_ANOTHER = Pattern(r"\s(?:\+|&|vs\.?|versus|and|与|和)\s+[A-Z][\w.]*-?[\w.]*\d|\d[\w.]*\s(?:\+|&|vs\.?|versus|and|与|和)\s+[A-Z]")


def _heads_several(document: Document, mention: Mention) -> bool:
    return bool(_ANOTHER.search(document.blocks[mention.place.block].text))


@dataclass(frozen=True, slots=True)
class _Named:
    """The names at one distance: where each is first mentioned, and whether one is of something derived from it."""

    first: tuple[Mention, ...]
    derived: bool

    @classmethod
    def of(cls, page: FactSet, mentions: Iterable[Mention]) -> _Named:
        """What *mentions* come to."""
        found = tuple(mentions)
        first = {mention.name: mention for mention in reversed(found)}
        ordered = tuple(mention for mention in found if first[mention.name] is mention)
        return cls(ordered, any(_derived(page, mention) for mention in found))


class _Names:
    """What a page names in its own voice, by place: a number must not have to look at all names of its page."""

    def __init__(self, page: FactSet, kind: str) -> None:
        own = (m for m in page.mentions if m.kind == kind and m.modality == "asserted")
        self.mentions = tuple(sorted(own, key=lambda mention: mention.span.start))
        self._page = page
        self._starts = [mention.span.start for mention in self.mentions]
        self._groups: dict[str, dict[Hashable, list[Mention]]] = {}
        self._known: dict[tuple[str, Hashable], _Named | None] = {}

    def at(self, level: str, key: Hashable) -> _Named | None:
        """The names with this *key* at a *level*, None when there are none."""
        if (level, key) not in self._known:
            if level not in self._groups:
                groups: dict[Hashable, list[Mention]] = {}
                for mention in self.mentions:
                    for each in _KEYS[level](self._page.document, mention.place):
                        groups.setdefault(each, []).append(mention)
                self._groups[level] = groups
            found = self._groups[level].get(key)
            self._known[level, key] = _Named.of(self._page, found) if found else None
        return self._known[level, key]

    def within(self, span: Span) -> _Named | None:
        """The names inside a span of the source."""
        first = bisect_left(self._starts, span.start)
        last = bisect_left(self._starts, span.end, first)
        return _Named.of(self._page, self.mentions[first:last]) if last > first else None


# By what the place of a name is known at each level.
_KEYS: Mapping[str, Callable[[Document, Place], Iterable[Hashable]]] = {
    "block": lambda _, place: [place.block],
    "list": lambda document, place: _prefixes(document.blocks[place.block].list_path),
    "section": lambda document, place: [place.section] if document.sections[place.section].block != place.block else [],
    "table": lambda _, place: [place.table],
    "row": lambda document, place: [(place.table, place.row)] if _heads(document, place.table, place.column, (0, place.column)) else [],
    "column": lambda document, place: (
        [(place.table, place.column)] if place.column > 0 and _heads(document, place.table, place.row, (place.row, 0)) else []
    ),
    "front matter": lambda document, place: [document.blocks[place.block].kind is BlockKind.FRONT_MATTER],
    "document": lambda *_: [()],
}


def _prefixes(path: tuple[int, ...]) -> list[Hashable]:
    return [path[:depth] for depth in range(len(path), 0, -1)]


@lru_cache(maxsize=4)
def _names(facts: FactSet, kind: str) -> _Names:
    return _Names(facts, kind)


def _agreed(groups: Sequence[_Named], named: Callable[[str], tuple[Entry, ...]]) -> Subject[Entry] | None:
    """All names at one distance must share an entry with the first; their builds are all admissible."""
    if any(group.derived for group in groups):
        return None
    union: dict[str, Entry] = {}
    first: set[str] | None = None
    mentions = [mention for group in groups for mention in group.first]
    for mention in mentions:
        entries = named(mention.name)
        if not entries:
            return None
        names = {entry.name for entry in entries}
        if first is None:
            first = names
        elif not first & names:
            return None
        union.update((entry.name, entry) for entry in entries)
    best = min(mentions, key=lambda m: (len(named(m.name)), m.span.start))
    return Subject(tuple(union.values()), best)


def _derived(page: FactSet, mention: Mention) -> bool:
    text = page.document.text
    after = text[mention.span.end : mention.span.end + 24]
    before = text[max(mention.span.start - 1, 0) : mention.span.start]
    if before == "-" or _BUILT_ON.search(text[max(mention.span.start - 40, 0) : mention.span.start]):
        return True
    if _DERIVED.match(after) or re.match(r"\s?(?:Ti|Super)\b|[\w\s]{0,18}Superchip", after):
        return True
    if mention.kind == "model" and re.match(r"[\s-](?!\d+[BM]\W+(?:param|model))\d+(?:\.\d+)?[BM]\b", after):
        return True  # "GPT-3 2.7B" is a smaller sister
    return bool(re.match(r"-[A-Za-z]", after)) and not _SAME_BUILD.match(after)


@lru_cache(maxsize=4)
def _speaks_of_one(facts: FactSet, kind: str) -> bool:
    """A name far away counts only for devices, on a page that names no other chip."""
    if kind != "device":
        return False
    known = {entry.name for m in facts.mentions if m.kind == "device" for entry in devices_named(m.name)}
    for match in _OTHER_CHIPS.finditer(facts.document.text):
        entries = devices_named(match[0].rstrip("s")) or devices_named(match[0])
        if not any(entry.name in known for entry in entries):
            return False
    return True


def _names_another(context: Context, place: Place, subject: Subject[Entry], kind: str) -> bool:
    """Whether the sentence, or the table's row or column header, names a chip that is not the subject."""
    if kind != "device":
        return False
    cell = context.document.blocks[place.block].cell
    blocks = {place.block}
    if cell is not None:
        rows = context.document.tables[cell.table].rows
        blocks |= {rows[0][cell.column], *rows[cell.row][:1]}
    names = {entry.name for entry in subject.entries}
    chips = {name.split("-")[0] for name in names}
    if any(not entries for block in _headings(context.document, place.section) for entries in _chips_in(context.facts, block)):
        return True  # a page about a chip that the catalog does not have compares it with those it has
    return not all(
        any(entry in names or entry.split("-")[0] in chips for entry in entries)
        for block in blocks for entries in _chips_in(context.facts, block)
    )  # fmt: skip


def _headings(document: Document, section: int) -> Iterator[int]:
    while section > 0:
        yield document.sections[section].block
        section = document.sections[section].parent


@lru_cache(maxsize=64)
def _chips_in(page: FactSet, block: int) -> frozenset[tuple[str, ...]]:
    """The chips that a block names, each by its catalog entries; () for one that the catalog does not have."""
    names = {match[0] for match in _OTHER_CHIPS.finditer(page.document.blocks[block].text)}
    entries = (devices_named(name.rstrip("s")) or devices_named(name) for name in names)
    return frozenset(tuple(entry.name for entry in each) for each in entries)


def _levels(context: Context, names: _Names, place: Place) -> Iterator[tuple[str, _Named | None]]:
    """Names by distance: sentence, cell, column or row, table, block, list, headings and sections, document."""
    document = context.document
    block = document.blocks[place.block]
    if block.cell is None:
        statement = context.claims.statement(place.block, place.sentence)
        if statement is not None:
            yield "sentence", names.within(statement.span)
        yield "block", names.at("block", place.block)
        for prefix in _prefixes(block.list_path):
            yield "list", names.at("list", prefix)
    elif names.at("table", place.table) is not None:
        yield "cell", names.at("block", place.block)
        # names in both have to agree; names in other columns and rows say that this one is of something else
        found = [each for key in ("row", "column") if (each := names.at(key, (place.table, getattr(place, key))))]
        if found:
            first = tuple(mention for each in found for mention in each.first)
            yield "column and row", _Named(first, any(each.derived for each in found))
        yield "stop", None
    section = place.section
    while section >= 0:
        yield "heading", names.at("block", document.sections[section].block)
        yield "section", names.at("section", section)
        if _OLDER.search(document.sections[section].title):
            yield "stop", None
        section = document.sections[section].parent
    yield "front matter", names.at("front matter", True)
    yield "document", names.at("document", ())


# What a heading further out names is not what stands below "Old pool".
_OLDER = Pattern(r"(?i)\b(?:old|older|previous|former|legacy|retired|earlier|existing)\b|旧|原有")
# The row or column of a table that says which model or device each of the others is of.
_NAMING = Pattern(
    r"(?i)^\W*(?:models?|names?|gpus?|devices?|accelerators?|hardware|chips?|cards?|systems?|instances?|nodes?|servers?|fleet|cluster|模型|型号|卡|芯片)\b"
)


def _heads(document: Document, table: int, index: int, corner: tuple[int, int]) -> bool:
    """Whether a name in a table stands where names of rows or columns do: any other cell may speak of something else."""
    if index == 0:
        return True
    row, column = corner
    if table < 0:
        return False
    rows = document.tables[table].rows
    if row >= len(rows) or column >= len(rows[row]):
        return False
    return bool(_NAMING.match(document.blocks[rows[row][column]].text))
