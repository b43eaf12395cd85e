"""Computations spread over the cells of a table row: `| 2.156B × 2 B | 4.31 GB |`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stratlint.claims.claim import EquationClaim, NumberClaim
from stratlint.claims.equation import Equation, Expression, Operand, computes, expression_of, only_multiplies, operands
from stratlint.claims.syntax import Claims, Quantity
from stratlint.claims.units import load_lexicon
from stratlint.document import Document
from stratlint.document.layouts.words import holds_formulas


def cell_equations(document: Document, trees: Mapping[int, Claims], numbers: Sequence[NumberClaim], first: int) -> Iterator[EquationClaim]:
    """A cell that is one computation and nothing else, with the single number of the next cell as its result.

    The result's unit may stand in its column's header ("GB"). Labels are no computations: column 0 is left out
    unless its text ends in one after a colon.
    """
    by_block: dict[int, list[NumberClaim]] = {}
    for number in numbers:
        by_block.setdefault(number.block, []).append(number)
    index = first
    for table in document.tables:
        for cells in table.rows[1:]:
            for column in range(len(cells) - 1):
                expression = _computation(trees.get(cells[column]), labelled=column == 0)
                result = _result(by_block.get(cells[column + 1], []))
                if expression is None or result is None or result.quantity is None:
                    continue
                formulas = column == 0 or holds_formulas(document.blocks[table.rows[0][column]].text)
                if not (formulas or _long_product(expression, result.quantity)):
                    continue
                header = document.blocks[table.rows[0][column + 1]].text.strip()
                quantity = _with_header_unit(result.quantity, header)
                members = [n.index for n in by_block.get(cells[column], []) if n.start in {q.start for q in operands(expression)}]
                yield EquationClaim(
                    index,
                    cells[column + 1],
                    result.sentence,
                    Equation(expression, Operand(quantity), "|", quantity.approximate, quantity.start, quantity.end),
                    result.span,
                    (*members, result.index),
                    result.quoted or result.struck,
                )
                index += 1


_UNMISTAKABLE = 4


def _long_product(expression: Expression, result: Quantity) -> bool:
    """`2 * 8192 * 4e6 * 3 * 80 | 15.7 TB`: so many factors next to a unit are a computation under any header."""
    numbers = list(operands(expression))
    hard = result.unit is not None and bool(result.unit.hard)
    return hard and len(numbers) >= _UNMISTAKABLE and only_multiplies(expression)


def _computation(tree: Claims | None, *, labelled: bool) -> Expression | None:
    if tree is None or not tree.chains or (len(tree.chains) > 1 and not labelled):
        return None
    if labelled and not (tree.separators and tree.separators[-1].terminal == "COLON"):
        return None
    chain = tree.chains[-1]
    if len(chain.sides) != 1:
        return None
    expression = expression_of(chain.sides[0], leads=False, trails=False, weak=False)
    return expression if expression is not None and computes(expression) else None


def _result(numbers: Sequence[NumberClaim]) -> NumberClaim | None:
    return numbers[0] if len(numbers) == 1 and numbers[0].quantity is not None and numbers[0].quantity.high is None else None


def _with_header_unit(quantity: Quantity, header: str) -> Quantity:
    """`5.44` in a column headed "GB" is 5.44 GB."""
    if quantity.units or quantity.magnitude_text:
        return quantity
    units = load_lexicon().read(header)
    return replace(quantity, units=units, unit_text=header) if units and units[0].hard else quantity
