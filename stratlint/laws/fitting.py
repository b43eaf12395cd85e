"""What is marked as passed and lies in the memory of one device takes no more than a device of the page has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.meaning.device_memory import is_held, is_of_device, lies_elsewhere
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Term

FAMILY = "device-memory"
_WHY = "what is marked as passed fits into the memory of one device"
_BYTES = (("information", 1.0),)
_DEVICE = ("device", -1.0)
# Amounts that take no room, or are of another time.
_NO_NEED = frozenset({"free", "capacity", "limit", "target", "floor", "before", "change", "share"})
# A total whose parts are each of one device is one, too, if it is their sum to its digits.
_SUM = 0.02


def proposals(page: Page) -> Iterator[Proposal]:
    """The needs of marked records and lines, each as a bound by the largest memory that a device of the page may have."""
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present and not group.code:
            yield from _of_record(page, group)


def _of_record(page: Page, group: Group) -> Iterator[Proposal]:
    marked = zip(group.terms, group.roles, group.own_marks, strict=True)
    needs = [(term, role, mark) for term, role, mark in marked if _is_need(term)]
    totals = [(term, mark) for term, role, mark in needs if role is CellRole.TOTAL or "sum" in term.tags]
    parts = [term for term, role, _ in needs if role is not CellRole.TOTAL and "sum" not in term.tags]
    for total, mark in totals:
        if (mark or group.mark) == "pass" and (_of_one(total, group) or (_any_of_one(parts) and _is_sum(total, parts))):
            yield from _bound(page, total, ())
    if totals or not all(_of_one(term, group) for term in parts):
        return
    if len(parts) > 1 and group.mark == "pass" and len({term.key for term in parts}) == len(parts):
        largest = max(parts, key=lambda term: term.amount.first.nominal)
        yield from _bound(page, largest, [term.use for term in parts if term is not largest])
        return
    for term, _, mark in needs:
        if (mark or group.mark) == "pass" and (is_of_device(term) or is_held(term)):
            yield from _bound(page, term, ())


def _is_need(term: Term) -> bool:
    amount = term.amount
    return amount.hard == _BYTES and not bounded(term) and not amount.approximate and not term.tags & _NO_NEED and not lies_elsewhere(term)


def _of_one(term: Term, group: Group) -> bool:
    """Whether an amount is one of a single device, by its own words or those of its heading."""
    counted = [pair for pair in term.dimensions if pair[0] != "information"]
    return counted == [_DEVICE] or (not counted and [name for name, _ in group.scope] == ["device"])


def _any_of_one(parts: Sequence[Term]) -> bool:
    return any(_DEVICE in term.dimensions for term in parts)


def _is_sum(total: Term, parts: Sequence[Term]) -> bool:
    """Whether a total is the sum of the other amounts beside it, so that it is one of whatever they are of."""
    whole, added = total.amount.first.nominal, sum(term.amount.first.nominal for term in parts)
    return len(parts) > 1 and abs(added - whole) <= _SUM * whole


def _bound(page: Page, need: Term, others: Sequence[Use]) -> Iterator[Proposal]:
    """*need*, and what lies beside it, as a bound by what there is."""
    memory = page.device_memory.largest(need.amount)
    if memory is None or memory.place == need.place:
        return
    room: Expression = memory
    for other in others:
        room = Compute("-", room, other)
    yield Proposal(need.use, Relation.AT_MOST, room, Source.GRID, FAMILY, _WHY)
