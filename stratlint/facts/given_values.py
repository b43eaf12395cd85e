"""One given: what its key means and what its value is, read by our own lexicon (never by pint's parser)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity, Word, atoms_of, read
from stratlint.document import Span
from stratlint.facts.fact import Fact, Place
from stratlint.facts.kinds import Kinds, load_kinds, measures_of, measures_of_unit
from stratlint.facts.phrases import normalise, word_list

OUTSIDE = Place(-1, -1, -1)
_NOWHERE = Span(0, 0)
_LONGEST_VALUE = 80
_EXAMPLES = {
    "bytes": "64 GB", "bandwidth": "1.8 TB/s", "speed": "400 TFLOP/s", "work": "12 GFLOP", "time": "30 ms",
    "share": "60 %", "rate": "1200 tokens/s", "money": "$2", "power": "700 W", "device_time": "100 GPU-hours",
}  # fmt: skip
# Words for kinds that the lists of phrases leave to the context of a sentence.
_SHORT = {
    "devices": "cluster.gpus", "accelerators": "cluster.gpus", "gpu_bandwidth": "gpu.bandwidth", "gpu_peak": "gpu.peak",
    "gpu_compute": "gpu.peak", "compute": "gpu.peak", "memory": "gpu.memory", "bandwidth": "gpu.bandwidth",
    "sequence_length": "sequence.length", "interconnect": "link.bandwidth",
}  # fmt: skip


class GivenError(ValueError):
    """A given that cannot be used; the message names the place and what to write instead.

    `key` is the setting that holds it (`hardware.NAME.memory`), "" for a given that stands in a file.
    """

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping, nested keys as a path; *line* is 1-based, 0 when unknown.

    `start` and `end` are offsets into the YAML text, for givens that stand in the document itself.
    """

    path: tuple[str, ...]
    value: object
    line: int = 0
    start: int = 0
    end: int = 0


def outside_fact(kind: str, interval: Interval, text: str, origin: str, *, measure: str = "count", scope: str = "", unit: str = "") -> Fact:
    """A fact that stands nowhere in the document."""
    return Fact(
        index=-1, kind=kind, claim=-1, span=_NOWHERE, text=text, interval=interval, measure=measure, unit=unit,
        scope=scope, modality="asserted", place=OUTSIDE, how="given", exact=interval.exact, verdict="", origin=origin,
    )  # fmt: skip


def fact_of(entry: Entry, origin: str) -> Fact:
    """The fact that a key and its value state.

    Raises:
        GivenError: no quantity kind has this name, or the value does not have its dimension. Without the place.
    """
    kinds = load_kinds()
    name = ".".join(entry.path)
    if entry.path[-1] in ("precision", "dtype") and isinstance(entry.value, str):
        return _precision(entry.value, name, origin)
    quantity = quantity_of(entry.value, name)
    kind = _kind(entry.path, measures_of(quantity), kinds, quantity)
    measure, interval = amount(quantity, kind, kinds, name)
    words = tuple(word for part in entry.path for word in normalise(part))
    return outside_fact(
        kinds.refinements.get(kind, {}).get(_scope(words), kind), interval, str(entry.value).strip(), origin,
        measure=measure, scope=_scope(words), unit=quantity.unit_text,
    )  # fmt: skip


def quantity_of(value: object, name: str) -> Quantity:
    """The one number, with its unit, that *value* is.

    Raises:
        GivenError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise GivenError(f"`{name}` needs a number, or a text such as `64 GB`")
    text = value.strip() if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
    tree = read(text) if 0 < len(text) <= _LONGEST_VALUE else None
    atoms = list(atoms_of(tree)) if tree else []
    found = [atom for atom in atoms if isinstance(atom, Quantity)]
    words = [atom for atom in atoms if isinstance(atom, Word) and atom.terminal != "APPROXIMATELY"]
    if len(found) != 1 or words or len(atoms) - len(words) > 2:
        raise GivenError(f"`{name}`: cannot read `{text[:_LONGEST_VALUE]}` as one number with a unit")
    return found[0]


def amount(quantity: Quantity, kind: str, kinds: Kinds, name: str) -> tuple[str, Interval]:
    """The dimension that *quantity* has as a *kind*, and its value in base units.

    Raises:
        GivenError: it has another dimension.
    """
    wanted = kinds.measures[kind]
    for read_as in quantity.units:
        fitting = measures_of_unit(read_as) & wanted
        if fitting:
            return min(fitting), quantity.interval(read_as.factor)
    if quantity.bytes_too and "bytes" in wanted:
        return "bytes", quantity.interval()
    if measures_of(quantity) & wanted:
        return min(measures_of(quantity) & wanted), quantity.interval()
    if not quantity.units and "share" in wanted and 0 <= quantity.number.value <= 1:
        return "share", quantity.interval()
    example = next((_EXAMPLES[measure] for measure in sorted(wanted) if measure in _EXAMPLES), "a plain number")
    raise GivenError(f"`{name}`: `{quantity.text}` is not of its dimension; write it like `{example}`")


def _kind(path: Sequence[str], measures: frozenset[str], kinds: Kinds, quantity: Quantity) -> str:
    """The kind that a key names: by the kind's own name, by one of its phrases, by the last part of its name."""
    named = list(dict.fromkeys(kind for key in _spellings(path) for kind in _named(key, kinds)))
    for kind in named:
        if kinds.allows(kind, measures) and kinds.counts(kind, quantity):
            return kind
    if named:
        return named[0]  # `amount` says which dimension is missing
    near = get_close_matches(path[-1].replace("-", "_").lower(), sorted(_known(kinds)), n=1)
    raise GivenError(f"`{'.'.join(path)}` is no known quantity" + (f"; did you mean `{near[0]}`?" if near else ""))


def _spellings(path: Sequence[str]) -> tuple[str, ...]:
    """The whole path first, then the last key alone."""
    return tuple(dict.fromkeys((".".join(path), " ".join(path), path[-1])))


def _named(key: str, kinds: Kinds) -> list[str]:
    short = key.strip().lower().replace("-", "_").replace(" ", "_")
    if short in kinds.measures:
        return [short]
    words = normalise(key)
    found = [_SHORT[short]] if short in _SHORT else []
    found += [match.name for match in kinds.phrases.find(words) if match.start == 0 and match.end == len(words)]
    return found + [kind for kind in kinds.measures if kind.rpartition(".")[2] == short]


def _known(kinds: Kinds) -> Mapping[str, str]:
    last = {kind.rpartition(".")[2]: kind for kind in kinds.measures}
    return {**last, **_SHORT, **{kind: kind for kind in kinds.measures}}


def _scope(words: tuple[str, ...]) -> str:
    found = [match for match in word_list("scopes").find(words) if match.length > 1]
    return max(found, key=lambda match: (match.length, match.end)).name if found else ""


def _precision(value: str, name: str, origin: str) -> Fact:
    from stratlint.physics.precision import bytes_per_element

    try:
        width = bytes_per_element(value)[0]
    except ValueError:
        raise GivenError(f"`{name}`: `{value[:40]}` is no known precision (bf16, fp8, int4, …)") from None
    return outside_fact("precision.bits", exactly(width * 8), value, origin)
