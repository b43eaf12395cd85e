"""Order: what must not exceed or fall below what — needs and capacities, measured values and targets, ranks of one quantity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stratlint.claims.amount import hard
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded, comparable, cues, is_content, measured, neighbours, per, per_time, term_positions
from stratlint.laws.ranks import PERCENTILES, ranked
from stratlint.laws.spots import has_kind
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_FAMILY = "statement-order"
# Amounts that the words of a sentence compare, and ranks that labels have: as often as not they are read where nothing is meant.
_COMPARED = "statement-comparison"
_DEMAND = frozenset({"required", "used"})
_FAILED = frozenset({"fail", "doubtful"})
_NEGATIONS = frozenset({"fails", "denied", "condition", "near"})
_LONGEST = 9
_MOST_TERMS = 40
_TIME = (("time", 1.0),)
# Where a new clause may begin.
_TURNS = (ItemKind.COMMA, ItemKind.OPEN, ItemKind.CLOSE, ItemKind.COLON)


@dataclass(frozen=True, slots=True)
class _Order:
    """`low` is said not to exceed `high`; `claim_high`: the greater one is what is claimed; `count`: there are so many of `high`;
    `family`: how sure such a reading is."""

    low: Term
    high: Term
    why: str
    claim_high: bool = False
    count: Term | None = None
    family: str = _FAMILY

    def proposal(self, source: Source, asserted: bool) -> Proposal:
        """The order as a proposal about the amount that is claimed."""
        if self.claim_high:
            return Proposal(self.high.use, Relation.AT_LEAST, self.low.use, source, self.family, self.why, asserted=asserted)
        bound: Expression = self.high.use if self.count is None else Compute("×", self.count.use, self.high.use)
        return Proposal(self.low.use, Relation.AT_MOST, bound, source, self.family, self.why, asserted=asserted)


def proposals(page: Page) -> Iterator[Proposal]:
    """The orders that sentences, their neighbours, records and rows state, each once."""
    said: set[tuple[Place | None, Place | None]] = set()
    for proposal in _proposals(page):
        expression = proposal.expression
        key = (proposal.claim.place, expression.place if isinstance(expression, Use) else None)
        if key not in said:
            said.add(key)
            yield proposal


def _proposals(page: Page) -> Iterator[Proposal]:
    for previous, statement in neighbours(page.statements):
        for order in _of_statement(previous, statement):
            yield order.proposal(Source.STATEMENT, statement.asserted)
    spoken = {(term.place.block, term.place.line) for statement in page.statements for term in statement.terms}
    for group in page.groups:
        if group.axis is Axis.SERIES:
            continue
        for order in (*_of_group(group), *_used(group)):
            place, other = order.low.place, order.high.place
            if (place.block, place.line) == (other.block, other.line) and (place.block, place.line) in spoken:
                continue  # the sentence itself was read, with its words
            yield order.proposal(Source.GRID, group.asserted)
        for pair in ranked(group.terms):
            order = _Order(*pair, "ranks of one quantity keep their order", family=_COMPARED)
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
        found = _fitting(_spoken(statement.terms), marked=statement.mark == "pass")
        if not found and previous is not None and previous.asserted and not cues(previous.items) & _NEGATIONS and "fits" in tags:
            found = _fitting((*previous.terms, *statement.terms), marked=False)
        proved = statement.mark == "pass"
        found = [each for each in found if not (_is_over(statement, each) or (not proved and "of_several" in each.high.tags))]
        yield from (each if proved else replace(each, family=_COMPARED) for each in found or _whole_on_all(statement))


def _is_over(statement: Statement, order: _Order) -> bool:
    """Whether the words between need and bound say the contrary, whatever is marked: `✅ The p99 of 61 ms is over the limit of 50 ms`."""
    at = [at for at in term_positions(statement) if statement.items[at].term in (order.low, order.high)]
    between = statement.items[at[0] + 1 : at[-1]] if len(at) > 1 else ()
    return any(item.kind is ItemKind.CUE and item.word[:1].isalpha() and item.tags & {"above", "split"} for item in between)


def _spoken(terms: Sequence[Term]) -> Sequence[Term]:
    """The amounts of a sentence without those that a sign or "within" bounds, and nothing calls a limit: they bound what stands by them."""
    calls = frozenset({"target", "required", "capacity", "used"})
    return [term for term in terms if not term.tags & {"at_most", "at_least"} or term.tags & (calls | {"part"})]


def _whole_on_all(statement: Statement) -> Iterator[_Order]:
    """ "8 GPUs with 80 GB each hold the 560 GB of the whole model": the need of all against the capacity of all."""
    sizes = [term for term in statement.terms if measured(term) and not term.amount.percent]
    shares, wholes = [term for term in sizes if "each" in term.tags], [term for term in sizes if "total" in term.tags and not per(term)]
    if len(sizes) != 2 or len(shares) != 1 or len(wholes) != 1 or any(map(bounded, sizes)) or per_time(shares[0]):
        return
    share, whole = shares[0], wholes[0]
    counts = [term for term in statement.terms if term.noun and (term.noun, -1.0) in per(share) and not bounded(term)]
    if len(counts) == 1 and len(per(share)) == 1 and hard(share.dimensions) == hard(whole.dimensions):
        yield _Order(whole, share, "the whole fits into all of them together", count=counts[0])


def _compared(statement: Statement) -> Iterator[_Order]:
    """Two amounts with a comparing word or sign between them: `104 GB < 80 GB`, "stays below the limit of", "fit into its"."""
    items, positions = statement.items, term_positions(statement)
    for first, second in pairwise(positions):
        one, two = items[first].term, items[second].term
        assert one is not None and two is not None
        between = items[first + 1 : second]
        alike = comparable(one, two) or (not statement.code and _plain_numbers(one, two, between))
        if len(between) > _LONGEST or not alike or one.amount.ranged or two.amount.ranged or one.tags & {"change"}:
            continue
        if _operand(items, first, second) or any(item.kind in (ItemKind.STOP, ItemKind.SIGN) for item in between):
            continue
        tags = cues([item for item in between if not item.tags & {"below", "above"}])
        if tags & {"denied", "condition", "change", "from", "to", "versus", "therefore", "near"} or _negated(between):
            continue
        at = next((at for at in range(first + 1, second) if items[at].tags & {"below", "above"} and items[at].kind is ItemKind.CUE), None)
        if at is None:
            turned = tags & {"before", "after"}  # "needed 80 GB, now fits into 12 GB": a need of another time
            # "fits with 10 GB of cache": what it leaves
            beside = any(item.tags & {"fits"} and other.tags & {"cumulated"} for item, other in pairwise(between))
            if "fits" in tags and "fails" not in tags and not turned and not beside and not has_kind(between, ItemKind.COMMA):
                found = _fits(one, two, turned="reversed" in tags)
                yield from (replace(each, family=_COMPARED) for order in found if (each := _of_all(statement, order)) is not None)
            continue
        if not _links(items, first, at, second) or (items[at].tags & {"fails"} and (one.tags | two.tags) & {"target", "required"}):
            continue
        sign = len(between) == 1 and not items[at].word[:1].isalpha()
        family = _FAMILY if sign else _COMPARED
        if "below" in items[at].tags:
            order = _Order(one, two, "the first is said to be the smaller", family=family)
            of_all = _of_all(statement, order) if "fits" in items[at].tags else order
            yield from (of_all,) if of_all is not None else ()
        else:
            yield _Order(two, one, "the first is said to be the greater", claim_high=True, family=family)


def _plain_numbers(one: Term, two: Term, between: Sequence[Item]) -> bool:
    """`EP ≤ DP: 64 ≤ 8`: two whole numbers with nothing but a sign between them."""
    exact = one.amount.exact and two.amount.exact and not (one.dimensions or two.dimensions)
    return exact and len(between) == 1 and not between[0].word[:1].isalpha() and bool(between[0].tags & {"below", "above"})


def _fits(one: Term, two: Term, *, turned: bool) -> Iterator[_Order]:
    """ "88 GB fit into its 80 GB", "meets the target of 5,000 tokens/s"; *turned*: "96 GB are enough for the 88 GB"."""
    asked = "target" in one.tags and "target" not in two.tags  # "the target of 50 ms is met (45 ms)"
    need, bound = (two, one) if turned or asked else (one, two)
    if not turned and _is_bound(bound, (one, two)):
        order = _ordered(need, bound)
        if order is not None:
            yield order
    elif not per_time(one) and measured(one) and not asked:
        yield _Order(need, bound, "what fits takes no more than there is")


def _of_all(statement: Statement, order: _Order) -> _Order | None:
    """What a whole fits into are all of several, `8 cards of 80 GB are enough for 600 GB`; None where it is not said how many they are."""
    need, bound = order.low, order.high
    counts = [term for term in statement.terms if term.noun and (term.noun, -1.0) in per(bound) and not bounded(term)]
    if len(counts) == 1 and not per(need) and not order.claim_high:
        return replace(order, count=counts[0])
    return None if "of_several" in bound.tags else order


def _links(items: Sequence[Item], first: int, at: int, second: int) -> bool:
    """Whether the comparing cue at *at* compares the amounts at *first* and *second*: a sign, or a word behind a verb or comma.

    "20 GB less than 80 GB" is a difference; "35 ms, and memory below 40 GB" begins something else.
    """
    sign = not items[at].word[:1].isalpha()
    before, behind = items[first + 1 : at], items[at + 1 : second]
    if first and items[first - 1].tags & {"below", "above"}:
        return False  # "under 4 hours, under 30 seconds": two bounds
    if sign and any(item.tags & {"below", "above"} and item.kind is ItemKind.CUE for item in items[second + 1 : second + 3]):
        return False  # "13 <8b> 00": angle brackets
    if sign:
        behind = behind[1:] if behind and behind[0].tags == items[at].tags else behind  # "<<"
        before = before[:-1] if before and before[-1].kind is ItemKind.OPEN else before  # "35 GB (< 68 GB)"
        turns = any(item.kind in _TURNS or item.tags & {"and", "namely", "below", "above"} for item in (*before, *behind))
        return not turns and not any(map(is_content, behind))
    if not before and "fits" not in items[at].tags:
        return False
    if before and all(item.kind is ItemKind.WORD and is_content(item) for item in before):
        return False  # "1.6 points more than four"
    preposition = " " not in items[at].word  # "under load of …" says when; "less than the memory of …" compares
    if any(item.kind in _TURNS for item in behind) or (preposition and any(is_content(item) and not item.tags for item in behind)):
        return False
    before = before[1:] if before and before[0].kind is ItemKind.OPEN else before  # "35 GB (well within 64 GB)"
    turn = next((index for index, item in enumerate(before) if item.kind in _TURNS or "and" in item.tags), len(before))
    # "43 GB, total above 60 GB": another amount is meant.
    return not any(is_content(item) or "total" in item.tags for item in before[turn:])


def _negated(between: Sequence[Item]) -> bool:
    return any("fails" in item.tags and not item.tags & {"above", "below"} for item in between)


def _operand(items: Sequence[Item], first: int, second: int) -> bool:
    """Whether an arithmetic sign stands beside either amount."""
    around = (*items[max(0, first - 1) : first], *items[second + 1 : second + 2])
    return any(item.kind is ItemKind.SIGN for item in around)


def _fitting(terms: Sequence[Term], *, marked: bool) -> list[_Order]:
    """What is said to fit or to meet its limit, when one amount is the need and one of its kind is what there is."""
    if len(terms) > _MOST_TERMS:
        return []
    if any(term.whole for term in terms) and any(term.amount.percent or term.amount.multiple for term in terms):
        return []  # "68 GB, below 85 % of 80 GB": the limit is a share
    out = list(_of_wholes(terms)) if marked else []
    if out or any("part" in term.tags and measured(term) for term in terms):
        return out
    bounds = [term for term in terms if _is_bound(term, terms) and "change" not in term.tags and not term.amount.ranged]
    for bound in bounds:
        others = [term for term in terms if term is not bound and _held_to(term, bound)]
        rivals = [term for term in others if (term in bounds or term.tags & {"target", "required"}) and not _needs(term, bound)]
        if rivals or any(term.amount.ranged for term in others):
            continue
        needs = [term for term in others if _needs(term, bound)]
        sums = [term for term in others if "sum" in term.tags] if marked else []  # "cache, weights, workspace, sum": the sum has to fit
        chosen = needs or sums or (others if marked else [])
        if len(chosen) == 1 and (len(others) == 1 or needs or sums):
            order = _ordered(chosen[0], bound)
            if order is not None:
                out.append(order)
    return out if out or not marked else _fitting_plain(terms)


def _held_to(term: Term, bound: Term) -> bool:
    """Whether a bound may be one of *term*: "Impact: < 1 ms" says nothing of "Duration: 10 h", which another line states."""
    if not comparable(term, bound) or "change" in term.tags:
        return False
    signed = bound.tags & {"below", "above"} and not bound.tags & {"target", "required", "capacity"}
    named = bound.label and term.label and bound.name and term.name and not term.tags & _DEMAND
    return not (signed and named) or bool(bound.name & term.name)


def _of_wholes(terms: Sequence[Term]) -> Iterator[_Order]:
    """`Budget: $1.30 million of $1.46 million`, `40.8 kW of 44 kW`: what is taken of what there is."""
    for part, whole in pairwise(terms):
        if "part" in part.tags and measured(part) and comparable(part, whole) and _is_load(part) and "free" not in part.tags:
            if not part.amount.ranged and not whole.amount.ranged:
                yield _Order(part, whole, "what fits takes no more than there is")


def _is_load(term: Term) -> bool:
    """Whether an amount is what there may be too much of, as watts are; a rate may be meant to be high."""
    return not per_time(term) or "energy" in dict(term.amount.first.dimensions)


def _fitting_plain(terms: Sequence[Term]) -> list[_Order]:
    """The one need beside the one amount of its kind that has no role: `GPU memory: 80 GB`, `Required: 91 GB`, marked as passed."""
    needs = [term for term in terms if term.tags & _DEMAND and not term.amount.ranged and not term.tags & {"change", "below", "above"}]
    if len(needs) != 1 or not measured(needs[0]) or per_time(needs[0]) or needs[0].amount.hard == _TIME:
        return []  # "0.26 ms ideal (0.34 ms measured)": a time without a role limits none
    others = [term for term in terms if term is not needs[0] and comparable(term, needs[0])]
    if len(others) != 1 or others[0].tags & {"free", "change", "total", "before", "after", "target"} or others[0].amount.ranged:
        return []
    return [_Order(needs[0], others[0], "what fits takes no more than there is")]


def _is_bound(term: Term, terms: Sequence[Term]) -> bool:
    """Whether a term is a capacity, a limit or a target; what is required is a target beside a measured value only."""
    if "evenly" in term.tags:
        return False  # "divisible by 2"
    if "capacity" in term.tags:
        return True
    others = [other for other in terms if other is not term and comparable(term, other)]
    if _limits(term, "limit", "maximum") or _limits(term, "floor", "minimum"):
        signed = term.tags & {"below", "above"} and not term.tags & {"target", "required"}
        return not (signed and any(other.tags & {"target", "required"} for other in others))  # "requirement: 10 s (achieved < 6 s)"
    if "target" not in term.tags:
        return False
    if "below" in term.tags and "above" not in term.tags:
        return True  # "required: fits in 48 GB"
    return "required" not in term.tags or any(other.tags & {"used", "below", "above"} for other in others)


def _limits(term: Term, limit: str, extreme: str) -> bool:
    """Whether a term is a limit and not just the greatest (or least) of some values."""
    return limit in term.tags and (extreme not in term.tags or bool(term.tags & (PERCENTILES | {"target"})))


def _needs(term: Term, bound: Term) -> bool:
    """Whether *term* is a need or a measured value beside *bound*."""
    if "free" in term.tags or not term.tags & _DEMAND:
        return False
    if "capacity" in term.tags or (_limits(term, "limit", "maximum") and not bound.tags & {"target", "required"}):
        return False
    return "used" in term.tags or "capacity" in bound.tags or not bound.tags & (_DEMAND | {"target"})


def _ordered(need: Term, bound: Term) -> _Order | None:
    """The direction: a floor from below, a limit or capacity from above, a target by what it measures."""
    ceiling, floor = _limits(bound, "limit", "maximum"), _limits(bound, "floor", "minimum")
    if (ceiling and floor) or (ceiling and not _from_above(bound)):
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


def _from_above(limit: Term) -> bool:
    """Whether a limit is one from above: what is called a threshold, or the limit of a rate or of a share, may be meant from below."""
    if limit.tags & {"below", "at_most", "capacity"}:
        return True
    return not ("threshold" in limit.tags or per_time(limit) or (limit.amount.percent and "ceiling" not in limit.tags))


def held(terms: Sequence[Term]) -> tuple[Term, Term, bool] | None:
    """Of amounts that one verdict is on the need, its bound, and whether the need has to be the greater one; None where it is open."""
    found = _fitting(terms, marked=True)
    need_first = [(each.high, each.low, True) if each.claim_high else (each.low, each.high, False) for each in found]
    return need_first[0] if len(need_first) == 1 else None


def _of_group(group: Group) -> Iterator[_Order]:
    """A record or row with a mark of success, of its own or on the need or the limit itself."""
    if len(group.terms) > _MOST_TERMS or group.mark in _FAILED:
        return
    passed = {term.place for term, mark in zip(group.terms, group.marks, strict=False) if mark == "pass"}
    failed = {term.place for term, mark in zip(group.terms, group.marks, strict=False) if mark in _FAILED}
    if group.mark != "pass" and not passed:
        return
    for order in _fitting(_with_sums(group), marked=True):
        places = {order.low.place, order.high.place}
        if places <= passed and order.low.place.line != order.high.place.line:
            continue  # each has a mark of its own, and so a limit of its own: what passes is no limit of another line
        if not places & failed and (group.mark == "pass" or places & passed):
            yield order


def _with_sums(group: Group) -> tuple[Term, ...]:
    """The terms of a group; the one total among parts is their sum, unless it may be that of several devices."""
    totals = [term for term, role in zip(group.terms, group.roles, strict=True) if role is CellRole.TOTAL]
    shared = any(name == "device" for term in group.terms for name, _ in term.dimensions)
    if len(totals) != 1 or shared:
        return group.terms
    return tuple(replace(term, tags=term.tags | {"sum"}) if term is totals[0] else term for term in group.terms)


def _used(group: Group) -> Iterator[_Order]:
    """What is in use of a capacity of the same name, per the same thing."""
    if group.axis is not Axis.RECORD or group.mark in _FAILED or not _FAILED.isdisjoint(group.marks) or not group.present:
        return
    used = [term for term in group.terms if "in_use" in term.tags and not bounded(term)]
    capacities = [term for term in group.terms if "capacity" in term.tags and "in_use" not in term.tags and not bounded(term)]
    for term in used:
        others = [each for each in capacities if comparable(term, each) and per(term) == per(each) and term.name & each.name]
        if len(others) == 1 and len(used) == 1 and measured(term) and not term.amount.percent and not per_time(term):
            yield _Order(term, others[0], "no more is in use than there is")
