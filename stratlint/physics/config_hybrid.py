"""Readers of the configs of hybrids: attention in some layers, a state of constant size in the others.

Keys and defaults as in transformers' config classes, and as the published files have them where those are older.
"""

from __future__ import annotations

from collections.abc import Collection
from math import ceil
from typing import Any

from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, QKNorm
from stratlint.physics.config_fields import stack_fields
from stratlint.physics.config_keys import ConfigError, Keys
from stratlint.physics.recurrent import (
    delta_per_channel,
    gated_delta,
    lightning,
    mamba,
    mamba2,
    short_convolution,
)

_RECURRENT = frozenset({"linear_attention", "mamba", "conv", "M"})
_ATTENTION = frozenset({"full_attention", "attention", "*"})


def _kinds(k: Keys, layers: int, *names: str) -> list[str] | None:
    """The kind of each layer where one of these keys lists them; an error when it lists another number of layers."""
    for name in names:
        found = k.items(name)
        if found is None:
            continue
        kinds = [kind for kind in found if isinstance(kind, str)]
        if len(kinds) != layers or len(found) != layers:
            raise ConfigError(f"{k.architecture}: {name!r} must name the kind of each of {layers} layers")
        return kinds
    return None


def _mixed(k: Keys, kinds: Collection[str], known: frozenset[str]) -> int:
    """How many layers are recurrent; the others must be of the `known` kinds."""
    strange = sorted(set(kinds) - _RECURRENT - known)
    if strange:
        raise ConfigError(f"{k.architecture}: layers of the kind {strange[0][:40]!r} are not described here")
    return sum(1 for kind in kinds if kind in _RECURRENT)


def _interleaved(k: Keys, layers: int) -> dict[str, Any]:
    """Linear attention in all layers but every `full_attention_interval`-th, unless `layer_types` says otherwise."""
    kinds = _kinds(k, layers, "layer_types")
    interval = k.integer("full_attention_interval", default=4, least=1)
    recurrent = layers - layers // interval if kinds is None else _mixed(k, kinds, _ATTENTION)
    return {"recurrent_layers": recurrent, "without_attention": recurrent}


def qwen3_next(k: Keys) -> Architecture:
    """Qwen3-Next and Qwen3.5: Gated DeltaNet in three of four layers, gated attention with QK-norm in the fourth."""
    fields = stack_fields(k, tied=False)
    fields["head_dim"] = k.integer("head_dim", default=256)
    bias = k.flag("attention_bias", default=False)
    recurrence = gated_delta(
        fields["hidden"],
        k.integer("linear_num_key_heads", default=16, least=1),
        k.integer("linear_num_value_heads", default=32, least=1),
        k.integer("linear_key_head_dim", default=128),
        k.integer("linear_value_head_dim", default=128),
        k.integer("linear_conv_kernel_dim", default=4, least=1),
    )
    experts = None
    if k.optional("num_experts"):
        shared = k.integer("shared_expert_intermediate_size", default=512)
        step = k.integer("decoder_sparse_step", default=1, least=1)
        experts = MixtureOfExperts(
            experts=k.integer("num_experts"),
            top_k=k.integer("num_experts_per_tok"),
            expert_ffn=k.integer("moe_intermediate_size"),
            shared_experts=1 if shared else 0,
            shared_ffn=shared,
            shared_gate=shared > 0,
            every=step,
            offset=step - 1,
            dense_layers=k.integers("mlp_only_layers") or (),
        )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size", default=0),
        qkv_bias=bias,
        o_bias=bias,
        qk_norm=QKNorm.HEAD,
        output_gate=True,
        experts=experts,
        recurrence=recurrence,
        **_interleaved(k, fields["layers"]),
    )


def minimax(k: Keys) -> Architecture:
    """MiniMax-Text-01 and MiniMax-M1: lightning attention in seven of eight layers, experts in all."""
    fields = stack_fields(k, tied=False)
    layers: int = fields["layers"]
    # The published files mark softmax attention with 1.
    marks = k.integers("attn_type_list")
    kinds = _kinds(k, layers, "layer_types")
    if kinds is not None:
        recurrent = _mixed(k, kinds, _ATTENTION)
    elif marks is not None and len(marks) == layers:
        recurrent = sum(1 for mark in marks if mark == 0)
    elif marks is not None:
        raise ConfigError(f"{k.architecture}: 'attn_type_list' must name the kind of each of {layers} layers")
    else:
        recurrent = layers // 2
    if k.integer("shared_intermediate_size", default=0):
        raise ConfigError(f"{k.architecture}: 'shared_intermediate_size' is not described here")
    moe = MixtureOfExperts(
        experts=k.integer("num_local_experts", default=8),
        top_k=k.integer("num_experts_per_tok", default=2),
        expert_ffn=k.integer("intermediate_size"),
    )
    return Architecture(
        **fields,
        ffn=0,
        experts=moe,
        recurrence=lightning(fields["hidden"], fields["heads"], fields["head_dim"]),
        recurrent_layers=recurrent,
        without_attention=recurrent,
    )


