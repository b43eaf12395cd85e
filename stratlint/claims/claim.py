"""Claims: every number of a document with what stands around it, and every equation that is written out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from stratlint.claims.equation import Equation
from stratlint.claims.syntax import Claims, Quantity
from stratlint.document import Block, Document, Span
from stratlint.records import quickly_built

Key = TypeVar("Key")
Item = TypeVar("Item")


@quickly_built
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
    # Rules ask for the numbers of a cell or the sentences of a block once per number of the document.
    _numbers: Mapping[int, tuple[NumberClaim, ...]] = field(init=False, repr=False)
    _statements: Mapping[int, tuple[Statement, ...]] = field(init=False, repr=False)
    _by_value: Mapping[float | None, tuple[NumberClaim, ...]] = field(init=False, repr=False)
    _equations: Mapping[int, tuple[EquationClaim, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", grouped(self.numbers, lambda number: number.block))
        object.__setattr__(self, "_statements", grouped(self.statements, lambda statement: statement.block))
        object.__setattr__(self, "_by_value", grouped(self.numbers, lambda number: number.value))
        members = ((number, claim) for claim in self.equations for number in dict.fromkeys(claim.numbers))
        equations = {number: tuple(claim for _, claim in pairs) for number, pairs in grouped(members, itemgetter(0)).items()}
        object.__setattr__(self, "_equations", equations)

    def block_of(self, claim: NumberClaim | EquationClaim) -> Block:
        """The block a claim stands in."""
        return self.document.blocks[claim.block]

    def is_member(self, number: int) -> bool:
        """Whether a number is an operand or a result of any equation."""
        return number in self._equations

    def equations_with(self, number: int) -> tuple[EquationClaim, ...]:
        """The equations that a number is an operand or a result of, in order."""
        return self._equations.get(number, ())

    def of_value(self, value: float | None) -> tuple[NumberClaim, ...]:
        """The numbers that print this value (whatever their unit), in order."""
        return self._by_value.get(value, ())

    def numbers_in(self, block: int) -> tuple[NumberClaim, ...]:
        """The numbers of a block, in order."""
        return self._numbers.get(block, ())

    def numbers_between(self, block: int, start: int, end: int) -> tuple[NumberClaim, ...]:
        """The numbers of a block that begin in `start <= offset < end`."""
        numbers = self.numbers_in(block)
        first = bisect_left(numbers, start, key=lambda number: number.start)
        return numbers[first : bisect_left(numbers, end, first, key=lambda number: number.start)]

    def numbers_of(self, block: int, sentence: int) -> tuple[NumberClaim, ...]:
        """The numbers of one sentence."""
        numbers = self.numbers_in(block)
        first = bisect_left(numbers, sentence, key=lambda number: number.sentence)
        return numbers[first : bisect_right(numbers, sentence, first, key=lambda number: number.sentence)]

    def statement(self, block: int, index: int) -> Statement | None:
        """The sentence of a block with this index; None when it is blank."""
        statements = self._statements.get(block, ())
        at = bisect_left(statements, index, key=lambda statement: statement.index)
        return statements[at] if at < len(statements) and statements[at].index == index else None

    def statements_of(self, block: int) -> tuple[Statement, ...]:
        """The sentences of a block, in order; blank ones left out."""
        return self._statements.get(block, ())

    def statement_at(self, block: int, offset: int) -> Statement | None:
        """The sentence of a block that holds a content offset."""
        statements = self._statements.get(block, ())
        at = bisect_right(statements, offset, key=lambda statement: statement.start) - 1
        return statements[at] if at >= 0 and offset < statements[at].end else None


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, tuple[Item, ...]]:
    """*items* by *key*, each group in their order."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {key: tuple(members) for key, members in groups.items()}
