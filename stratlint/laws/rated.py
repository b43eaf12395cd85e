"""Ratings: what is said to stay inside what something is rated at is no more than that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import comparable, is_content, measured, per
from stratlint.laws.spots import tags_of
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "rated"
_DOUBTS = frozenset({"condition", "denied", "fails", "near", "modal", "wished", "other_time", "change", "each", "per", "split"})
_NEITHER = frozenset({"each", "free", "change", "at_least", "total", "mean", "of_several"})
_LONGEST = 6
# A part of a rating is rated too: what is so far beyond it is more than one of them.
_SEVERAL = 1.5


def proposals(page: Page) -> Iterator[Proposal]:
    """`The feed is rated at 440 kW; the rows draw 420 kW and stay inside`: the only two amounts of their kind."""
    for statement in page.statements:
        if not statement.asserted or not statement.present or statement.code or statement.heading or tags_of(statement.items) & _DOUBTS:
            continue
        places = [at for at, item in enumerate(statement.items) if item.term is not None and measured(item.term)]
        if len(places) == len(("rating", "load")):
            yield from _held(statement, *places)


def _held(statement: Statement, first: int, second: int) -> Iterator[Proposal]:
    items = statement.items
    rating, load = items[first].term, items[second].term
    if rating is None or load is None or not comparable(load, rating) or (rating.tags | load.tags) & _NEITHER or per(load) or per(rating):
        return
    if rating.amount.ranged or load.amount.ranged or load.amount.percent or not _is_rated(items, first) or not _stays(items[second + 1 :]):
        return
    if any(_counts(item.term) for item in items[:second]) or load.amount.first.nominal > _SEVERAL * rating.amount.first.nominal:
        return
    claim = Use(load.amount, load.place, load.use.role)  # "at most" is what it draws in the worst case
    yield Proposal(claim, Relation.AT_MOST, rating.use, Source.STATEMENT, FAMILY, "what stays inside a rating is no more")


def _is_rated(items: Sequence[Item], at: int) -> bool:
    """Whether "rated at" stands right before an amount."""
    before = [item for item in items[max(0, at - 2) : at] if "preposition" not in item.tags]
    return bool(before) and "rating" in before[-1].tags


def _stays(rest: Sequence[Item]) -> bool:
    """Whether the sentence ends with "and stays inside", "which fits": nothing is named behind it that it might fit into instead."""
    found = [at for at, item in enumerate(rest) if item.tags & {"inside", "fits"}]
    if len(found) != 1 or found[0] > _LONGEST or not rest or not (rest[0].kind is ItemKind.COMMA or "and" in rest[0].tags):
        return False
    return not any(item.term is not None or is_content(item) for item in rest[found[0] + 1 :]) and not any(
        is_content(item) and not item.tags & {"placing", "verb"} for item in rest[1 : found[0]]
    )


def _counts(term: Term | None) -> bool:
    """Whether several of something draw it, or are rated: "the 12 racks"."""
    return term is not None and not term.amount.hard and not term.amount.percent and bool(term.amount.first.dimensions)
