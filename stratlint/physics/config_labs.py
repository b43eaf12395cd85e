"""Readers of the configs of single families: Cohere, IBM, StarCoder, StableLM, GLM, InternLM, Baichuan and others.

Keys and defaults as in transformers' config classes, or in the code published with the weights where a family is no part
of transformers. None of these shapes needs more than `Architecture` describes.
"""

from __future__ import annotations

from typing import Any

from stratlint.physics.architecture import Architecture, MixtureOfExperts, Norm, QKNorm
from stratlint.physics.config_dense import llama
from stratlint.physics.config_fields import stack_fields, window_fields
from stratlint.physics.config_keys import ConfigError, Keys
from stratlint.physics.config_moe import grouped_experts


def cohere(k: Keys) -> Architecture:
    """Command R and R+, Aya: one norm a layer before attention and FFN in parallel; R7B and A slide in three of four."""
    fields = stack_fields(k, tied=True)
    bias = k.flag("attention_bias", default=False)
    second = k.architecture.startswith("Cohere2")
    slides = window_fields(k, fields["layers"], pattern=k.integer("sliding_window_pattern", default=4, least=1))
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        norm=Norm.LAYER_NO_BIAS,
        norms_per_layer=1,
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.WIDTH if not second and k.flag("use_qk_norm", default=False) else QKNorm.NONE,
        **(slides if second else {}),
    )


def granite(k: Keys) -> Architecture:
    """Granite 3: Llama's shape with multipliers that store nothing."""
    return llama(k)


def granite_moe(k: Keys) -> Architecture:
    """Granite 3 MoE: `intermediate_size` is the width of an expert."""
    bias = k.flag("attention_bias", default=False)
    shared = k.integer("shared_intermediate_size", default=0)
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", default=8),
        top_k=k.integer("num_experts_per_tok", default=2),
        expert_ffn=k.integer("intermediate_size"),
        shared_experts=1 if shared else 0,
        shared_ffn=shared,
    )
    return Architecture(**stack_fields(k, tied=False), ffn=0, qkv_bias=bias, o_bias=bias, experts=moe)


def starcoder2(k: Keys) -> Architecture:
    """StarCoder2: GPT's FFN with rotary positions and grouped heads."""
    fields = stack_fields(k, tied=True)
    bias = k.flag("use_bias", default=True)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        ffn_matrices=2,
        norm=Norm.LAYER,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=bias,
        **window_fields(k, fields["layers"], always=True),
    )


def stablelm(k: Keys) -> Architecture:
    """StableLM 3B and 2: LayerNorm, optional QK-norm of weights alone; one norm a layer where attention is parallel."""
    parallel = k.flag("use_parallel_residual", default=False)
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        norm=Norm.LAYER,
        norms_per_layer=1 if parallel else 2,
        qkv_bias=k.flag("use_qkv_bias", default=False),
        qk_norm=QKNorm.WIDTH_WEIGHT if k.flag("qk_layernorm", default=False) else QKNorm.NONE,
    )


def glm(k: Keys) -> Architecture:
    """GLM-4-9B and GLM-4-0414 as ported to transformers; the latter has four norms a layer."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        norms_per_layer=4 if k.architecture.startswith("Glm4") else 2,
        qkv_bias=k.flag("attention_bias", default=k.architecture.startswith("GlmFor")),
    )


def chatglm(k: Keys) -> Architecture:
    """ChatGLM2, ChatGLM3 and GLM-4-9B as published with their own code."""
    heads, hidden = k.integer("num_attention_heads", least=1), k.integer("hidden_size")
    grouped = k.flag("multi_query_attention", default=False)
    plain = k.flag("add_bias_linear", default=False)
    return Architecture(
        layers=k.integer("num_layers", "num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=k.integer("multi_query_group_num", default=1) if grouped else heads,
        head_dim=k.integer("kv_channels", default=hidden // heads),
        ffn=k.integer("ffn_hidden_size"),
        vocab=k.integer("padded_vocab_size", "vocab_size"),
        tied=k.flag("tie_word_embeddings", default=False),
        norm=Norm.RMS if k.flag("rmsnorm", default=True) else Norm.LAYER,
        final_norm=k.flag("post_layer_norm", default=True),
        qkv_bias=plain or k.flag("add_qkv_bias", default=False),
        o_bias=plain,
        ffn_bias=plain,
    )


def nemotron(k: Keys) -> Architecture:
    """Nemotron-3 8B, Nemotron-4 and Minitron: squared ReLU with two matrices, LayerNorm."""
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        ffn_matrices=2,
        norm=Norm.LAYER,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
    )


def arcee(k: Keys) -> Architecture:
    """AFM: squared ReLU with two matrices."""
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        ffn_matrices=2,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
    )


def smollm3(k: Keys) -> Architecture:
    """SmolLM3: Llama's shape; layers without rotary positions store nothing less."""
    return llama(k, tied=True)


