"""Source lines around marks, with the display column and width of each mark.

Columns here are terminal cells: ✅ takes two, a tab runs to its stop, an escape sequence shows as `\\x1b`. Lines longer
than the width are cut to a window around the mark, so that a line of megabytes costs no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from stratlint.document.blocks import BOM, Document
from stratlint.report.escaping import terminal_pieces

_TAB = 4
_LINES_PER_MARK = 4
_ELLIPSIS = "…"
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A source range to point at."""

    start: int
    end: int
    label: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """A mark below its line: `indent` cells to the left, `width` cells wide."""

    indent: int
    width: int
    label: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One source line, escaped, with its pointers."""

    line: int
    text: str
    pointers: tuple[Pointer, ...]


def excerpt(document: Document, marks: Iterable[Mark], width: int) -> list[Row]:
    """The marked lines in line order, at most `width` cells each."""
    pieces = sorted(
        (piece for mark in marks for piece in _by_line(document, mark)),
        key=lambda item: (item[0], item[1].start, item[1].end, not item[1].primary),
    )
    rows: list[Row] = []
    for line, group in groupby(pieces, key=lambda item: item[0]):
        rows += _rows(document.text, line, [mark for _, mark in group], width)
    return rows


def _by_line(document: Document, mark: Mark) -> list[tuple[int, Mark]]:
    """The mark cut at line ends; of a mark over many lines the first ones and the last; the label on the last."""
    text = document.text
    start = max(0, min(mark.start, len(text)))
    end = max(start, min(mark.end, len(text)))
    parts: list[tuple[int, Mark]] = []
    line = document.position(start)[0]
    for offset, part in _lines_of(text[start:end]):
        stripped = part.strip()
        if stripped or not parts:
            first = start + offset + len(part) - len(part.lstrip()) if stripped else start
            parts.append((line, Mark(first, first + len(stripped), "", mark.primary)))
        line += 1
    shown = parts if len(parts) <= _LINES_PER_MARK else [*parts[: _LINES_PER_MARK - 1], parts[-1]]
    line, last = shown[-1]
    return [*shown[:-1], (line, Mark(last.start, last.end, mark.label, mark.primary))]


def _lines_of(text: str) -> Iterator[tuple[int, str]]:
    # Not str.splitlines: it also breaks at form feeds, U+2028 and others, where Markdown does not.
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]


def _rows(text: str, line: int, marks: list[Mark], width: int) -> list[Row]:
    """One row for all marks of a line if they fit into one window, else a row each."""
    if len(marks) == 1 or marks[-1].start - marks[0].start <= width // 2:
        return [_row(text, line, marks, width)]
    together = _row(text, line, marks, width)
    if max(mark.end for mark in marks) - marks[0].start < width and not together.text.endswith(_ELLIPSIS):
        return [together]
    return [_row(text, line, [mark], width) for mark in marks]


def _row(text: str, line: int, marks: list[Mark], width: int) -> Row:
    start, end = min(mark.start for mark in marks), max(mark.end for mark in marks)
    first, last, cut_left, cut_right = _window(text, start, end, width)
    lead = _ELLIPSIS if cut_left else ""
    shown = _cells(text[first:last], len(lead))
    pointers = []
    for mark in marks:
        left, right = (cell_len(lead + "".join(shown[: max(0, min(offset, last) - first)])) for offset in (mark.start, mark.end))
        pointers.append(Pointer(left, max(1, right - left), mark.label, mark.primary))
    return Row(line, lead + "".join(shown) + (_ELLIPSIS if cut_right else ""), tuple(pointers))


def _window(text: str, start: int, end: int, width: int) -> tuple[int, int, bool, bool]:
    """Range of the line around `start .. end` that fits, and whether it was cut at the left and at the right."""
    room = width - 2  # an ellipsis at either end
    end = min(end, start + room)
    first = start - len(_before(text[max(0, start - width) : start]))
    last = end + len(_after(text[end : end + width]))
    if last - first > room:
        spare = room - (end - start)
        right = min(last - end, max(spare // 2, spare - (start - first)))
        last = end + right
        first = max(first, start - (spare - right))
    # Wide characters: give some up on the longer side until it fits.
    while last - first > 1 and (excess := cell_len("".join(_cells(text[first:last], 1))) - room) > 0:
        step = max(1, excess // 8)
        if last - end >= start - first or first == start:
            last -= min(step, last - first - 1)
        else:
            first += min(step, start - first)
    return first, last, not _at_line_start(text, first), not _at_line_end(text, last)


def _before(text: str) -> str:
    return text[max(text.rfind("\n"), text.rfind("\r"), text.rfind(BOM)) + 1 :]


def _after(text: str) -> str:
    match = _LINE_END.search(text)
    return text[: match.start()] if match else text


def _at_line_start(text: str, offset: int) -> bool:
    return offset == 0 or text[offset - 1] in "\r\n" or (offset == 1 and text[0] == BOM)


def _at_line_end(text: str, offset: int) -> bool:
    return offset >= len(text) or text[offset] in "\r\n"


def _cells(text: str, column: int) -> list[str]:
    """What each character shows as; tabs run out to their stops, `column` being where the text begins."""
    pieces = terminal_pieces(text)
    begun = 0
    for place, character in enumerate(text):
        if character == "\t":
            column += cell_len("".join(pieces[begun:place]))
            pieces[place] = " " * (_TAB - column % _TAB)
            begun = place
    return pieces
