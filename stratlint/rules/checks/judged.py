"""Findings of the one judge: each refuted relation under the rule that names its form, whoever read it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.claim import ClaimSet
from stratlint.laws.blame import is_refuted
from stratlint.laws.book import proposals
from stratlint.laws.comparison import Agreement
from stratlint.laws.docket import dockets
from stratlint.laws.domains import FAMILY as CONFINED
from stratlint.laws.families import family
from stratlint.laws.figures import formula_text, in_unit_of, number_text
from stratlint.laws.forms import Form, form_of, slip_of
from stratlint.laws.gigabytes import as_fixed, in_gigabytes
from stratlint.laws.judge import Judgement, Outcome, distance
from stratlint.meaning.page import page_of
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use, neutral_aside, spot_of, uses
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.failure import Failure, described
from stratlint.rules.finding import Finding, Location, ReadBy, ReadingTried, Severity, Status, Suggestion
from stratlint.rules.repair import repaired
from stratlint.rules.rule import Rule
from stratlint.rules.transcript import Transcript

# The rule under which each form is reported.
RULE_OF: Mapping[Form, str] = {
    Form.PRODUCT: "wrong-product", Form.QUOTIENT: "wrong-quotient", Form.SUM: "wrong-sum", Form.PERCENTAGE: "wrong-percentage",
    Form.CHANGE: "wrong-change", Form.CONVERSION: "wrong-conversion", Form.MAGNITUDE: "magnitude-slip", Form.RESTATED: "stated-twice",
    Form.LIMIT: "limit-missed", Form.DIVISION: "does-not-divide", Form.RANGE: "range-broken", Form.LAYOUT: "world-size-mismatch",
    Form.DEVICE: "device-figure", Form.MODEL: "model-figure", Form.SETTING: "command-differs-from-text",
}  # fmt: skip
FORMS: Mapping[str, Form] = {name: form for form, name in RULE_OF.items()}
_MOST_READINGS = 6
_SLIPS = {1e3: "one thousand", 1e6: "one million", 1e9: "one billion"}
_BITS = 8.0
_LARGE_GAP = 1.95
_FARTHEST = 1e4
_FAR_OFF = 10
# In powers of e: a reading a hundred times as far off as the best one explains nothing.
_FARTHER = math.log(100)
# A result that the digits of its premises miss by more is not what they give.
_ROUNDED = 0.01
_STATUS = {Outcome.HOLDS: Status.VERIFIED, Outcome.BOUNDED: Status.CONSISTENT}


@dataclass(frozen=True, slots=True)
class _Page:
    """What the judge says of a page: judgements by form, and the laws that raised.

    Of the numbers *doubted* something was refuted at first; *holding* are those that an equality of the page rests on as they are.
    """

    by_form: Mapping[Form, tuple[Judgement, ...]]
    doubted: frozenset[int]
    holding: frozenset[int]
    failures: tuple[Failure, ...]


def check_judged(rule: Rule, context: Context) -> Iterator[Verdict]:
    """What the judge says of the relations of the rule's forms: its option `forms`, else the form that its name stands for."""
    named = rule.options.get("forms")
    forms = [Form(each) for each in named] if named else [FORMS[rule.name]]
    page = _page(context)
    for form in forms:
        for judgement in page.by_form.get(form, ()):
            verdict = _verdict(rule, context, judgement, page)
            if verdict is not None:
                yield verdict


def failed_laws(context: Context) -> tuple[Failure, ...]:
    """The laws that raised on this page, each by its own name: the rules they feed were evaluated without them."""
    return _page(context).failures


def _page(context: Context) -> _Page:
    fixed = [value for value in ("decimal", "binary") if context.admits("gigabyte", value)]
    return _judgements(context.claims, context.transcript, fixed[0] if len(fixed) == 1 else "")


@lru_cache(maxsize=2)
def _judgements(claims: ClaimSet, transcript: Transcript, gigabyte: str) -> _Page:
    """All relations of a page, judged together once: those of the file of readings, and of our own reader unless it is left out.

    *gigabyte*: "decimal" or "binary" where the page or the team says which it is.
    """
    page = page_of(claims)
    failed: list[tuple[str, Exception]] = []
    own = () if transcript.only else proposals(page, failed)
    by_form: dict[Form, list[Judgement]] = {}
    doubted: set[int] = set()
    holding: set[int] = set()
    alone, further = dockets(own, transcript.proposals, page.binary)
    if gigabyte:
        alone = as_fixed(alone, gigabyte == "binary")
    for judgement in (*alone, *_untold(further, alone)):
        by_form.setdefault(form_of(judgement), []).append(judgement)
        if _casts_doubt(judgement) and judgement.proposal.claim.place is not None:
            doubted.add(judgement.proposal.claim.place.number)
        if judgement.outcome is Outcome.HOLDS and judgement.proposal.relation is Relation.EQUALS and judgement.proposal.asserted:
            holding.update(_number(use) for use in (judgement.proposal.claim, *uses(judgement.proposal.expression)))
    failures = tuple(Failure(law, f"laws/{law}.py", described(problem), kind="law") for law, problem in failed)
    return _Page({form: tuple(each) for form, each in by_form.items()}, frozenset(doubted), frozenset(holding), failures)


