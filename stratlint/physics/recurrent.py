"""Layers that keep a state of constant size instead of keys and values: Mamba, linear attention, short convolutions.

Each function gives one layer: the elements of its matrices, its other parameters, and the elements of the state that it
keeps for every sequence. The shapes are those of the classes in transformers, which the published tensors have too.
"""

from __future__ import annotations

from dataclasses import dataclass

from stratlint.physics._guards import require_degree


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One recurrent layer, in elements.

    `weights` are multiplied with every token; `vectors` are kernels of convolutions, decays, biases and norms; `state`
    is kept for a sequence, however long it is (the last inputs of the convolution with it).
    """

    weights: int
    vectors: int
    state: int

    def __post_init__(self) -> None:
        require_degree(weights=self.weights, state=self.state)
        if self.vectors < 0:
            raise ValueError(f"vectors must not be negative, got {self.vectors}")

    @property
    def parameters(self) -> int:
        """All stored parameters of the layer, without the norm before it."""
        return self.weights + self.vectors


def mamba(hidden: int, width: int, state: int, rank: int, kernel: int, *, conv_bias: bool, bias: bool, normed: bool) -> Recurrence:
    """A Mamba layer of inner `width`, with `state` elements per channel and a time step of `rank`.

    `normed`: step, B and C each pass a norm (Jamba). Sources: Gu and Dao 2023 (arXiv 2312.00752) section 3.4;
    Jamba, arXiv 2403.19887.
    """
    require_degree(hidden=hidden, width=width, state=state, rank=rank, kernel=kernel)
    weights = 3 * hidden * width + width * (rank + 2 * state) + rank * width
    # The bias of the time step, D, and a decay for every element of the state.
    vectors = width * kernel + 2 * width + width * state
    vectors += (width if conv_bias else 0) + ((2 * width + hidden) if bias else 0) + ((rank + 2 * state) if normed else 0)
    return Recurrence(weights, vectors, width * (state + kernel))


def mamba2(
    hidden: int,
    heads: int,
    head_dim: int,
    state: int,
    groups: int,
    kernel: int,
    *,
    conv_bias: bool,
    in_bias: bool = False,
    out_bias: bool = False,
    gated_norm: bool = True,
) -> Recurrence:
    """A Mamba-2 layer: `heads` heads of `head_dim` channels, B and C of `state` elements in each of `groups` groups.

    Source: Dao and Gu 2024 (arXiv 2405.21060) section 7.
    """
    require_degree(hidden=hidden, heads=heads, head_dim=head_dim, state=state, groups=groups, kernel=kernel)
    width = heads * head_dim
    convolved = width + 2 * groups * state
    projected = width + convolved + heads
    vectors = convolved * (kernel + (1 if conv_bias else 0)) + 3 * heads
    vectors += (width if gated_norm else 0) + (projected if in_bias else 0) + (hidden if out_bias else 0)
    return Recurrence(hidden * (projected + width), vectors, width * state + convolved * kernel)


def gated_delta(hidden: int, key_heads: int, value_heads: int, key_dim: int, value_dim: int, kernel: int) -> Recurrence:
    """A Gated DeltaNet layer as in Qwen3-Next: one decay and one step a value head, an output gate and a gated norm.

    Source: Yang et al. 2024 (arXiv 2412.06464).
    """
    require_degree(hidden=hidden, key_heads=key_heads, value_heads=value_heads, key_dim=key_dim, value_dim=value_dim, kernel=kernel)
    keys, values = key_heads * key_dim, value_heads * value_dim
    convolved = 2 * keys + values
    weights = hidden * (convolved + values + 2 * value_heads) + values * hidden
    return Recurrence(weights, convolved * kernel + 2 * value_heads + value_dim, value_heads * key_dim * value_dim + convolved * kernel)


def delta_per_channel(hidden: int, heads: int, head_dim: int, kernel: int) -> Recurrence:
    """A Kimi Delta Attention layer: a decay per channel, whose projection and that of the gate have the rank of a head.

    Source: Kimi Linear, arXiv 2510.26692.
    """
    require_degree(hidden=hidden, heads=heads, head_dim=head_dim, kernel=kernel)
    width = heads * head_dim
    weights = 4 * hidden * width + 2 * head_dim * (hidden + width) + hidden * heads
    return Recurrence(weights, 3 * width * kernel + width + heads + head_dim, width * head_dim + 3 * width * kernel)


def lightning(hidden: int, heads: int, head_dim: int) -> Recurrence:
    """A layer of lightning attention (MiniMax-01): queries, keys, values, an output gate and a norm over the width.

    Source: MiniMax-01, arXiv 2501.08313, section 2.2.
    """
    require_degree(hidden=hidden, heads=heads, head_dim=head_dim)
    width = heads * head_dim
    return Recurrence(5 * hidden * width, width, width * head_dim)


def short_convolution(hidden: int, kernel: int, *, bias: bool) -> Recurrence:
    """A gated short convolution (LFM2): three projections in, one out, a kernel per channel."""
    require_degree(hidden=hidden, kernel=kernel)
    return Recurrence(4 * hidden * hidden, hidden * kernel + (5 * hidden if bias else 0), hidden * kernel)
