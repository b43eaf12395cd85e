"""Partitions: ranges of numbered places that follow each other without a gap, as many as are stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from stratlint.claims.amount import constant
from stratlint.laws.spots import spots_of
from stratlint.meaning.page import Axis, Group, Page
from stratlint.meaning.proposal import Compute, Place, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Extent, ItemKind, Statement, Term

_FAMILY = "partition"
# Fewer boundaries say nothing of the others.
_LEAST_BOUNDARIES = 2
# Names of places that are numbered alike.
_SAME = {"rank": "device"}
_NO_COUNT = frozenset({"only", "least_words", "free", "change", "limit", "floor", "mean", "part", "before"})

Ranged = tuple[Term, Extent]


def proposals(page: Page) -> Iterator[Proposal]:
    """What the ranges of a page say of each other, of their sizes and of the number of things there are."""
    seen: set[tuple[int, int]] = set()
    for asserted, source, ranges in _rows(page):
        key = (ranges[0][0].place.block, ranges[0][0].place.start)
        if key not in seen:
            seen.add(key)
            yield from _of_row(page, ranges, source, asserted)
    for statement in page.statements:
        yield from _sizes(statement)


def _rows(page: Page) -> Iterator[tuple[bool, Source, list[Ranged]]]:
    """Ranges of one kind of place that stand in one column, list or sentence."""
    for group in page.groups:
        if group.axis is Axis.SERIES:
            for ranges in _by_noun(group.terms):
                yield group.asserted, Source.GRID, ranges
    for _, run in groupby(page.statements, key=lambda each: (each.section, each.block if not each.list_path else -1, each.list_path[:-1])):
        statements = list(run)
        for ranges in _by_noun([term for statement in statements for term in statement.terms]):
            yield all(statement.asserted for statement in statements), Source.STATEMENT, ranges


def _by_noun(terms: Sequence[Term]) -> Iterator[list[Ranged]]:
    found: dict[str, list[Ranged]] = {}
    for term in terms:
        if term.extent is not None and term.extent.noun:
            found.setdefault(_kind(term.extent.noun), []).append((term, term.extent))
    yield from (ranges for ranges in found.values() if len(ranges) > 1)


def _kind(noun: str) -> str:
    return _SAME.get(noun, noun)


def _of_row(page: Page, ranges: Sequence[Ranged], source: Source, asserted: bool) -> Iterator[Proposal]:
    pairs = list(pairwise(ranges))
    holds = [two.first == one.last + 1 for (_, one), (_, two) in pairs]
    if len(holds) < _LEAST_BOUNDARIES or sum(holds) < len(holds) - 1:
        return
    if any(two.first <= one.first or two.last <= one.last for (_, one), (_, two) in pairs):
        return  # not in order, or told twice
    usual = Counter(_size(extent) for _, extent in ranges).most_common(1)[0][0]
    for (one, before), (two, after) in pairs:
        if after.first > before.last + 1 and (after.first - before.last - 1) % usual == 0:
            continue  # whole ranges are left out
        if _size(before) != usual and _size(after) == usual:
            # the range of another size than all others is the one to be mended
            yield _proposal(one, before.last, Compute("-", _end(two, after.first), _one()), source, asserted, "ranges follow each other")
        else:
            yield _proposal(two, after.first, Compute("+", _end(one, before.last), _one()), source, asserted, "ranges follow each other")
    if all(holds):
        yield from _covered(page, ranges, source, asserted)


def _covered(page: Page, ranges: Sequence[Ranged], source: Source, asserted: bool) -> Iterator[Proposal]:
    """The last place of a partition is that of the last of the things there are."""
    first, (last, end) = ranges[0][1], ranges[-1]
    count = _count(page, _kind(first.noun))
    if count is None or first.first not in (0, 1) or count.amount.value in {_size(extent) for _, extent in ranges}:
        return
    highest = count.use if first.first else Compute("-", count.use, _one())
    total = count.amount.value - (0 if first.first else 1)
    relation = Relation.EQUALS if end.last >= total else Relation.AT_MOST
    yield Proposal(
        Use(constant(end.last), last.place, "the last place"), relation, highest, source, _FAMILY, "ranges end with the last of the things",
        forced=False, asserted=asserted,
    )  # fmt: skip


def _count(page: Page, noun: str) -> Term | None:
    """How many of these things the page says there are, if it gives one number."""
    found: list[Term] = []
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    for part in parts:
        if not part.asserted or not part.present:
            continue
        for term in part.terms:
            if term.extent is None and not term.unknown and not term.around and _plain(term, noun):
                found.append(term)
    return found[0] if len({term.amount.value for term in found}) == 1 else None


def _plain(term: Term, noun: str) -> bool:
    """Whether it is a number of such things, or of such things per layer, in which each has its own."""
    amount = term.amount
    if not amount.exact or amount.ranged or amount.bound or term.tags & _NO_COUNT or term.whole or term.degree is not None:
        return False
    dimensions = tuple((_kind(name), power) for name, power in term.dimensions)
    if dimensions == ((noun, 1.0),):
        return "each" not in term.tags
    return dimensions == tuple(sorted(((noun, 1.0), ("layer", -1.0))))


def _sizes(statement: Statement) -> Iterator[Proposal]:
    """`layers 0-15 (16 layers)`."""
    spots = spots_of(statement.items)
    for left, right in pairwise(spots):
        extent = left.term.extent
        inner = statement.items[left.at + 1 : right.at]
        if extent is None or len(inner) != 1 or inner[0].kind is not ItemKind.OPEN or right.at + 1 >= len(statement.items):
            continue
        if statement.items[right.at + 1].kind is not ItemKind.CLOSE or not _plain(right.term, _kind(extent.noun)):
            continue
        size = Compute("+", Compute("-", _end(left.term, extent.last), _end(left.term, extent.first)), _one())
        yield Proposal(right.term.use, Relation.EQUALS, size, Source.STATEMENT, _FAMILY, "places of the range", asserted=statement.asserted)


def _proposal(term: Term, value: float, expression: Compute, source: Source, asserted: bool, why: str) -> Proposal:
    return Proposal(_end(term, value), Relation.EQUALS, expression, source, _FAMILY, why, asserted=asserted)


def _size(extent: Extent) -> float:
    return extent.last - extent.first + 1


def _end(term: Term, value: float) -> Use:
    place: Place = term.place
    return Use(constant(value), place, f"an end of {term.amount.text}")


def _one() -> Use:
    return Use(constant(1.0))
