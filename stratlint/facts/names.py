"""Numbers inside names: `EP64-TP8`, `top-4`, `ZeRO-3`, `FP8`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DEGREE = re.compile(r"(?<![A-Za-z])(ETP|EDP|FSDP|VPP|TP|PP|DP|EP|CP)[-_=]?(\d{1,6})(?!\d|[A-Za-z.])", re.I)
_COMPACT_DEGREE = re.compile(r"(?:(?:TP|PP|DP|EP|CP|SP)\d{1,5}){2,}", re.I)
_TOP_K = re.compile(r"^top-?(\d{1,3})$", re.I)
_ZERO_STAGE = re.compile(r"^zero-?([0-3])$", re.I)
_PRECISION = re.compile(r"^(?:fp|bf|int|tf|float|bfloat|mxfp|nvfp|uint)_?-?(4|8|16|32|64)(?:_?[a-z0-9]*)?$|^w\d+a\d+$", re.I)


def parts_of(name: str) -> Iterator[tuple[str, int, int, float, str, str]]:
    """The numbers in a name: kind, where it starts and ends in the name, value, measure and scope."""
    degrees = list(_DEGREE.finditer(name.replace("_", "-")))
    if not degrees and _COMPACT_DEGREE.fullmatch(name):
        degrees = list(re.finditer(r"(TP|PP|DP|EP|CP|SP)(\d{1,5})", name, re.I))
    for match in degrees:
        yield f"parallel.{match[1].lower()}", match.start(), match.end(), float(match[2]), "count", ""
    if degrees:
        return
    if top := _TOP_K.match(name):
        yield "model.top_k", 0, len(name), float(top[1]), "count", ""
    elif stage := _ZERO_STAGE.match(name):
        yield "training.zero_stage", 0, len(name), float(stage[1]), "count", ""
    elif precision := _PRECISION.match(name):
        bits = float(precision[1] or 8)
        yield "precision.bits", 0, len(name), bits, "count", ""
