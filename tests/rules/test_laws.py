"""Laws of energy, memory, traffic, latency and compute: right plans are silent, conventions that are stated bind."""

from __future__ import annotations

import pytest

import stratlint

TRAINING = {
    "Parameters": "7B", "Layers": "32", "Hidden size": "4,096", "Attention heads": "32", "Vocabulary": "32,000",
    "FFN hidden size": "11,008", "Sequence length": "4,096", "Micro batch size": "1", "Data parallelism (DP)": "64",
    "Total GPUs": "64", "GPU memory": "80 GB", "Peak": "989 TFLOPS", "Throughput": "600,000 tokens/s", "MFU": "42.5 %",
    "HFU": "55.0 %", "FLOPs per token": "45 GFLOPs", "ZeRO stage": "1", "Training state per GPU": "29.3 GB",
    "Gradients": "14 GB", "Optimizer states": "84 GB", "Checkpoint size": "98 GB", "Logits": "524 MB",
    "Activations": "18 GB", "GPU power": "700 W", "Compute used": "24,576 GPU-hours", "PUE": "1.2", "Energy": "20.6 MWh",
    "Electricity price": "$0.10 per kWh", "Electricity cost": "$2,060", "Total power": "65 kW",
}  # fmt: skip
SERVING = {
    "Layers": "80", "KV heads": "8", "Head dimension": "128", "KV cache per token": "328 KB", "Sequence length": "8,192",
    "KV cache per request": "2.68 GB", "TTFT": "400 ms", "TPOT": "20 ms", "Output tokens": "500",
    "End-to-end latency": "10.4 s", "Tokens per second per user": "50", "Request rate": "47.5 requests/s",
    "Goodput": "42.0 requests/s",
}  # fmt: skip


def page(plan: dict[str, str], sentence: str = "", **changed: str) -> str:
    """A plan as a list below a sentence; a changed line replaces the one with its label, words joined by underscores."""
    lines = {**plan, **{label.replace("_", " "): value for label, value in changed.items()}}
    return f"{sentence}\n\n" + "".join(f"- {label}: {value}\n" for label, value in lines.items())


