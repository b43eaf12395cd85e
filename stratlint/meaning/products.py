"""A transcribed expression as a sum of products: where each of its numbers stands, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stratlint.claims.amount import Amount
from stratlint.claims.equation import Expression as Written
from stratlint.claims.equation import Operand


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An operand of a relation: as transcribed, and what the page prints of it, the likeliest first.

    `quoted`: the page prints it, or the catalog has it. `same`: in the same unit; `near`: in digits at the claim.
    """

    wanted: Amount
    printed: tuple[Amount, ...]
    quoted: bool
    same: bool
    near: bool

    @property
    def value(self) -> float:
        """The number without its unit."""
        return abs(self.wanted.value * self.wanted.magnitude)

    @property
    def unit(self) -> Mapping[str, float]:
        """The hard units of it, those of the page where the reader left them out."""
        return dict(self.wanted.hard or (self.printed[0].hard if self.printed else ()))

    @property
    def shown(self) -> Amount:
        """It with its unit: as transcribed, or as the page prints it where the reader left the unit out."""
        return self.wanted if self.wanted.unit_text or not self.printed else self.printed[0]

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """All that it may be."""
        return (self.wanted, *self.printed)


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A product over another one."""

    above: tuple[Factor, ...]
    below: tuple[Factor, ...]

    @property
    def lone(self) -> Part | None:
        """The part that is all of it."""
        only = self.above[0] if len(self.above) == 1 and not self.below else None
        return only if isinstance(only, Part) else None


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """Terms that are added or subtracted."""

    terms: tuple[Term, ...]


Factor = Part | Total


def total_of(written: Written, parts: Mapping[int, Part]) -> Total:
    """An expression as a sum of products; *parts* by the identity of their quantities."""
    if not isinstance(written, Operand) and written.operator in "+-":
        return Total((*total_of(written.left, parts).terms, *total_of(written.right, parts).terms))
    return Total((_term(written, parts),))


def _term(written: Written, parts: Mapping[int, Part]) -> Term:
    if isinstance(written, Operand):
        return Term((parts[id(written.quantity)],), ())
    if written.operator in "+-":
        return Term((total_of(written, parts),), ())
    left, right = _term(written.left, parts), _term(written.right, parts)
    if written.operator == "/":
        return Term(left.above + right.below, left.below + right.above)
    return Term(left.above + right.above, left.below + right.below)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a part stands: in which term of which sum, what it is multiplied with, and what is on the other side of the line."""

    part: Part
    term: Term
    total: Total
    beside: tuple[Factor, ...]
    across: tuple[Factor, ...]
    below: bool

    @property
    def adds(self) -> bool:
        """Whether it is a term of a sum of its own."""
        return self.term.lone is self.part and len(self.total.terms) > 1


def seats_of(total: Total) -> Iterator[Seat]:
    """Every part of a sum, left to right within each term."""
    for term in total.terms:
        for beside, across, below in ((term.above, term.below, False), (term.below, term.above, True)):
            for factor in beside:
                if isinstance(factor, Total):
                    yield from seats_of(factor)
                else:
                    yield Seat(factor, term, total, tuple(each for each in beside if each is not factor), across, below)


def parts_of(factors: Sequence[Factor]) -> list[Part]:
    """The single numbers among factors."""
    return [each for each in factors if isinstance(each, Part)]
