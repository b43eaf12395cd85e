"""A row of items in which something may be computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stratlint.document import Block
from stratlint.meaning.nodes import Node
from stratlint.meaning.proposal import Place

Locate = Callable[[int, int], Place]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, a cell or a block of program text as nodes. `text`: the block's prepared text; `asserted`: nobody calls it a mistake;
    `comment`: it is one of program text, which computes and gives no name its amount.
    """

    block: Block
    nodes: tuple[Node, ...]
    text: str
    asserted: bool
    program: bool
    locate: Locate
    comment: bool = False
