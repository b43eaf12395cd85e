"""Parallel layouts: the degrees, the ranks they make, and the GPUs there are.

The ranks of a layout are the product of its degrees. Which degrees are factors depends on the framework: expert parallelism reuses the
ranks of the others (Megatron-LM, DeepSpeed), is an axis of its own (maxtext), or takes the place of data parallelism (serving);
sequence parallelism reuses the tensor ranks or is an axis; FSDP is the data axis or one beside it. Every convention is admitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from stratlint.laws.spots import results_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, product
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_FAMILY = "layout"
_DEVICES = (("device", 1.0),)
_RANKS = (("rank", 1.0),)
_NODES = (("node", 1.0),)
_OF_A_NODE = (("device", 1.0), ("node", -1.0))
_OF_A_REPLICA = frozenset({(("device", 1.0), ("replica", -1.0)), (("copy", -1.0), ("device", 1.0))})
# Roles with which a count is not the number of GPUs that a layout fills.
_OTHER = frozenset(
    {"change", "down", "least_words", "before", "each", "only", "mean", "maximum", "minimum", "limit", "per", "part", "again"}
)
# Records of such things state what one of them holds.
_PARTS = frozenset({"node", "device", "rank", "stage", "replica"})
# Axes that multiply under every convention.
_FACTORS = ("tensor", "pipeline", "context")
_MAIN = frozenset({"tensor", "pipeline", "context", "data", "shard", "replicate", "expert", "sequence"})
_COMPLETE = frozenset({"tensor", "pipeline"})
# So many layouts of a table fill the same GPUs, before another one is wrong.
_FEWEST_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The degrees of one configuration by axis."""

    degrees: Mapping[str, Term]

    @property
    def data(self) -> tuple[tuple[str, ...], ...]:
        """The axes that make up the data-parallel ranks, under every convention; () where the page leaves them open."""
        has = self.degrees
        if "data" in has:
            beside = tuple(axis for axis in ("replicate", "shard") if axis in has)
            return (("data",), ("data", *beside), beside) if beside else (("data",),)
        if "shard" in has:
            if "replicate" in has:
                return (("replicate", "shard"),)
            return (("shard",),) if has["shard"].amount.value > 1 else ()  # one may be a switch
        return ()

    def factors(self, *groups: Sequence[str]) -> tuple[Term, ...]:
        """The terms of *groups* of axes that the page states."""
        return tuple(self.degrees[axis] for group in groups for axis in group if axis in self.degrees)


def proposals(page: Page) -> Iterator[Proposal]:
    """The GPUs that the page's layouts need, against those it states; the data axis of hybrid sharding."""
    seen: set[tuple[int, int]] = set()
    for local in (_of_groups(page), _of_statements(page), _of_page(page), _of_options(page)):
        for proposal in local:
            place = proposal.claim.place
            key = (place.block, place.start) if place is not None else (-1, -1)
            if key not in seen:
                seen.add(key)
                yield proposal


def _of_groups(page: Page) -> Iterator[Proposal]:
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present and group.kind not in _PARTS:
            layout = layout_of(group.terms)
            if layout is not None:
                yield from _judged(layout, group.terms, Source.GRID, spare=False)


def _of_statements(page: Page) -> Iterator[Proposal]:
    for statement in page.statements:
        if not statement.asserted:
            continue
        for terms in _segments(statement):
            layout = layout_of(terms)
            if layout is not None:
                spare = "free" in statement.tags()
                factors = _multiplied(statement.items)
                alone = [term for term in terms if not _is_one_degree(term, layout) and term.place not in factors]
                yield from _judged(layout, alone, Source.STATEMENT, spare=spare)


def _multiplied(items: Sequence[Item]) -> frozenset[Place]:
    """The numbers of GPUs that are factors of one: the 8 of "2 nodes × 8 GPUs = 16 GPUs"."""
    counts = [(at, item.term) for at, item in enumerate(items) if item.term is not None and counts_devices(item.term)]
    if not any(at and "equals" in items[at - 1].tags for at, _ in counts):
        return frozenset()
    signed = [(any(each.kind is ItemKind.SIGN for each in items[max(0, at - 1) : at + 2]), term) for at, term in counts]
    return frozenset(term.place for beside, term in signed if beside)


