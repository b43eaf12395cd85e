"""Collectives: the bytes a simulated ring moves, and the laws between operations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.communication import (
    Algorithm,
    Collective,
    bus_bandwidth,
    collective_steps,
    collective_time,
    collective_volume,
    cp_volume_per_layer,
    dp_volume_per_step,
    ep_volume_per_layer,
    hierarchical_all_reduce_time,
    pp_volume_per_step,
    tp_volume_per_layer,
)

PAYLOADS = st.floats(1.0, 1e12)
RANKS = st.integers(1, 512)


def _ring_all_reduce(ranks: int, chunk: float) -> tuple[float, int]:
    """Bytes one rank sends and steps taken until every rank has every chunk of every rank, simulated."""
    held = [[{rank} for _ in range(ranks)] for rank in range(ranks)]
    sent, steps = 0.0, 0
    for step in range(2 * (ranks - 1)):
        reducing = step < ranks - 1
        moves = []
        for rank in range(ranks):
            index = (rank - step) % ranks if reducing else (rank + 1 - (step - ranks + 1)) % ranks
            moves.append(((rank + 1) % ranks, index, set(held[rank][index])))
        for target, index, contributions in moves:
            held[target][index] = held[target][index] | contributions if reducing else contributions
        sent, steps = sent + chunk, steps + 1
    assert all(len(contributions) == ranks for chunks in held for contributions in chunks)
    return sent, steps


@given(st.integers(2, 9), st.floats(1.0, 1e6))
def test_ring_all_reduce_as_simulated(ranks: int, payload: float) -> None:
    sent, steps = _ring_all_reduce(ranks, payload / ranks)
    assert collective_volume(Collective.ALL_REDUCE, payload, ranks) == pytest.approx(sent)
    assert collective_steps(Collective.ALL_REDUCE, ranks) == steps


@given(PAYLOADS, RANKS)
def test_all_reduce_is_reduce_scatter_and_all_gather(payload: float, ranks: int) -> None:
    parts = sum(collective_volume(part, payload, ranks) for part in (Collective.REDUCE_SCATTER, Collective.ALL_GATHER))
    assert collective_volume(Collective.ALL_REDUCE, payload, ranks) == pytest.approx(parts)


@given(PAYLOADS, st.integers(2, 512))
def test_in_network_is_the_floor_and_tree_the_limit(payload: float, ranks: int) -> None:
    volumes = {a: collective_volume(Collective.ALL_REDUCE, payload, ranks, a) for a in Algorithm}
    assert volumes[Algorithm.IN_NETWORK] == payload <= volumes[Algorithm.RING] < volumes[Algorithm.TREE] == 2 * payload
    if ranks > 2:
        steps = {a: collective_steps(Collective.ALL_REDUCE, ranks, a) for a in Algorithm}
        assert steps[Algorithm.IN_NETWORK] <= steps[Algorithm.TREE] <= steps[Algorithm.RING]


@pytest.mark.parametrize("collective", list(Collective))
def test_one_rank_sends_nothing(collective: Collective) -> None:
    assert collective_volume(collective, 1e9, 1) == 0
    assert collective_time(collective, 1e9, 1, 1.0, latency=1.0) == 0


@pytest.mark.parametrize("algorithm", [Algorithm.TREE, Algorithm.IN_NETWORK])
def test_only_all_reduce_has_algorithms(algorithm: Algorithm) -> None:
    with pytest.raises(ValueError, match="all_gather"):
        collective_volume(Collective.ALL_GATHER, 1e9, 8, algorithm)


@given(st.sampled_from(Collective), PAYLOADS, st.integers(2, 64), st.floats(1e6, 1e12))
def test_bus_bandwidth_inverts_the_time(collective: Collective, payload: float, ranks: int, bandwidth: float) -> None:
    seconds = collective_time(collective, payload, ranks, bandwidth)
    assert bus_bandwidth(collective, payload, ranks, seconds) == pytest.approx(bandwidth)
    slower = collective_time(collective, payload, ranks, bandwidth, latency=1e-6)
    assert slower - seconds == pytest.approx(1e-6 * collective_steps(collective, ranks), rel=1e-3, abs=1e-9 * seconds)


@given(PAYLOADS, st.integers(1, 8), st.integers(1, 64))
def test_two_levels_at_one_speed_are_one_ring(payload: float, gpus: int, nodes: int) -> None:
    flat = collective_time(Collective.ALL_REDUCE, payload, gpus * nodes, 1e9)
    assert hierarchical_all_reduce_time(payload, gpus, nodes, 1e9, 1e9) == pytest.approx(flat, rel=1e-9, abs=1e-15)


@given(st.integers(1, 1 << 20), st.integers(1, 16384), st.sampled_from([1, 2, 4, 8]))
def test_tensor_parallel_volume(tokens: int, hidden: int, tp: int) -> None:
    forward = tp_volume_per_layer(tokens, hidden, tp)
    assert forward == pytest.approx(2 * 2 * (tp - 1) / tp * tokens * hidden * 2)
    assert tp_volume_per_layer(tokens, hidden, tp, training=True) == pytest.approx(2 * forward)
    assert tp_volume_per_layer(tokens, hidden, tp, parallel_block=True) == pytest.approx(forward / 2)


def test_expert_dispatch_of_deepseek_v3() -> None:
    # Per token: eight copies of 7168 in fp8 out and in bf16 back, less the share that stays at home.
    volume = ep_volume_per_layer(1, 7168, 8, 64, dispatch_bytes=1, combine_bytes=2)
    assert volume == pytest.approx(8 * 7168 * 3 * 63 / 64)
    limited = ep_volume_per_layer(1, 7168, 8, 64, dispatch_bytes=1, combine_bytes=2, destinations=4)
    assert limited == pytest.approx(volume / 2)
    with pytest.raises(ValueError, match="top_k"):
        ep_volume_per_layer(1, 7168, 8, 64, destinations=9)


@given(st.floats(1e6, 1e12), st.integers(1, 512))
def test_data_parallel_volume(parameters: float, dp: int) -> None:
    plain = dp_volume_per_step(parameters, dp)
    assert plain == pytest.approx(collective_volume(Collective.ALL_REDUCE, 2 * parameters, dp))
    assert dp_volume_per_step(parameters, dp, zero_stage=3) == pytest.approx(1.5 * plain)
    # fp32 gradients, bf16 weights: the sharded optimizer gathers the narrower weights.
    assert dp_volume_per_step(parameters, dp, gradient_bytes=4, zero_stage=1) == pytest.approx(1.5 * plain)


@given(st.integers(1, 4096), st.integers(1, 16), st.integers(1, 32), st.integers(1, 4))
def test_pipeline_and_context_volume(tokens: int, pp: int, microbatches: int, virtual: int) -> None:
    volume = pp_volume_per_step(tokens, 512, pp, microbatches, virtual=virtual)
    assert volume == (0 if pp == 1 else 2 * tokens * 512 * 2 * microbatches * virtual)
    gathered = collective_volume(Collective.ALL_GATHER, 2 * tokens * pp * 128 * 2, pp)
    assert cp_volume_per_layer(tokens, 128, pp) == pytest.approx(gathered)
