"""What one rank holds of a model: experts, query heads, KV heads and layers against the number there are and the degree of their axis.

"32 routed experts per GPU" with EP=16 and 256 experts; "KV heads: 2 per GPU" with TP=8 and 8 of them. The number there are is the one that
the page states, or the published one of its model; the degree stands beside the share, or is the only one of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from stratlint.claims.amount import constant
from stratlint.claims.interval import exactly
from stratlint.document.grid import CellRole
from stratlint.laws.spots import results_of, spots_of
from stratlint.laws.spread import PLACES, countable, eaches_of, is_share, one
from stratlint.meaning.axes import Degree
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.placing import Placing
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Statement, Term

FAMILY = "spread"
_LATENT = "latent width"


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is spread over which axis: its noun, the other words of its name, and its published field."""

    noun: str
    words: frozenset[str]
    axis: str
    field: str
    said: str


_THINGS = (
    _Thing("expert", frozenset(), "expert", "experts", "experts over the ranks of expert parallelism"),
    _Thing("head", frozenset({"kv"}), "tensor", "KV heads", "KV heads over tensor-parallel ranks"),
    _Thing("head", frozenset(), "tensor", "heads", "query heads over tensor-parallel ranks"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """Terms that stand together; `near`: the noun of the place for which a term stands ("each GPU"); `results`: those that are computed."""

    terms: Sequence[Term]
    section: int
    source: Source
    near: Mapping[int, str]
    results: frozenset[int] = frozenset()


def proposals(page: Page) -> Iterator[Proposal]:
    """What the shares of the page have to be."""
    parts = list(_parts(page))
    several = len({part.scenario for part in page.groups if part.axis is Axis.RECORD and part.holder}) > 1
    done: set[Place] = set()
    for thing in _THINGS:
        wholes = _whole(thing, parts, page.placing)
        if not wholes or thing.noun in page.placing.copied or (thing.noun == "head" and not _splits(page.placing)):
            continue
        worked = {share.amount.value for part in _with_results(page) for share in _shares(thing, part) if _is_worked(share, part)}
        for part in parts:
            for share in _shares(thing, part):
                # What the page computes somewhere is judged by its own computation, which may count all layers or divide by more.
                if share.amount.value in worked:
                    continue
                if share.place in done or share.amount.value >= wholes[0].amount.value:
                    continue
                degree, sure = _degree(thing.axis, part, parts, page)
                if degree is None or degree.amount.value < 2 or (several and not sure):
                    continue
                done.add(share.place)
                # A sentence may name one layout and tell the share of another: "EP=64 in place of 16 experts per GPU".
                others = _degrees(thing.axis, page) if part.source is Source.STATEMENT else ()
                yield _placed(thing, share, wholes, (degree, *others), parts, part.source)
    yield from _grouped(page, parts)


def _is_worked(term: Term, part: _Part) -> bool:
    """Whether an amount is the result of a computation."""
    return "worked" in term.tags or id(term) in part.results


def _splits(placing: Placing) -> bool:
    """Whether attention is that of one model, is split over all ranks, and has heads that can be."""
    return not placing.heads_apart and _LATENT not in placing.fields


def _parts(page: Page) -> Iterator[_Part]:
    for statement in page.statements:
        if statement.asserted and statement.present and not statement.code:
            results = results_of(statement.items)
            stated = [spot.term for spot in spots_of(statement) if spot.at not in results]
            yield _Part(stated, statement.section, Source.STATEMENT, eaches_of(statement))
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present:
            values = [term for term, role in zip(group.terms, group.roles, strict=True) if role is CellRole.VALUE]
            yield _Part(values, group.section, Source.GRID, {})


def _called(term: Term, thing: _Thing) -> bool:
    """Whether a term is called what is spread, and nothing more: no shared, active or redundant ones."""
    known = lexicon()
    named = (term.key or term.name) - known.spread_plain
    return named == {thing.noun} | thing.words and not (term.unknown | term.around) & known.spread_apart


def _shares(thing: _Thing, part: _Part) -> Iterator[Term]:
    for term in part.terms:
        bare = replace(term, key=term.key - thing.words, name=term.name - thing.words)
        if (
            not term.elided
            and countable(term)
            and _called(term, thing)
            and is_share(bare, thing.noun, PLACES[thing.axis], named=part.near.get(id(term), ""))
        ):
            yield term


def _whole(thing: _Thing, parts: Sequence[_Part], placing: Placing) -> Sequence[Use]:
    """How many there are: the one number that the page states, or the published one of its model; where they differ, the page may be about
    another model than it names, and either will do. () for none, and for several."""
    stated = [
        term
        for part in parts
        for term in part.terms
        if countable(term)
        and "worked" not in term.tags
        and term.dimensions in (((thing.noun, 1.0),), ((thing.noun, 1.0), ("layer", -1.0)))
        and "each" not in term.tags
        and id(term) not in part.near
        and _called(term, thing)
        and term.degree is None
    ]
    found, figure = one(stated), placing.figure(thing.field)
    own = (found.use,) if found is not None else ()
    if figure is None or (stated and (found is None or figure.is_amount(found.amount))):
        return own
    return (*own, Use(figure.as_amount(constant(1.0)), None, f"published {figure.field} of {figure.name}"))


def _degree(axis: str, part: _Part, parts: Sequence[_Part], page: Page) -> tuple[Term | None, bool]:
    """The degree of an axis that holds for a part, and whether it stands there: its own, or the only one of the page."""
    own = [term for term in part.terms if term.degree is not None and term.degree.axis == axis]
    if own:
        return (None if any(_other(term.degree) for term in own) else one(own)), True
    of_page = _degrees(axis, page)
    return (None if any(_other(term.degree) for term in of_page) else one(of_page)), False


def _degrees(axis: str, page: Page) -> Sequence[Term]:
    """Every degree of an axis on the page."""
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    every = [term for each in parts for term in each.terms]
    return [term for term in (*every, *page.named) if term.degree is not None and term.degree.axis == axis]


def _other(degree: Degree | None) -> bool:
    return degree is not None and bool(degree.qualifiers)


def _placed(thing: _Thing, share: Term, wholes: Sequence[Use], degrees: Sequence[Term], parts: Sequence[_Part], source: Source) -> Proposal:
    by_value = {degree.amount.value: degree for degree in reversed(degrees) if degree.amount.value}
    first = degrees[0].amount.value
    order = (first, *(value for value in by_value if value != first))
    otherwise: list[Expression] = []
    for whole, value in product(wholes, order):
        each = Compute("/", whole, by_value[value].use)
        otherwise += [each, *_further(thing, each, parts), *_rounded(whole.amount.value / value)]
    return Proposal(_exact(share.use), Relation.EQUALS, otherwise[0], source, FAMILY, thing.said, otherwise=tuple(otherwise[1:]))


def _rounded(value: float) -> Iterator[Expression]:
    """What does not divide: some have one more than others; what is less than one is kept by several."""
    if not value.is_integer():
        for near in {max(1.0, float(math.floor(value))), float(math.ceil(value))}:
            yield Use(constant(near))


def _further(thing: _Thing, each: Compute, parts: Sequence[_Part]) -> Iterator[Expression]:
    """Readings by which a share is more or less: shared experts, too, or the experts of all layers; heads over context-parallel ranks."""
    every = [term for part in parts for term in part.terms]
    if thing.noun == "expert":
        shared = [term for term in every if "shared" in term.name | term.unknown and term.noun == "expert" and countable(term)]
        yield from (Compute("+", each, use) for use in (Use(constant(1.0)), *(term.use for term in shared)))
        layers = [term for term in every if term.dimensions == (("layer", 1.0),) and countable(term)]
        tensor = [term for term in every if term.degree is not None and term.degree.axis == "tensor"]
        for over_all in (Compute("×", each, term.use) for term in layers):
            yield from (over_all, *(Compute("/", over_all, term.use) for term in tensor))
    else:
        context = [term for term in every if term.degree is not None and term.degree.axis in ("context", "sequence")]
        yield from (Compute("/", each, term.use) for term in context)


def _exact(use: Use) -> Use:
    """A number of things as exactly that many: 8 is not 7.5."""
    amount = use.amount
    if amount.magnitude != 1.0:
        return use
    reading = replace(amount.first, interval=exactly(amount.first.nominal))
    return replace(use, amount=replace(amount, exact=True, digits=exactly(amount.value), readings=(reading,)))


def _grouped(page: Page, parts: Sequence[_Part]) -> Iterator[Proposal]:
    """A rank that holds so many query heads holds the KV heads that they share, one at least, whatever the degree is."""
    kv, query = _THINGS[1], _THINGS[2]
    all_heads, all_kv_heads = _whole(query, parts, page.placing), _whole(kv, parts, page.placing)
    if len(all_heads) != 1 or len(all_kv_heads) != 1 or not _splits(page.placing):
        return
    heads, kv_heads = all_heads[0], all_kv_heads[0]
    for part in _with_results(page):
        one_query, one_kv = one(list(_shares(query, part))), one(list(_shares(kv, part)))
        if one_query is not None and one_kv is not None:
            share = Compute("/", Compute("×", one_query.use, kv_heads), heads)
            value = one_query.amount.value * kv_heads.amount.value / heads.amount.value
            why = "KV heads go with the query heads that share them"
            yield Proposal(_exact(one_kv.use), Relation.EQUALS, share, part.source, FAMILY, why, otherwise=tuple(_rounded(value)))


def _with_results(page: Page) -> Iterator[_Part]:
    """Statements and records with what they compute."""
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    for part in parts:
        if part.asserted and part.present:
            if isinstance(part, Statement):
                spots, results = spots_of(part), results_of(part.items)
                computed = frozenset(id(spot.term) for spot in spots if spot.at in results)
                yield _Part([spot.term for spot in spots], part.section, Source.STATEMENT, eaches_of(part), computed)
            elif part.axis is Axis.RECORD:
                yield _Part(part.terms, part.section, Source.GRID, {})
