"""What a sentence says of the table of its section."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import tabled

# What the fixtures of conftest judge.
LAWS = (tabled.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PRICES = "| Vendor | $ per GPU-hour |\n|---|--:|\n| North | 2.10 |\n| South | 2.35 |\n| West | {} |\n\n"
SPEEDS = (
    "| Load | small card | large card | time per token, ms |\n|--:|--:|--:|--:|\n| 8 | 310 | 420 | 12.1 |\n"
    "| 32 | 990 | 1,480 | 15.8 |\n| 96 | 2,050 | 3,300 | 24.6 |\n\n"
)


def test_no_value_of_the_column_is_beyond_its_extreme(refuted: Refuted, settled: Settled) -> None:
    said = "The lowest hourly rate in the table is that of North at $2.10."
    assert settled(PRICES.format("2.60") + said)
    assert refuted(PRICES.format("1.95") + said) == ["2.10"]


def test_a_span_has_the_ends_of_its_column(refuted: Refuted, settled: Settled) -> None:
    assert settled(SPEEDS + "Over the sweep the time per token ranged from 12 to 25 ms.")
    assert refuted(SPEEDS + "Over the sweep the time per token ranged from 12 to 19 ms.") == ["19 ms"]


def test_a_ratio_is_that_of_the_cells_it_names(refuted: Refuted, settled: Settled) -> None:
    assert settled(SPEEDS + "At load 96 the large card is 1.61 times as fast as the small card.")
    assert refuted(SPEEDS + "At load 96 the large card is 1.91 times as fast as the small card.") == ["1.91 times"]


@pytest.mark.parametrize(
    "text",
    [
        PRICES.format("1.95") + "The lowest rate without a minimum term is that of North at $2.10.",  # of some of them
        PRICES.format("1.95") + "# Elsewhere\n\nThe lowest rate in the table is that of North at $2.10.",
        PRICES.format("1.95") + "The lowest rate that we ever paid was $2.10.",
        SPEEDS + "At load 96 the large card is about twice as fast as any other.",
        SPEEDS + "The queueing time ranged from 12 to 19 ms.",
    ],
)
def test_what_may_be_said_of_something_else_is_not_held_against_the_table(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_the_cheapest_of_three_is_none_of_the_dearer_two(refuted: Refuted, settled: Settled) -> None:
    page = "| bidder | $/kW-month | cooling |\n|---|--:|---|\n| Fjord | 171 | air |\n| Delta | {} | air |\n| Steppe | 149 | liquid |\n\n"
    said = "We take Steppe. At $149 per kW-month it is the cheapest of the three, and it needs no permit."
    assert settled(page.format(163) + said)
    assert refuted(page.format(138) + said) == ["149"]


def test_the_items_of_a_list_end_what_its_introduction_begins(refuted: Refuted, settled: Settled) -> None:
    page = SPEEDS + "Relative to the small card at load 32:\n\n- large card: {}x\n"
    assert settled(page.format("1.49"))
    assert refuted(page.format("1.94")) == ["1.94x"]


def test_what_a_change_leads_to_is_no_pair_of_other_cells(refuted: Callable[[str], list[str]]) -> None:
    page = (
        "| Plan | Weights | Optimizer |\n|---|---|---|\n| Replicated | 7.1 GB | 42.3 GB |\n| Sharded | 7.1 GB | 5.3 GB |\n"
        "| Full shard | 0.9 GB | 5.3 GB |\n\nThe weights and the optimizer of the full shard: it cuts them by exactly 8×, to 6.2 GB.\n"
    )
    assert not refuted(page)
