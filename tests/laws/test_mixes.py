"""Shares that weight the values beside them: the last line has 100 % of all, and the weighted mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import mixes

# What the fixtures of conftest judge.
LAWS = (mixes.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

MIX = (
    "| Requests | Share (%) | Hit rate |\n|---|--:|--:|\n| Search | 35 | 0.71 |\n| Mail | 40 | 0.64 |\n"
    "| Code | {} | 0.83 |\n| **Weighted** | 100 | **0.71** |\n"
)
SIGNED = (
    "| Part | Length | Share of traffic |\n|---|--:|--:|\n| short | 512 | 62 % |\n| medium | 4,096 | 25 % |\n"
    "| long | 32,768 | {} % |\n| all | 5,601 | 100 % |\n"
)


def test_the_shares_make_the_whole_whose_mean_they_weight(refuted: Refuted, settled: Settled) -> None:
    assert settled(MIX.format("25"))
    assert refuted(MIX.format("35")) == ["35"]
    assert settled(SIGNED.format("13"))
    assert refuted(SIGNED.format("31")) == ["31 %"]


@pytest.mark.parametrize(
    "text",
    [
        "| Step | Utilisation (%) |\n|---|--:|\n| load | 35 |\n| decode | 80 |\n| store | 25 |\n| prefill | 100 |\n",
        "| Run | Share of peak |\n|---|--:|\n| a | 35 % |\n| b | 80 % |\n| c | 100 % |\n",
        "| Group | Share (%) |\n|---|--:|\n| all training | 60 |\n| of which dense | 20 |\n| serving | 40 |\n| **All** | 100 |\n",
        "| Load | Share of cards in use |\n|---|--:|\n| morning | 35 % |\n| noon | 80 % |\n| evening | 70 % |\n| peak | 100 % |\n",
        MIX.format("35").replace("**0.71**", "**0.78**"),  # no share below 100 % makes that mean
        "| Requests | Share (%) |\n|---|--:|\n| Search | 33 |\n| Mail | 33 |\n| Code | 33 |\n| All | 100 |\n",
    ],
)
def test_other_hundreds_are_no_sums(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
