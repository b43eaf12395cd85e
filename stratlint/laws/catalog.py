"""Published figures: a record that is right in several fields of a device or model is held to the catalog in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded
from stratlint.meaning.described import Described
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.published import Figure
from stratlint.meaning.statement import Term

FAMILY = "catalog"
# So many other fields have to agree with the entry, before it is surely meant.
_FEWEST, _MOST_WRONG = 2, 1
# What one may set otherwise, or print of another variant: these only show what is described.
_ADJUSTABLE = ("power", "peak", "parameters", "vocabulary")


def proposals(page: Page) -> Iterator[Proposal]:
    """The figures that the page's records state of a published device or model."""
    for record in page.described:
        if not record.asserted:
            continue
        usable = [(term, figures) for term, figures in record.fields if not bounded(term) and not term.amount.approximate]
        right = {figures[0].field for term, figures in usable if _fits(term, figures)}
        wrong = {figures[0].field for _, figures in usable} - right
        if len(wrong) > _MOST_WRONG:
            continue  # another variant, or something else
        for term, figures in usable:
            if len(right - {figures[0].field}) >= _FEWEST:
                yield from _held(record, term, figures)


def _held(record: Described, term: Term, figures: Sequence[Figure]) -> Iterator[Proposal]:
    if not _fits(term, figures) and figures[0].field.endswith(_ADJUSTABLE):
        return
    uses = [Use(figure.as_amount(term.amount), None, f"published {figure.field} of {figure.name}") for figure in figures]
    why = f"the other values are those of {record.name}"
    yield Proposal(term.use, Relation.EQUALS, uses[0], Source.CATALOG, FAMILY, why, otherwise=tuple(uses[1:]))


def _fits(term: Term, figures: Sequence[Figure]) -> bool:
    return any(figure.is_amount(term.amount) for figure in figures)
