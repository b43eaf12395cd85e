"""Stages own layers with all their experts, wherever the stage is named."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str) -> int:
    return sum(finding.rule == "experts-split-by-stage" for finding in stratlint.check(text).findings)


LINE = "- Stage 0: GPUs 0-15, Experts 0-{0}\n- Stage 1: GPUs 16-31, Experts {1}-63\n"
CODE = "```\nStage 0 (layers 0-3):\n  Experts 0-{0}: GPUs 0-15\n\nStage 1 (layers 4-7):\n  Experts {1}-63: GPUs 16-31\n```\n"
NESTED = "- Stage 0\n  - Experts 0-{0}: GPUs 0-15\n- Stage 1\n  - Experts {1}-63: GPUs 16-31\n"


@pytest.mark.parametrize("layout", [LINE, CODE, NESTED])
def test_experts_dealt_out_to_stages_are_found(layout: str) -> None:
    text = "Each layer has 64 experts.\n\n" + layout

    assert found(text.format(31, 32)) == 2
    assert found(text.format(63, 0)) == 0


def test_the_experts_of_a_stage_may_be_spread_over_its_gpus() -> None:
    text = (
        "Each layer has 16 experts.\n\n```\nStage 0:\n  Experts 0-7: GPUs 0-3\n  Experts 8-15: GPUs 4-7\n"
        "Stage 1:\n  Experts 0-7: GPUs 8-11\n  Experts 8-15: GPUs 12-15\n```\n"
    )

    assert found(text) == 0


def test_experts_in_a_drawn_tree_belong_to_the_stage_above_them() -> None:
    tree = (
        "```\nTotal GPUs: 64\n├── Stage 0: 32 GPUs\n│   ├── TP groups: 4\n│   └── Experts 0-{0}\n└── Stage 1: 32 GPUs\n"
        "    ├── TP groups: 4\n    └── Experts {1}-63\n```\n"
    )
    text = "Each layer has 64 experts.\n\n" + tree

    assert found(text.format(31, 32)) == 2
    assert found(text.format(63, 0)) == 0
