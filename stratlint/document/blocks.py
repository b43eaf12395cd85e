"""What a Markdown document is made of, with the place of every character.

Offsets are counted in Unicode code points. Two coordinate systems exist and are never mixed silently:

* *source* coordinates: an offset into ``Document.text``, the text of the file;
* *content* coordinates: an offset into ``Block.content`` (and ``Block.text``, which has the same length).

``Block.source_offset`` and ``Block.source_span`` lead from the second to the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stratlint.document.lines import line_starts
from stratlint.records import quickly_built

BOM = "\ufeff"


@quickly_built
@dataclass(frozen=True, slots=True)
class Span:
    """A half open range ``start <= offset < end``."""

    start: int
    end: int


class BlockKind(StrEnum):
    """The sort of leaf block a piece of text stands in."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CELL = "cell"
    CODE = "code"
    HTML = "html"
    FRONT_MATTER = "front_matter"


@dataclass(frozen=True, slots=True)
class Segment:
    """An exact correspondence: ``content[content:content + length] == text[source:source + length]``."""

    content: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a table cell stands: the index of its table, its row (0 is the header row) and its column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf of the document: one heading, paragraph, table cell, code block, HTML block or the front matter.

    ``content`` is what the block says with its inline markup; line breaks of any kind are ``"\\n"``.
    ``text`` has the same length, with the inline markup blanked: read numbers from it. HTML entities are replaced by
    their character plus spaces, ``<br>`` and closing block tags by ``"\\n"`` plus spaces.
    The spans in ``struck``, ``code``, ``math`` and ``strong`` are inner ranges in content coordinates.
    """

    index: int
    kind: BlockKind
    content: str
    text: str
    segments: tuple[Segment, ...]
    section: int
    list_path: tuple[int, ...] = ()
    quote_depth: int = 0
    language: str = ""
    cell: Cell | None = None
    struck: tuple[Span, ...] = ()
    code: tuple[Span, ...] = ()
    math: tuple[Span, ...] = ()
    strong: tuple[Span, ...] = ()

    def source_offset(self, offset: int) -> int:
        """Source offset of the content offset; between two segments, the end of the one before.

        Offsets outside ``0 .. len(content)`` are clamped.
        """
        segments = self.segments
        position = bisect_right(segments, offset, key=_content_of) - 1
        segment = segments[max(position, 0)]
        return segment.source + max(0, min(offset - segment.content, segment.length))

    def source_span(self, start: int, end: int) -> Span:
        """Source range of the content range ``start .. end``; exact wherever the range has characters of the source."""
        if end <= start:
            offset = self.source_offset(start)
            return Span(offset, offset)
        # The end is mapped through the last character: at a segment border the next segment would answer otherwise.
        first = self.source_offset(start)
        return Span(first, max(first, self.source_offset(end - 1) + 1))


def _content_of(segment: Segment) -> int:
    return segment.content


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it. Section 0 is the document itself: level 0, parent -1, block -1."""

    index: int
    level: int
    title: str
    parent: int
    block: int


@dataclass(frozen=True, slots=True)
class Table:
    """A GFM table: the block index of every cell (row 0 is the header), all rows as long as the header.

    ``alignments`` has one of ``""``, ``"left"``, ``"center"``, ``"right"`` per column.
    """

    index: int
    section: int
    rows: tuple[tuple[int, ...], ...]
    alignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment: ``span`` in source coordinates with its delimiters, ``text`` without them.

    ``block`` is the block it stands in, or, for a comment that is a block of its own, the block it stands just
    before; -1 if none follows.
    """

    span: Span
    text: str
    block: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. ``notes`` tells, in sentences, what was lost, refused or replaced while reading."""

    path: str
    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    comments: tuple[Comment, ...]
    front_matter: Mapping[str, object]
    notes: tuple[str, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(line_starts(self.text)))

    @property
    def line_count(self) -> int:
        """Number of lines; a final line end opens no further line, and an empty text has one."""
        last = self._starts[-1]
        return len(self._starts) - (1 if last == len(self.text) and len(self._starts) > 1 else 0)

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and 1-based column, in code points, of a source offset (clamped to the text).

        A byte order mark at the start has no column of its own, as in editors.
        """
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        if line == 1 and self.text.startswith(BOM):
            column = max(1, column - 1)
        return line, column

    def line_text(self, line: int) -> str:
        """The 1-based line without its line end (and without a byte order mark); "" for a line that is not there."""
        if not 1 <= line <= len(self._starts):
            return ""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        text = self.text[start:end]
        if text.endswith("\r\n"):
            text = text[:-2]
        elif text.endswith(("\n", "\r")):
            text = text[:-1]
        return text.removeprefix(BOM) if line == 1 else text

    def heading_path(self, section: int) -> tuple[str, ...]:
        """Titles from the outermost heading down to the section's own; () for section 0."""
        titles: list[str] = []
        while section > 0:
            titles.append(self.sections[section].title)
            section = self.sections[section].parent
        return tuple(reversed(titles))
