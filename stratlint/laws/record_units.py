"""Extensions in records: what each thing has, times how many there are, and lists of three amounts that one rate relates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from stratlint.claims.amount import combined
from stratlint.claims.units import HARD, Dimensions
from stratlint.document.grid import CellRole, Layout
from stratlint.laws.units import BOUNDING, FEWEST, solutions_of, solved, usable
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.proposal import product as product_of
from stratlint.meaning.statement import Statement, Term

_MOST_RECORD = 40
# A label with more amounts behind it begins a sentence.
_MOST_OF_A_LABEL = 2
# Costs that are more than their hours: as a rule of thumb they are none.
_BILL = "bill"
# Roles under which an amount of a record is no number of its things: a bound, the size of one.
_NO_COUNT = frozenset({"only", "singular"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The extensions that the page's records state."""
    counts = _counts_of_headings(page.statements)
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted:
            yield from _in_record(group, counts)


def _in_record(group: Group, headings: dict[int, tuple[Term, ...]]) -> Iterator[Proposal]:
    values = (CellRole.VALUE, CellRole.TOTAL)
    told = zip(group.terms, group.roles, strict=True)
    crowds = Counter(_spot(group, term) for term in group.terms)
    terms = [
        term for term, role in told
        if role in values and usable(term) and not term.tags & _NO_COUNT and crowds[_spot(group, term)] <= _MOST_OF_A_LABEL
    ]  # fmt: skip
    if len(terms) < 2 or len(terms) > _MOST_RECORD:
        return
    counters = [*terms, *headings.get(group.section, ())]
    used: set[int] = set()
    for whole in terms:
        for each in terms:
            if each is whole or each.name != whole.name or not each.name:
                continue
            below = _below(each, whole)
            relation = _extends(whole, below) if below is not None else None
            if below is None or relation is None:
                continue
            matching = [term for term in counters if term is not whole and term is not each and _counts(term, below)]
            beside = any(
                other is not whole and other.dimensions == below and _spot(group, other) == _spot(group, whole) for other in group.terms
            )
            spares = any(other.dimensions == below and "least_words" in other.tags for other in group.terms)
            if len(matching) == 1 and not beside and not spares:  # "2,048 sequences = 16,777,216 tokens": of these
                used.update((id(whole), id(each), id(matching[0])))
                yield Proposal(
                    whole.use, relation, product_of([each.use, matching[0].use], []), Source.GRID, "row-units",
                    "what each has, times how many there are", forced=group.sure,
                )  # fmt: skip
    closed = len(terms) == FEWEST == len(group.terms) and all(term.label for term in terms)
    if not used and closed and not group.holder and not group.mark:
        yield from _closed(terms)


def _spot(group: Group, term: Term) -> tuple[int, int]:
    """The cell, or the line of a list or fence, in which a term stands."""
    return term.place.block, term.place.line if group.layout not in (Layout.TABLE, Layout.HTML) else -1


def _extends(whole: Term, below: Dimensions) -> Relation | None:
    """How a whole stands to what each has times their number; None for what does not add up over them.

    Times run beside each other; places may stay empty or hold copies; of things that differ, one times their number is not all.
    """
    noun = next(name for name, power in below if power > 0)
    if whole.amount.hard == (("time", 1.0),):
        return None
    above = {name: power for name, power in whole.dimensions if power > 0}
    if above.keys() & lexicon().unlike.get(noun, frozenset()):
        return None
    copied = whole.dimensions in tuple(((name, 1.0),) for name in lexicon().copied.get(noun, ()))
    empty = noun in lexicon().containers and not whole.amount.hard
    return Relation.AT_MOST if copied or empty else Relation.EQUALS


def _below(each: Term, whole: Term) -> Dimensions | None:
    """The dimensions of the number that makes *whole* of *each*: one counted noun, perhaps per another."""
    rest = combined(((whole.dimensions, 1.0), (each.dimensions, -1.0)))
    counted = [power for name, power in rest if name not in HARD]
    return rest if len(counted) == len(rest) and sorted(counted)[-1:] == [1.0] and sum(power > 0 for power in counted) == 1 else None


def _counts(term: Term, dimensions: Dimensions) -> bool:
    """Whether a term is the plain number that *dimensions* ask for: no other word stands in its name."""
    return term.dimensions == dimensions and not term.amount.hard and len(term.name) <= 1 and not term.tags & BOUNDING


def _closed(terms: Sequence[Term]) -> Iterator[Proposal]:
    """A list of three amounts that one rate relates: hours, price, cost; volume, link, time. What a rate allows is a bound: a transfer may
    be slower than its link. A cost is no less than its hours, and as a rule no more.
    """
    hard = sum(1 for term in terms if term.amount.hard)
    dimensions = [term.dimensions for term in terms]
    if hard < 2 or any(one == two for one, two in combinations(dimensions, 2)) or any(term.tags & BOUNDING for term in terms):
        return
    solutions = list(solutions_of(dimensions))
    if len(solutions) != 1:
        return
    bill = _bill(terms)
    claim = len(terms) - 1 if bill is None else bill
    least = _least(terms[claim])
    proposal = solved(terms, solutions[0], claim, "row-units", Source.GRID)
    if least is not None:
        yield replace(proposal, relation=Relation.AT_LEAST if least else Relation.AT_MOST)
    if bill is not None:
        yield replace(proposal, family=_BILL)


def _bill(terms: Sequence[Term]) -> int | None:
    """Where the cost stands of a list of nothing but hours of devices, what one costs, and a sum of money, in any order; None elsewhere.

    Nothing else that would be paid is listed, and yet a cost may hold more.
    """
    powers = [dict(term.dimensions) for term in terms]
    cost = next((at for at, each in enumerate(powers) if each == {"money": 1.0}), None)
    spent = next((each for each in powers if "device" in each and each.get("time") == 1.0), None)
    paid = spent is not None and {"money": 1.0, **{name: -power for name, power in spent.items()}} in powers
    return cost if paid else None


def _least(claim: Term) -> bool | None:
    """Whether the product of the others is the least (True) or the most (False) that a claim may be; None where it may be either."""
    dimensions = dict(claim.dimensions)
    if dimensions.get("time") == 1.0 or dimensions.get("money") == 1.0:
        return True
    return None if dimensions.get("time", 0.0) < 0 else False


def _counts_of_headings(statements: Sequence[Statement]) -> dict[int, tuple[Term, ...]]:
    """The plain counts that a section's own heading states: "Figures of one node (8 GPUs)"."""
    found: dict[int, tuple[Term, ...]] = {}
    for statement in statements:
        if statement.heading:
            found[statement.section] = tuple(term for term in statement.terms if usable(term) and term.noun and not term.per)
    return found
