"""The table of units is what pint makes of `grammar/units.txt`, and no text of a document ever reaches pint."""

from __future__ import annotations

import pint
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims import units
from stratlint.claims.syntax import Quantity, atoms_of
from stratlint.claims.syntax import read as read_line
from stratlint.claims.units import HARD, load_lexicon, unit
from stratlint.resources import data_folder

LEXICON = load_lexicon()
SPELLINGS = sorted(LEXICON.units)
DENOMINATORS = sorted(LEXICON.denominators)


@pytest.fixture(scope="module")
def independent() -> pint.UnitRegistry:
    """A registry of our definitions that shares nothing with the code under test."""
    return pint.UnitRegistry(str(data_folder("grammar") / "units.txt"))


def same(read: units.Unit, expression: str, registry: pint.UnitRegistry) -> bool:
    quantity = registry.Quantity(1, expression).to_base_units()
    dimensions = {name.strip("[]"): float(power) for name, power in quantity.dimensionality.items()}
    return read.factor == pytest.approx(float(quantity.magnitude), rel=1e-12) and dict(read.dimensions) == dimensions


def test_every_spelling_is_what_pint_computes(independent: pint.UnitRegistry) -> None:
    wrong = []
    for spelling in SPELLINGS:
        read = LEXICON.read(spelling.lstrip("\0"))
        expected = LEXICON.units.get(spelling.lstrip("\0")) or LEXICON.units[spelling]
        if len(read) != len(expected) or not all(same(r, e, independent) for r, e in zip(read, expected, strict=True)):
            wrong.append(spelling)
    assert wrong == []


def test_every_spelling_with_every_denominator_is_what_pint_computes(independent: pint.UnitRegistry) -> None:
    wrong = []
    for spelling in ("GB", "token", "TFLOP", "bytes", "Gb", "sequences", "$", "W"):
        head = LEXICON.units.get(spelling) or LEXICON.units.get(f"\0{spelling}")
        if head is None:
            continue
        for below in DENOMINATORS:
            for written in (f"{spelling}/{below}", f"{spelling} / {below}", f"{spelling} per {below}"):
                (read, *_) = LEXICON.read(written)
                if not same(read, f"({head[0]})/({LEXICON.denominators[below]})", independent):
                    wrong.append(written)
    assert wrong == []


@pytest.mark.parametrize(
    ("spelling", "factor", "dimensions"),
    [
        ("B", None, None),
        ("byte", 1, {"information": 1}), ("bytes", 1, {"information": 1}), ("bit", 1 / 8, {"information": 1}),
        ("KB", 1e3, {"information": 1}), ("MB", 1e6, {"information": 1}), ("GB", 1e9, {"information": 1}),
        ("TB", 1e12, {"information": 1}), ("GiB", 2**30, {"information": 1}), ("MiB", 2**20, {"information": 1}),
        ("KiB", 2**10, {"information": 1}), ("Gb", 1.25e8, {"information": 1}), ("Gbit", 1.25e8, {"information": 1}),
        ("Gbps", 1.25e8, {"information": 1, "time": -1}), ("GB/s", 1e9, {"information": 1, "time": -1}),
        ("TB/s", 1e12, {"information": 1, "time": -1}), ("TBps", 1e12, {"information": 1, "time": -1}),
        ("Gb/s", 1.25e8, {"information": 1, "time": -1}), ("GiB/s", 2**30, {"information": 1, "time": -1}),
        ("FLOP", 1, {"computation": 1}), ("GFLOP", 1e9, {"computation": 1}),
        ("TFLOPS", 1e12, {"computation": 1, "time": -1}),
        ("TFlops", 1e12, {"computation": 1, "time": -1}), ("PFLOP/s", 1e15, {"computation": 1, "time": -1}),
        ("TFLOPs/s", 1e12, {"computation": 1, "time": -1}),
        ("TFLOPS/GPU", 1e12, {"computation": 1, "time": -1, "device": -1}),
        ("s", 1, {"time": 1}), ("ms", 1e-3, {"time": 1}), ("us", 1e-6, {"time": 1}), ("µs", 1e-6, {"time": 1}),
        ("μs", 1e-6, {"time": 1}), ("μS", 1e-6, {"time": 1}), ("ns", 1e-9, {"time": 1}), ("minutes", 60, {"time": 1}),
        ("hours", 3600, {"time": 1}), ("h", 3600, {"time": 1}), ("days", 86400, {"time": 1}),
        ("毫秒", 1e-3, {"time": 1}),
        ("%", 0.01, {}), ("percent", 0.01, {}), ("USD", 1, {"money": 1}), ("W", 1, {"energy": 1, "time": -1}),
        ("kW", 1e3, {"energy": 1, "time": -1}), ("kWh", 3.6e6, {"energy": 1}), ("MHz", 1e6, {"time": -1}),
        ("tokens", 1, {"token": 1}), ("tokens/s", 1, {"token": 1, "time": -1}), ("tok/s", 1, {"token": 1, "time": -1}),
        ("Mtok/h", 1e6 / 3600, {"token": 1, "time": -1}), ("ktok", 1e3, {"token": 1}),
        ("tokens per second", 1, {"token": 1, "time": -1}), ("tokens/sec", 1, {"token": 1, "time": -1}),
        ("GPUs", 1, {"device": 1}), ("卡", 1, {"device": 1}), ("GPU-hours", 3600, {"device": 1, "time": 1}),
        ("bytes/param", 1, {"information": 1, "parameter": -1}),
        ("bytes per parameter", 1, {"information": 1, "parameter": -1}),
        ("layers", 1, {"layer": 1}), ("experts", 1, {"expert": 1}),
        ("sequences/second", 1, {"sequence": 1, "time": -1}),
        ("QPS", 1, {"request": 1, "time": -1}), ("字节", 1, {"information": 1}),
        ("litres", 1e-3, {"length": 3}), ("litres per second", 1e-3, {"length": 3, "time": -1}),
        ("L/min", 1e-3 / 60, {"length": 3, "time": -1}), ("m³/h", 1 / 3600, {"length": 3, "time": -1}), ("feet", 0.3048, {"length": 1}),
        ("€", 1, {"money": 1}), ("$/GPU-hour", 1 / 3600, {"device": -1, "money": 1, "time": -1}),
        ("L", None, None), ("t", None, None), ("m", None, None),
    ],
)  # fmt: skip
def test_units_mean_what_engineers_mean(spelling: str, factor: float | None, dimensions: dict[str, int] | None) -> None:
    read = LEXICON.read(spelling)
    if factor is None:
        assert read == ()  # a lone `B` may be a magnitude, a lone `L` the number of layers: only what stands around can tell
    else:
        assert read[0].factor == pytest.approx(factor, rel=1e-12)
        assert dict(read[0].dimensions) == dimensions


