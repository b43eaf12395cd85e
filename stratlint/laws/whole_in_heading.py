"""Shares of a whole that the heading of their column or line names: `| Part | GB | % of 80 GB |`.

Which cells they are shares of, the table shows itself: of most lines the share is that of the same other column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.judge import Outcome, judge
from stratlint.laws.shares import is_share
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
# So many lines at least keep it, and no more break it than one, or one of so many.
_FEWEST = 2
_MOST_BROKEN = 4


def proposals(page: Page) -> Iterator[Proposal]:
    """The shares of the page's tables whose heading says of what they are."""
    for table in page.tables:
        for lanes in (table.columns, table.lines):
            for lane in lanes:
                if lane.whole is not None:
                    yield from _of_the_parts(lane, lane.whole, lanes)


def _of_the_parts(lane: Lane, whole: Term, others: Sequence[Lane]) -> Iterator[Proposal]:
    """The shares of *lane*, if just one other lane holds the parts."""
    found: list[list[Proposal]] = []
    for other in others:
        if other is lane:
            continue
        pairs = zip(lane.terms, other.terms, strict=True)
        made = [_proposal(share, part, whole) for share, part in pairs if share and part and is_share(share) and _alike(part, whole)]
        broken = sum(judge(each).outcome is Outcome.REFUTED for each in made)
        if len(made) - broken >= _FEWEST and broken <= max(1, len(made) // _MOST_BROKEN):
            found.append(made)
    if len(found) == 1:
        yield from found[0]


def _alike(part: Term, whole: Term) -> bool:
    """Whether an amount may be a part: it is in the unit of the whole, or counts without one."""
    return part.amount.hard == whole.amount.hard and not (part.amount.percent or part.amount.multiple)


def _proposal(share: Term, part: Term, whole: Term) -> Proposal:
    why = "the whole that the heading names"
    return Proposal(share.use, Relation.EQUALS, Compute("/", part.use, whole.use), Source.GRID, FAMILY, why)
