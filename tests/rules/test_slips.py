"""Amounts that a paragraph derives from others further back in it."""

from __future__ import annotations

import pytest

import stratlint

SLIP, BEFORE = "digits-of-another-size", "amount-of-sentence-before"


def rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check(text).findings if finding.rule in (SLIP, BEFORE)]


@pytest.mark.parametrize(
    ("text", "right", "slipped"),
    [
        ("The checkpoint has 640 GB. Writing it at 16 GB/s takes {} s.", "40", "4.0"),
        ("A replica decodes 1,240 output tokens/s. At 310 tokens each that is {} requests/s.", "4.00", "40.0"),
        ("A card costs 0.12 EUR per kWh. A quarter takes 512 MWh, or {} EUR.", "61,440", "614,400"),
        ("An H100-hour costs $2.30 per H100-hour. The tests need 1,730 GPU-hours, ${}.", "3,979", "397.9"),
        ("The fleet costs $115 per hour. At 12,600 output tokens/s a million output tokens cost ${}.", "2.54", "0.25"),
        ("24 GB hold 1.46 M tokens per GPU. All 80 GPUs together hold {} M tokens.", "116.8", "11.7"),
    ],
)
def test_a_point_in_the_wrong_place_is_seen_across_a_paragraph(text: str, right: str, slipped: str) -> None:
    assert rules(text.format(right)) == []
    assert rules(text.format(slipped)) == [SLIP]


def test_what_another_sentence_calls_it_is_the_amount_before() -> None:
    assert rules("The checkpoint has 640 GB. Writing it at 16 GB/s takes 40 s.") == []
    assert rules("The checkpoint has 640 GB. Writing it at 16 GB/s takes 15 s.") == [BEFORE]


@pytest.mark.parametrize(
    "text",
    [
        "The checkpoint has 640 GB. Writing a tenth of it at 16 GB/s takes 4.0 s.",
        "The checkpoint has 640 GB. Writing it at 16 GB/s takes 70 s.",  # something else is written, too
        "The checkpoint has 640 GB. Writing half of it at 16 GB/s takes 20 s.",
        "For n = 100 MB and a latency of 10 µs the bandwidth is 100 GB/s.",  # round numbers have one digit
        "The step is 19 ms / step. With 512 tokens it is about 9 s for each decode.",
        "If the checkpoint had 640 GB, writing it at 16 GB/s would take 4.0 s.",
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(text: str) -> None:
    assert rules(text) == []
