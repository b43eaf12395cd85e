"""When a relation judges: one value of each variable, told at least once outright, and no default against the page."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize(
    ("sentence", "judged"),
    [
        ("Every micro batch of 4 then runs 32 times.", True),  # repeats what the list states
        ("A micro batch of 8 would not fit.", True),  # set aside
        ("Later we went to a micro batch of 8.", False),  # another value: which of them holds is open
    ],
)
def test_a_value_may_be_repeated_in_passing_when_it_is_told_outright_once(sentence: str, judged: bool) -> None:
    text = f"""- Global batch size: 1,024
- Micro batch size: 4
- Data parallelism: 16
- Gradient accumulation steps: 32

{sentence}
"""
    assert ("accumulation-mismatch" in found(text)) == judged


@pytest.mark.parametrize(("tp", "judged"), [("TP = 2", False), ("TP = 4", True)])
def test_an_equation_in_a_sentence_is_as_good_as_a_label(tp: str, judged: bool) -> None:
    text = f"With {tp} the model runs on one node.\n\n- Weights: 70 GB\n- Weights per GPU: 35 GB\n"

    assert ("weights-per-gpu" in found(text)) == judged


def test_a_degree_that_the_page_leaves_open_is_not_taken_for_one() -> None:
    page = "- Weights: 70 GB\n- Weights per GPU: 35 GB\n- Total GPUs: {gpus}\n"

    assert "weights-per-gpu" in found(page.format(gpus=8))
    assert "weights-per-gpu" not in found(page.format(gpus=8) + "\nA replica has TP2; last year it had TP4.\n")
