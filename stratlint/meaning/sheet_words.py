"""Which field of a data sheet the label of an amount names: its words and its unit; () for a label that says more or something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from stratlint.claims.units import Dimensions
from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import singular
from stratlint.resources import data_folder, read_yaml

UNITS: Mapping[str, Dimensions] = {
    "bytes": (("information", 1.0),),
    "bytes per second": (("information", 1.0), ("time", -1.0)),
    "watts": (("energy", 1.0), ("time", -1.0)),
    "operations per second": (("computation", 1.0), ("time", -1.0)),
}


@dataclass(frozen=True, slots=True)
class _Name:
    """A field: its unit, the words one of which names it, and all that may stand in a label of it."""

    field: str
    dimensions: Dimensions
    of: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Words:
    names: tuple[_Name, ...]
    dense: frozenset[str]
    sparse: frozenset[str]
    negated: frozenset[str]
    formats: Mapping[str, str]
    naming: frozenset[str]
    neutral: frozenset[str]
    of_model: frozenset[str]
    unpublished: frozenset[str]
    derived: frozenset[str]
    compared: frozenset[str]
    units: frozenset[str]


@cache
def _words() -> _Words:
    data = read_yaml(data_folder("grammar") / "lexicon" / "fields.yaml")

    def words(key: str) -> frozenset[str]:
        return frozenset(map(str, data[key]))

    names = tuple(
        _Name(str(field), UNITS[each["unit"]], of := frozenset(map(str, each["of"])), of | frozenset(map(str, each["with"])))
        for field, each in data["devices"].items()
    )
    return _Words(
        names, words("dense"), words("sparse"), words("negated"), {str(word): str(format) for word, format in data["formats"].items()},
        words("naming"), words("neutral"), words("of_model"), words("unpublished"), words("derived"), words("compared"),
        words("units"),
    )  # fmt: skip


def fields_named(words: Iterable[str], dimensions: Dimensions) -> tuple[str, ...]:
    """The fields of a device that a label of these words, in that unit, may be of.

    >>> fields_named(["HBM3e", "bandwidth"], UNITS["bytes per second"]), fields_named(["HBM", "budget"], UNITS["bytes"])
    (('memory bandwidth',), ())
    """
    for name in _words().names:
        if name.dimensions == dimensions:
            found = _known_words(words, name.known)
            if found is not None and found & name.of:
                return _peaks(found) if name.field == "peak" else (name.field,)
    return ()


def _known_words(words: Iterable[str], known: frozenset[str]) -> frozenset[str] | None:
    """The words of a label, if all of them are known; Chinese ones are taken apart."""
    found: set[str] = set()
    for word in words:
        for part in split_words(word):
            if part.isdecimal():
                continue  # "NVLink 4"
            if part in known or singular(part) in known:
                found.add(part if part in known else singular(part))
                continue
            pieces = {piece for piece in known if not piece.isascii() and piece in part}
            rest = part
            for piece in sorted(pieces, key=len, reverse=True):
                rest = rest.replace(piece, "")
            if rest or not pieces:
                return None
            found |= pieces
    return frozenset(found)


def _peaks(words: frozenset[str]) -> tuple[str, ...]:
    known = _words()
    formats = sorted({known.formats[word] for word in words & known.formats.keys()})
    dense, sparse = bool(words & known.dense), bool(words & known.sparse)
    if dense == sparse:
        dense = sparse = True
    if words & known.negated:
        dense, sparse = True, False  # nobody says that a peak is not dense
    kinds = [kind for kind, meant in (("dense", dense), ("sparse", sparse)) if meant]
    return tuple(f"{kind} {format} peak" for format in formats or sorted(set(known.formats.values())) for kind in kinds)


def names_device(label: str) -> bool:
    """Whether a label says that its value is the device of its record: "GPU", "Accelerator"."""
    words = [singular(word) for word in split_words(label)]
    return 0 < len(words) <= _SHORT and words[0] in _words().naming


_SHORT = 2


def says_nothing(header: str) -> bool:
    """Whether a header leaves open whose the values below it are: "Value", "Per GPU", "数值"."""
    return all(word in _words().neutral or word.isdecimal() for word in split_words(header))


def of_whole_model(word: str) -> bool:
    """Whether the word of a label leaves open, or says, that the values behind it are those of the whole model: "Attention"."""
    return all(singular(part) in _words().of_model or part.isdecimal() for part in split_words(word))


def unit_words() -> frozenset[str]:
    """Words of labels that are units, in lower case."""
    return _words().units


def unpublished(words: Iterable[str]) -> bool:
    """Whether words say of amounts that they are measured, planned or what is left: no published ones."""
    return not _words().unpublished.isdisjoint(words)


def another_thing(before: str, after: str) -> bool:
    """Whether a name stands for something derived from it, or compared with it: "H100-class", "unlike the H100"."""
    following, leading = split_words(after[:_NEAR])[:1], split_words(before[-_NEAR:])[-3:]
    return not _words().derived.isdisjoint(following) or not _words().compared.isdisjoint(leading)


_NEAR = 24
