"""What a refutation in each family of relations weighs, read from `rules/judge/families.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from stratlint.resources import data_folder, read_yaml

STRENGTHS = ("proof", "bound", "rule of thumb")
SEVERITIES = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Family:
    """A sort of relation: `strength` is one of `STRENGTHS`, `severity` of `SEVERITIES`: what it has earned."""

    name: str
    strength: str
    severity: str

    @property
    def rank(self) -> int:
        """Which tells a conflict first: proofs before bounds, and among equals those that have earned an error; 0 for the surest."""
        return STRENGTHS.index(self.strength) * len(SEVERITIES) + SEVERITIES.index(self.severity)

    @property
    def proves(self) -> bool:
        """Whether what it refutes is an error: a proof, by a family that has earned it."""
        return self.rank == 0


@cache
def families() -> Mapping[str, Family]:
    """All families by name.

    Raises:
        ValueError: the file names a strength or a severity that there is not.
    """
    data = read_yaml(data_folder("rules") / "judge" / "families.yaml")
    found = {name: Family(name, str(entry["strength"]), str(entry["severity"])) for name, entry in data["families"].items()}
    for family in found.values():
        if family.strength not in STRENGTHS or family.severity not in SEVERITIES:
            raise ValueError(f"families.yaml: {family.name}: strength is one of {STRENGTHS}, severity of {SEVERITIES}")
    return found


def family(name: str) -> Family:
    """The family called *name*.

    Raises:
        KeyError: there is none.
    """
    return families()[name]
