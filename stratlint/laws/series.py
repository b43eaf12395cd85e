"""Columns, rows and lists with a total: what stands above it adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole, Layout
from stratlint.laws.comparable import per
from stratlint.laws.shares import is_share
from stratlint.laws.slips import digit_slip, misprinted, rest_of
from stratlint.laws.spots import above, is_bare, is_statistic
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, product, total
from stratlint.meaning.statement import Term

FAMILY = "list-sum"
_ACROSS = "row-sum"
_FEWEST = 2
_ALL = 100.0
_NEXT_BLOCK = 2
_SLACK = 1e-6
# No sum of more parts can be told in a line, or followed; each total is judged against all that stands above it, so these are bounded, too.
_MOST_PARTS = 400
_MOST_TOTALS = 100
# Roles of a total that is none: a bound, a statistic.
_NO_TOTAL = frozenset({"limit", "floor", "mean", "minimum", "capacity", "each", "worked", "ranked"})
# Roles under which a value stands beside the parts of a total, and those under which it may or may not be one.
_ASIDE = frozenset({"limit", "target", "capacity", "required"})
_UNSURE = frozenset({"floor", "before", "after", "mean", "minimum", "down", "each", "signed", "nested", "ranked"})
# Roles of a total that is more, or less, than that of what stands above it.
_OF_OTHERS = frozenset({"reworked", "overlapping"})
# So many rows may be the longest of a profile (the total then holds more than they do), or list a part beside its own parts.
_MANY = 6
_MORE_THAN_SHOWN, _NESTED = 1.05, 1.2
# Parts that are so many times less than their total are of another kind, whatever nobody says of their units.
_OTHER_SIZE = 1e5
_FAR_MORE = 1.5
# Lines of keys and values, which tell of more than one thing.
_RULED = frozenset({Layout.TABLE, Layout.HTML})
_LOOSE = frozenset({Layout.LINES, Layout.KEYS, Layout.TEXT})


def proposals(page: Page) -> Iterator[Proposal]:
    """The totals of the page's columns, rows and lists."""
    for group in page.groups:
        if group.axis is Axis.SERIES and CellRole.TOTAL in group.roles:
            yield from _totals(group)
    yield from _below_lists(page.groups)


def _below_lists(groups: Sequence[Group]) -> Iterator[Proposal]:
    """A total that stands in a line of its own behind the list of its parts."""
    lists: dict[int, list[Group]] = {}
    for group in groups:
        if group.axis is Axis.SERIES:
            lists.setdefault(group.grid, []).append(group)
    for group in groups:
        before = lists.get(group.grid - 1, [])
        if group.axis is not Axis.RECORD or group.grid in lists or group.roles[:1] != (CellRole.TOTAL,) or len(before) != 1:
            continue
        series, whole = before[0], group.terms[0]
        near = series.section == group.section and whole.place.block - series.terms[-1].place.block <= _NEXT_BLOCK
        if near and "sum" in whole.tags and not series.gaps and set(series.roles) == {CellRole.VALUE} and series.asserted:
            yield from _sum(group, whole, series.terms, [])


def _totals(group: Group) -> Iterator[Proposal]:
    """Each total with what it may be the sum of: the values since the last one, all values above, the totals above."""
    values: list[Term] = []
    run: list[Term] = []
    totals: list[Term] = []
    for at, (term, role) in enumerate(zip(group.terms, group.roles, strict=True)):
        if role is CellRole.VALUE:
            values.append(term)
            run.append(term)
        elif role is CellRole.TOTAL:
            if len(totals) >= _MOST_TOTALS or len(values) > _MOST_PARTS:
                return
            yield from _within(group, term, run)
            if not any(gap <= at for gap in group.gaps):
                yield from _sum(group, term, run, [values, totals, [*totals, *run]])
            totals.append(term)
            run = []


def _within(group: Group, whole: Term, run: Sequence[Term]) -> Iterator[Proposal]:
    """No part of what is nothing but the total exceeds it; a heading may say once for all per what the figures are."""
    if "sum" not in whole.tags or whole.tags & (_NO_TOTAL | _OF_OTHERS) or not whole.amount.hard or whole.amount.bound or not group.scope:
        return
    if is_statistic(whole, run, plain=_plain(whole, run)):
        return
    scope = tuple((name, -power) for name, power in group.scope)
    for term in run[1:]:  # what stands first may be the capacity
        alike = above(term) == above(whole) and per(whole) in ((), scope) and per(term) in ((), scope)
        exceeds = alike and term.amount.first.nominal > whole.amount.first.nominal
        if exceeds and not term.tags & (_ASIDE | _UNSURE) and not term.amount.bound and not term.amount.ranged:
            yield Proposal(
                term.use, Relation.AT_MOST, whole.use, Source.GRID, FAMILY, "a part of the total", forced=group.sure,
                asserted=group.asserted,
            )  # fmt: skip


