"""What a sentence calls the extreme of a column of a table, without its number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import superlatives

# What the fixtures of conftest judge.
LAWS = (superlatives.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PLANS = (
    "# Plans\n\n| Plan | Layout | Latency (ms) | Fleet throughput (tok/s) | Sum |\n|---|---|--:|--:|--:|\n"
    "| K | TP 4 | 21.5 | 8,900 | **44.1** |\n| L | TP 8 | 14.2 | 7,150 | **31.0** |\n| M | TP 16, two boxes | 17.9 | 6,480 | **27.4** |\n\n"
)
BOXES = (
    "# Money\n\n| | L4 | A40 | RTX6000 |\n|---|--:|--:|--:|\n| $/card-h | 0.80 | 1.10 | 1.65 |\n| tokens/s | 410 | 690 | 980 |\n"
    "| $/M output | 0.542 | 0.443 | 0.468 |\n\n"
)
NAMED = (
    "# Sites\n\n| Site | Power price ($/kWh) | Rack price |\n|---|--:|--:|\n| Lulea | 4.1 | 910 |\n| Narvik | 3.6 | 870 |\n"
    "| Ghent | 11.9 | 640 |\n| Cork | 14.2 | 700 |\n\n"
)


@pytest.mark.parametrize(
    ("table", "wrong", "right"),
    [
        (PLANS, "Plan L has the lowest fleet throughput of the three.", "Plan M has the lowest fleet throughput of the three."),
        (PLANS, "The lowest sum is L.", "The lowest sum is M."),
        (PLANS, "- All three fit. The highest latency is M.", "- All three fit. The highest latency is K."),
        (
            PLANS,
            "Plan L was dropped because it has the lowest fleet throughput of the three, and because two boxes are needed.",
            "Plan M was dropped because it has the lowest fleet throughput of the three, and because two boxes are needed.",
        ),
        (
            BOXES,
            "Reading: RTX6000 has the lowest cost per output token of the three.",
            "Reading: A40 has the lowest cost per output token of the three.",
        ),
        (BOXES, "The RTX6000 has the lowest cost per output token.", "The A40 has the lowest cost per output token."),
        (NAMED, "Lulea has the lowest power price of all four.", "Narvik has the lowest power price of all four."),
        (NAMED, "The highest rack price is that of Narvik.", "The highest rack price is that of Lulea."),
        (NAMED, "The lowest rack price in the table is Cork.", "The lowest rack price in the table is Ghent."),
        (NAMED, "> Ghent offers the lowest power price.", ""),
    ],
)
def test_no_other_value_is_beyond_what_is_called_the_extreme(
    table: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    if not right:
        assert refuted(table + wrong) == []  # quoted
        return
    assert len(refuted(table + wrong)) == 1
    assert settled(table + right)


def test_the_table_may_stand_in_a_section_above(refuted: Refuted, settled: Settled) -> None:
    text = "## Conclusion\n\nPlan {} has the lowest latency of the three.\n"
    assert len(refuted(PLANS + text.format("K"))) == 1
    assert settled(PLANS + text.format("L"))


@pytest.mark.parametrize(
    "text",
    [
        PLANS + "Among the plans that stay in one box, L has the lowest fleet throughput.",
        PLANS + "Plan L has the lowest feasible sum.",
        PLANS + "Plan L has the lowest sum that fits one box.",
        PLANS + "Plan L has the lowest sum of the two.",
        PLANS + "Plan L has the lowest sum at batch 8.",
        PLANS + "Without M, plan L has the lowest sum.",
        PLANS + "Plan L has the second lowest latency, K the lowest.",
        PLANS + "Plan K has one of the lowest sums.",
        PLANS + "If two boxes are ruled out, plan L has the lowest sum.",
        PLANS + "Plan L would have the lowest sum.",
        PLANS + "Plan L does not have the lowest sum.",
        PLANS + "Plan M needs two boxes and is out. Plan L has the lowest sum.",
        PLANS + "Plan L has the lowest sum of the remaining plans.",
        PLANS + "Plan L has the lowest sum per card.",
        PLANS + "Plan L has the lowest memory of the three.",
        PLANS + "Plan L has the lowest decode latency.",
        PLANS + "After tuning, plan K has the lowest latency.",
        PLANS + "Once M is dropped, L has the lowest sum.",
        PLANS.replace("| M |", "| M (does not fit) |") + "The lowest sum is L.",
        PLANS.replace("17.9 |", "❌ OOM |") + "The lowest sum is L.",
        PLANS.replace("| M | TP 16, two boxes", "| baseline | TP 16, two boxes") + "The lowest sum is L.",
        PLANS + "| Plan | Layout | Sum | Extra |\n|---|---|--:|--:|\n| K | TP 4 | 2 | 3 |\n| L | TP 8 | 1 | 2 |\n"
        "| M | TP 2 | 4 | 5 |\n\nThe lowest sum is L.",
        NAMED + "Ghent has the lowest power price in Belgium.",
        NAMED + "Lulea has the lowest power price, now that Narvik is gone.",
        NAMED + "Does Lulea have the lowest power price of all four?",
        NAMED + "Lulea had the lowest power price last year.",
        BOXES + "RTX6000 has the lowest cost per output token once power is paid.",
        BOXES + "RTX6000 has the lowest cost per input token of the three.",
        BOXES + "L4 has the lowest cost of the three.",
        "# Sites\n\n| Site | Price |\n|---|--:|\n| Lulea | 4.1 |\n| Narvik | n/a |\n| Ghent | 3.9 |\n\nLulea has the lowest price.",
    ],
)
def test_what_may_be_said_of_some_or_of_something_else_is_not_held_against_the_table(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


NUMBERED = (
    "| Schedule | Step, s | MFU |\n|---|---:|---:|\n| 1F1B | 12.6 | 41.9 % |\n| Interleaved, v = 2 | 12.0 | 44.1 % |\n"
    "| Interleaved, v = 4 | 11.8 | 44.8 % |\n| Zero bubble | {} | 45.4 % |\n\n"
)


def test_a_setting_names_the_line_that_has_it(refuted: Refuted, settled: Settled) -> None:
    for text in ("v = 4 gives the shortest step of the four schedules, 6.3 % below 1F1B.", "v=4 has the shortest step of all four."):
        assert settled(NUMBERED.format("11.9") + text)
        assert refuted(NUMBERED.format("11.6") + text) == ["11.8"]
    assert not refuted(NUMBERED.format("11.6") + "v = 8 has the shortest step of all four.")
    assert not refuted(NUMBERED.format("11.6") + "v = 4 has the shortest step of the three interleaved schedules.")
