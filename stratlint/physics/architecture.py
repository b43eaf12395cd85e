"""The shape of a decoder-only transformer: the fields every parameter, memory and FLOP count depends on.

Sizes are counts of elements (widths, rows, layers), never bytes. Only uniform stacks are described: every layer has
the same attention, and an FFN layer is either the dense one or the mixture of experts. Hybrids (Mamba layers,
per-layer head counts) have no place here and are refused by the config reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stratlint.physics._guards import require_degree
from stratlint.physics.recurrent import Recurrence


class Norm(StrEnum):
    """How many vectors of the normalised width one normalisation stores."""

    RMS = "rms"
    """RMSNorm: one vector (weight)."""
    LAYER = "layer"
    """LayerNorm: two vectors (weight and bias)."""
    LAYER_NO_BIAS = "layer_no_bias"
    """LayerNorm without bias (DBRX, Cohere): one vector."""
    NONE = "none"
    """Non-parametric LayerNorm (OLMo 1): nothing stored."""

    @property
    def vectors(self) -> int:
        """Stored vectors per normalisation."""
        return {Norm.RMS: 1, Norm.LAYER: 2, Norm.LAYER_NO_BIAS: 1, Norm.NONE: 0}[self]


class QKNorm(StrEnum):
    """Normalisation of queries and keys inside attention."""

    NONE = "none"
    HEAD = "head"
    """One weight of `head_dim` shared by all heads, for queries and for keys (Qwen3, Gemma 3, GLM-4.5)."""
    WIDTH = "width"
    """Weights over the whole projected width, heads x head_dim and kv_heads x head_dim (OLMo 2, OLMoE, Command R+)."""
    WIDTH_WEIGHT = "width_weight"
    """The same without bias in a model whose other norms have one (StableLM 2 12B)."""


@dataclass(frozen=True, slots=True)
class LatentAttention:
    """Ranks of multi-head latent attention (MLA; DeepSeek-V2 paper section 2.1, arXiv 2405.04434).

    `q_lora_rank` is None when queries are projected directly (DeepSeek-V2-Lite). `index_heads` and `index_head_dim` are
    those of the indexer that chooses the tokens of sparse attention (DeepSeek-V3.2), 0 without one.
    """

    kv_lora_rank: int
    qk_nope_head_dim: int
    qk_rope_head_dim: int
    v_head_dim: int
    q_lora_rank: int | None = None
    index_heads: int = 0
    index_head_dim: int = 0

    def __post_init__(self) -> None:
        require_degree(
            kv_lora_rank=self.kv_lora_rank,
            qk_nope_head_dim=self.qk_nope_head_dim,
            qk_rope_head_dim=self.qk_rope_head_dim,
            v_head_dim=self.v_head_dim,
        )
        if self.q_lora_rank is not None:
            require_degree(q_lora_rank=self.q_lora_rank)
        if min(self.index_heads, self.index_head_dim) < 0 or bool(self.index_heads) != bool(self.index_head_dim):
            raise ValueError("an indexer has heads of some width")
        if self.index_heads and self.q_lora_rank is None:
            raise ValueError("an indexer reads the compressed queries: q_lora_rank is missing")

    @property
    def qk_head_dim(self) -> int:
        """Width of one query or key head: the part without and the part with rotary positions."""
        return self.qk_nope_head_dim + self.qk_rope_head_dim

    @property
    def cached_width(self) -> int:
        """Elements cached per token and layer: the latent and the one rotary key shared by all heads."""
        return self.kv_lora_rank + self.qk_rope_head_dim

    def index_weights(self, hidden: int) -> int:
        """Elements of the indexer's matrices in a layer of this width: its queries, its one key, the head weights.

        Source: deepseek-ai/DeepSeek-V3.2-Exp, inference/model.py; with them and their FP8 scales (one for each 128 × 128)
        the published tensors of V3.2-Exp exceed those of V3 to the last element.
        """
        if not self.index_heads or self.q_lora_rank is None:
            return 0
        return self.q_lora_rank * self.index_heads * self.index_head_dim + hidden * (self.index_head_dim + self.index_heads)


@dataclass(frozen=True, slots=True)
class MixtureOfExperts:
    """Routed experts, shared experts and which layers have them.

    Layer i (from 0) is a mixture when ``i >= first_dense``, ``i % every == offset`` and i is not in `dense_layers`; or,
    where `listed` names the mixture layers, when it is listed. The others use the dense FFN of the architecture.
    `shared_ffn` is the width of all shared experts together: frameworks build one FFN of that width. With a `latent`
    width the routed experts work on it, between two projections that all of them share (Nemotron 3 Super).
    """

    experts: int
    top_k: int
    expert_ffn: int
    matrices: int = 3
    shared_experts: int = 0
    shared_ffn: int = 0
    shared_gate: bool = False
    """One logit per token scales the shared expert (Qwen2-MoE): `hidden` more parameters a layer."""
    router_bias: bool = False
    """A bias per expert in the router (gpt-oss) or a score correction per expert (DeepSeek-V3, GLM-4.5)."""
    expert_bias: bool = False
    first_dense: int = 0
    every: int = 1
    offset: int = 0
    dense_layers: tuple[int, ...] = ()
    listed: tuple[int, ...] | None = None
    latent: int = 0

    def __post_init__(self) -> None:
        require_degree(experts=self.experts, top_k=self.top_k, expert_ffn=self.expert_ffn, every=self.every)
        if self.top_k > self.experts:
            raise ValueError(f"top_k {self.top_k} exceeds the number of experts {self.experts}")
        if self.matrices not in (2, 3):
            raise ValueError(f"matrices must be 2 or 3, got {self.matrices}")
        if min(self.shared_experts, self.shared_ffn, self.first_dense, self.latent) < 0:
            raise ValueError("shared_experts, shared_ffn, first_dense and latent must not be negative")
        if not 0 <= self.offset < self.every:
            raise ValueError(f"offset {self.offset} must lie in 0..every-1 (every = {self.every})")

    def has_experts(self, layer: int) -> bool:
        """Whether the layer with this index (from 0) routes to experts."""
        if self.listed is not None:
            return layer in self.listed
        return layer >= self.first_dense and layer % self.every == self.offset and layer not in self.dense_layers

    def layers(self, total: int) -> int:
        """Number of mixture layers in a stack of `total` layers."""
        if self.listed is not None:
            return sum(1 for layer in set(self.listed) if 0 <= layer < total)
        # Counted, not walked: a config may claim any number of layers.
        first = self.first_dense + (self.offset - self.first_dense) % self.every
        regular = max(0, -((first - total) // self.every))
        return regular - sum(1 for layer in set(self.dense_layers) if first <= layer < total and self._regular(layer))

    def _regular(self, layer: int) -> bool:
        return layer % self.every == self.offset


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder-only transformer.

    `ffn` is the width of the dense FFN and may be 0 when every layer is a mixture; `ffn_matrices` is 2 (up, down) or 3
    (gate, up, down). `positions` is the number of rows of a learned position table, 0 for rotary or ALiBi positions.
    `embedding_width` differs from `hidden` only where the embedding is projected in and out (OPT-350M).
    `window` and `windowed_layers` say in how many layers attention sees only that many tokens (sliding or chunked).
    `head_dim` x `heads` need not equal `hidden`. For MLA, `kv_heads` equals `heads` and `head_dim` is the query head.

    A hybrid has a `recurrence` in `recurrent_layers` layers. `without_attention` counts the layers that have no
    attention, `without_ffn` those that have neither FFN nor experts (each block of Nemotron-H is one of the three).
    `output_gate`: a gate as wide as the queries scales the output of attention. `without_indexer` layers of a sparse
    attention reuse the tokens an earlier layer chose.
    """

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    ffn_matrices: int = 3
    tied: bool = False
    norm: Norm = Norm.RMS
    norms_per_layer: int = 2
    final_norm: bool = True
    embedding_norm: bool = False
    positions: int = 0
    embedding_width: int | None = None
    qkv_bias: bool = False
    o_bias: bool = False
    ffn_bias: bool = False
    head_bias: bool = False
    qk_norm: QKNorm = QKNorm.NONE
    sinks: bool = False
    latent: LatentAttention | None = None
    experts: MixtureOfExperts | None = None
    window: int | None = None
    windowed_layers: int = 0
    recurrence: Recurrence | None = None
    recurrent_layers: int = 0
    without_attention: int = 0
    without_ffn: int = 0
    without_indexer: int = 0
    output_gate: bool = False
    activation_scalars: int = 0
    """Learned numbers in the activation of a dense FFN (xIELU of Apertus: two a layer)."""

    def __post_init__(self) -> None:
        require_degree(
            layers=self.layers,
            hidden=self.hidden,
            heads=self.heads,
            kv_heads=self.kv_heads,
            head_dim=self.head_dim,
            vocab=self.vocab,
        )
        if self.heads % self.kv_heads:
            raise ValueError(f"heads {self.heads} must be a multiple of kv_heads {self.kv_heads}")
        if self.ffn_matrices not in (2, 3):
            raise ValueError(f"ffn_matrices must be 2 or 3, got {self.ffn_matrices}")
        if min(self.ffn, self.norms_per_layer, self.positions) < 0:
            raise ValueError("ffn, norms_per_layer and positions must not be negative")
        if self.embedding_width is not None:
            require_degree(embedding_width=self.embedding_width)
        for name in ("windowed_layers", "recurrent_layers", "without_attention", "without_ffn", "without_indexer"):
            if not 0 <= getattr(self, name) <= self.layers:
                raise ValueError(f"{name} {getattr(self, name)} must lie in 0..{self.layers}")
        if self.recurrent_layers and self.recurrence is None:
            raise ValueError("recurrent_layers needs a recurrence")
        if self.windowed_layers and self.window is None:
            raise ValueError("windowed_layers needs a window")
        if self.dense_layers < 0:
            raise ValueError(f"{self.moe_layers} mixture layers are more than the layers that have an FFN")
        if self.dense_layers and self.ffn < 1:
            raise ValueError(f"{self.dense_layers} layers are dense but ffn is {self.ffn}")

    @property
    def moe_layers(self) -> int:
        """Number of layers with routed experts."""
        return 0 if self.experts is None else self.experts.layers(self.layers)

    @property
    def dense_layers(self) -> int:
        """Number of layers with the dense FFN."""
        return self.layers - self.without_ffn - self.moe_layers

    @property
    def attention_layers(self) -> int:
        """Number of layers with attention: those that have a KV cache."""
        return self.layers - self.without_attention
