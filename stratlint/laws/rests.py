"""What a whole leaves: whole − used = free, in sentences and records; no part exceeds its whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from stratlint.document.grid import CellRole
from stratlint.laws.comparable import neighbours, per
from stratlint.laws.spots import Spot, above, between, has_kind, is_bare, is_figure, same, spots_of, stated, tags_of
from stratlint.laws.sums import FAMILY, IN_SENTENCE
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, total, uses
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_REST = frozenset({"free", "remaining"})
_WHOLE = frozenset({"capacity", "limit"})
# Roles of an amount that is neither whole nor part, and cues under which a statement compares instead of dividing up.
_NO_PART = frozenset({"before", "after", "change", "target", "floor", "each", "q90", "q95", "q99", "q999"})
_NO_JOIN = frozenset({"from", "to", "versus", "change", "per"})
_MOST = 6
# So many sentences before may have named what else is taken from a whole.
_NEAR = 12


def proposals(page: Page) -> Iterator[Proposal]:
    """Rests and bounds of parts that the page states."""
    before: list[Statement] = []
    for previous, statement in neighbours(page.statements):
        spots = spots_of(statement)
        yield from _rest(statement, spots)
        if previous is not None and _only_rest(statement) and previous.asserted and statement.asserted:
            joined = replace(previous, items=(*previous.items, Item(ItemKind.STOP), *statement.items))
            also = [term for each in before[-_NEAR:-1] if each.section == statement.section for term in each.terms]
            for proposal in _rest(joined, spots_of(joined)):
                yield _less(proposal, statement.terms[0], also)
        before.append(statement)
        yield from _within_whole(statement, spots)
        yield from _of_whole(statement, spots)
        yield from _of_which(statement, spots)
    for group in page.groups:
        if group.axis is Axis.RECORD:
            yield from _in_record(group)
            yield from _nested(group)


def _rest(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`80 GB, of which weights take 35 and the cache 20, leaving 25 GB`; `limit 500 ms, margin 190 ms`."""
    rests = [spot for spot in spots if is_rest(spot.term) and is_figure(spot.term)]
    if len(rests) != 1 or statement.tags() & _NO_JOIN:
        return
    rest = rests[0]
    others = [spot for spot in spots if spot is not rest and same(spot.term, rest.term) and not is_bare(spot.term)]
    whole = _whole(others, rest)
    if whole is None or not (_is_marked(whole.term) or _divides_up(statement, others, whole)) or _shared_out(spots, whole, rest):
        return
    loose = [spot for spot in spots if spot is not rest and whole.term.whole and _is_loose(spot, whole)]
    parts = [spot.term for spot in (*loose, *others) if spot is not whole and spot.number < max(rest.number, whole.number)]
    if not parts or len(parts) > _MOST or any(part.tags & _NO_PART or part.whole for part in parts):
        return
    if sum(map(_size, parts)) > _size(whole.term):
        return  # parts that overlap: "600 train, 300 serve, 500 do both"
    if _size(rest.term) > _size(whole.term):
        return  # of something else: "of a budget of 100 tokens it takes 100 (180 remaining)"
    strict = len(spots) == len(parts) + 2
    yield _left(rest.term, whole.term, parts, Source.STATEMENT, asserted=statement.asserted, strict=strict)


def _less(proposal: Proposal, rest: Term, also: Sequence[Term]) -> Proposal:
    """A rest of what was said in another sentence: one more amount of those right before may be gone from it, too."""
    known = {use.place for use in uses(proposal.expression)}
    further = [term for term in also if term.place not in known and same(term, rest) and is_figure(term) and not is_bare(term)]
    more = tuple(Compute("-", proposal.expression, term.use) for term in further)
    return replace(proposal, otherwise=(*proposal.otherwise, *more))


def _shared_out(spots: Sequence[Spot], whole: Spot, rest: Spot) -> bool:
    """`Of 120 GB the server may use 90 %, 108 GB; the weights take 30 GB, 78 GB remain`: a share may be the whole of what follows.

    So may that of a whole right behind it: "90 % of 120 GB is 108 GB; margin 78 GB".
    """
    of_whole = whole.number and spots[whole.number - 1].term.amount.percent and whole.term.whole
    if of_whole and rest.number > whole.number + 1:
        return True
    shares = [one for one, two in pairwise(spots) if one.term.amount.percent and same(two.term, whole.term) and two is not rest]
    return any(whole.number < share.number < rest.number for share in shares)


