"""What a sentence calls the extreme of a row or column: no other value of it is beyond that one."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.laws.comparable import bounded, comparable
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Term
from stratlint.meaning.superlatives import Superlative

FAMILY = "superlative"


def proposals(page: Page) -> Iterator[Proposal]:
    """Each superlative against the value that is beyond all others."""
    for said in page.superlatives:
        values = _values(said)
        own = said.lane.terms[said.at]
        if own is None or not values:
            continue
        index = (min if said.least else max)(values, key=lambda each: _size(values[each]))
        # Unless it is one of all, what the paragraph speaks of may have been ruled out.
        if index != said.at and not said.of_all and index in said.spoken:
            continue
        relation = Relation.AT_MOST if said.least else Relation.AT_LEAST
        why = "said of all values of a row or column"
        yield Proposal(own.use, relation, values[index].use, Source.STATEMENT, FAMILY, why, at=said.place)


def _values(said: Superlative) -> dict[int, Term]:
    """The values that are compared, by their index; none where one is missing or measures something else."""
    own = said.lane.terms[said.at]
    found = {index: term for index in said.rivals if (term := said.lane.terms[index]) is not None}
    whole = own is not None and len(found) == len(said.rivals)
    return found if whole and all(_alike(term, own) for term in found.values()) else {}


def _alike(one: Term, two: Term | None) -> bool:
    if two is None or bounded(one) or bounded(two):
        return False
    return comparable(one, two) or not (one.amount.first.dimensions or two.amount.first.dimensions)


def _size(term: Term) -> float:
    return term.amount.first.nominal
