"""Verdict marks in cells of their own: `✅`, "fits", "failed", and the limit that the heading of their column holds to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stratlint.claims.claim import ClaimSet
from stratlint.document.grid import Grid, GridCell, GridKind
from stratlint.document.layouts.words import holds_word, in_brackets
from stratlint.meaning.lexicon import lexicon, segments
from stratlint.meaning.statement import Item, Term

_NOTHING = frozenset[str]()
# What a mark may say again, or of which limit.
_AGREEING = frozenset({"fits", "target", "limit", "free"})
# A record by its number and -1, a line by -1 and its number.
Marked = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """What the cells without a number say of a grid: verdicts of records and lines, and limits of records by their number."""

    verdicts: Mapping[Marked, str]
    limits: Mapping[int, Term]


def marks_of(claims: ClaimSet, grid: Grid, items_in: Callable[[int, int, int], Sequence[Item]]) -> Marks:
    """The marks of a grid; *items_in* reads a block between two content offsets."""
    verdicts: dict[Marked, str] = {}
    limits: dict[int, Term] = {}
    alone = grid.kind is GridKind.PAIRS and not any(cell.slot for cell in grid.cells)
    for cell in grid.cells:
        if claims.numbers_between(cell.block, cell.start, cell.end):
            continue
        statement = claims.statement_at(cell.block, cell.start)
        verdict = (statement.verdict if statement is not None else "") or _worded(claims, cell)
        if not verdict:
            continue
        plain = verdict == "fail" or _only_verdict(claims.document.blocks[cell.block].text[cell.start : cell.end])
        if grid.kind is not GridKind.PAIRS and (limit := _limit_among(items_in(cell.label_block, cell.label_start, cell.label_end))):
            limits[cell.record] = limit
        for key, heading in (
            ((cell.record, -1), _heading(cell, across=False, alone=alone)),
            ((-1, cell.line), _heading(cell, across=True, alone=alone)),
        ):
            if verdict == "pass" and not (plain and _asks(heading)):
                continue
            several = grid.kind is GridKind.PAIRS and key in verdicts  # each speaks of something else
            verdicts[key] = "fail" if several or "fail" in (verdict, verdicts.get(key)) else verdict
    return Marks(verdicts, limits)


def _heading(cell: GridCell, *, across: bool, alone: bool) -> str:
    """What says of what a mark is, for its record or for its line: the heading of its column, its label where values have no columns of
    their own (*alone*)."""
    said = cell.names if alone or (cell.kind is GridKind.TRANSPOSED and not across) else cell.column
    return said[-1] if said else ""


@lru_cache(maxsize=1024)
def _asks(heading: str) -> bool:
    """Whether the heading of a mark asks if a limit is kept: `Fits in 64 GB?`, `Status`, nothing; not `Approved` or `Has NVLink`."""
    words = _words(heading)
    return not words or any(map(str.isdigit, heading)) or bool(_tags(words) & _AGREEING) or holds_word("verdicts", heading)


def _only_verdict(text: str) -> bool:
    """Whether a cell says no more than that something passes, `✅`, `✅ Fits in memory`; not under what condition: `✅ (with offload)`."""
    if holds_word("reworked", text) or "condition" in _tags(_words(text)):
        return False
    words = _words(text)
    said = lexicon().tagged(words, 0)[1] if words else _NOTHING
    return _agrees(in_brackets(text)) and ("fits" in said or _agrees(text))


def _agrees(text: str) -> bool:
    """Whether all words say that something passes, or what limit it keeps."""
    words = _words(text)
    known, at = lexicon(), 0
    while at < len(words):
        length, tags = known.tagged(words, at)
        tags |= known.inside.get(words[at], _NOTHING)
        if not tags & _AGREEING and words[at] not in known.function_words and not holds_word("verdicts", words[at]):
            return False
        at += max(length, 1)
    return True


def _tags(words: Sequence[str]) -> frozenset[str]:
    known = lexicon()
    return _NOTHING.union(*(known.tagged(words, at)[1] | known.inside.get(words[at], _NOTHING) for at in range(len(words))))


def _words(text: str) -> list[str]:
    """The words of a text, in small letters, Chinese ones apart."""
    words = "".join(character if character.isalnum() else " " for character in text).lower().split()
    return [part for word in words for part in segments(word)]


def _limit_among(items: Sequence[Item]) -> Term | None:
    """The one amount that the heading of a column of marks holds them to: `Fits in 64 GB`."""
    terms = [item.term for item in items if item.term is not None]
    limits = [term for term in terms if term.amount.hard and term.tags & {"at_most", "fits", "below", "inside"}]
    return replace(limits[0], tags=limits[0].tags | {"limit", "at_most"} - {"only"}) if len(limits) == len(terms) == 1 else None


def _worded(claims: ClaimSet, cell: GridCell) -> str:
    """The verdict that the first word of a cell gives: "pass", "fits", "failed, see below"."""
    text = claims.document.blocks[cell.block].text[cell.start : cell.end]
    words = "".join(character if character.isalnum() else " " for character in text).lower().split()
    length, tags = lexicon().tagged(words, 0) if words else (0, _NOTHING)
    if words and not words[0].isascii():
        length, tags = 1, lexicon().inside.get(words[0], _NOTHING)
    if tags & {"fails"}:
        return "fail"
    return "pass" if "fits" in tags and length == len(words) else ""
