"""Whose figures a table or a list states: where the device stands elsewhere than in the row, and which of its fields a label names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import catalog

LAWS = (catalog.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "the header of the values": (
        "| Property | H200 SXM |\n|---|---|\n| HBM3e capacity | 141 GB |\n| HBM3e bandwidth | {} TB/s |\n| BF16 dense | 989 TFLOPS |",
        "4.8", "3.35",
    ),
    "the header of the labels": (
        "| One GPU (MI300X) | Figure |\n|---|---|\n| HBM3 (GB) | 192 |\n| HBM bandwidth (TB/s) | {} |\n| FP8 dense (TFLOPS) | 2,615 |",
        "5.3", "4.8",
    ),
    "a header without a label, two figures in a cell": (
        "| B200 | |\n|---|---|\n| HBM3e | 192 GB, {} TB/s |\n| Dense BF16 | 2,250 TFLOPS |\n| NVLink 5 | 1,800 GB/s |", "8", "4.8"
    ),
    "another row": (
        "| Item | Choice |\n|---|---|\n| Accelerator | 16 × A100 SXM 80 GB |\n| Memory of a card | 80 GB |\n"
        "| Memory bandwidth | {} TB/s |\n| BF16 peak | 312 TFLOPS |", "2.039", "3.35",
    ),
    "a row of a comparison": (
        "| | old | new |\n|---|---|---|\n| GPU | A100 SXM 80GB | H200 SXM |\n| HBM (GB) | 80 | 141 |\n| Bandwidth (GB/s) | 2,039 | {} |\n"
        "| BF16 dense (TFLOPS) | 312 | 989 |", "4,800", "3,350",
    ),
    "the heading": (
        "# Plan\n\n## The MI300X box\n\n| Attribute | Value |\n|---|---|\n| HBM3 | 192 GB |\n| HBM bandwidth | 5.3 TB/s |\n"
        "| Peak BF16, dense | {} TFLOPS |", "1,307", "2,615",
    ),
    "the sentence right before": (
        "# Plan\n\nWe buy H200 SXM cards. Some H100 stay in the old room.\n\n## Cards\n\nThe H200 SXM, per GPU:\n\n- Memory: 141 GB\n"
        "- HBM3e bandwidth: {} TB/s\n- Dense BF16: 989 TFLOPS\n", "4.8", "3.35",
    ),
    "one column per card, another format's figure": (
        "| per GPU | H200 SXM | MI300X | B200 |\n|---|---|---|---|\n| HBM (GB) | 141 | 192 | 180 |\n"
        "| Bandwidth (TB/s) | 4.8 | 5.3 | 8 |\n"
        "| FP8 dense (TFLOPS) | 1,979 | {} | 4,500 |", "2,615", "1,307",
    ),
    "the sparse figure under dense": (
        "| Accelerator | HBM, GB | HBM bandwidth, TB/s | BF16 dense, TFLOPS | NVLink, GB/s |\n|---|---|---|---|---|\n"
        "| H100 SXM | 80 | 3.35 | {} | 900 |\n| A100 SXM 80GB | 80 | 2.04 | 312 | 600 |", "989", "1,979",
    ),
    "the link of another card": (
        "# H800 SXM pool\n\n- HBM3: 80 GB\n- HBM bandwidth: 3.35 TB/s\n- NVLink: {} GB/s\n- BF16, dense: 989 TFLOPS\n", "400", "900"
    ),
    "beside the name in brackets": ("- Hardware: 4 nodes × 8 H200 SXM (141 GB HBM3e, {} TB/s) = 32 GPUs", "4.8", "3.35"),
    "a table in Chinese": (
        "## H800 单卡规格\n\n| 项目 | 数值 |\n|---|---|\n| 显存 | 80 GB |\n"
        "| 显存带宽 | {} TB/s |\n| BF16 稠密峰值 | 989 TFLOPS |", "3.35", "4.8"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_figure_of_another_device_or_format_is_refuted_and_its_twin_holds(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert [text.split()[0] for text in refuted(page.format(wrong))] == [wrong]


TABLE = "| {head} | {card} |\n|---|---|\n| HBM3e capacity | 141 GB |\n| {label} | {value} |\n| BF16 dense | 989 TFLOPS |\n"
OTHERS = {
    "measured": TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth, measured", value="3.9 TB/s"),
    "effective": TABLE.format(head="Item", card="H200 SXM", label="Effective HBM bandwidth", value="3.35 TB/s"),
    "derated in the header": TABLE.format(head="Derated", card="H200 SXM", label="HBM bandwidth", value="3.35 TB/s"),
    "assumed by the heading": "## What we assume to reach on an H200 SXM\n\n" + TABLE.format(
        head="Item", card="sustained", label="HBM bandwidth", value="3.35 TB/s"),
    "near by rounding": TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth", value="4.9 TB/s"),
    "of eight": TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth", value="38.4 TB/s"),
    "both directions or one": TABLE.format(head="Item", card="H200 SXM", label="NVLink", value="450 GB/s"),
    "another link": TABLE.format(head="Item", card="H200 SXM", label="NIC", value="400 Gb/s"),
    "the PCIe bus": TABLE.format(head="Item", card="H200 SXM", label="PCIe bandwidth", value="64 GB/s"),
    "sparse, and says so": TABLE.format(head="Item", card="H200 SXM", label="FP8 with sparsity", value="3,958 TFLOPS"),
    "dense or sparse": TABLE.format(head="Item", card="H200 SXM", label="FP8 peak", value="3,958 TFLOPS"),
    "a peak derated to a number of nobody": TABLE.format(head="Item", card="H200 SXM", label="FP8 peak", value="1,500 TFLOPS"),
    "another format, in brackets": TABLE.format(head="Item", card="A100 SXM 80GB", label="Peak (FP32)", value="19.5 TFLOPS")
    .replace("141 GB", "80 GB").replace("989", "312"),
    "a peak of no format": TABLE.format(head="Item", card="H200 SXM", label="Peak", value="312 TFLOPS"),
    "measured, in brackets": TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth (STREAM)", value="3.35 TB/s"),
    "usable memory": TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth", value="4.8 TB/s").replace("141", "127"),
    "an invented card": TABLE.format(head="Item", card="Lynx-3 (H200-class)", label="HBM bandwidth", value="3.35 TB/s"),
    "an invented card below a known one": "## Beside the H200\n\n" + TABLE.format(
        head="Item", card="Lynx-3", label="HBM bandwidth", value="3.35 TB/s"),
    "a target": TABLE.format(head="Item", card="H200 SXM target", label="HBM bandwidth", value="3.35 TB/s"),
    "two cards in the header of labels": TABLE.format(head="H100 and H200", card="Value", label="HBM bandwidth", value="3.35 TB/s"),
    "read from storage": "Eight H200 (141 GB each) read the checkpoint at 2 TB/s.",
    "a bridge": (
        "| GPU | HBM (GB) | HBM bandwidth (TB/s) | BF16 dense (TFLOPS) | NVLink (GB/s) |\n|---|---|---|---|---|\n"
        "| H100 PCIe | 80 | 2.0 | 756 | 600 |\n| H100 NVL | 94 | 3.9 | 835 | 600 |"
    ),
    "all of another card, below its successor": (
        "# Towards the H200\n\n## Today\n\n- BF16 dense: 989 TFLOPS\n- HBM bandwidth: 3.35 TB/s\n- NVLink: 900 GB/s\n"
    ),
    "two variants": (
        "## H100\n\n| Item | Value |\n|---|---|\n| HBM | 80 GB |\n| HBM bandwidth | 2.0 TB/s |\n| BF16 dense | 756 TFLOPS |"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_no_data_sheet_would_say_is_not_held_to_one(name: str, refuted: Refuted) -> None:
    assert refuted(OTHERS[name]) == []


def test_without_the_saving_word_the_same_table_is_refuted(refuted: Refuted) -> None:
    assert refuted(TABLE.format(head="Item", card="H200 SXM", label="HBM bandwidth", value="3.35 TB/s")) == ["3.35 TB/s"]
