"""The closed lexicon of units: every spelling that documents use, with its factor and dimensions computed by pint once.

No document text ever reaches pint's parser: a spelling is looked up, its canonical expression (ours) goes to pint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from stratlint.resources import compiled, data_folder, read_yaml

if TYPE_CHECKING:
    from pint import UnitRegistry

Dimensions = tuple[tuple[str, float], ...]

# Dimensions that must agree in an equation; everything else is a counted thing that a document may drop.
HARD = frozenset({"information", "computation", "time", "money", "energy", "mass", "length"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit reading: *canonical* is pint's name for it, *factor* its size in base units, *dimensions* sorted.

    `hard` are the dimensions an equation must respect.
    """

    canonical: str
    factor: float
    dimensions: Dimensions
    hard: Dimensions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hard", tuple(pair for pair in self.dimensions if pair[0] in HARD))

    @property
    def soft(self) -> Dimensions:
        """The counted things in it."""
        return tuple(pair for pair in self.dimensions if pair[0] not in HARD)


DIMENSIONLESS = Unit("", 1.0, ())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Spelling → readings, the regular expressions that find them, and the magnitude words.

    `behind`: symbols that are units right behind a number, alone or with something below the line, and names of other things elsewhere;
    `calendar`: what else a month or a year below the line may be.
    """

    units: Mapping[str, tuple[str, ...]]
    denominators: Mapping[str, str]
    magnitudes: Mapping[str, float]
    behind: Mapping[str, tuple[str, ...]]
    calendar: Mapping[str, tuple[str, ...]]
    unit_pattern: str
    magnitude_pattern: str

    def read_behind_number(self, spelling: str) -> tuple[Unit, ...]:
        """The readings of what the grammar found to be a unit right behind a number, symbols like `t` and `L` too."""
        known = self.behind.get(spelling.strip())
        return tuple(map(unit, known)) if known is not None else self.read(spelling)

    def periods(self, below: Unit) -> tuple[Unit, ...]:
        """*below*, and what else it may be where something comes in each: a month has no certain length."""
        return (below, *map(unit, self.calendar.get(below.canonical, ())))

    def read(self, spelling: str) -> tuple[Unit, ...]:
        """The readings of a unit as written (`GB/s`, `tokens per second`, `TFLOPS/GPU`), () when unknown."""
        return _units_of(spelling)


@cache
def registry() -> UnitRegistry[Any]:
    """pint, with our definitions only."""
    import pint

    return pint.UnitRegistry(str(data_folder("grammar") / "units.txt"), autoconvert_offset_to_baseunit=False)


def compute_unit(expression: str) -> Unit:
    """The unit of one of *our* canonical expressions, computed by pint.

    Raises:
        ValueError: the expression is not one of `grammar/units.txt`.
    """
    try:
        quantity = registry().Quantity(1, expression).to_base_units()
    except Exception as error:
        raise ValueError(f"`{expression}` is not a unit of grammar/units.txt: {error}") from error
    dimensions = tuple(sorted((name.strip("[]"), float(cast(float, power))) for name, power in quantity.dimensionality.items()))
    return Unit(expression, float(cast(float, quantity.magnitude)), dimensions)


def unit_table() -> dict[str, list[object]]:
    """Canonical expression → [factor, [[dimension, power], …]], computed by pint: half a second that most runs need not spend."""
    computed = {expression: compute_unit(expression) for expression in canonical_expressions()}
    return {expression: [unit.factor, [list(pair) for pair in unit.dimensions]] for expression, unit in computed.items()}


@cache
def _table() -> Mapping[str, tuple[float, Dimensions]]:
    raw = compiled("units", unit_table)
    return {key: (factor, tuple((name, power) for name, power in dimensions)) for key, (factor, dimensions) in raw.items()}


@cache
def unit(expression: str) -> Unit:
    """The unit of one of *our* canonical expressions: from the table, else from pint.

    Raises:
        ValueError: the expression is not one of `grammar/units.txt`.
    """
    if expression in ("", "1"):
        return DIMENSIONLESS
    known = _table().get(expression)
    return Unit(expression, *known) if known else compute_unit(expression)


def canonical_expressions() -> frozenset[str]:
    """Every canonical expression that a spelling or a denominator of `spellings.yaml` stands for."""
    lexicon = load_lexicon()
    readings = {reading for found in (*lexicon.units.values(), *lexicon.behind.values()) for reading in found}
    periods = {period for others in lexicon.calendar.values() for period in others}
    return frozenset(readings | periods | set(lexicon.denominators.values()) | {"dollar"}) - {"", "1"}


@cache
def load_lexicon() -> Lexicon:
    """Read `grammar/spellings.yaml`."""
    data = read_yaml(data_folder("grammar") / "spellings.yaml")
    table: dict[str, tuple[str, ...]] = {}
    folded: dict[str, tuple[str, ...]] = {}
    for spelling, readings in _families(data):
        table.setdefault(spelling, readings)
    guarded: dict[str, dict[str, tuple[str, ...]]] = {guard: {} for guard in _GUARDS}
    for expression, entry in data["units"].items():
        readings = tuple(expression.split("|"))
        target = folded if entry.get("word") else table
        for spelling in entry.get("spellings", ()):
            target.setdefault(spelling.lower() if entry.get("word") else spelling, readings)
        for guard, symbols in guarded.items():
            symbols.update(dict.fromkeys(entry.get(guard, ()), readings))
    units = {**{f"\0{spelling}": readings for spelling, readings in folded.items()}, **table}
    denominators = {s: expression for expression, spellings in data["denominators"].items() for s in spellings}
    magnitudes = {s: float(value) for value, spellings in data["magnitudes"].items() for s in spellings}
    return Lexicon(
        units,
        denominators,
        magnitudes,
        {symbol: readings for symbols in guarded.values() for symbol, readings in symbols.items()},
        {period: tuple(others) for period, others in data["calendar"].items()},
        _unit_pattern(table, folded, denominators, guarded),
        _alternatives(magnitudes) + r"(?![A-Za-z0-9])",
    )


def _families(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for family in data["families"]:
        for group in family["prefixes"]:
            for letter, prefix in data["prefixes"][group].items():
                for symbol in family["symbols"]:
                    yield letter + symbol, tuple(r.replace("{prefix}", prefix) for r in family["readings"])


def _alternatives(spellings: Iterable[str]) -> str:
    """A pattern for the longest of *spellings* that lets the rest match.

    Spellings with the same beginning share it: hundreds of plain alternatives take ten times as long to compile, and
    every word of a document would be compared with each of them.
    """
    return _branches(frozenset(spellings))


def _branches(endings: frozenset[str]) -> str:
    following: dict[str, set[str]] = {}
    for ending in endings - {""}:
        following.setdefault(ending[0], set()).add(ending[1:])
    single = [first for first in sorted(following) if following[first] == {""}]
    several = [first for first in sorted(following) if first not in single]
    parts = [re.escape(first) + _branches(frozenset(following[first])) for first in several]
    if single:
        parts.append(re.escape(single[0]) if len(single) == 1 else "[" + "".join(map(re.escape, single)) + "]")
    if not parts:
        return ""
    return f"(?:{'|'.join(parts)})" + ("?" if "" in endings else "")


_AFTER_NUMBER = r"(?:(?<=\d)|(?<=\d[ \u00a0\u202f]))"
_AFTER_BLANK = r"(?<=\d[ \u00a0\u202f])"
# A rate of tokens.
_NO_RATE = r"(?!\s?/\s?(?:s|sec|second|min)(?![A-Za-z]))"
_ENDS_AMOUNT = r"(?=\s*(?:[=≈→×·*÷/+−–,;:)\]|]|\.(?:\s|$)|$|(?:per|of|CO2|CO₂|CO2e|each|and|or|is|are|in total)(?![A-Za-z0-9])))"
# How a symbol must stand to be a unit, by the key of `spellings.yaml` under which it is listed: what stands before it, and behind it.
_GUARDS = {
    "behind": (_AFTER_NUMBER, r"(?![A-Za-z0-9_²³])(?!-[A-Za-z])"),
    "alone": (_AFTER_BLANK, _ENDS_AMOUNT),
    "not_per_second": (_AFTER_BLANK, _NO_RATE + _ENDS_AMOUNT),
    "equal": (_AFTER_BLANK, r"(?=\s*[=≈]|\.(?:\s|$))"),
}


def _unit_pattern(
    table: Mapping[str, object], folded: Mapping[str, object], denominators: Mapping[str, object], guarded: Mapping[str, Iterable[str]]
) -> str:
    words = _alternatives(folded).replace("\\ ", r"\s+")
    below = _alternatives(denominators)
    boundary = r"(?:(?<=[^\x00-\x7f])|(?<=%)|(?![A-Za-z0-9_])(?!-[A-Za-z]))"
    head = f"(?:{_alternatives(table)}|(?i:{words})){boundary}"
    tail = rf"(?:\s?/\s?{below}(?![A-Za-z0-9])|\s+per\s+{below}(?![A-Za-z0-9]))*"
    symbols = [f"{_GUARDS[guard][0]}(?:{_alternatives(found)}){_GUARDS[guard][1]}" for guard, found in guarded.items()]
    return f"-?(?:{'|'.join([head, *symbols])}){tail}"


_TAIL = re.compile(r"\s?/\s?|\s+per\s+")


@cache
def _compose(head: str, below: tuple[str, ...]) -> Unit:
    """A unit divided by others; the dimensions of ours are few enough to add up here."""
    top = unit(head)
    factor, powers = top.factor, dict(top.dimensions)
    for part in below:
        divisor = unit(part)
        factor /= divisor.factor
        for name, power in divisor.dimensions:
            powers[name] = powers.get(name, 0.0) - power
    canonical = f"({head})" + "".join(f"/({part})" for part in below) if below else head
    return Unit(canonical, factor, tuple(sorted((name, power) for name, power in powers.items() if power)))


# Every word of a page is asked for; what is kept must not grow with the run.
_REMEMBERED = 8192


@lru_cache(maxsize=_REMEMBERED)
def _units_of(spelling: str) -> tuple[Unit, ...]:
    return _read_unit(load_lexicon(), " ".join(spelling.split()).lstrip("-").strip())


def _read_unit(lexicon: Lexicon, spelling: str) -> tuple[Unit, ...]:
    whole = lexicon.units.get(spelling) or lexicon.units.get(f"\0{spelling.lower()}")
    if whole:
        return tuple(unit(reading) for reading in whole)
    head, *written = _TAIL.split(spelling)
    readings = lexicon.units.get(head) or lexicon.units.get(f"\0{head.lower()}") or (lexicon.behind.get(head) if written else None) or ()
    below = tuple(lexicon.denominators.get(part, "") for part in written)
    if not all(below):
        return ()
    # "TFLOPs/s" must not become a rate of a rate; "TFLOPS/GPU" keeps its rate.
    if any("time" in dict(unit(part).dimensions) and "device" not in part for part in below):
        readings = tuple(r for r in readings if not r.endswith("/second")) or readings
    return tuple(_compose(reading, below) for reading in readings)
