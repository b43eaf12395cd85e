"""What definitions and units hold: the constants of `rules/judge/definitions.yaml` that the judge tries as readings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True)
class Definitions:
    """`periods`: seconds that a rate may leave out. `of_time`, `prefixes`: factors by which authors convert units by hand.

    `element_bytes`: widths of a number in a format; `parameter_bytes`: those of a model's parameter. `largest`: the largest constant of
    a formula of the field (bytes a parameter of training state).
    """

    periods: tuple[float, ...]
    of_time: frozenset[float]
    prefixes: frozenset[float]
    element_bytes: tuple[float, ...]
    parameter_bytes: tuple[float, ...]
    largest: float


@cache
def definitions() -> Definitions:
    """The definitions as installed."""
    data = read_yaml(data_folder("rules") / "judge" / "definitions.yaml")["readings"]
    return Definitions(
        tuple(map(float, data["periods"])),
        frozenset(map(float, data["of_time"])),
        frozenset(map(float, data["prefixes"])),
        tuple(map(float, data["element_bytes"])),
        tuple(map(float, data["parameter_bytes"])),
        float(data["largest"]),
    )
