"""The experts of a model hold no more parameters than the model: "8 experts × 22 B = 176 B" is not the size of an 8x22B mixture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.laws.comparable import bounded
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "all-experts"
_WHY = "all experts hold less than the whole model, which shares everything else"
# Cues by which a sentence may tell of the product as a mistake.
_DOUBT = frozenset({"fails", "versus", "modal", "condition", "wished", "verb"})
# Sizes are rounded, and printed of slightly different counts.
_ROUNDED = 1.05


def proposals(page: Page) -> Iterator[Proposal]:
    """The products of all experts of the page's one published model that are more than it has."""
    experts, sizes = page.placing.figure("experts"), page.placing.sizes
    if experts is None or not sizes:
        return
    largest = max(sizes, key=lambda figure: figure.value)
    for statement in page.statements:
        if not (statement.asserted and statement.present) or statement.code:
            continue
        for count, result in _products(statement):
            more = result.amount.first.nominal > largest.value * _ROUNDED
            if experts.is_amount(count.amount) and more and not bounded(result) and not result.amount.approximate:
                # Without a unit both are read as they are printed, in billions.
                size = replace(largest.as_amount(result.amount), magnitude=result.amount.magnitude)
                counted = replace(result.use, amount=replace(result.amount, readings=(result.amount.first,)))  # no 176 bytes
                published = Use(size, None, f"published {largest.field} of {largest.name}")
                yield Proposal(counted, Relation.AT_MOST, published, Source.CATALOG, FAMILY, _WHY)


def _products(statement: Statement) -> Iterator[tuple[Term, Term]]:
    """The number of experts and the result of each product that begins a sentence, or stands behind a label."""
    items = statement.items
    for at in range(len(items) - 4):
        count, sign, each, equals, result = items[at : at + 5]
        if count.term is None or each.term is None or result.term is None or "×" not in sign.tags or "equals" not in equals.tags:
            continue
        counted = count.term.noun == "expert" and not count.term.per and each.term.amount.magnitude > 1 and not each.term.amount.hard
        if counted and result.term.noun in ("parameter", "") and not result.term.amount.hard and _plainly(items, at):
            yield count.term, result.term


def _plainly(items: Sequence[Item], at: int) -> bool:
    """Whether nothing but a label leads to a product, and nothing doubts it."""
    labelled = not at or items[at - 1].kind in (ItemKind.COLON, ItemKind.STOP)
    return labelled and not any(item.tags & _DOUBT for item in items)
