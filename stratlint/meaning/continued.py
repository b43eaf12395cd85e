"""Computations of several lines: a line of a fence that begins with an operator goes on with the result of the line above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.document import BlockKind
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.row import Row
from stratlint.meaning.statement import ItemKind

_SCALES = frozenset({"×", "/", "÷"})
DASHES = frozenset({"-", "–"})
# So many words name an operand.
MOST_NAMED = 3


def continued(rows: Sequence[Row]) -> Iterator[Row]:
    """*rows*, in fences with the result that a line goes on with before its operator; a line that goes on with none is no computation."""
    before: Row | None = None
    for row in rows:
        if row.block.kind is BlockKind.CODE and row.nodes:
            row = replace(row, nodes=_with_minus(row.nodes, program=row.program))
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


def _with_minus(nodes: Sequence[Node], *, program: bool) -> tuple[Node, ...]:
    """A dash of program text before a name is a minus sign: `0.9 * 141 - w`; in any fence before a name and its number, behind a number:
    `capacity 80 - weights 35 - cache 20 = 25`."""
    out = list(nodes)
    equal = max((at for at, node in enumerate(nodes) if node.text in equation_words()["signs"]), default=0)
    for at in range(1, len(nodes) - 1):
        one, dash, two = nodes[at - 1 : at + 2]
        if dash.text not in DASHES or dash.is_number:
            continue
        ends = one.is_number or one.is_group or one.is_name
        named = one.is_number and at < equal and _is_named_number(nodes[at + 1 :])
        if named or (program and ends and (two.is_name or two.is_group)):
            out[at] = replace(dash, kind=ItemKind.SIGN, text="-")
    return tuple(out)


def _is_named_number(nodes: Sequence[Node]) -> bool:
    """Whether a few words and a number stand there: `embedding table 1.85`."""
    at = next((at for at, node in enumerate(nodes[: MOST_NAMED + 1]) if not node.is_word), len(nodes))
    return 0 < at < len(nodes) and nodes[at].is_number
