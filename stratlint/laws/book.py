"""All structural laws of the book, over one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stratlint.laws import (
    all_experts,
    averages,
    catalog,
    changes,
    closing_lines,
    contrasts,
    conversions,
    division,
    domains,
    efficiency_columns,
    enough,
    equations,
    factor_and_change,
    failed,
    fitting,
    formulas,
    gathered,
    goals,
    headed,
    holdings,
    identity,
    keys_and_values,
    labelled_limits,
    launches,
    layouts,
    listed,
    marked,
    mixes,
    one_as_all,
    order,
    part_of_rate,
    partitions,
    patterns,
    per_and_total,
    percentiles,
    rank_shares,
    rated,
    record_units,
    rescaled,
    rests,
    roles,
    scaled_columns,
    series,
    settings,
    shares,
    side_by_side,
    spread,
    stays,
    sums,
    superlatives,
    tabled,
    transfers,
    units,
    universal,
    whole_in_heading,
    whole_numbers,
    whole_reduction,
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
    closing_lines.proposals,
    rests.proposals,
    shares.proposals,
    mixes.proposals,
    contrasts.proposals,
    changes.proposals,
    factor_and_change.proposals,
    whole_reduction.proposals,
    conversions.proposals,
    transfers.proposals,
    part_of_rate.proposals,
    holdings.proposals,
    rescaled.proposals,
    side_by_side.proposals,
    per_and_total.proposals,
    order.proposals,
    percentiles.proposals,
    rated.proposals,
    universal.proposals,
    windows.proposals,
    marked.proposals,
    goals.proposals,
    labelled_limits.proposals,
    failed.proposals,
    fitting.proposals,
    one_as_all.proposals,
    division.proposals,
    enough.proposals,
    partitions.proposals,
    layouts.proposals,
    domains.proposals,
    patterns.proposals,
    efficiency_columns.proposals,
    averages.proposals,
    scaled_columns.proposals,
    whole_numbers.proposals,
    whole_in_heading.proposals,
    tabled.proposals,
    launches.proposals,
    roles.proposals,
    superlatives.proposals,
    stays.proposals,
    settings.proposals,
    catalog.proposals,
    all_experts.proposals,
    listed.proposals,
    spread.proposals,
    rank_shares.proposals,
    gathered.proposals,
    formulas.proposals,
    keys_and_values.proposals,
    identity.proposals,
)


def name_of(law: Law) -> str:
    """What a law is called: its module (`units`, `shares`)."""
    return law.__module__.rpartition(".")[2]


def proposals(page: Page, failed: list[tuple[str, Exception]] | None = None) -> Iterator[Proposal]:
    """What all structural laws propose of a page.

    *failed* takes the name of each law that raised, with what it raised: half of what a broken law proposes is worth nothing, and the
    others go on. Without it the exception is the caller's. An arithmetic without a result (a divisor of zero, a number beyond floats) is
    the page's, no defect of the law: what it proposed before stands.
    """
    silent, worked = equations.unsaid(page), equations.Worked(page)
    for law in LAWS:
        proposed: list[Proposal] = []
        try:
            proposed.extend(law(page))
        except ArithmeticError:
            pass
        except Exception as problem:
            if failed is None:
                raise
            failed.append((name_of(law), problem))
            continue
        for each in proposed:
            numbers = frozenset(use.place for use in (each.claim, *uses(each.expression)))
            if numbers not in silent and not worked.says_more(each):
                yield each
