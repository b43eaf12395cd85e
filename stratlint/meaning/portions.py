"""Shares before a computation: `40 % of 8 × 989 TFLOPS`, `0.8 of 3.35 TB/s`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from stratlint.claims.amount import Amount
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.proposal import Compute, Expression, Use

# The role of a share that stands before a computation: what that gives may as well be the whole.
_SHARE = "share of it"


def share_of(nodes: Sequence[Node], numeric: Callable[[Node], bool], articles: Collection[str], *, computes: bool) -> Expression | None:
    """The product that a share and its whole make; None where *nodes* end in none. *computes*: operators follow the whole."""
    numbers = [at for at, node in enumerate(nodes) if numeric(node)]
    if len(numbers) != 2 and not (computes and len(numbers) > 2):
        return None
    *_, start, end = numbers
    one, two = nodes[start], nodes[end]
    between = nodes[start + 1 : end]
    if one.term is None or two.term is None or not _is_share(one.term.amount) or not between:
        return None
    links = equation_words()["portion_links"]
    link = next((at for at, node in enumerate(between) if node.word in links), -1)  # "85 % utilisation on 5 × 48 GB"
    if link < 0 or link > 1 or (link and not between[0].is_name):
        return None
    between = between[link:]
    lone = start == 0 and end == len(nodes) - 1  # "40 % of 1,000" is all that the side says
    ends = computes and end == len(nodes) - 1
    if not (two.term.amount.unit_text or lone or ends) or any(node.word not in articles for node in between[1:]):
        return None
    return Compute("×", replace(one.term.use, role=_SHARE), two.term.use)


def _is_share(amount: Amount) -> bool:
    return amount.percent or (0 < amount.value < 1 and not amount.exact and not amount.unit_text and not amount.multiple)


def without_share(expression: Expression) -> Expression | None:
    """An expression without the share that it begins with; None where it begins with none."""
    if isinstance(expression, Use):
        return None
    if isinstance(expression.left, Use) and expression.left.role == _SHARE:
        return expression.right
    left = without_share(expression.left)
    return None if left is None else replace(expression, left=left)
