"""Comments in code: what one states of the line before it, and computations of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.claims.extract import LINE_END
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.statement import ItemKind

_BEGINS = "#"


def with_results(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """`world = nodes * gpus  # 128`: a comment that is one amount states the result; any other begins another clause."""
    out: list[Node] = []
    done = 0
    for at, node in enumerate(nodes):
        if node.text != _BEGINS:
            if at >= done:
                out.append(node)
            continue
        comment = _comment(nodes, at)
        if _is_result(comment):
            out.append(replace(node, kind=ItemKind.CUE, text="=", word=_BEGINS, tags=frozenset({"equals"})))
            done = at + 1 + next(position for position, each in enumerate(comment) if each.is_number)
        else:
            out.append(replace(node, kind=ItemKind.STOP))
    return tuple(out)


def computations_in_comments(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    """`# 16 hosts * 8 cards = 128 ranks`: the comments that compute something themselves."""
    for at, node in enumerate(nodes):
        if node.text == _BEGINS:
            end = next((position for position in range(at + 1, len(nodes)) if nodes[position].text == LINE_END), len(nodes))
            comment = nodes[at + 1 : end]
            if any(each.kind is ItemKind.SIGN for each in comment) and not _is_result(_comment(nodes, at)):
                yield comment


def _comment(nodes: tuple[Node, ...], at: int) -> tuple[Node, ...]:
    """The first clause behind the sign of a comment."""
    end = next((position for position in range(at + 1, len(nodes)) if nodes[position].kind is ItemKind.STOP), len(nodes))
    return nodes[at + 1 : end]


def _is_result(comment: tuple[Node, ...]) -> bool:
    stated = [each for each in comment if each.text not in equation_words()["signs"]]
    amounts = [each for each in stated if each.is_number]
    return len(amounts) == 1 and stated[0] is amounts[0] and len(stated) <= 2 and not any(each.is_group for each in stated)
