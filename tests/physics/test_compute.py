"""FLOPs, utilization, time and cost: published figures and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.activations import Recompute
from stratlint.physics.architecture import Architecture
from stratlint.physics.catalog import Model
from stratlint.physics.compute import (
    AttentionMask,
    achieved_flops_per_gpu,
    aggregate_flops,
    attention_flops_per_token,
    carbon,
    cost,
    energy,
    flops_per_token_rule,
    forward_flops_per_token,
    gpu_hours,
    hardware_flops_utilization,
    hfu_from_mfu,
    largest_token_rate,
    matmul_flops,
    matmul_parameters,
    mean_context,
    model_flops_utilization,
    palm_flops_per_token,
    peak_flops,
    sc21_flops_per_iteration,
    time_to_train,
    training_flops,
    training_flops_per_token,
)

POSITIVE = st.floats(1e-3, 1e12)


@given(st.integers(1, 60), st.none() | st.integers(1, 80))
def test_mean_context_counts_the_pairs(sequence: int, window: int | None) -> None:
    width = sequence if window is None else min(window, sequence)
    assert mean_context(sequence, AttentionMask.FULL, window) == width
    # The convention lies between not counting and counting a token's attention to itself.
    without_self = sum(min(i, width) for i in range(sequence)) / sequence
    with_self = sum(min(i + 1, width) for i in range(sequence)) / sequence
    slack = 1e-9 * sequence
    assert without_self - slack <= mean_context(sequence, AttentionMask.CAUSAL, window) <= with_self + slack


@pytest.mark.parametrize("name", ["llama-3.1-405b", "llama-3.1-70b", "qwen2.5-72b"])
def test_dense_models_follow_the_rule_of_thumb(name: str, catalog_models: dict[str, Model]) -> None:
    model = catalog_models[name]
    without_lookup = model.active_parameters.without_input_embedding
    assert forward_flops_per_token(model.architecture) == pytest.approx(flops_per_token_rule(without_lookup, training=False), rel=1e-4)
    assert training_flops_per_token(model.architecture) == pytest.approx(flops_per_token_rule(without_lookup), rel=1e-4)


def test_attention_core_of_llama_405b(catalog_models: dict[str, Model]) -> None:
    a = catalog_models["llama-3.1-405b"].architecture
    full = attention_flops_per_token(a, 8192, AttentionMask.FULL)
    assert full == 4 * 126 * 8192 * 128 * 128
    assert attention_flops_per_token(a, 8192) == full / 2
    # NVIDIA's rows for this model rest on 2,523,955,986,432 FLOPs per trained token.
    assert training_flops_per_token(a, 8192) == 2_523_955_986_432


def test_megatron_counts_a_mixture_without_its_router(catalog_models: dict[str, Model]) -> None:
    a = catalog_models["kimi-k2"].architecture
    router = matmul_parameters(a) - matmul_parameters(a, router=False)
    assert router == 60 * 384 * 7168
    # It also counts the two norms inside MLA as multiplications.
    latent_norms = 61 * (1536 + 512)
    assert training_flops_per_token(a, 4096) - 6 * router + 6 * latent_norms == 204_477_394_944


def test_windowed_layers_attend_to_less(catalog_models: dict[str, Model]) -> None:
    a = catalog_models["gpt-oss-120b"].architecture
    flops = attention_flops_per_token(a, 8192, AttentionMask.FULL)
    assert flops == 4 * a.heads * a.head_dim * (18 * 8192 + 18 * 128)


@given(st.sampled_from([None, 128, 4096]))
def test_recomputation_only_adds(sequence: int | None) -> None:
    a = Architecture(12, 768, 12, 12, 64, 3072, 50257, ffn_matrices=2, tied=True)
    counts = [training_flops_per_token(a, sequence, recompute=mode) for mode in Recompute]
    assert counts[0] <= counts[1] <= counts[2]
    layers = 2 * matmul_parameters(a, head=False) + (attention_flops_per_token(a, sequence) if sequence else 0)
    assert counts[2] - counts[0] == layers


def test_published_utilizations() -> None:
    # PaLM 540B: 238.3k tokens/s on 6144 TPU v4 of 275 TFLOPS, 46.2% MFU.
    per_token = palm_flops_per_token(540e9, 118, 48, 256, 2048)
    assert round(100 * model_flops_utilization(per_token, 238.3e3, 6144, 275e12), 1) == 46.2
    # SC21's GPT-3 example: 96 layers of 12288, batch 1536, sequence 2048, vocabulary 51200.
    flops = sc21_flops_per_iteration(1536, 2048, 96, 12288, 51200)
    assert flops == pytest.approx(96 * 1536 * 2048 * 96 * 12288**2 * (1 + 2048 / 73728 + 51200 / (16 * 96 * 12288)))
    assert sc21_flops_per_iteration(1536, 2048, 96, 12288, 51200, recompute=False) < flops


def test_training_run_of_gpt3() -> None:
    flops = training_flops(174.6e9, 300e9)
    assert flops == pytest.approx(3.14e23, rel=2e-3)
    # SC21 section 5.1: 8TP/(nX) with 1024 GPUs at 140 TFLOPS is 34 days.
    seconds = time_to_train(training_flops(174.6e9, 300e9, flops_per_parameter=8), 1024, 140e12, 1)
    assert round(seconds / 86400) == 34


def test_energy_and_carbon_of_llama_2_7b() -> None:
    # 184,320 A100 hours at 400 W, PUE 1.1: 31.22 tCO2 at 0.385 kg/kWh.
    joules = energy(184_320, 400, 1.1)
    assert carbon(joules, 0.385) / 1000 == pytest.approx(31.22, abs=0.01)
    with pytest.raises(ValueError, match="pue"):
        energy(1, 1, 0.9)


def test_peak_from_clock_and_units() -> None:
    assert peak_flops(1830e6, 512, 528) == pytest.approx(989.4e12, rel=1e-4)
    assert peak_flops(2100e6, 256, 1216) == pytest.approx(1307.4e12, rel=1e-4)


@given(POSITIVE, POSITIVE, POSITIVE, st.floats(0.01, 1.0))
def test_time_hours_and_cost_are_consistent(flops: float, gpus: float, peak: float, utilization: float) -> None:
    seconds = time_to_train(flops, gpus, peak, utilization)
    assert achieved_flops_per_gpu(flops, seconds, gpus) == pytest.approx(peak * utilization)
    assert cost(gpu_hours(gpus, seconds), 2.0) == pytest.approx(2 * gpus * seconds / 3600)
    assert seconds * aggregate_flops(gpus, peak * utilization) == pytest.approx(flops)


@given(POSITIVE, POSITIVE, POSITIVE, st.floats(0.01, 1.0))
def test_utilization_inverts_the_largest_token_rate(work: float, gpus: float, peak: float, utilization: float) -> None:
    rate = largest_token_rate(work, gpus, peak, utilization)
    assert model_flops_utilization(work, rate, gpus, peak) == pytest.approx(utilization)


@given(st.floats(0.01, 0.7))
def test_hardware_utilization_is_never_below(mfu: float) -> None:
    sizes = {"sequence": 2048, "hidden": 12288, "layers": 96, "vocab": 51200}
    full = hfu_from_mfu(mfu, Recompute.FULL)
    selective = hfu_from_mfu(mfu, Recompute.SELECTIVE, **sizes)
    assert mfu == hfu_from_mfu(mfu, Recompute.NONE) < selective < full
    assert full == pytest.approx(hardware_flops_utilization(mfu, 3, 4))
    with pytest.raises(ValueError, match="needs sequence"):
        hfu_from_mfu(mfu, Recompute.SELECTIVE)
    with pytest.raises(ValueError, match="below"):
        hardware_flops_utilization(mfu, 4, 3)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_matmul_is_symmetric_and_counts_two_per_multiply_add(m: float, n: float, k: float) -> None:
    assert matmul_flops(m, n, k) == pytest.approx(matmul_flops(k, m, n))
    assert matmul_flops(m, n, 1) == pytest.approx(2 * m * n)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_law_outside_its_domain_says_so(bad: float) -> None:
    with pytest.raises(ValueError, match="peak"):
        model_flops_utilization(1, 1, 1, bad)
    with pytest.raises(ValueError, match="gpus"):
        time_to_train(1, bad, 1, 1)
