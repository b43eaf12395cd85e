"""A column of results whose unit stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from stratlint.laws import equations

# What the fixtures of conftest judge.
LAWS = (equations.proposals,)
Refuted = Callable[[str], list[str]]

TABLE = (
    "| Part | How | Parameters |\n|---|---|---|\n| Experts | 32 × 64 × 55.05M | {} |\n| Attention | 32 × 41.9M | {} |\n"
    "| Output | 2 × 525.3M | {} |\n"
)


def test_results_that_are_all_off_by_one_power_of_ten_have_a_unit_that_was_not_read(refuted: Refuted) -> None:
    assert refuted(TABLE.format("112.74", "1.341", "1.051")) == []


def test_one_result_that_is_off_and_results_with_units_of_their_own_are_refuted(refuted: Refuted) -> None:
    assert refuted(TABLE.format("112.74B", "1.341B", "1.051M")) == ["1.051M"]
    sized = TABLE.replace("M |", " MB |").format("112.74 TB", "1.341 TB", "1.051 TB")
    assert refuted(sized) == ["112.74 TB", "1.341 TB", "1.051 TB"]


def test_few_bytes_that_nothing_multiplies_are_those_of_one_parameter(refuted: Refuted) -> None:
    table = "| State | Bytes | GB |\n|---|---|---|\n| Adam | 12 B / {} | 1.16 |\n"
    assert refuted(table.format("16")) == []
    assert refuted("| Part | How | GB |\n|---|---|---|\n| Weights | 70B × 2 | 160 |\n") == ["160"]


def test_what_is_added_in_words_without_a_number_leaves_the_computation_open(refuted: Refuted) -> None:
    assert refuted("A rank holds 6.48 / 4 plus one embedding table = 2.31 B.") == []
    assert refuted("A rank holds 6.48 / 4 = 2.31 B.") == ["2.31 B"]
