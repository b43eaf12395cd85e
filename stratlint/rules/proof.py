"""What an agreement proves: an equality recomputed to the printed digits, or only that a bound is kept.

`verified` is for the first alone. A range, an inequality, a divisibility and whatever holds thanks to a tolerance that is wider
than the digits ("~") leave the number open to be wrong: it is `consistent`.
"""

from __future__ import annotations

from collections.abc import Mapping

from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity
from stratlint.rules.finding import Status
from stratlint.rules.formula import Formula, Node, holds, walk

# "500 GB" for 493: zeros at the end of an integer may come from rounding, as long as little was rounded.
_COARSEST = 0.02
# From so many digits on, digits may have been cut off instead of rounded.
_TRUNCATED_DIGITS = 2


def digits_of(stated: Quantity) -> Interval | None:
    """What rounds or truncates to the digits of *stated*, without its unit; None for a range, to which nothing rounds.

    Narrower than what charity grants: a `~` adds nothing.
    """
    if stated.high is not None:
        return None
    number = stated.number
    step = number.ulp if number.digits >= _TRUNCATED_DIGITS else number.ulp / 2
    if number.integer and number.coarse > number.ulp:
        step = max(step, min(number.coarse / 2, _COARSEST * abs(number.value)))
    return Interval(number.value - step, number.value + step).scaled(stated.magnitude)


def relation_status(formula: Formula, judged: str, digits: Interval | None, printed: Mapping[str, Interval]) -> Status:
    """What a reading that fits proves of the variable *judged*: `digits` are those it is printed with, `printed` the values as printed."""
    if digits is None or not _determines(formula.root, judged):
        return Status.CONSISTENT
    values = {name: exactly(value.middle) for name, value in printed.items()}
    try:
        exact = holds(formula.root, {**values, judged: digits})
    except (KeyError, ZeroDivisionError, OverflowError):
        return Status.CONSISTENT
    return Status.VERIFIED if exact else Status.CONSISTENT


def _determines(node: Node, judged: str) -> bool:
    """Whether a condition says what *judged* is: an equation in which something is worked out.

    `heads % ranks == 0` and `ceil(heads / ranks) == heads / ranks` leave many values, `tokens == sequences` is one figure beside
    another, and a tolerance is a range.
    """
    if node.kind == "and":
        return any(_determines(child, judged) for child in node.children)
    if node.kind == "or":
        return all(_determines(child, judged) for child in node.children)
    if node.kind != "compare" or node.text != "==" or _is_whole(*node.children):
        return False
    parts = list(walk(node))
    works_out = any(part.kind in ("+", "-", "*", "/", "^", "call") for part in parts)
    return works_out and any(part.text == judged for part in parts) and not any(part.kind == "%" for part in parts)


def _is_whole(one: Node, other: Node) -> bool:
    """Whether an equation says that something is a whole number, which many are."""
    return (one.kind, one.text, one.children) == ("call", "ceil", (other,))
