"""Named quantities: which of the field's quantities (`rules/judge/formulas.yaml`) a labelled amount states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from stratlint.claims.announced import in_unit_of
from stratlint.claims.syntax import Quantity, read
from stratlint.claims.tokens import flat
from stratlint.claims.units import HARD, Dimensions
from stratlint.document import Span
from stratlint.document.layouts.compound import unit_in
from stratlint.meaning.labels import phrase_of_label, with_unit
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import Raw, raw_items
from stratlint.meaning.statement import Term
from stratlint.meaning.terms import items_of
from stratlint.records import quickly_built
from stratlint.resources import data_folder, read_yaml

# Roles that make another quantity of one with the same name.
_TELLING = frozenset(
    {
        "used", "free", "required", "limit", "target", "mean", "maximum", "minimum", "change", "before", "after", "part", "remaining",
        "least_words", "floor", "nested", "total",
    }
)  # fmt: skip
# An amount in each of the units that quantities are listed by: what a label makes of it is what it makes of any.
_SAMPLES: Mapping[str, str] = {
    "counts": "64", "shares": "42 %", "ratios": "1.2", "bytes": "64 GB", "operations": "3 TFLOP", "operations per second": "300 TFLOPS",
    "bytes per second": "50 GB/s", "per second": "120 tokens/s", "seconds": "12 ms", "money": "$2.40", "watts": "700 W",
    "watt hours": "300 MWh",
}  # fmt: skip


@quickly_built
@dataclass(frozen=True, slots=True)
class _Signature:
    """What tells a quantity: its name in canonical words, its unit or what it counts, what stands below that, its roles."""

    key: frozenset[str]
    unit: Dimensions
    counted: frozenset[str]
    below: frozenset[str]
    roles: frozenset[str]


def quantity_of(term: Term) -> str:
    """The quantity that a labelled term states, "" for none that is known; the degree of an axis is called as the axis."""
    if not term.label or term.scope:
        return ""
    if term.degree is not None and term.noun != _REPLICA:
        return term.degree.axis if not term.degree.qualifiers else ""
    signature, known = _signature(term), _quantities()
    found = known.get(signature, "")
    if not found and "total" in signature.roles:  # "total parameters" are the parameters
        found = known.get(replace(signature, roles=signature.roles - {"total"}), "")
    return found


# Replicas may be the ranks of data parallelism, and are called as what they are.
_REPLICA = "replica"


def _signature(term: Term) -> _Signature:
    below = frozenset(name for name, power in term.dimensions if power < 0 and name not in HARD)
    counted = frozenset(name for name, power in term.dimensions if power > 0 and name not in HARD and not term.amount.hard)
    return _Signature(term.key - below, term.amount.hard, counted, below, term.tags & _TELLING)


@cache
def _quantities() -> Mapping[_Signature, str]:
    """The quantities by what tells them.

    Raises:
        ValueError: two quantities have a name that reads alike.
    """
    data = read_yaml(data_folder("rules") / "judge" / "formulas.yaml")["quantities"]
    found: dict[_Signature, str] = {}
    for unit, quantities in data.items():
        tree = read(_SAMPLES[str(unit)])
        tokens = list(flat(tree)) if tree is not None else []
        for quantity, names in quantities.items():
            for name in names:
                label = phrase_of_label(str(name))
                said = [in_unit_of(str(name), token) if isinstance(token, Quantity) else token for token in tokens]
                raws = [with_unit(raw, unit_in(str(name))) for raw in raw_items(said, label.degree)]
                terms = [item.term for item in items_of(raws, _nowhere, label) if item.term is not None]
                known = found.setdefault(_signature(terms[0]), str(quantity))
                if known != quantity:
                    raise ValueError(f"formulas.yaml: `{name}` is a name of {known}, too, not only of {quantity}")
    return found


def _nowhere(_: Raw) -> Place:
    return Place(-1, 0, 0, Span(0, 0), 0, -1)
