"""Configs of many families: parameter counts as their own classes build them, and as checkpoints on the hub have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stratlint.physics.config_readers import READERS
from stratlint.physics.configs import MissingKey, read_config
from stratlint.physics.parameters import attention_parameters, count_parameters

HERE = Path(__file__).parent
# Small models with every flag set and unset: the parameters that the classes of transformers 4.57.6 have when built
# without weights, with the stored corrections of expert routing.
SMALL = tuple(json.loads(line) for line in (HERE / "small_models.jsonl").read_text(encoding="utf-8").splitlines())


def _dense(layers: int, hidden: int, heads: int, kv_heads: int, ffn: int, vocab: int, **other: Any) -> dict[str, Any]:
    return {
        "num_hidden_layers": layers, "hidden_size": hidden, "num_attention_heads": heads, "num_key_value_heads": kv_heads,
        "intermediate_size": ffn, "vocab_size": vocab, **other,
    }  # fmt: skip


_GLM = {
    "hidden_size": 4096, "num_attention_heads": 32, "multi_query_attention": True, "multi_query_group_num": 2,
    "kv_channels": 128, "ffn_hidden_size": 13696, "add_qkv_bias": True, "add_bias_linear": False, "rmsnorm": True,
}  # fmt: skip
# Exact counts of published checkpoints (tensor metadata on the hub).
PUBLISHED: dict[str, tuple[str, dict[str, Any], int]] = {
    "MiniMax-M2": (
        "MiniMaxM2ForCausalLM",
        _dense(62, 3072, 48, 8, 1536, 200064, head_dim=128, num_local_experts=256, num_experts_per_tok=8),
        228_689_764_864,
    ),
    "InternLM2-7B": ("InternLM2ForCausalLM", _dense(32, 4096, 32, 8, 14336, 92544, bias=False), 7_737_708_544),
    "InternLM2-20B": ("InternLM2ForCausalLM", _dense(48, 6144, 48, 8, 16384, 92544, bias=False), 19_861_149_696),
    "Aya-Expanse-8B": ("CohereForCausalLM", _dense(32, 4096, 32, 8, 14336, 256000), 8_028_033_024),
    "SmolLM3-3B": ("SmolLM3ForCausalLM", _dense(36, 2048, 16, 4, 11008, 128256), 3_075_098_624),
    "StableLM-2-1.6B": (
        "StableLmForCausalLM", _dense(24, 2048, 32, 32, 5632, 100352, use_qkv_bias=True), 1_644_515_328,
    ),
    "Seed-OSS-36B": (
        "SeedOssForCausalLM", _dense(64, 5120, 80, 8, 27648, 155136, head_dim=128, attention_bias=True), 36_151_104_512,
    ),
    "GLM-4-9B-0414": (
        "Glm4ForCausalLM", _dense(40, 4096, 32, 2, 13696, 151552, head_dim=128, attention_bias=True), 9_400_279_040,
    ),
    "GLM-4-9B": ("ChatGLMModel", {"num_layers": 40, "padded_vocab_size": 151552, **_GLM}, 9_399_951_360),
    "ChatGLM3-6B": ("ChatGLMModel", {"num_layers": 28, "padded_vocab_size": 65024, **_GLM}, 6_243_584_000),
    "Ministral-8B": ("MistralForCausalLM", _dense(36, 4096, 32, 8, 12288, 131072, head_dim=128), 8_019_808_256),
    "Phi-4-mini": ("Phi3ForCausalLM", _dense(32, 3072, 24, 8, 8192, 200064, tie_word_embeddings=True), 3_836_021_760),
    "Qwen-7B": (
        "QWenLMHeadModel",
        {
            "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "kv_channels": 128,
            "intermediate_size": 22016, "vocab_size": 151936, "no_bias": True,
        },
        7_721_324_544,
    ),
    "GPT-J-6B": ("GPTJForCausalLM", {"n_layer": 28, "n_embd": 4096, "n_head": 16, "vocab_size": 50400}, 6_050_882_784),
    "GPT-Neo-2.7B": (
        "GPTNeoForCausalLM",
        {
            "num_layers": 32, "hidden_size": 2560, "num_heads": 20, "vocab_size": 50257, "max_position_embeddings": 2048,
        },
        2_651_307_520,
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", SMALL, ids=lambda row: str(row["config"]["architectures"][0]))
def test_a_small_model_has_the_parameters_of_its_own_class(row: dict[str, Any]) -> None:
    assert count_parameters(read_config(row["config"])).total == row["parameters"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_checkpoint_has_the_parameters_of_its_config(name: str) -> None:
    architecture, fields, total = PUBLISHED[name]
    assert count_parameters(read_config({"architectures": [architecture], **fields})).total == total


def test_the_indexer_is_what_sparse_attention_adds_to_the_published_tensors() -> None:
    """V3.2-Exp has 865,535,376 more elements than V3: an indexer in 61 layers and the MTP module, with its FP8 scales."""
    config = json.loads((HERE / "configs" / "deepseek-v3.json").read_text(encoding="utf-8"))
    dense, sparse = read_config(config), read_config({**config, "architectures": ["DeepseekV32ForCausalLM"]})
    assert sparse.latent is not None
    layer = attention_parameters(sparse) - attention_parameters(dense)
    scales = (1536 * 64 * 128 + 7168 * 128) // (128 * 128)
    assert 62 * (layer + scales) == 685_396_921_376 - 684_531_386_000
    assert count_parameters(sparse).total - count_parameters(dense).total == 61 * layer


def test_families_that_are_no_part_of_transformers_keep_llamas_shape() -> None:
    llama = _dense(32, 4096, 32, 32, 11008, 64000)
    expected = count_parameters(read_config({"architectures": ["LlamaForCausalLM"], **llama})).total
    for name in ("BaichuanForCausalLM", "YiForCausalLM", "XverseForCausalLM", "InternLM2ForCausalLM"):
        assert count_parameters(read_config({"architectures": [name], **llama})).total == expected


def test_a_key_that_is_needed_is_named() -> None:
    for name in ("CohereForCausalLM", "GraniteForCausalLM", "Glm4ForCausalLM", "NemotronForCausalLM"):
        with pytest.raises(MissingKey, match="'vocab_size'"):
            read_config({"architectures": [name], "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4})


def test_every_reader_is_counted_or_has_a_published_config() -> None:
    read = {row["config"]["architectures"][0] for row in SMALL} | {name for name, _, _ in PUBLISHED.values()}
    hybrids = (HERE / "small_hybrids.jsonl").read_text(encoding="utf-8").splitlines()
    read |= {json.loads(line)["config"]["architectures"][0] for line in hybrids}
    for path in (HERE / "configs").glob("*.json"):
        read.add(json.loads(path.read_text(encoding="utf-8"))["architectures"][0])
    # Against Llama above, and against published counts in test_config_hybrids.py.
    read |= {"BaichuanForCausalLM", "BailingMoeV2ForCausalLM"}
    exercised = {READERS[name].__name__ for name in read if name in READERS}
    assert {reader.__name__ for reader in READERS.values()} == exercised
