"""Collective communication: bytes each GPU sends, and the time a link needs for them.

Volumes are bytes one GPU sends in one direction (it receives as many). Bandwidths are bytes/s of one GPU in one
direction; a datasheet's total is both directions together. Times in seconds. Source of the bus factors: NVIDIA
nccl-tests doc/PERFORMANCE.md.
"""

from __future__ import annotations

import math
from enum import StrEnum

from stratlint.physics._guards import require_degree, require_non_negative, require_positive


class Collective(StrEnum):
    """The collective operations of distributed training and serving."""

    ALL_REDUCE = "all_reduce"
    ALL_GATHER = "all_gather"
    REDUCE_SCATTER = "reduce_scatter"
    ALL_TO_ALL = "all_to_all"
    BROADCAST = "broadcast"
    POINT_TO_POINT = "point_to_point"


class Algorithm(StrEnum):
    """How an all-reduce is carried out."""

    RING = "ring"
    """Bandwidth-optimal, 2(n-1) steps."""
    TREE = "tree"
    """The same bytes asymptotically (2S), about 2*log2(n) steps."""
    IN_NETWORK = "in_network"
    """The switch reduces (NVLS, SHARP): each GPU sends its payload once."""


def collective_volume(collective: Collective, payload: float, ranks: int, algorithm: Algorithm = Algorithm.RING) -> float:
    """Bytes each GPU sends for one collective over `ranks` GPUs.

    `payload` S is the full buffer: for all-reduce the tensor, for all-gather and reduce-scatter the assembled tensor,
    for all-to-all everything one GPU hands out including the part it keeps. Ring: all-reduce 2(n-1)/n*S, all-gather,
    reduce-scatter and all-to-all (n-1)/n*S, broadcast and point-to-point S. Tree and in-network concern all-reduce:
    2S and S. The hard floor of an all-reduce is therefore S. One rank sends nothing.
    """
    require_non_negative(payload=payload)
    require_degree(ranks=ranks)
    if algorithm is not Algorithm.RING and collective is not Collective.ALL_REDUCE:
        raise ValueError(f"{algorithm.value} describes an all-reduce, not {collective.value}")
    if ranks == 1:
        return 0.0
    share = (ranks - 1) / ranks
    if collective is Collective.ALL_REDUCE:
        return payload * {Algorithm.RING: 2 * share, Algorithm.TREE: 2.0, Algorithm.IN_NETWORK: 1.0}[algorithm]
    if collective in (Collective.BROADCAST, Collective.POINT_TO_POINT):
        return payload
    return payload * share


def collective_steps(collective: Collective, ranks: int, algorithm: Algorithm = Algorithm.RING) -> int:
    """Sequential message latencies of one collective: what remains of its time for a tiny payload."""
    require_degree(ranks=ranks)
    if ranks == 1:
        return 0
    if algorithm is Algorithm.IN_NETWORK:
        return 2
    if algorithm is Algorithm.TREE:
        return 2 * math.ceil(math.log2(ranks))
    if collective in (Collective.ALL_TO_ALL, Collective.POINT_TO_POINT):
        return 1
    return (2 if collective is Collective.ALL_REDUCE else 1) * (ranks - 1)


def collective_time(
    collective: Collective,
    payload: float,
    ranks: int,
    bandwidth: float,
    *,
    latency: float = 0.0,
    algorithm: Algorithm = Algorithm.RING,
) -> float:
    """Seconds of one collective: volume over bandwidth plus `latency` per step.

    `bandwidth` is that of the slowest link on the path, one direction: the network card's where the group spans nodes.
    With zero latency it is the floor no implementation beats at that bandwidth (with the algorithm's own volume).
    """
    require_positive(bandwidth=bandwidth)
    require_non_negative(latency=latency)
    steps = collective_steps(collective, ranks, algorithm)
    return collective_volume(collective, payload, ranks, algorithm) / bandwidth + latency * steps


def bus_bandwidth(collective: Collective, payload: float, ranks: int, seconds: float) -> float:
    """Bytes/s as nccl-tests prints "busbw": the ring volume over the time, comparable with the link's rate."""
    require_positive(payload=payload, seconds=seconds)
    return collective_volume(collective, payload, ranks) / seconds


def hierarchical_all_reduce_time(payload: float, gpus_per_node: int, nodes: int, intra_bandwidth: float, inter_bandwidth: float) -> float:
    """Seconds of a two-level all-reduce: reduce-scatter in the node, all-reduce of the shard between, all-gather.

    Bandwidths per GPU and direction, bytes/s.
    """
    require_positive(intra_bandwidth=intra_bandwidth, inter_bandwidth=inter_bandwidth)
    inside = 2 * collective_volume(Collective.ALL_GATHER, payload, gpus_per_node) / intra_bandwidth
    between = collective_volume(Collective.ALL_REDUCE, payload / gpus_per_node, nodes) / inter_bandwidth
    return inside + between


# -- by parallelism --------------------------------------------------------------------------------------------------