def _casts_doubt(judgement: Judgement) -> bool:
    """Whether a number is not verified, whatever else gives it: refuted at first, or only the rounding of premises saves it."""
    if judgement.outcome is not Outcome.BOUNDED:
        return judgement.outcome is Outcome.OPEN and judgement.doubted
    best, claim = judgement.best, judgement.proposal.claim.amount
    if best is None or judgement.proposal.relation is not Relation.EQUALS or claim.approximate or claim.bound or claim.ranged:
        return False
    return abs(best.nominal - claim.value * best.factor) > _ROUNDED * abs(best.nominal)


def _untold(further: tuple[Judgement, ...], own: tuple[Judgement, ...]) -> Iterator[Judgement]:
    """What transcribed relations add to the judgements of our *own* reader: none that refutes what ours prove wrong already.

    A number that ours only doubt may be proved wrong by a relation that somebody else read.
    """
    refuted = [each.proposal for each in own if is_refuted(each) and _proves(each.proposal)]
    conflicts = {_numbers(each) for each in refuted}
    wrong = {spot_of(each.claim.place) for each in refuted if each.relation is Relation.EQUALS}
    for judgement in further:
        proposal = judgement.proposal
        told = spot_of(proposal.claim.place) in wrong or _numbers(proposal) in conflicts
        if not (told and judgement.outcome is Outcome.REFUTED):
            yield judgement


def _numbers(proposal: Proposal) -> frozenset[object]:
    """The places of all numbers of a relation."""
    return frozenset(spot_of(use.place) for use in (proposal.claim, *uses(proposal.expression)) if use.place is not None)


def _verdict(rule: Rule, context: Context, judgement: Judgement, page: _Page) -> Verdict | None:
    proposal = judgement.proposal
    place = proposal.claim.place
    if place is None or not proposal.asserted:
        return None
    numbers = (place.number,) if place.number >= 0 else ()
    premises = tuple(dict.fromkeys(number for use in uses(proposal.expression) if (number := _number(use)) >= 0 and number not in numbers))
    derivation = _derivation(judgement)
    read = _read_by(context, proposal)
    if judgement.outcome is Outcome.REFUTED and _beyond_any_slip(judgement):
        return None
    if judgement.outcome is Outcome.REFUTED:
        found = _finding(rule, context, judgement, read, page)
        status = Status.CONTRADICTED if found.severity is Severity.ERROR else Status.IMPLAUSIBLE
        return Verdict(rule.name, status, numbers, premises, found.formula, found, read.name if read else "")
    known = _STATUS.get(judgement.outcome)
    if known is None or not numbers:
        return None
    core = neutral_aside(proposal.expression)
    restated = isinstance(core, Use) and core.place is not None and form_of(judgement) is not Form.CONVERSION
    unsure = restated or place.number in page.doubted or _is_a_side(context, place) or _leaves_out(judgement)
    if known is Status.VERIFIED and unsure:
        known = Status.CONSISTENT  # only repeated, refuted elsewhere, or the result of a part of what is written: not recomputed
    return Verdict(rule.name, known, numbers, premises, derivation, read_by=read.name if read else "")


def _beyond_any_slip(judgement: Judgement) -> bool:
    """Whether a result is so far from what words and rows make of it that they speak of something else; only clean slips go that far."""
    best, claim = judgement.best, judgement.proposal.claim.amount
    equal = judgement.proposal.relation is Relation.EQUALS and judgement.proposal.source is not Source.EQUATION
    if best is None or not equal or slip_of(judgement):
        return False
    sizes = sorted((abs(best.nominal), abs(claim.value * best.factor)))
    return sizes[0] > 0 and sizes[1] / sizes[0] > _FARTHEST


def _leaves_out(judgement: Judgement) -> bool:
    """Whether a computation gives its result only where a part of it is left out: `25 % of 8 × 8 = 64` says the whole."""
    best, proposal = judgement.best, judgement.proposal
    if best is None or proposal.source is not Source.EQUATION:
        return False
    written = {use.place for use in uses(proposal.expression) if use.place is not None}
    return written > {use.place for use in uses(best.expression) if use.place is not None}


