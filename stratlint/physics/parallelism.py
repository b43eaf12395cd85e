"""Which parallel layouts are possible, under every convention in use.

Degrees: tp tensor, pp pipeline, dp data, cp context, ep expert, etp expert-tensor. All are counts. A layout is
impossible only when no convention admits it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stratlint.physics._guards import require_degree


class Convention(StrEnum):
    """How the expert axis relates to the others."""

    DENSE = "dense"
    """W = tp*pp*dp*cp; no expert parallelism."""
    OWN_AXIS = "own_axis"
    """W = tp*pp*dp*cp*ep: the product of a device mesh (JAX, maxtext fill_unspecified_mesh_axes)."""
    FOLDED = "folded"
    """W = tp*cp*dp*pp = etp*ep*edp*pp: the MoE layers cut the same ranks anew (Megatron-LM parallel_state.py,
    torchtitan parallel_dims.py)."""
    INSIDE_DP = "inside_dp"
    """W = tp*pp*dp*cp with ep dividing dp (DeepSpeed utils/groups.py, Megatron before folding)."""
    SERVING_TP_DP = "serving_tp_dp"
    """W = tp*dp*pp with ep = tp*dp (vLLM expert_parallel_deployment.md; SGLang without DP attention)."""
    SERVING_DP_ATTENTION = "serving_dp_attention"
    """W = tp*pp; dp and ep divide tp (SGLang --enable-dp-attention; TensorRT-LLM attention DP, moe_tp*moe_ep = tp)."""


_SOURCES = {
    Convention.DENSE: "Narayanan et al. 2021 (arXiv 2104.04473) section 3",
    Convention.OWN_AXIS: "AI-Hypercomputer/maxtext: mesh product, docs/guides/optimization/custom_model.md",
    Convention.FOLDED: "NVIDIA/Megatron-LM: megatron/core/parallel_state.py; pytorch/torchtitan: parallel_dims.py",
    Convention.INSIDE_DP: "deepspeedai/DeepSpeed: deepspeed/utils/groups.py",
    Convention.SERVING_TP_DP: "vllm-project/vllm: docs/serving/expert_parallel_deployment.md",
    Convention.SERVING_DP_ATTENTION: "NVIDIA/TensorRT-LLM: mapping.py (moe_tp*moe_ep = tp); sgl-project/sglang server",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Parallel degrees as a report states them; None for a degree it does not state."""

    tp: int = 1
    pp: int = 1
    dp: int | None = None
    cp: int = 1
    ep: int | None = None
    etp: int | None = None

    def __post_init__(self) -> None:
        require_degree(tp=self.tp, pp=self.pp, cp=self.cp)
        for name, value in (("dp", self.dp), ("ep", self.ep), ("etp", self.etp)):
            if value is not None:
                require_degree(**{name: value})


@dataclass(frozen=True, slots=True)
class WorldReading:
    """One convention's view of a layout on a number of GPUs.

    `unit` is the least number of GPUs the stated degrees need under the convention; `formula` spells it with the
    numbers. `copies` is world / unit: 1 when the degrees account for every GPU, above 1 when the rest must be data
    parallelism or replicas the report does not state. `holds` says whether the convention admits the layout at all.
    """

    convention: Convention
    formula: str
    unit: int
    copies: Fraction
    holds: bool
    reason: str
    source: str

    @property
    def exact(self) -> bool:
        """Whether the stated degrees use every GPU once."""
        return self.holds and self.copies == 1


def _product(**degrees: int) -> tuple[int, str]:
    stated = {name: value for name, value in degrees.items() if value != 1} or dict(list(degrees.items())[:1])
    unit = 1
    for value in stated.values():
        unit *= value
    return unit, " × ".join(f"{name.upper()} {value:,}" for name, value in stated.items()) + f" = {unit:,}"


def _reading(convention: Convention, layout: Layout, world: int, unit: int, formula: str, failure: str) -> WorldReading:
    copies = Fraction(world, unit)
    reason = failure
    if not reason and copies.denominator != 1:
        reason = f"{world} is not a multiple of {unit}"
    return WorldReading(convention, formula, unit, copies, not reason, reason, _SOURCES[convention])


