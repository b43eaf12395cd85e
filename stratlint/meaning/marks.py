"""Verdict marks in cells and labels: `✅`, "fits", "failed", and the limit that the heading of their column holds to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stratlint.claims.claim import ClaimSet
from stratlint.claims.extract import signs_in
from stratlint.document.grid import CellRole, Grid, GridCell, GridKind, Layout, Place
from stratlint.document.layouts.words import holds_word, in_brackets, in_list
from stratlint.meaning.groups import Axis
from stratlint.meaning.lexicon import lexicon, segments
from stratlint.meaning.statement import Item, ItemKind, Term

PASS, FAIL, DOUBTFUL = "pass", "fail", "doubtful"
_NOTHING = frozenset[str]()
# What a mark may say again, or of which limit.
_AGREEING = frozenset({"fits", "target", "limit", "free"})
# A record by its number and -1, a line by -1 and its number.
Marked = tuple[int, int]
ItemsIn = Callable[[int, int, int], Sequence[Item]]
_FEWEST = 2
_TABLES = frozenset({Layout.TABLE, Layout.HTML, Layout.TEXT})


@dataclass(frozen=True, slots=True)
class Marks:
    """What the cells without a number say of a grid: verdicts of records and lines, of columns that a line of verdicts closes, by their
    slot, limits of records by their number, the lines with a remark, which may say why something failed, and the verdicts of single
    cells by their line and slot."""

    verdicts: Mapping[Marked, str]
    limits: Mapping[int, Term]
    columns: Mapping[int, str]
    remarked: frozenset[int]
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def at(self, cell: GridCell, own: str) -> str:
        """The verdict on the value of one cell, with its *own* sign: in a list that of its line."""
        if own == FAIL and cell.line in self.remarked:
            return DOUBTFUL
        return own or (self.verdicts.get((-1, cell.line), "") if cell.kind is GridKind.PAIRS else "")

    def beside(self, cell: GridCell) -> str:
        """The verdict that another cell of its line gives where columns are variants: `| TTFT | 310 ms | ✅ |`."""
        return self.verdicts.get((-1, cell.line), "") if cell.kind is GridKind.TRANSPOSED else ""

    def on(self, axis: Axis, cell: GridCell) -> str:
        """The verdict on what stands with a cell along an axis."""
        if axis is Axis.RECORD:
            return self.verdicts.get((cell.record, -1), "")
        if axis is Axis.SERIES:
            return ""
        return self.columns.get(cell.slot, "") if cell.kind is GridKind.RECORDS else self.verdicts.get((-1, cell.line), "")


def marks_of(claims: ClaimSet, grid: Grid, items_in: ItemsIn) -> Marks:
    """The marks of a grid; *items_in* reads a block between two content offsets."""
    verdicts: dict[Marked, str] = {}
    limits: dict[int, Term] = {}
    alone = grid.kind is GridKind.PAIRS and not any(cell.slot for cell in grid.cells)
    single: dict[tuple[int, int], str] = {}
    found: list[tuple[GridCell, str]] = []
    remarks: list[GridCell] = []
    for cell in grid.cells:
        numbers = claims.numbers_between(cell.block, cell.start, cell.end)
        verdict = "" if numbers else _verdict(claims, _own(cell))
        if not verdict:
            if (
                (not numbers or cell.role is CellRole.NOTE)
                and grid.kind is not GridKind.PAIRS
                and _says_something(_text(claims, _own(cell)))
            ):
                remarks.append(cell)
            continue
        plain = verdict != PASS or _only_verdict(_text(claims, _own(cell)))
        single[cell.line, cell.slot] = verdict if plain else DOUBTFUL
        heading = _heading(cell)
        limit = _limit_among(items_in(heading.block, heading.start, heading.end)) if grid.kind is not GridKind.PAIRS else None
        if limit is not None:
            limits[cell.record] = limit
        if cell.holder_at is not None:
            found.append((cell, _asked(claims, cell.holder_at, verdict)))
        said = verdict if limit is not None else _asked(claims, heading, verdict)
        for key, question in (
            ((cell.record, -1), _question(cell, across=False, alone=alone)),
            ((-1, cell.line), _question(cell, across=True, alone=alone)),
        ):
            if verdict == PASS and not (plain and _asks(question)):
                continue
            several = grid.kind is GridKind.PAIRS and key in verdicts  # each speaks of something else
            verdicts[key] = DOUBTFUL if several else _both(said, verdicts.get(key, ""))
    for cell, verdict in _labels(claims, grid):
        key = (cell.record, -1) if grid.kind is GridKind.RECORDS else (-1, cell.line)
        verdicts[key] = _both(verdict, verdicts.get(key, ""))
    for cell in remarks:
        verdicts.update((key, DOUBTFUL) for key in ((cell.record, -1), (-1, cell.line)) if verdicts.get(key) == FAIL)
    return Marks(verdicts, limits, _of_columns(grid, found), frozenset(cell.line for cell in remarks), single)


def _labels(claims: ClaimSet, grid: Grid) -> Iterator[tuple[GridCell, str]]:
    """The verdicts in the labels of a table's lines: `✅ Latency`; what stands in several of a line once."""
    seen: set[int] = set()
    for cell in grid.cells if grid.layout in _TABLES else ():
        at = cell.holder_at if grid.kind is GridKind.RECORDS else Place(cell.label_block, cell.label_start, cell.label_end)
        if cell.line in seen or at is None or not cell.row:
            continue
        seen.add(cell.line)
        signs, _ = signs_in(_text(claims, at))
        if signs and not claims.numbers_between(at.block, at.start, at.end):
            yield cell, _of_signs([signs])


