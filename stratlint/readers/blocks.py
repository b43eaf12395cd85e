"""The blocks of a page that readings belong to: from one heading to the next, so that tables and lists stay whole."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from stratlint.document import Block, Document

_BYTES_OF_HASH = 8


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A part of a page from a heading (or the top) to before the next one. `first` is its first line, from 1; `lines` have no line ends."""

    hash: str
    first: int
    lines: tuple[str, ...]

    @property
    def last(self) -> int:
        """The last line of the block on the page."""
        return self.first + len(self.lines) - 1


def page_blocks(document: Document) -> tuple[PageBlock, ...]:
    """All blocks of a page in order; together they have every line of it. Blocks of blank lines alone are none.

    Headings in lists and quotes begin no block: the list or quote stays whole.
    """
    firsts = {1}
    for section in document.sections[1:]:
        heading = document.blocks[section.block]
        if not heading.list_path and not heading.quote_depth:
            firsts.add(_line(document, heading))
    ordered = sorted(firsts)
    ends = (*(each - 1 for each in ordered[1:]), document.line_count)
    blocks = []
    for first, last in zip(ordered, ends, strict=True):
        lines = tuple(document.line_text(number) for number in range(first, last + 1))
        if any(line.strip() for line in lines):
            blocks.append(PageBlock(block_hash(lines), first, lines))
    return tuple(blocks)


def block_hash(lines: tuple[str, ...]) -> str:
    """16 hexadecimal digits that change with the text of a block; not with line ends, blanks at ends of lines or blank lines at its end."""
    text = "\n".join(line.rstrip() for line in lines).rstrip("\n")
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES_OF_HASH).hexdigest()


def _line(document: Document, heading: Block) -> int:
    line, _ = document.position(heading.source_offset(0) if heading.segments else 0)
    return line
