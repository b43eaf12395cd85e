"""Computations of several lines: a line of a fence that begins with an operator goes on with the result of the line above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.document import BlockKind
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.row import Row
from stratlint.meaning.statement import ItemKind

_SCALES = frozenset({"×", "/", "÷"})
_DASHES = frozenset({"-", "–"})


def continued(rows: Sequence[Row]) -> Iterator[Row]:
    """*rows*, in fences with the result that a line goes on with before its operator; a line that goes on with none is no computation."""
    before: Row | None = None
    for row in rows:
        if row.block.kind is BlockKind.CODE and row.nodes:
            row = replace(row, nodes=_with_minus(row.nodes)) if row.program else row
            above = before if before is not None and before.block is row.block and before.nodes else None
            operator = (
                row.nodes[0] if _scales(row.nodes[0]) else above.nodes[-1] if above is not None and _scales(above.nodes[-1]) else None
            )
            if operator is not None:
                result = _result(above) if above is not None else None
                own = row.nodes[1:] if operator is row.nodes[0] else row.nodes
                row = replace(row, nodes=(result, operator, *own) if result is not None else ())
            elif _goes_on(row.text[: row.nodes[0].start]):
                row = replace(row, nodes=())
        yield row
        before = row


def _goes_on(text: str) -> bool:
    """Whether what stands before a row ends in an operator, whatever that follows."""
    end = text.rstrip(" \t")
    return end.endswith(("×", "÷", " x", "\nx", "\ue001x", " *", "\ue001*"))


def _scales(node: Node) -> bool:
    return node.kind is ItemKind.SIGN and node.text in _SCALES


def _result(row: Row) -> Node | None:
    """The number that ends a line, behind a sign of equality."""
    signs = equation_words()["signs"]
    equal = max((at for at, node in enumerate(row.nodes) if node.text in signs), default=-1)
    numbers = [node for node in row.nodes[equal + 1 :] if node.is_number] if equal >= 0 else []
    return numbers[0] if len(numbers) == 1 else None


def _with_minus(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """A dash of program text before a name is a minus sign: `0.9 * 141 - w`."""
    out = list(nodes)
    for at in range(1, len(nodes) - 1):
        one, dash, two = nodes[at - 1 : at + 2]
        ends = one.is_number or one.is_group or one.is_name
        if dash.text in _DASHES and not dash.is_number and ends and (two.is_name or two.is_group):
            out[at] = replace(dash, kind=ItemKind.SIGN, text="-")
    return tuple(out)
