"""What memory one device has, as the page states it or the catalog knows it, and which amounts lie somewhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.claims.amount import Amount
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.lexicon import lexicon, singular
from stratlint.meaning.proposal import Use
from stratlint.meaning.published import Figure, figures_of
from stratlint.meaning.statement import Statement, Term
from stratlint.resources import data_folder, read_yaml

_BYTES = (("information", 1.0),)
_FIELD = "memory"
# 64 GB and 64 GiB are one size.
_BINARY = 1.08
# Roles of amounts that are no property of a device.
_OTHER = frozenset(
    {"used", "required", "free", "total", "sum", "target", "change", "part", "before", "after", "in_use", "minimum", "floor"}
)


@dataclass(frozen=True, slots=True)
class _Words:
    of_device: frozenset[str]
    plain: frozenset[str]
    held: frozenset[str]
    elsewhere: frozenset[str]


@cache
def _words() -> _Words:
    data = read_yaml(data_folder("grammar") / "lexicon" / "memory.yaml")
    return _Words(*(frozenset(map(str, data[name])) for name in ("of_device", "plain", "held", "elsewhere")))


def lies_elsewhere(term: Term) -> bool:
    """Whether its words put an amount outside the memory of a device: "optimizer state in host memory", "all-reduce traffic"."""
    return not _words().elsewhere.isdisjoint(term.name | term.unknown | term.around | term.scope)


def is_held(term: Term) -> bool:
    """Whether its name is of something that a device keeps in its memory: weights, a cache, states."""
    return not _words().held.isdisjoint(term.name)


def is_of_device(term: Term) -> bool:
    """Whether a name says no more than that it is a device's memory: "HBM", "memory per GPU", "GPU: A100, 80 GB"."""
    words = _words()
    return bool(term.name & words.of_device) and term.name <= words.of_device | words.plain


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """Every amount that may be the memory of one device of the page: those it states, and the published ones of the devices it names."""

    stated: tuple[Use, ...] = ()
    published: tuple[Figure, ...] = ()

    def largest(self, like: Amount) -> Use | None:
        """The most that one device may have, as an amount in the unit of *like* where it is published; None where nothing is known."""
        published = (Use(each.as_amount(like), None, f"published {each.field} of {each.name}") for each in self.published)
        return max((*self.stated, *published), key=lambda use: use.amount.first.interval.high, default=None)


UNKNOWN = DeviceMemory()


def device_memory(statements: Sequence[Statement], groups: Sequence[Group], text: str) -> DeviceMemory:
    """What the page and the catalog say of the memory of its devices.

    Where the page states one of several published sizes of a device (40 and 80 GB), the others are out.
    """
    stated = [term.use for term in _stated(statements, groups)]
    parts: tuple[Statement | Group, ...] = (*statements, *groups)
    printed = [term for part in parts for term in part.terms if term.amount.hard == _BYTES]
    published: list[Figure] = []
    for name, fields in figures_of(text)[0].items():
        figures, named = fields.get(_FIELD, ()), _words().of_device.union(map(singular, name.split()))
        one_size = len(figures) > 0 and max(each.value for each in figures) < _BINARY * min(each.value for each in figures)
        sizes = [term.use for term in printed if not term.tags & _OTHER and (term.name & named or (one_size and not term.name))]
        meant = next((use for figure in figures for use in sizes if figure.is_amount(use.amount)), None)
        stated += [meant] if meant is not None else []
        published += figures if meant is None else ()
    return DeviceMemory(tuple(stated), tuple(published))


def _stated(statements: Sequence[Statement], groups: Sequence[Group]) -> Iterator[Term]:
    for statement in statements:
        if statement.asserted and not statement.mark:
            yield from filter(_is_capacity, statement.terms)
    for group in groups:
        if group.axis is Axis.RECORD and group.asserted and not group.mark:
            for term, mark in zip(group.terms, group.own_marks, strict=False):
                if not mark and _is_capacity(term):
                    yield term


def _is_capacity(term: Term) -> bool:
    amount = term.amount
    if amount.hard != _BYTES or amount.ranged or amount.bound or term.tags & _OTHER or lies_elsewhere(term):
        return False
    named = is_of_device(term) or ("capacity" in term.tags and not term.name.isdisjoint(_words().of_device))  # "HBM of the large pool"
    return named and all(name not in lexicon().containers for name, _ in term.dimensions)
