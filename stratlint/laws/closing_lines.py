"""The bold last line of a table that adds up the lines above it, whatever it is called: "TTFT" below the phases of a request.

Bold last lines are as often the best of several, so the numbers have to speak: the line is the sum, or one slip of the pen away from it,
in every column, and it is no step of a rising row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.document.grid import CellRole
from stratlint.laws.comparable import comparable, per_time
from stratlint.laws.slips import digit_slip
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, total
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Table

FAMILY = "closing-sum"
_FEWEST = 3
# The label of a line that is no sum of those above.
_OTHERS = frozenset(
    {"mean", "maximum", "minimum", "target", "limit", "capacity", "free", "q50", "q90", "q95", "q99", "q999", "change", "required"}
)


def proposals(page: Page) -> Iterator[Proposal]:
    """The sums of the columns of such tables."""
    for table in page.tables:
        columns = _columns(table)
        if columns and all(_adds_up(whole, parts) or digit_slip(whole, parts) for whole, parts in columns):
            for whole, parts in columns:
                why = "the bold last line is the sum of those above"
                yield Proposal(whole.use, Relation.EQUALS, total([part.use for part in parts]), Source.GRID, FAMILY, why)


def _columns(table: Table) -> list[tuple[Term, list[Term]]]:
    """The last amount of every column with those above it; nothing where the last line is like the others."""
    *above, last = table.lines
    if not last.strong or any(line.strong or line.role is not CellRole.VALUE for line in above) or last.tags & _OTHERS or table.labels:
        return []
    found: list[tuple[Term, list[Term]]] = []
    for at, column in enumerate(table.columns):
        whole = last.terms[at]
        parts = [term for line in above if (term := line.terms[at]) is not None]
        if whole is None:
            continue
        if len(parts) < _FEWEST or column.role is CellRole.NOTE or not _may_add_up(whole, parts):
            return []
        found.append((whole, parts))
    return found


def _may_add_up(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether the amounts are of one sort that adds up, the last the greatest, and not the next step of a rising row."""
    sizes = [part.amount.first.nominal for part in parts]
    alike = all(comparable(part, whole) or not (part.amount.first.dimensions or whole.amount.first.dimensions) for part in parts)
    sorts = all(
        not (term.amount.ranged or term.amount.bound or term.amount.percent or term.amount.multiple or per_time(term))
        for term in (whole, *parts)
    )
    return alike and sorts and whole.amount.first.nominal > max(sizes) and min(sizes) > 0 and sizes != sorted(sizes)


def _adds_up(whole: Term, parts: Sequence[Term]) -> bool:
    steps = whole.amount.first.factor * whole.amount.step + sum(part.amount.first.factor * part.amount.step for part in parts)
    return abs(whole.amount.first.nominal - sum(part.amount.first.nominal for part in parts)) <= steps / 2 * 1.000001
