"""Units that contradict their label, transfers beyond any memory, fractions praised in the next sentence."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> set[str]:
    return {finding.rule for finding in stratlint.check_text(text).findings}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- Attention FLOPs: 3 TB per layer", True),
        ("- Attention FLOPs: ~3 TB per layer", True),
        ("- Attention FLOPs: 3 TFLOP per layer", False),
        ("- Decode latency: 12 GB", True),
        ("- Decode latency: 12 ms", False),
        ("- GPU memory: 12 ms", True),
        ("- Memory: 2619 MHz", False),
        ("- FLOPs per byte: 3 GB", False),
        ("- Memory access latency: 3 GB", False),
        ("- Memory: read 3 ms later", False),
        ("- Bytes and FLOPs: 3 TB and 3 TFLOP", False),
    ],
)
def test_the_number_behind_a_label_is_in_a_unit_of_what_it_names(text: str, wrong: bool) -> None:
    assert ("unit-contradicts-label" in rules(text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("All-reduce latency: 2 µs for 320 MB tensors.", True),
        ("320 MB are moved in under 2 µs.", True),
        ("All-reduce latency: 2 ms for 320 MB tensors.", False),
        ("It takes 2 µs for 320 MB over the whole cluster.", False),
        ("Latency is 2 µs for messages below 320 MB.", False),
        ("The on-chip SRAM delivers 320 MB in 2 µs.", False),
    ],
)
def test_no_memory_is_several_times_faster_than_the_fastest(text: str, wrong: bool) -> None:
    assert ("transfer-faster-than-any-memory" in rules(text)) == wrong


def test_labels_of_a_list_in_one_unit_name_variants() -> None:
    assert "unit-contradicts-label" not in rules("## Time of the copy\n\n- Pinned memory: 0.4 ms\n- Ring buffer: 0.2 ms\n")
    assert "unit-contradicts-label" in rules("## Figures\n\n- Pinned memory: 0.4 ms\n- Ring buffer: 12 GB\n")
