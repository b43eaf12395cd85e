"""What a sentence says of the table of its section: an extreme of a column, the span of its values, the ratio of two of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded, comparable, cues, is_content
from stratlint.meaning.lexicon import singular
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.meaning.tables import Lane, Table

FAMILY = "tabled"
_FEWEST = 3
# "cheapest of the five"
_OF_SO_MANY = 3
_DOUBTS = frozenset({"condition", "denied", "fails", "near"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The relations between sentences and the tables of their sections."""
    tables: dict[int, list[Table]] = {}
    for table in page.tables:
        tables.setdefault(table.section, []).append(table)
    introduction: Statement | None = None
    for statement in page.statements:
        if statement.introduces or not statement.list_path:
            introduction = statement if statement.introduces else None
        near = tables.get(statement.section, ())
        if near and _speaks(statement):
            yield from _extremes(statement, near)
            yield from _spans(statement, near)
            yield from _ratios(statement, near, introduction.items if introduction is not None and statement.list_path else ())


def _speaks(statement: Statement) -> bool:
    return statement.asserted and statement.present and not (statement.code or statement.heading)


def _doubted(items: Sequence[Item], at: int) -> bool:
    """Whether the clause around the item at *at* denies, supposes or only nearly says what it says."""
    return bool(cues(_clause_around(items, at)) & _DOUBTS)


def _extremes(statement: Statement, tables: Sequence[Table]) -> Iterator[Proposal]:
    """`The lowest rate in the table is that of Borealis at $2.45`, `At $2.45 it is the cheapest of the five`: no other cell is lower."""
    items = statement.items
    at = next((at for at, item in enumerate(items) if "superlative" in item.tags), None)
    if at is None or _doubted(items, at):
        return
    least = "minimum" in items[at].tags
    value, found = _said_behind(items, at, tables) or _said_before(items, at, tables) or (None, [])
    if value is not None and len(found) == 1:
        cell, lane = found[0]
        best = (min if least else max)((term for term in lane.terms if term is not None), key=_size)
        relation = Relation.AT_MOST if least else Relation.AT_LEAST
        why = "said of all values of a column"
        yield Proposal(cell.use, relation, best.use, Source.STATEMENT, FAMILY, why, at=value.place)


Found = tuple[Term, list[tuple[Term, Lane]]]


def _said_behind(items: Sequence[Item], at: int, tables: Sequence[Table]) -> Found | None:
    """The amount behind a superlative, in the line that the words between name."""
    lead = list(takewhile(lambda item: item.term is None, items[at + 1 :]))
    value = items[at + 1 + len(lead)].term if at + 1 + len(lead) < len(items) else None
    if value is None or bounded(value) or any("picking" in item.tags or item.kind is ItemKind.STOP for item in lead):
        return None
    cells = [cell for table in tables for cell in _cells_of(table, value, _words(lead))]
    return (value, cells) if cells else None


def _said_before(items: Sequence[Item], at: int, tables: Sequence[Table]) -> Found | None:
    """The amount before a superlative "of the five", where a column of five prints it once."""
    value = next((item.term for item in reversed(items[:at]) if item.term is not None), None)
    behind = [item.term for item in items[at + 1 : at + 1 + _OF_SO_MANY] if item.term is not None]
    if value is None or bounded(value) or not value.amount.hard or len(behind) != 1 or not behind[0].amount.exact:
        return None
    return value, [
        (cell, lane)
        for table in tables
        for lane in table.columns
        if len(lane.terms) == behind[0].amount.value and _of_one_kind(lane)
        for cell in lane.terms
        if cell is not None and _prints(cell, value)
    ]


def _of_one_kind(lane: Lane) -> bool:
    first = lane.terms[0]
    return first is not None and all(term is not None and _alike(term, first) for term in lane.terms)


def _cells_of(table: Table, value: Term, words: frozenset[str]) -> Iterator[tuple[Term, Lane]]:
    """The cells that print *value* where a lane crosses the one that *words* name, each with its lane."""
    for lanes, others in ((table.columns, table.lines), (table.lines, table.columns)):
        plain = all(other.role is CellRole.VALUE for other in others)
        for lane in lanes if plain and len(others) >= _FEWEST else ():
            named = [term for other, term in zip(others, lane.terms, strict=True) if other.label and other.label <= words]
            cell = named[0] if len(named) == 1 else None
            if cell is not None and _prints(cell, value) and all(term is not None and _alike(term, cell) for term in lane.terms):
                yield cell, lane


def _prints(cell: Term, value: Term) -> bool:
    """Whether a cell is the amount of a sentence, which need not say again per what it is."""
    one, two = cell.amount, value.amount
    above = {name for name, power in two.hard if power > 0}
    return one.value == two.value and one.magnitude == two.magnitude and above <= {name for name, _ in one.hard}


def _alike(one: Term, two: Term) -> bool:
    """Whether two cells measure the same; bare numbers do under whatever their columns are called."""
    bare = not (one.amount.first.dimensions or two.amount.first.dimensions)
    return not (bounded(one) or bounded(two)) and (bare or comparable(one, two))


