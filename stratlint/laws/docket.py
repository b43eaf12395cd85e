"""All proposals of a page, judged together: what follows from a number that is wrong itself is no finding of its own.

Everything is judged and everything is kept; what the docket changes is the outcome: of a conflict that several proposals tell, one
stays refuted, and proposals whose premise is contradicted are open, unless they fail with the right premise, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from stratlint.claims.amount import Amount, AmountReading
from stratlint.claims.interval import exactly
from stratlint.laws.families import family
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Use, uses

# An amount of so many digits is the same amount wherever it stands; a small count is not.
_TELLING = 3
_LIKE = 1e-9
# A page that computes with one size of GB so often, and with the other hardly ever, means that one.
_OFTEN = 3
_ONCE = 1
_FAR = 1 << 30
_DEEPEST = 50

Spot = tuple[int, int]


def docket(proposals: Iterable[Proposal], binary: tuple[bool, ...] = (False, True)) -> tuple[Judgement, ...]:
    """Judge all *proposals* of a page, in their order; *binary*: how the page lets decimal prefixes of bytes be read."""
    wanted = tuple(proposals)
    judged = [judge(each, binary) for each in wanted]
    if len(binary) > 1:
        modes = _modes(judged)
        if modes != binary:
            judged = [judge(each.proposal, modes) if _depends(each) else each for each in judged]
    return _settled(judged)


def _depends(judgement: Judgement) -> bool:
    claim = judgement.proposal.claim.amount
    amounts = (claim, *(use.amount for use in uses(judgement.proposal.expression)))
    return any(reading.assumes == "binary" for amount in amounts for reading in amount.readings)


def _modes(judged: Sequence[Judgement]) -> tuple[bool, ...]:
    """How the page reads GB: as the relations say that fit in one way only."""
    count = {False: 0, True: 0}
    for each in judged:
        if each.proposal.relation is not Relation.EQUALS or not _depends(each):
            continue
        fitting = {"GB as 2^30" in tried.name for tried in each.tried if tried.fits and tried.decides}
        if len(fitting) == 1:
            count[fitting.pop()] += 1
    for mode in (False, True):
        if count[mode] >= _OFTEN and count[not mode] <= _ONCE and count[mode] > _OFTEN * count[not mode]:
            return (mode,)
    return (False, True)


def _settled(judged: list[Judgement]) -> tuple[Judgement, ...]:
    """Refuted ones in the order of how sure they are; each beside those that are refuted already."""
    refuted = [each for each in judged if _is_refuted(each)]
    if not refuted:
        return tuple(judged)
    blame = _Blame(judged, refuted)
    blame.settle()
    return tuple(blame.outcome(each) for each in judged)


class _Blame:
    """What is contradicted on a page so far, and what rests on it."""

    def __init__(self, judged: Sequence[Judgement], refuted: Sequence[Judgement]) -> None:
        self._refuted = refuted
        self._outcomes: dict[int, Judgement] = {}
        self._settled: list[Judgement] = []
        self._sums: dict[Spot | None, list[Judgement]] = {}
        for each in judged:
            if _computes(each) and each.outcome is Outcome.HOLDS:
                self._sums.setdefault(_spot(each.proposal.claim.place), []).append(each)
        self._reach: dict[frozenset[Spot | None], int] = {}
        for each in refuted:
            numbers = _numbers(each.proposal)
            self._reach[numbers] = min(_reach(each.proposal), self._reach.get(numbers, _FAR))
        self._involved = Counter(spot for numbers in self._reach for spot in numbers)

    def outcome(self, judgement: Judgement) -> Judgement:
        """What became of *judgement*."""
        return self._outcomes.get(id(judgement), judgement)

    def settle(self) -> None:
        """Decide of everything refuted whether it stays so, the surest first and premises before what rests on them."""
        order = sorted(range(len(self._refuted)), key=lambda index: self._priority(self._refuted[index], index))
        waiting: set[int] = set()
        for index in order:
            self._settle(self._refuted[index], waiting)

    def _priority(self, judgement: Judgement, index: int) -> tuple[int, bool, bool, int, int, int, int]:
        """Proofs, computations and facts from outside the page, computations beside their result, of one conflict the number that
        others share; two statements of one quantity last, which do not say which of the two is wrong."""
        proposal = judgement.proposal
        bound = proposal.relation is not Relation.EQUALS
        shared = self._involved[_spot(proposal.claim.place)]
        nearest = self._reach[_numbers(proposal)]
        return family(proposal.family).rank, _restates(proposal), bound, nearest, -shared, _reach(proposal), index

    def _settle(self, judgement: Judgement, waiting: set[int]) -> None:
        if id(judgement) in self._outcomes or id(judgement) in waiting or len(waiting) > _DEEPEST:
            return
        waiting.add(id(judgement))
        for other in self._refuted:
            if _rests(judgement.proposal, other.proposal) and not _rests(other.proposal, judgement.proposal):
                self._settle(other, waiting)
        waiting.discard(id(judgement))
        turned = self._turned(judgement)
        reason = self._told(turned) or self._derived(turned)
        if reason:
            self._outcomes[id(judgement)] = Judgement(judgement.proposal, Outcome.OPEN, judgement.tried, reason)
        else:
            self._outcomes[id(judgement)] = turned
            self._settled.append(turned)

    def _turned(self, judgement: Judgement) -> Judgement:
        """Of two statements of one quantity the one that nothing supports is the claim."""
        proposal, other = judgement.proposal, judgement.proposal.expression
        if not _restates(proposal) or not isinstance(other, Use) or not self._supported(proposal.claim) or self._supported(other):
            return judgement
        return judge(replace(proposal, claim=other, expression=proposal.claim, otherwise=(), at=None))

    def _supported(self, use: Use) -> bool:
        """Whether a computation of sound premises gives the number."""
        return any(not self._unsound(each.proposal) for each in self._sums.get(_spot(use.place), ()))

    def _unsound(self, proposal: Proposal) -> bool:
        wrong = [each.proposal.claim for each in self._settled if each.proposal.relation is Relation.EQUALS]
        return any(_same_number(premise, claim) for premise in uses(proposal.expression) for claim in wrong)

    def _told(self, judgement: Judgement) -> str:
        """Which earlier finding says the same; "" where none does."""
        proposal = judgement.proposal
        for earlier in self._settled:
            number = earlier.proposal.claim.amount.text
            if _same_number(proposal.claim, earlier.proposal.claim) and _tells(earlier, judgement):
                return f"{number} is contradicted already"
            if _numbers(proposal) == _numbers(earlier.proposal):
                return f"the same conflict as that of {number}"
            if (number, earlier.formula) == (proposal.claim.amount.text, judgement.formula) and _computes(judgement):
                return f"{number} against {earlier.formula} is a finding already"
        return ""

    def _derived(self, judgement: Judgement) -> str:
        """Which contradicted premise the proposal rests on; "" where none is."""
        proposal = judgement.proposal
        for other in self._settled:
            claim = other.proposal.claim
            rests = any(_same_number(use, claim) or self._follows(use, claim) for use in uses(proposal.expression))
            if rests and other.proposal.relation is not Relation.EQUALS and not _restates(proposal):
                continue  # a missed limit does not make the number wrong
            if rests and _restates(other.proposal) and _computes(judgement):
                rests = False  # which of two statements is wrong is not known
            if rests or _fits_when_right(proposal, other):
                place = claim.place
                return f"its premise {claim.amount.text}{f' (line {place.line})' if place is not None else ''} is contradicted"
        return ""

    def _follows(self, use: Use, claim: Use) -> bool:
        """Whether a number is known only from computations with *claim*."""
        sums = self._sums.get(_spot(use.place), ())
        return bool(sums) and all(any(_same_number(premise, claim) for premise in uses(each.proposal.expression)) for each in sums)


def _is_refuted(judgement: Judgement) -> bool:
    return judgement.outcome is Outcome.REFUTED and judgement.proposal.asserted


def _computes(judgement: Judgement) -> bool:
    return isinstance(judgement.proposal.expression, Compute)


def _spot(place: Place | None) -> Spot | None:
    return (place.block, place.start) if place is not None else None


def _reach(proposal: Proposal) -> int:
    """How many lines the furthest premise stands from the claim."""
    here = proposal.claim.place
    places = [use.place for use in uses(proposal.expression) if use.place is not None]
    return max((abs(place.line - here.line) for place in places), default=0) if here is not None else 0


def _restates(proposal: Proposal) -> bool:
    """Whether one quantity is stated at two places of the page."""
    other = proposal.expression
    return proposal.relation is Relation.EQUALS and isinstance(other, Use) and other.place is not None


def _rests(one: Proposal, two: Proposal) -> bool:
    """Whether *one* rests on the claim of *two*."""
    return any(_same_number(use, two.claim) for use in uses(one.expression))


def _tells(earlier: Judgement, judgement: Judgement) -> bool:
    """Whether what is refuted already says of the same number what this does: an equality says all, a bound only itself."""
    if earlier.proposal.relation is Relation.EQUALS:
        return True
    return earlier.proposal.relation is judgement.proposal.relation and earlier.computed == judgement.computed


def _fits_when_right(proposal: Proposal, other: Judgement) -> bool:
    """Whether *proposal* holds with what *other* computes in the place of the amount that it contradicts."""
    wrong = other.proposal.claim.amount
    several = abs(wrong.value) >= wrong.step * 10 or not wrong.exact
    if other.proposal.relation is not Relation.EQUALS or not several:
        return False
    if not any(use.place is not None and _same_amount(use.amount, wrong) for use in uses(proposal.expression)):
        return False
    values = dict.fromkeys((each.nominal, each.factor) for each in other.tried if each.decides)
    return any(judge(_corrected(proposal, wrong, *each)).outcome in _FITTING for each in islice(values, _MOST_VALUES))


_FITTING = (Outcome.HOLDS, Outcome.BOUNDED)
_MOST_VALUES = 8


def _same_number(one: Use, two: Use) -> bool:
    """Whether two uses are of one number: at one place, or so many digits that it is the same amount elsewhere."""
    if one.place is None or two.place is None:
        return False
    if _spot(one.place) == _spot(two.place):
        return True
    telling = all(abs(each.value) >= each.step * 10 ** (_TELLING - 1) and not each.exact for each in (one.amount, two.amount))
    return telling and _same_amount(one.amount, two.amount)


def _same_amount(one: Amount, two: Amount) -> bool:
    return one.hard == two.hard and abs(one.first.nominal - two.first.nominal) <= _LIKE * abs(one.first.nominal)


def _numbers(proposal: Proposal) -> frozenset[Spot | None]:
    return frozenset(_spot(use.place) for use in (proposal.claim, *uses(proposal.expression)) if use.place is not None)


def _corrected(proposal: Proposal, wrong: Amount, nominal: float, factor: float) -> Proposal:
    """*proposal* with the amount of *nominal* base units in the place of *wrong*."""

    def replaced(expression: Expression) -> Expression:
        if isinstance(expression, Compute):
            return Compute(expression.operator, replaced(expression.left), replaced(expression.right))
        if not _same_amount(expression.amount, wrong):
            return expression
        return replace(expression, amount=_of_value(expression.amount, nominal, factor))

    return replace(proposal, expression=replaced(proposal.expression), otherwise=tuple(map(replaced, proposal.otherwise)))


def _of_value(like: Amount, nominal: float, factor: float) -> Amount:
    """An exact amount of *nominal* base units in the unit of *like*."""
    reading = AmountReading("", exactly(nominal), nominal, factor, like.first.dimensions)
    digits = nominal / factor if factor else nominal
    return replace(like, digits=exactly(digits), value=digits, step=0.0, readings=(reading,), approximate=False, bound="", magnitude=1.0)
