"""Pipeline bubbles, batches, latency and throughput.

Times are in seconds, lengths in tokens, rates per second; a fraction of 0.05 is 5%.
"""

from __future__ import annotations

from stratlint.physics._guards import require_degree, require_non_negative, require_positive

# -- pipeline bubbles ------------------------------------------------------------------------------------------------


def bubble_over_ideal(pp: int, microbatches: int, virtual: int = 1) -> float:
    """Idle over ideal time of 1F1B or GPipe, (p-1)/(m*v).

    Source: Narayanan et al. 2021 (SC21) sections 2.2.1 and 2.2.2; `virtual` chunks per GPU shrink the bubble.
    """
    require_degree(pp=pp, microbatches=microbatches, virtual=virtual)
    return (pp - 1) / (microbatches * virtual)


def bubble_over_total(pp: int, microbatches: int, virtual: int = 1) -> float:
    """Idle over total time, (p-1)/(m*v + p-1): the GPipe paper's denominator (arXiv 1811.06965 section 2.3)."""
    require_degree(pp=pp, microbatches=microbatches, virtual=virtual)
    return (pp - 1) / (microbatches * virtual + pp - 1)


def bubble_readings(pp: int, microbatches: int, virtual: int = 1) -> tuple[float, float]:
    """Both denominators in use: idle over ideal, idle over total."""
    return bubble_over_ideal(pp, microbatches, virtual), bubble_over_total(pp, microbatches, virtual)


def bubble_time_1f1b(pp: int, forward: float, backward: float, virtual: int = 1) -> float:
    """Seconds a stage idles per step under 1F1B, (p-1)(F+B)/v.

    `forward` and `backward` are the times of one micro-batch in one whole stage; `backward` is the full backward pass
    (input and weight gradients).
    """
    require_degree(pp=pp, virtual=virtual)
    require_positive(forward=forward, backward=backward)
    return (pp - 1) * (forward + backward) / virtual


def bubble_time_zero_bubble(pp: int, forward: float, backward: float, weight_gradient: float) -> float:
    """Seconds a stage idles under ZB1P, (p-1)(F+B-2W). `backward` includes `weight_gradient`.

    Source: Qi et al. 2023 (arXiv 2401.10241); deepseek-ai/DualPipe README. Never below 0.
    """
    require_degree(pp=pp)
    require_positive(forward=forward, backward=backward, weight_gradient=weight_gradient)
    return max(0.0, (pp - 1) * (forward + backward - 2 * weight_gradient))


def bubble_time_dualpipe(pp: int, overlapped: float, backward: float, weight_gradient: float) -> float:
    """Seconds a stage idles under DualPipe, (p/2-1)(F&B + B - 3W); p must be even.

    `overlapped` (F&B) is the time of a forward and a backward chunk run together. Source: deepseek-ai/DualPipe README.
    """
    require_degree(pp=pp)
    if pp % 2:
        raise ValueError(f"DualPipe needs an even number of stages, got {pp}")
    require_positive(overlapped=overlapped, backward=backward, weight_gradient=weight_gradient)
    return max(0.0, (pp / 2 - 1) * (overlapped + backward - 3 * weight_gradient))


# -- batches ---------------------------------------------------------------------------------------------------------


def global_batch(micro_batch: float, accumulation: float, dp: float) -> float:
    """Sequences per optimizer step, B = b*m*d. For FSDP, d = shard x replicate; m counts the micro-batches."""
    require_positive(micro_batch=micro_batch, accumulation=accumulation, dp=dp)
    return micro_batch * accumulation * dp


def accumulation_steps(batch: float, micro_batch: float, dp: float) -> float:
    """Micro-batches per step and rank, m = B/(b*d). Fractional when the degrees do not divide the batch."""
    require_positive(batch=batch, micro_batch=micro_batch, dp=dp)
    return batch / (micro_batch * dp)


def tokens_per_step(batch: float, sequence: float) -> float:
    """Tokens per optimizer step, B*s. A "16M" batch is often 2^24."""
    require_positive(batch=batch, sequence=sequence)
    return batch * sequence


def steps(tokens: float, tokens_each: float) -> float:
    """Optimizer steps to consume `tokens`."""
    require_positive(tokens=tokens, tokens_each=tokens_each)
    return tokens / tokens_each


# -- latency and throughput ------------------------------------------------------------------------------------------


def total_latency(layers: float, per_layer: float, *, outside_layers: float = 0.0, hops: float = 0.0, hop: float = 0.0) -> float:
    """Seconds through the model: layers x time per layer, plus embedding and head, plus pipeline hops."""
    require_positive(layers=layers)
    require_non_negative(per_layer=per_layer, outside_layers=outside_layers, hops=hops, hop=hop)
    return layers * per_layer + outside_layers + hops * hop


def end_to_end_latency(ttft: float, tpot: float, output_tokens: float) -> float:
    """Seconds from request to last token, TTFT + (n-1)*TPOT: the first token comes with the prefill.

    Some authors write n*TPOT: `ttft + output_tokens * tpot` is the other reading.
    """
    require_non_negative(ttft=ttft, tpot=tpot)
    if output_tokens < 1:
        raise ValueError(f"output_tokens must be at least 1, got {output_tokens!r}")
    return ttft + (output_tokens - 1) * tpot


