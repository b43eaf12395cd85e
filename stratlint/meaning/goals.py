"""Limits that a page sets itself, and results that it marks as passed, each by the words that say of which quantity they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.document.grid import CellRole
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon, singular
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.resources import data_folder, read_yaml

_RANKS = frozenset({"q50", "q90", "q95", "q99", "q999", "mean"})
_GOALS = frozenset({"limit", "target"})
_BARRED = frozenset({"change", "free", "before", "after", "part", "only"})


@dataclass(frozen=True, slots=True)
class Goal:
    """An amount under a name. `name`: the words of its quantity, singular; `ranks`: which percentile it is; `direction`: "at_most" or
    "at_least" for a limit, "" where the page does not say, and for a result."""

    term: Term
    name: frozenset[str]
    ranks: frozenset[str]
    direction: str
    scenario: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goals:
    """The limits of a page, and what it marks as passed somewhere else."""

    limits: tuple[Goal, ...] = ()
    passed: tuple[Goal, ...] = ()


NO_GOALS = Goals()


def goals_of(statements: Sequence[Statement], groups: Sequence[Group]) -> Goals:
    """Both, wherever they stand."""
    limits = (*_limits_in_sentences(statements), *_limits_in_groups(groups))
    own = {limit.term.place for limit in limits}
    passed = (*_passed_in_sentences(statements), *_passed_in_groups(groups))
    return Goals(limits, tuple(each for each in passed if each.term.place not in own and not each.term.amount.bound))


def _limits_in_sentences(statements: Sequence[Statement]) -> Iterator[Goal]:
    for statement in statements:
        if statement.asserted and statement.present and not statement.code and not statement.mark:
            for at, term, words in _named(statement.items):
                direction = _direction(term)
                if direction and not term.amount.ranged and not term.tags & _BARRED and not _marked(statement.items, at):
                    yield _goal(term, words, direction, statement.scenario)


def _limits_in_groups(groups: Sequence[Group]) -> Iterator[Goal]:
    for group in groups:
        if group.axis is Axis.RECORD and group.asserted and group.present and not group.code and group.mark != "pass":
            for term, words, mark in _labelled(group):
                if not mark and (term.tags & _GOALS or _direction(term)) and not term.amount.ranged and not term.tags & _BARRED:
                    yield _goal(term, words, _direction(term), ())


def _passed_in_sentences(statements: Sequence[Statement]) -> Iterator[Goal]:
    for statement in statements:
        if statement.asserted and statement.present and not statement.code:
            for at, term, words in _named(statement.items):
                alone = len(statement.terms) == 1 and statement.mark == "pass" and statement.items[0].kind is ItemKind.MARK
                if (alone or _marked(statement.items, at)) and not _direction(term) and not term.tags & (_GOALS | _BARRED):
                    yield _goal(term, words, "", statement.scenario)


def _passed_in_groups(groups: Sequence[Group]) -> Iterator[Goal]:
    records = Counter(group.grid for group in groups if group.axis is Axis.RECORD and group.terms)
    for group in groups:
        if group.axis is not Axis.RECORD or not (group.asserted and group.present) or group.code:
            continue
        rows = list(_labelled(group, lines=records[group.grid] == 1))
        limited = group.mark == "pass" and any(_direction(term) or term.tags & _GOALS for term, _, _ in rows)
        for term, words, mark in rows if not limited else ():
            passes = mark == "pass" or (not mark and group.mark == "pass" and len(rows) == 1)
            if passes and not _direction(term) and not term.tags & (_GOALS | _BARRED):
                yield _goal(term, words, "", ())


def _labelled(group: Group, *, lines: bool = False) -> Iterator[tuple[Term, frozenset[str], str]]:
    """The values of a record with every word that names them, and their marks; *lines*: those of their lines, too."""
    labels = (*group.labels, *(frozenset[str]() for _ in group.terms[len(group.labels) :]))
    beside = (*group.beside, *("" for _ in group.terms[len(group.beside) :]))
    for term, role, label, mark, line in zip(group.terms, group.roles, labels, group.own_marks, beside, strict=False):
        if role in (CellRole.VALUE, CellRole.TOTAL):
            yield term, label | group.holder_words, mark or (line if lines else "")


def _named(items: Sequence[Item]) -> Iterator[tuple[int, Term, list[str]]]:
    """The amounts of a sentence, each with the words of its clause before it; those behind another amount of the clause have no name."""
    words: list[str] = []
    alone = True
    for at, item in enumerate(items):
        if item.term is not None:
            if alone:
                yield at, item.term, list(words)
            alone = False
        elif item.kind in (ItemKind.STOP, ItemKind.COMMA):
            words, alone = [], True
        elif item.kind is ItemKind.SIGN:
            alone = False
        elif item.word:
            words.extend(item.word.split())


def _marked(items: Sequence[Item], at: int) -> bool:
    """Whether a sign of success stands right behind an amount, or at the end of its sentence behind no other."""
    behind = items[at + 1 : at + 2]
    return any(item.kind is ItemKind.MARK and "pass" in item.tags for item in behind)


def _direction(term: Term) -> str:
    most, least = "at_most" in term.tags or term.amount.bound in ("<", "≤"), "at_least" in term.tags or term.amount.bound in (">", "≥")
    return "" if most == least else "at_most" if most else "at_least"


def _goal(term: Term, words: Iterable[str], direction: str, scenario: tuple[str, ...]) -> Goal:
    known = lexicon()
    said = [word.lower() for word in words]
    ranks = frozenset[str]().union(*(known.tagged((word,), 0)[1] & _RANKS for word in said))
    return Goal(term, name_of(said), ranks, direction, scenario)


def name_of(words: Iterable[str]) -> frozenset[str]:
    """The words that say of which quantity a limit or a result is, singular: none of ranks, limits and verdicts."""
    known, plain = lexicon(), _plain()
    return frozenset(
        singular(word)
        for word in words
        if word not in plain
        and word not in known.function_words
        and any(map(str.isalpha, word))
        and not known.tagged((word,), 0)[1] & _RANKS
    )


@cache
def _plain() -> frozenset[str]:
    words = frozenset(map(str, read_yaml(data_folder("grammar") / "lexicon" / "goals.yaml")["plain"]))
    return words | {singular(word) for word in words}
