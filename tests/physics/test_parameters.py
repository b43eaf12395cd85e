"""Parameter counts: against every published count, against the tensors of a model, and against their own laws."""

from dataclasses import replace
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, Norm, QKNorm
from stratlint.physics.compute import matmul_parameters
from stratlint.physics.memory import kv_bytes_per_token
from stratlint.physics.parameters import (
    active_parameters,
    count_parameters,
    expert_parameters,
    ffn_parameters,
    gpt_parameters,
    gpt_parameters_exact,
    mtp_parameters,
    parameter_readings,
    parameters_per_gpu,
)

WIDTHS = st.integers(1, 64)


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    kv_heads = draw(st.integers(1, 4))
    heads = kv_heads * draw(st.integers(1, 4))
    layers = draw(st.integers(1, 8))
    latent = draw(st.none() | st.builds(LatentAttention, WIDTHS, WIDTHS, WIDTHS, WIDTHS, q_lora_rank=st.none() | WIDTHS))
    moe = None
    if draw(st.booleans()):
        experts = draw(st.integers(1, 16))
        every = draw(st.integers(1, 3))
        moe = MixtureOfExperts(
            experts=experts,
            top_k=draw(st.integers(1, experts)),
            expert_ffn=draw(WIDTHS),
            matrices=draw(st.sampled_from([2, 3])),
            shared_experts=1,
            shared_ffn=draw(st.integers(0, 64)),
            shared_gate=draw(st.booleans()),
            router_bias=draw(st.booleans()),
            expert_bias=draw(st.booleans()),
            first_dense=draw(st.integers(0, layers)),
            every=every,
            offset=draw(st.integers(0, every - 1)),
            dense_layers=tuple(draw(st.sets(st.integers(0, layers - 1)))),
        )
    return Architecture(
        layers=layers,
        hidden=draw(WIDTHS),
        heads=heads,
        kv_heads=heads if latent else kv_heads,
        head_dim=latent.qk_head_dim if latent else draw(WIDTHS),
        ffn=draw(WIDTHS),
        vocab=draw(WIDTHS),
        ffn_matrices=draw(st.sampled_from([2, 3])),
        tied=draw(st.booleans()),
        norm=draw(st.sampled_from(Norm)),
        norms_per_layer=draw(st.integers(0, 4)),
        final_norm=draw(st.booleans()),
        embedding_norm=draw(st.booleans()),
        positions=draw(st.integers(0, 64)),
        embedding_width=draw(st.none() | WIDTHS),
        qkv_bias=draw(st.booleans()),
        o_bias=draw(st.booleans()),
        ffn_bias=draw(st.booleans()),
        head_bias=draw(st.booleans()),
        qk_norm=QKNorm.NONE if latent else draw(st.sampled_from(QKNorm)),
        sinks=draw(st.booleans()),
        latent=latent,
        experts=moe,
    )


def _linear(rows: int, columns: int, bias: bool) -> list[tuple[int, ...]]:
    return [(rows, columns), *([(rows,)] if bias else [])]


def _ffn_tensors(hidden: int, width: int, matrices: int, bias: bool) -> list[tuple[int, ...]]:
    tensors: list[tuple[int, ...]] = []
    for _ in range(matrices - 1):
        tensors += _linear(width, hidden, bias)
    return tensors + _linear(hidden, width, bias)


