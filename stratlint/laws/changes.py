"""Changes: from one amount to another by so many percent, times, or units; in a sentence or its neighbour, a record, a row."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stratlint.laws.change_columns import column_changes
from stratlint.laws.change_values import IN_SENTENCE, change_of
from stratlint.laws.comparable import bounded, closes, comparable, cues, foreign, is_content
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Place, Proposal, Source, uses
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

_PLAIN = "plain-change"
_CHANGES = frozenset({"change", "down", "ratio", "altered"})
_CLAUSES = frozenset({ItemKind.COMMA, ItemKind.STOP})
# What stands beside a verb and names nothing that it is said of.
_NO_SUBJECT = frozenset({"function", "therefore", "namely", "and", "equals", "by", "change", "down", "altered", "near"})
_JOINTS = frozenset({ItemKind.COMMA, ItemKind.OPEN, ItemKind.SIGN, ItemKind.WORD})
_APPOSED = frozenset({"namely", "therefore", "equals", "by", "function"})
_LONGEST = 10
_WINDOW = 5
_AFTER_AND_CHANGE = 2
_MOST_PAIRS = 400


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two amounts of one quantity in the order of the change: `start` and `end` are the indices of its first and last item.

    `led`: "from" and "to" say which was before, so that a share is one of that.
    """

    old: Term
    new: Term
    start: int
    end: int
    led: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The words that name either."""
        return self.old.name | self.new.name


def proposals(page: Page) -> Iterator[Proposal]:
    """The changes that sentences, neighbouring sentences, records and rows state, each once."""
    said: set[tuple[Place | None, ...]] = set()
    for proposal in _proposals(page):
        places = {use.place for use in uses(proposal.expression) if use.place is not None}
        key = (proposal.claim.place, *sorted(places, key=lambda place: (place.block, place.start)))
        if key not in said:
            said.add(key)
            yield proposal


def _proposals(page: Page) -> Iterator[Proposal]:
    previous: Statement | None = None
    for statement in page.statements:
        items: tuple[Item, ...] = statement.items
        yield from _of_items(items, statement.asserted, from_item=0)
        if previous is not None and previous.block == statement.block:
            joined = (*previous.items, Item(ItemKind.STOP), *items)
            yield from _of_items(joined, previous.asserted and statement.asserted, from_item=len(previous.items) + 1)
        previous = statement
    for group in page.groups:
        yield from _of_group(group)
    yield from _of_sentences(page.statements)
    yield from _of_lines(page.statements)
    for group, change, old, new in column_changes(page.groups):
        made = change_of(change, old, new, change.tags, Source.GRID, group.asserted)
        if made is not None:
            yield made


def _of_items(items: Sequence[Item], asserted: bool, *, from_item: int) -> Iterator[Proposal]:
    """Changes stated within *items* whose change stands at or behind *from_item*, and whose pair, where that is no 0, stands before it."""
    if "condition" in cues(items):
        return
    positions = [at for at, item in enumerate(items) if item.term is not None]
    pairs = list(_pairs(items, positions))
    for pair in pairs:
        if bounded(pair.old) or bounded(pair.new):
            continue
        for at in _changes_near(items, positions, pair):
            change = items[at].term
            if change is None or at < from_item or (from_item and pair.end >= from_item) or bounded(change):
                continue
            family = _PLAIN if pair.led and _right_behind(items, pair.end, at) else IN_SENTENCE
            made = change_of(change, pair.old, pair.new, _tags_at(items, at), Source.STATEMENT, asserted, led=pair.led, family=family)
            if made is not None:
                yield made
    if not from_item:
        yield from _middle(items, positions, asserted)


def _pairs(items: Sequence[Item], positions: Sequence[int]) -> Iterator[_Pair]:
    """Old and new amounts: "from A to B", "A → B", "B, up from A", "B instead of A"."""
    for index in range(len(positions) - 1):
        first, second = positions[index], positions[index + 1]
        one, two = items[first].term, items[second].term
        assert one is not None and two is not None
        between = items[first + 1 : second]
        if len(between) > _LONGEST or not comparable(one, two):
            continue
        if any(item.kind is ItemKind.SIGN and not item.tags & {"-"} for item in between):
            continue
        tags = cues(between)
        after = items[second + 1 : second + 3]
        chained = any("to" in item.tags for item in after[:1])
        stops = any(item.kind is ItemKind.STOP for item in between)
        named = any(is_content(item) for item in _outside_brackets(between))
        if "to" in tags and not named and not chained:
            if _from_before(items, first) or any(_is_arrow(item) for item in between):
                yield _Pair(one, two, first, second, led=_from_before(items, first))
        elif not stops and (
            _summed_up(items, positions, index)
            or "versus" in tags
            or ("from" in tags and not chained and not named)
            or _aside(items, first, second)
        ):
            yield _Pair(two, one, first, second)


def _outside_brackets(items: Sequence[Item]) -> Iterator[Item]:
    """What stands between two amounts without asides: "from 30 ms (shared pool) to 21 ms"."""
    depth = 0
    for item in items:
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        if not depth and item.kind is not ItemKind.CLOSE:
            yield item


def _right_behind(items: Sequence[Item], end: int, at: int) -> bool:
    """Whether nothing stands between "from A to B" and its change: "…, a 30 % reduction", "… (−30 %)", "…, that is 30 % less"."""
    change = items[at].term
    if at <= end or change is None or not change.amount.percent:
        return False
    link, behind = items[end + 1 : at], items[at + 1 : at + 2]
    joined = all(item.kind in _JOINTS or item.tags & _APPOSED for item in link)
    alone = bool(link) and link[0].kind is ItemKind.OPEN and any(item.kind is ItemKind.CLOSE for item in behind)
    return joined and not any(map(is_content, link)) and (alone or any(item.tags & {"change", "down"} for item in behind))


def _summed_up(items: Sequence[Item], positions: Sequence[int], index: int) -> bool:
    """`90 ms where the other path needs 630 ms: 7 times faster`: two amounts in contrast, and behind a colon nothing but the change."""
    first, second = positions[index], positions[index + 1]
    if "contrast" not in cues(items[first + 1 : second]) or len(positions) <= index + 2:
        return False
    change = positions[index + 2]
    lead = items[second + 1 : change]
    closed = any(item.kind is ItemKind.COLON or item.tags & {"therefore", "namely"} for item in lead)
    tail = list(itertools.takewhile(lambda item: item.kind is not ItemKind.STOP, items[change + 1 :]))
    return closed and not any(map(is_content, lead)) and all(item.tags & _CHANGES for item in tail)


def _aside(items: Sequence[Item], first: int, second: int) -> bool:
    """`250 ms (baseline: 500 ms)`: what was before stands in brackets right behind it."""
    two = items[second].term
    closed = second + 1 < len(items) and items[second + 1].kind is ItemKind.CLOSE
    return closed and items[first + 1].kind is ItemKind.OPEN and two is not None and "before" in two.tags


def _is_arrow(item: Item) -> bool:
    return item.kind is ItemKind.CUE and "to" in item.tags and not item.word.isalpha()


def _from_before(items: Sequence[Item], at: int) -> bool:
    """Whether "from" leads to the amount at *at*, with function words at most between."""
    for item in reversed(items[max(0, at - 3) : at]):
        if "from" in item.tags:
            return True
        if item.term is not None or closes(item) or is_content(item):
            return False
    return False


def _changes_near(items: Sequence[Item], positions: Sequence[int], pair: _Pair) -> Iterator[int]:
    """Where the amount stands that says how large the change of *pair* is: the one right behind it, or right before it."""
    place = bisect_right(positions, pair.end)
    following = positions[place] if place < len(positions) else None
    if following is not None and _is_change(items, following) and not foreign(items[pair.end + 1 : following], pair.names):
        if not _of_another(items, following, pair.names) and not _new_subject(items[pair.end + 1 : following], pair.names):
            yield following
        return
    place = bisect_left(positions, pair.start) - 1
    before = positions[place] if place >= 0 else None
    if before is None or not _is_change(items, before):
        return
    between = items[before + 1 : pair.start]
    if not foreign(between, frozenset()) and not any(
        item.kind in (ItemKind.STOP, ItemKind.CLOSE) or "altered" in item.tags for item in between
    ):
        yield before


def _of_another(items: Sequence[Item], at: int, names: frozenset[str]) -> bool:
    """Whether the change at *at* is one of something else: "4× less memory" behind two accuracies, "25 % of the toll"."""
    behind = _behind(items, at)
    for cue, item in pairwise(behind):
        if cue.tags & (_CHANGES | {"part_of"}) and is_content(item):
            return not any(item.word.startswith(name) for name in names)
    return False


def _new_subject(link: Sequence[Item], names: frozenset[str]) -> bool:
    """Whether another clause, between a pair and a change, says what else changed: "…, and the cost fell by", "…, reducing the cost by"."""
    start = max((at for at, item in enumerate(link) if item.kind in _CLAUSES or item.tags & {"contrast", "and"}), default=-1)
    verb = next((at for at in range(start + 1, len(link)) if "altered" in link[at].tags), -1)
    named = (*link[start + 1 : verb], *link[verb + 1 :]) if start >= 0 and verb >= 0 else ()
    return any(item.word not in names and not item.tags & _NO_SUBJECT for item in named)


def _is_change(items: Sequence[Item], at: int) -> bool:
    """Whether the amount at *at* is called a change, or stands alone in brackets, or before a colon, as percent or factor."""
    term = items[at].term
    assert term is not None
    ahead, behind = _ahead(items, at), _behind(items, at)
    if any("to" in item.tags for item in ahead[-1:]) and "ratio" not in cues(behind):
        return False  # "falls to 40 %" is what is left, of something
    said = bool(_tags_at(items, at) & _CHANGES)
    if term.amount.percent or term.amount.multiple:
        lead = [item for item in items[max(0, at - 3) : at] if item.kind is not ItemKind.SIGN and "function" not in item.tags]
        opened = bool(lead) and lead[-1].kind is ItemKind.OPEN
        alone = opened and at + 1 < len(items) and items[at + 1].kind is ItemKind.CLOSE
        titled = term.amount.multiple and at + 1 < len(items) and items[at + 1].kind is ItemKind.COLON
        by = any("by" in item.tags for item in ahead[-1:]) and not any(item.tags & {"preposition", "part_of"} for item in behind[:1])
        return said or alone or titled or by  # "from 320 GB to 96 GB, or by 70 %"
    return "change" in term.tags or any("by" in item.tags for item in ahead[-1:]) or any("change" in item.tags for item in behind[:1])


def _tags_at(items: Sequence[Item], at: int) -> frozenset[str]:
    """The tags of the cues in the clause around the amount at *at*, and its own."""
    term = items[at].term
    assert term is not None
    return term.tags | cues(_ahead(items, at)) | cues(_behind(items, at))


def _ahead(items: Sequence[Item], at: int) -> list[Item]:
    out: list[Item] = []
    for item in reversed(items[max(0, at - _WINDOW) : at]):
        if item.term is not None or item.kind in (ItemKind.COMMA, ItemKind.STOP, ItemKind.OPEN):
            break
        out.append(item)
    return out[::-1]


def _behind(items: Sequence[Item], at: int) -> list[Item]:
    out: list[Item] = []
    for item in items[at + 1 : at + 1 + _WINDOW]:
        if item.term is not None or closes(item):
            break
        out.append(item)
    return out


def _middle(items: Sequence[Item], positions: Sequence[int], asserted: bool) -> Iterator[Proposal]:
    """ "A, 25 % more than B": the change stands between the two amounts."""
    for index in range(len(positions) - 2):
        first, at, last = positions[index : index + 3]
        one, change, two = items[first].term, items[at].term, items[last].term
        assert one is not None and change is not None and two is not None
        lead, link = items[first + 1 : at], items[at + 1 : last]
        if not comparable(one, two) or any(map(bounded, (one, change, two))) or len(lead) > _LONGEST or len(link) > _LONGEST:
            continue
        if "attributive" in one.tags & two.tags:
            continue  # "a 128K prompt costs 3 times an 8K prompt": sizes that name what is compared
        tags = cues(link)
        if not (change.amount.percent or change.amount.multiple) and not _says_by_how_much(change, link, items[at - 1 : at]):
            continue
        times = change.amount.multiple and not tags and not any(map(is_content, link))
        worded = any(item.tags & {"versus", "below", "above"} and item.word[:1].isalpha() for item in link)
        compares = worded and bool((tags | change.tags) & (_CHANGES | {"below", "above"}))
        if not times and not compares:
            continue
        if any(item.kind in (ItemKind.STOP, ItemKind.COMMA, ItemKind.SIGN) for item in link) or foreign(lead, one.name):
            continue
        if any(item.kind in (ItemKind.STOP, ItemKind.SIGN) or "to" in item.tags for item in lead):
            continue  # "from 22 % to 86 %, and the other below 10 %"
        made = change_of(change, two, one, tags | change.tags, Source.STATEMENT, asserted, led=bool(compares))
        if made is not None:
            yield made


def _says_by_how_much(change: Term, link: Sequence[Item], before: Sequence[Item]) -> bool:
    """Whether an amount is a difference: "20 GB more than", and no result of a computation."""
    worded = bool(link) and link[0].word[:1].isalpha() and bool(link[0].tags & {"change", "below", "above"})
    return ("change" in change.tags or worded) and not any(item.kind is ItemKind.SIGN or "equals" in item.tags for item in before)


def _of_group(group: Group) -> Iterator[Proposal]:
    """A record or row with an amount before, one after, and the change."""
    if group.axis is Axis.SERIES:
        return
    yield from _of_labelled(group.terms, Source.GRID, group.asserted)


def _of_sentences(statements: Sequence[Statement]) -> Iterator[Proposal]:
    """Sentences of one section, each with one amount: before, after, and the change."""
    pools: dict[int, list[Statement]] = {}
    for statement in statements:
        if len(statement.terms) == 1 and not statement.terms[0].label:
            pools.setdefault(statement.section, []).append(statement)
    for pool in pools.values():
        said = [each for each in pool if each.asserted and each.terms[0].tags & {"before", "after", "change"}]
        yield from _of_labelled([each.terms[0] for each in said], Source.STATEMENT, True)


def _of_lines(statements: Sequence[Statement]) -> Iterator[Proposal]:
    """`Before: 40 ms`, and in the next line `After: 34 ms (−15 %)`: one quantity before, and after with its change."""
    for before, statement in pairwise(statements):
        if len(before.terms) != 1 or len(statement.terms) != _AFTER_AND_CHANGE or before.section != statement.section:
            continue
        old, (new, change) = before.terms[0], statement.terms
        positions = [at for at, item in enumerate(statement.items) if item.term is not None]
        link = statement.items[positions[0] + 1 : positions[1]]
        told = "before" in old.tags and "after" in new.tags and old.label and new.label and comparable(old, new)
        same = old.key == new.key or {"bare"} <= old.tags & new.tags
        if told and same and not bounded(change) and change.amount.percent and "of" not in cues(statement.items):
            aside = all(item.kind in _JOINTS or item.tags & _APPOSED for item in link) and not any(map(is_content, link))
            ends = not any(map(is_content, statement.items[positions[1] + 1 :]))
            made = change_of(change, old, new, change.tags, Source.GRID, before.asserted and statement.asserted, led=True)
            if aside and ends and made is not None:
                yield made


def _of_labelled(terms: Sequence[Term], source: Source, asserted: bool) -> Iterator[Proposal]:
    changes = [term for term in terms if "change" in term.tags and not bounded(term)]
    if not changes:
        return
    olds = [term for term in terms if "before" in term.tags and "change" not in term.tags and not bounded(term)]
    news = [term for term in terms if "after" in term.tags and "change" not in term.tags and not bounded(term)]
    if len(olds) * len(news) > _MOST_PAIRS:
        return
    pairs = [(old, new) for old in olds for new in news if comparable(old, new)]
    for change in changes:
        fitting = pairs if "bare" in change.tags else [pair for pair in pairs if change.name & _core(*pair)]
        if len(fitting) != 1:
            continue
        old, new = fitting[0]
        made = change_of(change, old, new, change.tags, source, asserted, led="gained" not in change.tags)
        if made is not None:
            yield made


def _core(old: Term, new: Term) -> frozenset[str]:
    """The words that both names share; all words where they share none."""
    return old.name & new.name or old.name | new.name