def _is_marked(term: Term) -> bool:
    return term.whole or bool(term.tags & (_WHOLE | {"total"}))


def _divides_up(statement: Statement, others: Sequence[Spot], whole: Spot) -> bool:
    """Whether an amount that no role makes the whole is one: nothing names it, it is divided up, or the others are said to be used.

    "The weights are 60 GB, the cache 20 GB, leaving 12 GB": of what?
    """
    parts = [spot.term for spot in others if spot is not whole]
    taken = all(part.tags & {"used", "required"} for part in parts)
    return not whole.term.name or taken or bool(statement.tags() & {"including", "made_up", "minus", "part_of"})


def _only_rest(statement: Statement) -> bool:
    """`That leaves 25 GB.`: nothing but what is left of what was said before."""
    term = stated(statement)
    return len(statement.terms) == 1 and term is not None and "leaving" in statement.tags() and is_rest(term)


def _is_loose(spot: Spot, whole: Spot) -> bool:
    """Whether a number that names nothing is a part of a whole that is "of": `224 of the 512 GPUs`, `Of 512 GPUs, 224 …`."""
    return is_bare(spot.term) and spot.term.elided and (spot.number == whole.number - 1 or (whole.number == 0 and spot.term.amount.exact))


def is_rest(term: Term) -> bool:
    """Whether a term says what is left of something."""
    return bool(term.tags & _REST) and not term.tags & _NO_PART


def _whole(others: Sequence[Spot], rest: Spot) -> Spot | None:
    """The whole among the amounts beside a rest: what is "of", a limit or capacity, else the first if nothing exceeds it."""
    if len(others) < 2:
        marked = [spot for spot in others if spot.term.whole]
        return marked[0] if len(marked) == 1 else None
    for chosen in ([spot for spot in others if spot.term.whole], [spot for spot in others if spot.term.tags & _WHOLE]):
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            return None
    first = others[0]
    larger = all(_size(first.term) > _size(spot.term) for spot in (*others[1:], rest))
    return first if larger and first.number < rest.number and "used" not in first.term.tags else None


def _size(term: Term) -> float:
    return term.amount.first.nominal


def _left(rest: Term, whole: Term, parts: Sequence[Term], source: Source, *, asserted: bool, strict: bool, forced: bool = True) -> Proposal:
    uses = [part.use for part in parts]
    expression: Expression = Compute("-", whole.use, total(list(uses))) if len(uses) > 1 else Compute("-", whole.use, uses[0])
    otherwise: list[Expression] = []
    if not strict:
        otherwise = [Compute("-", whole.use, use) for use in uses if len(uses) > 1]
        otherwise += [Compute("-", whole.use, total(list(uses[at:]))) for at in range(1, len(uses) - 1)]
    return Proposal(
        rest.use, Relation.EQUALS, expression, source, IN_SENTENCE if source is Source.STATEMENT else "list-sum",
        "what the whole leaves", forced=forced, asserted=asserted, otherwise=tuple(otherwise),
    )  # fmt: skip


