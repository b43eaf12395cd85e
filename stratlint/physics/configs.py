"""Hugging Face ``config.json`` -> `Architecture`, and what follows from it.

Each family's reader knows the key names and the defaults its transformers configuration class fills in when a key is
absent (the defaults matter: published files leave them out). A key without default that is absent is named in the
error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from stratlint.physics.activations import Recompute
from stratlint.physics.architecture import Architecture
from stratlint.physics.compute import (
    AttentionMask,
    forward_flops_per_token,
    matmul_parameters,
    training_flops_per_token,
)
from stratlint.physics.config_keys import ConfigError, Keys, MissingKey
from stratlint.physics.config_readers import MODEL_TYPES, READERS
from stratlint.physics.config_refused import REFUSED, REFUSED_TYPES
from stratlint.physics.memory import kv_bytes_per_token, state_bytes_per_sequence
from stratlint.physics.parameters import (
    ActiveParameters,
    Parameters,
    active_parameters,
    count_parameters,
    mtp_parameters,
)
from stratlint.physics.precision import bytes_per_element, canonical_precision

__all__ = [
    "ConfigError",
    "MissingKey",
    "ModelReport",
    "UnknownArchitecture",
    "known_architectures",
    "model_report",
    "mtp_modules",
    "read_config",
]


class UnknownArchitecture(ConfigError):  # noqa: N818 - named for what it reports
    """The config names an architecture no reader knows; `name` is what it names."""

    def __init__(self, name: str) -> None:
        self.name = name
        known = known_architectures()
        near = get_close_matches(name, known, 1, 0.95)
        hint = f" (did you mean {near[0]}?)" if near else ""
        super().__init__(f"unknown architecture {name[:80]!r}{hint}; known: {', '.join(known)}")


def known_architectures() -> tuple[str, ...]:
    """Names a config's `architectures` may hold, sorted."""
    return tuple(sorted(READERS))


def _text_config(config: Mapping[str, object]) -> Mapping[str, object]:
    """The language model's part of a multimodal config, with the wrapper's tie flag where the part has none."""
    for key in ("text_config", "llm_config", "language_config"):
        inner = config.get(key)
        if isinstance(inner, Mapping):
            merged = dict(inner)
            if "tie_word_embeddings" in config:
                merged.setdefault("tie_word_embeddings", config["tie_word_embeddings"])
            return merged
    return config


def _names(config: Mapping[str, object]) -> list[str]:
    listed = config.get("architectures")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    model_type = config.get("model_type")
    if isinstance(model_type, str):
        names.append(MODEL_TYPES.get(model_type) or REFUSED_TYPES.get(model_type, model_type))
    return names


def read_config(config: Mapping[str, object]) -> Architecture:
    """The architecture a Hugging Face config describes; of a multimodal one, its language model.

    Raises `UnknownArchitecture` when neither `architectures` nor `model_type` is known, `MissingKey` when a needed
    key is absent, and `ConfigError` when a value has the wrong type, the sizes contradict each other, or the family is
    known and has parts that are not described (`config_refused`).
    Multi-token-prediction modules and vision or audio towers are not part of the result.
    """
    text = _text_config(config)
    # The wrapper's own name decides nothing once its language model is named.
    names = _names(text) + ([] if text is config else _names(config))
    known = [name for name in names if name in READERS]
    if not known:
        if not names:
            raise ConfigError("the config has neither 'architectures' nor 'model_type'")
        refused = next((name for name in names if name in REFUSED), None)
        if refused is not None:
            raise ConfigError(f"{refused} is not described here: {REFUSED[refused]}")
        raise UnknownArchitecture(names[0])
    try:
        return READERS[known[0]](Keys(known[0], text))
    except ValueError as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{known[0]}: {error}") from error


def mtp_modules(config: Mapping[str, object]) -> int:
    """Multi-token-prediction modules a config announces (`num_nextn_predict_layers`, in Qwen3.5
    `mtp_num_hidden_layers`), 0 when it has none."""
    text = _text_config(config)
    value = text.get("num_nextn_predict_layers") or text.get("mtp_num_hidden_layers", 0)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What follows from an architecture at one precision.

    Parameters are counts, memory is in bytes (payload, without block scales), compute in FLOPs per token. Without a
    `sequence` the FLOPs leave the attention core out; `attention_flops_per_context_token` is what each token of context
    adds to the forward pass of one token. `mtp_parameters` come on top of `total`. `state_bytes_per_sequence` is what
    recurrent layers keep for a sequence of any length, in the precision of the cache.
    """

    architecture: Architecture
    precision: str
    sequence: int | None
    parameters: Parameters
    total: int
    active: ActiveParameters
    matmul_parameters: int
    mtp_parameters: int
    weight_bytes: float
    kv_bytes_per_token: float
    state_bytes_per_sequence: float
    forward_flops_per_token: float
    training_flops_per_token: float
    attention_flops_per_context_token: float


def model_report(
    architecture: Architecture,
    precision: str = "bf16",
    *,
    kv_precision: str | None = None,
    sequence: int | None = None,
    mask: AttentionMask = AttentionMask.CAUSAL,
    mtp: int = 0,
) -> ModelReport:
    """Parameters, bytes and FLOPs of a model at a precision (names as in `precision.BYTES_PER_ELEMENT`).

    `kv_precision` defaults to `precision`, but to bf16 for the 4- and 6-bit formats, which nobody caches in. `mtp` is
    the number of multi-token-prediction modules to report beside the total. ValueError for an unknown precision.
    """
    key = canonical_precision(precision)
    width = bytes_per_element(key)[0]
    kv_key = canonical_precision(kv_precision) if kv_precision is not None else (key if width >= 1 else "bf16")
    parameters = count_parameters(architecture)
    a = architecture
    head_widths = 2 * a.head_dim if a.latent is None else a.latent.qk_head_dim + a.latent.v_head_dim
    return ModelReport(
        architecture=a,
        precision=key,
        sequence=sequence,
        parameters=parameters,
        total=parameters.total,
        active=active_parameters(a),
        matmul_parameters=matmul_parameters(a),
        mtp_parameters=mtp * mtp_parameters(a) if mtp else 0,
        weight_bytes=parameters.total * width,
        kv_bytes_per_token=kv_bytes_per_token(a, bytes_per_element(kv_key)[0]),
        state_bytes_per_sequence=state_bytes_per_sequence(a, bytes_per_element(kv_key)[0]),
        forward_flops_per_token=forward_flops_per_token(a, sequence, mask),
        training_flops_per_token=training_flops_per_token(a, sequence, mask, Recompute.NONE),
        attention_flops_per_context_token=2.0 * a.attention_layers * a.heads * head_widths,
    )
