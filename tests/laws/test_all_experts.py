"""All experts of a published model hold less than the model: the product that its name suggests is not its size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import all_experts

LAWS = (all_experts.proposals,)
Refuted = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- Model: Mixtral 8x22B\n- Parameters: 8 experts × 22 B = 176 B parameters", "176 B parameters"),
        ("# Storage for Mixtral 8x7B\n\nWe copy it to each host. 8 experts × 7 B = 56 B parameters, 112 GB of BF16.", "56 B parameters"),
    ],
)
def test_a_product_of_experts_beyond_the_model_is_not_its_size(text: str, wrong: str, refuted: Refuted) -> None:
    assert refuted(text) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        # what the experts alone hold
        "- Model: Mixtral 8x7B\n- Experts: 8 experts × 5.64 B = 45.1 B parameters",
        # told as a mistake
        "# Mixtral 8x7B\n\nIts name suggests 8 experts × 7 B = 56 B parameters, though it has 46.7 B.",
        "# Mixtral 8x7B\n\nNot 8 experts × 7 B = 56 B parameters: attention is shared.",
        '# Mixtral 8x7B\n\nThe old note had "8 experts × 7 B = 56 B parameters".',
        # whose it is stays open
        "# Mixtral 8x7B and Mixtral 8x22B\n\n- Size: 8 experts × 22 B = 176 B parameters",
        "# An in-house mixture\n\n- Size: 8 experts × 22 B = 176 B parameters",
        # other experts than the model has
        "# Upcycling Mixtral 8x7B\n\n- Size: 16 experts × 7 B = 112 B parameters",
    ],
)
def test_other_products_are_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
