"""Names of ranks, shapes, optional parts and derated peaks: numbers that claim nothing of the layout or the card."""

from __future__ import annotations

import pytest

import stratlint


def errors(text: str) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in stratlint.check(text).errors]


@pytest.mark.parametrize("text", [
    # names of the nodes of a graph, which number ranks
    "The model runs with TP = 2.\n\n- `layer1_attention_dp0_tp1` has no output\n- `layer1_attention_dp1_tp1` has no output\n",
    # the first range is the whole that the others divide
    "- GPU 0-11: all projections\n- GPU 0-7: three heads each\n- GPU 8-11: two heads each\n",
    # names that do not count from zero
    "Each layer has 16 experts.\n\n- Stage 0: experts 100-107\n- Stage 1: experts 200-207\n",
    # several GPUs share each expert
    "- 16 experts perfectly distributed across 64 GPUs\n",
    # a shape
    "- Layers: 8\n- Experts per layer: 16\n- 128 identical expert modules of shape [tokens,4096]\n",
])  # fmt: skip
def test_names_and_shapes_are_no_amounts(text: str) -> None:
    assert errors(text) == []


def test_what_is_optional_is_not_part_of_the_layout() -> None:
    text = "- Total GPUs: 48\n- TP degree: 16\n\n## Pipeline parallelism{}\n\n- Pipeline stages: 8\n"

    assert errors(text.format("")) != []
    assert errors(text.format(" (optional)")) == []


def test_what_is_left_of_the_peak_may_have_its_label() -> None:
    text = "## Hardware\n\n- Computing power: 400 TFLOPS\n\n## Rates\n\n- {}:\n  - Computing power: 240 TFLOPS\n"

    def warned(title: str) -> bool:
        return any(finding.rule == "data-sheet-restated" for finding in stratlint.check(text.format(title)).findings)

    assert warned("Each card")
    assert not warned("Effective rates of each card")
