"""What the catalog says of a named accelerator: memory, memory bandwidth, dense and sparse peaks, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.interval import Interval
from stratlint.facts.mentions import accelerators
from stratlint.physics.catalog import Accelerator
from stratlint.physics.precision import canonical_precision
from stratlint.rules.patterns import Pattern

TOLERANCE = 0.10
_PRECISION = Pattern(
    r"(?<![a-z0-9])(?:nvfp4|mxfp[468]|fp(?:4|6|8|16|32|64)|bf16|bfloat16|float(?:16|32)|tf32|"
    r"int(?:4|8)|half precision|single precision|e4m3)(?![0-9])",
    re.I,
)
_SPARSE = Pattern(r"(?i)\bspars\w+|2:4|稀疏")
_DENSE = Pattern(r"(?i)\bdense\b|稠密")
_NAMES = {
    "half precision": "fp16",
    "single precision": "fp32",
    "mxfp4": "fp4",
    "nvfp4": "fp4",
    "mxfp8": "fp8",
    "mxfp6": "fp6",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a device: what it is, its value in base units, its source."""

    device: str
    what: str
    value: float
    source: str


def precisions_in(text: str) -> frozenset[str]:
    """The number formats named in *text*, as catalog keys."""
    found = (match[0].lower() for match in _PRECISION.finditer(text))
    return frozenset(canonical_precision(_NAMES.get(name, name)) for name in found)


def sparse_in(text: str) -> bool:
    """Whether *text* speaks of structured sparsity."""
    return bool(_SPARSE.search(text))


def dense_in(text: str) -> bool:
    """Whether *text* speaks of dense peaks."""
    return bool(_DENSE.search(text))


def figures(devices: Iterable[Accelerator], what: str) -> Iterator[Figure]:
    """Every admissible value of `memory`, `memory bandwidth` or `link bandwidth`."""
    for device in devices:
        if what == "memory":
            yield from (Figure(device.name, what, value, device.sources.get("memory", "")) for value in device.memory_bytes())
        elif what == "memory bandwidth":
            yield from (Figure(device.name, what, value, device.sources.get("bandwidth", "")) for value in device.bandwidth)
        elif device.link_gb_s is not None:
            source = device.sources.get("link", "")
            yield Figure(device.name, f"{device.link} in one direction", device.link_gb_s[0] * 1e9, source)
            yield Figure(device.name, f"{device.link} in both directions", device.link_gb_s[1] * 1e9, source)
            for value in device.link_other_gb_s:
                yield Figure(device.name, f"{device.link}, counted otherwise", value * 1e9, source)


def peaks(
    devices: Iterable[Accelerator], precisions: frozenset[str] = frozenset(), *, dense: bool = True, sparse: bool = True
) -> Iterator[Figure]:
    """Dense and sparse peaks in the given precisions (all of them when none is given)."""
    for device in devices:
        source = device.sources.get("peak", "")
        for precision in sorted(precisions or device.precisions):
            if dense:
                yield from (Figure(device.name, f"dense {precision.upper()} peak", value, source) for value in device.peaks(precision))
            if sparse:
                yield from (
                    Figure(device.name, f"sparse {precision.upper()} peak", value, source) for value in device.sparse_peaks(precision)
                )


def vector_rates(devices: Iterable[Accelerator]) -> Iterator[Figure]:
    """Half-precision rates outside the matrix units, one, two or four times the single-precision rate."""
    for device in devices:
        for value in device.peaks("fp32"):
            yield from (Figure(device.name, "vector FP16 peak", value * times, device.sources.get("peak", "")) for times in (1, 2, 4))


def family(devices: Sequence[Accelerator]) -> tuple[Accelerator, ...]:
    """The named devices with the special builds of the same chip ("H100" with 96 GB)."""
    if any(len(device.aliases) and device.name in _SPECIAL for device in devices):
        return tuple(devices)
    chips = {device.name.split("-")[0] for device in devices}
    return (
        *devices,
        *(d for d in accelerators() if d.name in _SPECIAL and d.name.split("-")[0] in chips and d not in devices),
    )


_SPECIAL = frozenset({"H100-SXM5-96GB", "A100-SXM-64GB"})


def near(interval: Interval, value: float, tolerance: float = TOLERANCE) -> bool:
    """Whether a printed amount can be *value*, give or take."""
    return interval.low <= value * (1 + tolerance) and interval.high >= value * (1 - tolerance)


def fitting(interval: Interval, candidates: Iterable[Figure], tolerance: float = TOLERANCE) -> Figure | None:
    """The first figure that a printed amount can mean."""
    return next((figure for figure in candidates if near(interval, figure.value, tolerance)), None)


def multiple_of(interval: Interval, candidates: Iterable[Figure], least: int = 2) -> int:
    """How many devices together have the claimed amount, 0 when it is no whole multiple of any figure."""
    for figure in candidates:
        count = round(interval.middle / figure.value)
        if least <= count <= 200_000 and near(interval, count * figure.value, 0.03):
            return count
    return 0


# Whose figure a wrong one is: the products that reports mix up most come first.
_FAMILIAR = (
    "H100-SXM5-80GB",
    "A100-SXM4-80GB",
    "H200-SXM-141GB",
    "B200-SXM",
    "MI300X",
    "V100-SXM2-32GB",
    "TPU v5e",
    "TPU v5p",
)


def whose(interval: Interval, devices: Sequence[Accelerator], what: str, precisions: frozenset[str]) -> Figure | None:
    """The figure that was taken for the claimed one: of the same device first, then the same figure of another."""
    own = [*figures(devices, "link bandwidth"), *figures(devices, "memory bandwidth"), *peaks(devices)]
    if found := fitting(interval, own, 0.015):
        return found
    ranks = {name: index for index, name in enumerate(_FAMILIAR)}
    vendors = {device.vendor for device in devices}
    others = sorted((d for d in accelerators() if d.vendor in vendors and d not in devices), key=lambda d: ranks.get(d.name, 99))
    candidates = peaks(others, precisions, sparse=False) if what == "peak" else figures(others, what)
    return fitting(interval, candidates, 0.015)
