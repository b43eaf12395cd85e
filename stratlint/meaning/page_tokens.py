"""The tokens of a page's blocks, read once: amounts with the units that headers announce, blocks without digits that count in words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.prepare import prepare
from stratlint.claims.syntax import Claims, Quantity, read
from stratlint.claims.tokens import Sign, Token, flat
from stratlint.document import Block, BlockKind
from stratlint.meaning.indices import without_indices
from stratlint.meaning.number_words import counting_words
from stratlint.meaning.superlatives import says_superlative

# A formula over names is no longer than this; program text beyond that is no place where a page states its plan.
_LONGEST_FORMULA, _LONGEST_PARSED = 200, 4000
_OPERATORS = frozenset("+−-×*·÷/")


class PageTokens:
    """The tokens of one page. *numbers*: its numbers by block and place."""

    def __init__(self, claims: ClaimSet, numbers: Mapping[tuple[int, int], NumberClaim]) -> None:
        self._claims = claims
        self._numbers = numbers
        self._tokens: dict[int, tuple[list[Token], list[int]]] = {}

    def between(self, block: Block, start: int, end: int) -> list[Token]:
        """The tokens of a block between two content offsets, amounts with the units that headers announce."""
        tokens, starts = self._of(block)
        first = bisect_left(starts, start)
        last = bisect_left(starts, end, first)
        return tokens[first:last]

    def _of(self, block: Block) -> tuple[list[Token], list[int]]:
        known = self._tokens.get(block.index)
        if known is None:
            tree = self._claims.trees.get(block.index) or self._parsed(block)
            found = flat(tree) if tree is not None else []
            tokens = [self._announced(block, token) if isinstance(token, Quantity) else token for token in without_indices(found, block)]
            starts: list[int] = []
            at = next((token.start for token in tokens if not isinstance(token, Sign)), 0)  # `**-2.0 ms**`: a sign leads its number
            for token in tokens:
                at = at if isinstance(token, Sign) else token.start
                starts.append(at)
            known = self._tokens[block.index] = (tokens, starts)
        return known

    def _parsed(self, block: Block) -> Claims | None:
        """A block without digits may count in words, or be program text whose assignments a grid names."""
        words, counting = block.text.lower().split(), counting_words()
        counts = not counting.isdisjoint(words) or any("-" in word and word.partition("-")[0] in counting for word in words)
        counts = counts or says_superlative(block.text)
        if not counts and not any(character.isdigit() for character in block.text) and not _may_compute(block):
            return None
        return read(prepare(block)) if len(block.text) < _LONGEST_PARSED else None

    def _announced(self, block: Block, token: Quantity) -> Quantity:
        number = self._numbers.get((block.index, token.number_start))
        return number.quantity if number is not None and number.quantity is not None else token


def _may_compute(block: Block) -> bool:
    """Whether a cell without digits may be a formula over names: `a + b`."""
    return block.kind is BlockKind.CELL and len(block.text) < _LONGEST_FORMULA and not _OPERATORS.isdisjoint(block.text)
