"""Partitions: ranges of numbered places that follow each other without a gap, as many as are stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from stratlint.claims.amount import constant
from stratlint.laws.spots import is_bare, spots_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Place, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Extent, Item, ItemKind, Statement, Term

_FAMILY = "partition"
# Fewer boundaries say nothing of the others.
_LEAST_BOUNDARIES = 2
# Names of places that are numbered alike.
_SAME = {"rank": "device"}
_NO_COUNT = frozenset({"only", "least_words", "free", "change", "limit", "floor", "mean", "part", "before"})
# What pairs in brackets hold that no key names, and how many items a key has at most, with its quotation marks and colon.
_PLACES, _KEY = "places", 4
_FOLLOW = "ranges follow each other"
# `[0, 15]`: the items of a pair in brackets.
_PAIR = (ItemKind.OPEN, ItemKind.TERM, ItemKind.COMMA, ItemKind.TERM, ItemKind.CLOSE)


@dataclass(frozen=True, slots=True)
class _Range:
    """Places of a kind from `low` to `high`, both included; `first` and `last` are the terms that state its ends."""

    noun: str
    low: float
    high: float
    first: Term
    last: Term

    @property
    def size(self) -> float:
        """How many places it holds."""
        return self.high - self.low + 1

    @property
    def begin(self) -> Use:
        """Its lower end as an operand."""
        return self._end(self.first, self.low)

    @property
    def end(self) -> Use:
        """Its upper end as an operand."""
        return self._end(self.last, self.high)

    @staticmethod
    def _end(term: Term, value: float) -> Use:
        return Use(constant(value), term.place, f"an end of {term.amount.text}") if term.extent is not None else term.use


def proposals(page: Page) -> Iterator[Proposal]:
    """What the ranges of a page say of each other, of their sizes and of the number of things there are."""
    seen: set[tuple[int, int]] = set()
    counts = _counts(page)
    # "The 64 layers are cut into three stages: …": all of them are.
    split = frozenset(term.place for each in page.statements if each.tags() & {"split", "made_up"} for term in each.terms)
    for asserted, source, ranges in _rows(page):
        key = (ranges[0].first.place.block, ranges[0].first.place.start)
        if key not in seen:
            seen.add(key)
            yield from _of_row(counts, ranges, source, asserted, split)
    yield from _counted_beside(page)
    for statement in page.statements:
        yield from _sizes(statement)
        yield from _equal_parts(counts, statement)


def _rows(page: Page) -> Iterator[tuple[bool, Source, list[_Range]]]:
    """Ranges of one kind of place that stand in one column, list, array or sentence."""
    for group in page.groups:
        if group.axis is Axis.SERIES:
            for ranges in _by_noun(_ranges(group.terms)):
                yield group.asserted, Source.GRID, ranges
    for _, records in groupby((group for group in page.groups if group.axis is Axis.RECORD), key=lambda group: group.grid):
        several = list(records)
        asserted = all(group.asserted for group in several)
        ends = [_of_two_ends(group) for group in several]
        if len(ends) > _LEAST_BOUNDARIES and all(ends):
            for ranges in _by_noun([each for each in ends if each is not None]):
                yield asserted, Source.GRID, ranges
        for ranges in _by_noun([each for group in several for each in _ranges(group.terms)]):
            yield asserted, Source.GRID, ranges
    for _, run in groupby(page.statements, key=lambda each: (each.section, each.block if not each.list_path else -1, each.list_path[:-1])):
        statements = list(run)
        asserted = all(statement.asserted for statement in statements)
        for ranges in _by_noun([each for statement in statements for each in _ranges(_with_elided(statement.terms))]):
            yield asserted, Source.STATEMENT, ranges
        inside = [_in_brackets(statement) for statement in statements]
        for ranges in _by_noun([each for pairs in inside for each in pairs if each.noun != _PLACES]):  # one key in several lines
            yield asserted, Source.STATEMENT, ranges
        for statement, pairs in zip(statements, inside, strict=True):
            for ranges in _by_noun([replace(each, noun=_PLACES) for each in pairs]):
                yield statement.asserted, Source.STATEMENT, ranges


def _ranges(terms: Iterable[Term]) -> list[_Range]:
    return [
        _Range(_SAME.get(term.extent.noun, term.extent.noun), term.extent.first, term.extent.last, term, term)
        for term in terms
        if term.extent is not None and term.extent.noun
    ]


def _with_elided(terms: Sequence[Term]) -> Iterator[Term]:
    """`Layers 0–19, 20–39 and 40–59`: ranges without a noun are of that of the one before them."""
    noun = ""
    for term in terms:
        noun = term.extent.noun if term.extent is not None else noun if is_bare(term) and term.amount.ranged else ""
        digits = term.amount.digits
        whole = digits.low >= 0 and digits.low.is_integer() and digits.high.is_integer() and term.degree is None
        yield replace(term, extent=Extent(noun, digits.low, digits.high)) if noun and term.extent is None and whole else term


def _of_two_ends(group: Group) -> _Range | None:
    """A record with two numbers of one kind, the lower one first: "first layer" and "last layer"."""
    counts = [term for term in group.terms if term.noun and term.amount.exact and not term.amount.ranged and not term.per]
    if len(counts) != 2 or counts[0].dimensions != counts[1].dimensions or counts[0].amount.value > counts[1].amount.value:
        return None
    first, last = counts
    return _Range(_SAME.get(first.noun, first.noun), first.amount.value, last.amount.value, first, last)


def _in_brackets(statement: Statement) -> list[_Range]:
    """`[[0, 15], [16, 31]]` of a configuration, `"layers": [0, 11]` under its key."""
    out: list[_Range] = []
    items: tuple[Item, ...] = statement.items if statement.code else ()
    for at in range(len(items) - len(_PAIR) + 1):
        if tuple(item.kind for item in items[at : at + len(_PAIR)]) != _PAIR:
            continue
        first, last = items[at + 1].term, items[at + 3].term
        if first is not None and last is not None and first.amount.exact and last.amount.exact and first.amount.value <= last.amount.value:
            out.append(_Range(_key_before(items[:at]), first.amount.value, last.amount.value, first, last))
    return out


def _key_before(items: Sequence[Item]) -> str:
    """The key whose value begins behind *items*, "" for none: of `"id": 0, "layers":` the second."""
    words = [item.word for item in items[-_KEY:-1] if item.kind is ItemKind.WORD and item.word[:1].isalpha()]
    return f"{words[-1]}:" if words and items[-1].kind is ItemKind.COLON else _PLACES


def _by_noun(ranges: Sequence[_Range]) -> Iterator[list[_Range]]:
    found: dict[str, list[_Range]] = {}
    for each in ranges:
        found.setdefault(each.noun, []).append(each)
    yield from (same for same in found.values() if len(same) > 1)


def _of_row(
    counts: Mapping[str, Term | None], ranges: Sequence[_Range], source: Source, asserted: bool, split: frozenset[Place]
) -> Iterator[Proposal]:
    pairs = list(pairwise(ranges))
    holds = [two.low == one.high + 1 for one, two in pairs]
    if len(holds) < _LEAST_BOUNDARIES or sum(holds) < len(holds) - 1:
        return
    if any(two.low <= one.low or two.high <= one.high for one, two in pairs):
        return  # not in order, or told twice
    usual = Counter(each.size for each in ranges).most_common(1)[0][0]
    for one, two in pairs:
        if two.low > one.high + 1 and (two.low - one.high - 1) % usual == 0:
            continue  # whole ranges are left out
        if two.low > one.high + 1 and usual not in (two.high - one.high, two.low - one.low):
            continue  # a gap, and no slip of one end made it: what lies between may be left out
        if one.size != usual and two.size == usual:
            # the range of another size than all others is the one to be mended
            yield Proposal(one.end, Relation.EQUALS, Compute("-", two.begin, _one()), source, _FAMILY, _FOLLOW, asserted=asserted)
        else:
            yield Proposal(two.begin, Relation.EQUALS, Compute("+", one.end, _one()), source, _FAMILY, _FOLLOW, asserted=asserted)
    if all(holds):
        yield from _covered(counts, ranges, source, asserted, split)


def _covered(
    counts: Mapping[str, Term | None], ranges: Sequence[_Range], source: Source, asserted: bool, split: frozenset[Place]
) -> Iterator[Proposal]:
    """The last place of a partition is that of the last of the things there are."""
    first, last = ranges[0], ranges[-1]
    count = counts.get(first.noun)
    if count is None or first.low not in (0, 1) or count.amount.value in {each.size for each in ranges}:
        return
    highest = count.use if first.low else Compute("-", count.use, _one())
    total = count.amount.value - (0 if first.low else 1)
    together = count.place.block == first.first.place.block and {count.place, first.first.place} <= split
    relation = Relation.EQUALS if last.high >= total or together else Relation.AT_MOST
    why = "ranges end with the last of the things"
    yield Proposal(last.end, relation, highest, source, _FAMILY, why, forced=False, asserted=asserted)


def _counts(page: Page) -> dict[str, Term | None]:
    """How many things of a kind the page says there are; None where it gives several numbers."""
    found: dict[str, Term | None] = {}
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    for part in parts:
        if not part.asserted or not part.present or (isinstance(part, Statement) and _computes(part)):
            continue
        for term in part.terms:
            noun = next((_SAME.get(name, name) for name, power in term.dimensions if power == 1.0), "")
            if term.extent is None and not term.unknown and not term.around and _plain(term, noun):
                known = found.setdefault(noun, term)
                if known is not None and known.amount.value != term.amount.value:
                    found[noun] = None
    return found


def _computes(statement: Statement) -> bool:
    """Whether a statement writes a computation out, whose operands are of what they are of."""
    return any(item.kind is ItemKind.SIGN for item in statement.items)


def _plain(term: Term, noun: str) -> bool:
    """Whether it is a number of such things, or of such things per layer, in which each has its own."""
    amount = term.amount
    if not amount.exact or amount.ranged or amount.bound or term.tags & _NO_COUNT or term.whole or term.degree is not None:
        return False
    dimensions = tuple((_SAME.get(name, name), power) for name, power in term.dimensions)
    if dimensions == ((noun, 1.0),):
        return "each" not in term.tags
    return dimensions == tuple(sorted(((noun, 1.0), ("layer", -1.0))))


def _sizes(statement: Statement) -> Iterator[Proposal]:
    """`layers 0-15 (16 layers)`, `layers 0-15, i.e. 16 layers, …`."""
    spots = spots_of(statement)
    for left, right in pairwise(spots):
        inner = statement.items[left.at + 1 : right.at]
        behind = statement.items[right.at + 1].kind if right.at + 1 < len(statement.items) else ItemKind.STOP
        brackets = behind is ItemKind.CLOSE and len(inner) == 1 and inner[0].kind is ItemKind.OPEN
        apposed = behind in (ItemKind.COMMA, ItemKind.STOP) and [item.kind for item in inner] == [ItemKind.COMMA, ItemKind.CUE]
        if not brackets and not (apposed and "namely" in inner[1].tags):
            continue
        for each in _ranges((left.term,)):
            if _plain(right.term, each.noun):
                size = Compute("+", Compute("-", each.end, each.begin), _one())
                why = "places of the range"
                yield Proposal(right.term.use, Relation.EQUALS, size, Source.STATEMENT, _FAMILY, why, asserted=statement.asserted)


def _counted_beside(page: Page) -> Iterator[Proposal]:
    """`Ranks 16–47 | Count 32`: how many a range holds, beside it in every record; most of them say which it is that is counted."""
    for _, records in groupby((group for group in page.groups if group.axis is Axis.RECORD), key=lambda group: group.grid):
        found = [(group, pair) for group in records if (pair := _range_and_count(group)) is not None]
        holds = [pair[0].size == pair[1].amount.value for _, pair in found]
        if sum(holds) < len(holds) - sum(holds):
            continue
        for group, (each, count) in found:
            size = Compute("+", Compute("-", each.end, each.begin), _one())
            asserted = group.asserted and group.present
            yield Proposal(count.use, Relation.EQUALS, size, Source.GRID, _FAMILY, "places of the range", asserted=asserted)


def _range_and_count(group: Group) -> tuple[_Range, Term] | None:
    """The one range of a record, and the one count of it: of its things, or called nothing but a count."""
    ranges = _ranges(group.terms)
    if len(ranges) != 1:
        return None
    counts = [term for term in group.terms if term.extent is None and term.label and _counts_of(term, ranges[0].noun)]
    return (ranges[0], counts[0]) if len(counts) == 1 else None


def _counts_of(term: Term, noun: str) -> bool:
    nameless = not term.key and not term.dimensions and term.amount.exact and not term.amount.ranged and not term.amount.bound
    return _plain(term, noun) or (nameless and not term.tags and term.degree is None)


def _equal_parts(counts: Mapping[str, Term | None], statement: Statement) -> Iterator[Proposal]:
    """`Ranks 0–31 form the first of four equal blocks; the job has 128 ranks`: as many times the first are all there are."""
    items: tuple[Item, ...] = statement.items
    ranges = _ranges(statement.terms)
    if len(ranges) != 1 or "evenly" not in statement.tags() or "uneven" in statement.tags():
        return
    leads = frozenset({"one_of", "first_of"} if ranges[0].low in (0, 1) else {"one_of"})
    number = next((two.term for one, two in pairwise(items) if one.tags & leads and two.term is not None), None)
    count = counts.get(ranges[0].noun)
    if number is None or count is None or not number.amount.exact or number.amount.value < _LEAST_BOUNDARIES or count is number:
        return
    size = Compute("+", Compute("-", ranges[0].end, ranges[0].begin), _one())
    yield Proposal(
        count.use, Relation.EQUALS, Compute("×", size, number.use), Source.STATEMENT, _FAMILY, "equal parts make up the whole",
        forced=count in statement.terms, asserted=statement.asserted and statement.present,
    )  # fmt: skip


def _one() -> Use:
    return Use(constant(1.0))
