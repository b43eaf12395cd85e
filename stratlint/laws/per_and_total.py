"""One of them and all of them under one name: "Throughput per replica", "Total throughput (4 replicas)"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.claims.units import HARD, Dimensions
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Term

FAMILY = "per-and-total"
_LOOSE = frozenset(
    {"limit", "target", "free", "required", "change", "before", "after", "maximum", "minimum", "part", "floor", "only", "capacity", "mean"}
)


def proposals(page: Page) -> Iterator[Proposal]:
    """Each total that says of how many it is, or stands beside their number, as so many times what one of them has."""
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present and not group.code:
            yield from _of(group)


def _of(group: Group) -> Iterator[Proposal]:
    counts = (*group.counts, *(None for _ in group.terms[len(group.counts) :]))
    for at, (total, role, count) in enumerate(zip(group.terms, group.roles, counts, strict=True)):
        named = "total" in total.tags or role is CellRole.TOTAL
        if not named or not total.amount.hard or bounded(total) or total.tags & _LOOSE or _below(total):
            continue
        ones = [term for term in group.terms[:at] if _is_one_of(term, total)]
        if not ones or len({(term.amount.first.nominal, _below(term)) for term in ones}) > 1:
            continue
        (noun,) = _below(ones[-1])
        if count is not None and count[0] == noun:
            times: Use | None = Use(constant(count[1], f"{count[1]:,.0f}"), None, noun)
        else:
            times = _beside(group.terms, noun) if count is None and _is_rate(total) else None
        if times is not None and (total.key or group.terms[at - 1] is ones[-1]):
            product = Compute("×", ones[-1].use, times)
            yield Proposal(total.use, Relation.EQUALS, product, Source.GRID, FAMILY, "so many times what one of them has")


def _is_one_of(term: Term, total: Term) -> bool:
    """Whether a term says what one of some things has of what *total* is of all."""
    same = term.amount.hard == total.amount.hard and not (bounded(term) or term.tags & (_LOOSE | {"total"}))
    return same and len(_below(term)) == 1 and total.key <= term.key


def _below(term: Term) -> tuple[str, ...]:
    """What an amount is per, beside units."""
    return tuple(name for name, power in term.dimensions if power == -1.0 and name not in HARD)


def _is_rate(term: Term) -> bool:
    """Whether it is so much in a time, and no power or price: what others add to those is not in the one of them."""
    return dict(term.amount.hard).get("time") == -1.0 and not any(name in ("energy", "money") for name, _ in term.amount.hard)


def _beside(terms: Sequence[Term], noun: str) -> Use | None:
    """The number of things that the record states."""
    wanted: Dimensions = ((noun, 1.0),)
    found = [term for term in terms if term.dimensions == wanted and not term.amount.hard and not bounded(term) and not term.tags & _LOOSE]
    return found[0].use if len({term.amount.value for term in found}) == 1 else None