def _segments(statement: Statement) -> Iterator[Sequence[Term]]:
    """The terms of a statement, or of its parts between semicolons where the whole has several layouts."""
    if _by_axis(statement.terms) is not None:
        yield statement.terms
        return
    part: list[Item] = []
    for item in (*statement.items, Item(ItemKind.STOP)):
        if item.kind is ItemKind.STOP or "semicolon" in item.tags:
            yield [each.term for each in part if each.term is not None]
            part = []
        else:
            part.append(item)


def _is_one_degree(term: Term, layout: Layout) -> bool:
    """`TP=8 on the 8 GPUs of a node`: a number of GPUs that is one degree speaks of that axis."""
    return counts_devices(term) and any(term.amount.value == degree.amount.value for degree in layout.degrees.values())


def layout_of(terms: Iterable[Term]) -> Layout | None:
    """The layout that *terms* state: two degrees or more, each with one value, one of them by its own name; None else."""
    degrees = _by_axis(terms)
    if degrees is None or len(_MAIN & set(degrees)) < 2:
        return None
    found = [term.degree for term in degrees.values() if term.degree is not None]
    if len({degree.qualifiers for degree in found}) != 1 or not any(degree.named for degree in found):
        alone = {degree.axis for degree in found}
        if not (alone >= _COMPLETE and len({degree.qualifiers for degree in found}) == 1):
            return None
    if "model" in degrees and not set(degrees) & {"tensor", "pipeline"}:
        return None
    return Layout(degrees)


def _by_axis(terms: Iterable[Term]) -> dict[str, Term] | None:
    """Terms by the axis whose degree they are; None where an axis has two values."""
    degrees: dict[str, Term] = {}
    for term in terms:
        if term.degree is None or term.degree.axis == "world" or term.extent is not None:
            continue
        if not term.amount.exact or term.amount.bound or term.tags & {"least_words", "only", "limit", "floor", "change"}:
            return None
        known = degrees.setdefault(term.degree.axis, term)
        if known.amount.value != term.amount.value:
            return None
    return degrees


def _judged(layout: Layout, terms: Sequence[Term], source: Source, *, spare: bool, forced: bool = True) -> Iterator[Proposal]:
    """What a layout says of the GPUs, nodes and replicas among *terms*."""
    yield from _hybrid(layout, source)
    for term in terms:
        if term.dimensions in _OF_A_REPLICA and _countable(term) and set(layout.degrees) >= _COMPLETE:
            yield _equal(layout, term, ((),), source, "GPUs of one replica", forced=forced)
    gpus = _gpus(terms, source)
    if gpus is not None:
        yield from _filled(layout, gpus, source, spare=spare, forced=forced)
        return
    nodes, each = _single(terms, _NODES), _single(terms, _OF_A_NODE)
    if nodes is not None and each is not None and layout.data and set(layout.degrees) >= _COMPLETE:
        ranks, others = _ranks(layout, layout.data)
        yield Proposal(
            nodes.use, Relation.EQUALS, Compute("/", ranks, each.use), source, _FAMILY, "nodes that hold the ranks of the layout",
            forced=forced, otherwise=tuple(Compute("/", other, each.use) for other in others),
        )  # fmt: skip


def _filled(layout: Layout, gpus: Term, source: Source, *, spare: bool, forced: bool) -> Iterator[Proposal]:
    whole = layout.data and set(layout.degrees) >= _COMPLETE
    spare = spare or "held" in gpus.tags
    if whole and not spare:
        yield _equal(layout, gpus, layout.data, source, "GPUs are the product of the degrees", forced=forced)
        return
    ranks, others = _ranks(layout, layout.data or ((),))
    stated = [term.amount.value for term in _base(layout, (layout.data or ((),))[0])]
    if spare or gpus.amount.value < prod(stated):
        if layout.data and not whole and (source is Source.GRID or not forced):
            return  # a table may give the GPUs of one node beside degrees that span several
        yield Proposal(gpus.use, Relation.AT_LEAST, ranks, source, _FAMILY, "GPUs hold the ranks of the layout", forced, True, others)
    elif len(stated) > 1:
        why = "GPUs are a multiple of the degrees' product"
        yield Proposal(gpus.use, Relation.DIVIDES, ranks, source, _FAMILY, why, forced, True, others)
    if {"expert", "pipeline"} <= set(layout.degrees):
        experts = layout.factors(("expert", "pipeline"))
        yield Proposal(gpus.use, Relation.AT_LEAST, product([term.use for term in experts], []), source, _FAMILY,
                       "every stage holds a whole group of expert ranks", forced)  # fmt: skip