def _of_columns(grid: Grid, found: Sequence[tuple[GridCell, str]]) -> dict[int, str]:
    """What one line of nothing but verdicts says of the columns above it: `| Met | ✅ | ❌ |`."""
    lines = {cell.line for cell, _ in found}
    if grid.kind is not GridKind.RECORDS or len(lines) != 1 or len(found) < _FEWEST:
        return {}
    in_line = sum(cell.line in lines for cell in grid.cells)
    return {cell.slot: verdict for cell, verdict in found} if in_line == len(found) else {}


def _heading(cell: GridCell) -> Place:
    """Where the heading of a verdict stands: that of its column, or its label; an empty place without one."""
    if cell.kind is GridKind.TRANSPOSED:
        return cell.holder_at or Place(cell.block, cell.start, cell.start)
    return Place(cell.label_block, cell.label_start, cell.label_end)


def _own(cell: GridCell) -> Place:
    return Place(cell.block, cell.start, cell.end)


def _text(claims: ClaimSet, at: Place) -> str:
    return claims.document.blocks[at.block].text[at.start : at.end]


def _asked(claims: ClaimSet, heading: Place, verdict: str) -> str:
    """A verdict below a heading that asks for one ("Met", "Status", a sign, nothing); below another one a failure is doubtful."""
    said = _text(claims, heading)
    return DOUBTFUL if verdict == FAIL and _says_something(said) and not in_list("verdicts", said) else verdict


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _verdict(claims: ClaimSet, at: Place) -> str:
    """What a cell without a number says: by its signs, or by its first word; a failure is doubtful where it says more."""
    signs, rest = signs_in(_text(claims, at))
    if not signs:
        return _worded(rest)
    verdict = _of_signs([signs])
    return DOUBTFUL if verdict == FAIL and _says_something(rest) and _worded(rest) != FAIL else verdict


def _of_signs(marks: Sequence[frozenset[str]]) -> str:
    """The verdict of several signs; doubtful where one only warns, or they differ."""
    said = frozenset[str]().union(*marks)
    return next(iter(said)) if len(said) == 1 else DOUBTFUL if said else ""


def mark_of(items: Sequence[Item]) -> str:
    """The verdict of the signs in a cell with a number; a failure is doubtful where words follow."""
    signs = [item.tags for item in items if item.kind is ItemKind.MARK]
    verdict = _of_signs(signs)
    last = max((at for at, item in enumerate(items) if item.kind is ItemKind.MARK), default=0)
    return DOUBTFUL if verdict == FAIL and any(item.kind in (ItemKind.WORD, ItemKind.CUE) for item in items[last:]) else verdict


def _both(one: str, two: str) -> str:
    """What two verdicts say together."""
    if not two or one == two:
        return one
    return DOUBTFUL


def _question(cell: GridCell, *, across: bool, alone: bool) -> str:
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


def _worded(text: str) -> str:
    """The verdict that the first word of a cell gives: "pass", "fits", "failed, see below"."""
    words = "".join(character if character.isalnum() else " " for character in text).lower().split()
    length, tags = lexicon().tagged(words, 0) if words else (0, _NOTHING)
    if words and not words[0].isascii():
        length, tags = 1, lexicon().inside.get(words[0], _NOTHING)
    if tags & {"fails"}:
        return FAIL if length == len(words) else DOUBTFUL
    return PASS if "fits" in tags and length == len(words) else ""
