"""Division: what is split evenly leaves nothing over, whatever the things and the places are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from stratlint.claims.amount import Amount, AmountReading, constant
from stratlint.claims.interval import exactly
from stratlint.laws.comparable import is_content
from stratlint.laws.spots import Spot, spots_of, tags_of
from stratlint.laws.spread import THINGS
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_FAMILY = "statement-division"
# So many words may stand between a number and the word that says how it is placed.
_NEAR = 2
# No sentence that is meant to be read goes on for longer.
_REACH = 60
# Cues under which a split need not be even, or is none.
_BARRED = frozenset({"fails", "uneven", "therefore", "versus", "change", "and"})
# Cues and words under which a sentence tells of more or fewer things than it counts, and those by which a clause denies the split, wants
# it, or makes it so.
_OF_OTHERS = frozenset({"condition", "altering"})
_NOT_SO = frozenset({"fails", "purpose", "wished"})
_ENDS = frozenset({ItemKind.STOP, ItemKind.COMMA, ItemKind.COLON, ItemKind.OPEN, ItemKind.CLOSE, ItemKind.SIGN, ItemKind.MARK})


def proposals(page: Page) -> Iterator[Proposal]:
    """The even splits that the page's statements state."""
    for statement in page.statements:
        if statement.asserted and "uneven" not in statement.tags():
            yield from _in_statement(statement)


def _in_statement(statement: Statement) -> Iterator[Proposal]:
    spots = spots_of(statement)
    yield from _whole_things(statement, spots)
    for left, right in pairwise(spots):
        found = _split(statement, left, right) if not _denied(statement, left, right) else None
        if found is not None and all(_counts(statement, spot) for spot in found):
            things, places = sorted(found, key=lambda spot: -spot.term.amount.value)  # fewer heads may be shared by more ranks
            yield Proposal(
                things.term.use, Relation.DIVIDES, places.term.use, Source.STATEMENT, _FAMILY, "an even split leaves nothing over"
            )