def jamba(k: Keys) -> Architecture:
    """Jamba: Mamba with normed steps, attention in one layer of eight, experts in every second."""
    fields = stack_fields(k, tied=False)
    layers, hidden = fields["layers"], fields["hidden"]
    period = k.integer("attn_layer_period", default=8, least=1)
    offset = k.integer("attn_layer_offset", default=4)
    attending = max(0, -((offset - layers) // period)) if offset < period else 0
    step = k.integer("expert_layer_period", default=2, least=1)
    count = k.integer("num_experts", default=16)
    experts = None
    if count > 1:
        experts = MixtureOfExperts(
            experts=count,
            top_k=k.integer("num_experts_per_tok", default=2),
            expert_ffn=k.integer("intermediate_size"),
            every=step,
            offset=k.integer("expert_layer_offset", default=1),
        )
    rank = k.values.get("mamba_dt_rank")
    recurrence = mamba(
        hidden,
        k.integer("mamba_expand", default=2) * hidden,
        k.integer("mamba_d_state", default=16),
        ceil(hidden / 16) if rank in (None, "auto") else k.integer("mamba_dt_rank"),
        k.integer("mamba_d_conv", default=4),
        conv_bias=k.flag("mamba_conv_bias", default=True),
        bias=k.flag("mamba_proj_bias", default=False),
        normed=True,
    )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        experts=experts,
        recurrence=recurrence,
        recurrent_layers=layers - attending,
        without_attention=layers - attending,
    )


_BLOCKS = {"M": "mamba", "E": "moe", "*": "attention", "-": "mlp"}
_BLOCK_NAMES = {"linear_attention": "mamba", "full_attention": "attention"}


def nemotron_h(k: Keys) -> Architecture:
    """Nemotron-H, Nemotron Nano 2 and Nemotron 3: each layer is one block, of Mamba-2, attention, FFN or experts."""
    pattern = k.text("hybrid_override_pattern")
    listed = k.items("layers_block_type") or k.items("layer_types")
    if pattern is not None:
        blocks = [_BLOCKS.get(mark, mark) for mark in pattern]
    elif listed is not None:
        blocks = [_BLOCK_NAMES.get(str(kind), str(kind)) for kind in listed]
    else:
        k.integer("hybrid_override_pattern")  # names what is missing
        blocks = []
    strange = sorted(set(blocks) - set(_BLOCKS.values()))
    if strange:
        raise ConfigError(f"{k.architecture}: blocks of the kind {strange[0][:40]!r} are not described here")
    fields = stack_fields(Keys(k.architecture, {**k.values, "num_hidden_layers": len(blocks)}), tied=False)
    fields["head_dim"] = k.integer("head_dim", "attention_head_dim", default=128)
    bias = k.flag("attention_bias", default=False)
    projected = k.flag("use_bias", default=False)
    mixtures = tuple(index for index, block in enumerate(blocks) if block == "moe")
    mamba_layers, attending = blocks.count("mamba"), blocks.count("attention")
    ffn_bias = k.flag("mlp_bias", default=False)
    if ffn_bias and mixtures:
        raise ConfigError(f"{k.architecture}: 'mlp_bias' beside experts is not described here")
    experts = None
    if mixtures:
        experts = MixtureOfExperts(
            experts=k.integer("n_routed_experts", "num_local_experts"),
            top_k=k.integer("num_experts_per_tok"),
            expert_ffn=k.integer("moe_intermediate_size"),
            matrices=2,
            shared_experts=k.integer("n_shared_experts", default=1),
            shared_ffn=k.integer("moe_shared_expert_intermediate_size"),
            router_bias=True,
            listed=mixtures,
            latent=k.integer("moe_latent_size", default=0),
        )
    recurrence = mamba2(
        fields["hidden"],
        k.integer("mamba_num_heads", least=1),
        k.integer("mamba_head_dim", least=1),
        k.integer("ssm_state_size", "mamba_d_state", default=128),
        k.integer("n_groups", "mamba_n_groups", default=8, least=1),
        k.integer("conv_kernel", "mamba_d_conv", default=4),
        conv_bias=k.flag("use_conv_bias", "mamba_conv_bias", default=True),
        in_bias=projected,
        out_bias=projected,
    )
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size", default=0),
        ffn_matrices=2,
        ffn_bias=ffn_bias,
        norms_per_layer=1,
        qkv_bias=bias,
        o_bias=bias,
        experts=experts,
        recurrence=recurrence,
        recurrent_layers=mamba_layers,
        without_attention=len(blocks) - attending,
        without_ffn=mamba_layers + attending,
    )


