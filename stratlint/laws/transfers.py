"""Transfers told over several clauses or sentences: the bytes in one, the link and the time in the next.

Which amount crosses the link the digits show: the time is that of one amount near it, or off from it by bits for bytes or a power of
ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.slips import CLEAN
from stratlint.laws.spots import spots_of
from stratlint.meaning.groups import Axis
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "transfer"
_BYTES, _TIME = (("information", 1.0),), (("time", 1.0),)
_RATE = (("information", 1.0), ("time", -1.0))
# So many sentences back something may still be meant by "this".
_REACH = 3
# Digits that say no more than this of an amount agree by chance.
_ROUGH = 0.03
# Two digits show enough where one amount is all that can be meant, and nothing crosses a link so fast.
_ROUGHEST = 0.06
_NO_TRANSFER = frozenset({"target", "limit", "free", "capacity", "change", "before", "after"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The times of links that the digits of one amount near them, or beside them in a row, explain."""
    yield from _of_records(page)
    for at, statement in enumerate(page.statements):
        if statement.asserted and statement.present and not statement.code:
            pair = _link_and_time(statement)
            if pair is not None:
                own = _sent(statement, pair[0])
                found = _meant(*pair, own or [term for term in amounts_before(page.statements, at) if is_amount(term)])
                if found is not None:
                    product = Compute("/", found.use, pair[0].use)
                    yield Proposal(pair[1].use, Relation.EQUALS, product, Source.STATEMENT, FAMILY, "what crosses a link, over its rate")


def _of_records(page: Page) -> Iterator[Proposal]:
    """`11.92 GB | 40 GB/s | 2.38 s`: a transfer may be slower than its link, but not with the digits that bits for bytes give."""
    for group in page.groups:
        if group.axis is not Axis.RECORD or not (group.asserted and group.present) or group.code:
            continue
        amounts, rates, times = ([term for term in group.terms if term.amount.hard == hard] for hard in (_BYTES, _RATE, _TIME))
        if len(amounts) == len(rates) == len(times) == 1 and is_amount(amounts[0]) and _is_pair(rates[0], times[0]):
            found = _meant(rates[0], times[0], amounts)
            if found is not None:
                product = Compute("/", found.use, rates[0].use)
                yield Proposal(times[0].use, Relation.EQUALS, product, Source.GRID, FAMILY, "what crosses a link, over its rate")


def _link_and_time(statement: Statement) -> tuple[Term, Term] | None:
    """The one rate and, behind it, the one time of a sentence that names no amount between or behind them."""
    terms = [spot.term for spot in spots_of(statement)]
    rates = [term for term in terms if term.amount.hard == _RATE]
    times = [term for term in terms if term.amount.hard == _TIME]
    if len(rates) != 1 or not times:
        return None
    rate, time = rates[0], next((term for term in times if term.place.start > rates[0].place.start), times[0])
    if len(times) > 1 and (time is not times[0] or not _set_off(statement, time)):
        return None
    if rate.whole:
        return None  # "at 75 % of 4 TB/s"
    if any(term.amount.hard == _BYTES and term.place.start > rate.place.start for term in terms):
        return None
    return (rate, time) if _is_pair(rate, time) and rate.place.start < time.place.start else None


def _set_off(statement: Statement, time: Term) -> bool:
    """Whether a clause ends right behind a time: "…takes 32 ms, which is nothing beside a prefill of 440 ms"."""
    at = next((at for at, item in enumerate(statement.items) if item.term is time), len(statement.items))
    return any(item.kind in (ItemKind.COMMA, ItemKind.STOP) for item in statement.items[at + 1 : at + 2])


def _sent(statement: Statement, rate: Term) -> list[Term]:
    """The amounts that a sentence names before its rate: "each sends 4.8 GB; over its own 400 Gb/s link that takes 96 ms"."""
    terms = (spot.term for spot in spots_of(statement))
    return [term for term in terms if term.place.start < rate.place.start and term.amount.hard == _BYTES and is_amount(term)]


def _is_pair(rate: Term, time: Term) -> bool:
    """Whether a rate and a time say something definite of a transfer."""
    said = not (rate.tags | time.tags) & _NO_TRANSFER and not rate.amount.ranged and not time.amount.ranged
    return said and is_exact(time, _ROUGHEST)


def amounts_before(statements: Sequence[Statement], at: int) -> Iterator[Term]:
    """The amounts of the sentences right before one, in its paragraph or in the item above it."""
    here = statements[at]
    for back in range(at - 1, max(-1, at - 1 - _REACH), -1):
        other = statements[back]
        near = other.block == here.block or (other.list_path and other.list_path[:-1] == here.list_path[:-1])
        if other.section != here.section or not near or not (other.asserted and other.present):
            return
        yield from (spot.term for spot in spots_of(other) if not _is_operand(other.items, spot.at))


def _is_operand(items: Sequence[Item], at: int) -> bool:
    """Whether an amount stands beside a sign of arithmetic: what a computation gives is what may cross a link."""
    return any(item.kind is ItemKind.SIGN for item in (*items[max(0, at - 1) : at], *items[at + 1 : at + 2]))


def is_amount(term: Term) -> bool:
    """Whether a term states definite bytes that may be sent or read."""
    return term.amount.hard == _BYTES and not term.amount.ranged and not term.tags & _NO_TRANSFER and is_exact(term)


def is_exact(term: Term, rough: float = _ROUGH) -> bool:
    """Whether the printed digits leave less of an amount open than agrees by chance."""
    reading = term.amount.first
    return reading.nominal > 0 and (reading.interval.high - reading.interval.low) / reading.nominal <= rough


def _meant(rate: Term, time: Term, amounts: Sequence[Term]) -> Term | None:
    """The only amount there is, if its transfer takes that time, or the only one for which it is a clean slip; None else.

    Of several amounts one may fit by chance: that shows nothing to be wrong, and proves nothing.
    """
    if not is_exact(time):
        only = len({amount.amount.first.nominal for amount in amounts}) == 1
        return amounts[0] if only and any(explains(rate, time, amounts[0], slip) for slip in CLEAN if slip > 1.0) else None
    if any(explains(rate, time, amount, 1.0) for amount in amounts):
        return amounts[0] if len({amount.amount.first.nominal for amount in amounts}) == 1 else None
    slipped = [amount for amount in amounts if any(explains(rate, time, amount, slip) for slip in CLEAN)]
    return slipped[0] if len({amount.amount.first.nominal for amount in slipped}) == 1 else None


def explains(rate: Term, time: Term, amount: Term, slip: float) -> bool:
    """Whether the printed time is what the amount takes, divided by *slip*, to the printed digits."""
    taken, size, speed = (term.amount.first.interval for term in (time, amount, rate))
    return size.low / speed.high <= taken.high * slip and taken.low * slip <= size.high / speed.low if speed.low > 0 else False
