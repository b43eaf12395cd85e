"""Sums that a page states in words: parts and their total, in one sentence or in sentences that follow each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.laws.comparable import is_content, per
from stratlint.laws.spots import (
    Spot,
    above,
    alike,
    between,
    depth_within,
    has_kind,
    is_bare,
    is_figure,
    is_statistic,
    spots_of,
    stated,
    tags_of,
)
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Expression, Proposal, Relation, Source, total
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "statement-sum"
IN_SENTENCE = "sentence-sum"
_FEWEST = 2
_MOST_SENTENCES = 12
# Roles under which an amount is no part of a sum: a bound, another time, a statistic, a rest.
_NO_PART = frozenset(
    {
        "attributive", "limit", "floor", "target", "before", "after", "mean", "maximum", "minimum", "each", "change", "evenly", "q50",
        "q90", "q95", "q99", "q999",
    }
)  # fmt: skip
# Cues between parts that relate them otherwise than as parts.
_NO_JOIN = frozenset(
    {
        "from", "to", "versus", "change", "therefore", "fits", "fails", "per", "limit", "floor", "target", "including", "minus", "range",
        "inside",
        "namely",
    }
)  # fmt: skip
_RESULT = frozenset({"total", "adds"})
# What a colon closes with no word of totals is a list of parts only if they are several, and most of it.
_FEWEST_LISTED = 3
_MOST_OFF = 2.0
_MOST_NAMES = 3


def proposals(page: Page) -> Iterator[Proposal]:
    """The sums that the page's statements say."""
    for statement in page.statements:
        yield from _in_statement(statement)
    yield from _across(page.statements)


def _in_statement(statement: Statement) -> Iterator[Proposal]:
    if statement.heading or len(statement.terms) <= _FEWEST:
        return
    spots = spots_of(statement)
    for spot in spots:
        found = _total_behind(statement, spots, spot) or _whole_ahead(statement, spots, spot)
        if found is not None:
            yield found
            return


def _total_behind(statement: Statement, spots: Sequence[Spot], result: Spot) -> Proposal | None:
    """`A takes 35 GB, B 20 GB and C 9 GB, 64 GB in all`, `A plus B add up to 64 GB`."""
    if result.number < _FEWEST or is_bare(result.term) or not _is_result(statement, spots, result):
        return None
    parts = _parts_before(statement, spots, result)
    if parts is None:
        return None
    whole = result.term
    relation = Relation.AT_LEAST if whole.whole else _adding([statement])
    otherwise: list[Expression] = []
    first = parts[0].term
    if len(parts) > _FEWEST and first.tags & {"capacity", "total"}:
        otherwise.append(total([part.term.use for part in parts[1:]]))
    return _proposal(whole, relation, [part.term for part in parts], statement.asserted, tuple(otherwise), family=IN_SENTENCE)


def _adding(statements: Sequence[Statement]) -> Relation:
    """How a total stands to its parts: at the same time they take less, "overlapped, they take 350 ms in all"."""
    overlaps = any("overlapping" in tags_of(statement.items) for statement in statements)
    return Relation.AT_MOST if overlaps else Relation.EQUALS


def _is_result(statement: Statement, spots: Sequence[Spot], result: Spot) -> bool:
    term = result.term
    if not is_figure(term) or term.tags & (_NO_PART - {"each"}):
        return False
    if any(item.kind is ItemKind.SIGN for item in between(statement, spots[result.number - 1], result)):
        return False  # "8.3 s and 3.5 s; 8.3 + 7.0 = 15.3 s": the result of what is written out
    ahead = between(statement, spots[result.number - 1], result)
    start = max((at for at, item in enumerate(ahead) if item.kind in (ItemKind.COMMA, ItemKind.STOP)), default=-1)
    tags = tags_of(ahead[start + 1 :])
    if "each" in term.tags or "each" in tags:
        return False
    if tags & {"adds", "total"} or "total" in term.tags:
        return True
    if _closes_list(statement, spots, result):
        return True
    plus = all("plus" in tags_of(between(statement, one, two)) for one, two in pairwise(spots[: result.number]))
    return plus and "equals" in tags


