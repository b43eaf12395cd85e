"""What is said to lie between two ends: `30 minutes, which lies inside the window of 20 to 28 minutes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded, comparable, cues, is_content, term_positions
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "statement-order"
_LONGEST = 12
# Cues under which a statement denies, compares or supposes instead of placing an amount between two ends.
_OTHERWISE = frozenset({"fails", "denied", "condition", "versus", "from", "change", "outside", "near"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Both ends, as bounds of what is said to lie between them."""
    for statement in page.statements:
        if statement.mark != "fail" and not statement.code:
            yield from _placed(statement)


def _placed(statement: Statement) -> Iterator[Proposal]:
    items, positions = statement.items, term_positions(statement)
    for first, low, high in zip(positions, positions[1:], positions[2:], strict=False):
        value, least, most = items[first].term, items[low].term, items[high].term
        assert value is not None and least is not None and most is not None
        if not (_ends(items[low + 1 : high], least, most) and _leads(items[first + 1 : low])):
            continue
        if first and items[first - 1].kind is ItemKind.SIGN:
            continue  # an operand: what lies between two ends is what it is computed with
        if comparable(value, least) and comparable(value, most) and not any(map(bounded, (value, least, most))):
            for relation, end in ((Relation.AT_LEAST, least), (Relation.AT_MOST, most)):
                yield Proposal(
                    value.use, relation, end.use, Source.STATEMENT, FAMILY, "an end of where it is said to lie",
                    asserted=statement.asserted,
                )  # fmt: skip


def _ends(between: Sequence[Item], least: Term, most: Term) -> bool:
    """Whether two amounts are the ends of one range: nothing but "to" or "and" stands between them."""
    joined = len(between) == 1 and between[0].kind is ItemKind.CUE and bool(between[0].tags & {"to", "and", "range"})
    return joined and least.amount.first.nominal < most.amount.first.nominal


def _leads(between: Sequence[Item]) -> bool:
    """Whether what stands before the range says that an amount lies within it."""
    tags = cues(between)
    if len(between) > _LONGEST or "inside" not in tags or tags & _OTHERWISE:
        return False
    at = next(at for at, item in enumerate(between) if "inside" in item.tags)
    placed = bool(cues(between[:at]) & {"equals", "has"}) or any(item.tags & {"verb", "placing"} for item in between[:at])
    related = placed or [item.kind for item in between[:at]] == [ItemKind.COMMA]
    if any(item.kind in (ItemKind.SIGN, ItemKind.STOP, ItemKind.COLON, ItemKind.OPEN) for item in between):
        return False
    strange = [item for item in between[at + 1 :] if item.kind is ItemKind.WORD and is_content(item) and "window" not in item.tags]
    return related and not strange
