"""Words that look like a verdict, a maximum or a figure of the model and are none."""

from __future__ import annotations

import pytest

import stratlint

WRONG = "Weights: 30B × 2 bytes = 80 GB.\n\n"


def rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize(
    ("text", "certifies"),
    [
        ("All figures on this page are correct.", True),
        ("All figures: 30-day month, 720 h.", False),
        ("All numbers are per node and month.", False),
        ("All numbers are GB (10⁹ bytes) of one rank.", False),
        ("All numbers match the profile.", True),
        ("The all-to-all figure is the worst case.", False),
        ("The all-to-all figure was checked; it is a worst case.", False),
        ("**Owner:** infra · **Status:** ready for deployment", False),
    ],
)
def test_only_a_verdict_on_the_numbers_is_one(text: str, certifies: bool) -> None:
    assert ("verdict-over-failure" in rules(WRONG + text)) == certifies


@pytest.mark.parametrize(("said", "exceeded"), [("up to 37 % MFU", True), ("an MFU ≥ 37 %", False), ("at least 37 % MFU", False)])
def test_a_floor_is_no_maximum(said: str, exceeded: bool) -> None:
    assert ("maximum-exceeded" in rules(f"We ask for {said}.\n\n| Run | MFU |\n|---|---|\n| a | 36 % |\n| b | 41 % |\n")) == exceeded


def test_heads_of_a_rank_are_not_those_of_the_model() -> None:
    page = "- Query heads × size: 40 × 128\n- **TP=8** stays inside the node: {}\n"
    assert "heads-not-divisible" not in rules(page.format("5 query heads and 1 KV head per rank"))


def test_what_stands_below_the_name_of_a_model_is_not_one_quantity() -> None:
    assert rules("Kestrel-20B-Chat\n: 20.4B parameters, 19.9B without embeddings\n: 48 layers\n: 40 heads\n: vocabulary 96,000\n") == []
