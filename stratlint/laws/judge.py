"""The one judge: whether a proposed relation holds under any admissible reading of its amounts.

HOLDS and REFUTED need the same strictness: the printed digits decide. What can be neither is BOUNDED (it fits within a bound or
a rounding) or OPEN (nothing comparable, or no value), with what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stratlint.claims.amount import Amount, hard
from stratlint.claims.interval import Interval
from stratlint.claims.units import Dimensions
from stratlint.laws.evaluate import MismatchError, UndefinedError, Value, World, evaluate, reading_of, value_of, worlds
from stratlint.laws.figures import in_unit_of, number_text
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Use, uses

_SLACK = 1e-9
_BITS = 8.0
# An operand of one digit leaves its product open by half; such an equality is within a bound, not verified.
_WIDE = 0.05
_HUNDRED = 0.01


class Outcome(StrEnum):
    """What the judge says of a proposal."""

    HOLDS = "holds"
    BOUNDED = "bounded"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Tried:
    """One reading: what the expression gives and what is claimed, both in the claim's base units.

    `factor` is the size of the claim's printed unit. `fits`: they share a value without widening; `nearly`: they miss each other by
    less than a unit of the last printed digit, or only approximately.
    """

    name: str
    computed: Interval
    nominal: float
    claimed: Interval
    factor: float
    fits: bool
    nearly: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A proposal with its outcome. `computed` and `formula` are texts for the evidence; `reason` says why it is open."""

    proposal: Proposal
    outcome: Outcome
    tried: tuple[Tried, ...] = ()
    reason: str = ""

    @property
    def best(self) -> Tried | None:
        """The reading to show: the first that fits, else the plainest."""
        return next((each for each in self.tried if each.fits), self.tried[0] if self.tried else None)

    @property
    def computed(self) -> str:
        """The computed value in the claim's unit."""
        best = self.best
        return in_unit_of(self.proposal.claim.amount, best.nominal, best.factor) if best else ""

    @property
    def formula(self) -> str:
        """The expression with the numbers in it, as printed."""
        return formula_text(self.proposal.expression)


def judge(proposal: Proposal, binary: tuple[bool, ...] = (False, True)) -> Judgement:
    """Judge a proposal under every admissible reading; *binary*: how the page lets decimal prefixes of bytes be read."""
    claim, expression = proposal.claim.amount, proposal.expression
    tried: list[Tried] = []
    reason = "units do not cancel"
    for world in worlds(claim, expression, binary=binary):
        try:
            value = evaluate(expression, world)
        except UndefinedError as error:
            reason = str(error)
            continue
        except MismatchError as error:
            reason = str(error)
            continue
        tried.extend(_comparisons(proposal, world, value))
    tried.extend(_as_printed(proposal, comparable=bool(tried)))
    if not tried:
        return Judgement(proposal, Outcome.OPEN, (), reason)
    return Judgement(proposal, _outcome(proposal, tried), tuple(tried), _open_reason(proposal, tried))


def _outcome(proposal: Proposal, tried: list[Tried]) -> Outcome:
    fitting = [each for each in tried if each.fits]
    if fitting:
        if proposal.relation in (Relation.AT_MOST, Relation.AT_LEAST):
            return Outcome.BOUNDED
        exact = any(_narrow(each, proposal.claim.amount) for each in fitting)
        return Outcome.HOLDS if exact else Outcome.BOUNDED
    if any(each.nearly for each in tried):
        return Outcome.OPEN
    return Outcome.REFUTED


def _open_reason(proposal: Proposal, tried: list[Tried]) -> str:
    return "within the rounding of its last digit" if any(each.nearly for each in tried) else ""


def _narrow(tried: Tried, claim: Amount) -> bool:
    """Whether the agreement says something: the operands leave little open, and the nominal value is near the printed digits."""
    width = tried.computed.high - tried.computed.low
    size = max(abs(tried.nominal), abs(tried.computed.middle))
    grace = claim.step * tried.factor
    near = tried.claimed.low - grace <= tried.nominal <= tried.claimed.high + grace
    return near and (size == 0 or width <= max(_WIDE * size, 2 * (tried.claimed.high - tried.claimed.low)))