def _mamba2_of(k: Keys, hidden: int, *, width: int, gated_norm: bool, out_bias: bool) -> Any:
    heads = k.integer("mamba_n_heads", default=128, least=1)
    given = k.values.get("mamba_d_head")
    head_dim = width // heads if given in (None, "auto") else k.integer("mamba_d_head")
    if heads * head_dim != width:
        raise ConfigError(f"{k.architecture}: {heads} heads of 'mamba_d_head' {head_dim} are not {width} channels")
    return mamba2(
        hidden,
        heads,
        head_dim,
        k.integer("mamba_d_state", default=256),
        k.integer("mamba_n_groups", default=1, least=1),
        k.integer("mamba_d_conv", default=4),
        conv_bias=k.flag("mamba_conv_bias", default=True),
        in_bias=k.flag("mamba_proj_bias", default=False),
        out_bias=out_bias,
        gated_norm=gated_norm,
    )


def granite_hybrid(k: Keys) -> Architecture:
    """Granite 4.0: Mamba-2 in nine of ten layers, a shared FFN in all, experts besides it in the larger models."""
    fields = stack_fields(k, tied=False)
    layers, hidden = fields["layers"], fields["hidden"]
    kinds = _kinds(k, layers, "layer_types", "layers_block_type")
    recurrent = layers if kinds is None else _mixed(k, kinds, _ATTENTION)
    bias = k.flag("attention_bias", default=False)
    shared = k.integer("shared_intermediate_size", default=1024)
    count = k.integer("num_local_experts", default=8)
    experts = None
    if count:
        experts = MixtureOfExperts(
            experts=count,
            top_k=k.integer("num_experts_per_tok", default=2),
            expert_ffn=k.integer("intermediate_size"),
            shared_experts=1 if shared else 0,
            shared_ffn=shared,
        )
    recurrence = None
    if recurrent:
        width = k.integer("mamba_expand", default=2) * hidden
        in_bias = k.flag("mamba_proj_bias", default=False)
        recurrence = _mamba2_of(k, hidden, width=width, gated_norm=True, out_bias=in_bias)
    return Architecture(
        **fields,
        ffn=shared,
        qkv_bias=bias,
        o_bias=bias,
        experts=experts,
        recurrence=recurrence,
        recurrent_layers=recurrent,
        without_attention=recurrent,
    )


def falcon_h1(k: Keys) -> Architecture:
    """Falcon-H1: attention and Mamba-2 side by side in every layer."""
    fields = stack_fields(k, tied=False)
    hidden: int = fields["hidden"]
    bias = k.flag("attention_bias", default=False)
    width = k.integer("mamba_d_ssm", default=k.integer("mamba_expand", default=2) * hidden)
    recurrence = _mamba2_of(
        k,
        hidden,
        width=width,
        gated_norm=k.flag("mamba_rms_norm", default=False),
        out_bias=k.flag("projectors_bias", default=False),
    )
    if k.flag("mlp_bias", default=False):
        raise ConfigError(f"{k.architecture}: 'mlp_bias' is not described here")
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        recurrence=recurrence,
        recurrent_layers=fields["layers"],
    )


def bamba(k: Keys) -> Architecture:
    """Bamba: Mamba-2 but in the layers that `attn_layer_indices` lists, a dense FFN in all."""
    fields = stack_fields(k, tied=False)
    layers, hidden = fields["layers"], fields["hidden"]
    bias = k.flag("attention_bias", default=False)
    full = k.integers("attn_layer_indices") or ()
    recurrent = layers - len({index for index in full if 0 <= index < layers})
    width = k.integer("mamba_expand", default=2) * hidden
    in_bias = k.flag("mamba_proj_bias", default=False)
    return Architecture(
        **fields,
        ffn=k.integer("intermediate_size"),
        qkv_bias=bias,
        o_bias=bias,
        ffn_bias=k.flag("mlp_bias", default=False),
        recurrence=_mamba2_of(k, hidden, width=width, gated_norm=True, out_bias=in_bias),
        recurrent_layers=recurrent,
        without_attention=recurrent,
    )


