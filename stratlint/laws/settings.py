"""Settings: what a command or a configuration sets is what the page says of it elsewhere.

Asked only where the page leaves no doubt: every command and configuration that sets the quantity sets one value, and everything else that
the page says of it under that name is one other value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.units import HARD, Dimensions
from stratlint.document.grid import Layout
from stratlint.laws.identity import DOUBTFUL, countable, is_count
from stratlint.laws.spots import spots_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.keys import is_setting
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Statement, Term

FAMILY = "setting"
# What a setting is, however it is said; a flag is an upper end of what it limits.
_TELLING = frozenset({"used", "required", "target", "free", "mean", "minimum", "change"})
_MOST_PROGRAMS = 3
# Billions are parameters of what is named: "Experts: 227 B" says not how many there are.
_SIZES = 1e9
# Two values that are further apart are two quantities: the layers of a model, and the parameters of one of them.
_FARTHEST = 1000
_TABULAR = frozenset({Layout.TABLE, Layout.HTML, Layout.TEXT})
_SCOPED = frozenset({"each", "part", "fits", "fails", "share"})


@dataclass(frozen=True, slots=True)
class Name:
    """What a quantity is called, per what and as what; `degree`: it is that of a parallel axis."""

    key: frozenset[str]
    below: Dimensions = ()
    roles: frozenset[str] = frozenset()
    degree: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """A quantity with its value and the scenario that it is said of; `near`: it speaks of its own section only."""

    term: Term
    scenario: tuple[str, ...]
    section: int
    near: bool = False

    @property
    def value(self) -> float:
        return self.term.amount.first.nominal


def proposals(page: Page) -> Iterator[Proposal]:
    """Settings that the rest of the page contradicts, or repeats."""
    programs = [group for group in page.groups if group.axis is Axis.RECORD and group.code]
    if len(programs) > _MOST_PROGRAMS:
        return  # a tutorial, with commands for many cases
    settings = _by_name(_set(programs))
    told = _by_name((*_labelled(page.groups), *_counted(page.statements)))
    for name, ones in settings.items():
        others = told.get(name, []) if _is_setting(name) else []
        if not others or len({each.value for each in ones}) != 1 or len({each.value for each in others}) != 1:
            continue
        # Degrees of sentences are those of launches, which have a rule of their own.
        one, other = ones[0], next((each for each in others if not (name.degree and each.near)), None)
        if other is not None and _of_one_case(one, other) and max(one.value, other.value) < _FARTHEST * min(one.value, other.value):
            yield Proposal(one.term.use, Relation.EQUALS, other.term.use, Source.GRID, FAMILY, "a setting, and what the page says of it")


def _is_setting(name: Name) -> bool:
    """Whether a name is that of one setting of a run: a degree, or one of the vocabulary's."""
    return name.degree or is_setting(name.key)


def _by_name(said: Iterator[_Said] | Sequence[_Said]) -> dict[Name, list[_Said]]:
    found: dict[Name, list[_Said]] = {}
    for each in said:
        found.setdefault(name_of(each.term), []).append(each)
    return found


def name_of(term: Term) -> Name:
    """What it is called, per what, and as what."""
    if term.degree is not None:
        return Name(frozenset({term.degree.axis, *term.degree.qualifiers}), degree=True)
    below = tuple((name, power) for name, power in term.dimensions if power < 0 and name not in HARD)
    return Name(term.key, below, term.tags & _TELLING)


def _of_one_case(one: _Said, other: _Said) -> bool:
    """Whether two scenarios are one, or one lies in the other; what is no table speaks of the commands of its section."""
    length = min(len(one.scenario), len(other.scenario))
    return one.scenario[:length] == other.scenario[:length] and (not other.near or one.section == other.section)


def _set(groups: Sequence[Group]) -> Iterator[_Said]:
    """The values of commands and configurations."""
    for group in groups:
        if group.asserted and group.present:
            terms = (term for term in group.terms if term.label and countable(term) and _plain(term))
            yield from (_Said(term, group.scenario, group.section) for term in terms)


def _labelled(groups: Sequence[Group]) -> Iterator[_Said]:
    """The labelled values of lists and tables."""
    for group in groups:
        if group.axis is Axis.RECORD and not group.code:
            near = group.layout not in _TABULAR
            terms = (term for term in group.terms if term.label and countable(term) and term.amount.magnitude < _SIZES)
            yield from (_Said(term, group.scenario, group.section, near) for term in terms)


def _counted(statements: Sequence[Statement]) -> Iterator[_Said]:
    """The counts and degrees that sentences state, those too that may be others: they leave a doubt."""
    for statement in statements:
        if statement.code:
            continue
        sure = statement.asserted and statement.present and not statement.tags() & DOUBTFUL
        for spot in spots_of(statement):
            term = spot.term
            if term.degree is not None or (is_count(term) and countable(term)):
                if sure and not term.tags & _SCOPED and not term.unknown:
                    yield _Said(term, statement.scenario, statement.section, near=True)
                else:
                    yield _Said(term, ("", *statement.scenario), statement.section, near=True)


def _plain(term: Term) -> bool:
    """Whether a setting is an exact number of things, or a degree."""
    return term.amount.exact and not term.amount.hard and not term.amount.percent
