"""The document itself as HTML: blocks in their lists, quotes and tables, with the marks put in by offset."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stratlint.document import Block, BlockKind, Document, Table
from stratlint.report.page.escape import attribute
from stratlint.report.page.inline import Range, merged, plain, reflowed, wrap

_MARKER = re.compile(r">|(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)")
_ID = re.compile(r' id="([^"]+)"')
_LINE_END = re.compile(r"[\r\n]")
_MAX_DEPTH = 60


def content_offset(block: Block, source: int) -> int | None:
    """Where a source offset stands in the block's content; None when it is not in the block."""
    index = bisect_right(block.segments, source, key=lambda each: each.source) - 1
    if index < 0:
        return None
    segment = block.segments[index]
    inside = source - segment.source
    return segment.content + inside if inside < segment.length else None


def ranges_by_block(blocks: Sequence[Block], ranges: Iterable[Range]) -> dict[int, list[Range]]:
    """The ranges of the source as ranges of the contents of the blocks they start in, by position of the block."""
    spread = sorted((each.segments[0].source, at) for at, each in enumerate(blocks) if each.segments)
    starts = [start for start, _ in spread]
    found: dict[int, list[Range]] = {}
    for each in ranges:
        index = bisect_right(starts, each.start) - 1
        if index < 0:
            continue
        at = spread[index][1]
        start, last = content_offset(blocks[at], each.start), content_offset(blocks[at], each.end - 1)
        if start is not None and last is not None and start <= last:
            found.setdefault(at, []).append(each.at(start, last + 1))
    return found


@dataclass(slots=True)
class _Open:
    """An open list or quote: its tag, the list item that is open, and the number the next item would get."""

    tag: str
    item: int = -1
    following: int = 0

    @property
    def closing(self) -> str:
        """The end tags."""
        return "</blockquote>\n" if self.tag == "blockquote" else f"</li></{self.tag}>\n"


