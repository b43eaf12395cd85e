"""The parts of memory that one sentence names are not more than its total."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str) -> list[str]:
    return [finding.message for finding in stratlint.check(text).findings if finding.rule == "sentence-total-mismatch"]


TEXT = "The weights take 35 GB per GPU, the KV cache 40 GB and activations 10 GB, {} GB in total.\n"


def test_a_total_below_the_sum_of_its_parts_is_found() -> None:
    assert found(TEXT.format(75)) == ["claims 75 GB in total, but 35 GB per GPU + 40 GB + 10 GB = 85 GB"]


@pytest.mark.parametrize("total", [85, 86, 91])
def test_a_total_may_hold_more_than_the_parts_that_are_named(total: int) -> None:
    assert found(TEXT.format(total)) == []


def test_a_part_of_a_part_is_not_added() -> None:
    assert found("The weights take 35 GB, of which the KV cache gets nothing and activations 10 GB, 40 GB in total.\n") == []


def test_the_sum_is_that_of_the_printed_parts() -> None:
    (finding,) = stratlint.check("| Part | GB |\n|---|---|\n| A | 50 |\n| B | 50 |\n| C | 100 |\n| **Total** | 210 |\n").findings

    assert finding.computed == "200 GB"