def _spans(statement: Statement, tables: Sequence[Table]) -> Iterator[Proposal]:
    """`The time per token ranged from 14 to 31 ms`: the least and the most of a column of that name."""
    items = statement.items
    at = next((at for at, item in enumerate(items) if "spanning" in item.tags), None)
    ends = [item.term for item in items[at + 1 : at + 5] if item.term is not None] if at is not None else []
    two = len(ends) == len(("least", "most")) and not any(map(bounded, ends)) and comparable(ends[0], ends[1])
    if at is None or not two or _doubted(items, at):
        return
    clause = _clause_before(items, at)
    name = frozenset(singular(item.word) for item in clause if is_content(item))
    if not name or any(item.term is not None for item in clause):
        return
    lanes = [lane for table in tables for lane in (*table.columns, *table.lines) if name <= frozenset(map(singular, lane.label))]
    if len(lanes) != 1:
        return
    values = [term for term in lanes[0].terms if term is not None]
    if len(values) < _FEWEST or len(values) < len(lanes[0].terms) or not all(comparable(term, ends[1]) for term in values):
        return
    for end, extreme in ((ends[0], min(values, key=_size)), (ends[1], max(values, key=_size))):
        yield Proposal(end.use, Relation.EQUALS, extreme.use, Source.STATEMENT, FAMILY, "an end of the values of a column")


def _clause_before(items: Sequence[Item], at: int) -> Sequence[Item]:
    """The subject of the verb at *at*: what stands before it, back to a mark, or to the last article that opens it."""
    start = at
    while start > 0 and items[start - 1].kind not in (ItemKind.COMMA, ItemKind.STOP, ItemKind.COLON, ItemKind.OPEN):
        start -= 1
    opened = [place for place in range(start, at) if "article" in items[place].tags]
    return items[opened[-1] if opened else start : at]


def _ratios(statement: Statement, tables: Sequence[Table], introduction: Sequence[Item]) -> Iterator[Proposal]:
    """`At batch 256 the MI300X delivers 1.54 times the throughput of the H100`: two cells of a line by their columns.

    An item of a list says what its *introduction* began: "Relative to the L40S at load 64:", "A100: 2.1x".
    """
    for at, item in enumerate(statement.items):
        claim = item.term
        if claim is None or not claim.amount.multiple or bounded(claim) or claim.amount.approximate or _doubted(statement.items, at):
            continue
        if _leads_to(statement.items, at):
            continue
        clause = (*introduction, *_clause_around(statement.items, at))
        others = [each.term for each in clause if each.term is not None and each.term is not claim]
        found = [pair for table in tables for pair in _cells(table, _words(clause), others)]
        if len(found) == 1:
            one, two = found[0]
            large, small = (one, two) if _size(one) >= _size(two) else (two, one)
            up, down = Compute("/", large.use, small.use), Compute("/", small.use, large.use)
            otherwise: tuple[Expression, ...] = (down, Compute("-", up, Use(constant(1.0))))
            yield Proposal(claim.use, Relation.EQUALS, up, Source.STATEMENT, FAMILY, "the ratio of two cells", otherwise=otherwise)


def _leads_to(items: Sequence[Item], at: int) -> bool:
    """Whether a change says what it leads to, `by 64×, to 7 GB`: then it is one of that amount, and what it was before stands elsewhere."""
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not ItemKind.COMMA]
    return len(behind) > 1 and "to" in behind[0].tags and behind[1].term is not None


def _cells(table: Table, words: frozenset[str], amounts: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Two cells of one lane that a clause names: the lane by its label or by a number in it, the cells by their labels."""
    for lanes, others, numbers in ((table.lines, table.columns, table.labels), (table.columns, table.lines, None)):
        named = [place for place, other in enumerate(others) if other.label and other.label <= words]
        found: list[tuple[Term, Term]] = []
        for at, lane in enumerate(lanes):
            keys = [place for place in named if _is_said(lane.terms[place], amounts)]
            told = bool(keys) or (numbers is not None and _is_said(numbers.terms[at], amounts))
            crossing = [lane.terms[place] for place in named if place not in keys]
            if (told or (lane.label and lane.label <= words)) and len(crossing) == len(("one", "two")):
                one, two = crossing
                if one is not None and two is not None and _alike(one, two) and min(_size(one), _size(two)) > 0:
                    found.append((one, two))
        if len(found) == 1:
            yield found[0]


def _is_said(cell: Term | None, amounts: Sequence[Term]) -> bool:
    return cell is not None and any(_size(each) == _size(cell) for each in amounts)


def _clause_around(items: Sequence[Item], at: int) -> Sequence[Item]:
    start = end = at
    while start > 0 and items[start - 1].kind not in (ItemKind.STOP, ItemKind.COMMA):
        start -= 1
    while end < len(items) and items[end].kind not in (ItemKind.STOP, ItemKind.COMMA):
        end += 1
    return items[start:end]


def _words(items: Sequence[Item]) -> frozenset[str]:
    return frozenset(item.word.lower() for item in items if item.word)


def _size(term: Term) -> float:
    return term.amount.first.nominal
