"""One rate in two units: an hour and a month, one token and a million."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import rescaled

# What the fixtures of conftest judge.
LAWS = (rescaled.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        ("- Hourly: 24 × $3.00 = $72.00\n- Monthly (730 h): {}\n", "$52,560", "$55,260"),
        ("- Cost per hour: $72.00\n- Cost per day: {}\n", "$1,728", "$1,278"),
        ("| Item | Value |\n|---|---|\n| Energy per token | 2.70 J |\n| Energy per million tokens | {} |\n", "0.750 kWh", "2.70 kWh"),
        ("- Rental: $2.50 per GPU-hour\n- Annual cost: $1M\n- Rental: {} per GPU-day\n", "$60", "$54"),
        ("- Weekly cost: $7,000\n- Daily cost: {}\n", "$1,000", "$1,400"),
    ],
)
def test_a_rate_is_the_same_in_every_unit(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert not refuted(page.format(right))
    assert [found.split(" ")[0] for found in refuted(page.format(wrong))] == [wrong.split(" ")[0]]


@pytest.mark.parametrize(
    "page",
    [
        "- Input: $0.50 per million tokens\n- Output: $1.50 per million tokens\n",
        "- Hourly: $72.00\n- Monthly: $630,720 (12 nodes)\n",  # of more of them
        "- Node: $72.00 per hour\n- Fleet: $630,720 per month\n",
        "- Rent per hour: $72.00\n- Power per month: $1,400\n",
        "- Peak: 1,200 tokens/s\n- Served per day: 40M tokens\n",
        "- 900 GB/s inside a node\n- 200 Gb/s between nodes\n",
        "- Moved: 1 MB per layer\n- Moved: 256 KB per layer\n",
        "- Measured: 801 tokens/s\n- Measured: 821 k tokens/s\n",
        "- Cost per hour: at most $72.00\n- Cost per day: $1,278\n",
        "| Plan | per hour | per month |\n|---|---|---|\n| a | $10 | $7,300 |\n| b | $12 | $6,000 (committed) |\n",
    ],
)
def test_rates_of_two_things_are_not_compared(page: str, refuted: Refuted) -> None:
    assert not refuted(page)
