"""Fences and front matter: which reader their lines are for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.document.blocks import Block, BlockKind, Document
from stratlint.document.layouts.cells import CellRole, Grid, Layout
from stratlint.document.layouts.code import read_code
from stratlint.document.layouts.commands import HAS_OPTION, read_commands
from stratlint.document.layouts.keys import KeyReader
from stratlint.document.layouts.objects import looks_like_json, read_object
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.pairs import Pair, Where, leader_pair, pairs_of
from stratlint.document.layouts.raw import RawTable, caption_of, slot
from stratlint.document.layouts.table import read_table
from stratlint.document.layouts.text import Range, aligned_table, drawn_table, header_rows, separated_table
from stratlint.document.layouts.words import in_list, languages

_YAML = frozenset({"yaml", "yml"})
_LOG = re.compile(r"\s*(?:\[?\d{4}-\d\d-\d\d|\[?\d\d:\d\d:\d\d|\[?(?:INFO|WARN(?:ING)?|DEBUG|ERROR|TRACE)\b)")
_BULLET = re.compile(r"[\s│├└─┌|`]*(?:[-*•+]\s+)?")
_GOES_ON = re.compile(r"\s*(?:[=+×÷≈→]|->|=>)\s")
_FRAME = re.compile(r"\s*[│┃║|]\s*\Z")
# Code without a language: the keywords of the commonest that begin lines.
_SHELL_LINE = re.compile(r"\s*(?:\$\s+)?(?:export|sudo|docker|srun|sbatch|torchrun|python3?|pip3?|kubectl|helm|git|cd|curl)\s", re.ASCII)
_CODE_LINE = re.compile(
    r"\s*(?:(?:import|from|return|#include|using|const|async)\s|(?:def|class|for|while|if|with)\b[^\n]*:[ \t]*\Z)", re.ASCII
)
_REMARK = re.compile(r"\s+(?:#|//|<-|←)\s+")
# A fence in an indented block: admonitions of some dialects hold text that this one reads as code.
_INNER = re.compile(r"(?m)^[ \t]*(?:```|~~~)+[ \t]*([\w+#-]*)[^\n`]*$")
_LONGEST_LINE = 2000
_LONGEST_TITLE = 60
_LONGEST_FRAME = 100


def fence_grids(document: Document) -> Iterator[Grid]:
    """The grids of all code blocks and of the front matter."""
    for block in document.blocks:
        if block.kind is BlockKind.FRONT_MATTER:
            yield from _Fence(document, block).keys(0, len(block.text), headers=False)
        elif block.kind is BlockKind.CODE and block.text.strip():
            yield from _Fence(document, block).read()


class _Fence:
    """One code block."""

    def __init__(self, document: Document, block: Block) -> None:
        self.document = document
        self.block = block

    def read(self) -> Iterator[Grid]:
        """The grids of the block, or of the fences and the text in it (the indented body of an admonition, say)."""
        end = len(self.block.text)
        reading = languages().get(self.block.language, "code")
        if reading != "text" or _INNER.search(self.block.text) is None:
            yield from self.part(0, end, self.block.language)
            return
        start, language, inside = 0, self.block.language, False
        for mark in _INNER.finditer(self.block.text):
            if self.block.text[start : mark.start()].strip():
                yield from self.part(start, mark.start(), language)
            inside = not inside
            language = mark[1].lower() if inside else self.block.language
            start = mark.end()
        if self.block.text[start:].strip():
            yield from self.part(start, end, language)

    def part(self, start: int, end: int, language: str) -> Iterator[Grid]:
        """The grids of a range in one language."""
        block = self.block
        reading = languages().get(language, "code")
        outline = Outline()
        if reading == "nothing":
            return
        if reading in ("json", "text") and looks_like_json(block.text[start:end]):
            read_object(block, start, end, outline, 0)
            yield from self.made(outline, Layout.KEYS)
        elif reading in ("keys", "json"):
            yield from self.keys(start, end, headers=language not in _YAML)
        elif reading == "shell":
            read_commands(block, start, end, outline)
            yield from self.made(outline, Layout.FLAGS)
        elif reading == "code":
            read_code(block, start, end, outline, slashes=in_list("slashes", language))
            yield from self.made(outline, Layout.KEYS)
        else:
            yield from self.text(start, end, declared=reading == "separated")

    def keys(self, start: int, end: int, *, headers: bool) -> Iterator[Grid]:
        """The grid of lines of keys; ``headers`` are lines like ``[section]``."""
        outline = Outline()
        KeyReader(self.block, outline, headers=headers).read(start, end)
        yield from self.made(outline, Layout.KEYS)

    def made(self, outline: Outline, layout: Layout) -> Iterator[Grid]:
        """The grid of an outline, if it has any value."""
        grid = outline.grid(self.block.section, layout, caption_of(self.document, self.block))
        if grid is not None:
            yield grid

    def text(self, start: int, end: int, *, declared: bool) -> Iterator[Grid]:
        """Plain text: every paragraph of it may be a table, lines with labels, code or commands."""
        block = self.block
        outline, commands, code = Outline(), Outline(), Outline()
        reader = _Lines(block, outline)
        for lines in _paragraphs(block, start, end):
            first, last = lines[0][0], lines[-1][1]
            if any(HAS_OPTION.search(block.text, *line) or _SHELL_LINE.match(block.text, *line) for line in lines):
                read_commands(block, first, last, commands)
                continue
            if any(_CODE_LINE.match(block.text, *line) for line in lines):
                read_code(block, first, last, code, slashes=False)
                continue
            found = [_line_pairs(block, *line) for line in lines]
            grid = _table(self.document, block, lines, declared=declared, paired=2 * sum(map(bool, found)) >= len(lines))
            if grid is not None:
                yield grid
            else:
                reader.read(lines, found)
        yield from self.made(outline, Layout.TEXT)
        yield from self.made(code, Layout.KEYS)
        yield from self.made(commands, Layout.FLAGS)


def _paragraphs(block: Block, start: int, end: int) -> Iterator[list[Range]]:
    """Lines of a range without a blank line between them."""
    lines: list[Range] = []
    for line in block.text[start:end].split("\n"):
        if line and not line.isspace():
            lines.append((start, start + len(line)))
        elif lines:
            yield lines
            lines = []
        start += len(line) + 1
    if lines:
        yield lines


def _table(document: Document, block: Block, lines: Sequence[Range], *, declared: bool, paired: bool) -> Grid | None:
    """The grid of lines that are a table; None if they are none, or if they are ``paired``: mostly label and value."""
    rows = drawn_table(block, lines)
    title: Range | None = None
    for sign in "\t,;" if declared else "\t":
        rows = rows or separated_table(block, lines, sign, declared=True)
    if rows is None and not declared:
        if paired:
            return None
        for sign in ",;":
            rows = rows or separated_table(block, lines, sign, declared=False)
    if rows is None:
        found = aligned_table(block, lines)
        if found is None:
            return None
        rows, title = found
    caption, caption_block = caption_of(document, block)
    if not caption and title is not None:
        caption, caption_block = slot(block, *title).label, block.index
    return read_table(RawTable(tuple(rows), header_rows(rows), block.section, Layout.TEXT, caption, caption_block))


def _line_pairs(block: Block, start: int, end: int) -> tuple[Pair, ...]:
    """The pairs of a line of text; () for a line of a log."""
    if end - start > _LONGEST_LINE or _LOG.match(block.text, start, end):
        return ()
    bullet = _BULLET.match(block.text, start, end)
    start = bullet.end() if bullet is not None else start
    frame = _FRAME.search(block.text, max(start, end - _LONGEST_FRAME), end)
    end = frame.start() if frame is not None else end
    leader = leader_pair(block, start, end)
    return (leader,) if leader is not None else pairs_of(block, start, end, Where.FENCE)


class _Lines:
    """Lines of text with labels, nested by their indent."""

    def __init__(self, block: Block, outline: Outline) -> None:
        self.block = block
        self.outline = outline

    def read(self, lines: Sequence[Range], found: Sequence[tuple[Pair, ...]]) -> None:
        """Add the pairs of a paragraph if at least half of its lines are pairs or titles of what is below them."""
        text = self.block.text
        goes_on = [not pairs and _GOES_ON.match(text, start, end) is not None for pairs, (start, end) in zip(found, lines, strict=True)]
        if 2 * sum(1 for pairs, more in zip(found, goes_on, strict=True) if pairs or more) < len(lines):
            return
        levels: list[tuple[int, int]] = []
        for place, (start, end) in enumerate(lines):
            if goes_on[place]:
                continue
            bullet = _BULLET.match(text, start, end)
            indent = (bullet.end() if bullet is not None else start) - start
            while levels and levels[-1][0] >= indent:
                levels.pop()
            group = levels[-1][1] if levels else 0
            pairs = found[place]
            last = place
            while last + 1 < len(lines) and goes_on[last + 1]:
                last += 1
            if last > place and pairs:
                # "Total = 64 × 2" goes on with "= 128" in the next line.
                pairs = _line_pairs(self.block, start, lines[last][1])
            for pair in pairs:
                self._add(group, pair)
            title = pairs[0].label.label if pairs else slot(self.block, start + indent, end).label
            if len(title) <= _LONGEST_TITLE:
                levels.append((indent, self.outline.group(group, title)))

    def _add(self, group: int, pair: Pair) -> None:
        """A pair, with a remark behind its value apart."""
        remark = None if pair.inner else _REMARK.search(pair.value.text)
        if remark is None:
            self.outline.add_pair(group, pair)
            return
        value, note = pair.value.cut(0, remark.start()), pair.value.cut(remark.end(), len(pair.value.text))
        self.outline.add(group, pair.label, value)
        if note.text:
            self.outline.add(group, pair.label, note, CellRole.NOTE)