def _whole_things(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`exactly 8.5 blocks per rank`, `0.5 shards each, perfectly balanced`: what is placed evenly is placed whole."""
    if "evenly" not in statement.tags() or statement.tags() & {"uneven", "fails"}:
        return
    sure = not statement.tags() & {"mean", "modal", "condition"}
    for spot in spots:
        term, amount = spot.term, spot.term.amount
        powers = dict(term.dimensions)
        counted = bool(term.noun) or (sure and any(powers.get(thing, 0.0) > 0 for thing in THINGS))
        shared = bool(term.per) or "each" in term.tags or any(power < 0 for power in powers.values())
        other = amount.hard or "time" in powers or term.tags & {"change", "mean"}  # "more by a factor of 4.5, exactly the ratio of …"
        placed = counted and shared and not other and _said_of(statement, spot)
        plain = amount.magnitude == 1.0 and not (amount.approximate or amount.ranged or amount.bound or amount.percent or amount.multiple)
        if placed and plain and not float(amount.value).is_integer():
            exact = replace(amount, exact=True, digits=exactly(amount.value), readings=(_exactly(amount),))
            yield Proposal(
                replace(term.use, amount=exact), Relation.DIVIDES, Use(constant(1.0, "whole things")), Source.STATEMENT, _FAMILY,
                "what is spread evenly is placed whole",
            )  # fmt: skip


def _said_of(statement: Statement, spot: Spot) -> bool:
    """Whether a cue says "evenly" or "exactly" of this number: right before it, or behind it with nothing else named in between."""
    items = statement.items
    if any("evenly" in item.tags for item in items[max(0, spot.at - _NEAR) : spot.at]) or "evenly" in spot.term.tags:
        return True
    depth = named = 0
    for item in items[spot.at + 1 :]:
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        if item.term is not None or item.kind is ItemKind.STOP or depth < 0:
            return False
        if "evenly" in item.tags:
            return True
        named += is_content(item)
        if named > _NEAR:
            return False
    return False


def _exactly(amount: Amount) -> AmountReading:
    first = amount.first
    return replace(first, interval=exactly(first.nominal))


def _split(statement: Statement, left: Spot, right: Spot) -> tuple[Spot, Spot] | None:
    """What is split, and over what: "100 modules are spread evenly over 8 GPUs", "each of 8 ranks gets an equal share of 64 experts"."""
    inner = statement.items[left.at + 1 : right.at]
    if _concluded(statement, left, right, inner):
        return left, right
    if not inner or any(item.kind in _ENDS and item.tags != {"="} for item in inner) or left.depth != right.depth:
        return None
    tags = tags_of(inner)
    if tags & _BARRED or (left.term.tags & {"fails"}):
        return None
    even = _evenly(inner)
    behind = statement.items[right.at + 1 : right.at + 2]
    if "each" in _first_tags(statement, left) and even:
        return right, left
    if even and (tags & {"split", "by"} or _placed(inner)):
        return left, right
    if "by" in tags and behind and "evenly" in behind[0].tags:
        return left, right  # "N 个 可以被 M 整除"
    placed = all("function" in item.tags for item in inner) and "evenly" in right.term.tags
    if placed and left.term.noun and right.term.noun:
        return left, right  # "64 shards on 12 ranks stay balanced"
    if "split" in tags and behind and "evenly" in behind[0].tags:
        # "40 layers form 8 equal stages", "PP = 8 splits 40 layers evenly"
        return (right, left) if left.term.degree is not None and _begins_split(inner) else (left, right)
    return None


def _denied(statement: Statement, left: Spot, right: Spot) -> bool:
    """Whether the words around a split say that it is not so yet: `neither 61 nor 62`, `so that the 30 nodes`, `once six are added`."""
    items = statement.items
    sentence = _begin(items, left.at, (ItemKind.STOP, ItemKind.COLON))
    clause = _begin(items, left.at, (ItemKind.STOP, ItemKind.COLON, ItemKind.COMMA))
    last = min(right.at + _REACH, len(items))
    end = next((at for at in range(right.at, last) if items[at].kind is ItemKind.STOP), last)
    return bool(tags_of(items[sentence:end]) & _OF_OTHERS or tags_of(items[clause : right.at]) & _NOT_SO)


def _begin(items: Sequence[Item], at: int, ends: Sequence[ItemKind]) -> int:
    """Where the stretch that holds *at* begins, behind the last item of one of the kinds that end one."""
    first = max(at - _REACH, 0)
    return next((place + 1 for place in range(at - 1, first - 1, -1) if items[place].kind in ends), first)


def _placed(inner: tuple[Item, ...]) -> bool:
    """`fall evenly on the`: how things are placed, and behind it nothing but a preposition."""
    at = max((at for at, item in enumerate(inner) if "uniformly" in item.tags), default=len(inner))
    behind = inner[at + 1 :]
    return bool(behind) and "preposition" in behind[0].tags and all("function" in item.tags for item in behind)


def _concluded(statement: Statement, left: Spot, right: Spot, inner: tuple[Item, ...]) -> bool:
    """`40 heads, TP=8 → splits cleanly`: things and a degree, alone in their statement, and what follows from them."""
    over = "split" in tags_of(inner) and bool(right.term.noun)  # "72 layers over 8 stages: an even split"
    if len(statement.terms) != 2 or not (right.term.degree or over) or left.term.degree is not None or not left.term.noun:
        return False
    named = all(item.kind in (ItemKind.COMMA, ItemKind.WORD) or item.tags & {"equals", "has", "split"} for item in inner)
    behind = [item for item in statement.items[right.at + 1 :] if item.kind not in (ItemKind.STOP, ItemKind.COLON, ItemKind.COMMA)]
    tags = tags_of(behind)
    said = bool({"evenly", "split"} <= tags) and not tags & (_BARRED - {"therefore"})
    return named and said and all(item.tags for item in behind)


def _evenly(inner: tuple[Item, ...]) -> bool:
    """Whether a cue says so of the split; right before a number ("over exactly 8 GPUs") it is about the number."""
    return any("evenly" in item.tags for item in inner[:-1])


def _begins_split(inner: tuple[Item, ...]) -> bool:
    return "split" in inner[0].tags


def _first_tags(statement: Statement, spot: Spot) -> frozenset[str]:
    """The tags of the few items before a term."""
    return tags_of(statement.items[max(0, spot.at - 3) : spot.at])


def _counts(statement: Statement, spot: Spot) -> bool:
    """Whether a term is a whole number of things, and no factor of something."""
    term: Term = spot.term
    amount = term.amount
    if not amount.exact or amount.ranged or amount.bound or amount.approximate or amount.percent or amount.multiple or amount.hard:
        return False
    barred = {"limit", "floor", "mean", "change"} if _of_so_many(statement, spot) else {"limit", "floor", "mean", "part", "change"}
    if amount.value < 2 or term.whole or term.tags & barred:
        return False
    around = statement.items[max(0, spot.at - 1) : spot.at + 2]
    return not any(item.kind is ItemKind.SIGN for item in around)


def _of_so_many(statement: Statement, spot: Spot) -> bool:
    """Whether an "of" behind places says how many things each has: "eight stages of 8 layers"."""
    behind = next((item.term for item in statement.items[spot.at + 1 :] if item.term is not None), None)
    return behind is not None and (spot.term.noun, 1.0) in behind.per
