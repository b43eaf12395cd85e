"""Block tokens and the places of their lines to blocks, sections, tables and comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from stratlint.document.blocks import (
    Block,
    BlockKind,
    Cell,
    Comment,
    Document,
    Section,
    Segment,
    Span,
    Table,
)
from stratlint.document.dialects import has_indented_code
from stratlint.document.front_matter import find_front_matter
from stratlint.document.html import blank, mask_html
from stratlint.document.inline import Masked, mask
from stratlint.document.mapping import Source, cell_segments, code_segments, text_segments
from stratlint.document.markdown import MAX_COLUMNS, Leaf, RawTable, block_tokens

_FOOTNOTE_LINE = re.compile(r"\n(?=[ \t]*\[\^[^\s\[\]]+\]:)")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Place:
    """Where the builder stands: the section, the list items and the quotes around the next block."""

    section: int = 0
    list_path: tuple[int, ...] = ()
    quote_depth: int = 0
    item_start: bool = False


class Builder:
    """Builds one document from its normalised text; ``shifts`` lead back to the source (see ``normalise``)."""

    def __init__(self, text: str, shifts: Sequence[int] | None, notes: list[str]) -> None:
        self.source = Source(text, shifts)
        self.notes = notes
        self.blocks: list[Block] = []
        self.sections: list[Section] = [Section(0, 0, "", -1, -1)]
        self.tables: list[Table] = []
        self.comments: list[Comment] = []
        self.waiting: list[Comment] = []  # comments that are blocks of their own, until the next block is known
        self.references: frozenset[str] = frozenset()
        self.items = 0
        self.unclosed = False
        self.long_row = False
        self.place = _Place()

    def document(self, path: str, text: str) -> Document:
        """Parse and assemble."""
        body, values = self._front_matter(self.source.text)
        tokens, recording = block_tokens(body, indented_code=has_indented_code(path))
        self.references = recording.references
        if recording.too_deep is not None:
            self.notes.append(f"line {recording.too_deep + 1}: nested too deep, read as text from here inwards")
        if recording.too_wide is not None:
            self.notes.append(f"line {recording.too_wide + 1}: table of more than {MAX_COLUMNS} columns read as text")
        self._walk(tokens, recording.leaves, recording.tables)
        self.comments += [Comment(waiting.span, waiting.text, -1) for waiting in self.waiting]
        self.comments.sort(key=lambda comment: comment.span.start)
        return Document(
            path,
            text,
            tuple(self.blocks),
            tuple(self.sections),
            tuple(self.tables),
            tuple(self.comments),
            values,
            tuple(self.notes),
        )

    def _front_matter(self, text: str) -> tuple[str, dict[str, object]]:
        """Make the front matter's block; returns the text with it blanked, and its values."""
        found = find_front_matter(text)
        if found is None:
            return text, {}
        if found.note:
            self.notes.append(found.note)
        content = text[found.start : found.end].removesuffix("\n")
        leaf = Leaf(1, [], [], found.start)
        offset = found.start
        for line in content.split("\n"):
            indent = len(line) - len(line.lstrip(" \t"))
            leaf.starts.append(offset + indent)
            leaf.ends.append(offset + len(line))
            offset += len(line) + 1
        self._add(BlockKind.FRONT_MATTER, Masked(content), content, code_segments(self.source, leaf, content))
        return blank(text[: found.whole]) + text[found.whole :], found.values

    def _walk(self, tokens: list[Token], leaves: dict[int, Leaf], tables: dict[int, RawTable]) -> None:
        """Follow the containers and turn every leaf into blocks."""
        outer: list[_Place] = []
        place = self.place
        for index, token in enumerate(tokens):
            match token.type:
                case "list_item_open":
                    outer.append(place)
                    path = (*place.list_path, self.items)
                    place = _Place(place.section, path, place.quote_depth, item_start=True)
                    self.items += 1
                case "blockquote_open":
                    outer.append(place)
                    place = _Place(place.section, place.list_path, place.quote_depth + 1)
                case "list_item_close" | "blockquote_close":
                    # A heading inside a container opens a section that ends with the container.
                    place = outer.pop()
                case "inline":
                    opening = tokens[index - 1]
                    self.place = place
                    if opening.type == "heading_open":
                        self._heading(opening, token.content, leaves[index])
                    else:
                        self._paragraph(token.content, leaves[index])
                case "fence" | "code_block":
                    self.place = place
                    self._code(token, leaves[index])
                case "html_block":
                    self.place = place
                    self._html(token.content, leaves[index])
                case "table":
                    self.place = place
                    self._table(tables[index])
            if token.nesting == 0:
                place.item_start = False

    def _add(
        self,
        kind: BlockKind,
        masked: Masked,
        content: str,
        segments: tuple[Segment, ...],
        *,
        language: str = "",
        cell: Cell | None = None,
    ) -> Block:
        place = self.place
        index = len(self.blocks)
        block = Block(
            index,
            kind,
            content,
            masked.text,
            segments,
            place.section,
            place.list_path,
            place.quote_depth,
            language,
            cell,
            masked.struck,
            masked.code,
            masked.math,
            masked.strong,
        )
        self.blocks.append(block)
        for span in masked.comments:
            self.comments.append(self._comment(block, span, index))
        return block

    def _comment(self, block: Block, span: Span, index: int) -> Comment:
        said = block.content[span.start : span.end]
        closed = said.endswith("-->") and len(said) >= 7  # "<!-->" is a comment, too
        text = said[4:-3] if closed else said[4:].removesuffix("->").removesuffix(">")
        return Comment(block.source_span(span.start, span.end), text, index)

    def _settle(self) -> None:
        """The block about to be added is the one that waiting comments stand before."""
        if self.waiting:
            index = len(self.blocks)
            self.comments += [Comment(waiting.span, waiting.text, index) for waiting in self.waiting]
            self.waiting.clear()

    def _heading(self, opening: Token, content: str, leaf: Leaf) -> None:
        self._settle()
        level = int(opening.tag[1:])
        if opening.markup.startswith("#"):
            leaf.starts[0] += level
        masked = self._mask(content)
        parent = self.place.section
        while self.sections[parent].level >= level:
            parent = self.sections[parent].parent
        section = len(self.sections)
        title = _SPACES.sub(" ", masked.text).strip()
        self.sections.append(Section(section, level, title, parent, len(self.blocks)))
        self.place.section = section
        self._add(BlockKind.HEADING, masked, content, text_segments(self.source, leaf, content))

    def _paragraph(self, content: str, leaf: Leaf) -> None:
        """One block, or one per footnote definition, which may follow each other without a blank line."""
        self._settle()
        segments = text_segments(self.source, leaf, content)
        starts = [0]
        if "[^" in content:
            starts += [found.end() for found in _FOOTNOTE_LINE.finditer(content)]
        for start, end in zip(starts, [*(start - 1 for start in starts[1:]), len(content)], strict=True):
            part = content[start:end]
            lead = len(part) - len(part.lstrip()) if start else 0
            part = part[lead:]
            own = segments if len(starts) == 1 else _cut(segments, start + lead, end)
            self._add(BlockKind.PARAGRAPH, self._mask(part), part, own)

    def _mask(self, content: str) -> Masked:
        return mask(content, self.references, item_start=self.place.item_start)

    def _code(self, token: Token, leaf: Leaf) -> None:
        self._settle()
        content = token.content.removesuffix("\n")
        words = token.info.split(maxsplit=1) if token.type == "fence" else []
        language = words[0].lower() if words else ""
        segments = code_segments(self.source, leaf, content)
        self._add(BlockKind.CODE, Masked(content), content, segments, language=language)

    def _html(self, raw: str, leaf: Leaf) -> None:
        content = raw.removesuffix("\n")
        text, comments, unclosed = mask_html(content)
        if unclosed and not self.unclosed:
            self.unclosed = True
            self.notes.append(f"line {leaf.first_line + 1}: a comment is never closed and hides what follows")
        if text.strip():
            self._settle()
            segments = code_segments(self.source, leaf, content)
            self._add(BlockKind.HTML, Masked(text, comments=comments), content, segments)
            return
        block = self._add(BlockKind.HTML, Masked(text), content, code_segments(self.source, leaf, content))
        self.waiting += [self._comment(block, span, -1) for span in comments]

    def _table(self, raw: RawTable) -> None:
        """A block per cell. Cells beyond the header's are shown by nobody, but what they say is kept as paragraphs."""
        self._settle()
        number = len(self.tables)
        width = len(raw.rows[0].cells)
        rows: list[tuple[int, ...]] = []
        for row, raw_row in enumerate(raw.rows):
            line, cells = raw_row.line, raw_row.cells
            first = len(self.blocks)
            for column, cell in enumerate(cells[:width]):
                content, segments = cell_segments(self.source, line, cell)
                self._add(BlockKind.CELL, self._mask(content), content, segments, cell=Cell(number, row, column))
            end = self.source.offset(line, raw_row.end)
            for column in range(len(cells), width):
                self._add(BlockKind.CELL, Masked(""), "", (Segment(0, end, 0),), cell=Cell(number, row, column))
            for cell in cells[width:]:
                self._note_long_row(line)
                content, segments = cell_segments(self.source, line, cell)
                self._add(BlockKind.PARAGRAPH, self._mask(content), content, segments)
            rows.append(tuple(range(first, first + width)))
        self.tables.append(Table(number, self.place.section, tuple(rows), raw.alignments))

    def _note_long_row(self, line: int) -> None:
        if not self.long_row:
            self.long_row = True
            self.notes.append(f"line {line + 1}: a row has more cells than its table's header; they are not shown")


def _cut(segments: tuple[Segment, ...], start: int, end: int) -> tuple[Segment, ...]:
    """The part of the segments between two content offsets, counted from ``start``."""
    cut: list[Segment] = []
    for segment in segments:
        first = max(segment.content, start)
        last = min(segment.content + segment.length, end)
        if first < last:
            cut.append(Segment(first - start, segment.source + first - segment.content, last - first))
    return tuple(cut) or (Segment(0, segments[-1].source, 0),)
