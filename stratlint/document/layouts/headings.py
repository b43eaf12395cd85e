"""Headings as rows: `### Weights: 24 GB` … `### Total: 62 GB`, and sections of one label each, the last of which is called a total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stratlint.document.blocks import Document, Section
from stratlint.document.layouts.cells import CellRole, Grid, GridCell, GridKind, Layout
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.pairs import Pair, Where, pairs_of
from stratlint.document.layouts.raw import leads_with_number
from stratlint.document.layouts.words import role_of

_FEWEST = 3
_MOST = 40


def heading_grids(document: Document, found: Sequence[Grid]) -> Iterator[Grid]:
    """A guessed grid for the sections of one heading of which the last alone is called a total; *found*: the grids within sections."""
    inside: dict[int, list[Grid]] = {}
    for grid in found:
        inside.setdefault(grid.section, []).append(grid)
    for parent, sections in _families(document.sections).items():
        if _FEWEST <= len(sections) <= _MOST:
            pairs = [_pair(document, section) for section in sections]
            labels = [pair.label.label if pair is not None else section.title for pair, section in zip(pairs, sections, strict=True)]
            totals = [role_of(label) is CellRole.TOTAL for label in labels]
            if totals[-1] and not any(totals[:-1]):
                made = _of_headings(parent, pairs) or _of_labels(parent, sections, inside)
                if made is not None:
                    yield made


def _families(sections: Sequence[Section]) -> Mapping[int, Sequence[Section]]:
    found: dict[int, list[Section]] = {}
    for section in sections[1:]:
        found.setdefault(section.parent, []).append(section)
    return found


def _pair(document: Document, section: Section) -> Pair | None:
    """The label and the amount of a heading, if it is nothing but that."""
    block = document.blocks[section.block]
    pairs = pairs_of(block, 0, len(block.text), Where.LINE)
    return pairs[0] if len(pairs) == 1 and not pairs[0].inner and leads_with_number(pairs[0].value.text) else None


def _of_headings(parent: int, pairs: Sequence[Pair | None]) -> Grid | None:
    outline = Outline()
    for pair in pairs:
        if pair is None:
            return None
        outline.add_pair(0, pair)
    grid = outline.grid(parent, Layout.LINES)
    return replace(grid, sure=False) if grid is not None else None


def _of_labels(parent: int, sections: Sequence[Section], inside: Mapping[int, Sequence[Grid]]) -> Grid | None:
    """The cells that each section has under one label, as rows that the sections name."""
    cells: list[GridCell] = []
    for line, section in enumerate(sections):
        own = inside.get(section.index, ())
        lone = own[0].cells if len(own) == 1 and own[0].kind is GridKind.PAIRS else ()
        if len(lone) != 1 or (cells and lone[0].label.casefold() != cells[0].column[0].casefold()):
            return None
        role = role_of(section.title)
        cells.append(
            replace(lone[0], row=(section.title,), column=(lone[0].label,), record=0, line=line, slot=0, role=role, row_role=role)
        )  # fmt: skip
    return Grid(-1, GridKind.PAIRS, parent, "", tuple(cells), False, Layout.LINES)
