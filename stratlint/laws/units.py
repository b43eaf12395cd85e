"""The law of units: the exponents of units and counted nouns of all factors add up to those of the result.

It carries every extension (per-X × number of X), rate × time, price × hours and bytes ÷ bandwidth alike. Inside a statement it asks that
every amount is used, and that only one assignment of factors and divisors makes the dimensions meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from stratlint.claims.amount import combined
from stratlint.claims.units import HARD, Dimensions
from stratlint.document.grid import CellRole, Layout
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.proposal import product as product_of
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.meaning.subjects import UNNAMED

_FEWEST, _MOST = 3, 6
_MOST_STATEMENTS = 3
_MOST_RECORD = 40
# Fewer bytes than this are what an element or a parameter takes.
_FEWEST_BILLIONS = 33.0
# A label with more amounts behind it begins a sentence.
_MOST_OF_A_LABEL = 2
# Roles under which an amount is no whole: a bound, a part, a rest, a change.
# Roles under which an amount of a record is no number of its things: a bound, the size of one.
_NO_COUNT = frozenset({"only", "singular"})
_NEEDED = frozenset({"used", "required"})
_BOUNDING = frozenset({"only", "least_words", "free", "limit", "floor", "change", "target", "range", "mean", "maximum", "minimum"})
# A bandwidth in one direction and one in both differ by two.
_COMPARING = frozenset({"versus", "fits", "fails", "change", "direction"})
_RESULT = frozenset({"equals", "takes", "therefore", "total"})
_FOLLOWING = frozenset({"therefore", "takes", "total", "each"})
_LEADS_TO_RESULT = _RESULT | {"namely"}
# What no amount may leave out: measured units, and the thing that "each" stands for.
OPEN = HARD | {UNNAMED}
_CONNECTING = _RESULT | {"has", "each"}


def proposals(page: Page) -> Iterator[Proposal]:
    """Products and quotients that the page states in sentences, and extensions in its records."""
    yield from _in_statements(page.statements)
    counts = _counts_of_headings(page.statements)
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted:
            yield from _in_record(group, counts)


def _in_statements(statements: Sequence[Statement]) -> Iterator[Proposal]:
    done: set[int] = set()
    for at, statement in enumerate(statements):
        if statement.code:
            continue
        for window in _windows(statement.items):
            proposal = _balanced(window)
            if proposal is not None:
                done.add(at)
                if statement.asserted:
                    yield proposal
                break
    for at in range(len(statements)):
        for length in range(2, _MOST_STATEMENTS + 1):
            run = statements[at : at + length]
            if len(run) < length or any(at + offset in done for offset in range(length)) or not _together(run):
                continue
            joined = tuple(item for statement in run for item in statement.items)
            elided = any(_loose(item.term) for item in joined if item.term is not None)
            proposal = None if elided or not _leads(joined) else _balanced(joined)
            if proposal is not None:
                done.update(range(at, at + length))
                yield proposal
                break


def _leads(items: Sequence[Item]) -> bool:
    """Whether sentences lead from one to the other, or speak of one thing: "is" alone states what each of them is."""
    names = [item.term.name for item in items if item.term is not None]
    return any(item.tags & _FOLLOWING for item in items) or any(one and one == two for one, two in combinations(names, 2))


def _loose(term: Term) -> bool:
    """Whether only the sentence around it could say what an amount counts."""
    return term.elided and "total" not in term.tags


def _together(run: Sequence[Statement]) -> bool:
    """Whether sentences follow each other in one paragraph and speak of the same thing."""
    first = run[0]
    return all(
        each.block == first.block and each.scenario == first.scenario and each.asserted and each.present and each.terms and not each.code
        for each in run
    )


def _windows(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """What of a statement may make one equation: all of it, its clauses, what stands outside of brackets; a lone `B` as bytes."""
    outside = _outside_brackets(items)
    plain = (items, *_clauses(items), *((outside,) if len(outside) < len(items) else ()))
    yield from plain
    for window in plain:
        if any(item.term is not None and _may_be_bytes(item.term) for item in window):
            yield tuple(map(_in_bytes, window))


def _outside_brackets(items: tuple[Item, ...]) -> tuple[Item, ...]:
    depth = 0
    out: list[Item] = []
    for item in items:
        depth += item.kind is ItemKind.OPEN
        if not depth:
            out.append(item)
        depth = max(0, depth - (item.kind is ItemKind.CLOSE))
    return tuple(out)


def _may_be_bytes(term: Term) -> bool:
    return any(reading.assumes == "bytes" for reading in term.amount.readings) and term.amount.value < _FEWEST_BILLIONS


def _in_bytes(item: Item) -> Item:
    """`16 B` as sixteen bytes, which each of many small things takes, not as sixteen billion."""
    term = item.term
    if term is None or not _may_be_bytes(term):
        return item
    readings = tuple(reading for reading in term.amount.readings if reading.assumes == "bytes")
    return replace(item, term=replace(term, amount=replace(term.amount, readings=readings, magnitude=1.0), elided=False))


def _clauses(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """The parts between semicolons and commas with "and" or "while" behind them, where there are several."""
    ends = [at for at, item in enumerate(items) if item.kind is ItemKind.COMMA and ("semicolon" in item.tags or _joins(items, at + 1))]
    if not ends:
        return
    for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(items)], strict=True):
        yield items[start:end]


def _joins(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and bool(items[at].tags & {"and", "contrast"})


def _balanced(items: tuple[Item, ...]) -> Proposal | None:
    """The one equation that all amounts of *items* make by their dimensions; None where there is none, or several.

    An amount that tells a kind (`two 80 GB cards`) is none of them, unless there is no equation without it.
    """
    plain = tuple(item for item in items if item.term is None or "kind" not in item.term.tags)
    found = _balanced_by_all(plain)
    if found is not None or len(plain) == len(items) or any("each" in item.tags for item in items):
        return found
    return _balanced_by_all(tuple(map(_of_its_kind, items))) if not any(map(_of_something_else, items)) else None


def _of_something_else(item: Item) -> bool:
    """Whether an amount is no capacity of what is counted: "two 80 GB cards hold 70 GB of weights"."""
    term = item.term
    if term is None or "kind" in term.tags or not term.amount.hard:
        return False
    return bool(term.tags & (_NEEDED | _BOUNDING)) or not term.unknown <= lexicon().copied.keys()


def _of_its_kind(item: Item) -> Item:
    """`80 GB` of "two 80 GB cards" is what each card has."""
    term = item.term
    if term is None or "kind" not in term.tags or len(term.name) != 1:
        return item
    return replace(item, term=replace(term, per=tuple((noun, 1.0) for noun in term.name)))


def _balanced_by_all(items: tuple[Item, ...]) -> Proposal | None:
    terms = [item.term for item in items if item.term is not None]
    if not _FEWEST <= len(terms) <= _MOST or not all(map(_usable, terms)):
        return None
    tags = frozenset[str]().union(*(item.tags for item in items))
    if (
        tags & _COMPARING
        or any(item.kind is ItemKind.MARK for item in items)
        or any(item.kind is ItemKind.SIGN and not item.tags <= {"/"} for item in items)
    ):
        return None
    found = _assignment(terms)
    if found is None and any(term.optional for term in terms):
        found = _assignment([replace(term, per=()) if term.optional else term for term in terms])
    if found is None and (alike := [_merged(term) for term in terms]) != terms:
        found = _assignment(alike)
    loose = found is None and (stripped := _without_lone_scopes(terms)) != terms
    if loose:
        found = _assignment(stripped)
    if found is None:
        return None
    signs, terms = found
    counted = not any(name in HARD for term in terms for name, _ in term.dimensions)
    if (loose or not counted) and not tags & _CONNECTING:
        return None  # "a 5K-token prefix, 50 new tokens per turn, 4 turns per session": nothing says that one follows
    if loose and any(map(_loose, terms)):
        return None  # what a word left out counts, and a scope left out: two guesses are no reading
    if len(terms) > _FEWEST and not tags & _RESULT and len({sum(other == sign for other in signs) for sign in signs}) == 1:
        return None  # "sends 8 copies of 7 KB and receives 8 results of 14 KB": two products, and nothing says that they are equal
    claim = _result(items, terms, signs)
    if any(term.tags & _BOUNDING for term in terms) or _part_of_whole(terms):
        return None
    return _proposal(terms, signs, claim, "statement-units", Source.STATEMENT)


def _usable(term: Term) -> bool:
    amount = term.amount
    return not (amount.ranged or amount.multiple or amount.percent) and (bool(term.dimensions) or term.elided)


def _part_of_whole(terms: Sequence[Term]) -> bool:
    """`12 of the 64 GPUs`, `Of 64 GPUs, …`: what is part of a whole makes no product with it, unless it says what each has."""
    return any(term.whole and not term.per and not (at and terms[at - 1].per) for at, term in enumerate(terms))


def _assignment(terms: list[Term]) -> tuple[tuple[int, ...], list[Term]] | None:
    """The only choice of exponents ±1 under which the dimensions of all terms cancel, what is elided filled in."""
    open_at = [at for at, term in enumerate(terms) if term.elided or _unnamed(term)]
    if len(open_at) > 1:
        return None
    nouns = sorted({term.noun for term in terms if term.noun} | {_single(term.dimensions) for term in terms} - {""}) if open_at else [""]
    solutions: list[tuple[tuple[int, ...], list[Term]]] = []
    for noun in nouns:
        filled = list(terms)
        if open_at:
            filled[open_at[0]] = _filled(terms[open_at[0]], noun)
        solutions += [(signs, filled) for signs in _solutions([term.dimensions for term in filled])]
    return solutions[0] if len(solutions) == 1 else None


def _unnamed(term: Term) -> bool:
    return any(name == UNNAMED for name, _ in term.per)


def _filled(term: Term, noun: str) -> Term:
    if _unnamed(term):
        return replace(term, per=tuple((noun if name == UNNAMED else name, power) for name, power in term.per))
    return replace(term, noun=noun)


def _merged(term: Term) -> Term:
    """A term whose nouns are those that they may as well be: a batch a step, a prompt a request."""
    alike = lexicon().alike
    if not any(name in alike for name, _ in term.dimensions):
        return term
    own = combined(((term.amount.first.dimensions, 1.0),))
    changed = [(name, power) for name, power in own if name in alike]
    swap = combined(((((alike[name], power),), 1.0) for name, power in changed))
    per = combined(((tuple((alike.get(name, name), power) for name, power in term.per), 1.0), (tuple(changed), 1.0), (swap, -1.0)))
    return replace(term, noun=alike.get(term.noun, term.noun), per=per)


def _without_lone_scopes(terms: list[Term]) -> list[Term]:
    """The terms without a "per X" that no other amount shares: `6.2 MB at 50 GB/s take 124 µs per layer`."""
    users: dict[str, int] = {}
    for term in terms:
        for name, _ in term.dimensions:
            users[name] = users.get(name, 0) + 1
    lone = {name for term in terms for name, power in term.dimensions if power < 0 and users[name] == 1 and name not in OPEN}
    return [_without(term, lone) for term in terms]


def _without(term: Term, names: set[str]) -> Term:
    """A term whose own "per" of *names* is left out, be it in its unit or in its words."""
    if not any(name in names for name, _ in term.dimensions):
        return term
    own = tuple((name, power) for name, power in term.amount.first.dimensions if name in names and power < 0)
    kept = tuple(pair for pair in term.per if pair[0] not in names)
    return replace(term, per=(*kept, *own))


def _single(dimensions: Dimensions) -> str:
    return dimensions[0][0] if len(dimensions) == 1 and dimensions[0][1] == 1.0 and dimensions[0][0] not in HARD else ""


def _solutions(dimensions: Sequence[Dimensions]) -> Iterator[tuple[int, ...]]:
    """Exponents with +1 for the first, under which everything cancels."""
    for rest in product((1, -1), repeat=len(dimensions) - 1):
        signs = (1, *rest)
        if len(set(signs)) > 1 and not combined(zip(dimensions, signs, strict=True)):
            yield signs


def _result(items: Sequence[Item], terms: Sequence[Term], signs: Sequence[int]) -> int:
    """Which amount is the result: the last one behind a cue of results, else what all others make."""
    at, chosen, armed = -1, -1, False
    for item in items:
        if item.kind is ItemKind.CUE and item.tags & _LEADS_TO_RESULT:
            armed = True
        elif item.kind is ItemKind.STOP:
            armed = False
        if item.term is not None:
            at += 1
            if armed or "total" in item.term.tags:
                chosen, armed = at, False
    if chosen >= 0:
        return chosen
    sides = [sum(1 for other in signs if other == sign) for sign in signs]
    return sides.index(1) if 1 in sides else len(terms) - 1


def _proposal(terms: Sequence[Term], signs: Sequence[int], claim: int, family: str, source: Source) -> Proposal:
    side = signs[claim]
    factors = [term.use for at, term in enumerate(terms) if at != claim and signs[at] != side]
    divisors = [term.use for at, term in enumerate(terms) if at != claim and signs[at] == side]
    if not factors:  # everything else divides: one over it
        factors, divisors = divisors, []
    return Proposal(terms[claim].use, Relation.EQUALS, product_of(factors, divisors), source, family, "what its units leave open")


# Records


def _in_record(group: Group, headings: dict[int, tuple[Term, ...]]) -> Iterator[Proposal]:
    values = (CellRole.VALUE, CellRole.TOTAL)
    told = zip(group.terms, group.roles, strict=True)
    crowds = Counter(_spot(group, term) for term in group.terms)
    terms = [
        term for term, role in told
        if role in values and _usable(term) and not term.tags & _NO_COUNT and crowds[_spot(group, term)] <= _MOST_OF_A_LABEL
    ]  # fmt: skip
    if len(terms) < 2 or len(terms) > _MOST_RECORD:
        return
    counters = [*terms, *headings.get(group.section, ())]
    used: set[int] = set()
    for whole in terms:
        for each in terms:
            if each is whole or each.name != whole.name or not each.name:
                continue
            below = _below(each, whole)
            relation = _extends(whole, below) if below is not None else None
            if below is None or relation is None:
                continue
            matching = [term for term in counters if term is not whole and term is not each and _counts(term, below)]
            if len(matching) == 1:
                used.update((id(whole), id(each), id(matching[0])))
                yield Proposal(
                    whole.use, relation, product_of([each.use, matching[0].use], []), Source.GRID, "row-units",
                    "what each has, times how many there are", forced=group.sure,
                )  # fmt: skip
    closed = len(terms) == _FEWEST == len(group.terms) and all(term.label for term in terms)
    if not used and closed and not group.holder and not group.mark:
        yield from _closed(terms)


def _spot(group: Group, term: Term) -> tuple[int, int]:
    """The cell, or the line of a list or fence, in which a term stands."""
    return term.place.block, term.place.line if group.layout not in (Layout.TABLE, Layout.HTML) else -1


def _extends(whole: Term, below: Dimensions) -> Relation | None:
    """How a whole stands to what each has times their number; None for what does not add up over them.

    Times run beside each other; places may stay empty or hold copies; of things that differ, one times their number is not all.
    """
    noun = next(name for name, power in below if power > 0)
    if whole.amount.hard == (("time", 1.0),):
        return None
    above = {name: power for name, power in whole.dimensions if power > 0}
    if above.keys() & lexicon().unlike.get(noun, frozenset()):
        return None
    copied = whole.dimensions in tuple(((name, 1.0),) for name in lexicon().copied.get(noun, ()))
    empty = noun in lexicon().containers and not whole.amount.hard
    return Relation.AT_MOST if copied or empty else Relation.EQUALS


def _below(each: Term, whole: Term) -> Dimensions | None:
    """The dimensions of the number that makes *whole* of *each*: one counted noun, perhaps per another."""
    rest = combined(((whole.dimensions, 1.0), (each.dimensions, -1.0)))
    counted = [power for name, power in rest if name not in HARD]
    return rest if len(counted) == len(rest) and sorted(counted)[-1:] == [1.0] and sum(power > 0 for power in counted) == 1 else None


def _counts(term: Term, dimensions: Dimensions) -> bool:
    """Whether a term is the plain number that *dimensions* ask for: no other word stands in its name."""
    return term.dimensions == dimensions and not term.amount.hard and len(term.name) <= 1 and not term.tags & _BOUNDING


def _closed(terms: Sequence[Term]) -> Iterator[Proposal]:
    """A list of three amounts that one rate relates: hours, price, cost; volume, link, time. What a rate allows is a bound: a transfer may
    be slower than its link, a bill may hold more than hours."""
    hard = sum(1 for term in terms if term.amount.hard)
    dimensions = [term.dimensions for term in terms]
    if hard < 2 or any(one == two for one, two in combinations(dimensions, 2)) or any(term.tags & _BOUNDING for term in terms):
        return
    solutions = list(_solutions(dimensions))
    if len(solutions) != 1:
        return
    claim = len(terms) - 1
    least = _least(terms[claim])
    if least is not None:
        relation = Relation.AT_LEAST if least else Relation.AT_MOST
        yield replace(_proposal(terms, solutions[0], claim, "row-units", Source.GRID), relation=relation)


def _least(claim: Term) -> bool | None:
    """Whether the product of the others is the least (True) or the most (False) that a claim may be; None where it may be either."""
    dimensions = dict(claim.dimensions)
    if dimensions.get("time") == 1.0 or dimensions.get("money") == 1.0:
        return True
    return None if dimensions.get("time", 0.0) < 0 else False


def _counts_of_headings(statements: Sequence[Statement]) -> dict[int, tuple[Term, ...]]:
    """The plain counts that a section's own heading states: "Figures of one node (8 GPUs)"."""
    found: dict[int, tuple[Term, ...]] = {}
    for statement in statements:
        if statement.heading:
            found[statement.section] = tuple(term for term in statement.terms if _usable(term) and term.noun and not term.per)
    return found
