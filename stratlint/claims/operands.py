"""Which numbers of a text are operands of a computation, whether or not it has a result."""

from __future__ import annotations

from stratlint.claims.equation import is_numeric
from stratlint.claims.syntax import Claims, Quantity, Sum, Word, chains_of


def operand_starts(claims: Claims) -> frozenset[int]:
    """Where the numbers stand that are operands of some computation, with or without a result."""
    out: set[int] = set()
    for chain in chains_of(claims):
        for side in chain.sides:
            if side.computes and all(any(is_numeric(atom) for atom in factor.atoms) for factor in side.factors):
                denominators = _denominators(side)
                for factor in side.factors:
                    numeric = [atom for atom in factor.atoms if isinstance(atom, Quantity)]
                    if len(numeric) == 1 and id(factor) not in denominators:
                        out.add(numeric[0].start)
    return frozenset(out)


def _denominators(side: Sum) -> frozenset[int]:
    """In "$2.50/GPU-hour come to $1.75M" the stroke belongs to a unit, and the number behind it to the sentence."""
    found: set[int] = set()
    for product in (side.first, *(product for _, product in side.rest)):
        factors = (product.first, *(following for _, following in product.rest))
        for before, (operator, following) in zip(factors, product.rest, strict=False):
            if operator == "/" and before.atoms and following.atoms:
                first = following.atoms[0]
                if isinstance(first, Word) and first.start == before.atoms[-1].end + 1:
                    found.add(id(following))
    return frozenset(found)
