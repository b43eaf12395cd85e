"""What introduces a block: the list item above it, the line that ends in a colon, the title of its section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, BlockKind, Document
from stratlint.facts.phrases import normalise, word_list

# "With 30 GB of weights a GPU of 80 GB has 50 GB left"
SAID_OF_A_GPU = re.compile(r"(?i)\b(?:an?|one|each|every)\s+(?:gpu|card|accelerator)\s+(?:of|has|have|holds|keeps|needs|with|stores)\b")
_OF_EACH = ("per", "each", "every")


def introduced_scope(block: Block, document: Document, above: Sequence[int]) -> str:
    """`gpu` where the nearest introduction of *block* says that its amounts are those of one GPU ("Memory per GPU:"), "" elsewhere.

    An introduction that speaks of the whole ends the search: under "Total memory" nothing is of one GPU.
    *above* is what `introducers` says of the document.
    """
    for text in introductions(block, document, above):
        words = normalise(text)
        found = {m.name for m in word_list("scopes").find(words) if words[m.start] in _OF_EACH or m.name == "total"}
        if found:
            return "gpu" if found == {"gpu"} else ""
    return ""


def in_brackets(claim: NumberClaim, block: Block) -> bool:
    """`Weights: 35 GB (of 140 GB)`: what a bracket adds is not what the line gives."""
    line = block.text[: claim.start].rpartition("\n")[2]
    return line.rfind("(") > line.rfind(")")


def introductions(block: Block, document: Document, above: Sequence[int] | None = None) -> list[str]:
    """What stands above a block, the nearest first, and the title of its section last; *above* as `introducers` gives it."""
    above = introducers(document) if above is None else above
    texts = []
    at = block.index
    while (at := above[at]) >= 0:
        texts.append(document.blocks[at].text)
    if block.section >= 0:
        texts.append(document.sections[block.section].title)
    return texts


def introducers(document: Document) -> tuple[int, ...]:
    """For every block the index of the item above its list, or of the paragraph that ends in a colon before it; -1 without."""
    out: list[int] = []
    items: list[int] = []  # the first block of every item that is open
    paths: list[int] = []
    colon = -1
    section = -1
    listed = False
    for block in document.blocks:
        if block.section != section or block.kind is BlockKind.HEADING:
            items, paths, colon, section = [], [], -1, block.section
        path = list(block.list_path)
        same = 0
        while same < min(len(path), len(paths)) and path[same] == paths[same]:
            same += 1
        opens = same < len(path)
        items, paths = items[:same] + [block.index] * (len(path) - same), path
        if not path and listed:
            colon = -1  # what introduced the list before
        listed = bool(path)
        if not path:
            out.append(colon if block.kind in (BlockKind.CELL, BlockKind.CODE) else -1)
        elif len(path) == 1 or not opens:
            out.append(colon if opens else items[-1])
        else:
            out.append(items[same - 1] if same else colon)
        if not path and block.kind is BlockKind.PARAGRAPH:
            colon = block.index if block.text.rstrip().endswith((":", "：")) else -1
    return tuple(out)
