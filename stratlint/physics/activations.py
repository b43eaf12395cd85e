"""Activation and logits memory of training, in bytes.

After Korthikanti et al. 2022, "Reducing Activation Recomputation in Large Transformer Models" (arXiv 2205.05198), here
for 16-bit activations; the general FFN width follows Megatron-LM training/theoretical_memory_usage.py.
"""

from __future__ import annotations

from enum import StrEnum

from stratlint.physics._guards import require_degree, require_positive


class Recompute(StrEnum):
    """Which activations the backward pass computes again."""

    NONE = "none"
    SELECTIVE = "selective"
    """Only the attention core (scores, softmax, dropout); what flash attention does by construction."""
    FULL = "full"
    """Everything inside a layer; only its input is kept."""


def activation_bytes_per_layer(
    sequence: float,
    micro_batch: float,
    hidden: float,
    heads: float,
    *,
    ffn: float | None = None,
    tp: int = 1,
    sequence_parallel: bool = False,
    recompute: Recompute = Recompute.NONE,
) -> float:
    """Bytes of activations one layer keeps per micro-batch on one GPU.

    With b = `micro_batch`, s = `sequence`, h = `hidden`, a = `heads`, t = `tp`, and `ffn` = 4h unless given:

    * none: s*b*h * (10 + 24/t + 5as/(ht)); with sequence parallelism s*b*h/t * (34 + 5as/h);
    * selective: the same without the 5as/h term;
    * full: 2*s*b*h, the layer's input (each TP rank keeps a shard of it under sequence parallelism).

    A width other than 4h replaces 24 by 8 + 4f/h. The 34 assume dropout masks and a 2-matrix FFN: today's SwiGLU layers
    without dropout differ by some 10-20%, so never call a claim wrong within a factor of 3.
    """
    require_positive(sequence=sequence, micro_batch=micro_batch, hidden=hidden, heads=heads)
    require_degree(tp=tp)
    width = 4 * hidden if ffn is None else ffn
    require_positive(ffn=width)
    unit = sequence * micro_batch * hidden
    shared = tp if sequence_parallel else 1
    if recompute is Recompute.FULL:
        return 2 * unit / shared
    split = 8 + 4 * width / hidden
    if recompute is Recompute.NONE:
        split += 5 * heads * sequence / hidden
    return unit * (10 / shared + split / tp)


def in_flight_microbatches(pp: int, microbatches: int, *, stage: int = 0, virtual: int = 1) -> float:
    """Micro-batches whose activations a pipeline stage holds at once under 1F1B.

    Stage i (from 0) holds min(m, p - i); the first stage is the worst. Interleaving with v chunks per GPU multiplies
    the first stage's p by 1 + (p-1)/(pv). Source: Narayanan et al. 2021 (SC21) section 2.2; Korthikanti et al. 2022
    section 4.2.3. GPipe holds all `microbatches`.
    """
    require_degree(pp=pp, microbatches=microbatches, virtual=virtual)
    if not 0 <= stage < pp:
        raise ValueError(f"stage {stage} must lie in 0..{pp - 1}")
    resident = float(pp - stage)
    if virtual > 1:
        resident += (pp - 1) / virtual
    return min(float(microbatches), resident)


def activation_bytes_per_stage(per_layer: float, layers_per_stage: float, in_flight: float) -> float:
    """Bytes of activations on one GPU: layers of its stage times micro-batches in flight times bytes per layer."""
    require_positive(per_layer=per_layer, layers_per_stage=layers_per_stage, in_flight=in_flight)
    return per_layer * layers_per_stage * in_flight


def logits_bytes(
    sequence: float,
    micro_batch: float,
    vocab: float,
    *,
    bytes_per_element: float = 4.0,
    tp: int = 1,
    copies: float = 1.0,
) -> float:
    """Bytes of the logits of one micro-batch, s*b*V.

    4 bytes when the loss is taken in fp32, 2 otherwise; `copies` counts softmax and gradient buffers beside the logits;
    a vocabulary-parallel head divides by `tp`.
    """
    require_positive(sequence=sequence, micro_batch=micro_batch, vocab=vocab, bytes_per_element=bytes_per_element, copies=copies)
    require_degree(tp=tp)
    return sequence * micro_batch * vocab * bytes_per_element * copies / tp