def _comparisons(proposal: Proposal, world: World, value: Value) -> list[Tried]:
    """The ways in which a claim can be held against a value in *world*: in its own unit, in base units, as a percentage."""
    claim = proposal.claim.amount
    reading = reading_of(claim, world)
    claimed = value_of(claim, World(world.binary, world.binary_counts, world.chosen, wide=False))
    wanted, given = claimed.hard, value.hard
    name = world.describe()
    scale = 1.0
    out: list[tuple[str, float]] = []
    if wanted == given:
        out.append((name, 1.0))
        if claim.percent:
            out.append((_join(name, "counted in hundredths"), _HUNDRED))
    elif not given and value.plain:
        out.append((name, 1.0))
        out.append((_join(name, "operands in the unit of the result"), reading.factor))
    elif not wanted and not claim.percent and not claim.multiple:
        factors = {reading_of(use.amount, world).factor for use in uses(proposal.expression)
                   if hard(reading_of(use.amount, world).dimensions) == given}  # fmt: skip
        out += [(_join(name, "the claim in the unit of its operands"), 1 / factor) for factor in sorted(factors or {1.0}) if factor]
    return [_tried(proposal, label, value, factor * scale, claimed.interval, reading.factor) for label, factor in out]


def _as_printed(proposal: Proposal, *, comparable: bool) -> list[Tried]:
    """Numbers as printed: where units do not cancel but price, hours and the like leave only the digits, digits decide."""
    claim, expression = proposal.claim.amount, proposal.expression
    world = World(printed=True)
    try:
        value = evaluate(expression, world)
    except (UndefinedError, MismatchError):
        return []
    claimed = value_of(claim, World(printed=True, wide=False))
    tried = _tried(proposal, world.describe(), value, 1.0, claimed.interval, 1.0)
    decides = not comparable and _elided(proposal)
    return [tried] if tried.fits or decides else []


def _elided(proposal: Proposal) -> bool:
    """Whether a price leaves out what it is for: `48 × $2.40 × 730 h = $84,096`."""
    claim = hard(proposal.claim.amount.first.dimensions)
    if claim != (("money", 1.0),):
        return False
    total: Dimensions = ()
    try:
        total = evaluate(proposal.expression, World()).hard
    except (UndefinedError, MismatchError):
        return False
    extra = {name: power for name, power in total if name != "money"}
    return dict(total).get("money") == 1.0 and all(power == 1.0 for power in extra.values())


def _tried(proposal: Proposal, name: str, value: Value, factor: float, claimed: Interval, unit: float) -> Tried:
    computed, nominal = value.interval.scaled(factor), value.nominal * factor
    claim = proposal.claim.amount
    grace = claim.step * unit
    wide = claimed.widened(claim.tolerance)
    relation = proposal.relation
    if relation is Relation.AT_MOST:
        fits = claimed.low <= computed.high + _slack(claimed, computed)
        nearly = wide.low <= computed.high + grace
    elif relation is Relation.AT_LEAST:
        fits = claimed.high >= computed.low - _slack(claimed, computed)
        nearly = wide.high >= computed.low - grace
    elif relation is Relation.DIVIDES:
        fits = nearly = _divides(claimed, computed)
    else:
        fits = computed.overlaps(claimed)
        exact = claim.exact and computed.exact and claimed.exact
        whole = claim.exact and value.divided and not hard(claim.first.dimensions) and abs(claimed.middle - nominal) < 1
        close = Interval(wide.low - grace, wide.high + grace).overlaps(computed)
        nearly = whole or (close and not exact)
    return Tried(name, computed, nominal, claimed, unit, fits, nearly)


def _divides(claimed: Interval, computed: Interval) -> bool:
    """Whether one of two exact counts divides the other; which one a reader put first is not held against the page."""
    if not (claimed.exact and computed.exact) or not claimed.low or not computed.low:
        return True
    large, small = max(claimed.low, computed.low), min(claimed.low, computed.low)
    return large % small == 0


def _slack(one: Interval, two: Interval) -> float:
    return _SLACK * max(abs(one.low), abs(one.high), abs(two.low), abs(two.high))


def _join(*parts: str) -> str:
    named = [part for part in parts if part != "as written"]
    return ", ".join(named) or "as written"


_BINDING = {"+": 1, "-": 1, "×": 2, "/": 2, "^": 3}
_SIGNS = {"/": "÷", "-": "−"}


def formula_text(expression: Expression, above: int = 0) -> str:
    """An expression with its amounts as printed, brackets where they are needed."""
    if isinstance(expression, Use):
        return expression.amount.text
    binding = _BINDING[expression.operator]
    left = formula_text(expression.left, binding)
    right = formula_text(expression.right, binding + (expression.operator in "-/^"))
    text = f"{left} {_SIGNS.get(expression.operator, expression.operator)} {right}"
    return f"({text})" if binding < above else text


__all__ = ["Compute", "Judgement", "Outcome", "Tried", "formula_text", "judge", "number_text"]
