"""A block's claims as one flat row of tokens: amounts, words, signs and brackets in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stratlint.claims.syntax import Atom, Chain, Claims, Factor, Group, Quantity, Sum, Word


@dataclass(frozen=True, slots=True)
class Sign:
    """An arithmetic operator between two operands: `+`, `-`, `×`, `÷` or `/`."""

    operator: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening or closing bracket at a content offset."""

    opens: bool
    start: int


Token = Quantity | Word | Sign | Bracket


def flat(claims: Claims) -> Iterator[Token]:
    """All tokens of *claims*; relations and separators are words with their terminal."""
    for index, chain in enumerate(claims.chains):
        yield from _chain(chain)
        if index < len(claims.separators):
            yield claims.separators[index]


def _chain(chain: Chain) -> Iterator[Token]:
    for index, side in enumerate(chain.sides):
        yield from _sum(side)
        if index < len(chain.relations):
            yield chain.relations[index]


def _sum(side: Sum) -> Iterator[Token]:
    for position, (sign, product) in enumerate((("", side.first), *side.rest)):
        if position:
            yield Sign(sign)
        yield from _factor(product.first)
        for operator, factor in product.rest:
            yield Sign(operator)
            yield from _factor(factor)


def _factor(factor: Factor) -> Iterator[Token]:
    for atom in factor.atoms:
        yield from _atom(atom)


def _atom(atom: Atom) -> Iterator[Token]:
    if isinstance(atom, Group):
        yield Bracket(True, atom.start)
        yield from flat(atom.claims)
        yield Bracket(False, atom.end - 1)
    else:
        yield atom
