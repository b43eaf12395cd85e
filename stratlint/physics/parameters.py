"""Parameter counts of a decoder-only transformer, exact to the last parameter, by component.

The counts are those of the tensors a checkpoint holds, without multi-token-prediction modules, vision towers or
framework padding of the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stratlint.physics._guards import require_degree, require_positive
from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, Norm, QKNorm

__all__ = [
    "ActiveParameters",
    "Architecture",
    "LatentAttention",
    "MixtureOfExperts",
    "Norm",
    "ParameterReading",
    "Parameters",
    "QKNorm",
    "active_parameters",
    "attention_parameters",
    "attention_weights",
    "count_parameters",
    "expert_parameters",
    "ffn_parameters",
    "gpt_parameters",
    "gpt_parameters_exact",
    "indexer_parameters",
    "mtp_parameters",
    "parameter_readings",
    "parameters_per_gpu",
]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Stored parameters by component.

    A tied output head is counted once, in `embedding`. Biases are counted with their matrix; QK-norm, sinks and the
    norms inside MLA with `attention`; the logit that scales a shared expert with `shared_experts`; the projections around
    experts that work on a latent with `router`. `recurrent` are the layers of a hybrid that keep a state.
    """

    embedding: int
    head: int
    positions: int
    attention: int
    dense_ffn: int
    routed_experts: int
    shared_experts: int
    router: int
    norms: int
    recurrent: int = 0

    @property
    def total(self) -> int:
        """All stored parameters."""
        return self.embedding + self.head + self.positions + self.non_embedding

    @property
    def non_embedding(self) -> int:
        """Without token embedding, position table and output head."""
        mixtures = self.routed_experts + self.shared_experts + self.router
        return self.attention + self.recurrent + self.dense_ffn + mixtures + self.norms

    @property
    def without_head(self) -> int:
        """Without the output head: what a base model class without a language-model head counts."""
        return self.total - self.head


@dataclass(frozen=True, slots=True)
class ActiveParameters:
    """Parameters used for one token, under the three conventions authors use.

    * `with_embedding_and_head`: Mixtral 12.88B, Qwen3-235B 22.2B.
    * `without_input_embedding`: the lookup table does no arithmetic (DeepSeek-V3 36.6B, gpt-oss-120b 5.13B).
    * `without_embedding_and_head`: GLM-4.5 32.1B.

    With a tied head the one table counts as the input embedding, so the last two agree.
    """

    with_embedding_and_head: int
    without_input_embedding: int
    without_embedding_and_head: int

    @property
    def readings(self) -> tuple[int, int, int]:
        """The three counts, largest first."""
        return (self.with_embedding_and_head, self.without_input_embedding, self.without_embedding_and_head)


@dataclass(frozen=True, slots=True)
class ParameterReading:
    """One admissible total of a loosely described model, with the assumptions it rests on."""

    ffn_matrices: int
    tied: bool
    total: int


def ffn_parameters(hidden: int, ffn: int, matrices: int = 3, *, bias: bool = False) -> int:
    """Parameters of one feed-forward network of width `ffn`.

    `matrices`: 2 for up and down (GPT, OPT, Falcon), 3 with a gate (SwiGLU, GeGLU). A bias adds one element per
    output of each matrix. Source: GLU variants, arXiv 2002.05202; Narayanan et al. 2021 (SC21) for two matrices.
    """
    require_degree(hidden=hidden, ffn=ffn)
    if matrices not in (2, 3):
        raise ValueError(f"matrices must be 2 or 3, got {matrices}")
    return matrices * hidden * ffn + (((matrices - 1) * ffn + hidden) if bias else 0)