def _sum(group: Group, whole: Term, run: Sequence[Term], others: Sequence[Sequence[Term]]) -> Iterator[Proposal]:
    candidates = [parts for terms in (run, *others) if (parts := _parts(whole, terms)) is not None and len(parts) >= _FEWEST]
    if not candidates or len(run) > _MOST_PARTS or (run and _parts(whole, run) is None):
        return
    subtotals = _subtotals(candidates[0])
    if subtotals:
        candidates.insert(0, [part for part in candidates[0] if part not in subtotals])
    chosen = candidates[0]
    largest = max(part.amount.first.interval.low for part in chosen)
    if whole.amount.first.interval.high <= largest or is_statistic(whole, chosen, plain=_plain(whole, chosen)):
        return  # a mean, a maximum, the figure of another scope
    if not _plain(whole, chosen) and _OTHER_SIZE * sum(part.amount.first.nominal for part in chosen) < whole.amount.first.nominal:
        return  # widths above the parameters that they make
    if "reworked" in whole.tags:
        yield from _with_allowance(group, whole, chosen)
        return
    if whole.amount.percent and any(part.amount.value >= _ALL for part in chosen):
        return  # each is done, and so are all
    expression = total([part.use for part in chosen])
    otherwise: list[Expression] = [total([part.use for part in parts]) for parts in candidates[1:] if parts != chosen]
    used = [part for part in chosen if "free" not in part.tags]
    if used and len(used) < len(chosen):
        otherwise.append(total([part.use for part in used]))  # what is left may be no part of it
    if _plain(whole, run):
        otherwise.append(product([part.use for part in chosen], []))  # degrees, a shape
    # "Total (max)" may leave out what is not there at the same time.
    # A named total in another unit than all of its parts ("seconds" under "ms") was not made from them, it may hold more.
    foreign = "sum" not in whole.tags and whole.label and all(part.amount.unit_text != whole.amount.unit_text for part in chosen)
    foreign = foreign or ("sum" not in whole.tags and group.layout in _LOOSE and _holds_more(whole, chosen))
    across = len({part.place.line for part in (*chosen, whole)}) == 1 and group.layout in _RULED
    family = _ACROSS if across else FAMILY
    at_most = "maximum" in whole.tags or any("overlapping" in term.tags for term in (whole, *chosen))
    relation = Relation.AT_MOST if at_most else Relation.AT_LEAST if foreign or group.excerpt else Relation.EQUALS
    # A table sets its parts apart from how they were made; one of them may still be made of another, and count once.
    chained = _chained(chosen) and (group.layout is not Layout.TABLE or _fits_without_one(whole, chosen))
    # What is nothing but the total adds up its column, whatever the headings are taken for.
    sure = group.sure or (group.layout in _RULED and not across and "qualified" not in whole.tags)
    some = _in_part(whole, chosen) and not (group.layout in _RULED and digit_slip(whole, chosen))
    forced = sure and not (some or chained or _all_but_one(whole, chosen))
    slipped = misprinted(whole, chosen) if relation is Relation.EQUALS and all(parts == chosen for parts in candidates) else None
    if slipped is not None:
        why = "what the total leaves for it"
        yield Proposal(
            slipped.use, relation, rest_of(whole, chosen, slipped), Source.GRID, family, why, forced=forced, asserted=group.asserted,
        )  # fmt: skip
        return
    yield Proposal(
        whole.use, relation, expression, Source.GRID, family, "parts of the total", forced=forced,
        asserted=group.asserted, otherwise=tuple(otherwise),
    )  # fmt: skip


def _with_allowance(group: Group, whole: Term, parts: Sequence[Term]) -> Iterator[Proposal]:
    """`Total with 10 % reserve`: the sum of the parts, and that share of it, or of the total, more or less."""
    said = [term for term in group.allowances if term.place.line == whole.place.line and is_share(term)]
    if len(said) != 1 or any(term.tags & _OF_OTHERS for term in parts) or "overlapping" in whole.tags:
        return
    expression, one = total([part.use for part in parts]), Use(constant(1.0))
    more, less = Compute("+", one, said[0].use), Compute("-", one, said[0].use)
    readings: list[Expression] = [Compute(operator, expression, factor) for operator in ("×", "/") for factor in (more, less)]
    yield Proposal(
        whole.use, Relation.EQUALS, readings[0], Source.GRID, FAMILY, "parts of the total, and what its label adds", forced=False,
        asserted=group.asserted, otherwise=(*readings[1:], expression),
    )  # fmt: skip