def _is_a_side(context: Context, place: Place) -> bool:
    """Whether the claim is a computation itself (`a × b = c × d`), of which no number is the result."""
    quantity = context.claims.numbers[place.number].quantity
    return quantity is not None and place.start != quantity.number_start


def _read_by(context: Context, proposal: Proposal) -> ReadBy | None:
    """Who transcribed a relation; None for our own reader."""
    if proposal.source is not Source.READING:
        return None
    file, _, line = proposal.origin.rpartition(":")
    return ReadBy(context.transcript.reader, file, int(line) if line.isdecimal() else 0, proposal.why)


def _number(use: Use) -> int:
    return use.place.number if use.place is not None else -1


def _finding(rule: Rule, context: Context, judgement: Judgement, read: ReadBy | None, page: _Page) -> Finding:
    proposal = judgement.proposal
    proved = _proves(proposal)
    place = proposal.stands
    assert place is not None
    location = context.location(place.span, "claim")
    whole = _is_of_whole_things(proposal)
    computation = _between_whole_ones(proposal) if whole else _computation(judgement)
    divides = proposal.relation is Relation.DIVIDES
    computed = "" if whole else _quotient(judgement) if divides else judgement.computed
    return finding(
        rule, context, _message(judgement, computation), location, block=place.block,
        severity=Severity.ERROR if proved else Severity.WARNING, claimed=_claimed(proposal), computed=computed,
        formula=computation, readings=() if divides else _readings(judgement), related=_related(context, judgement),
        suggestion=_suggestion(context, judgement, page), root=f"{place.block}:{place.start}", read_by=read,
    )  # fmt: skip


def _is_of_whole_things(proposal: Proposal) -> bool:
    """Whether a count is to be a whole number, and divided by nothing."""
    other = proposal.expression
    return proposal.relation is Relation.DIVIDES and isinstance(other, Use) and other.place is None


def _between_whole_ones(proposal: Proposal) -> str:
    """`8 < 8.125 modules < 9`."""
    below = math.floor(proposal.claim.amount.value)
    return f"{below:,} < {_claimed(proposal)} < {below + 1:,}"


def _proves(proposal: Proposal) -> bool:
    """Whether a refuted relation is an error: a proof by a family that has earned it."""
    return family(proposal.family).proves and proposal.forced


def _claimed(proposal: Proposal) -> str:
    return " ".join(proposal.claim.amount.text.split())


def _computation(judgement: Judgement) -> str:
    """`2 × 8 = 16`; a lone amount without a second time."""
    formula, computed = judgement.formula, judgement.computed
    if judgement.proposal.relation is Relation.DIVIDES:
        return f"{_claimed(judgement.proposal)} ÷ {formula} = {_quotient(judgement)}"
    return formula if _repeats(judgement) else f"{formula} = {computed}"


def _repeats(judgement: Judgement) -> bool:
    """Whether what was computed is only one amount of the page again, in the unit of the claim."""
    other, claim = judgement.proposal.expression, judgement.proposal.claim.amount
    same_unit = isinstance(other, Use) and other.amount.first.factor == claim.first.factor and not other.amount.ranged
    return judgement.formula.replace(" ", "") == judgement.computed.replace(" ", "") or same_unit


_FAILED = frozenset({"failed-limit", "failed-mark"})
_SIGNS = {Relation.AT_MOST: "≤", Relation.AT_LEAST: "≥"}


def _derivation(judgement: Judgement) -> str:
    """`2 × 8 = 16`; for a bound what is held against it: `600 ≤ 1,000`."""
    computation, sign = _computation(judgement), _SIGNS.get(judgement.proposal.relation)
    return f"{_claimed(judgement.proposal)} {sign} {computation}" if sign else computation


def _quotient(judgement: Judgement) -> str:
    best = judgement.best
    return number_text(best.claimed.middle / best.nominal) if best is not None and best.nominal else "nothing"