def exaone(k: Keys) -> Architecture:
    """EXAONE 3 and 3.5 (Llama's shape), EXAONE 4 (QK-norm, norms behind the blocks, three of four layers slide)."""
    fourth = k.architecture.startswith("Exaone4")
    heads, hidden = k.integer("num_attention_heads", least=1), k.integer("hidden_size")
    layers = k.integer("num_hidden_layers", "num_layers")
    slides = window_fields(k, layers, pattern=4) if fourth else {}
    return Architecture(
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=k.integer("num_key_value_heads", default=heads),
        head_dim=k.integer("head_dim", default=hidden // heads),
        ffn=k.integer("intermediate_size"),
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=False),
        qk_norm=QKNorm.HEAD if fourth else QKNorm.NONE,
        **slides,
    )


def seed_oss(k: Keys) -> Architecture:
    """Seed-OSS: biases of queries, keys and values apart from that of the output."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=k.flag("attention_bias", default=True),
        o_bias=k.flag("attention_out_bias", default=False),
        ffn_bias=k.flag("mlp_bias", default=False),
    )


def ernie(k: Keys) -> Architecture:
    """ERNIE 4.5, dense and mixture: one flag for all biases."""
    fields = stack_fields(k, tied=True)
    if not k.architecture.endswith("MoeForCausalLM"):
        fields["head_dim"] = k.integer("head_dim", default=128)
    bias = k.flag("use_bias", default=False)
    layers: int = fields["layers"]
    experts = None
    if k.architecture.endswith("MoeForCausalLM"):
        first = k.integer("moe_layer_start_index", default=1)
        last = k.optional("moe_layer_end_index")
        last = layers - 1 if last is None or last < 0 else last
        step = k.integer("moe_layer_interval", default=1, least=1)
        width = k.integer("moe_intermediate_size", default=1536)
        shared = k.integer("moe_num_shared_experts", default=2)
        experts = MixtureOfExperts(
            experts=k.integer("moe_num_experts", default=64),
            top_k=k.integer("moe_k", default=6),
            expert_ffn=width,
            shared_experts=shared,
            shared_ffn=shared * width,
            router_bias=True,
            expert_bias=bias,
            first_dense=first,
            every=step,
            offset=step - 1,
            listed=_listed(k, first, last, step) if last < layers - 1 else None,
        )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=bias,
        head_bias=bias and experts is not None,
        experts=experts,
    )


# No model is deeper; a hostile file must not make a list of what it claims.
_DEEPEST = 10_000


def _listed(k: Keys, first: int, last: int, step: int) -> tuple[int, ...]:
    """The mixture layers of ERNIE up to the last one, where dense layers follow."""
    if last > _DEEPEST:
        raise ConfigError(f"{k.architecture}: 'moe_layer_end_index' must be at most {_DEEPEST}, got {last}")
    return tuple(layer for layer in range(first, last + 1) if (layer + 1) % step == 0)


def dots1(k: Keys) -> Architecture:
    """dots.llm1: DeepSeek's experts under grouped heads with QK-norm."""
    fields = stack_fields(k, tied=False)
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        experts=grouped_experts(k, correction=True),
    )


def hunyuan(k: Keys) -> Architecture:
    """Hunyuan dense (0.5B to 7B) and Hunyuan-A13B: QK-norm, one shared expert of the width of the others."""
    fields = stack_fields(k, tied=False)
    bias = k.flag("attention_bias", default=False)
    experts = None
    width = k.integer("intermediate_size")
    count = k.values.get("num_experts", 1)
    if isinstance(count, list):
        raise ConfigError(f"{k.architecture}: 'num_experts' differs between layers, which is not described here")
    if "MoE" in k.architecture and k.integer("num_experts", default=1) > 1:
        expert = _same(k, "moe_intermediate_size", width)
        shared = _same(k, "num_shared_expert", 1) if k.flag("use_mixed_mlp_moe", default=True) else 0
        experts = MixtureOfExperts(
            experts=k.integer("num_experts"),
            top_k=_same(k, "moe_topk", 1),
            expert_ffn=expert,
            shared_experts=shared,
            shared_ffn=shared * width,
        )
    return Architecture(
        **fields,
        ffn=0 if experts else width,
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD if k.flag("use_qk_norm", default=True) else QKNorm.NONE,
        experts=experts,
    )


def _same(k: Keys, name: str, default: int) -> int:
    """A key that holds one integer or a list with one value for each layer, all alike."""
    value = k.values.get(name)
    if not isinstance(value, list):
        return k.integer(name, default=default)
    listed = k.integers(name) or (default,)
    if len(set(listed)) != 1:
        raise ConfigError(f"{k.architecture}: {name!r} differs between layers, which is not described here")
    return listed[0]


