"""Published figures in sentences and specification lines: which words name a value, and whose it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import catalog

LAWS = (catalog.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    "text",
    [
        "Each box has 8 × H100 SXM5 with 80 GB, 900 GB/s NVLink per GPU, 3.35 TB/s HBM3.",
        "Each box has 8 × H100 SXM5 with 80 GB, NVLink 900 GB/s per GPU, HBM3 3.35 TB/s.",
        "One H100 SXM (80 GB / 900 GB/s NVLink / 3.35 TB/s HBM3) per process.",
        "The H100 SXM with 80 GB and 900 GB/s of NVLink bandwidth.",
        "The H100 SXM has 80 GB, 900 GB/s (NVLink) beside it.",
        "- GPU: H100 SXM5, 80 GB, 450 GB/s each way over NVLink",
        "- H100 SXM memory: 80 GB, 900 GB/s NVLink, 3.35 TB/s",
        "The H100 SXM, 80 GB, 900 GB/s.",
        "A host has 8 H100 SXM with 80 GB HBM3 and 2 TB/s of local NVMe.",
    ],
)
def test_the_words_right_behind_a_value_name_it(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


@pytest.mark.parametrize("text", ["One H200 (141 GB HBM3e, {} TB/s) holds it.", "- Card: H200 SXM, 141 GB, {} TB/s HBM3e"])
def test_a_bandwidth_that_nothing_else_names_is_that_of_the_memory(text: str, refuted: Refuted) -> None:
    assert refuted(text.format("4.8")) == []
    assert refuted(text.format("3.35")) == ["3.35 TB/s"]


PEAKS = {
    "behind the amount": "Shares are of the peak: the H200 has {} TFLOPS dense in BF16.",
    "before the amount": "The H200 SXM has a dense BF16 peak of {} TFLOPS, so this is half of it.",
    "a page about one device": "# A run on H200 SXM\n\nBase of the MFU: {} TFLOPS, dense BF16.",
}


@pytest.mark.parametrize("name", PEAKS)
def test_a_dense_peak_is_not_the_one_with_sparsity(name: str, refuted: Refuted) -> None:
    assert refuted(PEAKS[name].format("989")) == []
    if name == "a page about one device":
        assert refuted(PEAKS[name].replace("H200", "A100").format("624")) == ["624 TFLOPS"]
    else:
        assert refuted(PEAKS[name].format("1,979")) == ["1,979 TFLOPS"]


@pytest.mark.parametrize(
    "text",
    [
        "The H100 SXM has 1,979 TFLOPS dense in FP8.",
        "The H100 SXM has 1,979 TFLOPS of BF16 with sparsity.",
        "Two H100 SXM have 1,979 TFLOPS dense BF16.",
        "We compare A100 SXM and H100 SXM: dense BF16 peak 1,979 TFLOPS.",
        "The H100 SXM reaches 312 TFLOPS dense BF16 in our GEMM.",
        "The H100 SXM data sheet gives 1,979 TFLOPS, dense BF16 is half of that.",
        "The H100 SXM has 989 TFLOPS of dense BF16, not 1,979 TFLOPS.",
    ],
)
def test_peaks_of_something_else_are_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_no_sparsity_is_dense(refuted: Refuted) -> None:
    page = "| | H200 SXM |\n|---|---|\n| Memory | 141 GB |\n| Bandwidth | 4.8 TB/s |\n| BF16 peak, dense, no sparsity | {} TFLOPS |"
    assert refuted(page.format("989")) == []
    assert refuted(page.format("1,979")) == ["1,979 TFLOPS"]


def test_a_row_that_names_the_node_says_of_which_device_the_others_are(refuted: Refuted) -> None:
    page = (
        "# Plan\n\n| Item | Value |\n|---|---|\n| Server | 8 × H100 SXM5 80 GB |\n| HBM3 bandwidth | {} TB/s |\n| BF16 dense | 989 TFLOPS |"
    )
    assert refuted(page.format("3.35")) == []
    assert refuted(page.format("4.8")) == ["4.8 TB/s"]


HEADS = "# Qwen2.5-72B\n\n- 结构:80 层,hidden 8192,FFN 29,568,词表 152,064\n- {}:64 个 Q 头、{} 个 KV 头(GQA),head_dim 128\n"


def test_a_chinese_counter_stands_between_a_number_and_its_noun(refuted: Refuted, settled: Settled) -> None:
    assert settled(HEADS.format("注意力", 8))
    assert refuted(HEADS.format("注意力", 16)) == ["16"]


@pytest.mark.parametrize(("label", "heads"), [("视觉编码器", 16), ("注意力", 1)])
def test_heads_of_another_part_and_of_one_rank_are_not_those_of_the_model(label: str, heads: int, refuted: Refuted) -> None:
    assert refuted(HEADS.format(label, heads)) == []


def test_the_width_of_something_else_is_not_that_of_the_model(refuted: Refuted) -> None:
    page = "# DeepSeek-V3\n\n| Item | |\n|---|---|\n| Layers | 61 |\n| Hidden size | 7,168 |\n| Experts | 256, intermediate 2,048 |"
    assert refuted(page) == []
