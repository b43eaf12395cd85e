"""Comments in code: what one states of the line before it, and computations of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.claims.extract import LINE_END
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.statement import ItemKind

_BEGINS = "#"
_AMOUNT_PER_THING = 3


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
    """Whether a comment states one amount first, and behind it no more than its noun, or what it is per, and a remark without a number."""
    words = equation_words()
    stated = [each for each in comment if each.text not in words["signs"] and each.text not in words["arrows"]]
    comma = next((at for at, each in enumerate(stated) if each.kind is ItemKind.COMMA), len(stated))
    said, remark = stated[:comma], stated[comma:]
    if not said or not said[0].is_number or any(each.is_number or each.is_group for each in (*said[1:], *remark)):
        return False
    if remark and (said[0].term is None or not said[0].term.amount.hard):
        return False  # "4 * 4  # 2 GPUs, each with two"
    scoped = len(said) == _AMOUNT_PER_THING and said[1].word in words["below"]
    return scoped or len(said) <= 2
