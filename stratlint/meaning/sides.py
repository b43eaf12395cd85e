"""One side of a relation: its factors and operators, and the expression they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stratlint.meaning.nodes import Node
from stratlint.meaning.proposal import Compute, Expression
from stratlint.meaning.statement import ItemKind

_BINDING = {"+": 1, "-": 1, "×": 2, "÷": 2, "/": 2, "^": 3}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: its factors with the operator before each (the first has none, unless it is signed)."""

    factors: tuple[tuple[Node, ...], ...]
    operators: tuple[Node, ...]

    @property
    def computes(self) -> bool:
        """Whether an operator is written."""
        return bool(self.operators)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes of its factors."""
        return tuple(node for factor in self.factors for node in factor)

    @property
    def end(self) -> int:
        """Where its last node ends; -1 when it has none."""
        return max((node.end for node in self.nodes), default=-1)


def side_of(nodes: Sequence[Node]) -> Side:
    """A row of nodes without relations and separators, split at its operators."""
    factors: list[list[Node]] = [[]]
    operators: list[Node] = []
    for node in nodes:
        if node.kind is ItemKind.SIGN:
            operators.append(node)
            factors.append([])
        else:
            factors[-1].append(node)
    if operators and not factors[0] and operators[0].text in "+-" and factors[1] and factors[1][0].is_number:
        sign = operators.pop(0)
        factors.pop(0)
        if sign.text == "-":
            factors[0][0] = _negated(factors[0][0])
    return Side(tuple(map(tuple, factors)), tuple(operators))


def _negated(node: Node) -> Node:
    assert node.term is not None
    return replace(node, term=replace(node.term, amount=node.term.amount.negated()))


def computes(expression: Expression) -> bool:
    """Whether an operator is written."""
    return isinstance(expression, Compute)


def by_precedence(values: Sequence[Expression], operators: Sequence[str]) -> Expression:
    """The expression of *values* with an operator between each two; equal operators from the left."""
    stack: list[Expression] = [values[0]]
    waiting: list[str] = []

    def reduce() -> None:
        right, left = stack.pop(), stack.pop()
        operator = waiting.pop()
        stack.append(Compute("/" if operator == "÷" else operator, left, right))

    for operator, value in zip(operators, values[1:], strict=True):
        while waiting and _BINDING[waiting[-1]] >= _BINDING[operator]:
            reduce()
        waiting.append(operator)
        stack.append(value)
    while waiting:
        reduce()
    return stack[0]
