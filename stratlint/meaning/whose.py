"""Whose figures a record states: the device that its labels, another of its rows, its header, its introduction or a heading names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stratlint.document import Block, Document
from stratlint.document.grid import Grid
from stratlint.meaning.axes import split_words
from stratlint.meaning.groups import Group
from stratlint.meaning.published import Fields, device_of
from stratlint.meaning.sheet_words import names_device, says_nothing, unpublished


@dataclass(frozen=True, slots=True)
class Owner:
    """The device that a record is of; `beside`: it stands in the labels of the record, `near`: or in its table, right above it, or in the
    heading of its section."""

    name: str
    figures: Fields
    beside: bool = False
    near: bool = False


class Whose:
    """Finds the owners of the records of a page."""

    def __init__(self, document: Document, laid_out: Sequence[Grid], introduced: Mapping[int, str]) -> None:
        self._document = document
        self._captions = {grid.index: grid.caption for grid in laid_out}
        self._introduced = introduced
        # Many records ask for the same header, title and page.
        self._known: dict[str, tuple[str, Fields] | None] = {}

    def of(self, group: Group, *, alone: bool) -> Owner | None:
        """The owner of a record; *alone*: it is the only one of its grid, which may be named outside."""
        holder = " \n ".join(group.holder)
        if unpublished(split_words(holder)):
            return None
        if found := self._device(holder):
            return Owner(*found, beside=True, near=True) if found[0] else None
        block = self._document.blocks[group.terms[0].place.block]
        if found := self._device(" \n ".join(self._naming_cells(group))):
            return Owner(*found, near=True) if found[0] else None
        if not alone:
            return None
        return self._outside(group, block)

    def _device(self, text: str) -> tuple[str, Fields] | None:
        if text not in self._known:
            self._known[text] = device_of(text)
        return self._known[text]

    def _outside(self, group: Group, block: Block) -> Owner | None:
        header = self._header(block)
        introduction = self._introduced.get(block.index) or self._captions.get(group.grid, "")
        for text in (" \n ".join(header), introduction):
            if unpublished(split_words(text)):
                return None
            if found := self._device(text):
                return Owner(*found, near=True) if found[0] else None
        if not all(map(says_nothing, header)):
            return None
        for level, title in enumerate(reversed(self._document.heading_path(block.section))):
            if unpublished(split_words(title)):
                return None
            if found := self._device(title):
                return Owner(*found, near=not level) if found[0] else None
        found = self._device(self._document.text)
        return Owner(*found) if found is not None and found[0] else None

    def _header(self, block: Block) -> Sequence[str]:
        if block.cell is None:
            return ()
        return [self._document.blocks[each].text for each in self._document.tables[block.cell.table].rows[0]]

    def _naming_cells(self, group: Group) -> Iterator[str]:
        """The cells of the record's table that say of which device it is: "Accelerator | 8 × H200 SXM"."""
        cells = [cell for term in group.terms if (cell := self._document.blocks[term.place.block].cell) is not None]
        if not cells:
            return
        rows = self._document.tables[cells[0].table].rows
        columns, lines = {cell.column for cell in cells}, {cell.row for cell in cells}
        if len(columns) == 1:
            yield from self._named((row[0], row[next(iter(columns))]) for row in rows[1:] if len(row) > 1)
        elif len(lines) == 1:
            yield from self._named(zip(rows[0], rows[next(iter(lines))], strict=False))

    def _named(self, pairs: Iterable[tuple[int, int]]) -> Iterator[str]:
        for label, value in pairs:
            if label != value and names_device(self._document.blocks[label].text):
                yield self._document.blocks[value].text
