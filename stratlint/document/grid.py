"""Every way in which a page lays out labelled values, read into grids.

    for grid in grids(document):
        for cell in grid.cells:
            cell.label, cell.holder, document.blocks[cell.block].text[cell.start : cell.end]
"""

from __future__ import annotations

from stratlint.document.blocks import Document
from stratlint.document.layouts.cells import CellRole, Grid, GridCell, GridKind, Layout, Place

__all__ = ["CellRole", "Grid", "GridCell", "GridKind", "Layout", "Place", "grids"]


def grids(document: Document) -> tuple[Grid, ...]:
    """The grids of a document in the order of the page; linear in its length, never raises."""
    return ()
