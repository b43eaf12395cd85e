"""Shares of a listed amount, margins below a limit, changes in brackets."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> set[str]:
    return {finding.rule for finding in stratlint.check(text).findings}


LISTED = "- Memory used per GPU: {}\n- Memory utilization: {} of the available 80 GB"


@pytest.mark.parametrize(("part", "share"), [("24 GB", "62.5 %"), ("24 MB", "30 %")])
def test_a_share_of_the_card_is_that_of_the_memory_listed_beside_it(part: str, share: str) -> None:
    assert rules(LISTED.format(part, share)) == {"share-of-neighbour-mismatch"}


@pytest.mark.parametrize(
    "text",
    [
        LISTED.format("24 GB", "30 %"),
        LISTED.format("24 GiB", "32 %"),
        LISTED.format("24 GB", "30 %") + "\n- Weights: 12 GB",
        "- Free memory: 24 GB\n- Memory utilization: 70 % of the available 80 GB",
        "- Memory used per GPU: 24 GB\n- KV memory usage: 45 GB\n- Memory utilization: 86 % of the available 80 GB",
    ],
)
def test_other_amounts_and_several_of_them_say_nothing(text: str) -> None:
    assert "share-of-neighbour-mismatch" not in rules(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- Decode: 30 ms margin (20 ms vs 50 ms target)", False),
        ("- Decode: 25 ms margin (20 ms vs 50 ms target)", True),
        ("- Decode: 60 % margin (20 ms vs 50 ms target)", False),
        ("- Decode: 150 % headroom (20 ms vs 50 ms target)", False),
        ("- Decode: 80 % margin (20 ms vs 50 ms target)", True),
        ("- Memory: 34 % margin (51 % vs 85 % limit)", False),
        ("- Memory: 40 % margin (51 % vs 85 % limit)", False),
        ("- Memory: 24 % margin (51 % vs 85 % limit)", True),
        ("- Decode: 25 ms margin (20 ms vs 50 ms last year)", False),
    ],
)
def test_a_margin_is_the_difference_or_a_share_of_either(text: str, wrong: bool) -> None:
    assert ("margin-mismatch" in rules(text)) == wrong


def test_a_reduction_per_stage_is_that_of_the_bracket() -> None:
    assert rules("- Memory reduction: 75 % per stage (60 GB → 30 GB)") == {"wrong-change"}
    assert rules("- Memory reduction: 50 % per stage (60 GB → 30 GB)") == set()


def test_training_with_adam_needs_more_than_the_weights() -> None:
    assert rules("Training the 30B model with AdamW needs 30B × 2 bytes = 60 GB.") == {"training-state"}


@pytest.mark.parametrize(
    "text",
    [
        "- Memory usage: {} (20 GB of 80 GB)",
        "- Memory usage: {} (20 GB used vs 80 GB available)",
        "- Per GPU: 20 GB out of 80 GB ({} utilization)",
        "- Used: 20 GB of 80 GB VRAM ({})",
        "- Memory: 20 GB per GPU vs 80 GB ({} usage)",
    ],
)
def test_a_share_beside_an_amount_and_its_whole_is_their_quotient(text: str) -> None:
    assert "share-mismatch" in rules(text.format("35%"))
    assert "share-mismatch" not in rules(text.format("25%"))


@pytest.mark.parametrize(
    "text",
    ["- Headroom: 75% (20 GB of 80 GB)", "- Weights: 20 GB vs 80 GB (62% less than before)", "- 20 GB of 80 GB (40% faster than disk)"],
)
def test_what_is_left_and_what_changes_is_no_share(text: str) -> None:
    assert "share-mismatch" not in rules(text)
