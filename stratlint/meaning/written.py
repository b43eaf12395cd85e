"""Equations that the page writes out: two sides, each an expression over amounts of the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stratlint.meaning.proposal import Expression, Use


class Sign(StrEnum):
    """What stands between the two sides."""

    EQUALS = "="
    WORD = "is"  # a word: "is", "gives", "makes"
    ARROW = "→"
    BRACKET = "(…)"  # a value and its working, or a sum and its result, in brackets
    CELL = "|"  # the next cell of the row
    COMMENT = "#"  # a comment behind a line of code
    APPOSITION = "i.e."


@dataclass(frozen=True, slots=True)
class Equation:
    """Two neighbouring sides that the page calls equal. `right` is what is claimed where only one of them computes.

    `approximate`: the sign claims no digits. `asserted`: the page does not call it a mistake. `remarks`: what its form and the words
    around it leave open ("shape", "pair", "slash", "both ways", "grows", "many", "bits", "length", "cell", …). `before`: amounts stated
    shortly before, which may be factors that are not repeated; `operand`: the one of them that may be the first operand itself.
    `otherwise`: further expressions that the left side may mean. `start`, `end`: its extent in `block`.
    """

    left: Expression
    right: Expression
    sign: Sign
    approximate: bool
    asserted: bool
    block: int
    start: int
    end: int
    remarks: frozenset[str] = frozenset()
    before: tuple[Use, ...] = ()
    operand: Use | None = None
    otherwise: tuple[Expression, ...] = ()
