"""Quantity kinds: which phrases name them, which dimensions they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from stratlint.claims.syntax import Quantity
from stratlint.claims.units import Unit
from stratlint.facts.phrases import Phrases, compile_phrases, load_vocabulary, normalise


@dataclass(frozen=True, slots=True)
class Kinds:
    """The compiled `kinds.yaml`.

    `measures` are those a number of a kind may have, `dimensions` the one that its value has in a formula: the first
    that the kind lists ("FLOPS" is written for an amount of work, too, and a number that may be either is one).
    """

    measures: Mapping[str, frozenset[str]]
    dimensions: Mapping[str, str]
    phrases: Phrases
    nouns: Phrases
    refinements: Mapping[str, Mapping[str, str]]
    counted: Mapping[str, tuple[str, ...]]
    indexed: frozenset[str]
    ranged: Mapping[str, str]
    whole: frozenset[tuple[str, ...]]
    known: frozenset[str]

    def counts(self, kind: str, quantity: Quantity) -> bool:
        """Whether what a number counts ("64 GPUs") can be of *kind*."""
        if quantity.unit is None or quantity.unit.hard:
            return True
        for name, power in quantity.unit.soft:
            if power == 1.0 and name in self.counted and not kind.startswith(self.counted[name]):
                return False
        return True

    def explains(self, word: str) -> bool:
        """Whether a word in front of a phrase only colours it; any other word makes another thing of it: "spare nodes"."""
        return len(word) <= _SHORT or not word.isascii() or not word.isalpha() or word in self.known

    def allows(self, kind: str, measures: frozenset[str]) -> bool:
        """Whether a number of one of *measures* can be of *kind*."""
        return bool(self.measures.get(kind, frozenset()) & measures)


@cache
def load_kinds() -> Kinds:
    """Read `grammar/vocabulary/kinds.yaml`."""
    data = dict(load_vocabulary("kinds"))
    refinements, counted = data.pop("refinements"), data.pop("counted")
    indexed, ranged = data.pop("indexed"), data.pop("ranged")
    listed = {kind: _as_list(entry["measures"]) for kind, entry in data.items()}
    return Kinds(
        {kind: frozenset(measures) for kind, measures in listed.items()},
        {kind: measures[0] for kind, measures in listed.items()},
        compile_phrases({kind: entry["phrases"] for kind, entry in data.items()}),
        compile_phrases({kind: _noun_phrases(entry) for kind, entry in data.items()}),
        refinements,
        {name: tuple(kinds) for name, kinds in counted.items()},
        frozenset(indexed),
        ranged,
        frozenset(normalise(phrase) for entry in data.values() for phrase in entry.get("whole", [])),
        _known_words([phrase for entry in data.values() for phrase in (*entry["phrases"], *entry.get("nouns", []))]),
    )


# "q heads", "kv", numbers of versions: too short to name another thing.
_SHORT = 2


def _known_words(phrases: list[str]) -> frozenset[str]:
    """The words of all phrases, of scopes and voices, and those that only colour a quantity."""
    lists = [phrase for name in ("scopes", "modality") for entries in load_vocabulary(name).values() for phrase in entries]
    colour = load_vocabulary("colour")
    known = frozenset(word for phrase in (*phrases, *lists, *colour["words"]) for word in normalise(str(phrase)))
    return known - frozenset(word for other in colour["other"] for word in normalise(other))


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _noun_phrases(entry: Mapping[str, list[str]]) -> list[str]:
    """After a number every phrase of several words counts, single words only where listed."""
    if entry.get("label_only"):
        return list(entry.get("nouns", []))
    long = [phrase for phrase in entry["phrases"] if len(normalise(phrase)) > 1 or not phrase.isascii()]
    return [*entry.get("nouns", []), *long]


_BY_DIMENSIONS = {
    (("information", 1.0),): "bytes",
    (("information", 1.0), ("time", -1.0)): "bandwidth",
    (("computation", 1.0),): "work",
    (("computation", 1.0), ("time", -1.0)): "speed",
    (("time", 1.0),): "time",
    (("time", -1.0),): "rate",
    (("money", 1.0),): "money",
    (("money", 1.0), ("time", -1.0)): "money",
    (("energy", 1.0), ("time", -1.0)): "power",
    (("energy", 1.0),): "energy",
}


def measures_of_unit(unit: Unit) -> frozenset[str]:
    """The dimension of one reading of a unit, in the words of kinds.yaml."""
    if "percent" in unit.canonical or "permille" in unit.canonical:
        return frozenset({"share"})
    if dict(unit.soft).get("device") == 1.0 and ("time", 1.0) in unit.hard:
        return frozenset({"device_time"})
    return frozenset({_BY_DIMENSIONS.get(unit.hard, "count" if not unit.hard else "other")})


def measures_of(quantity: Quantity | None) -> frozenset[str]:
    """The dimensions a number may have: one per reading of its unit."""
    if quantity is None:
        return frozenset({"count"})
    if quantity.times:
        return frozenset({"ratio"})
    out = {measure for unit in quantity.units for measure in measures_of_unit(unit)} or {"count"}
    return frozenset(out | {"bytes"} if quantity.bytes_too else out)
