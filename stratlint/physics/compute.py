"""FLOPs, utilization, training time, cost and energy.

FLOP counts are numbers of operations, with a fused multiply-add counted as two; rates and peaks are in FLOP/s;
times in seconds unless a name says hours.
"""

from __future__ import annotations

from enum import StrEnum

from stratlint.physics._guards import require_non_negative, require_positive
from stratlint.physics.activations import Recompute
from stratlint.physics.architecture import Architecture
from stratlint.physics.parameters import attention_weights

SECONDS_PER_HOUR = 3600.0
JOULES_PER_KWH = 3.6e6


class AttentionMask(StrEnum):
    """How the arithmetic of the attention core is counted; both are in use."""

    FULL = "full"
    """Every token attends to all s tokens: PaLM, Mosaic llm-foundry, Megatron-LM until mid-2025."""
    CAUSAL = "causal"
    """Only the lower triangle, on average s/2 tokens: Megatron-LM and maxtext since mid-2025."""


def matmul_flops(m: float, n: float, k: float) -> float:
    """FLOPs of an (m x k) by (k x n) matrix product, 2*m*n*k. Half of it in multiply-accumulates (MACs)."""
    require_positive(m=m, n=n, k=k)
    return 2 * m * n * k


def matmul_parameters(architecture: Architecture, *, head: bool = True, router: bool = True) -> int:
    """Weights one token is multiplied with: attention, recurrent layers, FFN, top-k and shared experts, router, output head.

    Lookups (embedding, positions), biases and norms do no matrix product and are left out; a tied head is counted,
    since its product is computed. `head=False` leaves the head out, as some authors do; `router=False` the router, as
    Megatron-LM's num_floating_point_operations does (0.3% of DeepSeek-V3).
    """
    a = architecture
    moe = a.experts
    count = a.attention_layers * attention_weights(a) + a.dense_layers * a.ffn_matrices * a.hidden * a.ffn
    if a.latent is not None:
        count -= a.without_indexer * a.latent.index_weights(a.hidden)
    if a.recurrence is not None:
        count += a.recurrent_layers * a.recurrence.weights
    if moe is not None:
        chosen = moe.top_k * moe.matrices * moe.expert_ffn * (moe.latent or a.hidden) + 2 * moe.latent * a.hidden
        gates = (moe.experts + (1 if moe.shared_gate and moe.shared_ffn else 0)) if router else 0
        count += a.moe_layers * (chosen + a.hidden * (moe.matrices * moe.shared_ffn + gates))
    outer = a.embedding_width or a.hidden
    if outer != a.hidden:
        count += 2 * outer * a.hidden
    return count + (a.vocab * outer if head else 0)


def mean_context(sequence: float, mask: AttentionMask, window: int | None = None) -> float:
    """Tokens a token attends to on average in a sequence of `sequence` tokens.

    Full: s, or the window. Causal: s/2; with a window w < s, w - w^2/(2s) (the ramp of the first w tokens, then w).
    """
    require_positive(sequence=sequence)
    if window is None or window >= sequence:
        return sequence if mask is AttentionMask.FULL else sequence / 2
    return float(window) if mask is AttentionMask.FULL else window - window**2 / (2 * sequence)


def attention_flops_per_token(architecture: Architecture, sequence: float, mask: AttentionMask = AttentionMask.CAUSAL) -> float:
    """Forward FLOPs per token of the attention core (scores and weighted sum), over all layers.

    4*s*H*d a layer with the full mask, half of it causal; MLA uses its query-key and value head widths. The projections
    are in `matmul_parameters`. Softmax is left out, as everyone does, and so is the update of a recurrent state, some
    four operations for each of its elements. Source: PaLM appendix B (arXiv 2204.02311).
    """
    a = architecture
    widths = 2 * a.head_dim if a.latent is None else a.latent.qk_head_dim + a.latent.v_head_dim
    context = (a.attention_layers - a.windowed_layers) * mean_context(sequence, mask)
    if a.windowed_layers:
        context += a.windowed_layers * mean_context(sequence, mask, a.window)
    return 2 * a.heads * widths * context


