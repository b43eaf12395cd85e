"""Configs of hybrids and of recent families: counted against their own classes and against checkpoints on the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stratlint.facts.given_models import architecture_facts
from stratlint.physics.compute import AttentionMask, attention_flops_per_token, matmul_parameters
from stratlint.physics.config_readers import MODEL_TYPES, READERS
from stratlint.physics.config_refused import REFUSED, REFUSED_TYPES
from stratlint.physics.configs import ConfigError, UnknownArchitecture, model_report, mtp_modules, read_config
from stratlint.physics.memory import kv_bytes_per_token, kv_cache_bytes, state_bytes_per_sequence
from stratlint.physics.parameters import count_parameters, mtp_parameters

HERE = Path(__file__).parent
# Small models with their flags set and unset: the parameters that the classes of transformers 5.23.0 have when built
# without weights, with the stored corrections of expert routing.
SMALL = tuple(json.loads(line) for line in (HERE / "small_hybrids.jsonl").read_text(encoding="utf-8").splitlines())


def _config(architecture: str, layers: int, hidden: int, heads: int, kv_heads: int, ffn: int, vocab: int, **other: Any) -> dict[str, Any]:
    return {
        "architectures": [architecture], "num_hidden_layers": layers, "hidden_size": hidden,
        "num_attention_heads": heads, "num_key_value_heads": kv_heads, "intermediate_size": ffn, "vocab_size": vocab,
        **other,
    }  # fmt: skip


_QWEN_NEXT = _config(
    "Qwen3NextForCausalLM", 48, 2048, 16, 2, 5120, 151936, head_dim=256, num_experts=512, num_experts_per_tok=10,
    moe_intermediate_size=512, shared_expert_intermediate_size=512, linear_num_key_heads=16, linear_num_value_heads=32,
)  # fmt: skip
_GLM_5 = _config(
    "GlmMoeDsaForCausalLM", 78, 6144, 64, 64, 12288, 154880, moe_intermediate_size=2048, n_shared_experts=1,
    n_routed_experts=256, num_experts_per_tok=8, first_k_dense_replace=3, kv_lora_rank=512, q_lora_rank=2048,
    qk_rope_head_dim=64, qk_nope_head_dim=192, v_head_dim=256, index_head_dim=128, index_n_heads=32,
    num_nextn_predict_layers=1,
)  # fmt: skip
_NEMOTRON = {"vocab_size": 131072, "head_dim": 128, "ssm_state_size": 128, "n_groups": 8}
_LING = {
    "num_experts": 256, "num_experts_per_tok": 8, "num_shared_experts": 1, "use_qk_norm": True, "head_dim": 128,
}  # fmt: skip
_GRANITE_LAYERS = ["mamba"] * 5 + (["attention"] + ["mamba"] * 9) * 3 + ["attention"] + ["mamba"] * 4
# Exact counts of published checkpoints (tensor metadata on the hub, as public repositories quote it).
PUBLISHED: dict[str, tuple[dict[str, Any], int]] = {
    "Qwen3-Coder-Next": (_QWEN_NEXT, 79_674_391_296),
    "MiniMax-M1": (
        _config(
            "MiniMaxM1ForCausalLM", 80, 6144, 64, 8, 9216, 200064, head_dim=128, num_local_experts=32,
            num_experts_per_tok=2, attn_type_list=([0] * 7 + [1]) * 10,
        ),
        456_089_655_296,
    ),
    "Nemotron-3-Nano-30B-A3B": (
        {
            "architectures": ["NemotronHForCausalLM"], **_NEMOTRON, "hidden_size": 2688, "num_attention_heads": 32,
            "num_key_value_heads": 2, "mamba_num_heads": 64, "mamba_head_dim": 64, "n_routed_experts": 128,
            "hybrid_override_pattern": "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME", "num_experts_per_tok": 6,
            "moe_intermediate_size": 1856, "moe_shared_expert_intermediate_size": 3712, "intermediate_size": 1856,
        },
        31_577_940_288,
    ),
    "Nemotron-Nano-9B-v2": (
        {
            "architectures": ["NemotronHForCausalLM"], **_NEMOTRON, "hidden_size": 4480, "num_attention_heads": 40,
            "num_key_value_heads": 8, "mamba_num_heads": 128, "mamba_head_dim": 80, "intermediate_size": 15680,
            "hybrid_override_pattern": "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-",
        },
        8_888_227_328,
    ),
    "Granite-4.0-H-Small": (
        _config(
            "GraniteMoeHybridForCausalLM", 40, 4096, 32, 8, 768, 100352, shared_intermediate_size=1536,
            num_local_experts=72, num_experts_per_tok=10, mamba_n_heads=128, mamba_d_state=128, mamba_d_head=64,
            tie_word_embeddings=True, layer_types=_GRANITE_LAYERS,
        ),
        32_207_337_984,
    ),
    "Ling-mini-2.0": (
        _config(
            "BailingMoeV2ForCausalLM", 20, 2048, 16, 4, 5120, 157184, **_LING, moe_intermediate_size=512,
            first_k_dense_replace=1,
        ),
        16_255_643_392,
    ),
    "Ling-flash-2.0": (
        _config(
            "BailingMoeV2ForCausalLM", 32, 4096, 32, 4, 9216, 157184, **_LING, moe_intermediate_size=1024,
            first_k_dense_replace=1,
        ),
        102_889_705_216,
    ),
    "Ling-1T": (
        _config(
            "BailingMoeV2ForCausalLM", 80, 8192, 64, 8, 18432, 157184, **_LING, moe_intermediate_size=2048,
            first_k_dense_replace=4,
        ),
        999_705_328_640,
    ),
    "Trinity-Large": (
        _config(
            "AfmoeForCausalLM", 60, 3072, 48, 8, 12288, 200192, head_dim=128, num_experts=256, num_experts_per_tok=4,
            num_shared_experts=1, moe_intermediate_size=3072, num_dense_layers=6,
        ),
        398_635_286_016,
    ),
}  # fmt: skip
# The same where the checkpoint holds a multi-token-prediction module besides, and for Qwen3.8-27B a vision tower.
WITH_MTP: dict[str, tuple[dict[str, Any], int]] = {
    "Qwen3-Next-80B-A3B": (_QWEN_NEXT, 81_324_862_720),
    "GLM-5": (_GLM_5, 753_864_139_008),
    "GLM-5.2": ({**_GLM_5, "index_topk_freq": 4, "index_skip_topk_offset": 3}, 753_329_940_480),
    "Hy3": (
        _config(
            "HYV3ForCausalLM", 80, 4096, 64, 8, 13312, 120832, head_dim=128, num_experts=192, num_experts_per_tok=8,
            num_shared_experts=1, moe_intermediate_size=1536, first_k_dense_replace=1,
        ),
        298_786_155_776,
    ),
    "Qwen3.8-27B": (
        _config(
            "Qwen3_5ForCausalLM", 64, 5120, 24, 4, 17408, 248320, head_dim=256, linear_num_key_heads=16,
            linear_num_value_heads=48,
        ),
        27_781_427_952 - 460_730_096,
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", SMALL, ids=lambda row: str(row["config"]["architectures"][0]))
def test_a_small_model_has_the_parameters_of_its_own_class(row: dict[str, Any]) -> None:
    assert count_parameters(read_config(row["config"])).total == row["parameters"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_checkpoint_has_the_parameters_of_its_config(name: str) -> None:
    config, total = PUBLISHED[name]
    assert count_parameters(read_config(config)).total == total


@pytest.mark.parametrize("name", WITH_MTP)
def test_a_checkpoint_with_a_prediction_module_has_those_of_both(name: str) -> None:
    config, total = WITH_MTP[name]
    architecture = read_config(config)
    assert count_parameters(architecture).total + mtp_parameters(architecture) == total


def test_only_layers_with_attention_have_a_cache() -> None:
    """Qwen3-Next: 12 of 48 layers, 2 KV heads of 256; the other 36 keep a state that no token adds to."""
    architecture = read_config(_QWEN_NEXT)
    assert kv_bytes_per_token(architecture) == 2 * 12 * 2 * 256 * 2
    assert kv_cache_bytes(architecture, 3, 1000) == 3 * 1000 * kv_bytes_per_token(architecture)
    state = 32 * 128 * 128 + (2 * 16 * 128 + 32 * 128) * 4
    assert state_bytes_per_sequence(architecture, 4) == 36 * state * 4
    assert attention_flops_per_token(architecture, 1024, AttentionMask.FULL) == 4 * 12 * 16 * 256 * 1024


def test_layers_without_an_indexer_cache_no_index_key() -> None:
    """GLM-5.2 has an indexer in 21 of 78 layers; each adds a key of 128 elements for every token."""
    full, shared = read_config(_GLM_5), read_config(WITH_MTP["GLM-5.2"][0])
    assert shared.without_indexer == 57
    assert kv_bytes_per_token(full) - kv_bytes_per_token(shared) == 57 * 128 * 2
    assert kv_cache_bytes(shared, 2, 500) == 2 * 500 * kv_bytes_per_token(shared)
    assert matmul_parameters(full) > matmul_parameters(shared)
    assert read_config({**_GLM_5, "index_topk_pattern": "F" * 21 + "S" * 57}).without_indexer == 57


def test_experts_on_a_latent_are_smaller_than_on_the_hidden_width() -> None:
    """Nemotron 3 Super: with a latent of a quarter of the width an expert has a quarter of the parameters."""
    small = {**PUBLISHED["Nemotron-3-Nano-30B-A3B"][0], "hidden_size": 4096}
    wide, narrow = read_config(small), read_config({**small, "moe_latent_size": 1024})
    assert count_parameters(wide).routed_experts == 4 * count_parameters(narrow).routed_experts
    assert count_parameters(narrow).router - count_parameters(wide).router == 23 * 2 * 4096 * 1024


def test_attention_beside_mamba_counts_both_in_every_layer() -> None:
    """Falcon-H1 has a cache and a state in each layer."""
    row = next(row for row in SMALL if row["config"]["architectures"] == ["FalconH1ForCausalLM"])
    architecture = read_config(row["config"])
    assert architecture.attention_layers == architecture.recurrent_layers == architecture.layers


def test_a_report_names_the_state_of_a_sequence() -> None:
    report = model_report(read_config(_QWEN_NEXT))
    assert report.state_bytes_per_sequence > 0 and report.parameters.recurrent > 0
    assert mtp_modules({"mtp_num_hidden_layers": 1}) == 1


def test_a_hybrid_gives_no_kv_heads_that_every_layer_would_have() -> None:
    kinds = {fact.kind for fact in architecture_facts(read_config(_QWEN_NEXT), "config.json")}
    assert "model.layers" in kinds and "model.kv_heads" not in kinds


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_family_that_is_not_described_says_why(name: str) -> None:
    with pytest.raises(ConfigError, match=r"is not described here: \w+") as caught:
        read_config({"architectures": [name], "hidden_size": 64})
    assert name in str(caught.value) and not isinstance(caught.value, UnknownArchitecture)


def test_refused_names_are_not_read() -> None:
    assert not set(REFUSED) & set(READERS) and not set(REFUSED_TYPES) & set(MODEL_TYPES)
    assert set(REFUSED_TYPES.values()) == set(REFUSED)
    with pytest.raises(ConfigError, match="an encoder besides"):
        read_config({"model_type": "t5"})


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({**_QWEN_NEXT, "layer_types": ["full_attention"]}, "each of 48 layers"),
        ({**_QWEN_NEXT, "layer_types": ["full_attention"] * 47 + ["sparse"]}, "'sparse' are not described"),
        ({**PUBLISHED["MiniMax-M1"][0], "attn_type_list": [0, 1]}, "each of 80 layers"),
        ({**PUBLISHED["MiniMax-M1"][0], "shared_intermediate_size": 8}, "not described here"),
        ({"architectures": ["NemotronHForCausalLM"], "hybrid_override_pattern": "MX"}, "'X' are not described"),
        ({"architectures": ["NemotronHForCausalLM"]}, "no 'hybrid_override_pattern'"),
        ({**PUBLISHED["Granite-4.0-H-Small"][0], "mamba_d_head": 63}, "are not 8192 channels"),
        ({**WITH_MTP["Hy3"][0], "mlp_layer_types": ["dense", "sparse", "dense"]}, "dense layers first"),
        ({**PUBLISHED["Trinity-Large"][0], "attention_bias": True}, "'attention_bias' is not described"),
    ],
)
def test_what_is_not_described_is_named(config: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_config(config)
