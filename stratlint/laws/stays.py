"""What is said to stay above or below a bound, against the column of its name: `Scaling efficiency stays above 90 % up to 512 GPUs`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded, comparable, cues
from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import singular
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.meaning.tables import Lane, Table

FAMILY = "superlative"
_FEWEST = 3
_DOUBTS = frozenset({"change", "versus", "from", "condition", "denied", "fails", "near", "wished"})
_STAYS = frozenset({"placing", "remaining"})
_ENDS = (ItemKind.STOP, ItemKind.COMMA)
_Words = frozenset[str]


def proposals(page: Page) -> Iterator[Proposal]:
    """The value of such a column that goes furthest beyond the bound."""
    for statement in page.statements if page.tables else ():
        if not (statement.asserted and statement.present) or statement.code or statement.heading or cues(statement.items) & _DOUBTS:
            continue
        for at, item in enumerate(statement.items):
            if item.term is not None and not (item.term.amount.ranged or item.term.amount.approximate):
                yield from _of_bound(page, statement, at, item.term)


def _of_bound(page: Page, statement: Statement, at: int, bound: Term) -> Iterator[Proposal]:
    below, name = _said_before(statement.items, at)
    scope = _scope(statement.items, at) if name else None
    if scope is None:
        return
    up_to = scope[0] if scope else None
    found = [(table, lane) for table in page.tables if _is_before(table, statement) for lane in _named(table, name, bound)]
    if len(found) != 1:
        return
    table, lane = found[0]
    chosen = _chosen(table, lane, up_to)
    if len(chosen) >= _FEWEST:
        extreme = (max if below else min)(chosen, key=lambda term: term.amount.first.nominal)
        relation = Relation.AT_MOST if below else Relation.AT_LEAST
        yield Proposal(extreme.use, relation, bound.use, Source.STATEMENT, FAMILY, "said of all of its column", at=bound.place)


def _said_before(items: Sequence[Item], at: int) -> tuple[bool, _Words]:
    """Whether a bound is one from above, and the words of what stays within it; no words where nothing is said to."""
    start = max((place for place in range(at) if items[place].kind in (*_ENDS, ItemKind.COLON)), default=-1) + 1
    if at - start < len(("name", "stays", "above")) or items[at - 1].kind is not ItemKind.CUE or not items[at - 2].tags & _STAYS:
        return False, frozenset()
    tags, subject = items[at - 1].tags, items[start : at - 2]
    if ("below" in tags) == ("above" in tags) or any(item.kind not in (ItemKind.WORD, ItemKind.CUE) for item in subject):
        return False, frozenset()
    words = (word for item in subject if "article" not in item.tags for word in split_words(item.word))
    return "below" in tags, frozenset(map(singular, words))


def _scope(items: Sequence[Item], at: int) -> tuple[Term, ...] | None:
    """Up to which size something stays so, nothing for all sizes; None where the sentence says more."""
    end = next((place for place in range(at + 1, len(items)) if items[place].kind in _ENDS), len(items))
    behind = items[at + 1 : end]
    if not behind:
        return ()
    terms = [item.term for item in behind if item.term is not None]
    led = next((place for place, item in enumerate(behind) if item.tags & {"to", "ceiling"}), None)
    if len(terms) == 1 and led is not None and behind[-1].term is terms[0] and not terms[0].amount.ranged:
        rest = [item for item in behind[led + 1 : -1] if item.kind is not ItemKind.WORD]
        return None if rest else (terms[0],)
    every = any(item.word in ("all", "every") or "each" in item.tags for item in behind[:2])
    return () if every and not terms and len(behind) == len(("at", "all", "sizes")) else None


def _is_before(table: Table, statement: Statement) -> bool:
    first = next((term for lane in table.lines for term in lane.terms if term is not None), None)
    return first is not None and first.place.block < statement.block


def _named(table: Table, name: _Words, bound: Term) -> Iterator[Lane]:
    """The columns whose labels have words of a name, where the headings of the table have the others."""
    titled = frozenset(map(singular, table.titled))
    for lane in table.columns:
        label = frozenset(map(singular, lane.label))
        terms = [term for term in lane.terms if term is not None]
        if not label & name or name - label - titled or lane.role is not CellRole.VALUE:
            continue
        alike = len(terms) == len(lane.terms) and all(comparable(term, bound) and not bounded(term) for term in terms)
        if alike and all(line.role is CellRole.VALUE for line in table.lines):
            yield lane


def _chosen(table: Table, lane: Lane, up_to: Term | None) -> Sequence[Term]:
    """The values of a column up to the line of a size, which has to be one of the table."""
    values = [term for term in lane.terms if term is not None]
    if up_to is None:
        return values
    first = table.labels if table.labels is not None else table.columns[0]
    sizes = [term.amount.value if term is not None else None for term in first.terms]
    known = [size for size in sizes if size is not None]
    if len(known) != len(values) or known.count(up_to.amount.value) != 1 or known != sorted(known):
        return []
    return [value for value, size in zip(values, known, strict=True) if size <= up_to.amount.value]
