"""Readers of the configs of recent single families: Hunyuan 3, Solar, EXAONE MoE, FlexOlmo, Ling, Trinity, Apertus, MiniCPM3.

Keys and defaults as in transformers' config classes, or in the code published with the weights where a family is no part
of transformers (Ling).
"""

from __future__ import annotations

from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, QKNorm
from stratlint.physics.config_fields import stack_fields, window_fields
from stratlint.physics.config_keys import ConfigError, Keys


def _dense_before(k: Keys, default: int, *names: str) -> int:
    """Dense layers before the mixtures: counted by a key, or by a list of kinds that must begin with them."""
    kinds = k.items("mlp_layer_types")
    if kinds is None:
        return k.integer(*names, default=default) if names else default
    first = next((index for index, kind in enumerate(kinds) if kind != "dense"), len(kinds))
    if any(kind != "sparse" for kind in kinds[first:]):
        raise ConfigError(f"{k.architecture}: 'mlp_layer_types' other than dense layers first is not described here")
    return first


def hunyuan3(k: Keys) -> Architecture:
    """Hunyuan 3 (Hy3): QK-norm, one dense layer first, a stored correction per expert, one shared expert."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    bias = k.flag("attention_bias", default=False)
    width = k.integer("moe_intermediate_size", "expert_hidden_dim")
    shared = k.integer("num_shared_experts", default=1)
    experts = MixtureOfExperts(
        experts=k.integer("num_experts"),
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=True,
        first_dense=_dense_before(k, 1, "first_k_dense_replace"),
    )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
        qk_norm=QKNorm.HEAD,
        experts=experts,
    )


def solar_open(k: Keys) -> Architecture:
    """Solar Open: DeepSeek's experts in every layer under grouped heads."""
    bias = k.flag("attention_bias", default=False)
    width = k.integer("moe_intermediate_size")
    shared = k.integer("n_shared_experts", default=1)
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    experts = MixtureOfExperts(
        experts=k.integer("n_routed_experts"),
        top_k=k.integer("num_experts_per_tok", default=8),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=True,
        first_dense=k.integer("first_k_dense_replace", default=0),
    )
    return Architecture(**fields, ffn=k.integer("intermediate_size", default=0), qkv_bias=bias, experts=experts)


def exaone_moe(k: Keys) -> Architecture:
    """K-EXAONE: QK-norm, three of four layers slide, experts after the first layer."""
    fields = stack_fields(k, tied=False)
    width = k.integer("moe_intermediate_size")
    shared = k.integer("num_shared_experts", default=1)
    experts = MixtureOfExperts(
        experts=k.integer("num_experts"),
        top_k=k.integer("num_experts_per_tok", default=8),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=True,
        first_dense=_dense_before(k, 1, "first_k_dense_replace", "first_last_k_dense_replace"),
    )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qk_norm=QKNorm.HEAD,
        experts=experts,
        **window_fields(k, fields["layers"], pattern=4),
    )


def flex_olmo(k: Keys) -> Architecture:
    """FlexOlmo: OLMo 2 with a mixture in every layer."""
    bias = k.flag("attention_bias", default=False)
    experts = MixtureOfExperts(
        experts=k.integer("num_experts", default=7),
        top_k=k.integer("num_experts_per_tok", default=5),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(**stack_fields(k, tied=False), ffn=0, qkv_bias=bias, o_bias=bias, qk_norm=QKNorm.WIDTH, experts=experts)


def bailing(k: Keys) -> Architecture:
    """Ling and Ring 2.0: QK-norm, dense layers first, a correction per expert, shared experts."""
    fields = stack_fields(k, tied=False)
    width = k.integer("moe_intermediate_size")
    shared = k.integer("num_shared_experts", default=0)
    second = k.architecture.startswith("BailingMoeV2")
    experts = MixtureOfExperts(
        experts=k.integer("num_experts"),
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=k.flag("moe_router_enable_expert_bias", default=second),
        first_dense=k.integer("first_k_dense_replace", default=0),
    )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=k.flag("use_qkv_bias", default=False),
        o_bias=k.flag("use_bias", default=False),
        qk_norm=QKNorm.HEAD if k.flag("use_qk_norm", default=second) else QKNorm.NONE,
        experts=experts,
    )


def afmoe(k: Keys) -> Architecture:
    """Trinity: gated attention with QK-norm, four norms a layer, three of four layers slide, dense layers first."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    if k.flag("attention_bias", default=False):
        raise ConfigError(f"{k.architecture}: 'attention_bias' is not described here")
    width = k.integer("moe_intermediate_size")
    shared = k.integer("num_shared_experts", default=2)
    experts = MixtureOfExperts(
        experts=k.integer("num_experts", default=64),
        top_k=k.integer("num_experts_per_tok", default=6),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=True,
        first_dense=k.integer("num_dense_layers", default=1),
    )
    pattern = k.integer("global_attn_every_n_layers", default=4, least=1)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        norms_per_layer=4,
        qk_norm=QKNorm.HEAD,
        output_gate=True,
        experts=experts,
        **window_fields(k, fields["layers"], pattern=pattern),
    )


def apertus(k: Keys) -> Architecture:
    """Apertus: two matrices around xIELU, whose two numbers a layer learns, and QK-norm."""
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        ffn_matrices=2,
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        activation_scalars=2,
    )


def minicpm3(k: Keys) -> Architecture:
    """MiniCPM3: multi-head latent attention in a dense model."""
    bias = k.flag("attention_bias", default=False)
    fields = stack_fields(k, tied=True)
    heads: int = fields["heads"]
    latent = LatentAttention(
        kv_lora_rank=k.integer("kv_lora_rank", default=256),
        qk_nope_head_dim=k.integer("qk_nope_head_dim", default=64),
        qk_rope_head_dim=k.integer("qk_rope_head_dim", default=32),
        v_head_dim=k.integer("v_head_dim", default=fields["hidden"] // heads),
        q_lora_rank=k.integer("q_lora_rank", default=768),
    )
    return Architecture(
        **{**fields, "kv_heads": heads, "head_dim": latent.qk_head_dim},
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
        latent=latent,
    )
