"""Launches: the degrees that a command or a configuration sets are those of the one layout that the page plans.

The plan is a layout whose degrees fill the GPUs that the page states; a degree that two places of the page agree in counts as planned,
too. Whatever may be another run is left alone: a command set aside, one of several values, other GPUs, more than one degree that differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from stratlint.laws.layouts import counts_devices, layout_of, sizes_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.launches import Standing
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Statement, Term

FAMILY = "launch"
_AXES = frozenset({"tensor", "pipeline", "data", "context", "expert"})
_WHOLE = frozenset({Standing.PLAN, Standing.OPEN})
_MOST_PROGRAMS = 3
# A degree of so many places is one that the page stands by.
_ENOUGH = 2
_NODES = (("node", 1.0),)
_OF_A_NODE = (("device", 1.0), ("node", -1.0))
_DEVICES = (("device", 1.0),)
_COUNTS = frozenset({(), _DEVICES, (("rank", 1.0),)})
_LOOSE = frozenset({"limit", "floor", "least_words", "only", "change", "before", "after", "explained", "maximum", "minimum"})

Part = Statement | Group


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the page says of its degrees: its layouts, each with the GPUs that it fills, and what else it states of each axis.

    `told`: the degrees of sentences, lists and tables as the plan has them; `places`: how many places of the text give an axis a value.
    """

    layouts: Sequence[tuple[Mapping[str, Term], float]]
    told: Mapping[str, Sequence[Term]]
    places: Mapping[tuple[str, float], int]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The layout that a command should have, how many GPUs it fills, and what else the page states of each axis."""

    layout: Mapping[str, Term]
    gpus: float
    told: Mapping[str, Sequence[Term]]
    places: Mapping[tuple[str, float], int]


def proposals(page: Page) -> Iterator[Proposal]:
    """Degrees of commands and configurations, against those that the page plans."""
    programs = [group for group in page.groups if group.axis is Axis.RECORD and group.code and _degrees(group)]
    launches = [group for group in programs if group.standing in _WHOLE and group.asserted and group.present]
    if not launches or len(programs) > _MOST_PROGRAMS:
        return
    stated = _stated(page)
    coded = _by_axis(term for group in programs for term in _degrees(group))
    for group in launches:
        plan = _plan(stated, _started(group))
        if plan is None or not _of_these_ranks(group, plan):
            continue
        own = {axis: terms[0] for axis, terms in _by_axis(_degrees(group)).items() if len({_value(term) for term in coded[axis]}) == 1}
        planned = {axis: term for axis in own if (term := _planned(plan, axis)) is not None}
        differing = [axis for axis, term in planned.items() if _value(own[axis]) != _value(term)]
        if len(differing) > 1:
            continue
        for axis, term in planned.items():
            if axis not in differing:
                yield _proposal(own[axis], term, forced=True)
            elif _may_differ(axis, own, plan):
                yield _proposal(own[axis], term, forced=axis != "data" and group.standing is Standing.PLAN)


def _proposal(one: Term, other: Term, *, forced: bool) -> Proposal:
    return Proposal(one.use, Relation.EQUALS, other.use, Source.GRID, FAMILY, "a degree that is set, and the planned one", forced)


def _planned(plan: _Plan, axis: str) -> Term | None:
    """The one degree that the page plans of an axis; None where it has none, or several."""
    told, filling = plan.told.get(axis, ()), plan.layout.get(axis)
    if len({_value(term) for term in (*told, filling) if term is not None}) != 1:
        return None
    return filling or (told[0] if plan.places.get((axis, _value(told[0])), 0) >= _ENOUGH else None)


def _may_differ(axis: str, own: Mapping[str, Term], plan: _Plan) -> bool:
    """Whether a degree that differs is one of its axis: some engines call all ranks of a replica its tensor size."""
    value = _value(own[axis])
    if own[axis].tags & _LOOSE or (axis == "data" and _counts_otherwise(value, own, plan)):
        return False
    ranks = {plan.gpus, prod(_value(term) for term in plan.layout.values())}
    if axis == "tensor" and ("data" in own or "expert" in own or not plan.layout):
        ranks |= {_value(term) for name in ("data", "expert") if (term := own.get(name)) is not None}
    return value not in ranks or value == 0


def _counts_otherwise(value: float, own: Mapping[str, Term], plan: _Plan) -> bool:
    """Whether a command may count its copies otherwise: those of one replica, or with the context or expert ranks in them."""
    planned = _planned(plan, "data")
    if planned is None or value <= 1:
        return True
    ratio = max(value, _value(planned)) / min(value, _value(planned))
    further = (*own.items(), *plan.layout.items())
    return any(_value(term) == ratio for axis, term in further if axis in ("context", "expert"))


def _started(group: Group) -> float:
    """The ranks that a command starts, as far as it says: 0 where it does not."""
    nodes, each = _nodes_and_each(group)
    return _value(nodes[0]) * _value(each[0]) if len(nodes) == len(each) == 1 else 0.0


def _nodes_and_each(group: Group) -> tuple[Sequence[Term], Sequence[Term]]:
    """The nodes that a command starts, and the ranks on each of them."""
    nodes = [term for term in group.terms if term.dimensions == _NODES]
    return nodes, [term for term in group.terms if term.dimensions == _OF_A_NODE or (nodes and term.dimensions == _DEVICES)]


def _of_these_ranks(group: Group, plan: _Plan) -> bool:
    """Whether the ranks that a command starts are those of the plan, as far as it says."""
    nodes, each = _nodes_and_each(group)
    if not plan.gpus or len(nodes) != 1:
        return True
    if len(each) == 1:
        return _value(nodes[0]) * _value(each[0]) == plan.gpus
    return plan.gpus % _value(nodes[0]) == 0 if _value(nodes[0]) else False


def _stated(page: Page) -> _Stated:
    """What the page says of its layouts and degrees."""
    parts: list[Part] = [statement for statement in page.statements if not statement.code]
    parts += [group for group in page.groups if group.axis is Axis.RECORD and not group.code]
    sure = [part for part in parts if part.asserted and part.present]
    counts = {_value(term) for part in sure for term in part.terms if counts_devices(term)}
    celled = {term.place for term in page.named}
    in_text = [part for part in sure if not any(term.place in celled for term in part.terms)]
    layouts = [found for part in in_text if (found := _filled(part, counts)) is not None]
    layouts = layouts or [found for part in sure if (found := _filled(part, counts)) is not None]
    told = [term for part in in_text if not _is_option(part) for term in _degrees(part)]
    blocks = {
        (axis, _value(term), term.place.block) for part in parts for axis, terms in _by_axis(_degrees(part)).items() for term in terms
    }
    return _Stated(layouts, _by_axis(told), Counter((axis, value) for axis, value, _ in blocks))


def _plan(stated: _Stated, started: float) -> _Plan | None:
    """What the page plans for a command that starts so many ranks, 0 where it does not say; None where these are several layouts."""
    layout: dict[str, Term] = {}
    layouts = [each for each in stated.layouts if started in (0.0, each[1])] or stated.layouts
    for degrees, _ in layouts:
        if any(_value(layout.setdefault(axis, term)) != _value(term) for axis, term in degrees.items()):
            return None
    gpus = {size for _, size in layouts}
    if len(gpus) > 1:
        return None
    elsewhere = {term.place for degrees, size in stated.layouts if size not in gpus for term in degrees.values()}
    told = {axis: [term for term in terms if term.place not in elsewhere] for axis, terms in stated.told.items()}
    return _Plan(layout, next(iter(gpus), 0.0), told, stated.places)


def _is_option(part: Part) -> bool:
    """Whether it is one of several rows or columns of a table."""
    return isinstance(part, Group) and bool(part.holder)


def _filled(part: Part, counts: set[float]) -> tuple[Mapping[str, Term], float] | None:
    """The degrees of a layout that fills the GPUs stated with it, or elsewhere on the page; and how many these are."""
    if _is_option(part) or any(term.degree is not None and term.degree.qualifiers for term in part.terms):
        return None
    layout = layout_of(part.terms)
    if layout is None or not ({"tensor", "pipeline"} & layout.degrees.keys()):
        return None
    sizes = {size for size in sizes_of(layout) if size > 1}
    own = {_value(term) for term in part.terms if term.degree is None and term.amount.exact and term.dimensions in _COUNTS}
    for found in (own, counts if layout.data else set()):
        if fitting := sizes & found:
            return {axis: term for axis, term in layout.degrees.items() if axis in _AXES}, max(fitting)
    return None


def _degrees(part: Part) -> Sequence[Term]:
    """The degrees of the whole model that a part of the page states; "tensor 8" is one only beside another."""
    found = [term for term in part.terms if _is_degree(term)]
    several = len({term.degree.axis for term in found if term.degree is not None}) > 1
    return [term for term in found if term.degree is not None and (term.degree.named or (several and not term.noun))]


def _by_axis(terms: Iterable[Term]) -> Mapping[str, Sequence[Term]]:
    found: dict[str, list[Term]] = {}
    for term in terms:
        if term.degree is not None:
            found.setdefault(term.degree.axis, []).append(term)
    return found


def _is_degree(term: Term) -> bool:
    if term.degree is None or term.degree.axis not in _AXES:
        return False
    return not term.degree.qualifiers and term.amount.exact and not term.amount.bound and term.extent is None


def _value(term: Term) -> float:
    return term.amount.value
