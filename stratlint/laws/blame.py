"""Which of the refuted relations of a page are findings: what follows from a number that is wrong itself is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from stratlint.claims.amount import Amount, AmountReading
from stratlint.claims.interval import exactly
from stratlint.laws.families import family
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Spot, Use, spot_of, uses

# An amount of so many digits is likely the same amount wherever it stands; a small count is not.
_TELLING = 3
_DIGITS = 9
_DEEPEST = 50
# Of one number, one amount or one conflict; no page says more of any.
_MOST = 40
_MOST_VALUES = 8
_FITTING = (Outcome.HOLDS, Outcome.BOUNDED)

Key = tuple[object, ...]


class Blame:
    """What is contradicted on a page, and what rests on it."""

    def __init__(self, judged: Sequence[Judgement]) -> None:
        self._refuted = [each for each in judged if is_refuted(each)]
        self._outcomes: dict[int, Judgement] = {}
        self._by_claim: dict[Key, list[Judgement]] = {}
        self._settled: dict[Key, list[Judgement]] = {}
        self._sums: dict[Spot, list[Proposal]] = {}
        for each in judged:
            spot = spot_of(each.proposal.claim.place)
            if spot is not None and each.outcome is Outcome.HOLDS and isinstance(each.proposal.expression, Compute):
                self._sums.setdefault(spot, []).append(each.proposal)
        self._reach: dict[frozenset[Spot], int] = {}
        for each in self._refuted:
            for key in _keys(each.proposal.claim):
                self._by_claim.setdefault(key, []).append(each)
            numbers, reach = _numbers(each.proposal), _reach(each.proposal)
            self._reach[numbers] = min(reach, self._reach.get(numbers, reach))
        self._involved = Counter(spot for numbers in self._reach for spot in numbers)

    def outcome(self, judgement: Judgement) -> Judgement:
        """What became of *judgement*."""
        return self._outcomes.get(id(judgement), judgement)

    def settle(self) -> None:
        """Decide of everything refuted whether it stays so, the surest first and premises before what rests on them."""
        order = sorted(range(len(self._refuted)), key=lambda index: self._priority(self._refuted[index], index))
        for index in order:
            self._settle(self._refuted[index], set())

    def _priority(self, judgement: Judgement, index: int) -> tuple[int, bool, bool, int, int, int, int]:
        """Proofs, computations and facts from outside the page, computations beside their result, of one conflict the number that
        others share; two statements of one quantity last, which do not say which of the two is wrong."""
        proposal = judgement.proposal
        spot = spot_of(proposal.claim.place)
        shared = self._involved[spot] if spot is not None else 0
        bound = proposal.relation is not Relation.EQUALS
        nearest = self._reach[_numbers(proposal)]
        return family(proposal.family).rank, restates(proposal), bound, nearest, -shared, _reach(proposal), index

    def _settle(self, judgement: Judgement, waiting: set[int]) -> None:
        if id(judgement) in self._outcomes or id(judgement) in waiting or len(waiting) > _DEEPEST:
            return
        waiting.add(id(judgement))
        for other in self._premises(judgement.proposal, self._by_claim):
            if not _rests(other.proposal, judgement.proposal):
                self._settle(other, waiting)
        waiting.discard(id(judgement))
        turned = self._turned(judgement)
        reason = self._told(turned) or self._derived(turned) or (self._derived(judgement) if turned is not judgement else "")
        if reason:
            opened = Judgement(judgement.proposal, Outcome.OPEN, judgement.tried, reason, doubted=True)
            self._outcomes[id(judgement)] = opened
            return
        self._outcomes[id(judgement)] = turned
        proposal = turned.proposal
        for key in (*_keys(proposal.claim), _amount_key(proposal.claim.amount), _conflict(proposal), _formula(turned)):
            self._settled.setdefault(key, []).append(turned)

    def _premises(self, proposal: Proposal, index: dict[Key, list[Judgement]]) -> Iterator[Judgement]:
        """Those of *index* whose claim is an operand of *proposal*."""
        found = {id(each): each for use in uses(proposal.expression) for key in _keys(use) for each in index.get(key, ())[:_MOST]}
        yield from found.values()

    def _turned(self, judgement: Judgement) -> Judgement:
        """Of two statements of one quantity the one that nothing supports is the claim."""
        proposal, other = judgement.proposal, judgement.proposal.expression
        if not restates(proposal) or not isinstance(other, Use) or not self._supported(proposal.claim) or self._supported(other):
            return judgement
        return judge(replace(proposal, claim=other, expression=proposal.claim, otherwise=(), at=None))

    def _supported(self, use: Use) -> bool:
        """Whether a computation of sound premises gives the number."""
        spot = spot_of(use.place)
        sums = self._sums.get(spot, ()) if spot is not None else ()
        wrong = (any(_is_equality(each) for each in self._premises(one, self._settled)) for one in sums[:_MOST])
        return not all(wrong)

    def _told(self, judgement: Judgement) -> str:
        """Which earlier finding says the same; "" where none does."""
        proposal = judgement.proposal
        for key in _keys(proposal.claim):
            for earlier in self._settled.get(key, ())[:_MOST]:
                # The same amount elsewhere is the same mistake only if it should be the same.
                if _tells(earlier, judgement) and (_at_one_place(earlier, proposal.claim) or earlier.computed == judgement.computed):
                    return f"{earlier.proposal.claim.amount.text} is contradicted already"
        for key in (_conflict(proposal), _formula(judgement)):
            for earlier in self._settled.get(key, ())[:1]:
                return f"the same conflict as that of {earlier.proposal.claim.amount.text}"
        return ""

    def _derived(self, judgement: Judgement) -> str:
        """Which contradicted premise the proposal rests on; "" where none is."""
        proposal = judgement.proposal
        computes = isinstance(proposal.expression, Compute)
        for other in self._premises(proposal, self._settled):
            limited = other.proposal.relation is not Relation.EQUALS and other.proposal.source is not Source.LAW
            if limited and not restates(proposal):
                continue  # a missed limit does not make the number wrong; beyond the bound of a law it is
            certain = any(_at_one_place(other, use) for use in uses(proposal.expression)) and not (restates(other.proposal) and computes)
            if not certain and not _fits_when_right(proposal, other):
                continue  # another amount that is equal by chance, or one of two statements of which either may be wrong
            if certain and _is_equality(other) and self._wrong_anyway(proposal):
                return ""
            return _contradicted(other)
        for use in uses(proposal.expression):
            for other in self._settled.get(_amount_key(use.amount), ())[:_MOST]:
                if _fits_when_right(proposal, other):
                    return _contradicted(other)
            spot = spot_of(use.place)
            sums = self._sums.get(spot, []) if spot is not None else []
            wrong = [self._miscomputed(one) for one in sums[:_MOST]]
            known = [each for each in wrong if each is not None]
            if known and len(known) == len(wrong):  # the operand is known only from contradicted numbers
                return _contradicted(known[0])
        return ""

    def _wrong_anyway(self, proposal: Proposal) -> bool:
        """Whether a computation is wrong whatever its contradicted premises should be: as they are printed, and put right.

        Only a proof is told on: what may leave out a part, or is a rule of thumb, is not wrong twice.
        """
        sure = family(proposal.family).proves and proposal.forced
        if not sure or not isinstance(proposal.expression, Compute) or proposal.relation is not Relation.EQUALS:
            return False
        wrong = [each for each in self._premises(proposal, self._settled) if _is_equality(each)]
        alone = ([(each, value)] for each in wrong for value in _values(each))
        together = [(each, value) for each in wrong for value in islice(_values(each), 1)]
        return all(judge(_put_right(proposal, chosen)).outcome is Outcome.REFUTED for chosen in (*alone, together))

    def _miscomputed(self, proposal: Proposal) -> Judgement | None:
        """The finding of a premise that a computation refutes; None without."""
        found = (each for each in self._premises(proposal, self._settled) if not restates(each.proposal))
        return next(filter(_is_equality, found), None)


def is_refuted(judgement: Judgement) -> bool:
    """Whether a finding may come of it."""
    return judgement.outcome is Outcome.REFUTED and judgement.proposal.asserted


def restates(proposal: Proposal) -> bool:
    """Whether one quantity is stated at two places of the page."""
    other = proposal.expression
    return proposal.relation is Relation.EQUALS and isinstance(other, Use) and other.place is not None


def _is_equality(judgement: Judgement) -> bool:
    return judgement.proposal.relation is Relation.EQUALS


def _at_one_place(judgement: Judgement, use: Use) -> bool:
    """Whether *use* is the very number that was judged."""
    return spot_of(judgement.proposal.claim.place) == spot_of(use.place)


def _contradicted(judgement: Judgement) -> str:
    claim = judgement.proposal.claim
    line = f" (line {claim.place.line})" if claim.place is not None else ""
    return f"its premise {claim.amount.text}{line} is contradicted"


def _reach(proposal: Proposal) -> int:
    """How many lines the furthest premise stands from the claim."""
    here = proposal.claim.place
    places = [use.place for use in uses(proposal.expression) if use.place is not None]
    return max((abs(place.line - here.line) for place in places), default=0) if here is not None else 0


def _rests(one: Proposal, two: Proposal) -> bool:
    """Whether *one* rests on the claim of *two*."""
    wanted = set(_keys(two.claim))
    return any(not wanted.isdisjoint(_keys(use)) for use in uses(one.expression))


def _tells(earlier: Judgement, judgement: Judgement) -> bool:
    """Whether what is refuted already says of the same number what this does: an equality says all, a bound only itself."""
    if earlier.proposal.relation is Relation.EQUALS:
        return True
    return earlier.proposal.relation is judgement.proposal.relation and earlier.computed == judgement.computed


def _keys(use: Use) -> tuple[Key, ...]:
    """What a number is known by: its place, and its amount where it has so many digits that it is the same elsewhere."""
    spot = spot_of(use.place)
    if spot is None:
        return ()
    amount = use.amount
    telling = not amount.exact and abs(amount.value) >= amount.step * 10 ** (_TELLING - 1)
    return (("place", *spot), ("telling", *_amount_key(amount))) if telling else (("place", *spot),)


def _amount_key(amount: Amount) -> Key:
    return "amount", amount.hard, f"{amount.first.nominal:.{_DIGITS}g}"


def _numbers(proposal: Proposal) -> frozenset[Spot]:
    """The places of all numbers of a proposal."""
    spots = (spot_of(use.place) for use in (proposal.claim, *uses(proposal.expression)))
    return frozenset(spot for spot in spots if spot is not None)


def _conflict(proposal: Proposal) -> Key:
    """The same for proposals that relate the same numbers: A is B + C, and C is A − B."""
    return "numbers", _numbers(proposal)


def _formula(judgement: Judgement) -> Key:
    """The same for the same claim against the same computation, printed elsewhere once more."""
    computes = isinstance(judgement.proposal.expression, Compute)
    return "formula", judgement.proposal.claim.amount.text, judgement.formula if computes else id(judgement)


def _fits_when_right(proposal: Proposal, other: Judgement) -> bool:
    """Whether *proposal* holds with what *other* computes in the place of the amount that it contradicts."""
    wrong = other.proposal.claim.amount
    several = abs(wrong.value) >= wrong.step * 10 or not wrong.exact
    if other.proposal.relation is not Relation.EQUALS or not several:
        return False
    key = _amount_key(wrong)
    if not any(use.place is not None and _amount_key(use.amount) == key for use in uses(proposal.expression)):
        return False
    return any(judge(_corrected(proposal, key, *each)).outcome in _FITTING for each in _values(other))


def _values(wrong: Judgement) -> Iterator[tuple[float, float]]:
    """What a contradicted number should be, under each reading: in base units, and what one of its unit is in those."""
    values: Iterable[tuple[float, float]] = dict.fromkeys((each.nominal, each.factor) for each in wrong.tried if each.decides)
    return islice(values, _MOST_VALUES)


def _put_right(proposal: Proposal, chosen: Iterable[tuple[Judgement, tuple[float, float]]]) -> Proposal:
    """*proposal* with each contradicted amount as it should be."""
    for wrong, value in chosen:
        proposal = _corrected(proposal, _amount_key(wrong.proposal.claim.amount), *value)
    return proposal


def _corrected(proposal: Proposal, wrong: Key, nominal: float, factor: float) -> Proposal:
    """*proposal* with an amount of *nominal* base units in the place of the *wrong* one."""

    def replaced(expression: Expression) -> Expression:
        if isinstance(expression, Compute):
            return Compute(expression.operator, replaced(expression.left), replaced(expression.right))
        if _amount_key(expression.amount) != wrong:
            return expression
        return replace(expression, amount=_of_value(expression.amount, nominal, factor))

    return replace(proposal, expression=replaced(proposal.expression), otherwise=tuple(map(replaced, proposal.otherwise)))


def _of_value(like: Amount, nominal: float, factor: float) -> Amount:
    """An exact amount of *nominal* base units in the unit of *like*."""
    reading = AmountReading("", exactly(nominal), nominal, factor, like.first.dimensions)
    digits = nominal / factor if factor else nominal
    return replace(like, digits=exactly(digits), value=digits, step=0.0, readings=(reading,), approximate=False, bound="", magnitude=1.0)
