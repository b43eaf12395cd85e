"""config.json readers: one real-shaped file per architecture in configs/, named after its catalog entry."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.catalog import Model
from stratlint.physics.compute import forward_flops_per_token, training_flops_per_token
from stratlint.physics.config_readers import MODEL_TYPES, READERS
from stratlint.physics.configs import (
    ConfigError,
    MissingKey,
    UnknownArchitecture,
    known_architectures,
    model_report,
    mtp_modules,
    read_config,
)
from stratlint.physics.memory import kv_bytes_per_token
from stratlint.physics.parameters import count_parameters

CONFIGS = sorted((Path(__file__).parent / "configs").glob("*.json"))


def _load(name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "configs" / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_describes_its_catalog_model(path: Path, catalog_models: dict[str, Model]) -> None:
    architecture = read_config(json.loads(path.read_text(encoding="utf-8")))
    if path.stem == "gemma-3-4b-it":
        # The checkpoint pads the vocabulary of the text model in the catalog by 64 rows.
        text = catalog_models["gemma-3-4b-text"]
        assert count_parameters(architecture).total == text.total_parameters + 64 * architecture.hidden
        assert kv_bytes_per_token(architecture) == kv_bytes_per_token(text.architecture)
        return
    model = catalog_models[path.stem]
    report = model_report(architecture)
    assert report.parameters == count_parameters(model.architecture)
    assert report.active == model.active_parameters
    assert report.kv_bytes_per_token == kv_bytes_per_token(model.architecture)
    assert report.matmul_parameters * 2 == forward_flops_per_token(model.architecture)


def test_model_types_lead_to_known_readers() -> None:
    assert set(MODEL_TYPES.values()) <= set(READERS)
    config = _load("qwen3-0.6b")
    expected = read_config(config)
    del config["architectures"]
    assert read_config(config) == expected


def test_windows_follow_the_files() -> None:
    gpt_oss = read_config(_load("gpt-oss-120b"))
    assert (gpt_oss.window, gpt_oss.windowed_layers) == (128, 18)
    gemma = read_config(_load("gemma-3-1b"))
    assert (gemma.window, gemma.windowed_layers) == (512, 22)
    scout = read_config(_load("llama-4-scout-17b-16e"))
    assert (scout.window, scout.windowed_layers) == (8192, 36)
    assert read_config(_load("qwen2.5-72b")).windowed_layers == 0


def test_a_listed_set_of_mixture_layers_equals_the_step() -> None:
    config = _load("llama-4-maverick-17b-128e")
    by_step = count_parameters(read_config(config))
    config["text_config"]["moe_layers"] = list(range(1, 48, 2))
    assert count_parameters(read_config(config)) == by_step


def test_a_wrapper_is_read_by_its_language_model() -> None:
    inner = _load("mistral-7b")
    wrapper = {
        "architectures": ["SomeVisionForConditionalGeneration"],
        "model_type": "some_vision",
        "text_config": inner,
    }
    assert read_config(wrapper) == read_config(inner)
    del inner["architectures"]
    assert read_config(wrapper) == read_config(inner)


def test_an_unknown_architecture_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownArchitecture) as caught:
        read_config({"architectures": ["SphinxForCausalLM"], "model_type": "sphinx", "hidden_size": 4})
    assert caught.value.name == "SphinxForCausalLM"
    assert all(name in str(caught.value) for name in known_architectures())


def test_a_config_that_names_nothing_is_an_error() -> None:
    with pytest.raises(ConfigError, match="neither 'architectures' nor 'model_type'"):
        read_config({"hidden_size": 4})


@pytest.mark.parametrize("key", ["hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size"])
def test_a_missing_key_is_named(key: str) -> None:
    config = _load("llama-2-70b")
    del config[key]
    with pytest.raises(MissingKey) as caught:
        read_config(config)
    assert caught.value.key == key
    assert f"LlamaForCausalLM: the config has no {key!r}" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("deepseek-v3", "kv_lora_rank"),
        ("qwen3-235b-a22b", "num_experts"),
        ("opt-13b", "ffn_dim"),
        ("gpt2-xl", "n_embd"),
    ],
)
def test_keys_a_family_cannot_do_without(name: str, key: str) -> None:
    config = _load(name)
    del config[key]
    with pytest.raises(MissingKey, match=key):
        read_config(config)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("hidden_size", "4096", "'hidden_size' must be an integer, got '4096'"),
        ("hidden_size", True, "'hidden_size' must be an integer"),
        ("num_attention_heads", 0, "'num_attention_heads' must be at least 1"),
        ("num_key_value_heads", 7, "multiple of kv_heads"),
        ("attention_bias", "no", "'attention_bias' must be true or false"),
        ("vocab_size", -3, "vocab_size"),
        ("intermediate_size", 0, "ffn"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(_load("llama-2-70b") | {key: value})
    assert message in str(caught.value)


_KEYS = sorted({key for path in CONFIGS for key in json.loads(path.read_text(encoding="utf-8"))})
_VALUES: list[object] = [None, True, -2, 0, 1, 3, 2.0, 0.5, 10**15, "x", [1, -1], ["y"], {}]


@given(
    st.sampled_from([path.stem for path in CONFIGS]),
    st.lists(st.tuples(st.sampled_from(_KEYS), st.sampled_from(_VALUES)), max_size=4),
)
def test_any_values_give_an_architecture_or_a_config_error(name: str, changes: list[tuple[str, object]]) -> None:
    try:
        architecture = read_config(_load(name) | dict(changes))
    except ConfigError:
        return
    report = model_report(architecture, mtp=1)
    assert report.total > 0 and report.mtp_parameters > 0 and report.forward_flops_per_token > 0


def test_report_at_a_precision() -> None:
    architecture = read_config(_load("llama-3.1-405b"))
    fp8 = model_report(architecture, "FP8", sequence=8192)
    bf16 = model_report(architecture, sequence=8192)
    assert fp8.weight_bytes == fp8.total and bf16.weight_bytes == 2 * bf16.total
    assert bf16.kv_bytes_per_token == 516096 == 2 * fp8.kv_bytes_per_token
    assert bf16.training_flops_per_token == 3 * bf16.forward_flops_per_token
    assert model_report(architecture, "fp4").kv_bytes_per_token == bf16.kv_bytes_per_token
    with pytest.raises(ValueError, match="int7"):
        model_report(architecture, "int7")


def test_report_counts_announced_mtp_modules() -> None:
    config = _load("deepseek-v3")
    assert (mtp_modules(config), mtp_modules(_load("kimi-k2")), mtp_modules(_load("gpt2-xl"))) == (1, 0, 0)
    report = model_report(read_config(config), "fp8", mtp=1)
    assert report.mtp_parameters == 11610068224
    assert report.total == 671026419200


def test_context_adds_attention_flops() -> None:
    architecture = read_config(_load("deepseek-v3"))
    with_context = training_flops_per_token(architecture, 4096)
    per_token = model_report(architecture).attention_flops_per_context_token
    assert with_context - training_flops_per_token(architecture) == pytest.approx(3 * per_token * 2048)
