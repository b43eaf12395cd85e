"""Readers of the Hugging Face configs of mixtures of experts. Keys and defaults as in transformers' config classes."""

from __future__ import annotations

from typing import Any

from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, Norm, QKNorm
from stratlint.physics.config_fields import qwen_window_fields, stack_fields, window_fields
from stratlint.physics.config_keys import ConfigError, Keys


def mixtral(k: Keys) -> Architecture:
    """Mixtral: `intermediate_size` is the width of an expert."""
    fields = stack_fields(k, tied=False)
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", default=8),
        top_k=k.integer("num_experts_per_tok", default=2),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(**fields, ffn=0, experts=moe, **window_fields(k, fields["layers"], always=True))


def phimoe(k: Keys) -> Architecture:
    """Phi-3.5-MoE."""
    bias = k.flag("attention_bias", default=False)
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", default=16),
        top_k=k.integer("num_experts_per_tok", default=2),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=0,
        experts=moe,
        norm=Norm.LAYER,
        qkv_bias=bias,
        o_bias=bias,
        head_bias=k.flag("lm_head_bias", default=False),
    )


def llama4(k: Keys) -> Architecture:
    """Llama 4: `intermediate_size` is the expert, `intermediate_size_mlp` the dense FFN; one shared expert."""
    fields = stack_fields(k, tied=False)
    layers: int = fields["layers"]
    ffn = k.integer("intermediate_size")
    step = k.integer("interleave_moe_layer_step", default=1)
    if step < 1:
        raise ConfigError(f"{k.architecture}: 'interleave_moe_layer_step' must be at least 1, got {step}")
    listed = k.integers("moe_layers")
    placing: dict[str, Any] = {"every": step, "offset": step - 1}
    if listed is not None:
        placing = {"listed": listed}
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", default=16),
        top_k=k.integer("num_experts_per_tok", default=1),
        expert_ffn=ffn,
        shared_experts=1,
        shared_ffn=ffn,
        **placing,
    )
    bias = k.flag("attention_bias", default=False)
    chunk = k.optional("attention_chunk_size")
    # no_rope_layers marks with 1 the layers that have rotary positions and chunked attention.
    rope = k.integers("no_rope_layers")
    interval = k.integer("no_rope_layer_interval", default=4, least=1)
    chunked = sum(rope) if rope else layers - layers // interval
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size_mlp", default=16384),
        experts=moe,
        qkv_bias=bias,
        o_bias=bias,
        window=chunk,
        windowed_layers=0 if chunk is None else chunked,
    )


def _qwen_experts(k: Keys, *, shared: bool) -> MixtureOfExperts:
    step = k.integer("decoder_sparse_step", default=1)
    if step < 1:
        raise ConfigError(f"{k.architecture}: 'decoder_sparse_step' must be at least 1, got {step}")
    width = k.integer("shared_expert_intermediate_size", default=0) if shared else 0
    return MixtureOfExperts(
        experts=k.integer("num_experts", "num_local_experts"),
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=k.integer("moe_intermediate_size"),
        shared_experts=1 if width else 0,
        shared_ffn=width,
        shared_gate=width > 0,
        every=step,
        offset=step - 1,
        dense_layers=k.integers("mlp_only_layers") or (),
    )


def qwen2_moe(k: Keys) -> Architecture:
    """Qwen1.5-MoE and Qwen2-MoE: a gated shared expert."""
    fields = stack_fields(k, tied=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size", default=0),
        qkv_bias=k.flag("qkv_bias", default=True),
        experts=_qwen_experts(k, shared=True),
        **qwen_window_fields(k, fields["layers"]),
    )


def qwen3_moe(k: Keys) -> Architecture:
    """Qwen3-MoE: no shared expert."""
    fields = stack_fields(k, tied=False)
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size", default=0),
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        experts=_qwen_experts(k, shared=False),
        **qwen_window_fields(k, fields["layers"]),
    )


def grouped_experts(k: Keys, *, correction: bool, shared_default: int = 0) -> MixtureOfExperts | None:
    """DeepSeek's keys, which Kimi and GLM kept."""
    experts = k.optional("n_routed_experts")
    if experts is None:
        return None
    width = k.integer("moe_intermediate_size")
    shared = k.integer("n_shared_experts", default=shared_default)
    every = k.integer("moe_layer_freq", default=1)
    return MixtureOfExperts(
        experts=experts,
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=correction,
        first_dense=k.integer("first_k_dense_replace", default=0),
        every=every,
    )


