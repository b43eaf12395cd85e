"""What is marked as failed misses its limit: `< 500 ms | 440 ms | ❌`, the mirror of what a mark of success does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded, cues, is_content
from stratlint.laws.order import held
from stratlint.meaning.groups import Axis
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

# Proved where a sign bounds the limit in its own row; else the limit may be no limit of this, and the mark one of something else.
_PROVED, FAMILY = "failed-limit", "failed-mark"
_NEGATIONS = frozenset({"fails", "denied", "condition", "near", "modal", "change", "versus", "fits", "therefore"})
_SIGNED = frozenset({"at_most", "at_least"})
_NEED_AND_LIMIT = 2


def proposals(page: Page) -> Iterator[Proposal]:
    """Each need that is marked as failed beside nothing but its limit."""
    for group in page.groups:
        alone = group.mark == "fail" or (not group.mark and set(group.marks) == {"", "fail"})
        if group.axis is not Axis.SERIES and alone and group.present:
            signed = any(term.tags & _SIGNED for term in group.terms[: len(group.marks)])
            family = _PROVED if signed and group.sure else FAMILY
            yield from _missed(group.terms, Source.GRID, family, asserted=group.asserted)
    for statement in page.statements:
        if statement.mark == "fail" and statement.present and _says_no_more(statement):
            yield from _missed(statement.terms, Source.STATEMENT, FAMILY, asserted=statement.asserted)


def _missed(terms: Sequence[Term], source: Source, family: str, *, asserted: bool) -> Iterator[Proposal]:
    found = held(terms) if len(terms) == _NEED_AND_LIMIT else None
    if found is None or bounded(found[0]):
        return
    need, limit, at_least = found
    if "compared" in limit.tags:
        return  # "❌ 224 ms > 200 ms": the sign may be what was found, and why it failed
    relation = Relation.AT_MOST if at_least else Relation.AT_LEAST
    yield Proposal(need.use, relation, limit.use, source, family, "what is marked as failed misses its limit", asserted=asserted)


def _says_no_more(statement: Statement) -> bool:
    """Whether a line has plain signs of failure, and no word that says why or compares."""
    marks = [item.tags for item in statement.items if item.kind is ItemKind.MARK]
    behind = statement.items[max((at for at, item in enumerate(statement.items) if item.term is not None), default=0) :]
    said = cues([item for item in statement.items if item.kind is ItemKind.CUE])
    return bool(marks) and all(tags == {"fail"} for tags in marks) and not said & _NEGATIONS and not any(map(_is_reason, behind))


def _is_reason(item: Item) -> bool:
    return item.term is None and item.kind is not ItemKind.MARK and is_content(item)
