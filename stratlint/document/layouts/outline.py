"""Builds a grid of label → value pairs with groups: nested lists, keys of objects, lines of a fence."""

from __future__ import annotations

from dataclasses import dataclass, field

from stratlint.document.layouts.cells import CellRole, Grid, GridCell, GridKind, Layout
from stratlint.document.layouts.compound import parts_of, unit_of
from stratlint.document.layouts.pairs import Pair
from stratlint.document.layouts.raw import Slot
from stratlint.document.layouts.tree import Groups
from stratlint.document.layouts.words import role_of

_DEEPEST = 40  # names of a path that are kept


@dataclass(frozen=True, slots=True)
class _Entry:
    label: Slot
    value: Slot
    group: int
    role: CellRole | None


@dataclass(slots=True)
class Outline:
    """Pairs and groups as they are read; ``grid`` makes the grid."""

    groups: Groups = field(default_factory=Groups)
    paths: list[tuple[str, ...]] = field(default_factory=lambda: [()])
    entries: list[_Entry] = field(default_factory=list)

    def group(self, parent: int, label: str, *, apart: bool = False) -> int:
        """A group in a group, with its label ("" if it has none)."""
        path = self.paths[parent]
        self.paths.append((*path, label) if label and len(path) < _DEEPEST else path)
        return self.groups.add(parent, apart=apart)

    def add(self, group: int, label: Slot, value: Slot, role: CellRole | None = None) -> None:
        """A value of a group; ``role`` where it is known apart from the label's words."""
        if value.text:
            self.entries.append(_Entry(label, value, group, role))
            if role is None:
                self.groups.say(group, label.label)

    def add_pair(self, group: int, pair: Pair) -> None:
        """A pair of a line: its inner pairs with its label as their path, or itself."""
        if not pair.inner:
            self.add(group, pair.label, pair.value)
            return
        inside = self.group(group, pair.label.label)
        for inner in pair.inner:
            self.add_pair(inside, inner)

    def grid(self, section: int, layout: Layout, caption: tuple[str, int] = ("", -1)) -> Grid | None:
        """The grid of all pairs; None if there is none."""
        record_of, outer = self.groups.records()
        cells: list[GridCell] = []
        for number, entry in enumerate(sorted(self.entries, key=_place)):
            cells += self._cells(entry, number, record_of[entry.group])
        if not cells:
            return None
        return Grid(-1, GridKind.PAIRS, section, caption[0], tuple(cells), True, layout, caption[1], outer)

    def _cells(self, entry: _Entry, number: int, record: int) -> list[GridCell]:
        label, value, path = entry.label, entry.value, self.paths[entry.group]
        role = role_of(label.label) if entry.role is None else entry.role
        unit, unit_at = unit_of(label)
        parts = parts_of(label, value) if role is not CellRole.NOTE else ()
        if not parts:
            names = (*path, label.label) if label.label else path
            return [
                GridCell(
                    value.block, value.start, value.end, names, (), record, role, label.block, label.start, label.end,
                    GridKind.PAIRS, number, 0, role, CellRole.VALUE, None, unit, unit_at,
                )
            ]  # fmt: skip
        return [
            GridCell(
                part.value.block, part.value.start, part.value.end,
                (*path, *((part.around,) if part.around else ()), part.label), (), record, role,
                part.label_at.block, part.label_at.start, part.label_at.end,
                GridKind.PAIRS, number, 0, role, CellRole.VALUE, None, part.unit or unit, part.unit_at or unit_at, count, len(parts),
            )
            for count, part in enumerate(parts)
        ]  # fmt: skip


def _place(entry: _Entry) -> tuple[int, int]:
    return entry.value.block, entry.value.start
