"""Records that describe a published device: whose they are, and which field of its data sheet each amount states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from stratlint.meaning.described import NOT_PLAIN, Described
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.published import Fields, Figure, figures_alike, has_all
from stratlint.meaning.sheet_words import fields_named, unit_words, unpublished
from stratlint.meaning.statement import Term
from stratlint.meaning.whose import Whose

OF_ONE = (("device", 1.0),)


def data_sheets(groups: Sequence[Group], whose: Whose) -> Iterator[Described]:
    """What the records of a page say of a device that the page names as theirs."""
    records = [group for group in groups if group.axis is Axis.RECORD and not group.code and group.grid >= 0]
    of_grid = Counter(group.grid for group in records)
    for group in records:
        named = list(_named(group))
        if len(named) < _FEWEST or any(noun in lexicon().containers for noun, _ in group.scope):
            continue
        owner = whose.of(group, alone=of_grid[group.grid] == 1)
        if owner is None:
            continue
        fields = [(term, figures) for term, names in named if (figures := _figures(names, owner.figures))]
        if len(fields) >= _FEWEST:
            asserted = group.asserted and group.present
            yield described_as(owner.name, owner.figures, fields, asserted, beside=owner.beside, near=owner.near)


_FEWEST = 2
_OF_ONE_FORMAT = 2  # dense and sparse


def described_as(
    name: str, own: Fields, fields: Sequence[tuple[Term, tuple[Figure, ...]]], asserted: bool, *, beside: bool, near: bool
) -> Described:
    """What is stated of a device, each field with those of which it is a figure where it is none of the device's own."""
    others = [() if _right(term, figures) else tuple(_others(term, figures, own)) for term, figures in fields]
    if not near:
        # Named far away, the record may as well be of a device that has all of it.
        stated = [(term.amount, figures[0].field) for term, figures in fields]
        strangers = {figure.name for each in others for figure in each if figure not in own.get(figure.field, ())}
        if any(has_all(stranger, stated) for stranger in strangers):
            others = [()] * len(others)
    return Described(name, tuple(fields), asserted, tuple(others), beside, near)


def _right(term: Term, figures: Sequence[Figure]) -> bool:
    return any(figure.is_amount(term.amount) for figure in figures)


def _others(term: Term, figures: Sequence[Figure], own: Fields) -> Iterator[Figure]:
    """Whose figure an amount is that the device does not have. A peak of no format may be any, and is nobody's for certain."""
    if len({figure.field for figure in figures}) <= _OF_ONE_FORMAT:
        yield from figures_alike(term.amount, figures[0].field, own)


def _named(group: Group) -> Iterator[tuple[Term, tuple[str, ...]]]:
    """The terms of a record that state a field of a device by their label, or by that of the amount before them in a cell."""
    before: frozenset[str] = frozenset()
    cell = -1
    for term, words in zip(group.terms, group.labels, strict=False):
        if term.label:
            before, cell = words - unit_words(), term.place.block
        if unpublished(words | term.name | term.scope | term.unknown | term.around):
            continue
        said = before if term.label or (not term.name and term.place.block == cell) else term.name
        if term.tags & NOT_PLAIN or term.per not in ((), OF_ONE) or not said:
            continue
        if fields := fields_named(said | term.scope, term.amount.hard):
            yield term, fields


def _figures(names: Sequence[str], own: Fields) -> tuple[Figure, ...]:
    return tuple(figure for name in names for figure in own.get(name, ()))
