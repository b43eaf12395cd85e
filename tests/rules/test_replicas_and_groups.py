"""Replicas hold copies, stages stand in a row, and a group has as many ranks as its degree."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str, rule: str) -> list[str]:
    return [finding.message for finding in stratlint.check_text(text).findings if finding.rule == rule]


DIVIDED = "- Layout: TP8-PP2-DP4 on 64 GPUs{more}\n- Weights: 140 GB ÷ 64 = 2.19 GB per GPU\n"


def test_weights_are_not_divided_by_replicas() -> None:
    assert found(DIVIDED.format(more=""), "weights-over-replicas") == [
        "divides the weights by 64, but each of the 4 data-parallel replicas holds a copy: 140 GB ÷ (TP8 × PP2 = 16) = 8.75 GB per GPU"
    ]


def test_a_divisor_that_names_the_copies_divides_by_them() -> None:
    text = "- Weights: 30B × 2 bytes / (4 TP × 2 {}) = 7.5 GB\n"

    assert found(text.format("DP"), "weights-over-replicas") == [
        "divides the weights by DP = 2 as well, but each data-parallel replica holds a copy: 7.5 GB × 2 = 15 GB per GPU"
    ]
    assert found(text.format("PP"), "weights-over-replicas") == []


@pytest.mark.parametrize(
    ("more", "count"), [("", 1), ("The load imbalance is zero.\n", 1), ("ZeRO keeps one copy.\n", 0), ("It uses zero-3.\n", 0)]
)
def test_a_share_with_its_division_in_brackets(more: str, count: int) -> None:
    text = "- TP: 8\n- PP: 2\n- DP: 4\n\n- Weights: 2.19 GB per GPU (140 GB total / 64 GPUs)\n\n"

    assert len(found(text + more, "weights-over-replicas")) == count


def test_attention_may_be_cut_inside_the_group_of_the_experts() -> None:
    text = "- TP: 4\n- EP: 8\n- DP: 2\n\nWeights: 160 GB / {} GB per GPU\n"

    assert found(text.format("16 = 10"), "weights-over-replicas") == [
        "divides the weights by 16, but each of the 2 data-parallel replicas holds a copy: 160 GB ÷ (EP8 = 8) = 20 GB per GPU"
    ]
    assert found(text.format("8 = 20"), "weights-over-replicas") == []


@pytest.mark.parametrize("more", [" with ZeRO-3", " with FSDP", ", optimizer and weights offloaded"])
def test_where_the_page_shards_over_replicas_they_may_be(more: str) -> None:
    assert found(DIVIDED.format(more=more), "weights-over-replicas") == []


def test_activations_may_be_divided_by_replicas() -> None:
    """Each replica has its own part of the batch."""
    text = DIVIDED.format(more="").replace("Weights", "Activations")

    assert found(text, "weights-over-replicas") == []


@pytest.mark.parametrize("what", ["replicas", "nodes"])
def test_what_works_side_by_side_adds_up(what: str) -> None:
    assert found(f"Throughput: 4 {what} × 900 tokens/s = 3,600 tokens/s\n", "rate-of-stages") == []
    assert len(found("Throughput: 4 pipeline stages × 900 tokens/s = 3,600 tokens/s\n", "rate-of-stages")) == 1


def test_the_ranks_in_brackets_are_no_degrees() -> None:
    report = stratlint.check_text("- TP: 2\n- EP: 4\n\n```\nTP groups: (0, 1), (2, 3), ...\nEP groups: [0, 2, 4, 6], [1, 3, 5, 7]\n```\n")

    assert report.findings == ()


def test_a_gpu_does_not_get_faster_by_its_copies() -> None:
    assert len(found("With 4-way DP: 6.5 × 4 = 26 tokens/ms per GPU\n", "rate-of-copies-per-gpu")) == 1
    assert found("With 4-way DP: 6.5 × 4 = 26 tokens/ms in all\n", "rate-of-copies-per-gpu") == []
    assert found("With batches of 4: 6.5 × 4 = 26 tokens/ms per GPU\n", "rate-of-copies-per-gpu") == []