def _own_axis(layout: Layout, world: int) -> WorldReading:
    # etp cuts the same experts again on the ranks of tp, so it is no factor of the mesh.
    unit, formula = _product(tp=layout.tp, pp=layout.pp, dp=layout.dp or 1, cp=layout.cp, ep=layout.ep or 1)
    return _reading(Convention.OWN_AXIS, layout, world, unit, formula, "")


def _folded(layout: Layout, world: int) -> WorldReading:
    unit, formula = _product(tp=layout.tp, cp=layout.cp, dp=layout.dp or 1, pp=layout.pp)
    # An unstated etp is 1 or, by the framework's default, tp: take the one that asks for fewer GPUs.
    expert, expert_formula = _product(ep=layout.ep or 1, etp=layout.etp or 1, pp=layout.pp)
    failure = f"{world} is not a multiple of {expert_formula}" if world % expert else ""
    return _reading(Convention.FOLDED, layout, world, unit, f"{formula}; {expert_formula}", failure)


def _inside_dp(layout: Layout, world: int) -> WorldReading:
    unit, formula = _product(tp=layout.tp, pp=layout.pp, cp=layout.cp, dp=layout.dp or 1)
    ep = layout.ep or 1
    failure = ""
    # With dp unstated the data-parallel size is whatever remains.
    dp = layout.dp if layout.dp is not None else (world // unit if world % unit == 0 else 0)
    if dp and dp % ep:
        failure = f"EP {ep} does not divide DP {dp}"
    return _reading(Convention.INSIDE_DP, layout, world, unit, formula, failure)


def _serving_tp_dp(layout: Layout, world: int) -> WorldReading:
    width = layout.tp * layout.cp
    # ep = tp x dp fixes an unstated dp; the GPUs beyond one such group are replicas.
    dp = layout.dp or (layout.ep or 1) // width or 1
    failure = ""
    if layout.ep not in (None, width * dp):
        context = f"CP {layout.cp} × " if layout.cp > 1 else ""
        failure = f"EP {layout.ep} is not TP {layout.tp} × {context}DP {dp}"
    unit, formula = _product(tp=layout.tp, pp=layout.pp, dp=dp, cp=layout.cp)
    return _reading(Convention.SERVING_TP_DP, layout, world, unit, formula, failure)


def _serving_dp_attention(layout: Layout, world: int) -> WorldReading:
    unit, formula = _product(tp=layout.tp, pp=layout.pp)
    failure = ""
    for name, value in (("dp", layout.dp or 1), ("cp", layout.cp), ("ep", (layout.ep or 1) * (layout.etp or 1))):
        if layout.tp % value:
            failure = failure or f"{name.upper()} {value} does not divide TP {layout.tp}"
    return _reading(Convention.SERVING_DP_ATTENTION, layout, world, unit, formula, failure)


def world_readings(layout: Layout, world: int, *, mixture: bool = False) -> tuple[WorldReading, ...]:
    """How each convention reads a layout on `world` GPUs.

    A layout without experts (`ep` None or 1) has the dense reading only, unless the model is known to be a `mixture`,
    which may be served with an unstated ep (tp 8 and dp 8 on 8 GPUs). A layout is contradicted when no reading holds,
    and leaves GPUs unexplained when none is exact. Corollary: ep*pp > world is impossible under every reading.
    """
    require_degree(world=world)
    if layout.ep in (None, 1) and layout.etp in (None, 1) and not mixture:
        unit, formula = _product(tp=layout.tp, pp=layout.pp, dp=layout.dp or 1, cp=layout.cp)
        return (_reading(Convention.DENSE, layout, world, unit, formula, ""),)
    readers = (_own_axis, _folded, _inside_dp, _serving_tp_dp, _serving_dp_attention)
    return tuple(reader(layout, world) for reader in readers)


def admissible_worlds(layout: Layout) -> tuple[tuple[Convention, int], ...]:
    """The least number of GPUs the stated degrees come to, for each convention that admits them.

    An unstated dp is the smallest the convention allows. Multiples of each are admissible too, the rest being replicas.
    """
    if layout.ep in (None, 1) and layout.etp in (None, 1):
        return ((Convention.DENSE, world_readings(layout, 1)[0].unit),)
    dense = layout.tp * layout.pp * layout.cp * (layout.dp or 1)
    ep = layout.ep or 1
    folded = math.lcm(dense, ep * (layout.etp or 1) * layout.pp)
    # A stated dp leaves no room to grow: the dense product is the world, or the layout does not fold.
    candidates = {dense, dense * ep, folded, layout.tp * layout.pp, layout.pp * ep}
    found: dict[Convention, int] = {}
    for world in sorted(candidates):
        for reading in world_readings(layout, world):
            free = layout.dp is None and reading.convention in (Convention.FOLDED, Convention.INSIDE_DP)
            if reading.exact or (free and reading.holds):
                found.setdefault(reading.convention, world)
    return tuple(found.items())


# -- what one rank holds ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageReading:
    """Layers per stage under one way of counting; `counted` layers in `stages` equal parts."""

    what: str
    counted: int
    stages: int

    @property
    def per_stage(self) -> Fraction:
        """Counted layers per stage (or per virtual stage); an integer when the split is even."""
        return Fraction(self.counted, self.stages)

    @property
    def even(self) -> bool:
        """Whether every stage gets the same number."""
        return self.counted % self.stages == 0


def layers_per_stage(layers: int, pp: int, virtual: int = 1) -> tuple[StageReading, ...]:
    """Admissible even splits of a model over pp x virtual stages.

    The layers alone, or with the embedding, or with embedding and loss counted as layers (Megatron-LM
    --account-for-embedding-in-pipeline-split and --account-for-loss-in-pipeline-split; Llama-3.1-405B 126+2 on 16
    stages, BLOOM 70+2 on 12). Free layouts are a further reading no arithmetic refutes.
    """
    require_degree(layers=layers, pp=pp, virtual=virtual)
    names = ("layers", "layers and embedding or loss", "layers, embedding and loss")
    return tuple(StageReading(name, layers + extra, pp * virtual) for extra, name in enumerate(names))


@dataclass(frozen=True, slots=True)
class Spread:
    """Items spread over places as evenly as whole items allow: the fewest and most a place gets, and the mean."""

    least: int
    most: int
    mean: Fraction

    @property
    def even(self) -> bool:
        """Whether every place gets the same number."""
        return self.least == self.most

    @property
    def imbalance(self) -> float:
        """How far the fullest place lies above the mean, as a fraction of it."""
        return float((self.most - self.mean) / self.mean)


def spread(items: int, places: int) -> Spread:
    """The most even placement of whole items; "perfect balance" needs `places` to divide `items`."""
    require_degree(items=items, places=places)
    return Spread(items // places, -(-items // places), Fraction(items, places))


def kv_heads_per_rank(kv_heads: int, tp: int) -> Fraction:
    """KV heads one TP rank holds: K/t, and one (replicated) once t exceeds K.

    A fractional value means neither divides the other: Megatron-LM transformer_config.py and vLLM refuse it.
    """
    require_degree(kv_heads=kv_heads, tp=tp)
    if tp > kv_heads and tp % kv_heads == 0:
        return Fraction(1)
    return Fraction(kv_heads, tp)


def heads_divisible(heads: int, tp: int) -> bool:
    """Whether attention heads split evenly over TP; for Ulysses pass tp times the sequence degree."""
    require_degree(heads=heads, tp=tp)
    return heads % tp == 0


def experts_per_rank(experts: int, ep: int, *, redundant: int = 0) -> Fraction:
    """Routed experts per rank and layer, (E + r)/ep; a fraction means expert-tensor shards or a mistake.

    `redundant` copies are vLLM's and DeepSeek's load balancing: (256 + 32)/144 = 2. Shared experts come on top.
    """
    require_degree(experts=experts, ep=ep)
    if redundant < 0:
        raise ValueError(f"redundant must not be negative, got {redundant}")
    return Fraction(experts + redundant, ep)


def expert_instances_per_gpu(experts: int, moe_layers: int, *, ep: int, pp: int = 1, etp: int = 1) -> Fraction:
    """Experts (in whole-expert equivalents) one GPU holds over all its layers, E*L_moe/(ep*pp*etp)."""
    require_degree(experts=experts, moe_layers=moe_layers, ep=ep, pp=pp, etp=etp)
    return Fraction(experts * moe_layers, ep * pp * etp)


def nodes(world: int, gpus_per_node: int) -> Fraction:
    """Nodes that hold `world` GPUs; GB200 and GB300 nodes have 4, HGX and DGX nodes 8."""
    require_degree(world=world, gpus_per_node=gpus_per_node)
    return Fraction(world, gpus_per_node)
