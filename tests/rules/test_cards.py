"""A card that is named for an amount of memory has to hold it."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str) -> list[str]:
    return [finding.message for finding in stratlint.check_text(text).findings if finding.rule == "memory-exceeds-named-card"]


def test_the_card_in_brackets_must_hold_the_amount_before_them() -> None:
    assert found("- Memory per GPU: 140 GB + 12 GB = 152 GB (needs an A100 80GB)\n") == [
        "152 GB on each GPU for A100 80GB, but such a card holds at most 86 GB"
    ]


def test_the_largest_of_the_cards_offered_counts() -> None:
    assert found("- Memory per GPU: 120 GB (needs an A100 80GB or H200)\n") == []
    assert len(found("- Memory per GPU: 190 GB (needs an A100 80GB or H200)\n")) == 1


@pytest.mark.parametrize(
    "told", ["needs 2× A100 80GB", "does not fit an A100 80GB", "needs two A100 80GB", "needs sharding over A100 80GB"]
)
def test_several_cards_or_a_denial_are_no_contradiction(told: str) -> None:
    assert found(f"- Memory per GPU: 152 GB ({told})\n") == []


def test_a_line_of_a_code_block_is_a_sentence_of_its_own() -> None:
    text = "```\nCost: 4 x A100\nMemory per GPU: 152 GB (needs A100 80GB)\nTwo of them are split across nodes\n```\n"

    assert len(found(text)) == 1
