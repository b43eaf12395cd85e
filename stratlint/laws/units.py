"""The law of units: the exponents of units and counted nouns of all factors add up to those of the result.

It carries every extension (per-X × number of X), rate × time, price × hours and bytes ÷ bandwidth alike. Inside a statement it asks that
every amount is used, and that only one assignment of factors and divisors makes the dimensions meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from stratlint.claims.amount import combined
from stratlint.claims.units import HARD, Dimensions
from stratlint.laws.clauses import of_one_subject
from stratlint.laws.spots import results_of, without_operands
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Place, Proposal, Relation, Source
from stratlint.meaning.proposal import product as product_of
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.meaning.subjects import UNNAMED

FEWEST, _MOST = 3, 6
_MOST_STATEMENTS = 3
# Fewer bytes than this are what an element or a parameter takes.
FEWEST_BILLIONS = 33.0
_NEEDED = frozenset({"used", "required"})
# Roles under which an amount is no whole: a bound, a part, a rest, a change.
BOUNDING = frozenset({"only", "least_words", "free", "limit", "floor", "change", "target", "range", "mean", "maximum", "minimum"})
# A bandwidth in one direction and one in both differ by two.
_COMPARING = frozenset({"versus", "fits", "fails", "change", "direction"})
_RESULT = frozenset({"equals", "takes", "therefore", "total"})
_FOLLOWING = frozenset({"therefore", "takes", "total", "each"})
_LEADS_TO_RESULT = _RESULT | {"namely"}
_CONCLUDING = frozenset({"namely", "therefore"})
# What no amount may leave out: measured units, and the thing that "each" stands for.
OPEN = HARD | {UNNAMED}
_CONNECTING = _RESULT | {"has", "each"}


def proposals(page: Page) -> Iterator[Proposal]:
    """Products and quotients that the page states in sentences."""
    statements = page.statements
    done: set[int] = set()
    for at, statement in enumerate(statements):
        if statement.code:
            continue
        results = _places(statement.items, results_of(statement.items))  # what a computation gives is no claim of the sentence around it
        for window in _windows(statement.items):
            proposal = _balanced(window)
            if proposal is not None and proposal.claim.place not in results:
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


def _places(items: Sequence[Item], positions: frozenset[int]) -> frozenset[Place]:
    return frozenset(term.place for at in positions if (term := items[at].term) is not None)


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
    """What of a statement may make one equation: all of it, its clauses, what stands outside of brackets, the results of its computations;
    a lone `B` as bytes."""
    outside, results = _outside_brackets(items), without_operands(items)
    plain = (items, *_clauses(items), *((outside,) if len(outside) < len(items) else ()), *((results,) if results else ()))
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
    return any(reading.assumes == "bytes" for reading in term.amount.readings) and term.amount.value < FEWEST_BILLIONS


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
    return bool(term.tags & (_NEEDED | BOUNDING)) or not term.unknown <= lexicon().copied.keys()


def _of_its_kind(item: Item) -> Item:
    """`80 GB` of "two 80 GB cards" is what each card has."""
    term = item.term
    if term is None or "kind" not in term.tags or len(term.name) != 1:
        return item
    return replace(item, term=replace(term, per=tuple((noun, 1.0) for noun in term.name)))


def _balanced_by_all(items: tuple[Item, ...]) -> Proposal | None:
    terms = [item.term for item in items if item.term is not None]
    if not FEWEST <= len(terms) <= _MOST or not all(map(usable, terms)):
        return None
    tags = frozenset[str]().union(*(item.tags for item in items))
    if (
        tags & _COMPARING
        or any(item.kind is ItemKind.MARK for item in items)
        or any(item.kind is ItemKind.SIGN and not item.tags <= {"/"} for item in items)
    ):
        return None
    if not of_one_subject(items):
        return None
    if _converts(items):
        return None  # "1-year term: $1.84/hour = $1,325/month": the two are one amount, and the others something else
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
    if len(terms) > FEWEST and not tags & _RESULT and len({sum(other == sign for other in signs) for sign in signs}) == 1:
        return None  # "sends 8 copies of 7 KB and receives 8 results of 14 KB": two products, and nothing says that they are equal
    claim = _result(items, terms, signs)
    if terms[claim].noun and "required" in terms[claim].tags:
        return None  # "needs 8 cards of 80 GB": as many at least
    if any(term.tags & BOUNDING for term in terms) or _part_of_whole(terms):
        return None
    measured = sum(any(name in HARD for name, _ in term.dimensions) for term in terms) > 1
    # "17 rows of 24 cabinets, 408 in all"; "96 GPUs, i.e. 12 nodes of 8 GPUs".
    sure = measured or "total" in terms[claim].tags or (_are_hardware(terms) and _follows(items, claim))
    return solved(terms, signs, claim, "statement-units" if sure else "statement-counts", Source.STATEMENT)


def _are_hardware(terms: Sequence[Term]) -> bool:
    """Whether nothing is counted but devices and what holds them."""
    nouns = {name for term in terms for name, _ in term.dimensions}
    return "device" in nouns and nouns - {"device"} <= lexicon().containers


def _follows(items: Sequence[Item], claim: int) -> bool:
    """Whether a cue right before the amount at *claim* says that it is what the others make."""
    at = [index for index, item in enumerate(items) if item.term is not None]
    ahead = items[at[claim - 1] + 1 : at[claim]] if claim else ()
    return any(item.kind is ItemKind.CUE and item.tags & _CONCLUDING for item in ahead)


def _converts(items: Sequence[Item]) -> bool:
    """Whether a sign makes two amounts of one kind equal."""
    for at, sign in enumerate(items[:-1]):
        two = items[at + 1].term
        if two is None or sign.kind is not ItemKind.CUE or sign.word != "=":
            continue
        one = next((item.term for item in reversed(items[:at]) if item.kind not in (ItemKind.SIGN, ItemKind.WORD)), None)
        if one is not None and one.amount.hard and {name for name, _ in one.amount.hard} == {name for name, _ in two.amount.hard}:
            return True
    return False


def usable(term: Term) -> bool:
    """Whether an amount may be a factor or a result: one value that counts or measures something."""
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
        solutions += [(signs, filled) for signs in solutions_of([term.dimensions for term in filled])]
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
    lone -= {name for term in terms if _is_price(term) for name, _ in term.dimensions}
    return [_without(term, lone) for term in terms]


def _is_price(term: Term) -> bool:
    """`€2.99 for each GPU-hour`: a price is of nothing without what it is for."""
    dimensions = dict(term.amount.first.dimensions)
    return dimensions.get("money") == 1.0 and any(power < 0 for power in dimensions.values())


def _without(term: Term, names: set[str]) -> Term:
    """A term whose own "per" of *names* is left out, be it in its unit or in its words."""
    if not any(name in names for name, _ in term.dimensions):
        return term
    own = tuple((name, power) for name, power in term.amount.first.dimensions if name in names and power < 0)
    kept = tuple(pair for pair in term.per if pair[0] not in names)
    return replace(term, per=(*kept, *own))


def _single(dimensions: Dimensions) -> str:
    return dimensions[0][0] if len(dimensions) == 1 and dimensions[0][1] == 1.0 and dimensions[0][0] not in HARD else ""


def solutions_of(dimensions: Sequence[Dimensions]) -> Iterator[tuple[int, ...]]:
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


def solved(terms: Sequence[Term], signs: Sequence[int], claim: int, family: str, source: Source) -> Proposal:
    """The equation of *terms* under the exponents *signs*, solved for the term at *claim*."""
    side = signs[claim]
    factors = [term.use for at, term in enumerate(terms) if at != claim and signs[at] != side]
    divisors = [term.use for at, term in enumerate(terms) if at != claim and signs[at] == side]
    if not factors:  # everything else divides: one over it
        factors, divisors = divisors, []
    return Proposal(terms[claim].use, Relation.EQUALS, product_of(factors, divisors), source, family, "what its units leave open")
