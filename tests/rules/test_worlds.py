"""Degrees that a page states in several places still have to fill its GPUs."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str) -> list[str]:
    return [finding.message for finding in stratlint.check_text(text).findings if finding.rule == "world-size-mismatch"]


LIST = """- Tensor parallelism: {tp}
- Pipeline parallelism: 4
- Data parallelism: 2
- Total GPUs: 64
"""
SECTIONS = """The cluster has 16 GPUs in total.

## Tensor parallelism

- It is 4-way tensor parallelism

## Pipeline parallelism

- It is {pp}-stage pipeline parallelism

## Data parallelism

- It is 2-way data parallelism
"""


@pytest.mark.parametrize("text", ["With TP=8, PP=4 and DP=4 we need {} GPUs.", "TP=8 and PP=4 on {} GPUs leave DP=4."])
def test_the_gpus_that_a_layout_needs_or_leaves_ranks_of(text: str) -> None:
    assert stratlint.check_text(text.format(128)).errors == ()
    assert [finding.rule for finding in stratlint.check_text(text.format(64)).errors] == ["world-size-mismatch"]


def test_the_items_of_one_list_are_one_layout() -> None:
    assert found(LIST.format(tp=16)) == ["TP 16 × PP 4 × DP 2 = 128 does not fit 64 GPUs"]
    assert found(LIST.format(tp=8)) == []


def test_a_page_with_one_value_of_each_degree_is_one_layout() -> None:
    assert len(found(SECTIONS.format(pp=4))) == 1
    assert found(SECTIONS.format(pp=2)) == []


def test_a_page_with_two_values_of_a_degree_is_not() -> None:
    assert found(SECTIONS.format(pp=4) + "\n## Before\n\n- It was 2-way tensor parallelism\n") == []


@pytest.mark.parametrize("arrow", ["→", "->"])
def test_what_a_degree_was_before_does_not_count(arrow: str) -> None:
    assert len(found(SECTIONS.format(pp=4) + f"\n## What changed\n\n- Tensor parallelism: 8-way {arrow} 4-way\n")) == 1


def test_a_layout_that_is_told_twice_is_reported_once() -> None:
    assert len(found(LIST.format(tp=16) + "\n## Again\n\n" + LIST.format(tp=16))) == 1


def test_the_sizes_of_a_network_in_brackets_are_no_degrees() -> None:
    """The numbers of a chain of arrows are the steps of a way."""
    assert found("- Total GPUs: 8\n- MLP TP: columns first, then rows (1024 → 4096 → 1024)\n- Pipeline stages: 4\n") == []


TREE = """Total GPUs: {}

## Expert Parallelism (primary, 32-way)

## Tensor Parallelism (secondary, 2-way)

```
Pipeline stages: 4
├── Expert 0: GPUs 0,1
└── Expert 1: GPUs 2,3
```
"""


def test_degrees_in_headings_and_in_a_drawn_tree_are_of_the_same_layout() -> None:
    assert len(found(TREE.format(64))) == 1
    assert found(TREE.format(256)) == []


def test_a_degree_of_one_part_of_the_model_does_not_multiply() -> None:
    text = "- Tensor parallel size: 2{}\n- Pipeline parallel size: 3\n- Total GPUs: 3\n"
    assert found(text.format(" (for the expert layer)")) == []
    assert len(found(text.format(" (within a node)"))) == 1


def test_the_devices_of_one_copy_are_those_without_data_parallelism() -> None:
    text = "{} takes 48 GPUs (TP 4, PP 12), so there are 8 data-parallel replicas.\n"

    assert "world-size-mismatch" not in {f.rule for f in stratlint.check_text(text.format("One copy of the model")).findings}
    assert "world-size-mismatch" in {f.rule for f in stratlint.check_text(text.format("The layout")).findings}


@pytest.mark.parametrize("line", ["- GPUs: 2,048 × A100 80GB\n", "- Hardware: 2,048 × NVIDIA H100 (80 GB)\n", "GPUs: 2,048 * H200\n"])
def test_devices_are_counted_before_their_name(line: str) -> None:
    assert [f.rule for f in stratlint.check_text(f"{line}\n- TP: 8\n- PP: 3\n").findings] == ["world-size-mismatch"]
    assert not stratlint.check_text(f"{line}\n- TP: 8\n- PP: 4\n").findings


def test_an_expert_group_of_some_gpus_does_not_make_ep_a_factor() -> None:
    page = (
        "- World size: 1 × 3 × 32 = 96 GPUs\n\n## Layout\n\nPP {pp} × DP 32, TP 1, EP 8 on 96 GPUs.\n\n"
        "| Dropped | Why |\n|---|---|\n| TP 2 | EP × TP = 16 GPUs, two nodes |\n"
    )
    assert found(page.format(pp=3)) == []
    assert found(page.format(pp=5)) != []


def test_where_a_page_makes_ep_a_factor_degrees_that_fill_all_gpus_without_it_still_fit() -> None:
    page = "- Total GPUs: 64\n\nIn general EP × TP × PP × DP = 64 GPUs.\n\n## Layout\n\n- TP: 2\n- PP: 2\n- DP: {}\n- EP: 8\n"
    assert found(page.format(16)) == []
    assert len(found(page.format(24))) > 0