def deepseek(k: Keys) -> Architecture:
    """DeepSeek MoE (multi-head attention), V2, V3, R1 and Kimi K2 (MLA), V3.2 and GLM-5 (MLA with an indexer)."""
    bias = k.flag("attention_bias", default=False)
    fields = stack_fields(k, tied=False)
    latent = None
    rank = k.optional("kv_lora_rank")
    shares = k.architecture == "GlmMoeDsaForCausalLM"
    indexed = shares or k.architecture == "DeepseekV32ForCausalLM"
    if rank is not None:
        latent = LatentAttention(
            kv_lora_rank=rank,
            qk_nope_head_dim=k.integer("qk_nope_head_dim"),
            qk_rope_head_dim=k.integer("qk_rope_head_dim"),
            v_head_dim=k.integer("v_head_dim"),
            q_lora_rank=k.optional("q_lora_rank"),
            index_heads=k.integer("index_n_heads", default=32 if shares else 64) if indexed else 0,
            index_head_dim=k.integer("index_head_dim", default=128) if indexed else 0,
        )
        fields["head_dim"] = latent.qk_head_dim
        # Every head reads the one latent; a num_key_value_heads in the file says nothing about the cache.
        fields["kv_heads"] = fields["heads"]
    elif k.architecture not in ("DeepseekForCausalLM",):
        k.integer("kv_lora_rank")
    # V3 balances experts with a stored correction per expert; V2 files name another routing method.
    third = k.architecture.startswith(("DeepseekV3", "Kimi", "Glm")) or k.text("topk_method") == "noaux_tc"
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        latent=latent,
        experts=grouped_experts(k, correction=third, shared_default=1 if shares else 0),
        without_indexer=_without_indexer(k, fields["layers"]) if shares else 0,
    )


def _without_indexer(k: Keys, layers: int) -> int:
    """Layers of GLM-5.2 that reuse the tokens the last indexer chose: listed, or by a first run and a stride."""
    kinds = k.items("indexer_types")
    pattern = k.values.get("index_topk_pattern")
    if kinds is None and isinstance(pattern, str | list):
        kinds = list(pattern)
    if kinds is not None:
        return sum(1 for kind in kinds if kind in ("shared", "S"))
    first = min(layers, k.integer("index_skip_topk_offset", default=2))
    return layers - first - (layers - first) // k.integer("index_topk_freq", default=1, least=1)


def glm4_moe(k: Keys) -> Architecture:
    """GLM-4.5 and 4.6."""
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        qkv_bias=k.flag("attention_bias", default=False),
        qk_norm=QKNorm.HEAD if k.flag("use_qk_norm", default=False) else QKNorm.NONE,
        experts=grouped_experts(k, correction=True),
    )


def gpt_oss(k: Keys) -> Architecture:
    """gpt-oss: biases on every expert and the router, attention sinks, every other layer slides."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=64)
    bias = k.flag("attention_bias", default=True)
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", "num_experts"),
        top_k=k.integer("num_experts_per_tok", "experts_per_token", default=4),
        expert_ffn=k.integer("intermediate_size"),
        router_bias=True,
        expert_bias=True,
    )
    return Architecture(
        **fields,
        ffn=0,
        qkv_bias=bias,
        o_bias=bias,
        sinks=True,
        experts=moe,
        **window_fields(k, fields["layers"], pattern=2),
    )


def olmoe(k: Keys) -> Architecture:
    """OLMoE."""
    bias = k.flag("attention_bias", default=False)
    moe = MixtureOfExperts(
        experts=k.integer("num_experts", default=64),
        top_k=k.integer("num_experts_per_tok", default=8),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(**stack_fields(k, tied=False), ffn=0, qkv_bias=bias, o_bias=bias, qk_norm=QKNorm.WIDTH, experts=moe)


def dbrx(k: Keys) -> Architecture:
    """DBRX: attention and FFN sizes live in nested sections."""
    attention, ffn = k.section("attn_config"), k.section("ffn_config")
    heads, hidden = k.integer("n_heads", "num_attention_heads", least=1), k.integer("d_model", "hidden_size")
    return Architecture(
        layers=k.integer("n_layers", "num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=attention.integer("kv_n_heads", default=1),
        head_dim=hidden // heads,
        ffn=0,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=False),
        norm=Norm.LAYER_NO_BIAS,
        experts=MixtureOfExperts(
            experts=ffn.integer("moe_num_experts", default=4),
            top_k=ffn.integer("moe_top_k", default=1),
            expert_ffn=ffn.integer("ffn_hidden_size", default=3584),
        ),
    )


def grok1(k: Keys) -> Architecture:
    """Grok-1 as ported: four norms a layer."""
    moe = MixtureOfExperts(
        experts=k.integer("num_experts", "num_local_experts"),
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(**stack_fields(k, tied=True), ffn=0, norms_per_layer=4, experts=moe)