def _holds_more(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether a total is so much more than its parts that the list need not name all of them."""
    return whole.amount.first.nominal > _FAR_MORE * sum(part.amount.first.nominal for part in parts)


def _subtotals(parts: Sequence[Term]) -> list[Term]:
    """Those of *parts* that are the sum of two or more right above them: `1.21, 0.54, 0.13, weights 1.88, cache 8.59`."""
    found: list[Term] = []
    start = 0
    for at, part in enumerate(parts):
        for begin in range(start, at - 1):
            above_it = parts[begin:at]
            gap = abs(sum(each.amount.first.nominal for each in above_it) - part.amount.first.nominal)
            steps = [0.0 if each.amount.exact else each.amount.step * each.amount.first.factor for each in (*above_it, part)]
            if gap <= sum(steps) / 2 + _SLACK * gap and part.amount.digits.middle and len(parts) > at - begin + 1:
                found.append(part)
                start = at + 1
                break
    return found


def _all_but_one(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether a total of some of what is listed ("Total in use") leaves out just one of the parts."""
    return "qualified" in whole.tags and _fits_without_one(whole, parts)


def _fits_without_one(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether a total is that of all parts but one."""
    plain = _plain(whole, parts)
    sizes = [part.amount.value if plain else part.amount.first.nominal for part in parts]
    stated = whole.amount.digits if plain else whole.amount.first.interval
    return any(stated.low <= sum(sizes) - size <= stated.high for size in sizes)


def _in_part(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether rows may be some of many, or hold one another: there are many, and their sum is off by more than a slip of digits."""
    summed = sum(part.amount.value for part in parts) if _plain(whole, parts) else sum(part.amount.first.nominal for part in parts)
    stated = whole.amount.value if _plain(whole, parts) else whole.amount.first.nominal
    return len(parts) >= _MANY and (stated > _MORE_THAN_SHOWN * summed or summed > _NESTED * stated)


def _parts(whole: Term, terms: Sequence[Term]) -> list[Term] | None:
    """Those of *terms* that make up *whole*; None where it cannot be told of one of them whether it does."""
    if whole.amount.bound or whole.tags & (_NO_TOTAL | {"signed", "nested"}) or ("target" in whole.tags and "required" not in whole.tags):
        return None
    lent = _plain(whole, terms)
    counted = {name for name, _ in above(whole)}
    parts: list[Term] = []
    for term in terms:
        akin = lent or _same_kind(whole, term)
        if not akin and not term.amount.hard and counted & {name for name, _ in term.dimensions}:
            return None  # "Operations: 2,304" and "Send/receive operations: 1"
        if not akin or term.tags & _ASIDE:
            continue
        if term.amount.bound or term.tags & _UNSURE or (not lent and per(term) not in ((), per(whole))):
            return None
        if term.name and term.name == whole.name and term.label and "total" in term.tags:
            return None  # the total of another run
        parts.append(term)
    if not lent and len({per(part) for part in parts}) > 1:
        return None
    return parts


def _chained(parts: Sequence[Term]) -> bool:
    """Whether the parts are mostly results of computations, of which one may be made of another."""
    return 2 * sum("worked" in part.tags for part in parts) > len(parts)


def _plain(whole: Term, terms: Sequence[Term]) -> bool:
    """Whether the numbers before a total that is nothing but that have no unit of their own: `2.73 | 15.40 | 8.00 | 26.13 GB`."""
    if "sum" not in whole.tags or whole.amount.percent or whole.amount.multiple:
        return False
    parts = [term for term in terms if not term.tags & _ASIDE]
    if not (whole.amount.hard or is_bare(whole)) or len({term.name for term in parts}) < len(parts):
        return False  # three times the same label is three things that have it, not three parts of one
    whole_numbers = not whole.amount.exact or all(term.amount.exact for term in parts)
    alike = whole_numbers and len({term.amount.magnitude for term in (whole, *parts)}) == 1
    return alike and all(term.label and not term.per and _has_no_unit(term) for term in parts) and whole.degree is None


def _has_no_unit(term: Term) -> bool:
    amount = term.amount
    own = amount.first.dimensions or amount.percent or amount.multiple or term.degree is not None
    return not own and "bare" not in term.tags


def _same_kind(whole: Term, term: Term) -> bool:
    if whole.amount.percent:
        return term.amount.percent and whole.amount.value == _ALL
    one, two = whole.amount, term.amount
    if per(whole) and not above(whole) and not (one.percent or one.multiple):
        return per(term) == per(whole) and not two.hard  # "Total per layer": of what the others are per layer
    return not (two.percent or one.multiple or two.multiple or is_bare(whole)) and above(whole) == above(term)
