"""Records and sentences that describe a published device: whose they are, and which field of its data sheet each amount states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from stratlint.meaning.described import NOT_PLAIN, Described
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.published import Fields, Figure, device_of, figures_alike, has_all
from stratlint.meaning.sheet_words import fields_named, unit_words, unpublished
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.meaning.whose import Whose

_OF_ONE = (("device", 1.0),)


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
            yield _described(owner.name, owner.figures, fields, asserted, beside=owner.beside, near=owner.near)


_FEWEST = 2
_OF_ONE_FORMAT = 2  # dense and sparse


def _described(
    name: str, own: Fields, fields: Sequence[tuple[Term, tuple[Figure, ...]]], asserted: bool, *, beside: bool, near: bool
) -> Described:
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
        if term.tags & NOT_PLAIN or term.per not in ((), _OF_ONE) or not said:
            continue
        if fields := fields_named(said | term.scope, term.amount.hard):
            yield term, fields


def _figures(names: Sequence[str], own: Fields) -> tuple[Figure, ...]:
    return tuple(figure for name in names for figure in own.get(name, ()))


def sheets_in_sentences(statements: Sequence[Statement]) -> Iterator[Described]:
    """What a sentence says of the one device that it names: memory and bandwidth side by side, "8 × H200 SXM (141 GB HBM3e, 4.8 TB/s)"."""
    for statement in statements:
        if statement.code or not (statement.asserted and statement.present):
            continue
        pairs = list(_side_by_side(statement.items))
        if len(pairs) != 1:
            continue
        words = [item.word for item in statement.items if item.word]
        found = device_of(" ".join(words))
        if found is None or not found[0] or unpublished(word.lower() for word in words):
            continue
        fields = [(term, figures) for term, name in zip(pairs[0], _SIDE_BY_SIDE, strict=True) if (figures := found[1].get(name, ()))]
        if len(fields) == len(_SIDE_BY_SIDE):
            yield _described(*found, fields, True, beside=True, near=True)


_SIDE_BY_SIDE = ("memory", "memory bandwidth")
_LINKING = frozenset({"at", "and", "with", "@", "of"})


def _side_by_side(items: Sequence[Item]) -> Iterator[tuple[Term, Term]]:
    """The memory of a device and its bandwidth, with nothing else between and behind them."""
    for index, item in enumerate(items):
        if item.term is None or fields_named(["memory"], item.term.amount.hard) != ("memory",) or not _plain(item.term):
            continue
        between: list[str] = []
        for other in items[index + 1 :]:
            if other.term is not None:
                if fields_named(["memory", *between], other.term.amount.hard) == ("memory bandwidth",) and _plain(other.term):
                    yield item.term, other.term
                break
            if other.kind in (ItemKind.WORD, ItemKind.CUE):
                if other.word and other.word.lower() not in _LINKING:
                    between.append(other.word)
            elif other.kind is not ItemKind.COMMA:
                break


def _plain(term: Term) -> bool:
    return not (term.tags & NOT_PLAIN or term.amount.approximate or term.per not in ((), _OF_ONE))
