"""Memory formulas: published sizes, and the laws they obey."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.activations import (
    Recompute,
    activation_bytes_per_layer,
    activation_bytes_per_stage,
    in_flight_microbatches,
    logits_bytes,
)
from stratlint.physics.architecture import Architecture
from stratlint.physics.catalog import Model
from stratlint.physics.memory import (
    GIB,
    STATE_LAYOUTS,
    StateLayout,
    checkpoint_bytes,
    kv_bytes_per_token,
    kv_bytes_per_token_per_gpu,
    kv_cache_bytes,
    kv_replication,
    kv_tokens_that_fit,
    memory_floor_per_gpu,
    training_state_bytes,
    weight_bytes,
    weight_bytes_per_gpu,
    zero_bytes_per_gpu,
    zero_bytes_per_parameter,
)
from stratlint.physics.parameters import count_parameters
from stratlint.physics.precision import BYTES_PER_ELEMENT, bytes_per_element, canonical_precision

LAYOUTS = st.sampled_from(STATE_LAYOUTS)
DEGREES = st.sampled_from([1, 2, 4, 8, 16])


def _dense(**changes: int) -> Architecture:
    fields: dict[str, Any] = {
        "layers": 12,
        "hidden": 64,
        "heads": 8,
        "kv_heads": 4,
        "head_dim": 8,
        "ffn": 256,
        "vocab": 100,
    } | changes
    return Architecture(**fields)


def test_checkpoints_of_bloom() -> None:
    # Its README says 329 GB and 2.3 TB for 176,247,271,424 parameters: binary units.
    assert round(checkpoint_bytes(176_247_271_424) / GIB) == 328
    assert round(checkpoint_bytes(176_247_271_424, with_optimizer=True) / 2**40, 1) == 2.2


def test_caches_of_published_models(catalog_models: dict[str, Model]) -> None:
    expected = {"deepseek-v3": 70272, "llama-3.1-405b": 516096, "falcon-7b": 8192, "gpt3-175b": 4718592}
    assert {name: kv_bytes_per_token(catalog_models[name].architecture) for name in expected} == expected


def test_latent_cache_is_replicated_over_tensor_ranks(catalog_models: dict[str, Model]) -> None:
    deepseek = catalog_models["deepseek-v3"].architecture
    assert kv_replication(deepseek, 8) == 8
    assert kv_bytes_per_token_per_gpu(deepseek, tp=8, pp=1) == kv_bytes_per_token(deepseek)


@given(DEGREES, DEGREES, st.sampled_from([1, 2, 4, 8]))
def test_cache_shards_make_the_replicated_cache(tp: int, pp: int, kv_heads: int) -> None:
    model = _dense(kv_heads=kv_heads)
    everywhere = tp * pp * kv_bytes_per_token_per_gpu(model, tp=tp, pp=pp)
    assert everywhere == pytest.approx(kv_bytes_per_token(model) * kv_replication(model, tp))
    assert kv_replication(model, tp) == max(1, tp / kv_heads)


@given(st.integers(1, 64), st.integers(0, 10_000))
def test_cache_grows_with_sequences_and_tokens(sequences: int, tokens: int) -> None:
    model = _dense()
    one = kv_bytes_per_token(model)
    assert kv_cache_bytes(model, sequences, tokens) == sequences * tokens * one
    assert kv_cache_bytes(model, sequences, tokens, 1.0) * 2 == kv_cache_bytes(model, sequences, tokens, 2.0)


@given(st.integers(0, 12), st.integers(1, 500), st.integers(1, 5000))
def test_windows_bound_the_cache(windowed: int, window: int, tokens: int) -> None:
    model = _dense(window=window, windowed_layers=windowed)
    per_layer = kv_bytes_per_token(model) / model.layers
    bounded = kv_cache_bytes(model, 1, tokens)
    assert bounded == pytest.approx(per_layer * sum(min(tokens, window) if i < windowed else tokens for i in range(12)))
    assert bounded <= kv_bytes_per_token(model) * tokens


@given(st.floats(1e9, 1e11), st.floats(0, 2e11))
def test_cache_that_fits_fills_the_rest(capacity: float, used: float) -> None:
    tokens = kv_tokens_that_fit(_dense(), capacity, used, tp=2)
    filled = used + tokens * kv_bytes_per_token_per_gpu(_dense(), tp=2)
    assert filled == pytest.approx(max(capacity, used))


@given(LAYOUTS, st.integers(1, 512))
def test_zero_stages_shard_more_and_more(layout: StateLayout, dp: int) -> None:
    stages = [zero_bytes_per_parameter(layout, stage, dp) for stage in range(4)]
    assert stages[0] == layout.total
    assert stages == sorted(stages, reverse=True)
    assert stages[3] * dp == pytest.approx(layout.total)
    assert stages[0] - stages[1] == pytest.approx(layout.optimizer * (1 - 1 / dp))


def test_layouts_are_those_of_the_literature() -> None:
    assert {16, 18, 20, 12, 14, 10, 8, 6} == {layout.total for layout in STATE_LAYOUTS}
    by_total = {layout.total: layout for layout in STATE_LAYOUTS}
    # Megatron-LM's distributed optimizer: 4 + 16/d, 6 + 12/d and 8 + 8/d bytes.
    assert zero_bytes_per_parameter(STATE_LAYOUTS[0], 1, 8) == 8 + 8 / 8
    assert zero_bytes_per_parameter(by_total[18], 1, 8) == 6 + 12 / 8
    assert training_state_bytes(7e9, by_total[16]) == 112e9


def test_deepspeed_estimates() -> None:
    # Its docs print 6.09GB (GiB, in fact) a GPU for 2,851M parameters, largest layer 32M, stage 3 on eight GPUs.
    eighteen = next(layout for layout in STATE_LAYOUTS if layout.total == 18)
    assert round(zero_bytes_per_gpu(2851e6, eighteen, 3, 8, gathered=32e6) / GIB, 2) == 6.09
    with pytest.raises(ValueError, match="stage"):
        zero_bytes_per_parameter(eighteen, 4, 8)


def test_weights_of_a_sharded_mixture(catalog_models: dict[str, Model]) -> None:
    parts = count_parameters(catalog_models["mixtral-8x7b"].architecture)
    whole = weight_bytes(parts.total, 2)
    assert weight_bytes_per_gpu(parts, 2) == whole == 93_405_585_408
    assert weight_bytes_per_gpu(parts, 2, tp=4, ep=8) < weight_bytes_per_gpu(parts, 2, tp=4, ep=4)
    assert memory_floor_per_gpu(parts.total, 2, 8) * 8 == whole


# -- activations -----------------------------------------------------------------------------------------------------

SIZES = st.tuples(st.sampled_from([512, 2048, 8192]), st.integers(1, 8), st.sampled_from([1024, 4096]), st.sampled_from([16, 32]))


def test_activations_of_the_paper() -> None:
    # Korthikanti et al. table 2, with the sizes of their 22B model: s 2048, b 4, h 6144, a 64, t 8.
    s, b, h, a, t = 2048, 4, 6144, 64, 8
    unit = s * b * h
    assert activation_bytes_per_layer(s, b, h, a) == pytest.approx(unit * (34 + 5 * a * s / h))
    assert activation_bytes_per_layer(s, b, h, a, tp=t) == pytest.approx(unit * (10 + 24 / t + 5 * a * s / (h * t)))
    assert activation_bytes_per_layer(s, b, h, a, tp=t, sequence_parallel=True) == pytest.approx(unit / t * (34 + 5 * a * s / h))
    assert activation_bytes_per_layer(s, b, h, a, tp=t, sequence_parallel=True, recompute=Recompute.SELECTIVE) == pytest.approx(
        34 * unit / t
    )
    assert activation_bytes_per_layer(s, b, h, a, recompute=Recompute.FULL) == 2 * unit


@given(SIZES, DEGREES)
def test_recomputation_and_sharding_never_cost_memory(sizes: tuple[int, int, int, int], tp: int) -> None:
    def keep(recompute: Recompute, sequence_parallel: bool) -> float:
        return activation_bytes_per_layer(*sizes, tp=tp, sequence_parallel=sequence_parallel, recompute=recompute)

    kept = [keep(recompute, False) for recompute in (Recompute.NONE, Recompute.SELECTIVE, Recompute.FULL)]
    assert kept == sorted(kept, reverse=True)
    for recompute in Recompute:
        assert keep(recompute, True) <= keep(recompute, False)
        assert keep(recompute, True) * tp == pytest.approx(activation_bytes_per_layer(*sizes, recompute=recompute))


@given(SIZES, st.floats(1.0, 8.0))
def test_ffn_width_enters_as_megatron_counts_it(sizes: tuple[int, int, int, int], ratio: float) -> None:
    sequence, batch, hidden, _ = sizes
    found = activation_bytes_per_layer(*sizes, ffn=ratio * hidden, recompute=Recompute.SELECTIVE)
    assert found == pytest.approx(sequence * batch * hidden * (18 + 4 * ratio))


@given(st.integers(1, 32), st.integers(1, 64), st.integers(1, 4))
def test_microbatches_in_flight(pp: int, microbatches: int, virtual: int) -> None:
    stages = [in_flight_microbatches(pp, microbatches, stage=stage, virtual=virtual) for stage in range(pp)]
    assert stages == sorted(stages, reverse=True)
    assert max(stages) <= microbatches
    if virtual == 1:
        assert stages == [min(microbatches, pp - stage) for stage in range(pp)]
    elif microbatches >= 2 * pp:
        assert stages[0] == pytest.approx(pp * (1 + (pp - 1) / (pp * virtual)))
    with pytest.raises(ValueError, match="stage"):
        in_flight_microbatches(pp, microbatches, stage=pp)


def test_stage_and_logits() -> None:
    assert activation_bytes_per_stage(10.0, 4, 8) == 320.0
    # Llama 3's vocabulary at 8k tokens in fp32: 3.9 GiB a sequence, before any copy.
    assert logits_bytes(8192, 1, 128256) == 8192 * 128256 * 4
    assert logits_bytes(8192, 1, 128256, tp=8, copies=2) == 8192 * 128256


# -- precision -------------------------------------------------------------------------------------------------------


def test_precisions_as_written() -> None:
    written = ("BF16", "bfloat16", "torch.float16", "FP8", "float8_e4m3".replace("float8_", ""), "NVFP4", "int-4")
    assert [canonical_precision(name) for name in written] == ["bf16", "bf16", "fp16", "fp8", "fp8", "nvfp4", "int4"]
    assert all(payload == min(BYTES_PER_ELEMENT[name]) for name in BYTES_PER_ELEMENT for payload in [bytes_per_element(name)[0]])
    with pytest.raises(ValueError, match="fp12"):
        bytes_per_element("fp12")