def _within_whole(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`58.3 GB of the 52.0 GB pool`: a part is at most its whole."""
    for part, whole in pairwise(spots):
        if not whole.term.whole or whole.depth != part.depth or is_bare(whole.term) or is_bare(part.term):
            continue
        joined = between(statement, part, whole)
        if has_kind(joined, ItemKind.COMMA, ItemKind.COLON, ItemKind.STOP) or tags_of(joined) & {"change", "versus", "each", "per"}:
            continue
        roles = (part.term.tags | whole.term.tags) & {"change", "each", "before", "after"}
        alike = is_figure(part.term) and is_figure(whole.term) and above(part.term) == above(whole.term)
        if alike and per(part.term) == per(whole.term) and not roles:
            yield Proposal(
                part.term.use, Relation.AT_MOST, whole.term.use, Source.STATEMENT, FAMILY, "a part of the whole",
                asserted=statement.asserted,
            )  # fmt: skip


def _of_whole(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`Of the 12 boards, 9 …`, `Of the 1.2 s, 0.8 s …`: no part exceeds its whole."""
    if len(spots) < 2 or not spots[0].term.whole or statement.tags() & {"change", "versus", "each", "per"}:
        return
    whole, part = spots[0], spots[1]
    loose = part.term.elided and part.term.amount.exact and whole.term.amount.exact
    roles = part.term.tags & {"change", "each", "before", "total"}
    if not roles and whole.depth == part.depth and (loose or (same(part.term, whole.term) and not is_bare(part.term))):
        yield Proposal(
            part.term.use, Relation.AT_MOST, whole.term.use, Source.STATEMENT, FAMILY, "a part of the whole", asserted=statement.asserted
        )


def _of_which(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`385 ms, of which 73 ms …`: the part is at most what stands before it."""
    for whole, part in pairwise(spots):
        items = between(statement, whole, part)
        opens = max((at for at, item in enumerate(items) if "including" in item.tags), default=0)
        tags = tags_of(items[opens:])
        roles = (part.term.tags | whole.term.tags) & {"change", "each", "before", "after", "total"}
        if "including" not in tags or tags & _NO_JOIN or roles or whole.depth != part.depth or is_bare(whole.term):
            continue
        loose = part.term.elided and part.term.amount.exact and whole.term.amount.exact
        if loose or (same(part.term, whole.term) and not is_bare(part.term) and per(part.term) == per(whole.term)):
            yield Proposal(
                part.term.use, Relation.AT_MOST, whole.term.use, Source.STATEMENT, FAMILY, "a part of the whole",
                asserted=statement.asserted,
            )  # fmt: skip


# Records and columns


def _nested(group: Group) -> Iterator[Proposal]:
    """A line "of which …" of a record is at most the line above it that is none."""
    whole: Term | None = None
    for term, role in zip(group.terms, group.roles, strict=True):
        if "nested" not in term.tags:
            whole = term if role in (CellRole.VALUE, CellRole.TOTAL) and is_figure(term) else None
        elif whole is not None and "part_line" in term.tags and same(term, whole) and per(term) == per(whole):
            yield Proposal(
                term.use, Relation.AT_MOST, whole.use, Source.GRID, "list-sum", "a part of the line above", forced=group.sure,
                asserted=group.asserted,
            )  # fmt: skip


def _in_record(group: Group) -> Iterator[Proposal]:
    """`GPUs 64 | Used 48 | Free 16`, a list with capacity, used and free."""
    values = [term for term, role in zip(group.terms, group.roles, strict=True) if role in (CellRole.VALUE, CellRole.TOTAL)]
    rests = [term for term in values if is_rest(term) and is_figure(term)]
    for rest in rests:
        if any(other is not rest and _comparable(rest, other) for other in rests):
            continue
        found = whole_and_used(values, rest)
        if found is not None:
            whole, used = found
            yield _left(rest, whole, [used], Source.GRID, asserted=group.asserted, strict=True, forced=group.sure)


def whole_and_used(values: Sequence[Term], rest: Term | None) -> tuple[Term, Term] | None:
    """The one amount of a record that is used, and the one whole it is used of; None where there is no telling."""
    used = [term for term in values if "used" in term.tags and term is not rest and is_figure(term) and not term.tags & (_NO_PART | _WHOLE)]
    if len(used) != 1:
        return None
    alike = [term for term in values if term is not used[0] and term is not rest and not is_rest(term) and _comparable(term, used[0])]
    marked = [term for term in alike if term.tags & _WHOLE]
    wholes = marked or [term for term in alike if not term.tags & (_NO_PART | _REST)]
    if len(wholes) != 1 or _size(wholes[0]) <= _size(used[0]):
        return None
    if rest is not None and not _comparable(rest, used[0]):
        return None
    return wholes[0], used[0]


def _comparable(one: Term, two: Term) -> bool:
    """Whether two values of a record measure the same; a bare count under "Used" counts what its neighbour counts.

    A capacity need not say again per what it is.
    """
    if not (is_figure(one) and is_figure(two)):
        return False
    if one.amount.hard or two.amount.hard:
        silent = not per(one) and "capacity" in one.tags
        return above(one) == above(two) and (per(one) == per(two) or silent)
    exact = one.amount.exact and two.amount.exact and not (one.per or two.per)
    return exact and not (one.amount.first.dimensions and two.amount.first.dimensions and above(one) != above(two))