def _attention_tensors(a: Architecture) -> list[tuple[int, ...]]:
    tensors: list[tuple[int, ...]] = [(a.heads,)] if a.sinks else []
    m = a.latent
    if m is None:
        tensors += _linear(a.heads * a.head_dim, a.hidden, a.qkv_bias)
        tensors += 2 * _linear(a.kv_heads * a.head_dim, a.hidden, a.qkv_bias)
        tensors += _linear(a.hidden, a.heads * a.head_dim, a.o_bias)
        if a.qk_norm is not QKNorm.NONE:
            widths = (1, 1) if a.qk_norm is QKNorm.HEAD else (a.heads, a.kv_heads)
            vectors = 1 if a.qk_norm is QKNorm.WIDTH_WEIGHT else a.norm.vectors
            tensors += [(width * a.head_dim,) for width in widths for _ in range(vectors)]
        return tensors
    queries = a.heads * (m.qk_nope_head_dim + m.qk_rope_head_dim)
    if m.q_lora_rank is None:
        tensors += [(queries, a.hidden)]
    else:
        tensors += [*_linear(m.q_lora_rank, a.hidden, a.qkv_bias), (m.q_lora_rank,), (queries, m.q_lora_rank)]
    tensors += [*_linear(m.kv_lora_rank + m.qk_rope_head_dim, a.hidden, a.qkv_bias), (m.kv_lora_rank,)]
    tensors += [(a.heads * (m.qk_nope_head_dim + m.v_head_dim), m.kv_lora_rank)]
    return tensors + _linear(a.hidden, a.heads * m.v_head_dim, a.o_bias)


def tensors_of(a: Architecture, *, experts: int | None = None) -> list[tuple[int, ...]]:
    """Every tensor of the model, layer by layer; `experts` limits the routed ones to what a token uses."""
    width = a.embedding_width or a.hidden
    norm: list[tuple[int, ...]] = [(a.hidden,)] * a.norm.vectors
    tensors: list[tuple[int, ...]] = [(a.vocab, width), (a.positions, a.hidden)]
    if width != a.hidden:
        tensors += [(a.hidden, width), (width, a.hidden)]
    tensors += norm * (a.embedding_norm + a.final_norm)
    if not a.tied:
        tensors.append((a.vocab, width))
    if a.head_bias:
        tensors.append((a.vocab,))
    for layer in range(a.layers):
        tensors += _attention_tensors(a) + norm * a.norms_per_layer
        moe = a.experts
        if moe is None or not moe.has_experts(layer):
            tensors += _ffn_tensors(a.hidden, a.ffn, a.ffn_matrices, a.ffn_bias)
            continue
        tensors += _linear(moe.experts, a.hidden, moe.router_bias)
        used = moe.experts if experts is None else experts
        tensors += used * _ffn_tensors(a.hidden, moe.expert_ffn, moe.matrices, moe.expert_bias)
        if moe.shared_ffn:
            tensors += _ffn_tensors(a.hidden, moe.shared_ffn, moe.matrices, moe.expert_bias)
            tensors += [(1, a.hidden)] if moe.shared_gate else []
    return tensors


@given(architectures())
def test_total_is_the_sum_over_all_tensors(architecture: Architecture) -> None:
    assert count_parameters(architecture).total == sum(map(prod, tensors_of(architecture)))


@given(architectures())
def test_active_is_the_sum_over_the_tensors_of_one_token(architecture: Architecture) -> None:
    top_k = architecture.experts.top_k if architecture.experts else None
    active = active_parameters(architecture)
    assert active.with_embedding_and_head == sum(map(prod, tensors_of(architecture, experts=top_k)))
    largest, middle, least = active.readings
    assert largest >= middle >= least >= 0
    if architecture.tied and not architecture.head_bias:
        assert middle == least


@given(architectures())
def test_one_token_meets_every_matrix_but_the_lookups(architecture: Architecture) -> None:
    a = architecture
    top_k = a.experts.top_k if a.experts else None
    matrices = sum(prod(shape) for shape in tensors_of(a, experts=top_k) if len(shape) == 2)
    table = a.vocab * (a.embedding_width or a.hidden)
    # The lookups multiply nothing; a tied head is stored once, as the lookup, and multiplied.
    met = matrices - a.positions * a.hidden - table + (table if a.tied else 0)
    assert matmul_parameters(a) == met
    assert matmul_parameters(a, head=False) == met - table
    gates = 0
    if a.experts:
        gates = a.moe_layers * a.hidden * (a.experts.experts + (a.experts.shared_gate and a.experts.shared_ffn > 0))
    assert matmul_parameters(a, router=False) == met - gates


