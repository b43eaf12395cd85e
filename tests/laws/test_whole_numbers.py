"""Whole numbers that a table makes of the quotients beside them: all are rounded one way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import whole_numbers

# What the fixtures of conftest judge.
LAWS = (whole_numbers.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

ROWS = (
    "| Length | Ratio | Sequences |\n|--:|--:|--:|\n| 32,768 | 41.37 | 41 |\n| 65,536 | 20.69 | 20 |\n"
    "| 98,304 | 13.79 | 13 |\n| 131,072 | 10.34 | {} |\n"
)


def test_what_is_rounded_down_in_all_other_rows_is_so_in_the_last(refuted: Refuted, settled: Settled) -> None:
    assert settled(ROWS.format("10"))
    assert refuted(ROWS.format("11")) == ["11"]
    assert refuted(ROWS.format("9")) == ["9"]


def test_so_it_is_between_the_lines_of_a_table(refuted: Refuted, settled: Settled) -> None:
    page = "| | A | B | C |\n|---|--:|--:|--:|\n| Bytes left / size | 20.28 | 10.14 | 5.07 |\n| Requests | 20 | 10 | {} |\n"
    assert settled(page.format("5"))
    assert refuted(page.format("6")) == ["6"]


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace("| 20 |", "| 21 |").replace("| 13 |", "| 14 |").format("11"),
        ROWS.replace("| 20 |", "| 24 |").format("11"),  # two rows differ
        ROWS.format("16"),  # too far: another quantity
        "| Load | Nodes by size | Nodes |\n|--:|--:|--:|\n| 1 | 4.00 | 4 |\n| 2 | 8.00 | 8 |\n| 3 | 12.20 | 13 |\n",  # up, too
        "| Load | x | y |\n|--:|--:|--:|\n| 1 | 4.30 | 4 |\n| 2 | 8.20 | 9 |\n",
    ],
)
def test_what_has_no_one_rule_is_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
