"""What is spread over the ranks of an axis: experts over expert parallelism, layers over stages, heads over tensor parallelism.

64 experts with EP=8 are 8 experts a rank; 80 layers in 4 pipeline stages are 20 layers a stage
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stratlint.document.grid import CellRole
from stratlint.laws.spots import results_of, spots_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon, noun_of
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Place, Proposal, Relation, Source
from stratlint.meaning.statement import Statement, Term

FAMILY = "spread"
# Which things are spread over which axis, and what holds a share of them.
_OVER = {"expert": "expert", "layer": "pipeline", "head": "tensor"}
THINGS = frozenset(_OVER)
PLACES = {"expert": ("rank", "device"), "pipeline": ("stage", "rank"), "tensor": ("rank", "device")}
_BARRED = frozenset(
    {"only", "least_words", "change", "limit", "floor", "target", "before", "after", "mean", "maximum", "minimum", "part", "free"}
)


def proposals(page: Page) -> Iterator[Proposal]:
    """What each rank holds, wherever a sentence or a record states the things, their axis and the share of one."""
    for statement in page.statements:
        if statement.asserted and statement.present and not statement.code:
            # Operands of a computation say themselves what they make, and "28,672 / 8 = 3,584 per GPU" of what its result is.
            results = results_of(statement.items)
            stated = [spot.term for spot in spots_of(statement) if not (spot.term.elided and spot.at in results)]
            yield from _in(stated, Source.STATEMENT, eaches=eaches_of(statement))
    yield from _page_wide(page)
    yield from _all_placed(page)
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present:
            values = [term for term, role in zip(group.terms, group.roles, strict=True) if role is CellRole.VALUE]
            yield from _in(values, Source.GRID, eaches={})


# A model has one depth; how many experts there are, in a layer or in all, pages say in many ways.
_OF_A_PAGE = {"layer": "pipeline"}


def _page_wide(page: Page) -> Iterator[Proposal]:
    """Shares of sentences, against the one number of things and the one degree of the axis that the whole page states."""
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    every = [term for part in parts if part.asserted and part.present for term in part.terms]
    several = len({part.scenario for part in page.groups if part.axis is Axis.RECORD and part.holder}) > 1
    for statement in () if several else page.statements:
        if not (statement.asserted and statement.present) or statement.code:
            continue
        eaches = eaches_of(statement)
        for noun, axis in _OF_A_PAGE.items():
            stated = [spot.term for spot in spots_of(statement)]
            counted = [term for term in stated if not term.elided and countable(term)]
            own = [term for term in counted if is_share(term, noun, PLACES[axis], named=eaches.get(id(term), ""))]
            here = [term for term in stated if term.dimensions == ((noun, 1.0),) and is_plain(term, noun) and id(term) not in eaches]
            if len(own) == 1 and not here and not own[0].label:
                wholes = [term for term in every if countable(term) and term.dimensions == ((noun, 1.0),) and is_plain(term, noun)]
                degrees = [term for term in every if term.degree is not None and term.degree.axis == axis]
                rest = [term for term in wholes if "each" not in term.tags and term.place != own[0].place]
                if not any(term.degree is not None and term.degree.qualifiers for term in degrees):
                    yield from _shared(own[0], one(rest), one(degrees), noun, Source.STATEMENT, forced=False)


def _all_placed(page: Page) -> Iterator[Proposal]:
    """`12 experts per GPU` with EP=8 hold 96 of a layer's experts, copies included: fewer than there are is no placement."""
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    every = [term for part in parts for term in part.terms]
    degrees = [term for term in every if term.degree is not None and term.degree.axis == "expert"]
    degree = one(degrees)
    if degree is None or any(term.degree is not None and term.degree.qualifiers for term in degrees) or degree.amount.value < 2:
        return
    # A number that is computed may be that of all layers, or of all copies.
    computed = {term.place for term in every if "worked" in term.tags}
    computed |= {term.place for each in page.statements for at in results_of(each.items) if (term := each.items[at].term) is not None}
    wholes = [term for term in every if term.dimensions == (("expert", 1.0),) and countable(term) and term.place not in computed]
    told: set[Place] = set()
    for part in parts:
        for share in part.terms if part.asserted and part.present else ():
            if share.place not in told and not share.elided and countable(share) and is_share(share, "expert", PLACES["expert"], named=""):
                told.add(share.place)
                more = sorted((term for term in wholes if term.amount.value >= share.amount.value), key=lambda term: term.amount.value)
                if more:
                    least = Compute("/", more[0].use, degree.use)
                    yield Proposal(share.use, Relation.AT_LEAST, least, Source.STATEMENT, FAMILY, "every expert has a place")


def _in(terms: Sequence[Term], source: Source, *, eaches: Mapping[int, str]) -> Iterator[Proposal]:
    for noun, axis in _OVER.items():
        degree = one([term for term in terms if term.degree is not None and term.degree.axis == axis and not term.degree.qualifiers])
        counts = [term for term in terms if countable(term)]
        wholes = [
            term for term in counts if term.dimensions == ((noun, 1.0),) and not term.tags & {"each", "worked"} and is_plain(term, noun)
        ]  # what is computed may be that of all layers
        shares = [term for term in counts if is_share(term, noun, PLACES[axis], named=eaches.get(id(term), ""))]
        yield from _shared(one(shares), one(wholes), degree, noun, source)


def _shared(
    share: Term | None, whole: Term | None, degree: Term | None, noun: str, source: Source, *, forced: bool = True
) -> Iterator[Proposal]:
    if degree is None or whole is None or share is None or degree.amount.value < 2:
        return
    expression = Compute("/", whole.use, degree.use)
    yield Proposal(share.use, Relation.EQUALS, expression, source, FAMILY, f"{noun}s over the ranks of their axis", forced)


def eaches_of(statement: Statement) -> Mapping[int, str]:
    """The first term behind "each rank", "every GPU", with that noun: a share of it, whatever else it is per."""
    found: dict[int, str] = {}
    place, named = "", False
    for item in statement.items:
        if item.term is not None:
            if place:
                found[id(item.term)] = place
            place = ""
        elif "each" in item.tags:
            named = True
        elif named:
            place, named = noun_of(item.word), False
    return found


def is_share(term: Term, noun: str, places: Sequence[str], *, named: str) -> bool:
    """Whether a term is what one place holds: `8 experts per rank`, "each rank holds 8 experts", "8 per rank"."""
    powers = dict(term.dimensions)
    counted = (powers.pop(noun, 0.0) == 1.0 and is_plain(term, noun)) or (term.elided and bool(powers))
    placed = any(powers.pop(place, 0.0) == -1.0 for place in places)
    powers.pop("layer", None)
    powers.pop("moe layer", None)
    return counted and not powers and (placed or named in places)


def one(terms: Sequence[Term]) -> Term | None:
    """The one term there is, however often it is repeated; None where there are several, or none."""
    return terms[0] if len({term.amount.value for term in terms}) == 1 else None


def is_plain(term: Term, noun: str) -> bool:
    """Whether a term is called what is counted, and no more; words near it may tell another sort, or copies."""
    known = lexicon()
    return (term.key or term.name) - known.spread_plain == {noun} and not (term.unknown | term.around) & known.spread_apart


def countable(term: Term) -> bool:
    amount = term.amount
    return amount.exact and not amount.ranged and not amount.bound and not term.tags & _BARRED