def test_hard_dimensions_are_those_an_equation_must_respect() -> None:
    (read,) = LEXICON.read("bytes/param")
    assert dict(read.hard) == {"information": 1}
    assert dict(read.soft) == {"parameter": -1}
    assert {name for name, _ in unit("gigabyte/second").hard} <= HARD


def test_pint_knows_nothing_but_our_definitions() -> None:
    """Its default registry is wrong here: its byte has no dimension, its Gbps is gigabaud."""
    known = set(units.registry())
    assert "byte" in known
    assert not known & {"kelvin", "baud", "ampere", "pound"}


@pytest.mark.parametrize(
    ("text", "unit_text"),
    [
        ("1.25 t", "t"), ("1.25 t of steel", "t"), ("0.3 t/MWh", "t"), ("25 t/s", ""), ("5t", ""), ("3 t x", ""),
        ("1.5 L/s", "L/s"), ("90 L.", "L"), ("32 L heads", ""), ("1.5 l/min", "l/min"), ("30 m = 98 ft", "m"), ("30 m wide", ""),
        ("98.4 ft", "ft"), ("5 mm", "mm"), ("5-mm", ""), ("1 in = 25.4 mm", "in"), ("8 in total", ""), ("25 m³/h", "m³/h"),
    ],
)  # fmt: skip
def test_symbols_that_name_other_things_are_units_right_behind_a_number_only(text: str, unit_text: str) -> None:
    claims = read_line(text)
    assert claims is not None
    first = next(atom for atom in atoms_of(claims) if isinstance(atom, Quantity))
    assert first.unit_text == unit_text
    assert bool(first.units) == bool(unit_text)


@given(st.text(max_size=30))
def test_an_unknown_spelling_is_no_unit_and_never_reaches_pint(spelling: str) -> None:
    for read in LEXICON.read(spelling):
        assert read.canonical


@pytest.mark.parametrize("text", ["meter**9999999", "__import__('os')", "GB**2", "GB/()", "1e9 GB", "GB; byte", "byte/parsec"])
def test_hostile_units_are_not_evaluated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object) -> None:
        raise AssertionError("document text reached pint")

    monkeypatch.setattr(units, "registry", reached)
    assert LEXICON.read(text) == ()


def test_an_expression_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ValueError, match=r"units\.txt"):
        unit("furlong")


def test_a_spelling_stands_for_one_thing() -> None:
    """The same spelling listed under two units would make the order of a file decide."""
    data = yaml.safe_load((data_folder("grammar") / "spellings.yaml").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    twice = []
    for expression, entry in data["units"].items():
        words = [spelling.lower() if entry.get("word") else spelling for spelling in entry.get("spellings", ())]
        symbols = [symbol for guard in ("behind", "alone", "not_per_second", "equal") for symbol in entry.get(guard, ())]
        for spelling in (*words, *symbols):
            if spelling in seen:
                twice.append((spelling, seen[spelling], expression))
            seen[spelling] = expression
    assert twice == []
