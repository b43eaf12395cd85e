"""What introduces a list or a table: the short paragraph right above it that is set in bold or ends in a colon; how many items follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from stratlint.document.blocks import Block, BlockKind, Document

_LONGEST = 80


def introductions_of_lists(document: Document) -> Mapping[int, str]:
    """The index of each block of a list → the text that introduces its list, where there is one.

    `**Considered and dropped**` above a list of layouts says of all of them what a heading would say.
    """
    return _introductions(document, lambda block: bool(block.list_path))


def introductions_of_tables(document: Document) -> Mapping[int, str]:
    """The index of each cell of a table → the text that introduces the table, where there is one."""
    return _introductions(document, lambda block: block.cell is not None)


def _introductions(document: Document, inside: Callable[[Block], bool]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    introduction = ""
    before: Block | None = None
    for block in document.blocks:
        if not inside(block):
            introduction = ""
        elif before is not None and not inside(before):
            introduction = _introduces(before) if before.section == block.section else ""
        if introduction:
            found[block.index] = introduction
        before = block
    return found


def _introduces(block: Block) -> str:
    """The text of a paragraph that introduces what follows; "" for any other block."""
    text = block.text.strip()
    if block.kind is not BlockKind.PARAGRAPH or not text or len(text) > _LONGEST:
        return ""
    start = len(block.text) - len(block.text.lstrip())
    strong = any(span.start <= start and span.end >= start + len(text.rstrip(":：")) for span in block.strong)
    return text if strong or text.endswith((":", "：")) else ""


def items_below(document: Document) -> Mapping[int, int]:
    """The index of each paragraph or heading with a list right below it → how many items the list has."""
    found: dict[int, int] = {}
    blocks = document.blocks
    for block, following in pairwise(blocks):
        path, depth = block.list_path, len(block.list_path)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and len(following.list_path) == depth + 1:
            items: set[int] = set()
            for each in blocks[following.index :]:
                if len(each.list_path) <= depth or each.list_path[:depth] != path:
                    break
                items.add(each.list_path[depth])
            found[block.index] = len(items)
    return found
