"""Readers of the Hugging Face configs of dense models. Keys and defaults are those of transformers' config classes."""

from __future__ import annotations

from stratlint.physics.architecture import Architecture, Norm, QKNorm
from stratlint.physics.config_fields import qwen_window_fields, stack_fields, window_fields
from stratlint.physics.config_keys import Keys


def llama(k: Keys, *, tied: bool = False) -> Architecture:
    """Llama 1-3 and the many models that reuse its class; `tied` is whether embeddings are when the file is silent."""
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **stack_fields(k, tied=tied),
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
    )


def mistral(k: Keys) -> Architecture:
    """Mistral: every layer slides when the file sets a window."""
    fields = stack_fields(k, tied=False)
    return Architecture(**fields, ffn=k.integer("intermediate_size"), **window_fields(k, fields["layers"], always=True))


def qwen2(k: Keys) -> Architecture:
    """Qwen2 and Qwen2.5: bias on queries, keys and values only."""
    fields = stack_fields(k, tied=False)
    return Architecture(**fields, ffn=k.integer("intermediate_size"), qkv_bias=True, **qwen_window_fields(k, fields["layers"]))


def qwen3(k: Keys) -> Architecture:
    """Qwen3: QK-norm per head."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=128)
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        **qwen_window_fields(k, fields["layers"]),
    )


def gemma(k: Keys) -> Architecture:
    """Gemma 1."""
    fields = stack_fields(k, tied=True)
    fields["head_dim"] = k.integer("head_dim", default=256)
    bias = k.flag("attention_bias", default=False)
    return Architecture(**fields, ffn=k.integer("intermediate_size"), qkv_bias=bias, o_bias=bias)


def gemma2(k: Keys) -> Architecture:
    """Gemma 2: four norms a layer, every other layer slides."""
    fields = stack_fields(k, tied=True)
    fields["head_dim"] = k.integer("head_dim", default=256)
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        norms_per_layer=4,
        qkv_bias=bias,
        o_bias=bias,
        **window_fields(k, fields["layers"], pattern=2),
    )


def gemma3(k: Keys) -> Architecture:
    """Gemma 3: QK-norm, five sliding layers to one global."""
    # The multimodal files (gemma-3-4b-it) rely on the class defaults for heads, head width and vocabulary.
    bias = k.flag("attention_bias", default=False)
    layers = k.integer("num_hidden_layers")
    return Architecture(
        layers=layers,
        hidden=k.integer("hidden_size"),
        heads=k.integer("num_attention_heads", default=8),
        kv_heads=k.integer("num_key_value_heads", default=4),
        head_dim=k.integer("head_dim", default=256),
        ffn=k.integer("intermediate_size"),
        vocab=k.integer("vocab_size", default=262208),
        tied=k.flag("tie_word_embeddings", default=True),
        norms_per_layer=4,
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        **window_fields(k, layers, pattern=k.integer("sliding_window_pattern", "_sliding_window_pattern", default=6, least=1)),
    )


def gpt2(k: Keys) -> Architecture:
    """GPT-2, and GPT-BigCode with its multi-query attention."""
    heads, hidden = k.integer("n_head", "num_attention_heads", least=1), k.integer("n_embd", "hidden_size")
    multi_query = k.architecture == "GPTBigCodeForCausalLM" and k.flag("multi_query", default=True)
    return Architecture(
        layers=k.integer("n_layer", "num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=1 if multi_query else heads,
        head_dim=hidden // heads,
        ffn=k.integer("n_inner", default=4 * hidden),
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=True),
        norm=Norm.LAYER,
        positions=k.integer("n_positions", "n_ctx", "max_position_embeddings", default=1024),
        qkv_bias=True,
        o_bias=True,
        ffn_bias=True,
    )


def opt(k: Keys) -> Architecture:
    """OPT, including the 350M with its projected embedding."""
    bias = k.flag("enable_bias", default=True)
    before = k.flag("do_layer_norm_before", default=True)
    fields = stack_fields(k, tied=True)
    width = k.optional("word_embed_proj_dim")
    affine = k.flag("layer_norm_elementwise_affine", default=True)
    return Architecture(
        **fields,
        ffn=k.integer("ffn_dim"),
        ffn_matrices=2,
        norm=Norm.LAYER if affine else Norm.NONE,
        # Post-norm models (350M) have no norm after the last layer.
        final_norm=before and not k.flag("_remove_final_layer_norm", default=False),
        # Its table keeps two extra rows for padding offsets.
        positions=k.integer("max_position_embeddings") + 2,
        embedding_width=None if width == fields["hidden"] else width,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=bias,
    )


def bloom(k: Keys) -> Architecture:
    """BLOOM: ALiBi and a norm after the embedding."""
    hidden, heads = k.integer("hidden_size", "n_embed"), k.integer("n_head", "num_attention_heads", least=1)
    return Architecture(
        layers=k.integer("n_layer", "num_hidden_layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        ffn=4 * hidden,
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=True),
        norm=Norm.LAYER,
        embedding_norm=True,
        qkv_bias=True,
        o_bias=True,
        ffn_bias=True,
    )


def gpt_neox(k: Keys) -> Architecture:
    """GPT-NeoX and Pythia."""
    bias = k.flag("attention_bias", default=True)
    fields = stack_fields(k, tied=False)
    fields["kv_heads"] = fields["heads"]
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        ffn_matrices=2,
        norm=Norm.LAYER,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=True,
    )


def falcon(k: Keys) -> Architecture:
    """Falcon: 7B (multi-query, parallel), 40B and 180B (new decoder architecture), RW (ALiBi)."""
    heads, hidden = k.integer("num_attention_heads", "n_head", least=1), k.integer("hidden_size")
    # Files from before the transformers port spell the 40B's grouped heads n_head_kv.
    grouped = k.optional("num_kv_heads", "n_head_kv")
    new = k.flag("new_decoder_architecture", default="n_head_kv" in k.values)
    if new:
        kv_heads = heads if grouped is None else grouped
    else:
        kv_heads = 1 if k.flag("multi_query", default=True) else (grouped or heads)
    parallel = k.flag("parallel_attn", default=True)
    norms = k.integer("num_ln_in_parallel_attn", default=2) if new else (1 if parallel else 2)
    bias = k.flag("bias", default=False)
    return Architecture(
        layers=k.integer("num_hidden_layers", "n_layer"),
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=hidden // heads,
        ffn=k.integer("ffn_hidden_size", default=4 * hidden),
        ffn_matrices=2,
        vocab=k.integer("vocab_size"),
        tied=k.flag("tie_word_embeddings", default=True),
        norm=Norm.LAYER,
        norms_per_layer=norms,
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=bias,
    )


def phi(k: Keys) -> Architecture:
    """Phi-1, Phi-1.5 and Phi-2: one norm a layer, bias everywhere, the head included."""
    fields = stack_fields(k, tied=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size", "n_inner", default=4 * fields["hidden"]),
        ffn_matrices=2,
        norm=Norm.LAYER,
        norms_per_layer=1,
        qkv_bias=True,
        o_bias=True,
        ffn_bias=True,
        head_bias=True,
        qk_norm=QKNorm.HEAD if k.flag("qk_layernorm", default=False) else QKNorm.NONE,
    )


def phi3(k: Keys) -> Architecture:
    """Phi-3 mini and medium, Phi-4."""
    fields = stack_fields(k, tied=False)
    return Architecture(**fields, ffn=k.integer("intermediate_size"), **window_fields(k, fields["layers"], always=True))


def olmo(k: Keys) -> Architecture:
    """OLMo 1: norms without parameters."""
    bias = k.flag("attention_bias", default=False)
    return Architecture(**stack_fields(k, tied=False), ffn=k.integer("intermediate_size"), norm=Norm.NONE, qkv_bias=bias, o_bias=bias)


def olmo2(k: Keys) -> Architecture:
    """OLMo 2 and 3: QK-norm over the whole width; OLMo 3 slides in three layers of four."""
    fields = stack_fields(k, tied=False)
    bias = k.flag("attention_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.WIDTH,
        **window_fields(k, fields["layers"], pattern=4 if k.architecture == "Olmo3ForCausalLM" else None),
    )
