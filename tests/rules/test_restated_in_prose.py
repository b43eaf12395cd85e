"""What prose says once more: how many there are, what fits on a card, what a command sets."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("The pool has 24 nodes.", "Drain one of the {} nodes first."),
        ("- Replicas: 24", "Any three of our {} replicas may fail."),
        ("The hall has 24 racks.", "Two of the {} racks are water cooled."),
    ],
)
@pytest.mark.parametrize(("count", "wrong"), [("24", False), ("18", True), ("twenty-two", True), ("25", False), ("48", False)])
def test_the_whole_of_a_part_is_a_count_that_the_page_has(stated: str, said: str, count: str, wrong: bool) -> None:
    found = rules(f"{stated}\n\n{said.format(count)}\n")

    assert ("count-restated" in found) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "We take 64 of the 128 nodes. Each group spans 4 nodes.",  # the only place that tells the whole
        "There are 16 prefill nodes and 24 decode nodes. One of the 40 nodes is a spare.",
        "The site has 24 nodes. Suppose one of the 18 nodes fails.",
        "The site has 24 nodes, 6 of them for prefill. One of the 18 decode nodes runs hot.",
        "96 GPUs in nodes of 8 GPUs; 10 nodes are booked. One of the 12 nodes is down.",
    ],
)
def test_a_count_that_can_be_made_of_others_is_left_alone(text: str) -> None:
    assert "count-restated" not in rules(text)


COMMAND = "\n\n```bash\nvllm serve model --max-num-seqs 64 --kv-cache-dtype fp8\n```\n"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("We cap the batch at 48.", "launch-exceeds-batch-cap"),
        ("A replica takes at most 96 concurrent requests.", "launch-exceeds-batch-cap"),
        ("The KV cache is kept in BF16.", "cache-format-differs"),
    ],
)
def test_a_command_sets_what_the_text_says(said: str, rule: str) -> None:
    assert rule in rules(said + COMMAND)


@pytest.mark.parametrize(
    "said",
    [
        "We cap the batch at 64, and keep an FP8 cache.",
        "Before the incident we capped the batch at 48.",
        "There are 4 replicas. We cap the batch at 256.",  # of all of them
        "The mean context in a running batch is 2,200 + 350 = 2,550 tokens.",
        "A BF16 cache was tried first.",
        "The cache is in FP8; a BF16 cache would halve the room.",
    ],
)
def test_other_values_in_the_text_are_not_those_of_the_command(said: str) -> None:
    assert not {"launch-exceeds-batch-cap", "cache-format-differs"} & set(rules(said + COMMAND))


def test_a_count_of_zero_breaks_nothing() -> None:
    assert stratlint.check_text("There are 16 replicas on 0 GPUs and 0 nodes. Three of the 24 replicas hang.").complete


AXES = (
    "Tensor parallel 2, pipeline 4 and EP 8.\n\n```bash\ntorchrun train.py --tensor-model-parallel-size 2 "
    "--expert-model-parallel-size {}\n```\n"
)


def test_a_command_has_the_degrees_of_the_text() -> None:
    assert "launch-axis-differs" in rules(AXES.format(4))
    assert "launch-axis-differs" not in rules(AXES.format(8))
    assert "launch-axis-differs" not in rules("EP 4 would do as well.\n\n" + AXES.format(4))


WEEKS = "{}\n\n## Objectives\n\n| Objective | Target | Week 40 | Week 41 |\n|---|---|---|---|\n| TPOT p95 | ≤ 18 ms | 17.1 ms | {} ms |\n"


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("- Memory usage: 46 GB per GPU", "- Memory usage: 61 GB per GPU", True),
        ("- Memory usage: 40-50 GB", "- Memory usage: 61 GB per GPU", False),  # an expectation
        ("- Expected memory usage: 46 GB", "- Memory usage: 61 GB per GPU", False),
        ("- Total memory usage: 122 GB", "- Memory usage: 61 GB per GPU", False),
    ],
)
def test_one_value_is_restated_by_another_of_the_same_name(first: str, second: str, differs: bool) -> None:
    assert ("restated-differently" in rules(f"## One\n\n{first}\n\n## Two\n\n{second}\n")) == differs
