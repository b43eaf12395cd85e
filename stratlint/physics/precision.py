"""Bytes per stored element of the number formats reports name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BYTES_PER_ELEMENT: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "fp64": (8.0,),
        "fp32": (4.0,),
        "tf32": (4.0,),
        "bf16": (2.0,),
        "fp16": (2.0,),
        "fp8": (1.0,),
        "int8": (1.0,),
        "mxfp8": (1.0, 1.03125),
        "fp6": (0.75,),
        "mxfp6": (0.75, 0.78125),
        "fp4": (0.5,),
        "int4": (0.5, 0.515625, 0.53125),
        "mxfp4": (0.5, 0.53125),
        "nvfp4": (0.5, 0.5625),
    }
)
"""Admissible bytes per element, the payload alone first, then with its block scales.

MX formats share an 8-bit scale per 32 elements (OCP MX specification 1.0); NVFP4 an 8-bit scale per 16 elements; int4
with groups of 128 stores a 16-bit scale (0.5156) and perhaps a zero point (0.5312). TF32 occupies 32 bits in memory.
"""

_ALIASES = {
    "float64": "fp64",
    "float32": "fp32",
    "float": "fp32",
    "single": "fp32",
    "float16": "fp16",
    "half": "fp16",
    "bfloat16": "bf16",
    "float8": "fp8",
    "e4m3": "fp8",
    "e5m2": "fp8",
    "fp8e4m3": "fp8",
    "fp8e5m2": "fp8",
    "w8a8": "int8",
    "w4a16": "int4",
    "awq": "int4",
    "gptq": "int4",
    "float4": "fp4",
    "e2m1": "fp4",
}


def canonical_precision(name: str) -> str:
    """The key of `BYTES_PER_ELEMENT` for a written name ("BF16", "bfloat16", "torch.float16"); ValueError if
    unknown."""
    key = name.strip().casefold().removeprefix("torch.").replace("-", "").replace("_", "").replace(" ", "")
    key = _ALIASES.get(key, key)
    if key not in BYTES_PER_ELEMENT:
        raise ValueError(f"unknown precision {name!r}; known: {', '.join(sorted(BYTES_PER_ELEMENT))}")
    return key


def bytes_per_element(precision: str) -> tuple[float, ...]:
    """Admissible bytes per element of a precision, the payload alone first. ValueError for an unknown name."""
    return BYTES_PER_ELEMENT[canonical_precision(precision)]
