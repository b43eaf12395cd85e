"""The last line of a table that is set in bold and adds up the lines above, under whatever name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import closing_lines

# What the fixtures of conftest judge.
LAWS = (closing_lines.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PATH = (
    "| Phase | ms |\n|---|--:|\n| Admission | 22.0 |\n| Prefill | 131.6 |\n| Cache hand-over | 3.5 |\n"
    "| First step | 17.4 |\n| **TTFT** | **{}** |\n"
)
TWO = (
    "| Part | Prompt | Answer |\n|---|--:|--:|\n| Weights | 24.61 | 8.20 |\n| Cache | 9.05 | 3.75 |\n"
    "| Exchange | n/a | 2.10 |\n| Host | 1.12 | 1.40 |\n| **TPOT** | **34.78** | **{}** |\n"
)


@pytest.mark.parametrize(
    ("table", "right", "wrong"),
    [(PATH, "174.5", "144.5"), (PATH, "174.5", "175.4"), (PATH, "174.5", "274.5"), (TWO, "15.45", "17.45"), (TWO, "15.45", "14.55")],
)
def test_a_bold_last_line_that_is_one_digit_off_the_sum_is_the_sum(
    table: str, right: str, wrong: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(table.format(right))
    assert refuted(table.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        PATH.format("152.9"),  # no slip leads there
        PATH.replace("**", "").format("144.5"),  # like any other line
        PATH.replace("| Prefill | 131.6 |", "| **Prefill** | **131.6** |").format("144.5"),
        PATH.replace("TTFT", "Maximum").format("144.5"),
        PATH.replace("TTFT", "Target").format("144.5"),
        PATH.replace("TTFT", "p99 of the sum").format("144.5"),
        "| Batch | tok/s |\n|---|--:|\n| 8 | 1,010 |\n| 16 | 1,990 |\n| 32 | 3,700 |\n| **64** | **7,700** |\n",
        "| Card | tok/s |\n|---|--:|\n| old | 1,010 |\n| mid | 990 |\n| new | 1,700 |\n| **ours** | **3,900** |\n",
        "| Year | Cards |\n|---|--:|\n| one | 110 |\n| two | 240 |\n| three | 390 |\n| **four** | **840** |\n",
        TWO.replace("**34.78**", "**31.90**").format("17.45"),  # the other column is no sum
        "| Run | MFU |\n|---|--:|\n| a | 11.5 % |\n| b | 10.2 % |\n| c | 12.1 % |\n| **d** | **36.8 %** |\n",
    ],
)
def test_a_bold_last_line_may_be_anything_else(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
