"""One duration or rate in two units, printed side by side to several digits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import side_by_side

# What the fixtures of conftest judge.
LAWS = (side_by_side.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "or": ("The training run takes 312.6 h or {} of wall time.", "13.0 days", "14.3 days"),
    "brackets": ("Downtime per quarter: 1,284 min ({}).", "21.4 h", "24.1 h"),
    "i.e.": ("- Calendar: 312.6 h, i.e. {}\n- Nodes: 16\n", "13.0 days", "14.3 days"),
    "a comma": ("Four nodes cost $13,548 per month, {}.", "$162,576 per year", "$182,576 per year"),
    "behind a comma": ("- Rent: $13,548 per month, {}, all included\n", "$162,576 per year", "$182,576 per year"),
    "or of rates": ("Power comes to $2,481 per day or {}.", "$905,565 per year", "$995,565 per year"),
    "tokens": ("The cluster sustains 12,480 tokens/s, {}.", "1.078 billion tokens per day", "1.278 billion tokens per day"),
    "a heading": ("## Cost: $13,548 per month ({})\n\nAll included.", "$162,576 per year", "$182,576 per year"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_two_units_of_one_amount_agree(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "Choose a window of 24 hours or 2 days.",  # two choices
        "A run takes 36 hours (4.5 working days).",  # eight hours are a working day
        "A run takes 36.0 hours (4.5 days).",
        "The plan costs $19 per month or $190 per year.",  # a discount
        "It serves 4,120 tokens/s, 120.4 million tokens per day.",  # not all day
        "The node costs $98.32 per hour, $21,600 per month.",  # switched off at night
        "The queue waits 12.4 min, 0.5 h at most.",  # two limits
        "We measured 12.43 s and 3.11 min.",  # two times
        "Plan A costs $13,548 per month, plan B $182,576 per year.",
        "The step fell from 312.6 s to 3.1 min.",
        "At 62 % the rent is $13,548 per month, $182,576 per year.",
        "4 × 12.42 h or 3.87 days.",
    ],
)
def test_silence(text: str, refuted: Refuted) -> None:
    assert not refuted(text)
