"""Which device or model a number speaks of: the nearest name, and only when the page leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from stratlint.document import BlockKind
from stratlint.facts.fact import FactSet, Mention, Place
from stratlint.facts.mentions import devices_named, models_named
from stratlint.physics.catalog import Accelerator, Model
from stratlint.rules.context import Context
from stratlint.rules.finding import Location

Entry = TypeVar("Entry", bound=Accelerator | Model)

# "Llama-3-70B-shaped", "a GPT-3 style decoder": not the model itself. Known builds of the same model are.
_DERIVED = re.compile(
    r"(?i)^[\s*_`]*-?\s*(?:(?:shaped?|style[ds]?|like|class|scale|sized?|based|derived|"
    r"inspired|equivalent|proxy|variant|lite|mini|"
    r"distill?\w*|prun\w+|draft|clone|compatible|type)\b|-?class)"
)
_SAME_BUILD = re.compile(
    r"(?i)^-(?:instruct|chat|base|hf|it|fp8|fp16|bf16|awq|gptq|int[48]|w8a8|w4a16|nvfp4|mxfp4|"
    r"turbo|versatile|gguf|v\d[\d.]*|\d{4}|"
    r"thinking|dynamic|bench\w*|serv\w+|pretrain\w*|train\w*|generation|on|sxm\d*|pcie|nvl\d*|"
    r"\d+g(?:i?b)?|hbm\w*|oam|nodes?|gpus?|cluster\w*)"
    r"(?![a-z])"
)
_BUILT_ON = re.compile(
    r"(?i)\b(?:built on|based on|derived from|fine-?tuned from|initiali[sz]ed from|"
    r"distilled from|adapted from|beats?|than|vs\.?|versus)\W+$"
)
# Chips the catalog does not have: a page that names one may speak of it anywhere.
_OTHER_CHIPS = re.compile(
    r"(?i)\b(?:ascend|910[a-d]\d?|gaudi\s?\d?|trainium\d?|inferentia\d?|mi\d{3}[a-z]?|"
    r"rtx\s?\d{4}|a800|h20|l20|l40s?|gb\d{3}|"
    r"cerebras|groq|sohu|etched|tenstorrent|昇腾|mlu\d+|tpu\s?v\d\w?|v\d{3}s?|a\d{3}s?|h\d{3}s?|"
    r"b\d{3}s?|rubin|vr\d{3})\b"
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
    return _subject(context, place, offset, "device", devices_named)


def model_at(context: Context, place: Place, offset: int) -> Subject[Model] | None:
    """The model that a number at *place* speaks of."""
    return _subject(context, place, offset, "model", models_named)


def _subject(
    context: Context, place: Place, offset: int, kind: str, named: Callable[[str], tuple[Entry, ...]]
) -> Subject[Entry] | None:
    mentions = _mentions(context.facts, kind)
    if not mentions:
        return None
    aside: list[Mention] = []
    for level, here in _levels(context, mentions, place, offset):
        if level == "section" and kind == "model":
            # a model mentioned somewhere in the section may be there for comparison: it can only raise doubt
            aside += here
            continue
        if level == "stop":
            return None
        if here:
            if level == "document" and not _speaks_of_one(context.facts, kind):
                return None
            subject = _agreed(context, [*here, *aside], named)
            return subject if subject is None or not _names_another(context, place, subject, kind) else None
    return None


@lru_cache(maxsize=4)
def _mentions(facts: FactSet, kind: str) -> tuple[Mention, ...]:
    """The names of a *kind* that the document says in its own voice, in order."""
    return tuple(m for m in facts.mentions if m.kind == kind and m.modality == "asserted")


def _agreed(
    context: Context, mentions: Sequence[Mention], named: Callable[[str], tuple[Entry, ...]]
) -> Subject[Entry] | None:
    """All names at one distance must share an entry with the first; their builds are all admissible."""
    union: dict[str, Entry] = {}
    first: set[str] | None = None
    for mention in mentions:
        entries = named(mention.name)
        if not entries or (_derived(context, mention)):
            return None
        names = {entry.name for entry in entries}
        if first is None:
            first = names
        elif not first & names:
            return None
        union.update((entry.name, entry) for entry in entries)
    best = min(mentions, key=lambda m: (len(named(m.name)), m.span.start))
    return Subject(tuple(union.values()), best)


def _derived(context: Context, mention: Mention) -> bool:
    text = context.document.text
    after = text[mention.span.end : mention.span.end + 24]
    before = text[max(mention.span.start - 1, 0) : mention.span.start]
    if before == "-" or _BUILT_ON.search(text[max(mention.span.start - 40, 0) : mention.span.start]):
        return True
    if _DERIVED.match(after) or re.match(r"\s?(?:Ti|Super)\b", after):
        return True
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
    block = context.document.blocks[place.block]
    text = block.text
    if block.cell is not None:
        rows = context.document.tables[block.cell.table].rows
        text = " ".join(
            context.document.blocks[i].text
            for i in (rows[0][block.cell.column], *rows[block.cell.row][:1], place.block)
        )
    names = {entry.name for entry in subject.entries}
    for match in _OTHER_CHIPS.finditer(text):
        entries = devices_named(match[0].rstrip("s")) or devices_named(match[0])
        if not any(
            entry.name in names or entry.name.split("-")[0] in {n.split("-")[0] for n in names} for entry in entries
        ):
            return True
    return False


def _levels(
    context: Context, mentions: Sequence[Mention], place: Place, offset: int
) -> Iterator[tuple[str, list[Mention]]]:
    """Mentions by distance: sentence, cell, column or row, table, block, list, headings and sections, document."""
    document = context.document
    block = document.blocks[place.block]
    if block.cell is None:
        statement = context.claims.statement(place.block, place.sentence)
        if statement is not None:
            yield "sentence", [m for m in mentions if statement.span.start <= m.span.start < statement.span.end]
        yield "block", [m for m in mentions if m.place.block == place.block]
        for depth in range(len(block.list_path), 0, -1):
            prefix = block.list_path[:depth]
            yield "list", [m for m in mentions if document.blocks[m.place.block].list_path[:depth] == prefix]
    else:
        yield from _table_levels(context, mentions, place)
    section = place.section
    while section >= 0:
        heading = document.sections[section].block
        yield "heading", [m for m in mentions if m.place.block == heading]
        yield "section", [m for m in mentions if m.place.section == section and m.place.block != heading]
        section = document.sections[section].parent
    yield "front matter", [m for m in mentions if document.blocks[m.place.block].kind is BlockKind.FRONT_MATTER]
    yield "document", list(mentions)


def _table_levels(context: Context, mentions: Sequence[Mention], place: Place) -> Iterator[tuple[str, list[Mention]]]:
    table = [m for m in mentions if m.place.table == place.table]
    if not table:
        return
    yield "cell", [m for m in table if m.place.block == place.block]
    column = [m for m in table if m.place.column == place.column and m.place.column > 0]
    row = [m for m in table if m.place.row == place.row]
    # names in both have to agree; names in other columns and rows say that this one is of something else
    yield "column and row", [*row, *column]
    yield "stop", []
