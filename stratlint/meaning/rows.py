"""The rows of a page in which something may be computed: sentences, cells beside computations, pieces of program text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.extract import CONFIGS, SHELLS, is_program
from stratlint.claims.prepare import prepare
from stratlint.claims.tokens import Token
from stratlint.document import Block, BlockKind
from stratlint.meaning.comments import computations_in_comments
from stratlint.meaning.nodes import Node, computing, nodes_of
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import Raw, raw_items
from stratlint.meaning.row import Row
from stratlint.meaning.statement import Item, Term
from stratlint.meaning.terms import Locate, items_of
from stratlint.meaning.voice import mistaken

_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one page.

    *between*: the tokens of a block between two content offsets; *locate*: the places of a block's amounts; *quoted*: whether an amount is
    struck out or somebody else's; *numbers*: those of the page by block and place; *items*: what is read already, by block and beginning.
    """

    claims: ClaimSet
    between: Callable[[Block, int, int], Sequence[Token]]
    locate: Callable[[Block], Locate]
    quoted: Callable[[Block, Term], bool]
    numbers: Mapping[tuple[int, int], NumberClaim]
    items: Mapping[tuple[int, int], tuple[Sequence[Raw], Sequence[Item]]]

    def rows(self) -> Iterator[Row]:
        """Every sentence, cell and piece of program text that may hold a computation or give a name an amount."""
        cells = self._cells_beside_computations()
        for block in self.claims.document.blocks:
            if block.kind is BlockKind.CODE and block.language in SHELLS | CONFIGS:
                yield from self._comments(block)
                continue
            program, prepared = is_program(block), ""
            sentences = [(each.start, each.end) for each in self.claims.statements_of(block.index)]
            for start, end in [(0, len(block.text))] if program else sentences:
                tokens = self.between(block, start, end)
                if computing(tokens) or block.index in cells:
                    prepared = prepared or prepare(block)  # once for all sentences of a block
                    yield self._row(block, start, tokens, prepared, program=program)
            if program:
                yield from self._comments(block)

    def _comments(self, block: Block) -> Iterator[Row]:
        """The comments of code that compute something."""
        if _COMMENT not in block.text or not computing(self.between(block, 0, len(block.text))):
            return
        title, text, locate = self.claims.document.sections[block.section].title, prepare(block), self.place_in(block)
        for nodes in computations_in_comments(self.nodes_of(block, 0, len(block.text))):
            yield Row(block, nodes, text, not mistaken(title, nodes), False, locate, comment=True)

    def _cells_beside_computations(self) -> frozenset[int]:
        """The cells of rows in which one may compute: another may be its result."""
        document = self.claims.document

        def computes(cell: int) -> bool:
            block = document.blocks[cell]
            return computing(self.between(block, 0, len(block.text)))

        rows = (row for table in document.tables for row in table.rows)
        return frozenset(cell for row in rows if any(map(computes, row)) for cell in row)

    def _row(self, block: Block, start: int, tokens: Sequence[Token], text: str, *, program: bool) -> Row:
        locate = self.locate(block)
        known = self.items.get((block.index, start))
        raws = known[0] if known is not None else raw_items(tokens)
        items = known[1] if known is not None else items_of(raws, locate)
        quoted = any(self.quoted(block, item.term) for item in items if item.term is not None)
        asserted = not quoted and not mistaken(self.claims.document.sections[block.section].title, raws)
        return Row(block, nodes_of(raws, items, text, locate), text, asserted, program, self.place_in(block))

    def nodes_of(self, block: Block, start: int, end: int) -> tuple[Node, ...]:
        """The nodes of a stretch of a block."""
        locate = self.locate(block)
        raws = raw_items(self.between(block, start, end))
        return nodes_of(raws, items_of(raws, locate), prepare(block), locate)

    def place_in(self, block: Block) -> Callable[[int, int], Place]:
        """Makes places of stretches of a block."""
        document = self.claims.document

        def place(start: int, end: int) -> Place:
            span = block.source_span(start, end)
            line, _ = document.position(span.start)
            known = self.numbers.get((block.index, start))
            named = next((number.index for number in self.claims.numbers_between(block.index, start, start + 1)), -1)
            return Place(block.index, start, end, span, line, known.index if known is not None else named)

        return place
