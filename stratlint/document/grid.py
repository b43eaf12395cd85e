"""Every way in which a page lays out labelled values, read into grids.

for grid in grids(document):
    for cell in grid.cells:
        cell.label, cell.holder, document.blocks[cell.block].text[cell.start : cell.end]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.document.blocks import Document
from stratlint.document.layouts.cells import CellRole, Grid, GridCell, GridKind, Layout, Place
from stratlint.document.layouts.fences import fence_grids
from stratlint.document.layouts.headings import heading_grids
from stratlint.document.layouts.lists import line_grids, list_grids
from stratlint.document.layouts.markdown import raw_table
from stratlint.document.layouts.markup import html_grids
from stratlint.document.layouts.table import read_table

__all__ = ["CellRole", "Grid", "GridCell", "GridKind", "Layout", "Place", "grids"]


def grids(document: Document) -> tuple[Grid, ...]:
    """The grids of a document in the order of the page; linear in its length, never raises."""
    found = sorted(_grids(document), key=_first)
    found = sorted((*found, *heading_grids(document, found)), key=_first)
    return tuple(replace(grid, index=index) for index, grid in enumerate(found))


def _grids(document: Document) -> Iterator[Grid]:
    for table in document.tables:
        grid = read_table(raw_table(document, table))
        if grid is not None:
            yield grid
    yield from html_grids(document)
    yield from fence_grids(document)
    yield from list_grids(document)
    yield from line_grids(document)


def _first(grid: Grid) -> tuple[int, int]:
    cell = grid.cells[0]
    return cell.block, cell.start
