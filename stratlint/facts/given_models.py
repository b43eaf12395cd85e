"""Givens that follow from a model or a device: an architecture's sizes, a catalog entry's figures, a house device's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stratlint.claims.interval import Interval, exactly
from stratlint.facts.fact import Fact
from stratlint.facts.given_values import GivenError, amount, outside_fact, quantity_of
from stratlint.facts.kinds import load_kinds
from stratlint.facts.mentions import devices_named, models_named
from stratlint.physics.architecture import Architecture
from stratlint.physics.catalog import Accelerator
from stratlint.physics.parameters import active_parameters, count_parameters, mtp_parameters

# The fields of a house device and the kinds they give.
DEVICE_FIELDS = {
    "memory": "gpu.memory", "compute": "gpu.peak", "bandwidth": "gpu.bandwidth", "interconnect": "link.bandwidth",
}  # fmt: skip


def architecture_facts(architecture: Architecture, origin: str, *, mtp: int = 0, context: int = 0) -> Iterator[Fact]:
    """What an architecture fixes. Parameter counts span their conventions: embeddings and MTP counted or not."""
    a = architecture
    counts: dict[str, int] = {
        "model.layers": a.layers, "model.hidden": a.hidden, "model.heads": a.heads, "model.vocabulary": a.vocab,
    }  # fmt: skip
    # Of a hybrid they hold in some layers only: with them every layer would seem to have a cache.
    if a.latent is None and not a.without_attention:
        counts |= {"model.kv_heads": a.kv_heads, "model.head_dim": a.head_dim}
    if a.ffn and (a.experts is None or a.ffn != a.experts.expert_ffn):
        counts["model.ffn"] = a.ffn
    if a.experts is not None:
        counts |= {
            "model.experts": a.experts.experts, "model.top_k": a.experts.top_k, "model.expert_ffn": a.experts.expert_ffn
        }  # fmt: skip
        if a.experts.shared_experts:
            counts["model.shared_experts"] = a.experts.shared_experts
    if context:
        counts["model.context"] = context
    for kind, count in counts.items():
        yield outside_fact(kind, exactly(float(count)), f"{count:,}", origin)
    yield from _parameter_facts(a, origin, mtp)


def _parameter_facts(architecture: Architecture, origin: str, mtp: int) -> Iterator[Fact]:
    parameters = count_parameters(architecture)
    extra = mtp * mtp_parameters(architecture) if mtp else 0
    total = Interval(float(parameters.non_embedding), float(parameters.total + extra))
    yield outside_fact("model.parameters", total, f"{parameters.total:,}", origin)
    if architecture.experts is not None:
        active = active_parameters(architecture).readings
        reach = Interval(float(min(active)), float(max(active)))
        yield outside_fact("model.active_parameters", reach, f"{max(active):,}", origin)


def named_model(name: str, origin: str) -> tuple[Fact, ...]:
    """The facts of a catalog model; () when the name fits none, or several that differ in size."""
    entries = models_named(name)
    if len({entry.architecture for entry in entries}) != 1:
        return ()
    return tuple(architecture_facts(entries[0].architecture, f"{origin}: {entries[0].name} in the catalog"))


def named_device(name: str, origin: str) -> tuple[Fact, ...]:
    """Memory and bandwidth of a catalog device, or () when it is unknown. A name for several builds spans their figures."""
    entries = devices_named(name)
    if not entries:
        return ()
    return device_facts(entries, origin, name)[:2]


def device_facts(entries: Sequence[Accelerator], origin: str, name: str = "") -> tuple[Fact, ...]:
    """Memory, bandwidth and peak of a device, each from the least to the largest figure of the builds it may be.

    The peak spans the dense and sparse ones of the formats with 16 bits and less: which is meant is not known.
    """
    where = f"{origin}: {entries[0].name if len(entries) == 1 or not name else name} in the catalog"
    memory = _span([value for entry in entries for value in entry.memory_bytes()])
    bandwidth = _span([value for entry in entries for value in entry.bandwidth])
    size, speed = _labels(entries, "memory_gb", "GB"), _labels(entries, "bandwidth_gb_s", "GB/s")
    peak = _span([value * 1e12 for entry in entries for value in _peaks(entry)])
    return (
        outside_fact("gpu.memory", memory, size, where, measure="bytes", unit="GB"),
        outside_fact("gpu.bandwidth", bandwidth, speed, where, measure="bandwidth", unit="GB/s"),
        outside_fact("gpu.peak", peak, f"{peak.low / 1e12:g} to {peak.high / 1e12:g} TFLOPS", where, measure="speed", unit="TFLOPS"),
    )


def _peaks(entry: Accelerator) -> Iterator[float]:
    for precision, values in entry.peak_tflops.items():
        if precision not in ("fp64", "fp32", "tf32"):
            yield from values
            yield from (value * entry.sparse_factor for value in values if entry.sparse_factor)
    for values in entry.sparse_tflops.values():
        yield from values


def _span(values: Sequence[float]) -> Interval:
    return Interval(min(values), max(values))


def _labels(entries: Sequence[Accelerator], field: str, unit: str) -> str:
    values = sorted({value for entry in entries for value in getattr(entry, field)})
    return f"{' or '.join(f'{value:g}' for value in values)} {unit}"


def house_device(name: str, figures: Mapping[str, str]) -> tuple[Fact, ...]:
    """The facts of one's own device from figures as text (`memory`: "64 GB", …), with their `source` if there is one.

    Raises:
        GivenError: a figure is no quantity of its dimension.
    """
    kinds = load_kinds()
    origin = f"hardware.{name}" + (f", {figures['source']}" if figures.get("source") else "")
    facts = []
    for field, kind in DEVICE_FIELDS.items():
        text = figures.get(field, "")
        if not text:
            continue
        label = f"hardware.{name}.{field}"
        try:
            quantity = quantity_of(text, label)
            measure, interval = amount(quantity, kind, kinds, label)
        except GivenError as error:
            raise GivenError(str(error), label) from None
        facts.append(outside_fact(kind, interval, text, origin, measure=measure, unit=quantity.unit_text))
    return tuple(facts)


__all__ = ["DEVICE_FIELDS", "GivenError", "architecture_facts", "house_device", "named_device", "named_model"]