def time_per_output_token(latency: float, ttft: float, output_tokens: float) -> float:
    """TPOT in seconds from an end-to-end latency, (e2e - TTFT)/(n-1); needs at least two tokens."""
    require_non_negative(latency=latency, ttft=ttft)
    if output_tokens < 2:
        raise ValueError(f"output_tokens must be at least 2, got {output_tokens!r}")
    if ttft > latency:
        raise ValueError(f"ttft {ttft!r} exceeds the end-to-end latency {latency!r}")
    return (latency - ttft) / (output_tokens - 1)


def throughput(work: float, seconds: float, replicas: float = 1.0) -> float:
    """Work per second: sequences, or tokens = sequences x length, over the time of one unpipelined batch.

    Replicas add throughput and leave latency alone. In a filled pipeline the time is that of the slowest stage instead.
    """
    require_non_negative(work=work)
    require_positive(seconds=seconds, replicas=replicas)
    return replicas * work / seconds


def decode_throughput(batch: float, tpot: float, replicas: float = 1.0) -> float:
    """Output tokens per second of `batch` sequences that each gain a token every `tpot` seconds."""
    require_positive(batch=batch, tpot=tpot, replicas=replicas)
    return replicas * batch / tpot


def in_flight(arrival_rate: float, latency: float) -> float:
    """Little's law: requests (or tokens) in the system = rate x time each spends there.

    Stationary averages; source: Little 1961, Operations Research 9(3). More than batch x stages x replicas cannot be.
    """
    require_non_negative(arrival_rate=arrival_rate, latency=latency)
    return arrival_rate * latency


def goodput(rate: float, availability: float) -> float:
    """Useful rate when only a fraction `availability` (0..1) of the time does work that counts."""
    require_non_negative(rate=rate)
    if not 0 <= availability <= 1:
        raise ValueError(f"availability must lie in 0..1, got {availability!r}")
    return rate * availability


# -- roofline --------------------------------------------------------------------------------------------------------


def arithmetic_intensity(flops: float, bytes_moved: float) -> float:
    """FLOPs per byte moved from memory. Source: Williams et al. 2009 (roofline model)."""
    require_positive(flops=flops, bytes_moved=bytes_moved)
    return flops / bytes_moved


def roofline_time(flops: float, bytes_moved: float, peak: float, bandwidth: float) -> float:
    """Least seconds for `flops` and `bytes_moved`: the slower of compute and memory, perfectly overlapped."""
    require_non_negative(flops=flops, bytes_moved=bytes_moved)
    require_positive(peak=peak, bandwidth=bandwidth)
    return max(flops / peak, bytes_moved / bandwidth)


def ridge_point(peak: float, bandwidth: float) -> float:
    """FLOPs per byte above which a kernel is bound by compute, not by memory."""
    require_positive(peak=peak, bandwidth=bandwidth)
    return peak / bandwidth


def decode_floor(weight_bytes: float, kv_bytes: float, gpus: float, bandwidth: float, efficiency: float = 1.0) -> float:
    """Least seconds per decode step: weights and cache are read once through all GPUs' memory.

    `weight_bytes`: those the step touches, from the active weights (one sequence) to every expert (large batch); the
    active weights give the certain floor. `kv_bytes` of all sequences; `bandwidth` of one GPU in bytes/s.
    Weights held in caches or SRAM escape it. Source: jax-ml/scaling-book, tpus.md and inference.md.
    """
    require_positive(weight_bytes=weight_bytes, gpus=gpus, bandwidth=bandwidth, efficiency=efficiency)
    require_non_negative(kv_bytes=kv_bytes)
    return (weight_bytes + kv_bytes) / (gpus * bandwidth * efficiency)


def prefill_floor(
    active_parameters: float,
    tokens: float,
    gpus: float,
    peak: float,
    utilization: float = 1.0,
    *,
    extra_flops: float = 0.0,
) -> float:
    """Least seconds of a prefill: 2N FLOPs per prompt token over all GPUs.

    `active_parameters` should be the multiplied ones (without input embedding); `extra_flops` adds the attention core.
    """
    require_positive(active_parameters=active_parameters, tokens=tokens, gpus=gpus, peak=peak, utilization=utilization)
    require_non_negative(extra_flops=extra_flops)
    return (2 * active_parameters * tokens + extra_flops) / (gpus * peak * utilization)


def expected_experts_touched(experts: int, top_k: int, tokens: float) -> float:
    """Distinct experts of a layer that `tokens` uniformly routed tokens need, E*(1-(1-k/E)^n).

    The weights a decode step reads lie between top-k (one token) and all experts; real routing is skewed and touches
    fewer.
    """
    require_degree(experts=experts, top_k=top_k)
    require_non_negative(tokens=tokens)
    if top_k > experts:
        raise ValueError(f"top_k {top_k} exceeds the number of experts {experts}")
    return float(experts * (1.0 - (1.0 - top_k / experts) ** tokens))
