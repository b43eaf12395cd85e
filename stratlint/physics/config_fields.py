"""Fields many config families spell alike, as keyword arguments of `Architecture`."""

from __future__ import annotations

from typing import Any

from stratlint.physics.config_keys import Keys


def _attention_fields(k: Keys) -> dict[str, Any]:
    heads = k.integer("num_attention_heads", "n_head", least=1)
    hidden = k.integer("hidden_size", "n_embd", "d_model")
    return {
        "heads": heads,
        "hidden": hidden,
        "kv_heads": k.integer("num_key_value_heads", default=heads),
        "head_dim": k.integer("head_dim", default=hidden // heads),
    }


def stack_fields(k: Keys, *, tied: bool) -> dict[str, Any]:
    """The fields nearly every modern config shares."""
    return {
        "layers": k.integer("num_hidden_layers", "n_layer"),
        "vocab": k.integer("vocab_size"),
        "tied": k.flag("tie_word_embeddings", default=tied),
        **_attention_fields(k),
    }


def window_fields(k: Keys, layers: int, *, pattern: int | None = None, always: bool = False) -> dict[str, Any]:
    """Which layers slide: as `layer_types` lists, else all but every `pattern`-th, else all when `always`."""
    window = k.optional("sliding_window")
    kinds = k.items("layer_types")
    if window is None:
        return {}
    if kinds is not None:
        count = sum(1 for kind in kinds if kind == "sliding_attention")
    elif pattern is not None:
        count = layers - layers // pattern
    else:
        count = layers if always else 0
    return {"window": window, "windowed_layers": count} if count else {}


def qwen_window_fields(k: Keys, layers: int) -> dict[str, Any]:
    """Qwen slides only where `use_sliding_window` says so, from layer `max_window_layers` on."""
    if not k.flag("use_sliding_window", default=False):
        return {}
    if k.items("layer_types") is not None:
        return window_fields(k, layers)
    window = k.optional("sliding_window")
    windowed = max(0, layers - k.integer("max_window_layers", default=layers))
    return {} if window is None or not windowed else {"window": window, "windowed_layers": windowed}
