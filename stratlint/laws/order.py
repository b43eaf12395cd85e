"""Order: what must not exceed or fall below what — needs and capacities, measured values and targets, ranks of one quantity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from stratlint.laws.comparable import comparable, cues, is_content, measured, neighbours, per_time, term_positions
from stratlint.meaning.page import Axis, Group, Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_FAMILY = "statement-order"
_DEMAND = frozenset({"required", "used"})
_SUPPLY = frozenset({"capacity", "limit"})
_NEGATIONS = frozenset({"fails", "denied", "condition"})
_LONGEST = 9
# The ranks of one quantity, from the least to the greatest.
_RANKS = ("minimum", "q50", "q90", "q95", "q99", "q999", "maximum")
_PERCENTILES = frozenset({"q50", "q90", "q95", "q99", "q999"})
_MOST_TERMS = 40


@dataclass(frozen=True, slots=True)
class _Order:
    """`low` is said not to exceed `high`; `claim_high`: the greater one is what is claimed."""

    low: Term
    high: Term
    why: str
    claim_high: bool = False

    def proposal(self, source: Source, asserted: bool) -> Proposal:
        """The order as a proposal about the amount that is claimed."""
        if self.claim_high:
            return Proposal(self.high.use, Relation.AT_LEAST, self.low.use, source, _FAMILY, self.why, asserted=asserted)
        return Proposal(self.low.use, Relation.AT_MOST, self.high.use, source, _FAMILY, self.why, asserted=asserted)


def proposals(page: Page) -> Iterator[Proposal]:
    """The orders that sentences, their neighbours, records and rows state."""
    for previous, statement in neighbours(page.statements):
        for order in _of_statement(previous, statement):
            yield order.proposal(Source.STATEMENT, statement.asserted)
    for group in page.groups:
        if group.axis is Axis.SERIES:
            continue
        for order in (*_of_group(group), *_ranks(group.terms)):
            yield order.proposal(Source.GRID, group.asserted)


def _of_statement(previous: Statement | None, statement: Statement) -> Iterator[_Order]:
    tags = cues(statement.items)
    if "condition" in tags:
        return
    compared = list(_compared(statement))
    yield from compared
    if compared:
        return
    passes = statement.mark == "pass" or ("fits" in tags and statement.mark != "fail")
    if passes and not tags & _NEGATIONS:
        found = _fitting(statement.terms, marked=statement.mark == "pass")
        if not found and previous is not None and previous.asserted and not cues(previous.items) & _NEGATIONS and "fits" in tags:
            found = _fitting((*previous.terms, *statement.terms), marked=False)
        yield from found


def _compared(statement: Statement) -> Iterator[_Order]:
    """Two amounts with a comparing word or sign between them: `104 GB < 80 GB`, "stays below the limit of", "fit into its"."""
    items, positions = statement.items, term_positions(statement)
    for index in range(len(positions) - 1):
        first, second = positions[index], positions[index + 1]
        one, two = items[first].term, items[second].term
        assert one is not None and two is not None
        between = items[first + 1 : second]
        if len(between) > _LONGEST or not comparable(one, two) or one.amount.ranged or two.amount.ranged or one.tags & {"change"}:
            continue
        if _operand(items, first, second) or any(item.kind in (ItemKind.STOP, ItemKind.SIGN) for item in between):
            continue
        tags = cues(between)
        if tags & {"denied", "condition", "change", "from", "versus", "therefore"} or _negated(between):
            continue
        at = next((position for position, item in enumerate(between) if item.tags & {"below", "above"} and item.kind is ItemKind.CUE), None)
        if at is None:
            if "fits" in tags and "fails" not in tags and not any(item.kind is ItemKind.COMMA for item in between):
                yield from _fits(one, two, turned="reversed" in tags)
            continue
        if not _links(between, at):
            continue
        if "below" in between[at].tags:
            yield _Order(one, two, "the first is said to be the smaller")
        else:
            yield _Order(two, one, "the first is said to be the greater", claim_high=True)


def _fits(one: Term, two: Term, *, turned: bool) -> Iterator[_Order]:
    """ "88 GB fit into its 80 GB", "meets the target of 5,000 tokens/s"; *turned*: "96 GB are enough for the 88 GB"."""
    need, bound = (two, one) if turned else (one, two)
    if not turned and _is_bound(bound, (one, two)):
        order = _ordered(need, bound)
        if order is not None:
            yield order
    elif not per_time(one) and measured(one):
        yield _Order(need, bound, "what fits takes no more than there is")


def _links(between: Sequence[Item], at: int) -> bool:
    """Whether the comparing cue at *at* compares what stands before: a sign, or a word behind a verb, comma or bracket.

    "20 GB less than 80 GB" is a difference; "35 ms, under load of 50 ms" names something else.
    """
    sign = not between[at].word[:1].isalpha()
    before, behind = between[:at], between[at + 1 :]
    if sign:
        return not any(item.kind in (ItemKind.COMMA, ItemKind.CLOSE) for item in (*before, *behind)) and not any(map(is_content, behind))
    direct = not before and "fits" not in between[at].tags
    if direct or any(item.kind in (ItemKind.COMMA, ItemKind.OPEN, ItemKind.CLOSE, ItemKind.COLON) for item in behind):
        return False
    return not any(is_content(item) and not item.tags for item in behind)


def _negated(between: Sequence[Item]) -> bool:
    return any("fails" in item.tags and not item.tags & {"above", "below"} for item in between)


def _operand(items: Sequence[Item], first: int, second: int) -> bool:
    """Whether an arithmetic sign stands beside either amount."""
    around = (*items[max(0, first - 1) : first], *items[second + 1 : second + 2])
    return any(item.kind is ItemKind.SIGN for item in around)


def _fitting(terms: Sequence[Term], *, marked: bool) -> list[_Order]:
    """What is said to fit or to meet its limit, when one amount is the need and one of its kind is what there is."""
    out: list[_Order] = []
    bounds = [term for term in terms if _is_bound(term, terms) and "change" not in term.tags and not term.amount.ranged]
    for bound in bounds:
        others = [term for term in terms if term is not bound and comparable(term, bound) and "change" not in term.tags]
        rivals = [term for term in others if term in bounds and not _needs(term, bound)]
        if rivals or any(term.amount.ranged for term in others):
            continue
        needs = [term for term in others if _needs(term, bound)]
        chosen = needs if needs else (others if marked else [])
        if len(chosen) == 1 and (len(others) == 1 or needs):
            order = _ordered(chosen[0], bound)
            if order is not None:
                out.append(order)
    return out if out or not marked else _fitting_plain(terms)


def _fitting_plain(terms: Sequence[Term]) -> list[_Order]:
    """The one need beside the one amount of its kind that has no role: `GPU memory: 80 GB`, `Required: 91 GB`, marked as passed."""
    needs = [term for term in terms if term.tags & _DEMAND and not term.amount.ranged and "change" not in term.tags]
    if len(needs) != 1 or not measured(needs[0]) or per_time(needs[0]):
        return []
    others = [term for term in terms if term is not needs[0] and comparable(term, needs[0])]
    if len(others) != 1 or others[0].tags & {"free", "change", "total", "before", "after"} or others[0].amount.ranged:
        return []
    return [_Order(needs[0], others[0], "what fits takes no more than there is")]


def _is_bound(term: Term, terms: Sequence[Term]) -> bool:
    """Whether a term is a capacity, a limit or a target; what is required is a target beside a measured value only."""
    if "capacity" in term.tags or _limits(term, "limit", "maximum") or _limits(term, "floor", "minimum"):
        return True
    if "target" not in term.tags:
        return False
    return "required" not in term.tags or any("used" in other.tags and comparable(term, other) for other in terms if other is not term)


def _limits(term: Term, limit: str, extreme: str) -> bool:
    """Whether a term is a limit and not just the greatest (or least) of some values."""
    return limit in term.tags and (extreme not in term.tags or bool(term.tags & (_PERCENTILES | {"target"})))


def _needs(term: Term, bound: Term) -> bool:
    """Whether *term* is a need or a measured value beside *bound*."""
    if "free" in term.tags or not term.tags & _DEMAND:
        return False
    if "capacity" in term.tags or _limits(term, "limit", "maximum"):
        return False
    return not (bound.tags & _DEMAND and not term.tags & {"used"}) or "capacity" in bound.tags


def _ordered(need: Term, bound: Term) -> _Order | None:
    """The direction: a floor from below, a limit or capacity from above, a target by what it measures."""
    ceiling, floor = _limits(bound, "limit", "maximum"), _limits(bound, "floor", "minimum")
    if ceiling and floor:
        return None
    if floor:
        return _Order(bound, need, "what passes reaches at least what is asked", claim_high=True)
    if ceiling or "capacity" in bound.tags:
        return _Order(need, bound, "what fits takes no more than there is")
    if not measured(bound) or bound.amount.percent:
        return None
    if per_time(bound):
        return _Order(bound, need, "a rate that meets its target is no less", claim_high=True)
    return _Order(need, bound, "what meets its target is no more")


def _of_group(group: Group) -> Iterator[_Order]:
    """A record or row with a mark of success."""
    if group.mark == "pass" and len(group.terms) <= _MOST_TERMS:
        yield from _fitting(group.terms, marked=True)


def _ranks(terms: Sequence[Term]) -> Iterator[_Order]:
    """Percentiles, means and extremes of one quantity keep their order."""
    ranked = [(term, _rank(term)) for term in terms if _rank(term) >= 0 or ("mean" in term.tags and not term.tags & _PERCENTILES)]
    if len(ranked) > _MOST_TERMS:
        return
    for (one, low), (two, high) in combinations(ranked, 2):
        if not comparable(one, two) or not _same_quantity(one, two):
            continue
        if low < 0 or high < 0:
            known = max(low, high)
            if min(low, high) >= 0 or known < 0 or 0 < known < len(_RANKS) - 1:
                continue
            mean, extreme = (one, two) if low < 0 else (two, one)
            pair = (extreme, mean) if known == 0 else (mean, extreme)
        elif low == high:
            continue
        else:
            pair = (one, two) if low < high else (two, one)
        yield _Order(*pair, "ranks of one quantity keep their order")


def _rank(term: Term) -> int:
    """The place among the ranks; -1 for means and for what has none."""
    percentiles = [index for index, rank in enumerate(_RANKS) if rank in term.tags and rank.startswith("q")]
    timed = dict(term.amount.first.dimensions) == {"time": 1.0}
    if percentiles:
        return percentiles[0] if len(percentiles) == 1 and timed else -1
    extremes = [index for index in (0, len(_RANKS) - 1) if _RANKS[index] in term.tags]
    if len(extremes) != 1 or term.tags & {"target", "capacity"} or ("ends" in term.tags and not timed):
        return -1
    return extremes[0]


def _same_quantity(one: Term, two: Term) -> bool:
    """Whether two names differ by one word each at most, the rank, and share the rest."""
    shared = one.name & two.name
    mine, others = one.name - shared, two.name - shared
    return len(mine) <= 1 and len(others) <= 1 and bool(mine or others)