def _message(judgement: Judgement, computation: str) -> str:
    """One line: the claim, what it should be, the gap."""
    proposal, best = judgement.proposal, judgement.best
    claimed = _claimed(proposal)
    if proposal.relation is Relation.DIVIDES:
        if _is_of_whole_things(proposal):
            return f"claims an even split of {claimed}, but only whole ones can be placed"
        return f"claims that {claimed} split evenly over {judgement.formula}, but {computation}"
    if proposal.family in _FAILED:
        return f"marks {claimed} as failed, which keeps the limit of {computation}"
    if proposal.family == CONFINED:
        return f"claims {claimed} ranks, but {proposal.why}: at most {computation}"
    if proposal.relation is Relation.AT_MOST:
        return f"claims that {claimed} is at most {computation}, but it is more"
    if proposal.relation is Relation.AT_LEAST:
        return f"claims that {claimed} is at least {computation}, but it is less"
    if best is not None and best.agreement is Agreement.NOUNS:
        return f"claims {claimed}, but what is counted does not cancel to that in {judgement.formula}"
    if isinstance(proposal.expression, Use):
        return f"claims {claimed}, but {_source(proposal.expression)} {computation}{_gap(judgement)}"
    return f"claims {claimed}, but {computation}{_gap(judgement)}"


def _source(use: Use) -> str:
    if use.place is None:
        return use.role if use.role.endswith(" has") else f"{use.role} is"
    return f"line {use.place.line} states"


def _gap(judgement: Judgement) -> str:
    """How far the claim is off, in brackets; "" where that has no meaning."""
    best = judgement.best
    if form_of(judgement) is Form.RANGE:
        return ""
    slip = slip_of(judgement)
    if slip:
        size = float(round(slip if slip > 1 else 1 / slip))  # one over 1e-9 is not quite a billion
        if size == _BITS:
            return "; bits and bytes are confused (a factor of 8)"
        return f"; the claim is too {'small' if slip > 1 else 'large'} by a factor of {_SLIPS[size]}"
    claimed = judgement.proposal.claim.amount.value * best.factor if best is not None else 0.0
    if best is None or not claimed or best.nominal / claimed <= 0:
        return ""
    gap = best.nominal / claimed
    if gap >= _LARGE_GAP or gap <= 1 / _LARGE_GAP:
        return f" (the claim is too {'small' if gap > 1 else 'large'} by a factor of {number_text(max(gap, 1 / gap), 3)})"
    share = abs(1 / gap - 1) * 100
    return f" (off by {share:.0f} %)" if share >= _FAR_OFF else f" (off by {number_text(share, 2)} %)"


def _readings(judgement: Judgement) -> tuple[ReadingTried, ...]:
    """The readings that were tried, each computed value once; without those that miss the claim by far more than the best does."""
    claim, best = judgement.proposal.claim.amount, judgement.best
    farthest = distance(best) + _FARTHER if best is not None else math.inf
    out: dict[str, ReadingTried] = {}
    for tried in judgement.tried:
        if tried.decides and distance(tried) <= farthest:
            computed = in_unit_of(claim, tried.nominal, tried.factor)
            out.setdefault(computed, ReadingTried(tried.name, formula_text(tried.expression), computed, tried.fits))
    return tuple(out.values())[:_MOST_READINGS]


def _related(context: Context, judgement: Judgement) -> Iterator[Location]:
    """The premises with their lines, and the claim where the finding stands elsewhere."""
    proposal = judgement.proposal
    if proposal.at is not None and proposal.claim.place is not None:
        yield context.location(proposal.claim.place.span, "claim")
    if in_gigabytes(proposal):
        yield from context.fixing("gigabyte")
    for use in uses(proposal.expression):
        if use.place is not None:
            yield context.location(use.place.span, use.role or "premise")
        elif use.role.startswith("published"):
            yield Location("", 0, 0, 0, 0, 0, 0, use.role, use.amount.text)


def _suggestion(context: Context, judgement: Judgement, page: _Page) -> Suggestion | None:
    proposal = judgement.proposal
    place = proposal.claim.place
    if place is None or place.number < 0 or proposal.relation is not Relation.EQUALS or not isinstance(proposal.expression, Compute):
        return None
    if _is_a_side(context, place) or place.number in page.holding:
        return None  # another number there would break what holds
    best = judgement.best
    if best is None or not best.factor:
        return None
    operands = tuple(use.place.number for use in uses(proposal.expression) if use.place is not None)
    rate = any(name in ("time", "computation") for use in uses(proposal.expression) for name, _ in use.amount.hard)
    value = best.nominal / best.factor
    factors = tuple(_number(use) for use in _factors(proposal.expression))
    return repaired(context, place.number, operands, factors, judgement.computed, value, slip_of(judgement), rate=rate)


def _factors(expression: Expression) -> Iterator[Use]:
    """The operands that scale a result by themselves: none of a sum's."""
    if isinstance(expression, Use):
        yield expression
    elif expression.operator not in ("+", "-"):
        yield from _factors(expression.left)
        yield from _factors(expression.right)


__all__ = ["FORMS", "RULE_OF", "Place", "check_judged"]
