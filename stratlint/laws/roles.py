"""Roles: what a command of prefill or decode sets is what the page's table says of that role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from stratlint.laws.identity import countable, is_count
from stratlint.laws.settings import Name, name_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.keys import is_setting
from stratlint.meaning.launches import Standing
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Term

FAMILY = "role"
# Of these, some engines call all ranks of a replica the one, and its copies of attention the other.
_RANKS = frozenset({"tensor", "data"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Settings of a role that its table contradicts, or repeats."""
    records = [group for group in page.groups if group.axis is Axis.RECORD and group.role and group.asserted and group.present]
    told = _by_name(group for group in records if not group.code)
    for key, one in _by_name(group for group in records if group.code and group.standing is not Standing.ASIDE).items():
        other = told.get(key)
        if one is not None and other is not None and "explained" not in one.tags:
            yield Proposal(one.use, Relation.EQUALS, other.use, Source.GRID, FAMILY, "a setting of a role, and its table")


def _by_name(groups: Iterable[Group]) -> Mapping[tuple[str, Name], Term | None]:
    """The terms of records by role and name; None where a role has several values under one name."""
    found: dict[tuple[str, Name], Term | None] = {}
    for group in groups:
        axes = {term.degree.axis for term in group.terms if term.degree is not None}
        for term in group.terms:
            if not _tells(term) or (group.code and axes >= _RANKS and term.degree is not None and term.degree.axis in _RANKS):
                continue
            key = (group.role, name_of(term))
            known = found.setdefault(key, term)
            if known is not None and known.amount.value != term.amount.value:
                found[key] = None
    return found


def _tells(term: Term) -> bool:
    """Whether a labelled term is a degree, or a count under a name that says enough."""
    if not term.label or not term.amount.exact or not countable(term):
        return False
    if term.degree is not None:
        return term.degree.named and not term.noun
    return is_setting(term.key) or (len(term.key) > 1 and is_count(replace(term, unknown=frozenset())))  # the key has its words
