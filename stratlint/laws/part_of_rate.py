"""Times of transfers at a stated part of a rate: "60 GB. At 0.75 of 4.0 TB/s (3.0 TB/s) this takes 20 ms".

Inside one sentence the amount, the part and the rate leave nothing open. Of an amount in the sentences before, only a time that it takes at
the whole rate, or at one off from the part by bits for bytes or a power of ten, is proof that it is the one that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.slips import CLEAN
from stratlint.laws.spots import Spot, between, spots_of, tags_of
from stratlint.laws.transfers import amounts_before, explains, is_amount, is_exact
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import ItemKind, Statement, Term

FAMILY = "transfer"
_BYTES, _TIME, _RATE = (("information", 1.0),), (("time", 1.0),), (("information", 1.0), ("time", -1.0))
_BOUNDS = frozenset({"target", "limit", "floor", "free", "capacity", "change", "before", "after", "only", "least_words"})
_APART = frozenset({"versus", "change", "and", "contrast", "plus", "minus", "condition", "ratio", "from", "to"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The times that an amount takes at the part of a rate which its sentence, or the one behind it, names."""
    for at, statement in enumerate(page.statements):
        if statement.asserted and statement.present and not statement.code and not statement.tags() & _APART:
            found = _part_of_rate(statement)
            if found is not None:
                yield from _timed(page, at, *found)


def _timed(page: Page, at: int, share: Term, rate: Term, time: Term, own: Sequence[Term]) -> Iterator[Proposal]:
    amounts = own or [term for term in amounts_before(page.statements, at) if term.amount.hard == _BYTES]
    fraction = share.amount.first.nominal
    fits = [term for term in amounts if explains(rate, time, term, fraction)]
    slips = (1.0, *(clean * fraction for clean in CLEAN), *CLEAN)
    meant = fits or (
        own if len(own) == 1 else [term for term in amounts if is_amount(term) and any(explains(rate, time, term, slip) for slip in slips)]
    )
    if len({term.amount.first.nominal for term in meant}) != 1 or (fits and len(amounts) > 1):
        return  # of several amounts one may fit by chance, and proves nothing
    taken = Compute("/", meant[0].use, Compute("×", share.use, rate.use))
    yield Proposal(time.use, Relation.EQUALS, taken, Source.STATEMENT, FAMILY, "what crosses a link, over the part of its rate")


def _part_of_rate(statement: Statement) -> tuple[Term, Term, Term, list[Term]] | None:
    """The part, the rate it is of, the time, and the amounts of a sentence that states nothing else but that part of the rate."""
    spots = spots_of(statement)
    rates = [spot for spot in spots if spot.term.amount.hard == _RATE]
    times = [spot for spot in spots if spot.term.amount.hard == _TIME]
    amounts = [spot for spot in spots if spot.term.amount.hard == _BYTES]
    if not rates or len(times) != 1 or not rates[0].number:
        return None
    rate, share, time = rates[0], spots[rates[0].number - 1], times[0].term
    if not _is_part(statement, share, rate) or len(spots) != len(rates) + len(amounts) + 2:
        return None
    if not all(_restates(share.term, rate.term, other.term) for other in rates[1:]) or len(rates) > 2:
        return None
    if any(spot.term.amount.ranged or spot.term.amount.bound or spot.term.tags & _BOUNDS for spot in spots) or not is_exact(time):
        return None
    return (share.term, rate.term, time, [spot.term for spot in amounts]) if all(is_amount(spot.term) for spot in amounts) else None


def _is_part(statement: Statement, share: Spot, rate: Spot) -> bool:
    """Whether nothing but "of" stands between a fraction and a rate."""
    amount, joined = share.term.amount, between(statement, share, rate)
    fraction = 0 < amount.first.nominal < 1 and not amount.hard and not amount.multiple
    plain = all(item.kind in (ItemKind.WORD, ItemKind.CUE) and item.tags & {"preposition", "part_of", "article"} for item in joined)
    return fraction and bool(joined) and plain and rate.term.whole and not tags_of(joined) & _BOUNDS


def _restates(share: Term, rate: Term, other: Term) -> bool:
    """Whether another rate is what the part of the first one comes to, to its printed digits."""
    low, high = (share.amount.first.nominal * bound for bound in (rate.amount.first.interval.low, rate.amount.first.interval.high))
    said = other.amount.first.interval
    return said.low <= high and low <= said.high