def _closes_list(statement: Statement, spots: Sequence[Spot], result: Spot) -> bool:
    """`Load 18 ms, forward 142 ms, backward 271 ms: one iteration costs 431 ms`: different things of one unit, and what holds them all."""
    parts = [spot.term for spot in spots[: result.number]]
    ahead = between(statement, spots[result.number - 1], result)
    rest = [item for item in statement.items[result.at + 1 :] if item.kind is not ItemKind.STOP]
    if len(parts) < _FEWEST_LISTED or rest or not has_kind(ahead, ItemKind.COLON) or not tags_of(ahead) & {"takes", "equals"}:
        return False
    listed = [between(statement, one, two) for one, two in pairwise(spots[: result.number])]
    if any(has_kind(items, ItemKind.COLON, ItemKind.STOP, ItemKind.OPEN) or not has_kind(items, ItemKind.COMMA) for items in listed):
        return False
    names = [name for part in parts for name in part.name]
    sizes = [part.amount.first.nominal for part in parts]
    whole = result.term.amount.first.nominal
    different = all(part.name and part.amount.hard == result.term.amount.hard for part in parts) and len(set(names)) == len(names)
    return different and bool(result.term.amount.hard) and max(sizes) < whole and 1 / _MOST_OFF < sum(sizes) / whole < _MOST_OFF


def _parts_before(statement: Statement, spots: Sequence[Spot], result: Spot) -> list[Spot] | None:
    """The amounts before a total that make it; None where one of them is of another kind, or stands otherwise to its neighbours."""
    parts: list[Spot] = []
    for spot in spots[: result.number]:
        if spot.depth > result.depth:
            continue
        named = is_bare(spot.term) and not spot.term.elided
        fits = alike(result.term, spot.term) or _alike_of_each(result.term, spot.term)
        if named or not fits or spot.term.tags & _NO_PART or spot.term.whole:
            return None
        parts.append(spot)
    if len(parts) < _FEWEST or not _of_one(result.term, [part.term for part in parts]):
        return None
    for one, two in pairwise(parts):
        if tags_of(between(statement, one, two)) & _NO_JOIN:
            return None
    return parts


def _alike_of_each(whole: Term, part: Term) -> bool:
    """`Each GPU keeps 32.1 GB plus 6.0 GB, in total 38.1 GB`: the total need not say again of what it is."""
    return is_figure(whole) and is_figure(part) and bool(part.amount.hard) and above(whole) == above(part) and not per(whole)


