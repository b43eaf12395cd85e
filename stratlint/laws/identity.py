"""Identity: the same quantity of the same holder has one value, however often the page states it.

This is the law that most easily accuses the innocent: subsets, other holders, other phases and examples look alike. It asks for the same
name, dimensions, roles and scenario, for exactly two values on the page, and for both to be definite: a label, a heading, "all 64 GPUs", or
a clause that says nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.units import HARD, Dimensions
from stratlint.document.grid import Layout
from stratlint.laws.spots import Spot, spots_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.keys import is_setting
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import ItemKind, Statement, Term

# What a page says again of its own accord should be what it said; two statements that only look alike may be of two things.
_FAMILY, _RECAP = "identity", "recap"
# Roles that must be the same on both sides, and roles under which an amount is never the quantity itself.
_TELLING = frozenset({"used", "required", "limit", "target", "free", "mean", "maximum", "minimum", "change"})
_BARRED = frozenset(
    {
        "change",
        "down",
        "least_words",
        "only",
        "floor",
        "part",
        "before",
        "after",
        "evenly",
        "per",
        "from",
        "free",
        "bare",
        "target",
        "attributive",
    }
)
_ENDS = frozenset({ItemKind.STOP, ItemKind.COMMA, ItemKind.COLON, ItemKind.OPEN, ItemKind.CLOSE})
# Cues with which a sentence speaks of more than one case.
DOUBTFUL = frozenset({"modal", "versus", "change", "fails"})
# Commands and configurations are runs of their own, of which a page may show several, and so are lines of text.
_LISTS = frozenset({Layout.LIST, Layout.TABLE, Layout.HTML})
_MOST_VALUES = 2
# Pairs of a quantity that is stated very often need not all be looked at.
_FARTHEST = 12
_FARTHEST_ITEM = 40

Name = tuple[frozenset[str], Dimensions, frozenset[str], str]


@dataclass(frozen=True, slots=True)
class _Stated:
    """A quantity as the page states it. `grid`: the list or table it stands in, -1 for a sentence; `listed`: a sentence in a list item.

    `titled`: what its headings may say of whose it is; `beside`: the names of its list, and `repeated` those that stand in it twice.
    `label`: every word of its label; `recap`: it says itself that it was said elsewhere.
    """

    term: Term
    scenario: tuple[str, ...]
    section: int
    grid: int
    listed: bool = False
    heading: bool = False
    titled: frozenset[str] = frozenset()
    beside: frozenset[Name] = frozenset()
    repeated: frozenset[Name] = frozenset()
    label: frozenset[str] = frozenset()
    recap: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands on the page."""
        return self.term.place.block, self.term.place.start

    @property
    def value(self) -> float:
        """Its value in base units."""
        return self.term.amount.first.nominal

    @property
    def name(self) -> Name:
        """What it is called, measured in, and as what."""
        term = self.term
        if term.degree is not None:
            return frozenset({term.degree.axis, *term.degree.qualifiers}), (), frozenset(), "degree"
        measured = tuple((name, power) for name, power in term.dimensions if name in HARD or power < 0)
        return term.key, measured, frozenset() if "all" in term.tags else term.tags & _TELLING, ""


def proposals(page: Page) -> Iterator[Proposal]:
    """Quantities that the page states twice."""
    sentences = list(_of_statements(page.statements))
    told = {each.order for each in sentences if not each.term.label}
    stated = [each for each in _of_groups(page.groups) if each.order not in told]
    told = {each.order for each in stated}
    stated += [each for each in sentences if each.order not in told]
    by_name: dict[tuple[Name, tuple[str, ...]], list[_Stated]] = {}
    for each in stated:
        by_name.setdefault((each.name, each.scenario), []).append(each)
    for same in by_name.values():
        if len(same) > 1 and len({each.value for each in same}) <= _MOST_VALUES:
            pair = next(((one, two) for one, two in _pairs(same) if _comparable(one, two)), None)
            if pair is not None:
                one, two = pair if not pair[0].recap else pair[::-1]
                family = _RECAP if two.recap and not one.recap else _FAMILY
                yield Proposal(two.term.use, Relation.EQUALS, one.term.use, Source.STATEMENT, family, "stated twice")


def _of_groups(groups: Sequence[Group]) -> Iterator[_Stated]:
    """Values with a label of their own, in lists and tables of one configuration."""
    records = Counter(group.grid for group in groups if group.axis is Axis.RECORD and group.terms)
    for group in groups:
        if group.axis is not Axis.RECORD or not group.asserted or not group.present or group.kind or records[group.grid] > 1:
            continue
        own: list[_Stated] = []
        borne = Counter(label for label, _ in {(label, term.place.line) for label, term in zip(group.labels, group.terms, strict=False)})
        labels = (*group.labels, *(frozenset[str]() for _ in group.terms))
        for label, term, following in zip(labels, group.terms, (*group.terms[1:], None), strict=False):
            several = following is not None and not following.label  # "8, 16, 32" under one label
            titled = borne[label] > _MOST_VALUES  # a model with its list below: its name is no label
            if term.label and not several and not titled and countable(term):
                own.append(_Stated(term, group.scenario, group.section, group.grid, titled=group.titled, label=label, recap=group.recap))
        amounts = Counter(term.place.block for term in group.terms)
        alone = [each for each in own if amounts[each.term.place.block] == 1]  # "P50: 40 ms, P99: 90 ms" are two of what stands before
        names = Counter(each.name for each in alone)
        if group.layout not in _LISTS:
            names.clear()
        repeated = frozenset(name for name, times in names.items() if times > 1)
        beside, single = frozenset(names), set(map(id, alone))
        yield from (replace(each, beside=beside, repeated=repeated) if id(each) in single else each for each in own)