def found(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize("plan", [TRAINING, SERVING], ids=["training", "serving"])
def test_a_right_plan_is_silent(plan: dict[str, str]) -> None:
    assert found(page(plan)) == []


@pytest.mark.parametrize(
    ("plan", "changed", "rule"),
    [
        (TRAINING, {"Energy": "206 MWh"}, "run-energy"),
        (TRAINING, {"Electricity_cost": "$20,600"}, "energy-cost"),
        (TRAINING, {"PUE": "0.8"}, "usage-effectiveness-below-one"),
        (TRAINING, {"MFU": "4.25 %"}, "utilisation-of-rate"),
        (TRAINING, {"HFU": "31.0 %"}, "hardware-utilisation-below-model"),
        (TRAINING, {"HFU": "79.0 %"}, "recomputation-exceeds-forward"),
        (TRAINING, {"FLOPs_per_token": "45 TFLOPs"}, "operations-per-token"),
        (TRAINING, {"Training_state_per_GPU": "112 GB"}, "zero-state-per-gpu"),
        (TRAINING, {"ZeRO_stage": "3"}, "zero-state-per-gpu"),
        (TRAINING, {"Gradients": "140 GB"}, "gradient-size"),
        (TRAINING, {"Optimizer_states": "840 GB"}, "optimizer-state-size"),
        (TRAINING, {"Checkpoint_size": "980 GB"}, "checkpoint-size"),
        (TRAINING, {"Logits": "52 GB"}, "logits-size"),
        (TRAINING, {"Activations": "18 TB"}, "activations-out-of-range"),
        (SERVING, {"KV_cache_per_request": "26.8 GB"}, "cache-per-request"),
        (SERVING, {"End-to-end_latency": "1.04 s"}, "end-to-end-latency"),
        (SERVING, {"Tokens_per_second_per_user": "500"}, "user-rate"),
        (SERVING, {"Goodput": "420 requests/s"}, "goodput-above-throughput"),
        (TRAINING, {"Throughput": "60M tokens/s", "MFU": "0.9 %"}, "throughput-above-peak"),
        ({"GPU memory": "80 GB", "Weights per GPU": "35 GB"}, {"KV_cache_per_GPU": "55 GB"}, "parts-exceed-memory"),
        ({"Weights": "140 GB", "TP": "8"}, {"Weights_per_GPU": "35 GB"}, "weights-per-gpu"),
        ({"Weights": "140 GB", "TP": "8"}, {"Weights_per_GPU": "1.75 GB"}, "weights-per-gpu"),
        ({"Weights": "140 GB", "TP": "8", "PP": "2"}, {"Weights_per_GPU": "17.5 GB"}, "weights-of-stage-per-gpu"),
        ({"GPU": "A100-SXM4-80GB"}, {"FP8_peak": "624 TFLOPS"}, "format-not-supported"),
        ({}, {"Cache_hit_rate": "140 %"}, "part-above-whole"),
    ],
)
def test_a_slip_in_one_figure_is_found(plan: dict[str, str], changed: dict[str, str], rule: str) -> None:
    assert rule in found(page(plan, **changed))


@pytest.mark.parametrize(
    ("plan", "changed"),
    [
        (TRAINING, {"Energy": "17.2 MWh"}),  # without the PUE
        (TRAINING, {"Energy": "28 MWh", "Electricity_cost": "$2,800"}),  # hosts and network too
        (TRAINING, {"Electricity_price": "$100 per MWh"}),
        (TRAINING, {"MFU": "21.2 %", "HFU": "27.5 %"}),  # of the sparse peak
        (TRAINING, {"MFU": "50 %"}),  # attention counted
        (TRAINING, {"FLOPs_per_token": "14 GFLOPs"}),  # forward
        (TRAINING, {"Training_state_per_GPU": "57 GB"}),  # FP32 gradients and parameters
        (TRAINING, {"ZeRO_stage": "3", "Training_state_per_GPU": "1.75 GB"}),
        (TRAINING, {"Optimizer_states": "1.3 GB"}),  # sharded
        (TRAINING, {"Optimizer_states": "56 GB"}),  # moments alone
        (TRAINING, {"Checkpoint_size": "14 GB"}),  # weights alone
        (TRAINING, {"Logits": "262 MB"}),
        (TRAINING, {"Activations": "1.1 GB"}),  # full recomputation
        ({"Weights": "140 GB", "TP": "8", "PP": "2"}, {"Weights_per_GPU": "8.75 GB"}),
        ({"GPU": "H100 SXM"}, {"FP8_peak": "1,979 TFLOPS"}),
        ({"GPU": "A100-SXM4-80GB"}, {"INT8_peak": "624 TOPS"}),
        (SERVING, {"KV_cache_per_request": "0.9 GB"}),  # of a mean request
        (SERVING, {"End-to-end_latency": "9 s"}),  # percentiles do not add up
        (SERVING, {"Tokens_per_second_per_user": "48"}),  # the first token counted in
    ],
)
def test_other_admissible_readings_are_silent(plan: dict[str, str], changed: dict[str, str]) -> None:
    assert found(page(plan, **changed)) == []


LONG = {
    "Parameters": "7B", "Layers": "32", "Hidden size": "4,096", "Sequence length": "32,768", "Total GPUs": "64",
    "Peak": "989 TFLOPS", "Throughput": "500,000 tokens/s",
}  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "mfu", "rules"),
    [
        ("", "73.9 %", []),
        ("All peaks are dense.", "73.9 %", []),
        ("All peaks are dense. Attention is counted with the causal half.", "53.5 %", []),
        ("All peaks are dense. Attention is counted with the causal half.", "73.9 %", ["utilisation-of-rate"]),
        ("All peaks are dense. FLOPs are counted without the causal discount.", "73.9 %", []),
        ("All peaks are dense. FLOPs are counted without the causal discount.", "53.5 %", ["utilisation-of-rate"]),
        ("All peaks are dense.", "90.0 %", ["utilisation-of-rate"]),
        ("All peaks are given with sparsity.", "90.0 %", []),
    ],
)
def test_a_convention_for_attention_or_the_peak_binds(sentence: str, mfu: str, rules: list[str]) -> None:
    assert found(page({**LONG, "MFU": mfu}, sentence)) == rules