def _of_one(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether parts of each of several make the total of each, not that of all of them, which is twice as much at least."""
    scopes = {per(part) for part in parts}
    if scopes <= {(), per(whole)}:
        return True
    size = sum(part.amount.first.nominal for part in parts)
    return len(scopes) == 1 and size > 0 and 1 / _MOST_OFF < whole.amount.first.nominal / size < _MOST_OFF


def _whole_ahead(statement: Statement, spots: Sequence[Spot], whole: Spot) -> Proposal | None:
    """`96 GPUs: 64 for prefill and 32 for decoding`, `490 ms, which is made up of …`, `61 GB (weights 35 GB, cache 26 GB)`."""
    following = spots[whole.number + 1 :]
    if len(following) < _FEWEST or is_bare(whole.term) or not is_figure(whole.term) or whole.term.tags & (_NO_PART - {"maximum"}):
        return None
    opening = between(statement, whole, following[0])
    tags = tags_of(opening)
    made_up, including = "made_up" in tags, "including" in tags or (whole.term.whole and not whole.number)
    # Brackets and colons open a list of parts only right behind the whole and the few words that name it.
    named = sum(is_content(item) and item.word not in whole.term.name for item in opening)
    clean = named <= _MOST_NAMES and not has_kind(opening, ItemKind.COMMA, ItemKind.STOP, ItemKind.CLOSE)
    if made_up and _of_another(opening):
        return None
    brackets = (
        clean and has_kind(opening, ItemKind.OPEN) and not has_kind(opening, ItemKind.COLON) and following[0].depth == whole.depth + 1
    )
    colon = clean and has_kind(opening, ItemKind.COLON) and following[0].depth == whole.depth
    if not (made_up or including or brackets or colon) or (tags & _NO_JOIN) - {"including"}:
        return None
    parts = _parts_behind(statement, following, following[0].depth, whole.term)
    if parts is None or any(is_bare(part.term) and not _says_what(statement, spots, part) for part in parts):
        return None
    joined = tags_of(between(statement, parts[-2], parts[-1])) & {"and", "plus"}
    if not (made_up or including) and not joined and not brackets:
        return None
    relation = Relation.AT_LEAST if including and not made_up else Relation.EQUALS
    return _proposal(whole.term, relation, [part.term for part in parts], statement.asserted, family=IN_SENTENCE)


def _of_another(opening: Sequence[Item]) -> bool:
    """ "a 1.4 GB table, with the cache split into 8 GB and 3 GB": what is made up of the parts is named behind the comma."""
    comma = next((at for at, item in enumerate(opening) if item.kind is ItemKind.COMMA), len(opening))
    cue = next((at for at, item in enumerate(opening) if "made_up" in item.tags), len(opening))
    return any(is_content(item) and not item.tags for item in opening[comma:cue])


def _parts_behind(statement: Statement, following: Sequence[Spot], depth: int, whole: Term) -> list[Spot] | None:
    """The parts that follow a whole, up to the end of the sentence or of the brackets."""
    parts: list[Spot] = []
    previous: Spot | None = None
    for spot in following:
        if previous is not None:
            items = between(statement, previous, spot)
            ends = has_kind(items, ItemKind.STOP) or "semicolon" in tags_of(items)
            if ends or spot.depth < depth or depth_within(items) < 0:
                break
            if spot.depth > depth:
                continue
            if tags_of(items) & _NO_JOIN:
                return None
        if not alike(whole, spot.term) or spot.term.tags & (_NO_PART | {"free", "total"}) or spot.term.whole:
            return None
        parts.append(spot)
        previous = spot
    return parts if len(parts) >= _FEWEST else None


def _says_what(statement: Statement, spots: Sequence[Spot], part: Spot) -> bool:
    """Whether words follow a bare number: "384 for training"."""
    following = spots[part.number + 1] if part.number + 1 < len(spots) else None
    items = between(statement, part, following)
    return bool(items) and items[0].kind in (ItemKind.WORD, ItemKind.CUE) and not items[0].tags & {"and", "range"}


def _across(statements: Sequence[Statement]) -> Iterator[Proposal]:
    """`Prefill pool: 24 GPUs. Decode pool: 40 GPUs. Both pools together: 64 GPUs.`, and lines of a fence with a total below."""
    start = 0
    for at, statement in enumerate(statements):
        if at and (statement.block != statements[at - 1].block or statement.heading):
            start = at
        whole = stated(statement)
        if whole is None or is_bare(whole) or not is_figure(whole):
            continue
        tags = statement.tags() | whole.tags
        if not tags & _RESULT or tags & (_NO_PART | _NO_JOIN):
            continue
        if statement.code and not whole.amount.hard:
            start = at + 1
            continue  # names of attributes and keys with numbers behind them are no parts of one another
        lines = statements[start:at]
        trunk = [other for other in lines if "branch" not in other.tags()]
        parts = [_part(other, whole) for other in trunk or lines]  # the branches of a tree are in the lines that they hang from
        known = [part for part in parts if part is not None]
        plainly = not (_multiplied(statement) or "reworked" in tags_of(statement.items) or is_statistic(whole, known))
        if _FEWEST <= len(known) == len(parts) <= _MOST_SENTENCES and plainly:
            yield _proposal(whole, _adding([*lines, statement]), known, statement.asserted)
        start = at + 1


def _multiplied(statement: Statement) -> bool:
    """ "Total: 112 GB × 8 cards = 896 GB": the sum is what is multiplied."""
    return any(item.kind is ItemKind.SIGN and not item.tags & {"+"} for item in statement.items)


def _part(statement: Statement, whole: Term) -> Term | None:
    term = stated(statement)
    if term is None or is_bare(term) or not statement.asserted:
        return None
    tags = statement.tags() | term.tags
    fits = alike(whole, term) and per(whole) == per(term) and not tags & (_NO_PART | _NO_JOIN | _RESULT | {"free"})
    return term if fits else None


def _proposal(
    whole: Term, relation: Relation, parts: Sequence[Term], asserted: bool, otherwise: tuple[Expression, ...] = (), family: str = FAMILY
) -> Proposal:
    return Proposal(
        whole.use, relation, total([part.use for part in parts]), Source.STATEMENT, family, "parts of the total",
        asserted=asserted, otherwise=otherwise,
    )  # fmt: skip