def tp_volume_per_layer(
    tokens: float,
    hidden: float,
    tp: int,
    *,
    bytes_per_element: float = 2.0,
    training: bool = False,
    parallel_block: bool = False,
) -> float:
    """Bytes each GPU sends per layer for tensor parallelism.

    Two all-reduces of tokens*h forward (one when attention and FFN run in parallel), as many again backward. Sequence
    parallelism replaces each by a reduce-scatter and an all-gather: the same volume. Source: Megatron-LM, arXiv
    1909.08053 section 3; Korthikanti et al. 2022 section 4.2.2. `tokens` is micro-batch x sequence, or the tokens of
    a decode step.
    """
    require_positive(tokens=tokens, hidden=hidden, bytes_per_element=bytes_per_element)
    reductions = (1 if parallel_block else 2) * (2 if training else 1)
    return reductions * collective_volume(Collective.ALL_REDUCE, tokens * hidden * bytes_per_element, tp)


def ep_volume_per_layer(
    tokens: float,
    hidden: float,
    top_k: int,
    ep: int,
    *,
    dispatch_bytes: float = 2.0,
    combine_bytes: float = 2.0,
    destinations: float | None = None,
    training: bool = False,
) -> float:
    """Bytes each GPU sends per MoE layer for expert parallelism: dispatch and combine all-to-alls.

    `tokens` are those one GPU owns. Each is sent `top_k` times, or `destinations` times where copies to the same rank
    or node are merged (group-limited routing: DeepSeek-V3 at most 4 nodes). Uniform routing keeps 1/ep of them at
    home. DeepSeek dispatches in fp8 (1 byte) and combines in bf16 (2 bytes). Training repeats both backward. Source:
    GShard, arXiv 2006.16668; DeepSeek-V3 paper section 3.2.2.
    """
    require_positive(tokens=tokens, hidden=hidden, dispatch_bytes=dispatch_bytes, combine_bytes=combine_bytes)
    require_degree(top_k=top_k)
    copies = float(top_k) if destinations is None else destinations
    require_positive(destinations=copies)
    if copies > top_k:
        raise ValueError(f"destinations {copies!r} cannot exceed top_k {top_k}")
    payload = tokens * copies * hidden * (dispatch_bytes + combine_bytes)
    return (2 if training else 1) * collective_volume(Collective.ALL_TO_ALL, payload, ep)


def dp_volume_per_step(parameters: float, dp: int, *, gradient_bytes: float = 2.0, weight_bytes: float = 2.0, zero_stage: int = 0) -> float:
    """Bytes each GPU sends per optimizer step for data parallelism of `parameters` parameters it holds.

    Stages 0..2: a reduce-scatter of gradients and an all-gather of gradients or updated weights, 2N in all at equal
    widths. Stage 3 gathers weights for the forward and again for the backward pass, 3N. Source: ZeRO, arXiv 1910.02054
    section 7. Per micro-batch instead when gradients are not accumulated locally.
    """
    require_positive(parameters=parameters, gradient_bytes=gradient_bytes, weight_bytes=weight_bytes)
    if zero_stage not in (0, 1, 2, 3):
        raise ValueError(f"ZeRO stage must be 0, 1, 2 or 3, got {zero_stage!r}")
    reduce = collective_volume(Collective.REDUCE_SCATTER, parameters * gradient_bytes, dp)
    spread = gradient_bytes if zero_stage == 0 else weight_bytes
    gather = collective_volume(Collective.ALL_GATHER, parameters * spread, dp)
    return reduce + gather * (2 if zero_stage == 3 else 1)


def pp_volume_per_step(
    tokens: float,
    hidden: float,
    pp: int,
    microbatches: int,
    *,
    virtual: int = 1,
    bytes_per_element: float = 2.0,
    training: bool = True,
) -> float:
    """Bytes an inner pipeline stage sends per step: activations on, and gradients back when training.

    tokens*h per boundary and micro-batch, `virtual` times with interleaving. `tokens` is micro-batch x sequence.
    One stage sends nothing.
    """
    require_positive(tokens=tokens, hidden=hidden, bytes_per_element=bytes_per_element)
    require_degree(pp=pp, microbatches=microbatches, virtual=virtual)
    if pp == 1:
        return 0.0
    return (2 if training else 1) * tokens * hidden * bytes_per_element * microbatches * virtual


def cp_volume_per_layer(tokens: float, kv_width: float, cp: int, *, bytes_per_element: float = 2.0) -> float:
    """Bytes each GPU sends per layer of ring attention, forward: its keys and values visit every other rank.

    `tokens` are those one GPU owns, `kv_width` is kv_heads x head_dim. Source: Ring Attention, arXiv 2310.01889.
    """
    require_positive(tokens=tokens, kv_width=kv_width, bytes_per_element=bytes_per_element)
    require_degree(cp=cp)
    return (cp - 1) * 2 * tokens * kv_width * bytes_per_element