@pytest.mark.parametrize(
    ("sentence", "parameters", "rules"),
    [
        ("", "117M", []),
        ("", "176M", []),
        ("Every expert is a gated MLP.", "176M", []),
        ("Every expert is a gated MLP.", "117M", ["parameters-per-expert"]),
        ("Every expert has two FFN matrices.", "117M", []),
        ("Every expert has two FFN matrices.", "176M", ["parameters-per-expert"]),
    ],
)
def test_a_convention_for_the_matrices_of_an_ffn_binds(sentence: str, parameters: str, rules: list[str]) -> None:
    plan = {"Hidden size": "4,096", "Expert FFN size": "14,336", "Parameters per expert": parameters}
    assert found(page(plan, sentence)) == rules


def test_the_sentence_that_excluded_a_reading_is_in_the_evidence() -> None:
    sentence = "Every expert is a gated MLP."
    plan = {"Hidden size": "4,096", "Expert FFN size": "14,336", "Parameters per expert": "117M"}
    (finding,) = stratlint.check_text(page(plan, sentence)).findings
    assert [place.line for place in finding.related if place.role == "fixes the convention"] == [1]


def test_a_claim_about_the_whole_page_is_called_wrong_once() -> None:
    text = """# A 30B-parameter plan

The 30B parameters are split.

- Parameters: 30B
- Layers: 16
- Experts per layer: 64
- Hidden size: 1,024
- FFN hidden size: 2,048
"""
    findings = [finding for finding in stratlint.check_text(text).findings if finding.rule == "size-of-mixture"]
    assert [finding.location.line for finding in findings] == [5]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Scaling: 71.2 TFLOP/s / 84.7 TFLOP/s = 84.3 %.", ["last-digit"]),
        ("Scaling: 71.2 TFLOP/s / 84.7 TFLOP/s = 84.1 %.", []),
        ("Scaling: 71.2 TFLOP/s / 84.7 TFLOP/s = 84.0 %.", ["last-digit"]),  # cut off
        ("Scaling: 71.2 TFLOP/s / 84.7 TFLOP/s ≈ 84.3 %.", []),
        ("Share: 39 TFLOP/s / 125 TFLOP/s = 30 %.", ["last-digit"]),  # 31.2 % in one digit
        ("Share: 37.5 TFLOP/s / 125 TFLOP/s = 30 %.", []),
        ("Hours: 0.833M + 86K = 0.916M.", ["last-digit"]),  # hundredths of a power of two are not printed
        ("Tokens: 4K + 4K = 8,192.", []),
    ],
)
def test_a_result_that_is_not_the_rounded_one_is_remarked(text: str, rules: list[str]) -> None:
    findings = stratlint.check_text(text).findings
    assert [(finding.rule, finding.severity.value) for finding in findings] == [(rule, "info") for rule in rules]


@pytest.mark.parametrize(
    ("layers", "stages", "rules"),
    [("32", "8", []), ("126", "16", []), ("61", "16", []), ("32", "12", ["stages-not-divisible"])],
)
def test_layers_divide_with_embedding_head_and_prediction_module(layers: str, stages: str, rules: list[str]) -> None:
    assert found(f"- Layers: {layers}\n- Pipeline parallelism (PP): {stages}\n") == rules


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("EP within the data-parallel ranks: 8 ≤ 8.", "consistent"),
        ("EP ≤ DP: 64 ≤ 8.", "contradicted"),
        ("Whoever sets 64 ≤ 8 as a condition is told at launch.", "not checked"),
        ("The version is 3.11 ≥ 3.9.", "not checked"),
    ],
)
def test_whole_numbers_are_compared_as_they_stand(text: str, status: str) -> None:
    assert stratlint.check_text(text).documents[0].ledger[0].status == status


def test_cycles_times_operations_are_a_rate_of_operations() -> None:
    """The operations of a cycle are bare numbers: 132 × 1.83 GHz × 4,096 × 2 are 1.98 PFLOPS."""
    assert [f.rule for f in stratlint.check_text("Peak: 132 SMs × 1.83 GHz × 4,096 × 2 = 989 TFLOPS.").findings] == ["wrong-product"]
    assert not stratlint.check_text("Peak: 132 SMs × 1.83 GHz × 4,096 = 989 TFLOPS.").findings


def test_the_size_of_a_dense_model_needs_no_heads() -> None:
    text = "- Layers: 32\n- Hidden size: 4,096\n- FFN hidden size: 11,008\n- Vocabulary: 32,000\n- Parameters: 13B\n"
    assert found(text) == ["size-of-architecture"]
    assert found(text.replace("13B", "6.7B")) == []
