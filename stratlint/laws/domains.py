"""A group of ranks that is said to stay in one node has no more of them than a node has devices: `TP 16 inside one node` of eight."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.laws.holdings import each_of
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source

FAMILY = "confined"


def proposals(page: Page) -> Iterator[Proposal]:
    """Each such group against the devices that its sentence, or else the whole page, gives a node."""
    of_page = each_of(page).get(("device", "node")) if page.confined else None
    for group in page.confined:
        size = group.size or of_page
        if size is not None and size.place != group.degree.place:
            yield Proposal(
                group.degree.use,
                Relation.AT_MOST,
                size.use,
                Source.LAW,
                FAMILY,
                "a group that stays in one node has a device for each rank",
            )