def minimax_m2(k: Keys) -> Architecture:
    """MiniMax-M2: QK-norm over the whole width, a stored correction per expert."""
    fields = stack_fields(k, tied=False)
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts"),
        top_k=k.integer("num_experts_per_tok"),
        expert_ffn=k.integer("intermediate_size"),
        router_bias=k.flag("use_routing_bias", default=True),
    )
    return Architecture(**fields, ffn=0, qk_norm=QKNorm.WIDTH if k.flag("use_qk_norm", default=True) else QKNorm.NONE, experts=moe)


def gptj(k: Keys) -> Architecture:
    """GPT-J and CodeGen: one norm a layer, biases in the FFN and the head only."""
    heads, hidden = k.integer("n_head", "num_attention_heads", least=1), k.integer("n_embd", "hidden_size")
    tied = k.flag("tie_word_embeddings", default=False)
    return Architecture(
        layers=k.integer("n_layer", "num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        ffn=k.integer("n_inner", default=4 * hidden),
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=tied,
        norm=Norm.LAYER,
        norms_per_layer=1,
        ffn_bias=True,
        head_bias=True,
    )


def gpt_neo(k: Keys) -> Architecture:
    """GPT-Neo: learned positions, no bias on queries, keys and values; every other layer sees a window."""
    heads, hidden = k.integer("num_heads", "num_attention_heads", least=1), k.integer("hidden_size")
    layers = k.integer("num_layers", "num_hidden_layers")
    return Architecture(
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        ffn=k.integer("intermediate_size", default=4 * hidden),
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=True),
        norm=Norm.LAYER,
        positions=k.integer("max_position_embeddings"),
        o_bias=True,
        ffn_bias=True,
        window=k.integer("window_size", default=256),
        windowed_layers=layers // 2,
    )


def mpt(k: Keys) -> Architecture:
    """MPT: ALiBi, LayerNorm without bias, tied."""
    heads, hidden = k.integer("n_heads", least=1), k.integer("d_model")
    attention = k.section("attn_config")
    if attention.flag("qk_ln", default=False):
        raise ConfigError(f"{k.architecture}: 'attn_config.qk_ln' is not described here")
    # The port to transformers has no biases, whatever the file says; the original code asks it.
    bias = k.architecture == "MPTForCausalLM" and not k.flag("no_bias", default=False)
    grouped: dict[str, Any] = {"multihead_attention": heads, "multiquery_attention": 1}
    kind = attention.text("attn_type") or "multihead_attention"
    expansion = k.values.get("expansion_ratio", 4)
    if isinstance(expansion, bool) or not isinstance(expansion, int | float) or not 0 < expansion <= 64:
        raise ConfigError(f"{k.architecture}: 'expansion_ratio' must be a number up to 64, got {str(expansion)[:80]}")
    return Architecture(
        layers=k.integer("n_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=grouped.get(kind) or attention.integer("kv_n_heads"),
        head_dim=hidden // heads,
        ffn=int(expansion * hidden),
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=True),
        norm=Norm.LAYER if bias else Norm.LAYER_NO_BIAS,
        positions=0 if attention.flag("alibi", default=True) else k.integer("max_seq_len"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=bias,
    )


def baichuan(k: Keys) -> Architecture:
    """Baichuan and Baichuan 2: Llama 1's shape whatever its packed projections are called."""
    return Architecture(**stack_fields(k, tied=False), ffn=k.integer("intermediate_size"))


def internlm(k: Keys) -> Architecture:
    """InternLM 1 (biases), 2 and 3 (none, unless set)."""
    bias = k.flag("bias", default=k.architecture == "InternLMForCausalLM")
    return Architecture(
        **stack_fields(k, tied=False),
        ffn=k.integer("intermediate_size"),
        qkv_bias=k.flag("qkv_bias", default=False) if k.architecture == "InternLM3ForCausalLM" else bias,
        o_bias=bias if k.architecture != "InternLM3ForCausalLM" else k.flag("bias", default=False),
        ffn_bias=k.architecture == "InternLM3ForCausalLM" and bias,
    )


def qwen1(k: Keys) -> Architecture:
    """Qwen 1: `intermediate_size` counts the two halves of a gated FFN together."""
    heads, hidden = k.integer("num_attention_heads", least=1), k.integer("hidden_size")
    plain = not k.flag("no_bias", default=True)
    return Architecture(
        layers=k.integer("num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=k.integer("kv_channels", default=hidden // heads),
        ffn=k.integer("intermediate_size") // 2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=False),
        qkv_bias=True,
        o_bias=plain,
        ffn_bias=plain,
    )
