"""Which numbers of a text are operands of a computation, whether or not it has a result."""

from __future__ import annotations

from stratlint.claims.equation import is_numeric
from stratlint.claims.syntax import Claims, Factor, Quantity, Sum, Word, chains_of


def operand_starts(claims: Claims) -> frozenset[int]:
    """Where the numbers stand that are operands of some computation, with or without a result."""
    out: set[int] = set()
    for chain in chains_of(claims):
        for side in chain.sides:
            if side.computes and all(any(is_numeric(atom) for atom in factor.atoms) for factor in side.factors):
                for factor in side.factors:
                    numeric = [atom for atom in factor.atoms if isinstance(atom, Quantity)]
                    if len(numeric) == 1 and not _is_denominator(side, factor):
                        out.add(numeric[0].start)
    return frozenset(out)


def _is_denominator(side: Sum, factor: Factor) -> bool:
    """In "$2.50/GPU-hour come to $1.75M" the stroke belongs to a unit, and the number behind it to the sentence."""
    for product in (side.first, *(product for _, product in side.rest)):
        factors = (product.first, *(following for _, following in product.rest))
        for before, (operator, following) in zip(factors, product.rest, strict=False):
            if following is factor and operator == "/" and before.atoms and factor.atoms:
                first = factor.atoms[0]
                return isinstance(first, Word) and first.start == before.atoms[-1].end + 1
    return False
