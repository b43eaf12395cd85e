"""Bubbles, batches and latencies: a simulated pipeline, published figures and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.schedule import (
    accumulation_steps,
    arithmetic_intensity,
    bubble_over_ideal,
    bubble_over_total,
    bubble_readings,
    bubble_time_1f1b,
    bubble_time_dualpipe,
    bubble_time_zero_bubble,
    decode_floor,
    decode_throughput,
    end_to_end_latency,
    expected_experts_touched,
    global_batch,
    goodput,
    in_flight,
    prefill_floor,
    ridge_point,
    roofline_time,
    steps,
    throughput,
    time_per_output_token,
    tokens_per_step,
    total_latency,
)

POSITIVE = st.floats(1e-6, 1e9)


def _pipeline_time(pp: int, microbatches: int, forward: int, backward: int) -> int:
    """Time of one GPipe step: all forwards down the stages, then all backwards up, as dependencies allow."""
    ready = [0] * pp
    for length, stages in ((forward, list(range(pp))), (backward, list(reversed(range(pp))))):
        for _ in range(microbatches):
            before = 0
            for stage in stages:
                ready[stage] = max(ready[stage], before) + length
                before = ready[stage]
    return max(ready)


@given(st.integers(1, 8), st.integers(1, 12))
def test_bubble_as_simulated(pp: int, microbatches: int) -> None:
    total = _pipeline_time(pp, microbatches, 1, 2)
    ideal = 3 * microbatches
    assert (total - ideal) / ideal == pytest.approx(bubble_over_ideal(pp, microbatches))
    assert (total - ideal) / total == pytest.approx(bubble_over_total(pp, microbatches))
    assert total - ideal == bubble_time_1f1b(pp, 1, 2)


@given(st.integers(1, 64), st.integers(1, 512), st.integers(1, 8))
def test_bubble_readings_agree_with_each_other(pp: int, microbatches: int, virtual: int) -> None:
    ideal, total = bubble_readings(pp, microbatches, virtual)
    assert total == pytest.approx(ideal / (1 + ideal))
    assert total <= ideal
    assert (ideal == 0) == (pp == 1)
    assert bubble_over_ideal(pp, microbatches, 2 * virtual) == pytest.approx(ideal / 2)


def test_bubbles_of_the_dualpipe_table() -> None:
    # deepseek-ai/DualPipe with F 1, B 2, W 1 and F&B 3 on 8 stages.
    assert bubble_time_1f1b(8, 1, 2) == 21
    assert bubble_time_zero_bubble(8, 1, 2, 1) == 7
    assert bubble_time_dualpipe(8, 3, 2, 1) == 6
    with pytest.raises(ValueError, match="even"):
        bubble_time_dualpipe(7, 3, 2, 1)


@given(st.integers(1, 64), st.integers(1, 256), st.integers(1, 512))
def test_batch_round_trip(micro: int, accumulation: int, dp: int) -> None:
    batch = global_batch(micro, accumulation, dp)
    assert accumulation_steps(batch, micro, dp) == accumulation
    assert steps(10 * tokens_per_step(batch, 4096), tokens_per_step(batch, 4096)) == 10


@given(st.floats(0, 100), st.floats(0, 10), st.integers(2, 10_000))
def test_latency_round_trip(ttft: float, tpot: float, tokens: int) -> None:
    latency = end_to_end_latency(ttft, tpot, tokens)
    assert time_per_output_token(latency, ttft, tokens) == pytest.approx(tpot, abs=1e-9 * (1 + latency))
    assert end_to_end_latency(ttft, tpot, 1) == ttft
    assert end_to_end_latency(ttft, tpot, tokens + 1) - latency == pytest.approx(tpot, abs=1e-9 * (1 + latency))


def test_impossible_latencies_are_refused() -> None:
    with pytest.raises(ValueError, match="exceeds"):
        time_per_output_token(1.0, 2.0, 10)
    with pytest.raises(ValueError, match="at least 2"):
        time_per_output_token(2.0, 1.0, 1)
    with pytest.raises(ValueError, match="at least 1"):
        end_to_end_latency(1.0, 1.0, 0)


@given(st.integers(1, 500), POSITIVE, st.integers(1, 64))
def test_littles_law_closes_the_loop(batch: int, tpot: float, replicas: int) -> None:
    rate = decode_throughput(batch, tpot, replicas)
    assert in_flight(rate, tpot) == pytest.approx(batch * replicas)
    assert throughput(batch, tpot, replicas) == pytest.approx(rate)
    assert throughput(batch, tpot) * replicas == pytest.approx(rate) == decode_throughput(batch, tpot) * replicas
    assert total_latency(80, tpot, hops=3, hop=1e-5) == pytest.approx(80 * tpot + 3e-5)


def test_decode_floor_of_the_scaling_book() -> None:
    # A 200B model in bf16 on 32 TPU v4p: at least 400 GB / (32 x 1.23 TB/s), about 10 ms a step.
    assert decode_floor(400e9, 0, 32, 1.23e12) == pytest.approx(10.2e-3, rel=0.01)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_roofline(flops: float, moved: float, peak: float, bandwidth: float) -> None:
    seconds = roofline_time(flops, moved, peak, bandwidth)
    bound_by_compute = arithmetic_intensity(flops, moved) >= ridge_point(peak, bandwidth)
    assert seconds == pytest.approx(flops / peak if bound_by_compute else moved / bandwidth)


@given(POSITIVE, POSITIVE, st.integers(1, 1024), POSITIVE, st.floats(0.1, 1.0))
def test_floors_scale_with_gpus_and_efficiency(work: float, tokens: float, gpus: int, rate: float, share: float) -> None:
    assert decode_floor(work, 0, gpus, rate, share) == pytest.approx(decode_floor(work, work, gpus, rate) / 2 / share)
    one = prefill_floor(work, tokens, 1, rate)
    assert prefill_floor(work, tokens, gpus, rate, share) == pytest.approx(one / gpus / share)
    assert prefill_floor(work, tokens, 1, rate, extra_flops=2 * work * tokens) == pytest.approx(2 * one)


@given(st.integers(1, 512), st.integers(1, 512), st.integers(0, 4096))
def test_experts_touched_lie_between_top_k_and_all(experts: int, top_k: int, tokens: int) -> None:
    if top_k > experts:
        with pytest.raises(ValueError, match="top_k"):
            expected_experts_touched(experts, top_k, tokens)
        return
    touched = expected_experts_touched(experts, top_k, tokens)
    assert touched <= experts
    assert touched <= expected_experts_touched(experts, top_k, tokens + 1) + 1e-9
    if tokens:
        assert touched >= top_k - 1e-9
    assert expected_experts_touched(experts, top_k, 1) == pytest.approx(top_k)


def test_goodput_is_at_most_the_rate() -> None:
    assert goodput(100.0, 0.95) == 95.0
    with pytest.raises(ValueError, match="availability"):
        goodput(100.0, 1.01)