def attention_weights(architecture: Architecture) -> int:
    """Elements of the projection matrices of one attention layer, without biases, norms and sinks.

    MHA, GQA and MQA: h*H*d + 2*h*K*d + H*d*h, with an output gate h*H*d more. MLA: queries through
    `q_lora_rank` when set, keys and values through the latent, whose matrices are those Megatron-LM counts in
    training/theoretical_memory_usage.py.
    """
    a = architecture
    if a.latent is None:
        return a.hidden * a.head_dim * ((3 if a.output_gate else 2) * a.heads + 2 * a.kv_heads)
    m = a.latent
    width = a.heads * m.qk_head_dim
    query = a.hidden * width if m.q_lora_rank is None else m.q_lora_rank * (a.hidden + width)
    latent = a.hidden * m.cached_width + m.kv_lora_rank * a.heads * (m.qk_nope_head_dim + m.v_head_dim)
    return query + latent + a.heads * m.v_head_dim * a.hidden + m.index_weights(a.hidden)


def attention_parameters(architecture: Architecture) -> int:
    """All parameters of one attention layer: matrices, biases, QK-norm or latent norms, sinks.

    Of MLA only the compressing projections carry the optional bias, as in transformers' DeepSeek classes.
    """
    a = architecture
    count = attention_weights(a) + (a.hidden if a.o_bias else 0) + (a.heads if a.sinks else 0)
    if a.latent is not None:
        q_rank = a.latent.q_lora_rank or 0
        count += indexer_parameters(a) - a.latent.index_weights(a.hidden)
        return count + q_rank + a.latent.kv_lora_rank + ((q_rank + a.latent.cached_width) if a.qkv_bias else 0)
    if a.qkv_bias:
        count += a.head_dim * ((2 if a.output_gate else 1) * a.heads + 2 * a.kv_heads)
    if a.qk_norm is QKNorm.HEAD:
        count += 2 * a.head_dim * a.norm.vectors
    elif a.qk_norm in (QKNorm.WIDTH, QKNorm.WIDTH_WEIGHT):
        vectors = a.norm.vectors if a.qk_norm is QKNorm.WIDTH else 1
        count += a.head_dim * (a.heads + a.kv_heads) * vectors
    return count


def indexer_parameters(architecture: Architecture) -> int:
    """Parameters of the indexer of one layer, the LayerNorm of its key included; 0 without sparse attention."""
    latent = architecture.latent
    return 0 if latent is None else latent.index_weights(architecture.hidden) + 2 * latent.index_head_dim


def expert_parameters(architecture: Architecture) -> int:
    """Parameters of one routed expert; 0 for a dense model."""
    moe = architecture.experts
    if moe is None:
        return 0
    return ffn_parameters(moe.latent or architecture.hidden, moe.expert_ffn, moe.matrices, bias=moe.expert_bias)


def _mixture_layer(architecture: Architecture) -> tuple[int, int, int]:
    """Parameters of the routed experts, the shared experts and the router of one mixture layer."""
    a, moe = architecture, architecture.experts
    if moe is None:
        return 0, 0, 0
    shared = 0
    if moe.shared_ffn:
        shared = ffn_parameters(a.hidden, moe.shared_ffn, moe.matrices, bias=moe.expert_bias)
        shared += a.hidden if moe.shared_gate else 0
    router = moe.experts * (a.hidden + (1 if moe.router_bias else 0)) + 2 * a.hidden * moe.latent
    return moe.experts * expert_parameters(a), shared, router


def count_parameters(architecture: Architecture) -> Parameters:
    """Stored parameters by component, exact.

    Source: the tensor shapes of the reference implementations; every exact published count of the catalog is
    reproduced.
    """
    a = architecture
    width = a.embedding_width or a.hidden
    # A projected embedding (OPT-350M) brings one matrix on the way in and one on the way out.
    projections = 0 if width == a.hidden else 2 * width * a.hidden
    routed, shared, router = (a.moe_layers * part for part in _mixture_layer(a))
    dense = 0
    if a.dense_layers:
        one = ffn_parameters(a.hidden, a.ffn, a.ffn_matrices, bias=a.ffn_bias) + a.activation_scalars
        dense = a.dense_layers * one
    norms = a.layers * a.norms_per_layer + (1 if a.final_norm else 0) + (1 if a.embedding_norm else 0)
    return Parameters(
        embedding=a.vocab * width + projections,
        head=(0 if a.tied else a.vocab * width) + (a.vocab if a.head_bias else 0),
        positions=a.positions * a.hidden,
        attention=a.attention_layers * attention_parameters(a) - a.without_indexer * indexer_parameters(a),
        dense_ffn=dense,
        routed_experts=routed,
        shared_experts=shared,
        router=router,
        norms=norms * a.norm.vectors * a.hidden,
        recurrent=a.recurrent_layers * a.recurrence.parameters if a.recurrence else 0,
    )


