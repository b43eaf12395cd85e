"""Proposals: what any source says of how amounts are related. The judge of `laws/` disposes of them.

A source may be an equation of the page, a sentence, a table row, a law, a catalog entry or a file of readings. Whoever proposes
says what is related, not whether it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stratlint.claims.amount import Amount
from stratlint.document import Span
from stratlint.records import quickly_built

Spot = tuple[int, int]


class Relation(StrEnum):
    """How the claim stands to the expression."""

    EQUALS = "="
    AT_MOST = "≤"
    AT_LEAST = "≥"
    DIVIDES = "divides"  # the expression divides the claim without a remainder


# Relations as they are written in files of readings.
RELATIONS = {
    "=": Relation.EQUALS, "<=": Relation.AT_MOST, "≤": Relation.AT_MOST, ">=": Relation.AT_LEAST, "≥": Relation.AT_LEAST,
    "divides": Relation.DIVIDES, "≈": Relation.EQUALS, "covers": Relation.EQUALS,
}  # fmt: skip
OPERATORS = tuple(RELATIONS)
# The claim is taken roughly; the claim is a range, and the expression lies in it.
ROUGHLY, COVERING = frozenset({"≈"}), frozenset({"covers"})


class Source(StrEnum):
    """Who proposes."""

    EQUATION = "equation"
    STATEMENT = "statement"
    GRID = "grid"
    LAW = "law"
    CATALOG = "catalog"
    READING = "reading"


@quickly_built
@dataclass(frozen=True, slots=True)
class Place:
    """Where an amount stands. `number` is its index among the claims' numbers, -1 where it is none (a number word).

    `start` and `end` are content offsets of `block`, `span` is in source coordinates, `line` 1-based.
    """

    block: int
    start: int
    end: int
    span: Span
    line: int
    number: int


def spot_of(place: Place | None) -> Spot | None:
    """A place as a key: its block, and where it begins there."""
    return (place.block, place.start) if place is not None else None


@quickly_built
@dataclass(frozen=True, slots=True)
class Use:
    """An amount in an expression; `place` is None for constants of definitions and facts from outside the page.

    `role` says in a few words what part it plays ("GPUs per node", "a published figure").
    """

    amount: Amount
    place: Place | None = None
    role: str = ""


@quickly_built
@dataclass(frozen=True, slots=True)
class Compute:
    """`left operator right`; operator is one of `+ - × / ^`."""

    operator: str
    left: Expression
    right: Expression


Expression = Use | Compute


@quickly_built
@dataclass(frozen=True, slots=True)
class Proposal:
    """`claim relation expression`, by `source`.

    `family` names what sort of relation it is, which decides how grave a refutation is (`rules/judge/families.yaml`). `forced`: no
    other choice of operands is possible. `why` is the relation in plain words, for the evidence; `asserted`: the page says it, and
    not of another time or as somebody's mistake. `otherwise`: further expressions that the same words may mean; any that fits saves
    the claim. `origin`: who read it, "" for our own reader, else the file of readings with its line. `at`: where the relation is
    stated, None: at the claim.
    """

    claim: Use
    relation: Relation
    expression: Expression
    source: Source
    family: str
    why: str = ""
    forced: bool = True
    asserted: bool = True
    otherwise: tuple[Expression, ...] = ()
    origin: str = ""
    at: Place | None = None

    @property
    def stands(self) -> Place | None:
        """Where the relation is stated."""
        return self.at if self.at is not None else self.claim.place


def uses(expression: Expression) -> Iterator[Use]:
    """The amounts of an expression, left to right."""
    waiting: list[Expression] = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Use):
            yield current
        else:
            waiting += (current.right, current.left)


def neutral_aside(expression: Expression) -> Expression:
    """*expression* without the constants that change nothing: `500 × 1`, `412 + 0` are 500 and 412 once more."""
    if isinstance(expression, Use):
        return expression
    left, right = neutral_aside(expression.left), neutral_aside(expression.right)
    nothing = 0.0 if expression.operator in ("+", "-") else 1.0
    if _is_constant(right, nothing):
        return left
    if expression.operator in ("+", "×") and _is_constant(left, nothing):
        return right
    return expression


def _is_constant(expression: Expression, value: float) -> bool:
    return isinstance(expression, Use) and expression.place is None and expression.amount.value * expression.amount.magnitude == value


def only_multiplies(expression: Expression) -> bool:
    """Whether the operators are all `×`."""
    return isinstance(expression, Use) or (
        expression.operator == "×" and only_multiplies(expression.left) and only_multiplies(expression.right)
    )


def worth(expression: Expression) -> float:
    """What the printed numbers of an expression make, without their rounding; NaN where they make nothing."""
    if isinstance(expression, Use):
        return expression.amount.first.nominal
    left, right = worth(expression.left), worth(expression.right)
    match expression.operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "×":
            return left * right
        case "/" if right:
            return left / right
        case _:
            return math.nan


def product(factors: list[Use], divisors: list[Use]) -> Expression:
    """The product of *factors* over that of *divisors*, left to right.

    Raises:
        IndexError: there is no factor.
    """
    result: Expression = factors[0]
    for factor in factors[1:]:
        result = Compute("×", result, factor)
    for divisor in divisors:
        result = Compute("/", result, divisor)
    return result


def total(parts: list[Expression]) -> Expression:
    """The sum of *parts*.

    Raises:
        IndexError: there is none.
    """
    result = parts[0]
    for part in parts[1:]:
        result = Compute("+", result, part)
    return result
