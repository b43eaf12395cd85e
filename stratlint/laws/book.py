"""All structural laws of the book, over one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stratlint.laws import (
    averages,
    catalog,
    changes,
    conversions,
    division,
    equations,
    failed,
    fitting,
    formulas,
    headed,
    identity,
    keys_and_values,
    layouts,
    listed,
    marked,
    one_as_all,
    order,
    partitions,
    patterns,
    record_units,
    rests,
    scaled_columns,
    series,
    settings,
    shares,
    spread,
    sums,
    tabled,
    transfers,
    units,
    universal,
    whole_in_heading,
    windows,
)
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, uses

Law = Callable[[Page], Iterator[Proposal]]

LAWS: tuple[Law, ...] = (
    equations.proposals,
    units.proposals,
    record_units.proposals,
    sums.proposals,
    series.proposals,
    headed.proposals,
    rests.proposals,
    shares.proposals,
    changes.proposals,
    conversions.proposals,
    transfers.proposals,
    order.proposals,
    universal.proposals,
    windows.proposals,
    marked.proposals,
    failed.proposals,
    fitting.proposals,
    one_as_all.proposals,
    division.proposals,
    partitions.proposals,
    layouts.proposals,
    patterns.proposals,
    averages.proposals,
    scaled_columns.proposals,
    whole_in_heading.proposals,
    tabled.proposals,
    settings.proposals,
    catalog.proposals,
    listed.proposals,
    spread.proposals,
    formulas.proposals,
    keys_and_values.proposals,
    identity.proposals,
)


def proposals(page: Page) -> Iterator[Proposal]:
    """What all structural laws propose of a page."""
    silent, worked = equations.unsaid(page), equations.Worked(page)
    for law in LAWS:
        for each in law(page):
            numbers = frozenset(use.place for use in (each.claim, *uses(each.expression)))
            if numbers not in silent and not worked.says_more(each):
                yield each