def forward_flops_per_token(architecture: Architecture, sequence: float | None = None, mask: AttentionMask = AttentionMask.CAUSAL) -> float:
    """Forward FLOPs per token: 2 per multiplied weight, plus the attention core at `sequence` tokens when given
    ."""
    core = 0.0 if sequence is None else attention_flops_per_token(architecture, sequence, mask)
    return 2 * matmul_parameters(architecture) + core


def training_flops_per_token(
    architecture: Architecture,
    sequence: float | None = None,
    mask: AttentionMask = AttentionMask.CAUSAL,
    recompute: Recompute = Recompute.NONE,
) -> float:
    """FLOPs per token of one training step: three forwards, backward costing two.

    Without recomputation this is the model FLOP count MFU uses. Full recomputation adds a fourth forward of the layers
    (not of the head); selective adds one forward of the attention core. Source: Korthikanti et al. 2022 section 5.
    """
    forward = forward_flops_per_token(architecture, sequence, mask)
    core = 0.0 if sequence is None else attention_flops_per_token(architecture, sequence, mask)
    if recompute is Recompute.FULL:
        return 3 * forward + 2 * matmul_parameters(architecture, head=False) + core
    return 3 * forward + (core if recompute is Recompute.SELECTIVE else 0.0)


def flops_per_token_rule(active_parameters: float, *, training: bool = True, recompute: bool = False) -> float:
    """FLOPs per token by the rule of thumb: 2N forward, 6N training, 8N with full recomputation.

    `active_parameters` of a mixture, never its total. LoRA needs about 4N: frozen weights have no weight gradient.
    Source: Kaplan et al. 2020 (arXiv 2001.08361).
    """
    require_positive(active_parameters=active_parameters)
    if not training:
        return 2 * active_parameters
    return (8 if recompute else 6) * active_parameters


def palm_flops_per_token(parameters: float, layers: float, heads: float, head_dim: float, sequence: float) -> float:
    """Training FLOPs per token 6N + 12*L*H*d*s, full attention. Source: PaLM appendix B (arXiv 2204.02311)."""
    require_positive(parameters=parameters, layers=layers, heads=heads, head_dim=head_dim, sequence=sequence)
    return 6 * parameters + 12 * layers * heads * head_dim * sequence


def sc21_flops_per_iteration(batch: float, sequence: float, layers: float, hidden: float, vocab: float, *, recompute: bool = True) -> float:
    """FLOPs of one iteration of a GPT model, 96*B*s*L*h^2*(1 + s/(6h) + V/(16Lh)).

    With recomputation of every layer; without it the leading factor is 72 and the last term V/(12Lh).
    Source: Narayanan et al. 2021 (SC21, arXiv 2104.04473) equation 3.
    """
    require_positive(batch=batch, sequence=sequence, layers=layers, hidden=hidden, vocab=vocab)
    factor, share = (96, 16) if recompute else (72, 12)
    scale = 1 + sequence / (6 * hidden) + vocab / (share * layers * hidden)
    return factor * batch * sequence * layers * hidden**2 * scale


def training_flops(active_parameters: float, tokens: float, *, flops_per_parameter: float = 6.0) -> float:
    """FLOPs of a training run, C = 6*N*D; 8 per parameter and token with full recomputation."""
    require_positive(active_parameters=active_parameters, tokens=tokens, flops_per_parameter=flops_per_parameter)
    return flops_per_parameter * active_parameters * tokens


def model_flops_utilization(flops_per_token: float, tokens_per_second: float, gpus: float, peak: float) -> float:
    """MFU as a fraction: FLOPs of the model per token, times token rate, over the peak of all GPUs.

    `peak` is the dense peak of one GPU in the precision of the matrix products, FLOP/s. A value above 1 is
    impossible; a sparse peak in the denominator halves it. Source: PaLM section 4.1 (arXiv 2204.02311).
    """
    require_positive(flops_per_token=flops_per_token, gpus=gpus, peak=peak)
    require_non_negative(tokens_per_second=tokens_per_second)
    return flops_per_token * tokens_per_second / (gpus * peak)


def hardware_flops_utilization(mfu: float, model_flops: float, executed_flops: float) -> float:
    """HFU: the same rate counted with the FLOPs executed, recomputation included. Never below MFU."""
    require_positive(model_flops=model_flops, executed_flops=executed_flops)
    require_non_negative(mfu=mfu)
    if executed_flops < model_flops:
        raise ValueError(f"executed_flops {executed_flops!r} cannot be below model_flops {model_flops!r}")
    return mfu * executed_flops / model_flops


