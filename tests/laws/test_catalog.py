"""Records that describe a published device or model, held to its catalog entry; and records of something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import stratlint
from stratlint.laws import catalog

# What the fixtures of conftest judge.
LAWS = (catalog.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "a row of a table of cards": (
        "| card | memory | bandwidth | board power |\n|---|---|---|---|\n| A100 SXM 80 GB | 80 GB | 2,039 GB/s | 400 W |\n"
        "| H200 SXM | 141 GB | {} GB/s | 700 W |", "4,800", "3,350",
    ),
    "a column of a transposed one": (
        "| | H100 SXM | H200 SXM |\n|---|---|---|\n| memory, GB | 80 | {} |\n"
        "| memory bandwidth, TB/s | 3.35 | 4.8 |\n| TDP, W | 700 | 700 |", "141", "114",
    ),
    "a list below a heading": (
        "# Sizing of Llama-3.1-70B\n\n- Hidden size: 8,192\n- Attention heads: 64\n- KV heads: 8\n- Layers: {}\n", "80", "64"
    ),
    "a sentence on one card": ("The H200 keeps 989 TFLOPS and pairs them with 141 GB at {} TB/s.", "4.8", "4.2"),
    "a list in Chinese": (
        "# Qwen2.5-72B 评审\n\n| 项目 | 数值 |\n|---|---|\n| 参数量 | 72.7B |\n| 层数 | {} |\n| 隐藏维度 | 8,192 |", "80", "64"
    ),
    "the mixture layers beside all": (
        "# DeepSeek-V3, sized\n\n| Field | Published |\n|---|---|\n| Layers | 61, hence {} MoE layers |\n| Hidden size | 7,168 |\n"
        "| Vocabulary | 129,280 |", "58", "60",
    ),
    "mixture layers in a list": (
        "# DeepSeek-V3\n\n- Hidden size: 7,168\n- Attention heads: 128\n- MoE layers: {}\n", "58", "60"
    ),
    "the dense ones by their label": (
        "# DeepSeek-V3\n\n- Hidden size: 7,168\n- Attention heads: 128\n- Dense layers: {}\n", "3", "1"
    ),
    "mixture layers in Chinese": (
        "# DeepSeek-V3 结构\n\n| 项目 | 值 |\n|---|---|\n"
        "| Layers | 61,其中 MoE 层 {} |\n| Hidden | 7,168 |\n| Vocabulary | 129,280 |", "58", "60"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_one_field_that_is_not_of_the_entry_is_refuted_and_its_twin_holds(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    found = refuted(page.format(wrong))
    assert [text.split()[0] for text in found] == [wrong]


OTHERS = {
    "experts of a token are not all": (
        "# Sizing of Qwen3-30B-A3B\n\n| key | value |\n|---|---|\n| `num_hidden_layers` | 48 |\n| `hidden_size` | 2048 |\n"
        "| `num_attention_heads` | 32 |\n| `num_experts_per_tok` | 8 |\n"
    ),
    "another variant differs in several fields": (
        "# Llama-3.1-70B, cut down\n\n- Hidden size: 8,192\n- KV heads: 8\n- Layers: 40\n- Attention heads: 32\n"
    ),
    "a power limit may be set": (
        "| card | memory | bandwidth | power |\n|---|---|---|---|\n"
        "| H100 SXM | 80 GB | 3.35 TB/s | 650 W |\n| H200 SXM | 141 GB | 4.8 TB/s | 600 W |"
    ),
    "rows of models that the catalog lacks": (
        "# Beside Llama-3.1-70B\n\n| model | layers | hidden | heads |\n|---|---|---|---|\n"
        "| tiny | 80 | 8,192 | 16 |\n| odd | 96 | 8,192 | 64 |"
    ),
    "mixture layers of a stage": (
        "# DeepSeek-V3\n\n- Hidden size: 7,168\n- Attention heads: 128\n- MoE layers per stage: 15\n- MoE layers of the last stage: 13\n"
    ),
    "experts of a layer are no layers": "# DeepSeek-V3\n\n- Hidden size: 7,168\n- Attention heads: 128\n- MoE: 32\n- Dense: 4\n",
    "one field alone shows nothing": "# Llama-3.1-70B\n\n- Layers: 64\n- Batch: 32\n",
    "two models in the headings": "# Llama-3.1-70B or Mixtral-8x7B\n\n- Hidden size: 8,192\n- KV heads: 8\n- Layers: 64\n",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_may_be_another_thing_or_another_setting_is_not_held_to_it(name: str, refuted: Refuted) -> None:
    assert refuted(OTHERS[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        "An H100 has 80 GB, 989 TFLOPS and 900 GB/s of NVLink.",  # another link
        "The H200 node pairs 7,912 TFLOPS with 1,128 GB at 38.4 TB/s.",  # eight of them
        "Beside an H100 the H200 has 989 TFLOPS and 141 GB at 3.35 TB/s.",  # of which?
    ],
)
def test_a_sentence_may_speak_of_something_else_in_the_same_unit(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_a_peak_without_matrix_units_is_no_wrong_one() -> None:
    """Tables of cards for games give it under FP16; under "FP8 dense" a BF16 peak is wrong."""
    head = "| GPU | VRAM (GB) | BW GB/s | {} TFLOPS | TDP W |\n|---|---|---|---|---|\n"
    assert not stratlint.check_text(f"{head.format('FP16')}| RTX 4090 | 24 | 1008 | 83 | 450 |\n").findings
