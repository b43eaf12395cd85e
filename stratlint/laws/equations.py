"""Computations that the page writes out: each pair of sides it calls equal is a proposal of the family `equation`.

Where no reading fits, the page may have left something unsaid; then nothing is proposed. What a sign only hints at (an arrow may
tell a change) is proposed where it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.amount import Amount, AmountReading
from stratlint.document import Span
from stratlint.laws.comparable import count_left_out
from stratlint.laws.evaluate import MismatchError, UndefinedError, World, evaluate, reading_of
from stratlint.laws.figures import formula_text
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.laws.periods import with_periods
from stratlint.laws.units import FEWEST_BILLIONS
from stratlint.laws.unsaid import Unsaid, below_together
from stratlint.laws.working_columns import with_unread_units
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use, uses
from stratlint.meaning.written import Equation, Sign

_BYTES = (("information", 1.0),)
_WHY = {
    Sign.EQUALS: "a computation and its result",
    Sign.WORD: "a computation and its result",
    Sign.ARROW: "a computation and its result",
    Sign.BRACKET: "a value and the computation beside it",
    Sign.CELL: "a computation and the result in the next cell",
    Sign.COMMENT: "a computation and the result in its comment",
    Sign.APPOSITION: "one amount in two units",
}


def proposals(page: Page) -> Iterator[Proposal]:
    """What the equations of *page* propose."""
    for _, judgement in judged(page):
        yield judgement.proposal


def judged(page: Page) -> Iterator[tuple[Equation, Judgement]]:
    """The equations of *page* that propose something, each with what the judge says of it alone."""
    yield from ((equation, judgement) for equation, judgement, silent in _judged(page) if not silent)


def unsaid(page: Page) -> frozenset[frozenset[Place | None]]:
    """The numbers of each equation that proves nothing, so that they prove nothing together, whoever relates them.

    It fits under no reading, because the page leaves something out, or the page itself denies it.
    """
    left_out = [judgement.proposal for _, judgement, silent in _judged(page) if silent]
    denied = [proposal for equation in page.equations if not equation.asserted for proposal in _proposals(equation)]
    return frozenset(map(_numbers, (*left_out, *denied)))


class Worked:
    """The equations of a page that fit: what they relate, they relate as the page means it."""

    def __init__(self, page: Page) -> None:
        self._by_number: dict[Place, list[tuple[frozenset[Place | None], bool]]] = {}
        for _, judgement, _ in _judged(page):
            if judgement.outcome in (Outcome.HOLDS, Outcome.BOUNDED):
                numbers = _numbers(judgement.proposal)
                for place in numbers:
                    if place is not None:
                        self._by_number.setdefault(place, []).append((numbers, judgement.outcome is Outcome.BOUNDED))

    def says_more(self, proposal: Proposal) -> bool:
        """Whether an equation relates all numbers of a proposal, and others too (`8 nodes × 8 GPUs/node × 2 = 128 ranks`), or just them
        within a rounding (`100 GPUs / 8 GPUs/node = 13 nodes`), which is all that another way to relate them could find."""
        if proposal.relation is not Relation.EQUALS or proposal.source is Source.EQUATION or proposal.claim.place is None:
            return False
        numbers = _numbers(proposal) - {None}
        return any(numbers < every or (rounded and numbers == every) for every, rounded in self._by_number.get(proposal.claim.place, ()))


def _numbers(proposal: Proposal) -> frozenset[Place | None]:
    return frozenset(use.place for use in (proposal.claim, *uses(proposal.expression)))


@lru_cache(maxsize=2)
def _judged(page: Page) -> tuple[tuple[Equation, Judgement, bool], ...]:
    """All asserted equations of a page, and whether something is left unsaid."""
    left = Unsaid(page)
    out: list[tuple[Equation, Judgement, bool]] = []
    for equation in page.equations:
        judgement = _first_to_fit(equation, page.binary) if equation.asserted else None
        if judgement is None:
            continue
        refuted = judgement.outcome is Outcome.REFUTED
        silent = refuted and (equation.sign is Sign.ARROW or left.left_out(equation, judgement))
        out.append((equation, judgement, silent or _factor_left_out(equation, judgement.proposal)))
    kept = {_operands(judgement) for _, judgement, _ in out if judgement.outcome is Outcome.HOLDS}
    unread = with_unread_units(page, [judgement for _, judgement, _ in out])
    return tuple(
        (equation, judgement, silent or index in unread or _of_one(judgement) or _reached(judgement, kept))
        for index, (equation, judgement, silent) in enumerate(out)
    )


def _of_one(judgement: Judgement) -> bool:
    """`12 B / 16 | 1.16 GB`: so few bytes, which nothing multiplies, are those of one parameter."""
    expression, claim = judgement.proposal.expression, judgement.proposal.claim.amount
    while isinstance(expression, Compute) and expression.operator == "/" and isinstance(expression.right, Use):
        expression = expression.left
    if judgement.outcome is not Outcome.REFUTED or claim.hard != _BYTES or not isinstance(expression, Use):
        return False
    size = expression.amount
    return size.value < FEWEST_BILLIONS and any(reading.assumes == "bytes" for reading in size.readings)


def _factor_left_out(equation: Equation, proposal: Proposal) -> bool:
    """`20 layers × 32 micro-batches = 601 GB`: each operand says what it counts, and none of them has the bytes of the result."""
    return "counted" in equation.remarks and bool(proposal.claim.amount.hard)


def _operands(judgement: Judgement) -> frozenset[Place | None]:
    return frozenset(use.place for use in uses(judgement.proposal.expression))


def _reached(judgement: Judgement, kept: set[frozenset[Place | None]]) -> bool:
    """`20.5 tok/s = 361 / 608 = 59 %`: the computation has a result of its own, and is what the first amount, in a unit, reaches."""
    proposal = judgement.proposal
    bare = not any(use.amount.hard for use in uses(proposal.expression))
    refuted = judgement.outcome is Outcome.REFUTED
    return refuted and bare and bool(proposal.claim.amount.hard) and _operands(judgement) in kept


def _first_to_fit(equation: Equation, binary: tuple[bool, ...]) -> Judgement | None:
    """The judgement of an equation in the first of its readings that is not refuted; else in the nearest; None where none is proposed."""
    refuted: list[Judgement] = []
    for each in _proposals(equation):
        judgement = judge(each, binary)
        if judgement.outcome is not Outcome.REFUTED:
            return judgement
        refuted.append(judgement)
    first = min(refuted, key=_gap, default=None)
    if first is not None and equation.sign is Sign.BRACKET:
        return _of_earlier(equation, first, binary) or first
    return first


def _gap(judgement: Judgement) -> float:
    """How far a claim is from what is computed, as the logarithm of their ratio."""
    best, claim = judgement.best, judgement.proposal.claim.amount
    sizes = (abs(best.nominal), abs(claim.value * best.factor)) if best is not None else (0.0, 0.0)
    return abs(math.log(sizes[0] / sizes[1])) if all(sizes) else math.inf


def _of_earlier(equation: Equation, refuted: Judgement, binary: tuple[bool, ...]) -> Judgement | None:
    """`72,000 requests in 20 minutes (60 × 1,200)`: a bracket may work out an amount before the one that it stands behind."""
    for use in reversed(equation.before):
        claim = replace(refuted.proposal, claim=replace(use, role=refuted.proposal.claim.role), otherwise=equation.otherwise)
        judgement = judge(claim, binary)
        if judgement.outcome is not Outcome.REFUTED and any(tried.fits for tried in judgement.tried):
            return judgement
    return None


def _proposals(equation: Equation) -> Iterator[Proposal]:
    left, right = with_periods(equation.left), with_periods(equation.right)
    if isinstance(left, Use) and not isinstance(right, Use):
        yield _proposal(equation, left, right)
        return
    together = below_together(left)
    if isinstance(right, Use):
        if not (isinstance(left, Use) and count_left_out(left.amount, right.amount)):
            yield _proposal(equation, right, left, () if together is None else (together,))
        return
    claim = _side(right)
    if claim is not None:
        yield _proposal(equation, claim, left)
        # "a × b = 40 MB per layer × 32 layers": the product is what comes next
        yield _proposal(equation, next(uses(right)), left)


def _proposal(equation: Equation, claim: Use, expression: Expression, otherwise: tuple[Expression, ...] = ()) -> Proposal:
    if equation.approximate:
        claim = replace(claim, amount=replace(claim.amount, approximate=True))
    return Proposal(
        claim, Relation.EQUALS, expression, Source.EQUATION, "equation", _WHY[equation.sign],
        otherwise=(*equation.otherwise, *otherwise), asserted=equation.asserted,
    )  # fmt: skip


def _side(expression: Expression) -> Use | None:
    """A side that computes, as an amount: its value in the unit of the operand that has its dimensions."""
    readings: list[AmountReading] = []
    for assumes, world in (("", World(wide=False)), ("binary", World(binary=True, wide=False))):
        try:
            value = evaluate(expression, world)
        except (UndefinedError, MismatchError):
            continue
        readings.append(AmountReading(assumes, value.interval, value.nominal, 1.0, value.dimensions))
    places = [use.place for use in uses(expression) if use.place is not None]
    if not readings or readings[0].assumes or not places:
        return None
    plain = readings[0]
    unit = next((use.amount for use in uses(expression) if use.amount.hard and use.amount.hard == plain.hard), None)
    factor = reading_of(unit, World()).factor if unit is not None else 1.0
    readings = [replace(each, factor=factor) for each in readings[: 2 if readings[-1].interval != plain.interval else 1]]
    digits = plain.interval.scaled(1 / factor)
    approximate = any(use.amount.approximate for use in uses(expression))
    amount = Amount(
        formula_text(expression), digits, plain.nominal / factor, 0.0, unit.unit_text if unit is not None else "", tuple(readings),
        plain.interval.exact, approximate, False, False, False,
    )  # fmt: skip
    return Use(amount, _around(places))


def _around(places: list[Place]) -> Place:
    """From the first to the last of several places; its number is the last one, of which it says that the side closes with it."""
    first, last = min(places, key=lambda place: place.start), max(places, key=lambda place: place.end)
    return replace(first, end=last.end, span=Span(first.span.start, max(first.span.end, last.span.end)), number=last.number)


__all__ = ["Worked", "judged", "proposals", "unsaid"]