@given(st.integers(0, 12), st.integers(1, 4), st.integers(0, 3), st.sets(st.integers(-1, 14)), st.integers(1, 12))
def test_mixture_layers_are_counted_as_they_are_placed(first_dense: int, every: int, offset: int, some: set[int], total: int) -> None:
    regular = MixtureOfExperts(4, 2, 8, first_dense=first_dense, every=every, offset=offset % every, dense_layers=tuple(some))
    listed = MixtureOfExperts(4, 2, 8, listed=tuple(some))
    for moe in (regular, listed):
        assert moe.layers(total) == sum(moe.has_experts(layer) for layer in range(total))


@given(architectures())
def test_components_are_disjoint_and_complete(architecture: Architecture) -> None:
    p = count_parameters(architecture)
    parts = (p.embedding, p.head, p.positions, p.attention, p.dense_ffn)
    assert sum(parts) + p.routed_experts + p.shared_experts + p.router + p.norms == p.total
    assert p.total - p.non_embedding == p.embedding + p.head + p.positions
    assert p.without_head == p.total - p.head


@given(architectures(), st.integers(1, 8), st.integers(1, 8), st.integers(1, 8), st.integers(1, 4))
def test_shards_put_together_are_the_model(architecture: Architecture, tp: int, pp: int, ep: int, shard: int) -> None:
    p = count_parameters(architecture)
    share = parameters_per_gpu(p, tp=tp, pp=pp, ep=ep, shard=shard)
    assert parameters_per_gpu(p) == pytest.approx(p.total)
    experts = parameters_per_gpu(replace(p, **dict.fromkeys(_NOT_EXPERTS, 0)), tp=tp, pp=pp, ep=ep, shard=shard)
    assert experts * ep * pp * shard + (share - experts) * tp * pp * shard == pytest.approx(p.total)


_NOT_EXPERTS = ("embedding", "head", "positions", "attention", "dense_ffn", "shared_experts", "router", "norms")


@given(architectures())
def test_readings_contain_the_described_model(architecture: Architecture) -> None:
    if architecture.experts is not None:
        uniform = replace(architecture.experts, matrices=architecture.ffn_matrices)
        architecture = replace(architecture, experts=uniform)
    readings = {(r.ffn_matrices, r.tied): r.total for r in parameter_readings(architecture)}
    assert len(readings) == 4
    assert readings[architecture.ffn_matrices, architecture.tied] == count_parameters(architecture).total


@given(st.integers(1, 100), st.integers(1, 200), st.integers(1, 5000), st.integers(1, 5000))
def test_closed_form_is_the_gpt_architecture(layers: int, head_dim: int, vocab: int, sequence: int) -> None:
    hidden = 4 * head_dim
    gpt = Architecture(
        layers, hidden, 4, 4, head_dim, 4 * hidden, vocab, ffn_matrices=2, tied=True, norm=Norm.LAYER,
        positions=sequence, qkv_bias=True, o_bias=True, ffn_bias=True,
    )  # fmt: skip
    exact = gpt_parameters_exact(layers, hidden, vocab, sequence)
    assert count_parameters(gpt).total == exact
    assert exact - gpt_parameters(layers, hidden, vocab, sequence) == 2 * hidden
    printed = 12 * layers * hidden**2 * (1 + 13 / (12 * hidden) + (vocab + sequence) / (12 * layers * hidden))
    assert gpt_parameters(layers, hidden, vocab, sequence) == pytest.approx(printed)