def _equal(layout: Layout, term: Term, data: Sequence[Sequence[str]], source: Source, why: str, *, forced: bool) -> Proposal:
    ranks, others = _ranks(layout, data)
    return Proposal(term.use, Relation.EQUALS, ranks, source, _FAMILY, why, forced, True, others)


def _base(layout: Layout, data: Sequence[str]) -> tuple[Term, ...]:
    return layout.factors(_FACTORS, data)


def _ranks(layout: Layout, data: Sequence[Sequence[str]]) -> tuple[Expression, tuple[Expression, ...]]:
    """The ranks of a layout under the plainest convention, and under the others."""
    expressions = [product([term.use for term in choice], []) for choice in _choices(layout, data)]
    return expressions[0], tuple(expressions[1:])


def sizes_of(layout: Layout) -> frozenset[float]:
    """How many ranks a layout may have, the degrees it leaves open being one."""
    return frozenset(prod(term.amount.value for term in choice) for choice in _choices(layout, layout.data or ((),)))


def _choices(layout: Layout, data: Sequence[Sequence[str]]) -> Sequence[tuple[Term, ...]]:
    """The degrees that multiply, under each convention."""
    has = layout.degrees
    choices: list[tuple[Term, ...]] = [_base(layout, each) for each in data]
    if "sequence" in has:
        choices += [(*choice, has["sequence"]) for choice in list(choices)]
    if "expert" in has:
        choices += [(*choice, has["expert"]) for choice in list(choices)]
        choices.append(layout.factors(("expert", "expert tensor", "expert data", "pipeline")))
        if "data" in has and "tensor" in has and has["tensor"].amount.value % has["data"].amount.value == 0:
            choices.append(layout.factors(("tensor", "pipeline")))  # attention replicas within the tensor group
    return list(dict.fromkeys(choice for choice in choices if choice))


def _hybrid(layout: Layout, source: Source) -> Iterator[Proposal]:
    """Replicas of shards are the data-parallel ranks."""
    has = layout.degrees
    if {"data", "shard", "replicate"} <= set(has):
        parts = [has["shard"].use, has["replicate"].use]
        yield Proposal(has["data"].use, Relation.EQUALS, product(parts, []), source, _FAMILY, "shards × replicas", False, True,
                       (has["replicate"].use,))  # fmt: skip


def _countable(term: Term) -> bool:
    amount = term.amount
    return amount.exact and not amount.ranged and not amount.bound and amount.value >= 1 and not term.tags & _OTHER and not term.unknown


def counts_devices(term: Term) -> bool:
    """Whether it counts GPUs or ranks, of nothing smaller than the whole."""
    if term.degree is not None:
        return term.degree.axis == "world" and not term.degree.qualifiers and term.amount.exact
    return term.dimensions in (_DEVICES, _RANKS) and _countable(term) and term.extent is None


def _gpus(terms: Sequence[Term], source: Source) -> Term | None:
    """The GPUs that a layout fills: the one count there is, the part of "48 of the 64 GPUs"."""
    found = [term for term in terms if counts_devices(term) and "free" not in term.tags]
    parts = [term for term in terms if "part" in term.tags and counts_devices(replace(term, tags=term.tags - {"part"}))]
    if parts:
        found = parts if source is Source.STATEMENT else []
    world = [term for term in found if term.degree is not None]
    chosen = world or found
    return chosen[0] if len({term.amount.value for term in chosen}) == 1 else None


def _single(terms: Sequence[Term], dimensions: tuple[tuple[str, float], ...]) -> Term | None:
    found = [term for term in terms if term.dimensions == dimensions and _countable(term) and term.degree is None]
    return found[0] if len({term.amount.value for term in found}) == 1 else None


