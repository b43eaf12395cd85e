"""Verdict marks in cells of their own: `✅`, "fits", "failed", and the limit that the heading of their column holds to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import ClaimSet
from stratlint.document.grid import Grid, GridCell, GridKind
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.statement import Item, Term

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
    for cell in grid.cells:
        if claims.numbers_between(cell.block, cell.start, cell.end):
            continue
        statement = claims.statement_at(cell.block, cell.start)
        verdict = (statement.verdict if statement is not None else "") or _worded(claims, cell)
        if not verdict:
            continue
        if grid.kind is not GridKind.PAIRS and (limit := _limit_among(items_in(cell.label_block, cell.label_start, cell.label_end))):
            limits[cell.record] = limit
        for key in ((cell.record, -1), (-1, cell.line)):
            several = grid.kind is GridKind.PAIRS and key in verdicts  # each speaks of something else
            verdicts[key] = "fail" if several or "fail" in (verdict, verdicts.get(key)) else verdict
    return Marks(verdicts, limits)


def _limit_among(items: Sequence[Item]) -> Term | None:
    """The one amount that the heading of a column of marks holds them to: `Fits in 64 GB`."""
    terms = [item.term for item in items if item.term is not None]
    limits = [term for term in terms if term.amount.hard and term.tags & {"at_most", "fits", "below", "inside"}]
    return replace(limits[0], tags=limits[0].tags | {"limit", "at_most"} - {"only"}) if len(limits) == len(terms) == 1 else None


def _worded(claims: ClaimSet, cell: GridCell) -> str:
    """The verdict that the first word of a cell gives: "pass", "fits", "failed, see below"."""
    text = claims.document.blocks[cell.block].text[cell.start : cell.end]
    words = "".join(character if character.isalnum() else " " for character in text).lower().split()
    length, tags = lexicon().tagged(words, 0) if words else (0, frozenset[str]())
    if words and not words[0].isascii():
        length, tags = 1, lexicon().inside.get(words[0], frozenset())
    if tags & {"fails"}:
        return "fail"
    return "pass" if "fits" in tags and length == len(words) else ""