def active_parameters(architecture: Architecture) -> ActiveParameters:
    """Parameters one token uses: the total less the experts it is not routed to.

    A dense model is wholly active. The position table counts with the input embedding, being a lookup too.
    """
    parts = count_parameters(architecture)
    moe = architecture.experts
    idle = 0
    if moe is not None:
        idle = architecture.moe_layers * (moe.experts - moe.top_k) * expert_parameters(architecture)
    active = parts.total - idle
    lookup = parts.embedding + parts.positions
    return ActiveParameters(active, active - lookup, active - lookup - parts.head)


def mtp_parameters(architecture: Architecture) -> int:
    """Parameters one multi-token-prediction module adds beyond the shared embedding and head.

    One more transformer block (a mixture where the model has experts), the 2h -> h projection that joins hidden state
    and next embedding, and three norms. Source: DeepSeek-V3 paper section 2.2 (arXiv 2412.19437) and
    README_WEIGHTS.md.
    """
    a = architecture
    moe = a.experts
    block = attention_parameters(a) + (a.norms_per_layer + 3) * a.norm.vectors * a.hidden
    if moe is None:
        ffn = ffn_parameters(a.hidden, a.ffn, a.ffn_matrices, bias=a.ffn_bias)
    else:
        ffn = sum(_mixture_layer(a))
    return block + ffn + 2 * a.hidden * a.hidden


def parameter_readings(architecture: Architecture) -> tuple[ParameterReading, ...]:
    """Totals under every assumption a report may leave open: two or three FFN matrices, tied or untied head.

    The matrices of routed and shared experts follow the same assumption as the dense FFN.
    """
    readings = []
    for matrices in (2, 3):
        for tied in (True, False):
            moe = architecture.experts
            shaped = replace(
                architecture,
                ffn_matrices=matrices,
                tied=tied,
                experts=None if moe is None else replace(moe, matrices=matrices),
            )
            readings.append(ParameterReading(matrices, tied, count_parameters(shaped).total))
    return tuple(readings)


def gpt_parameters(layers: float, hidden: float, vocab: float, sequence: float) -> float:
    """GPT parameter count of the closed form 12*L*h^2*(1 + 13/(12h) + (V+s)/(12Lh)).

    Assumes FFN width 4h, biases, learned positions of `sequence` rows and a tied head; leaves out the final norm.
    Source: Narayanan et al. 2021 (SC21, arXiv 2104.04473), equation 2.
    """
    require_positive(layers=layers, hidden=hidden, vocab=vocab, sequence=sequence)
    return 12 * layers * hidden**2 + 13 * layers * hidden + (vocab + sequence) * hidden


def gpt_parameters_exact(layers: int, hidden: int, vocab: int, sequence: int) -> int:
    """As `gpt_parameters`, with the final norm's 2h: the exact count of the GPT-2 family."""
    require_degree(layers=layers, hidden=hidden, vocab=vocab, sequence=sequence)
    return 12 * layers * hidden**2 + 13 * layers * hidden + 2 * hidden + (vocab + sequence) * hidden


def parameters_per_gpu(parameters: Parameters, *, tp: int = 1, pp: int = 1, ep: int = 1, etp: int = 1, shard: int = 1) -> float:
    """Mean parameters held by one GPU.

    Routed experts are divided over `ep` x `etp` x `pp`, everything else over `tp` x `pp`, and all of it over `shard`
    (fully sharded data parallel, ZeRO-3). The mean over stages: the first and last stage hold embedding and head, and
    norms and routers are replicated over TP in practice, so allow some 20% before calling a stated value wrong.
    """
    require_degree(tp=tp, pp=pp, ep=ep, etp=etp, shard=shard)
    experts = parameters.routed_experts / (ep * etp)
    rest = (parameters.total - parameters.routed_experts) / tp
    return (experts + rest) / (pp * shard)
