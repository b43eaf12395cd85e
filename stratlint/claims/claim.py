"""Claims: every number of a document with what stands around it, and every equation that is written out."""
from __future__ import annotations

from dataclasses import dataclass

from stratlint.claims.equation import Equation
from stratlint.claims.syntax import Claims, Quantity
from stratlint.document import Block, Document, Span


@dataclass(frozen=True, slots=True)
class NumberClaim:
    """One number, its place, and the words that may say what it is about.

    `quantity` is None for numbers inside names (`EP64`, `FP8`, a date): then `name` is the whole token.
    `noun`: words after it up to the next number, operator or separator; `lead`: words before it in the same
    clause; `label`: what stands before the colon (or the bold run) that introduces it; `clause`: the whole
    clause; `sentence`: the whole sentence; `relation`: the relation sign before it (`=`, `<`, `→`, …), "" without.
    `place` is (block, sentence, order). `computed`: the value is the result of a computation in the text.
    """

    index: int
    block: int
    sentence: int
    start: int
    end: int
    span: Span
    text: str
    quantity: Quantity | None
    name: str
    noun: str
    lead: str
    label: str
    clause: str
    sentence_text: str
    relation: str
    equation: int
    operand: bool
    struck: bool
    quoted: bool
    code: bool
    verdict: str

    @property
    def value(self) -> float | None:
        """The printed value with its magnitude, without its unit's factor."""
        return None if self.quantity is None else self.quantity.number.value * self.quantity.magnitude


@dataclass(frozen=True, slots=True)
class EquationClaim:
    """An equation with its place. `numbers` are indices of its operands and results in `ClaimSet.numbers`."""

    index: int
    block: int
    sentence: int
    equation: Equation
    span: Span
    numbers: tuple[int, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or line: its text with markup blanked, its place in the block, and the verdict marks in it."""

    block: int
    index: int
    start: int
    end: int
    text: str
    span: Span
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class ClaimSet:
    """Everything a document claims."""

    document: Document
    trees: dict[int, Claims]
    numbers: tuple[NumberClaim, ...]
    equations: tuple[EquationClaim, ...]
    statements: tuple[Statement, ...]
    unparsed: tuple[int, ...]

    def block_of(self, claim: NumberClaim | EquationClaim) -> Block:
        """The block a claim stands in."""
        return self.document.blocks[claim.block]
