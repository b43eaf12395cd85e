"""Numbers that are no amounts, by the signs glued to them: what picks of a name, the base of a symbolic power, a tag of a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.syntax import Quantity, Word
from stratlint.claims.tokens import Bracket, Token
from stratlint.document import Block

_RAISED = frozenset("ⁿᵏˣᵐᵗ")


def without_indices(tokens: Sequence[Token], block: Block) -> Iterator[Token]:
    """`requests_total[5m]` picks of what it stands behind, and the 2 of `2ⁿ` is the base of a power: neither is an amount."""
    for at, token in enumerate(tokens):
        if isinstance(token, Quantity) and (
            _is_tag(token, block.text) or _is_index(tokens[max(at - 2, 0) : at], block) or block.text[token.end : token.end + 1] in _RAISED
        ):
            yield Word("NAME", token.text, token.start, token.end)
        else:
            yield token


def _is_tag(token: Quantity, text: str) -> bool:
    """`granite4.1:3b`: which build of a version it is. An amount there (`Stage 1:40 GB`) has a unit."""
    before = text[max(token.start - 2, 0) : token.start]
    glued = len(before) == 2 and before[1] == ":" and before[0].isdigit()
    return glued and bool(token.magnitude_text) and not token.units and text[token.end - 1 : token.end].isalpha()


def _is_index(before: Sequence[Token], block: Block) -> bool:
    """Whether a name and, glued to it, a square bracket stand right before."""
    if len(before) != 2:
        return False
    name, bracket = before
    return isinstance(bracket, Bracket) and isinstance(name, Word) and name.end == bracket.start and block.text[bracket.start] == "["
