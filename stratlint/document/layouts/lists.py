"""Lists and lines of paragraphs as grids of pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.document.blocks import Block, BlockKind, Document
from stratlint.document.layouts.cells import Grid, Layout
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.pairs import Pair, Where, leader_pair, pairs_of, strong_pair
from stratlint.document.layouts.raw import caption_of, leads_with_number, slot
from stratlint.document.layouts.words import names_table

Line = tuple[int, int]

_LONGEST_TITLE = 80  # characters of an item that is the label of the items below it
_MOST_TITLE_WORDS = 12
_COMPACT_LABEL = 4  # words of a label that is a paragraph's only one
_COMPACT_VALUE = 16
_COLONS = (":", "：")
_PROSE = re.compile(r"(?:(?<=\s)|\A)(?:[^\W\d]+\s+){2}[^\W\d]")  # three words in a row


def list_grids(document: Document) -> Iterator[Grid]:
    """A grid for every list that has items with labels; the items of nested lists have their parents' labels as path."""
    blocks = document.blocks
    start = 0
    while start < len(blocks):
        if not blocks[start].list_path:
            start += 1
            continue
        end = start
        key = (blocks[start].section, blocks[start].quote_depth)
        while end < len(blocks) and blocks[end].list_path and (blocks[end].section, blocks[end].quote_depth) == key:
            end += 1
        grid = _list(document, blocks[start:end])
        if grid is not None:
            yield grid
        start = end


def _list(document: Document, blocks: Sequence[Block]) -> Grid | None:
    outline = Outline()
    groups: dict[int, int] = {}  # list item -> the group of what stands in it
    for block in blocks:
        path = block.list_path
        outer = 0
        for item in path[:-1]:
            outer = groups.get(item, outer)
        if block.kind is not BlockKind.PARAGRAPH:
            groups.setdefault(path[-1], outer)
            continue
        if path[-1] in groups:
            # A further paragraph of an item that has begun.
            for pair in _paragraph(block) if groups[path[-1]] else _item(block):
                outline.add_pair(groups[path[-1]], pair)
            continue
        pairs = _item(block)
        for pair in pairs:
            outline.add_pair(outer, pair)
        groups[path[-1]] = outline.group(outer, pairs[0].label.label if pairs else _title(block))
    return outline.grid(blocks[0].section, Layout.LIST, caption_of(document, blocks[0]))


def _item(block: Block) -> tuple[Pair, ...]:
    """The pairs of a list item: its first line decides whether it has any."""
    lines = _lines(block)
    if not lines:
        return ()
    first = _pairs(block, *lines[0], Where.ITEM)
    if not first:
        title = slot(block, *lines[0])
        if not (title.strong or title.text.endswith(_COLONS)):
            return ()
    return _run(block, lines, [first, *(_pairs(block, *line, Where.ITEM) for line in lines[1:])], Where.ITEM)


def _run(block: Block, lines: Sequence[Line], found: Sequence[tuple[Pair, ...]], where: Where) -> tuple[Pair, ...]:
    """The pairs of lines; a line that is none goes on with the value above it."""
    starts = [number for number, pairs in enumerate(found) if pairs]
    if not starts:
        return ()
    out: list[Pair] = []
    for number, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        more = following > number + 1
        out += _pairs(block, lines[number][0], lines[following - 1][1], where) if more else found[number]
    return tuple(pair for pair in out if pair.value.text)


def _pairs(block: Block, start: int, end: int, where: Where) -> tuple[Pair, ...]:
    pairs = pairs_of(block, start, end, where)
    if pairs:
        return pairs
    one = strong_pair(block, start, end) if where is Where.ITEM else None
    one = one or leader_pair(block, start, end)
    return () if one is None else (one,)


def _title(block: Block) -> str:
    """The text of an item as a label of the items below it; "" if it is a sentence."""
    lines = _lines(block)
    if not lines:
        return ""
    title = slot(block, *lines[0])
    if len(title.text) > _LONGEST_TITLE or len(title.text.split()) > _MOST_TITLE_WORDS:
        return ""
    return title.label


def _lines(block: Block) -> list[Line]:
    """Ranges of the lines that say something."""
    out: list[Line] = []
    start = 0
    for line in block.text.split("\n"):
        if line and not line.isspace():
            out.append((start, start + len(line)))
        start += len(line) + 1
    return out


def line_grids(document: Document) -> Iterator[Grid]:
    """A grid for paragraphs, next to each other, all of whose lines are pairs."""
    outline: Outline | None = None
    first = document.blocks[0] if document.blocks else None
    last = -2
    for block in document.blocks:
        pairs = _paragraph(block) if block.kind is BlockKind.PARAGRAPH and not block.list_path else ()
        if not pairs:
            continue
        if outline is not None and first is not None and (last != block.index - 1 or first.section != block.section):
            yield from _finished(document, outline, first)
            outline = None
        if outline is None:
            outline, first = Outline(), block
        for pair in pairs:
            outline.add_pair(0, pair)
        last = block.index
    if outline is not None and first is not None:
        yield from _finished(document, outline, first)


def _finished(document: Document, outline: Outline, first: Block) -> Iterator[Grid]:
    grid = outline.grid(first.section, Layout.LINES, caption_of(document, first))
    if grid is not None:
        yield grid


def _paragraph(block: Block) -> tuple[Pair, ...]:
    """The pairs of a paragraph whose lines are pairs; () for prose, whatever colons it has."""
    lines = _lines(block)
    if not lines or names_table(block.text[lines[0][0] : lines[0][1]][:40].strip()):
        return ()
    defined = _definition(block, lines)
    if defined:
        return defined
    found = [_pairs(block, start, end, Where.LINE) for start, end in lines]
    strong = [bool(pairs) and pairs[0].label.strong for pairs in found]
    if not found[0] or not any(found):
        return ()
    if all(found):
        if len(lines) > 1 or strong[0] or _compact(found[0]):
            return _run(block, lines, found, Where.LINE)
        return ()
    if 2 * sum(strong) >= len(lines):
        return _run(block, lines, found, Where.LINE)
    return ()


def _compact(pairs: tuple[Pair, ...]) -> bool:
    """Whether a line is short enough to be a label and its value and no sentence."""
    if len(pairs) > 1:
        return True
    label, value = pairs[0].label.text, pairs[0].value.text
    if pairs[0].assigned and _PROSE.search(value):
        return False
    if pairs[0].inner:
        return len(label.split()) <= _COMPACT_LABEL
    amount = pairs[0].assigned or leads_with_number(value)
    return amount and len(label.split()) <= _COMPACT_LABEL and len(value.split()) <= _COMPACT_VALUE


def _definition(block: Block, lines: Sequence[Line]) -> tuple[Pair, ...]:
    """Definition lists as some dialects write them: a term, and below it ``: what it is``."""
    out: list[Pair] = []
    term = None
    for start, end in lines:
        line = slot(block, start, end)
        if line.text.startswith(": ") and term is not None:
            out.append(Pair(term, line.cut(1, len(line.text))))
        elif line.text.startswith(": "):
            return ()
        else:
            term = line if len(line.text) <= _LONGEST_TITLE else None
    return tuple(out)
