"""A change as a factor and, right behind it, as a percentage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import factor_and_change

# What the fixtures of conftest judge.
LAWS = (factor_and_change.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        ("Rate: 2,420 / 1,100 = 2.20×, i.e. an increase of {}.", "120 %", "220 %"),
        ("We now have 1.6x (an increase of {}).", "60 %", "160 %"),
        ("Throughput is 3×, that is {} more.", "200 %", "300 %"),
    ],
)
def test_so_many_times_as_much_is_one_less_in_percent_more(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        "It is 2.2× as fast, and uses 30 % more power.",
        "It is 2.2× as fast, i.e. 220 % of the old rate.",
        "It is 2× as fast, i.e. 50 % less time.",
        "It is 1.5× (up to 80 % more under load).",
    ],
)
def test_a_share_or_a_change_of_something_else_is_no_repetition(page: str, refuted: Refuted) -> None:
    assert not refuted(page)
