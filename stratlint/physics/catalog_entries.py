"""Entries of the catalog: accelerators and models, their figures and the names documents use for them.

A catalog figure lists every value in honest use for the device (datasheet, reported, rounded): a claim that fits any of
them is consistent. An alias may name several entries ("A100" is four of them); readers take the union of their figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

from stratlint.physics.architecture import Architecture
from stratlint.physics.parameters import ActiveParameters, active_parameters, count_parameters
from stratlint.physics.precision import canonical_precision

_SEPARATORS = re.compile(r"[\s\-_]+")


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device (one GPU, one TPU chip, one package), with every admissible reading of its figures.

    `memory_gb`: labels in GB or GiB; `memory_reported`: bytes a driver or tool prints. `bandwidth_gb_s`: memory, GB/s.
    `peak_tflops`: dense peaks by precision; `sparse_tflops`: sparse peaks that are not `sparse_factor` times the dense
    one. `link_gb_s`: scale-up interconnect of one device, (one direction, both), None when unknown; `link_other_gb_s`:
    figures that other sources give for it. `tdp_w`: watts.
    `weak_aliases` are names too short to trust without a word like "GPU" or a vendor beside them ("L4", "T4").
    `unsupported` lists precisions without tensor-core support. `sources` gives the source of each figure.
    """

    name: str
    vendor: str
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    memory_gb: tuple[float, ...]
    memory_reported: tuple[int, ...]
    bandwidth_gb_s: tuple[float, ...]
    peak_tflops: Mapping[str, tuple[float, ...]]
    sparse_factor: float | None
    sparse_tflops: Mapping[str, tuple[float, ...]]
    link: str
    link_gb_s: tuple[float, float] | None
    link_other_gb_s: tuple[float, ...]
    tdp_w: tuple[float, ...]
    gpus_per_node: int | None
    unsupported: tuple[str, ...]
    sources: Mapping[str, str]
    note: str

    def memory_bytes(self) -> tuple[float, ...]:
        """Admissible capacities in bytes: each label as 10^9 and as 2^30, and what tools report; ascending."""
        values = {label * unit for label in self.memory_gb for unit in (10**9, 2**30)}
        return tuple(sorted(values | {float(value) for value in self.memory_reported}))

    @property
    def bandwidth(self) -> tuple[float, ...]:
        """Admissible memory bandwidths in bytes/s."""
        return tuple(value * 1e9 for value in self.bandwidth_gb_s)

    @property
    def precisions(self) -> tuple[str, ...]:
        """Precisions with a known dense peak."""
        return tuple(self.peak_tflops)

    def peaks(self, precision: str) -> tuple[float, ...]:
        """Admissible dense peaks in FLOP/s; empty when the catalog has none. ValueError for an unknown precision."""
        return tuple(value * 1e12 for value in self.peak_tflops.get(canonical_precision(precision), ()))

    def sparse_peaks(self, precision: str) -> tuple[float, ...]:
        """Peaks with structured sparsity in FLOP/s; empty for devices (and formats: fp32, fp64) without it."""
        key = canonical_precision(precision)
        if key in self.sparse_tflops:
            return tuple(value * 1e12 for value in self.sparse_tflops[key])
        if self.sparse_factor is None or key in ("fp32", "fp64"):
            return ()
        return tuple(value * self.sparse_factor for value in self.peaks(key))

    def supports(self, precision: str) -> bool | None:
        """Whether matrix units compute in this precision: True, False, or None when the catalog does not say."""
        key = canonical_precision(precision)
        if key in self.unsupported:
            return False
        return True if key in self.peak_tflops else None

    @property
    def link_per_direction(self) -> float | None:
        """Interconnect bytes/s of one device in one direction."""
        return None if self.link_gb_s is None else self.link_gb_s[0] * 1e9

    @property
    def link_total(self) -> float | None:
        """Interconnect bytes/s of one device, both directions together."""
        return None if self.link_gb_s is None else self.link_gb_s[1] * 1e9