def _from_row(row: dict[str, Any]) -> Architecture:
    moe, latent = row.get("moe"), row.get("mla")
    return Architecture(
        layers=row["layers"],
        hidden=row["hidden"],
        heads=row["heads"],
        kv_heads=row["kv_heads"],
        head_dim=row["head_dim"],
        ffn=row["ffn"] or 0,
        vocab=row["vocab"],
        ffn_matrices=row["ffn_matrices"],
        tied=row["tied"],
        norm=Norm(row["norm"]),
        norms_per_layer=row["norms_per_layer"],
        embedding_norm=row.get("embed_norm", False),
        positions=row.get("pos_emb", 0),
        qkv_bias=row.get("attn_qkv_bias", False),
        o_bias=row.get("attn_o_bias", False),
        ffn_bias=row.get("mlp_bias", False),
        head_bias=row.get("lm_head_bias", False),
        qk_norm=QKNorm(row.get("qk_norm") or "none"),
        sinks=row.get("attn_sinks", False),
        latent=LatentAttention(**latent) if latent else None,
        experts=None
        if not moe
        else MixtureOfExperts(
            experts=moe["experts"],
            top_k=moe["top_k"],
            expert_ffn=moe["expert_ffn"],
            matrices=moe["expert_matrices"],
            shared_experts=moe.get("shared_experts", 0),
            shared_ffn=moe.get("shared_ffn", 0),
            router_bias=moe.get("router_bias", False),
            expert_bias=moe.get("expert_bias", False),
            first_dense=moe["first_dense"],
            every=moe["moe_every"],
            offset=moe.get("moe_offset", 0),
        ),
    )


def test_every_measured_model_is_exact(shared_models: list[dict[str, Any]]) -> None:
    wrong: list[str] = []
    exact = 0
    for row in shared_models:
        architecture = _from_row(row)
        parts, active = count_parameters(architecture), active_parameters(architecture)
        published, measured = row["published"], row["computed"]
        if "total" in published and not published.get("rounded"):
            exact += 1
            if parts.total != published["total"]:
                wrong.append(f"{row['name']}: {parts.total}, published {published['total']}")
        found = {
            "total": parts.total,
            "without_head": parts.without_head,
            "non_embedding": parts.non_embedding,
            "kv_cache_bytes_per_token_16bit": kv_bytes_per_token(architecture),
            "active": active.with_embedding_and_head,
            "active_without_input_embedding": active.without_input_embedding,
            "active_without_embedding_and_head": active.without_embedding_and_head,
            "params_per_expert": expert_parameters(architecture),
            "moe_layers": architecture.moe_layers,
        }
        wrong += [
            f"{row['name']}: {key} {found[key]}, measured {value}"
            for key, value in measured.items()
            if key in found and found[key] != value
        ]
    assert wrong == []
    assert exact >= 55


def test_multi_token_prediction_module_of_deepseek_v3(published_rows: list[dict[str, Any]], shared_models: list[dict[str, Any]]) -> None:
    row = next(row for row in published_rows if row["id"] == "dsv3-mtp-fields")
    model = next(model for model in shared_models if model["name"] == "deepseek-v3")
    assert mtp_parameters(_from_row(model)) == row["figures"]["mtp_with_eh_proj"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"layers": 0}, "layers"),
        ({"kv_heads": 3}, "kv_heads"),
        ({"ffn": 0}, "ffn"),
        ({"ffn_matrices": 4}, "ffn_matrices"),
        ({"windowed_layers": 1}, "window"),
        ({"vocab": -1}, "vocab"),
    ],
)
def test_an_impossible_shape_is_refused_by_name(changes: dict[str, int], named: str) -> None:
    sound = Architecture(2, 8, 4, 2, 2, 16, 32)
    with pytest.raises(ValueError, match=named):
        replace(sound, **changes)  # type: ignore[arg-type]


def test_ffn_matrices_must_be_two_or_three() -> None:
    with pytest.raises(ValueError, match="matrices"):
        ffn_parameters(8, 16, 1)
    with pytest.raises(ValueError, match="top_k"):
        MixtureOfExperts(4, 5, 8)