def _of_statements(statements: Sequence[Statement]) -> Iterator[_Stated]:
    for statement in statements:
        if not statement.asserted or not statement.present or statement.code or statement.tags() & DOUBTFUL:
            continue
        if any(item.kind is ItemKind.SIGN for item in statement.items):
            continue  # results of computations have scopes of their own
        for spot in spots_of(statement):
            term = spot.term
            if countable(term) and _definite(spot, statement):
                yield _Stated(
                    term,
                    statement.scenario,
                    statement.section,
                    -1,
                    bool(statement.list_path),
                    statement.heading,
                    statement.titled,
                    recap=statement.recap,
                )


def _definite(spot: Spot, statement: Statement) -> bool:
    """Whether the words leave no doubt which quantity it is."""
    term = spot.term
    if statement.heading:
        return is_count(term) and len(statement.terms) == 1 and not term.around and not spot.depth
    if "all" in term.tags:
        return is_count(term) and not term.scope
    linked = _linked(spot, statement)
    if term.degree is not None:
        return term.degree.named and not term.around and (linked or _is_layout(statement))
    if term.label:
        return not term.scope and not spot.depth
    if is_count(term):
        return not spot.depth and _is_alone(spot, statement) and not term.around and bool(statement.tags() & {"equals", "has"})
    return not term.scope and linked


def _is_layout(statement: Statement) -> bool:
    """Whether a statement names one layout: "Strategy: TP8-PP4"."""
    axes = [term.degree.axis for term in statement.terms if term.degree is not None]
    return len(axes) > 1 and len(set(axes)) == len(axes) == len(statement.terms)


def _is_alone(spot: Spot, statement: Statement) -> bool:
    """Whether its clause states no other amount."""
    for step in (-1, 1):
        at = spot.at + step
        while 0 <= at < len(statement.items) and statement.items[at].kind not in _ENDS and abs(at - spot.at) <= _FARTHEST_ITEM:
            if statement.items[at].term is not None:
                return False
            at += step
    return True


def _linked(spot: Spot, statement: Statement) -> bool:
    """Whether a sign, a verb or "of" stands right between its name and the number."""
    return any(item.tags & {"equals", "function"} for item in statement.items[max(0, spot.at - 1) : spot.at])


def is_count(term: Term) -> bool:
    """Whether it is a bare number of things: 64 GPUs."""
    counted = [name for name, power in term.dimensions if power > 0]
    return not term.unknown and len(counted) == 1 and not term.amount.hard and term.amount.exact


def countable(term: Term) -> bool:
    """Whether a term can be a quantity of the page at all: one value under a name, no symbol, change or scope."""
    amount = term.amount
    if any(name == term.noun for name, _ in term.per):
        return False  # heads for each head
    if term.key and all(len(word) == 1 for word in term.key):
        return False  # a symbol means what its paragraph says
    if amount.ranged or amount.bound or amount.multiple or term.extent is not None or term.elided or term.whole:
        return False
    barred = _BARRED - {"only"} if term.tags & {"maximum", "minimum"} else _BARRED
    return bool(term.key) and not term.tags & barred and (amount.value > 1 or not is_count(term))


def _pairs(same: Sequence[_Stated]) -> Iterator[tuple[_Stated, _Stated]]:
    """Pairs of different values first, the nearest first."""
    ordered = sorted(same, key=lambda each: each.order)
    pairs = [(at, behind) for at in range(len(ordered)) for behind in range(at + 1, min(at + _FARTHEST, len(ordered)))]
    for at, behind in sorted(pairs, key=lambda pair: (ordered[pair[0]].value == ordered[pair[1]].value, pair[1] - pair[0])):
        yield ordered[at], ordered[behind]


def _comparable(one: _Stated, two: _Stated) -> bool:
    """Whether two places speak of one thing: a label and a sentence of its section, sentences of one paragraph, a heading and its section,
    and names that say enough by themselves below headings that name no holder."""
    if one.listed and two.listed:
        return False
    if one.grid >= 0 and two.grid >= 0:
        return _of_two_lists(one, two)
    if one.section != two.section:
        labelled = (one.grid >= 0 or two.grid >= 0) and not (one.heading or two.heading or is_count(one.term))
        return labelled and _says_enough(one) and one.titled == two.titled and not (one.listed or two.listed)
    if one.grid >= 0 or two.grid >= 0:
        sentence = two if one.grid >= 0 else one
        return not sentence.listed or "all" in sentence.term.tags
    if one.term.degree is not None and one.order[0] == two.order[0]:
        return False  # a text that walks through layouts
    return one.heading or two.heading or one.order[0] == two.order[0]


def _of_two_lists(one: _Stated, two: _Stated) -> bool:
    """Whether two labels of one list, or of two, can only be those of one thing: no other label stands in both of them, or twice.

    Lists that share more are two runs, two models, two commands.
    """
    if one.titled != two.titled or one.label != two.label or one.term.degree is not None or not (_says_enough(one) or is_count(one.term)):
        return False
    if one.grid == two.grid and one.term.noun != two.term.noun:
        return False
    shared = one.repeated if one.grid == two.grid else one.beside & two.beside
    return len(shared) == 1


def _says_enough(each: _Stated) -> bool:
    """Whether a name is that of one quantity of a page: several words, or a setting of which a run has only one."""
    return each.term.degree is None and (is_setting(each.term.key) or (len(each.term.key) > 1 and not is_count(each.term)))
