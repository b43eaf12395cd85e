"""Where the terms of a statement stand to each other: what lies between them, at which depth, and which are of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from stratlint.claims.units import HARD, Dimensions
from stratlint.laws.comparable import of_one_clock, per
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

# Many laws ask for the same statements, one law after the other.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Spot:
    """A term at item `at` of its statement, inside `depth` brackets; `number`: its index among the terms."""

    term: Term
    at: int
    depth: int
    number: int


@lru_cache(maxsize=_REMEMBERED)
def spots_of(statement: Statement) -> tuple[Spot, ...]:
    """The terms of a statement, in reading order, without the operands of computations; () where a computation has no result."""
    items = statement.items
    operands = _operands(items)
    if operands is None:
        return ()
    out: list[Spot] = []
    depth = 0
    for at, item in enumerate(items):
        if item.kind is ItemKind.OPEN:
            depth += 1
        elif item.kind is ItemKind.CLOSE:
            depth = max(0, depth - 1)
        elif item.term is not None and at not in operands:
            out.append(Spot(item.term, at, depth, len(out)))
    return tuple(out)


def without_operands(items: Sequence[Item]) -> tuple[Item, ...]:
    """*items* with their computations replaced by the results; () where one has none, or nothing is computed."""
    operands = _operands(items)
    if not operands:
        return ()
    return tuple(item for at, item in enumerate(items) if at not in operands and item.kind is not ItemKind.SIGN)


def results_of(items: Sequence[Item]) -> frozenset[int]:
    """The items that computations result in: the amount right behind the equality of one, in its clause."""
    found: set[int] = set()
    computed = False
    for at, (before, item) in enumerate(pairwise(items), 1):
        computed = (computed or before.kind is ItemKind.SIGN) and before.kind not in (ItemKind.STOP, ItemKind.COMMA)
        if computed and item.term is not None and "equals" in before.tags:
            found.add(at)
    return frozenset(found)


def _operands(items: Sequence[Item]) -> set[int] | None:
    """The items that are operands, in `12 × 2.7 / 16 = 2.05 GB` all but the last; None where one computation has no result."""
    signs = [at for at, item in enumerate(items) if item.kind is ItemKind.SIGN]
    if not signs:
        return set()
    operands: set[int] = set()
    for sign in signs:
        left = next((at for at in range(sign - 1, -1, -1) if items[at].term is not None or items[at].kind in _ENDS), None)
        right = next((at for at in range(sign + 1, len(items)) if items[at].term is not None or items[at].kind in _ENDS), None)
        operands.update(at for at in (left, right) if at is not None and items[at].term is not None)
    for at in operands:
        following = next((later for later in range(at + 1, len(items)) if items[later].term is not None or _parts(items[later])), None)
        if following is None or items[following].term is not None:
            return None
        if items[following].kind is not ItemKind.SIGN and "equals" not in items[following].tags:
            return None
    return operands


_ENDS = (ItemKind.COMMA, ItemKind.STOP, ItemKind.COLON)


def _parts(item: Item) -> bool:
    """Whether an item carries a computation on or ends it."""
    return item.kind in (ItemKind.SIGN, *_ENDS) or "equals" in item.tags


def between(statement: Statement, left: Spot | None, right: Spot | None) -> tuple[Item, ...]:
    """The items between two terms; None is an end of the statement."""
    start = left.at + 1 if left is not None else 0
    end = right.at if right is not None else len(statement.items)
    return statement.items[start:end]


def tags_of(items: Iterable[Item]) -> frozenset[str]:
    """All tags of *items* that are no terms."""
    return frozenset().union(*(item.tags for item in items if item.term is None))


def depth_within(items: Iterable[Item]) -> int:
    """How far brackets close within *items*, below the depth at their start: -1 for ") and (", 0 for "(x)"."""
    depth = lowest = 0
    for item in items:
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        lowest = min(lowest, depth)
    return lowest


def has_kind(items: Iterable[Item], *kinds: ItemKind) -> bool:
    """Whether one of *items* is of one of *kinds*."""
    return any(item.kind in kinds for item in items)


def above(term: Term) -> Dimensions:
    """The dimensions of an amount without the counted nouns below its line."""
    return tuple((name, power) for name, power in term.dimensions if power > 0 or name in HARD)


def is_figure(term: Term) -> bool:
    """Whether it is an amount of something: no percentage, no multiple, no range, no bound."""
    amount = term.amount
    return not (amount.percent or amount.multiple or amount.ranged or amount.bound)


def is_statistic(whole: Term, parts: Sequence[Term], *, plain: bool = False) -> bool:
    """Whether a total is the greatest, the least or the mean of what stands above it: the peak over all stages; *plain*: units left out."""
    sizes = [part.amount.value if plain else part.amount.first.nominal for part in parts]
    said = whole.amount.digits if plain else whole.amount.first.interval
    return bool(sizes) and any(said.low <= size <= said.high for size in (max(sizes), min(sizes), sum(sizes) / len(sizes)))


def is_bare(term: Term) -> bool:
    """Whether nothing says what it counts: "384" in "896 GPUs: 384 for training"."""
    return not term.dimensions and not term.amount.unit_text


def alike(whole: Term, part: Term) -> bool:
    """Whether *part* may be a part of *whole*: both measure or count the same, per the same if the part says per what."""
    if not (is_figure(whole) and is_figure(part)) or not of_one_clock(whole.amount, part.amount):
        return False
    if is_bare(part) and not is_bare(whole):
        return not whole.amount.hard and not per(whole) and whole.amount.exact and part.amount.exact
    return above(whole) == above(part) and (per(whole) == per(part) or not per(part))


def same(one: Term, two: Term) -> bool:
    """Whether two terms are of one kind, whichever of them says more."""
    return alike(one, two) or alike(two, one)


def stated(statement: Statement) -> Term | None:
    """The one amount that a line states: the only one, or the result behind the last sign of equality; None where there are several."""
    if len(statement.terms) == 1:
        return statement.terms[0]
    signs = [at for at, item in enumerate(statement.items) if item.kind is ItemKind.SIGN]
    equal = max((at for at, item in enumerate(statement.items) if item.kind is ItemKind.CUE and "equals" in item.tags), default=-1)
    if not signs or equal < signs[-1]:
        return None
    results = [item.term for item in statement.items[equal:] if item.term is not None]
    return results[0] if len(results) == 1 else None
