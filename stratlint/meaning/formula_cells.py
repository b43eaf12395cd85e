"""Computations spread over the cells of a table row: `| 2.156B × 2 B | 4.31 GB |`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stratlint.claims.syntax import Quantity
from stratlint.document import Document
from stratlint.document.layouts.words import holds_formulas
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.nodes import Node
from stratlint.meaning.proposal import Expression, Use, only_multiplies, uses
from stratlint.meaning.sides import computes, side_of
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.written import Equation, Sign

_UNMISTAKABLE = 4


def cell_equations(document: Document, cells: Mapping[int, Sequence[Node]], readers: Mapping[int, ExpressionReader]) -> Iterator[Equation]:
    """A cell that is one computation and nothing else, with the single number of the next cell as its result.

    Labels are no computations: column 0 is left out unless its text ends in one after a colon.
    """
    for table in document.tables:
        for row in table.rows[1:]:
            for column in range(len(row) - 1):
                nodes = cells.get(row[column])
                if nodes is None:
                    continue
                expression = _computation(nodes, readers[row[column]], labelled=column == 0)
                result = _result(cells.get(row[column + 1], ()))
                if expression is None or result is None:
                    continue
                if column and not (holds_formulas(document.blocks[table.rows[0][column]].text) or _long_product(expression, result)):
                    continue
                place = result.place
                assert place is not None
                # the header may say in what the result counts
                yield Equation(expression, result, Sign.CELL, False, True, row[column + 1], place.start, place.end, frozenset({"cell"}))


def _long_product(expression: Expression, result: Use) -> bool:
    """`2 * 8192 * 4e6 * 3 * 80 | 15.7 TB`: so many factors next to a unit are a computation under any header."""
    return bool(result.amount.hard) and sum(1 for _ in uses(expression)) >= _UNMISTAKABLE and only_multiplies(expression)


def _computation(nodes: Sequence[Node], reader: ExpressionReader, *, labelled: bool) -> Expression | None:
    if labelled:
        colons = [at for at, node in enumerate(nodes) if node.kind is ItemKind.COLON]
        if not colons:
            return None
        nodes = nodes[colons[-1] + 1 :]
    if any(reader.separates(node) or reader.relates(node) for node in nodes):
        return None
    expression = reader.side(side_of(nodes), leads=False, trails=False)
    return expression if expression is not None and computes(expression) else None


def _result(nodes: Sequence[Node]) -> Use | None:
    numbers = [node for node in nodes if node.is_number or any(character.isdigit() for character in node.text)]
    if len(numbers) != 1 or numbers[0].term is None:
        return None
    quantity: Quantity | None = numbers[0].quantity
    return numbers[0].term.use if quantity is not None and quantity.high is None else None
