"""Offsets of a text as positions of the protocol, in the units that the client counts in, and the changes that it sends.

Lines end as in `stratlint.document`: at LF, CRLF and a lone CR, which is what the protocol says, too. (Python's `splitlines`
also ends them at form feeds and U+2028, where no editor does.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from stratlint.document.lines import line_starts

# From which code points on a character takes one more unit than the one before.
_WIDER = {"utf-8": ("\x80", "\u0800", "\U00010000"), "utf-16": ("\U00010000",), "utf-32": ()}


@dataclass(frozen=True, slots=True)
class Place:
    """A position of the protocol: 0-based line, and units before it on the line."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Change:
    """A replacement of what stands between two places; of the whole text without them."""

    text: str
    start: Place | None = None
    end: Place | None = None


class Positions:
    """One text. `encoding` is "utf-8", "utf-16" or "utf-32": a position in it costs a search, however long its line is."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._starts = line_starts(text)
        firsts = () if text.isascii() else _WIDER[encoding]
        self._wider = [[at for at, character in enumerate(text) if character >= first] for first in firsts]

    def place(self, offset: int) -> Place:
        """Where an offset (in code points, clamped to the text) stands."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Place(line, self._units(self._starts[line], offset))

    def offset(self, place: Place) -> int:
        """The offset of a place. What lies beyond a line is its end, what lies within a character its beginning."""
        if place.line >= len(self._starts):
            return len(self.text)
        start, end = self.line(max(0, place.line))
        within = range(start, end + 1)
        return start + max(0, bisect_right(within, place.character, key=lambda offset: self._units(start, offset)) - 1)

    def line(self, line: int) -> tuple[int, int]:
        """First and last offset of a 0-based line that exists, without its line end."""
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def _units(self, start: int, end: int) -> int:
        return end - start + sum(bisect_left(each, end) - bisect_left(each, start) for each in self._wider)


def changed(text: str, changes: Iterable[Change], encoding: str) -> str:
    """*text* after the *changes*, each of which is of what the one before has left."""
    for each in changes:
        if each.start is None or each.end is None:
            text = each.text
            continue
        positions = Positions(text, encoding)
        start = positions.offset(each.start)
        text = text[:start] + each.text + text[max(start, positions.offset(each.end)) :]
    return text