@dataclass(slots=True)
class Body:
    """Builds one document's HTML, block by block."""

    document: Document
    ranges: dict[int, list[Range]]
    out: list[str] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)
    tables_done: set[int] = field(default_factory=set)

    def build(self) -> str:
        """The whole document."""
        for at, block in enumerate(self.document.blocks):
            if block.cell is not None and block.cell.table in self.tables_done:
                continue
            fresh = self._enter(block)
            if block.cell is not None:
                self.tables_done.add(block.cell.table)
                self._table(self.document.tables[block.cell.table])
            else:
                self.out.append(self._leaf(at, block, fresh))
        self._leave(0)
        return "".join(self.out)

    def _leave(self, depth: int) -> None:
        """Close what is open down to *depth*."""
        while len(self.opened) > depth:
            self.out.append(self.opened.pop().closing)

    def _enter(self, block: Block) -> bool:
        """Open and close lists and quotes for *block*; whether it is the first thing in a new list item."""
        path = block.list_path[:_MAX_DEPTH]
        quotes = min(block.quote_depth, _MAX_DEPTH)
        depth, items, quoted = self._common(path, quotes)
        order = self._order(block, len(path) - items, quotes - quoted)
        another = depth < len(self.opened) and self.opened[depth].tag != "blockquote" and order[:1] not in ([], [">"])
        self._leave(depth + another)
        for position, each in enumerate(order):
            if each == ">":
                self._push(_Open("blockquote"), "<blockquote>")
            else:
                self._item(each, path[items], again=another and position == 0)
                items += 1
        return bool(order) and order[-1] != ">"

    def _order(self, block: Block, lists: int, quotes: int) -> list[str]:
        """The containers to open, outermost first: as the block's line shows them, else quotes before lists."""
        wanted = lists + quotes
        shown = self._containers(block)[-wanted:] if wanted else []
        if len(shown) == wanted and shown.count(">") == quotes:
            return shown
        return [">"] * quotes + ["-"] * lists

    def _common(self, path: tuple[int, ...], quotes: int) -> tuple[int, int, int]:
        """How much of what is open *path* and *quotes* share: containers, list items and quotes among them."""
        items = quoted = 0
        for depth, each in enumerate(self.opened):
            if each.tag == "blockquote" and quoted < quotes:
                quoted += 1
            elif each.tag != "blockquote" and items < len(path) and path[items] == each.item:
                items += 1
            else:
                return depth, items, quoted
        return len(self.opened), items, quoted

    def _containers(self, block: Block) -> list[str]:
        """The container markers on the block's first line, before it: `>`, `-` for a bullet, the number of an item."""
        if not block.segments:
            return []
        first = block.segments[0].source
        before = _LINE_END.split(self.document.text[max(0, first - 300) : first])[-1]
        return [">" if match[0] == ">" else match[1] or "-" for match in _MARKER.finditer(before)]

    def _push(self, container: _Open, tags: str) -> None:
        self.out.append(tags)
        self.opened.append(container)

    def _item(self, marker: str, item: int, *, again: bool) -> None:
        """A list item: in the list that is open when *again* (and the marker is of its sort), else in a new one."""
        tag = "ul" if marker == "-" else "ol"
        value = 0 if marker == "-" else int(marker)
        if again and self.opened[-1].tag == tag:
            level = self.opened[-1]
            skips = tag == "ol" and value != level.following
            self.out.append(f'</li>\n<li value="{value}">' if skips else "</li>\n<li>")
            level.item, level.following = item, value + 1
            return
        if again:
            self._leave(len(self.opened) - 1)
        start = f' start="{value}"' if tag == "ol" and value != 1 else ""
        self._push(_Open(tag, item, value + 1), f"<{tag}{start}>\n<li>")

    def _inline(self, at: int, *, code: bool = False) -> str:
        """The text of a block with its emphasis and marks."""
        block = self.document.blocks[at]
        marks = self.ranges.get(at, [])
        if code:
            return wrap(block.content, block.content, marks)
        layers = (("strong", block.strong), ("del", block.struck), ("code", block.code), ("var", block.math))
        emphasis = [plain(tag, start, end) for tag, spans in layers for start, end in merged((span.start, span.end) for span in spans)]
        masked = reflowed(block.content, block.text) if len(block.text) == len(block.content) else block.content
        # Marks come first, so that of two equal ranges the link is the outer one.
        return wrap(block.content, masked, [*marks, *emphasis], breaks=True).strip()

    def _leaf(self, at: int, block: Block, fresh: bool) -> str:
        if block.kind is BlockKind.HEADING:
            level = min(6, max(1, self.document.sections[block.section].level))
            return f"<h{level}>{self._inline(at)}</h{level}>\n"
        if block.kind is BlockKind.CODE:
            label = f"code, {attribute(block.language)}" if block.language else "code"
            code = self._inline(at, code=True)
            return f'<pre tabindex="0" role="group" aria-label="{label}"><code>{code}</code></pre>\n'
        if block.kind in (BlockKind.HTML, BlockKind.FRONT_MATTER):
            label = "HTML source" if block.kind is BlockKind.HTML else "front matter"
            return f'<pre class="raw" role="group" aria-label="{label}">{self._inline(at, code=True)}</pre>\n'
        inline = self._inline(at)
        return inline if fresh else f"<p>{inline}</p>\n"

    def _table(self, table: Table) -> None:
        rows = [self._row(table, row, "th" if index == 0 else "td") for index, row in enumerate(table.rows)]
        head, body = rows[:1], rows[1:]
        self.out.append('<div class="tw" tabindex="0" role="group" aria-label="table"><table>')
        self.out.extend(f"<thead>{row}</thead>" for row in head)
        if body:
            self.out.append(f"<tbody>{''.join(body)}</tbody>")
        self.out.append("</table></div>\n")

    def _row(self, table: Table, row: Sequence[int], tag: str) -> str:
        cells = []
        for column, at in enumerate(row):
            aligned = column < len(table.alignments) and table.alignments[column] in ("right", "center")
            css = f' class="{table.alignments[column]}"' if aligned else ""
            inner = self._inline(at) if 0 <= at < len(self.document.blocks) else ""
            cells.append(f"<{tag}{css}>{inner}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>\n"


def placed_ids(html: str) -> Iterator[str]:
    """The ids that stand in *html* (which holds document text only escaped, so that quotes are ours)."""
    return (match[1] for match in _ID.finditer(html))


def render_body(document: Document, ranges: Iterable[Range]) -> str:
    """*document* with *ranges* (in source coordinates) wrapped around what they cover."""
    ordered = sorted(ranges, key=lambda each: (each.start, -each.end))
    return Body(document, ranges_by_block(document.blocks, ordered)).build()