def lfm2(k: Keys) -> Architecture:
    """LFM2 and LFM2 MoE: gated short convolutions, attention with QK-norm in some layers."""
    tied = k.flag("tie_embedding", "tie_word_embeddings", default=True)
    fields = {**stack_fields(k, tied=True), "tied": tied}
    layers, hidden = fields["layers"], fields["hidden"]
    kinds = _kinds(k, layers, "layer_types")
    full = k.integers("full_attn_idxs")
    attending = layers if full is None else len({index for index in full if 0 <= index < layers})
    recurrent = layers - attending if kinds is None else _mixed(k, kinds, _ATTENTION)
    experts = None
    ffn = k.integer("block_ff_dim", "intermediate_size")
    if k.architecture.startswith("Lfm2Moe"):
        ffn = k.integer("intermediate_size")
        experts = MixtureOfExperts(
            experts=k.integer("num_experts"),
            top_k=k.integer("num_experts_per_tok"),
            expert_ffn=k.integer("moe_intermediate_size"),
            router_bias=k.flag("use_expert_bias", default=True),
            first_dense=k.integer("num_dense_layers", default=2),
        )
    elif k.flag("block_auto_adjust_ff_dim", default=True):
        multiple = k.integer("block_multiple_of", default=256, least=1)
        factor = k.values.get("block_ffn_dim_multiplier", 1.0)
        if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor <= 64:
            raise ConfigError(f"{k.architecture}: 'block_ffn_dim_multiplier' must be a number up to 64")
        ffn = multiple * -(-int(factor * (2 * ffn // 3)) // multiple)
    return Architecture(
        **fields,
        ffn=ffn,
        qk_norm=QKNorm.HEAD,
        experts=experts,
        recurrence=short_convolution(hidden, k.integer("conv_L_cache", default=3), bias=k.flag("conv_bias", default=False)),
        recurrent_layers=recurrent,
        without_attention=recurrent,
    )


def kimi_linear(k: Keys) -> Architecture:
    """Kimi Linear: Kimi Delta Attention in three of four layers, MLA in the fourth, DeepSeek's experts."""
    fields = stack_fields(k, tied=False)
    layers, heads = fields["layers"], fields["heads"]
    linear = k.section("linear_attn_config")
    full = linear.integers("full_attn_layers")
    kinds = _kinds(k, layers, "layer_types")
    if full is not None:
        recurrent = layers - len({layer for layer in full if 0 < layer <= layers})
    else:
        recurrent = layers - (layers - 1) // 4 if kinds is None else _mixed(k, kinds, _ATTENTION)
    latent = LatentAttention(
        kv_lora_rank=k.integer("kv_lora_rank", default=512),
        qk_nope_head_dim=k.integer("qk_nope_head_dim", default=128),
        qk_rope_head_dim=k.integer("qk_rope_head_dim", default=64),
        v_head_dim=k.integer("v_head_dim", default=128),
        q_lora_rank=k.optional("q_lora_rank"),
    )
    width = k.integer("moe_intermediate_size")
    shared = k.integer("num_shared_experts", "n_shared_experts", default=1)
    experts = MixtureOfExperts(
        experts=k.integer("num_experts", "num_local_experts"),
        top_k=k.integer("num_experts_per_token", "num_experts_per_tok", default=8),
        expert_ffn=width,
        shared_experts=shared,
        shared_ffn=shared * width,
        router_bias=True,
        first_dense=k.integer("first_k_dense_replace", default=1),
        every=k.integer("moe_layer_freq", default=1, least=1),
    )
    return Architecture(
        **{**fields, "kv_heads": heads, "head_dim": latent.qk_head_dim},
        ffn=k.integer("intermediate_size"),
        latent=latent,
        experts=experts,
        recurrence=delta_per_channel(
            fields["hidden"],
            linear.integer("num_heads", default=k.integer("linear_num_heads", default=32)),
            linear.integer("head_dim", default=k.integer("linear_head_dim", default=128)),
            linear.integer("short_conv_kernel_size", default=k.integer("linear_conv_kernel_dim", default=4)),
        ),
        recurrent_layers=recurrent,
        without_attention=recurrent,
    )