@dataclass(frozen=True, slots=True)
class Model:
    """One published model: its architecture, how it is called and how large its authors say it is.

    `display` is the size as announced ("671B total, 37B active"); `published_total` the exact published count, if any;
    `announced_total` and `announced_active` the rounded figures.
    """

    name: str
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    architecture: Architecture
    display: str
    published_total: int | None
    announced_total: float | None
    announced_active: float | None
    sources: Mapping[str, str]
    note: str

    @property
    def total_parameters(self) -> int:
        """Exact total from the architecture."""
        return count_parameters(self.architecture).total

    @property
    def active_parameters(self) -> ActiveParameters:
        """Parameters per token under the three conventions."""
        return active_parameters(self.architecture)


class Named(Protocol):
    """What a catalog entry is found by."""

    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...

    @property
    def weak_aliases(self) -> tuple[str, ...]: ...


Entry = TypeVar("Entry", bound=Named)


def normalise_name(text: str) -> str:
    """A name as compared: case-folded, without an organisation ("mistralai/"), separators as one hyphen."""
    return _SEPARATORS.sub("-", text.strip().casefold().rsplit("/", 1)[-1])


def lookup(entries: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """Entries by normalised name and alias, weak aliases included; several where a name fits several."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in dict.fromkeys(map(normalise_name, (entry.name, *entry.aliases, *entry.weak_aliases))):
            found.setdefault(name, []).append(entry)
    return MappingProxyType({name: tuple(matches) for name, matches in found.items()})


@dataclass(slots=True)
class _Node:
    """A step in the tree of all names: what may follow, and the name that ends here."""

    following: dict[str, _Node]
    name: str = ""


@dataclass(frozen=True, slots=True)
class NameFinder:
    """Finds the names of catalog entries in running text; one regular expression of all names takes far longer.

    `starts` finds in a text in lower case where a name may begin, `root` is walked from there.
    """

    starts: re.Pattern[str]
    root: _Node

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every name in *text*, the longest at each place, none inside another."""
        lowered, position = _lowered(text), 0
        while (begun := self.starts.search(lowered, position)) is not None:
            start = begun.start()
            position = start + 1
            if start and (text[start - 1].isalnum() or text[start - 1] in _GOES_ON):
                continue
            found = [found for found in _walk(self.root, text, start) if _NAME_END.match(text, found[1])]
            if found:
                _, position = min(found, key=lambda found: (-len(found[0]), found[0]))
                yield start, position


# A plural may follow, but neither the rest of a longer word nor of a version: "DeepSeek-V3" is not in "DeepSeek-V3.2".
_NAME_END = re.compile(r"s?(?!\w|\.\d)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-_]*")
_FIRST_LETTERS = 3
# What stands before the rest of a longer word or version.
_GOES_ON = "_."


def _lowered(text: str) -> str:
    """*text* in lower case, every character at its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := each.lower()) == 1 else each for each in text)


def name_finder(entries: Iterable[Named], *, weak: bool = False) -> NameFinder:
    """A finder of the written names of *entries*; look what it finds up with `lookup`.

    Case and separators do not matter. A name is not found inside a longer word or version: "H100" not in "GH100",
    "DeepSeek-V3" not in "DeepSeek-V3.2". `weak` adds the weak aliases.
    """
    names: set[str] = set()
    for entry in entries:
        weak_names = set(map(normalise_name, entry.weak_aliases))
        strong = set(map(normalise_name, (entry.name, *entry.aliases))) - weak_names
        names |= strong | weak_names if weak else strong
    root = _Node({})
    for name in names:
        node = root
        for character in name:
            node = node.following.setdefault(character, _Node({}))
        node.name = name
    begins = sorted({re.escape(name.split("-")[0][:_FIRST_LETTERS]) for name in names})
    return NameFinder(re.compile("|".join(begins) or "(?!)"), root)  # no flag, nothing in front: found at the speed of a search for letters


def _walk(node: _Node, text: str, position: int) -> Iterator[tuple[str, int]]:
    """Every name that *text* continues with at *position*, and where it ends."""
    if node.name:
        yield node.name, position
    separated = node.following.get("-")
    if separated is not None:
        between = _BETWEEN.match(text, position)
        assert between is not None
        yield from _walk(separated, text, between.end())
    if position < len(text) and (character := text[position].casefold()) != "-" and character in node.following:
        yield from _walk(node.following[character], text, position + 1)
