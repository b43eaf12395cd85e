"""Figures of a link, a share or an adapter that stand beside those of the device or the model, each with a twin that is wrong."""

from __future__ import annotations

import pytest

import stratlint


def told(text: str) -> list[str]:
    """The rules that find something on a page, warnings included."""
    return [finding.rule for finding in stratlint.check_text(text).findings if finding.severity != "info"]


@pytest.mark.parametrize(
    "other", ["400 Gb/s InfiniBand per GPU across nodes", "one 400 Gb/s NIC each outside", "200 Gb/s RoCE from there on"]
)
def test_a_line_on_nvlink_may_go_on_to_the_network(other: str) -> None:
    page = "# Eight H100 SXM\n\n- NVLink: 900 GB/s per GPU in the box; {}\n"
    assert "device-figure" not in told(page.format(other))
    assert "device-figure" in told("# Eight H100 SXM\n\n- NVLink: 400 Gb/s per GPU\n")


@pytest.mark.parametrize("row", ["{0} and {1} heads divisible by 2", "both head counts, {0} and {1} heads, are even", "{0} 和 {1} heads"])
def test_two_numbers_before_one_noun_name_two_things(row: str) -> None:
    page = "# Mixtral 8x22B, served\n\n- 56 layers, hidden 6,144\n\n| Check | Result |\n|---|---|\n| {} | yes |\n"
    assert "model-figure" not in told(page.format(row.format(48, 8)))


@pytest.mark.parametrize("line", [
    "* 单卡有效算力:4,300 × 7.728e10 = 332.3 TFLOPS",
    "* Compute per card: 4,300 × 7.728e10 = 332.3 TFLOPS, MFU = 332.3 / 989 = 33.6 %",
    "* Peak reached per GPU: 4,300 × 7.728e10 = 332.3 TFLOPS",
])  # fmt: skip
def test_what_a_card_computes_is_not_its_peak(line: str) -> None:
    assert "device-figure" not in told(f"# 64 H800\n\n{line}\n")


@pytest.mark.parametrize("line", [
    "Every GPU hosts 256 / 32 = 8 routed experts per MoE layer.",
    "Each rank keeps 8 routed experts in each of the MoE layers.",
    "- Routed experts: 256, of which each token visits 8 routed experts in every layer",
])  # fmt: skip
def test_the_experts_of_a_rank_or_a_token_are_not_those_of_a_layer(line: str) -> None:
    assert "expert-parallel-exceeds-experts" not in told(f"- Expert parallelism (EP): 32\n\n{line}\n")
    assert "expert-parallel-exceeds-experts" in told("- Expert parallelism (EP): 32\n\nEvery layer has 8 experts.\n")


@pytest.mark.parametrize(("heading", "remark"), [
    ("Considered, and dropped", "the layer has only 8 experts, EP is 8 at most"),
    ("Alternatives", "there are only 8 experts"),
    ("曾考虑但放弃的方案", "只有 8 个专家,EP 最大取 8"),
])  # fmt: skip
def test_an_option_may_be_dropped_because_it_is_impossible(heading: str, remark: str) -> None:
    page = f"- Experts per layer: 8\n\n## {heading}\n\n| Option | Problem |\n|---|---|\n| TP 2 × PP 4 × DP 32, EP 16 | {remark} |\n"
    assert "expert-parallel-exceeds-experts" not in told(page)


@pytest.mark.parametrize("share", ["7 query heads and 1 KV head per rank", "7 query heads plus 1 KV head on each GPU"])
def test_heads_that_a_rank_has_are_not_those_of_the_model(share: str) -> None:
    page = "- TP=8 stays in the NVLink domain: {}\n"
    assert "heads-not-divisible" not in told(page.format(share))
    assert "heads-not-divisible" in told("- Attention heads: 7\n- Tensor parallelism (TP): 8\n")


@pytest.mark.parametrize("page", [
    "The model has 8.03B parameters.\n\n| Part | GB |\n|---|---|\n| Adapters with their gradients, 18 B each | 0.25 |\n",
    "The model has 8.03B parameters.\n\n- LoRA gradients: 0.25 GB\n",
    "| Part | Parameters |\n|---|---|\n| Block | 557,856,768 |\n\n- Gradients: 119.8 GB per GPU\n",
])  # fmt: skip
def test_gradients_of_an_adapter_and_parameters_of_a_block_are_not_the_models(page: str) -> None:
    assert "gradient-size" not in told(page)
    assert "gradient-size" in told("- Parameters: 8.03B\n- Gradients: 0.25 GB\n")


def test_an_option_with_its_own_degree_twice_knows_nothing_of_the_experts() -> None:
    page = "- Experts per layer: 64\n\n## Alternatives\n\nLater DP goes to 128 and EP to 128.\n"
    assert "expert-parallel-exceeds-experts" in told(page)
