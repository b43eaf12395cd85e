"""Memory of weights, KV cache and training state, in bytes.

Activations and logits are in `activations`. Every result is in bytes; a report's "GB" may be 10^9 or 2^30 of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from stratlint.physics._guards import require_degree, require_non_negative, require_positive
from stratlint.physics.architecture import Architecture
from stratlint.physics.parameters import Parameters, parameters_per_gpu

GIB = 2**30
GB = 10**9


# -- weights ---------------------------------------------------------------------------------------------------------


def weight_bytes(parameters: float, bytes_per_parameter: float) -> float:
    """Bytes of `parameters` weights at one precision."""
    require_positive(parameters=parameters, bytes_per_parameter=bytes_per_parameter)
    return parameters * bytes_per_parameter


def weight_bytes_per_gpu(
    parameters: Parameters,
    bytes_per_parameter: float,
    *,
    tp: int = 1,
    pp: int = 1,
    ep: int = 1,
    etp: int = 1,
    shard: int = 1,
) -> float:
    """Mean bytes of weights on one GPU: routed experts over ep x etp, the rest over tp, all over pp and `shard` (G2,
    M11)."""
    require_positive(bytes_per_parameter=bytes_per_parameter)
    return parameters_per_gpu(parameters, tp=tp, pp=pp, ep=ep, etp=etp, shard=shard) * bytes_per_parameter


def checkpoint_bytes(parameters: float, *, with_optimizer: bool = False) -> float:
    """Bytes of a checkpoint: 2 per parameter in 16 bits; 14 with fp32 master weights and Adam moments.

    14 = 2 (weights) + 4 (master) + 8 (two moments); gradients are not saved. BLOOM: 329 GiB and 2.3 TiB
    (bigscience-workshop/bigscience, train/tr11-176B-ml/README.md).
    """
    require_positive(parameters=parameters)
    return parameters * (14 if with_optimizer else 2)


# -- KV cache --------------------------------------------------------------------------------------------------------


def kv_bytes_per_token_per_layer(kv_heads: int, head_dim: int, bytes_per_element: float = 2.0) -> float:
    """Bytes one token adds to the cache of one MHA, GQA or MQA layer: keys and values, 2*K*d.

    Source: Pope et al. 2022 (arXiv 2211.05102) section 3.3; `kv_heads` is 1 for MQA and `heads` for MHA.
    """
    require_degree(kv_heads=kv_heads, head_dim=head_dim)
    require_positive(bytes_per_element=bytes_per_element)
    return 2 * kv_heads * head_dim * bytes_per_element


def latent_bytes_per_token_per_layer(kv_lora_rank: int, qk_rope_head_dim: int, bytes_per_element: float = 2.0) -> float:
    """Bytes one token adds to the cache of one MLA layer: latent and shared rotary key, c+r.

    Source: DeepSeek-V2 paper section 2.1.4 (arXiv 2405.04434).
    """
    require_degree(kv_lora_rank=kv_lora_rank, qk_rope_head_dim=qk_rope_head_dim)
    require_positive(bytes_per_element=bytes_per_element)
    return (kv_lora_rank + qk_rope_head_dim) * bytes_per_element


def _cache_per_layer(architecture: Architecture, bytes_per_element: float) -> float:
    a = architecture
    if a.latent is not None:
        latent = latent_bytes_per_token_per_layer(a.latent.kv_lora_rank, a.latent.qk_rope_head_dim, bytes_per_element)
        # An indexer keeps one key of its own for every token.
        return latent + a.latent.index_head_dim * bytes_per_element
    return kv_bytes_per_token_per_layer(a.kv_heads, a.head_dim, bytes_per_element)


def kv_bytes_per_token(architecture: Architecture, bytes_per_element: float = 2.0) -> float:
    """Bytes one token adds to the cache of the whole model, over all layers and GPUs, no window full yet.

    Recurrent layers add nothing: see `state_bytes_per_sequence`. DeepSeek-V3 in bf16: 70,272. Llama-3.1-405B in bf16:
    516,096.
    """
    a = architecture
    indexed = 0 if a.latent is None else a.without_indexer * a.latent.index_head_dim * bytes_per_element
    return a.attention_layers * _cache_per_layer(a, bytes_per_element) - indexed


def kv_cache_bytes(architecture: Architecture, sequences: float, tokens: float, bytes_per_element: float = 2.0) -> float:
    """Bytes of cache for `sequences` sequences of `tokens` tokens each (prompt and output together).

    Windowed layers keep at most `window` tokens; a server that pages all layers alike (no hybrid cache manager) keeps
    all of them, which is `sequences * tokens * kv_bytes_per_token`: both readings are in use.
    """
    require_non_negative(sequences=sequences, tokens=tokens)
    per_layer = _cache_per_layer(architecture, bytes_per_element)
    window = tokens if architecture.window is None else min(tokens, architecture.window)
    # What is left out of layers without an indexer is the same for every token.
    spared = architecture.attention_layers * per_layer - kv_bytes_per_token(architecture, bytes_per_element)
    full_layers = architecture.attention_layers - architecture.windowed_layers
    held = per_layer * (full_layers * tokens + architecture.windowed_layers * window)
    return sequences * (held - spared * tokens)


def state_bytes_per_sequence(architecture: Architecture, bytes_per_element: float = 2.0) -> float:
    """Bytes of recurrent state of one sequence over all layers, however long the sequence is; 0 without such layers.

    Engines often keep the state in fp32 (4 bytes) where the cache is in 16 bits.
    """
    require_positive(bytes_per_element=bytes_per_element)
    recurrence = architecture.recurrence
    return 0.0 if recurrence is None else architecture.recurrent_layers * recurrence.state * bytes_per_element


def kv_replication(architecture: Architecture, tp: int) -> float:
    """How many copies of the cache the TP ranks of one stage hold together.

    1 while heads can be split; tp/K once there are more ranks than KV heads; tp for MLA, whose latent every rank needs.
    """
    require_degree(tp=tp)
    return float(tp) if architecture.latent is not None else max(1.0, tp / architecture.kv_heads)


def kv_bytes_per_token_per_gpu(architecture: Architecture, bytes_per_element: float = 2.0, *, tp: int = 1, pp: int = 1) -> float:
    """Cache bytes per token on one GPU: over pp stages and min(tp, K) heads; MLA is not divided by tp."""
    require_degree(pp=pp)
    share = kv_replication(architecture, tp) / tp
    return kv_bytes_per_token(architecture, bytes_per_element) * share / pp


# -- training state --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StateLayout:
    """Bytes per parameter of training state: `weights`, `gradients`, `optimizer` (master copy and moments)."""

    name: str
    weights: float
    gradients: float
    optimizer: float

    @property
    def total(self) -> float:
        """Bytes per parameter of everything."""
        return self.weights + self.gradients + self.optimizer


STATE_LAYOUTS: tuple[StateLayout, ...] = (
    StateLayout("fp32 Adam", 4, 4, 8),
    StateLayout("16-bit weights and gradients, fp32 master and moments", 2, 2, 12),
    StateLayout("bf16 weights, fp32 gradients, fp32 master and moments", 2, 4, 12),
    StateLayout("fp16 weights, fp16 and fp32 gradients, fp32 master and moments", 2, 6, 12),
    StateLayout("optimizer state only", 0, 0, 12),
    StateLayout("checkpoint: weights, fp32 master and moments", 2, 0, 12),
    StateLayout("bf16 weights, fp32 gradients and master, bf16 moments", 2, 4, 8),
    StateLayout("16-bit weights and gradients, fp32 master, bf16 moments", 2, 2, 8),
    StateLayout("bf16 weights, fp32 gradients, bf16 moments, no master", 2, 4, 4),
    StateLayout("bf16 throughout, no master", 2, 2, 4),
    StateLayout("bf16 weights and gradients, 8-bit moments, no master", 2, 2, 2),
)
"""Admissible layouts of Adam training: 16, 16, 18, 20, 12, 14, 14, 12, 10, 8, 6 bytes per parameter.

