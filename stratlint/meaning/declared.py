"""Sentences that only declare one value each, as records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.document.grid import CellRole
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.statement import ItemKind, Statement, Term

_DECLARES = frozenset({"equals", "has"})


def declared(statements: Sequence[Statement]) -> Iterator[Group]:
    """Sentences that only declare one value each ("The hidden size is 4,096.") make a record, like the lines of a list."""
    found: dict[tuple[int, tuple[str, ...]], list[Term]] = {}
    for statement in statements:
        if len(statement.terms) != 1 or not (statement.asserted and statement.present) or statement.code or statement.heading:
            continue
        at = next(index for index, item in enumerate(statement.items) if item.term is not None)
        term = statement.terms[0]
        declares = at and statement.items[at - 1].kind is ItemKind.CUE and statement.items[at - 1].tags & _DECLARES
        if declares and (term.name or term.noun) and not term.label:
            found.setdefault((statement.section, statement.scenario), []).append(replace(term, label=True))
    for (section, scenario), terms in found.items():
        if len(terms) > 1:
            roles = tuple(CellRole.VALUE for _ in terms)
            yield Group(Axis.RECORD, tuple(terms), roles, section, -1, scenario, True, True, "")