def _of_page(page: Page) -> Iterator[Proposal]:
    """One layout and one number of GPUs on the whole page, or in one of its scenarios."""
    scenarios: dict[tuple[str, ...], list[Statement | Group]] = {}
    every: tuple[Statement | Group, ...] = (*(group for group in page.groups if group.kind not in _PARTS), *page.statements)
    for part in every:
        if part.asserted and part.present:
            scenarios.setdefault(part.scenario, []).append(part)
    for parts in scenarios.values():
        terms = _stated(parts)
        counts = [term for term in terms if counts_devices(term)]
        if len({term.amount.value for term in counts}) != 1 or any(term.around or term.whole for term in counts):
            continue
        gpus = next((term for term in counts if term.label), counts[0])
        spares = any(term.dimensions == _NODES and "least_words" in term.tags for part in parts for term in part.terms)
        if gpus.place not in _computed(parts) and not spares:
            yield from _cluster(terms, gpus)
        layout = layout_of(terms)
        if layout is not None and not any(term.degree is not None and term.degree.qualifiers for term in terms):
            yield from _judged(layout, [gpus], Source.STATEMENT, spare=not layout.data, forced=False)


def _computed(parts: Iterable[Statement | Group]) -> frozenset[Place]:
    """The amounts whose sentence says of which nodes they are: "billed: 66 nodes × 8 = 528 GPUs", "4 nodes (32 GPUs) stand by"."""
    sentences = [part for part in parts if isinstance(part, Statement)]
    results = {term.place for part in sentences for at in results_of(part.items) if (term := part.items[at].term) is not None}
    of_nodes = {term.place for part in sentences if any(term.dimensions == _NODES for term in part.terms) for term in part.terms}
    return frozenset(results | of_nodes)


def _of_options(page: Page) -> Iterator[Proposal]:
    """A table of layouts that all fill one number of GPUs, which only the page around it states: the one row that does not."""
    every: tuple[Statement | Group, ...] = (*page.groups, *page.statements)
    terms = (term for part in every for term in part.terms if term.degree is None)
    counts = {term.amount.value: term for term in terms if counts_devices(replace(term, tags=term.tags - {"again"}))}
    grids: dict[int, list[Layout]] = {}
    for group in page.groups:
        if group.axis is Axis.RECORD and group.kind not in _PARTS and not any(map(counts_devices, group.terms)):
            layout = layout_of(group.terms)
            if layout is not None and set(layout.degrees) == _COMPLETE | {"data"}:
                grids.setdefault(group.grid, []).append(layout)
    for layouts in grids.values():
        sizes = Counter(prod(term.amount.value for term in layout.degrees.values()) for layout in layouts)
        (size, rows), *_ = sizes.most_common(1)
        if len(sizes) == 2 and rows == len(layouts) - 1 >= _FEWEST_OPTIONS and size in counts:
            odd = next(each for each in layouts if prod(term.amount.value for term in each.degrees.values()) != size)
            expression = product([counts[size].use], [term.use for axis, term in odd.degrees.items() if axis != "data"])
            yield Proposal(odd.degrees["data"].use, Relation.EQUALS, expression, Source.GRID, _FAMILY, "the other layouts fill all GPUs")


def _cluster(terms: Sequence[Term], gpus: Term) -> Iterator[Proposal]:
    """`--nnodes 4 --nproc-per-node 8`, and elsewhere the ranks that they start."""
    nodes, each = _single(terms, _NODES), _single(terms, _OF_A_NODE)
    if nodes is not None and each is not None and not nodes.around and not each.around:
        ranks = product([nodes.use, each.use], [])
        relation = Relation.AT_MOST if gpus.label else Relation.EQUALS  # a label leaves open whether nodes stay free
        yield Proposal(gpus.use, relation, ranks, Source.STATEMENT, _FAMILY, "GPUs of all nodes", forced=False)


def _stated(parts: Sequence[Statement | Group]) -> list[Term]:
    """The terms of *parts*, each place once."""
    found: dict[tuple[int, int], Term] = {}
    for part in parts:
        for term in part.terms:
            found.setdefault((term.place.block, term.place.start), term)
    return list(found.values())