def hfu_from_mfu(
    mfu: float,
    recompute: Recompute,
    *,
    sequence: float | None = None,
    hidden: float | None = None,
    layers: float | None = None,
    vocab: float | None = None,
) -> float:
    """HFU of a GPT model from its MFU.

    Full recomputation: 4/3 (four forwards for three). Selective: the published factor
    (1 + s/(3h) + V/(12hL)) / (1 + s/(6h) + V/(12hL)), which needs the four sizes (ValueError without them).
    Source: Korthikanti et al. 2022 appendix A (arXiv 2205.05198).
    """
    require_non_negative(mfu=mfu)
    if recompute is Recompute.NONE:
        return mfu
    if recompute is Recompute.FULL:
        return mfu * 4 / 3
    if sequence is None or hidden is None or layers is None or vocab is None:
        raise ValueError("selective recomputation needs sequence, hidden, layers and vocab")
    require_positive(sequence=sequence, hidden=hidden, layers=layers, vocab=vocab)
    head = vocab / (12 * hidden * layers)
    return mfu * (1 + sequence / (3 * hidden) + head) / (1 + sequence / (6 * hidden) + head)


def achieved_flops_per_gpu(flops: float, seconds: float, gpus: float) -> float:
    """FLOP/s of one GPU that did its share of `flops` in `seconds`."""
    require_positive(flops=flops, seconds=seconds, gpus=gpus)
    return flops / seconds / gpus


def aggregate_flops(gpus: float, per_gpu: float) -> float:
    """FLOP/s of all GPUs together."""
    require_positive(gpus=gpus)
    require_non_negative(per_gpu=per_gpu)
    return gpus * per_gpu


def largest_token_rate(flops_per_token: float, gpus: float, peak: float, utilization: float = 1.0) -> float:
    """Most tokens per second the GPUs can compute at a utilization; 1 gives the hard ceiling."""
    require_positive(flops_per_token=flops_per_token, gpus=gpus, peak=peak, utilization=utilization)
    return gpus * peak * utilization / flops_per_token


def peak_flops(clock: float, fma_per_clock: float, units: float) -> float:
    """Peak FLOP/s of a chip: clock (Hz) x FMA per clock and unit x 2 x units. H100 SXM: 1830e6, 512, 528."""
    require_positive(clock=clock, fma_per_clock=fma_per_clock, units=units)
    return clock * fma_per_clock * 2 * units


# -- time, cost, energy ----------------------------------------------------------------------------------------------


def time_to_train(flops: float, gpus: float, peak: float, utilization: float) -> float:
    """Seconds to execute `flops` (6ND, or 8ND with HFU-like rates) at a utilization of the peak.

    With an achieved rate per GPU instead, pass it as `peak` and a utilization of 1: SC21's 8TP/(nX).
    """
    require_positive(flops=flops, gpus=gpus, peak=peak, utilization=utilization)
    return flops / (gpus * peak * utilization)


def gpu_hours(gpus: float, seconds: float) -> float:
    """GPU-hours: GPUs times wall time in hours."""
    require_positive(gpus=gpus)
    require_non_negative(seconds=seconds)
    return gpus * seconds / SECONDS_PER_HOUR


def cost(hours: float, price_per_hour: float) -> float:
    """Cost of GPU-hours (or node-hours) at a price for the same unit, in the price's currency."""
    require_non_negative(hours=hours, price_per_hour=price_per_hour)
    return hours * price_per_hour


def energy(hours: float, watts: float, pue: float = 1.0) -> float:
    """Joules drawn by `hours` GPU-hours at `watts` per GPU; `pue` adds cooling and conversion. PUE is at least
    1."""
    require_non_negative(hours=hours, watts=watts)
    if pue < 1:
        raise ValueError(f"pue must be at least 1, got {pue!r}")
    return hours * SECONDS_PER_HOUR * watts * pue


def carbon(joules: float, kg_per_kwh: float) -> float:
    """Kilograms of CO2 equivalent for an energy at a grid intensity in kg per kWh."""
    require_non_negative(joules=joules, kg_per_kwh=kg_per_kwh)
    return joules / JOULES_PER_KWH * kg_per_kwh