Sources: Megatron-LM docs/user-guide/features/dist_optimizer.md (20, 18, 16); ZeRO, arXiv 1910.02054, section 3.1 (16);
DeepSeek-V3 paper section 3.3.2 (bf16 moments); 8-bit optimizers, arXiv 2110.02861 (6).
"""


def training_state_bytes(parameters: float, layout: StateLayout) -> float:
    """Bytes of weights, gradients and optimizer over all GPUs, one copy."""
    require_positive(parameters=parameters)
    return parameters * layout.total


def zero_bytes_per_parameter(layout: StateLayout, stage: int, dp: int) -> float:
    """Bytes per parameter on each of `dp` data-parallel ranks under ZeRO stage 0..3.

    Stage 1 shards the optimizer state, 2 also the gradients, 3 also the weights. `dp` is the size of the data-parallel
    group, not the number of GPUs. Megatron's distributed optimizer is stage 1. Source: arXiv 1910.02054 section 5.
    """
    require_degree(dp=dp)
    if stage not in (0, 1, 2, 3):
        raise ValueError(f"ZeRO stage must be 0, 1, 2 or 3, got {stage!r}")
    parts = (layout.optimizer, layout.gradients, layout.weights)
    return sum(part / dp if index < stage else part for index, part in enumerate(parts))


def zero_bytes_per_gpu(
    parameters: float, layout: StateLayout, stage: int, dp: int, *, gathered: float = 0.0, gathered_bytes: float = 4.0
) -> float:
    """Bytes of training state on each data-parallel rank that holds `parameters` parameters before sharding.

    `gathered` adds the parameters stage 3 keeps assembled at once (the largest layer), at `gathered_bytes` each:
    DeepSpeed's estimator for stage 3 is layout 18, `gathered` = largest layer, 4 bytes
    (docs/code-docs/source/memory.rst).
    """
    require_positive(parameters=parameters)
    require_non_negative(gathered=gathered, gathered_bytes=gathered_bytes)
    return parameters * zero_bytes_per_parameter(layout, stage, dp) + gathered * gathered_bytes


def memory_floor_per_gpu(parameters: float, bytes_per_parameter: float, gpus: int) -> float:
    """Least weight bytes the average GPU must hold: every weight lives somewhere, offloading aside."""
    require_degree(gpus=gpus)
    return weight_bytes(parameters, bytes_per_parameter) / gpus


def kv_tokens_that_fit(
    architecture: Architecture,
    capacity: float,
    used: float,
    bytes_per_element: float = 2.0,
    *,
    tp: int = 1,
    pp: int = 1,
) -> float:
    """Tokens of cache that fit beside `used` bytes in `capacity` bytes of one GPU; 0 when nothing is left.

    Does not apply the window of sliding layers, so it is a lower bound for models that have one.
    """
    require_positive(capacity=capacity)
    require_non_negative(used=used)
    per_token = kv_bytes_per_token_per_gpu(architecture, bytes_per_element, tp=tp, pp=pp)
    return max(0.0, capacity - used) / per_token
