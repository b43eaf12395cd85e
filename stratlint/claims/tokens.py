"""A block's claims as one flat row of tokens: amounts, words, signs and brackets in reading order."""

from __future__ import annotations

from dataclasses import dataclass

from stratlint.claims.syntax import Claims, Factor, Group, Product, Quantity, Sum, Word


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


def flat(claims: Claims) -> list[Token]:
    """All tokens of *claims*; relations and separators are words with their terminal."""
    out: list[Token] = []
    _add_claims(claims, out)
    return out


def _add_claims(claims: Claims, out: list[Token]) -> None:
    separators = claims.separators
    for index, chain in enumerate(claims.chains):
        relations = chain.relations
        for at, side in enumerate(chain.sides):
            _add_sum(side, out)
            if at < len(relations):
                out.append(relations[at])
        if index < len(separators):
            out.append(separators[index])


def _add_sum(side: Sum, out: list[Token]) -> None:
    _add_product(side.first, out)
    for sign, product in side.rest:
        out.append(Sign(sign))
        _add_product(product, out)


def _add_product(product: Product, out: list[Token]) -> None:
    _add_factor(product.first, out)
    for operator, factor in product.rest:
        out.append(Sign(operator))
        _add_factor(factor, out)


def _add_factor(factor: Factor, out: list[Token]) -> None:
    for atom in factor.atoms:
        if isinstance(atom, Group):
            out.append(Bracket(True, atom.start))
            _add_claims(atom.claims, out)
            out.append(Bracket(False, atom.end - 1))
        else:
            out.append(atom)
