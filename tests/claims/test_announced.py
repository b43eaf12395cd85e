"""A unit in a header or a label counts as if it stood at the number."""

from __future__ import annotations

import pytest

from stratlint.claims.announced import announced
from stratlint.claims.extract import extract
from stratlint.document import parse


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Latency (ms)", "millisecond"),
        ("Memory [GiB]", "gibibyte"),
        ("Throughput (out tok/s/GPU)", "(token)/(second)/(device)"),
        ("Cost ($/h)", "(dollar)/(hour)"),
        ("Latency in ms", "millisecond"),
        ("Weights, GB", "gigabyte"),
        ("MFU %", "percent"),
        ("**Tokens per second**", "(token)/(second)"),
        ("GPU-hours", "device*hour"),
        ("Days", "day"),
        ("GB", "gigabyte"),
        ("Step time (s)", "second"),
        ("Training FLOPs", "flop/second"),
        ("Peak TFLOP/s", "(teraflop)/(second)"),
        ("$", "dollar"),
        ("Cost, $", "dollar"),
        ("$/kW-month", "(dollar)/(kw-month)"),
        ("$ per M tokens", "(dollar)/(megatoken)"),
    ],
)
def test_a_header_announces_its_unit(text: str, unit: str) -> None:
    found = announced(text)

    assert found is not None and found.units[0].canonical == unit


@pytest.mark.parametrize(
    "text",
    [
        "Node(s)",
        "Hidden size (h)",
        "Sequence (s)",
        "min",
        "Day",
        "d",
        "Model (M)",
        "Latency (p50)",
        "GPUs",
        "Notes (see below)",
        "Batch (tokens)",
        "KV bytes",
        "",
    ],
)
def test_a_symbol_a_plural_or_a_name_is_no_unit(text: str) -> None:
    assert announced(text) is None


def test_letters_are_magnitudes_where_a_header_counts_parameters_or_tokens() -> None:
    found = announced("Parameters (B)")

    assert found is not None and found.magnitude == 1e9 and found.units == ()


def values(text: str) -> list[tuple[str, str]]:
    return [(n.text, n.quantity.unit.canonical if n.quantity and n.quantity.unit else "") for n in extract(parse(text)).numbers]


def test_cells_take_the_unit_of_their_column_and_columns_that_of_their_row() -> None:
    assert values("| Rank | Latency (ms) |\n|---|---|\n| first | 25 |") == [("25", "millisecond")]
    assert values("| Metric | First | Second |\n|---|---|---|\n| Latency (ms) | 25 | ~31 |") == [
        ("25", "millisecond"),
        ("31", "millisecond"),
    ]


def test_a_unit_at_the_number_outweighs_the_header() -> None:
    assert values("| Rank | Latency (ms) |\n|---|---|\n| first | 2 s |") == [("2 s", "second")]


def test_where_row_and_column_differ_nothing_is_announced() -> None:
    assert values("| Metric | GB |\n|---|---|\n| Latency (ms) | 25 |") == [("25", "")]


def test_only_the_number_a_cell_consists_of_takes_the_unit() -> None:
    assert values("| Rank | Latency (ms) |\n|---|---|\n| first | 25 (TP 8) |\n| second | 4 of 5 |") == [
        ("25", "millisecond"), ("8", ""), ("4", ""), ("5", "")
    ]  # fmt: skip


def test_a_label_announces_the_unit_of_the_number_right_behind_its_colon() -> None:
    assert values("Requests per second: 10") == [("10", "(request)/(second)")]
    assert values("Requests per second: about 3 of 10") == [("3", ""), ("10", "")]


@pytest.mark.parametrize(("text", "magnitude"), [("$ million", 1e6), ("Cost (million $)", 1e6), ("Budget (k$)", 1e3), ("$", 1.0)])
def test_a_currency_says_how_many_it_counts(text: str, magnitude: float) -> None:
    found = announced(text)
    assert found is not None and found.magnitude == magnitude
