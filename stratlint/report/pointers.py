"""The marks below a source line with their labels: one row of marks, then the labels that do not fit beside it.

**Strategy:** EP32-TP4-PP4
              ---- --- --- PP
              EP   TP
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from stratlint.report.console import wrapped
from stratlint.report.excerpt import Pointer

# So far may a label begin from the left when it does not fit under its mark.
_LEAST_LABEL = 24


def pointer_rows(pointers: Sequence[Pointer], room: int, primary: str, related: str) -> Iterator[Text]:
    """The rows below a source line, at most *room* cells wide; *primary* and *related* are the styles of marks."""
    for layer in _layers(pointers):
        yield from _layer(layer, room, primary, related)


def _layers(pointers: Sequence[Pointer]) -> list[list[Pointer]]:
    """Marks that do not overlap share a row."""
    layers: list[list[Pointer]] = []
    for pointer in sorted(pointers, key=lambda each: (each.indent, not each.primary)):
        free = (layer for layer in layers if layer[-1].indent + layer[-1].width < pointer.indent)
        layer = next(free, None)
        if layer is None:
            layers.append([pointer])
        else:
            layer.append(pointer)
    return layers


def _layer(layer: list[Pointer], room: int, primary: str, related: str) -> Iterator[Text]:
    styles = {id(pointer): primary if pointer.primary else related for pointer in layer}
    marks = Text()
    for pointer in layer:
        marks.append(" " * (pointer.indent - marks.cell_len))
        marks.append(("^" if pointer.primary else "-") * pointer.width, styles[id(pointer)])
    waiting = [pointer for pointer in layer if pointer.label]
    if waiting and waiting[-1] is layer[-1] and marks.cell_len + 1 + cell_len(waiting[-1].label) <= room:
        last = waiting.pop()
        marks.append(f" {last.label}", styles[id(last)])
    yield marks
    while waiting:
        here, waiting = _one_row(waiting, room)
        if not here:
            last = waiting.pop()
            at = max(0, min(last.indent, room - max(_LEAST_LABEL, min(cell_len(last.label), room))))
            yield from wrapped(Text(last.label, styles[id(last)]), room, " " * at)
            continue
        row = Text()
        for pointer in sorted([*here, *(replace(each, label="|") for each in waiting)], key=lambda each: each.indent):
            row.append(" " * (pointer.indent - row.cell_len))
            row.append(pointer.label, primary if pointer.primary else related)
        yield row


def _one_row(waiting: list[Pointer], room: int) -> tuple[list[Pointer], list[Pointer]]:
    """The labels that fit under their marks in one row, from the right, and those that are left for the next."""
    here: list[Pointer] = []
    left: list[Pointer] = []
    end = room + 1
    for pointer in reversed(waiting):
        if pointer.indent + cell_len(pointer.label) < end and (here or not left):
            here.append(pointer)
        else:
            left.append(pointer)
        end = pointer.indent
    return here, left[::-1]
