"""Operands and results that stand for several numbers: ranges (`8 to 16 GPUs × …`), lists (`8, 16 × 2 = 16, 32`), pairs (`8 / 16`).

What is computed with all of them has as many results, and the two numbers that stand next to the signs need not belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.proposal import Compute, Expression, Use, uses
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.workings import Found

_WIDEST_JOINT = 4


class _Joint(Enum):
    """What joins two numbers of several."""

    RANGE = auto()  # `8 to 16`, `8 ~ 16`, `8...16`
    EITHER = auto()  # `8 or 16`
    LIST = auto()  # `8, 16`
    BOTH = auto()  # `8 and 16`, `8, 16, and 32`


@dataclass(frozen=True, slots=True)
class Several:
    """What an equation has of such: `apart`: a side is several, and the other one need not be of the number that stands next to the
    sign; `otherwise`: the left side with another of its numbers.
    """

    apart: bool
    otherwise: tuple[Expression, ...] = ()


def several(found: Found, flat: Sequence[Node]) -> Several:
    """What of an equation stands for several numbers; *flat*: the leaves of its row."""
    if isinstance(found.right, Compute):
        return Several(_pair(found.right) and any(map(_pair, _parts(found.left))))
    if isinstance(found.left, Use):
        return Several(False)
    places = {node.quantity.number_start: at for at, node in enumerate(flat) if node.quantity is not None}
    first, claim = _place(places, next(uses(found.left))), _place(places, found.right)
    before = list(_before(flat, first)) if first is not None else []
    behind = _behind(flat, claim) if claim is not None else None
    if behind is not None and (before or behind in (_Joint.RANGE, _Joint.EITHER)):
        return Several(True)
    others = [_instead(found.left, use) for joint, use in before if joint is not _Joint.LIST]
    added = _added(flat, first, found.right) if first is not None else None
    return Several(False, (*others, Compute("+", added, found.left)) if added is not None else tuple(others))


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Compute):
        yield from _parts(expression.left)
        yield from _parts(expression.right)


def _pair(expression: Expression) -> bool:
    """`128 / 256`: two numbers with a slash between them, of which the first may leave its unit to the second."""
    if not isinstance(expression, Compute) or expression.operator != "/":
        return False
    one, two = expression.left, expression.right
    while isinstance(one, Compute) and one.operator == "×":
        one = one.right  # "8 GPUs/node × 16 / 32 nodes"
    return isinstance(one, Use) and isinstance(two, Use) and one.amount.unit_text in ("", two.amount.unit_text)


def _place(places: dict[int, int], use: Use) -> int | None:
    return places.get(use.place.start) if use.place is not None else None


def _before(flat: Sequence[Node], at: int) -> Iterator[tuple[_Joint, Use]]:
    """The numbers that the operand at *at* is joined to, the nearest first; none that another computation or relation has."""
    while True:
        start = at - 1
        while start >= 0 and at - start <= _WIDEST_JOINT and not flat[start].is_number:
            start -= 1
        if start < 0 or not flat[start].is_number:
            return
        joint, term = _joint(flat[start + 1 : at]), flat[start].term
        taken = start > 0 and (flat[start - 1].kind is ItemKind.SIGN or "equals" in flat[start - 1].tags)
        if joint is None or term is None or taken or not _alike(flat[start], flat[at]):
            return
        yield joint, term.use
        at = start


def _added(flat: Sequence[Node], at: int, claim: Use) -> Use | None:
    """`the 8 GPUs and 16 nodes × 8 GPUs = 136 GPUs`: what stands before the computation counts the same as the result."""
    start = next((start for start in range(at - 1, max(at - 1 - _WIDEST_JOINT, -1), -1) if flat[start].is_number), -1)
    term = flat[start].term if start >= 0 else None
    if term is None or _joint(flat[start + 1 : at]) is not _Joint.BOTH:
        return None
    return term.use if term.amount.unit_text and term.amount.first.dimensions == claim.amount.first.dimensions else None


def _behind(flat: Sequence[Node], at: int) -> _Joint | None:
    """What joins the result at *at* to another number behind it that no other computation has."""
    end = at + 1
    while end < len(flat) and end - at <= _WIDEST_JOINT and not flat[end].is_number:
        end += 1
    if end >= len(flat) or not flat[end].is_number or not _alike(flat[at], flat[end]):
        return None
    if end + 1 < len(flat) and (flat[end + 1].kind is ItemKind.SIGN or "equals" in flat[end + 1].tags):
        return None
    return _joint(flat[at + 1 : end])


def _alike(one: Node, two: Node) -> bool:
    """Whether two numbers may be of one range or list: of one unit, which the first may leave to the second."""
    return one.term is not None and two.term is not None and one.term.amount.unit_text in ("", two.term.amount.unit_text)


def _joint(between: Sequence[Node]) -> _Joint | None:
    """What the nodes between two numbers make of them; None where they are two for themselves."""
    words = equation_words()
    nodes = [node for node in between if node.word not in words["leads"]]
    if nodes and all(node.text in words["dots"] for node in nodes):
        return _Joint.RANGE
    comma = bool(nodes) and nodes[0].kind is ItemKind.COMMA and nodes[0].text in words["commas"]
    rest = nodes[1:] if comma else nodes
    if not rest:
        return _Joint.LIST if comma else None
    if len(rest) != 1:
        return None
    word = rest[0]
    if word.word in words["either"]:
        return _Joint.EITHER
    if "and" in word.tags:
        return _Joint.BOTH
    return _Joint.RANGE if "range" in word.tags and not comma else None


def _instead(expression: Expression, use: Use) -> Expression:
    """The expression with another first operand."""
    if isinstance(expression, Use):
        return use
    return Compute(expression.operator, _instead(expression.left, use), expression.right)


__all__ = ["Several", "several"]
