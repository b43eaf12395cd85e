"""The sign or bracket between the name of a degree and its number binds the two and states no result."""

from __future__ import annotations

import pytest

import stratlint


def errors(text: str) -> set[str]:
    return {finding.rule for finding in stratlint.check_text(text).errors}


@pytest.mark.parametrize("layout", ["TP=8 × PP=2", "TP(8) × PP(2)"])
def test_a_product_of_degrees_fills_the_gpus(layout: str) -> None:
    assert errors(f"- Total GPUs: 24\n- Layout: {layout}\n") == {"world-size-mismatch"}
    assert errors(f"- Total GPUs: 16\n- Layout: {layout}\n") == set()


def test_a_division_by_a_degree_has_its_result_behind_it() -> None:
    assert errors("- EP groups: 4 (32 GPUs ÷ EP=8)\n") == set()
    assert errors("- EP groups: 32 GPUs ÷ EP=8 = 4 groups\n") == set()
    assert errors("- EP groups: 32 GPUs ÷ EP=8 = 6 groups\n") == {"wrong-quotient"}
