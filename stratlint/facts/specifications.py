"""Data-sheet figures without a phrase of their own: `8 × H200 (141 GB, 4.8 TB/s)`, `96 GB memory, 2.4 TB/s`."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.claims.syntax import Quantity
from stratlint.facts.kinds import measures_of_unit

_DEVICE_OPENS = re.compile(
    r"(?:\b(?:[A-Z]{1,3}\d{2,4}[A-Za-z]{0,2}|MI\d{3}[A-Z]?|TPU v\d\w?|v5[ep]|v6e)|"
    r"\b(?:[Aa]ccelerators?|[Gg][Pp][Uu]s?|[Cc]hips?|[Cc]ards?))"
    r"(?:\s+(?:SXM\d?|PCIe|NVL|GPUs?|cards?|accelerators?|chips?|each|with|has|have))*\s*(?:\(|:)?\s*$"
)
# "Each GPU has 80 GB", "- GPU: 80 GB, 3.35 TB/s"
_DEVICE_HAS = re.compile(
    r"(?:\b(?:[Ee]very|[Ee]ach|[Aa]n?|[Oo]ne|[Tt]he)\s+(?:GPU|card|chip|accelerator|"
    r"[A-Z]{1,2}\d{2,4}[A-Za-z]{0,2})\s+(?:has|offers|comes with|brings)|"
    r"(?:^|\n)\W*(?:GPU|[Cc]ard|[Aa]ccelerator)s?\W*:\W*)\s*$"
)
_AFTER_MEMORY = re.compile(
    r"\d\s?Gi?B(?:\s+(?:of\s+)?(?:memory|HBM\w*|VRAM|GDDR\w*|each))*\s*(?:,|at|/|·|@|\band\b|with)\s*(?:about\s+|~)?$"
)
_AFTER_BANDWIDTH = re.compile(
    r"\d\s?[GT]i?B/s(?:\s+(?:each|per (?:gpu|card|chip)|HBM\w*|bandwidth))*\s*(?:,|/|·|and)\s*(?:about\s+|~)?$", re.I
)
_BRACKET_OR_END = re.compile(
    r"^\s*(?:[),;.]|each\b|per (?:gpu|card|chip|accelerator)\b|of (?:memory|hbm)\b|memory\b|hbm|dense\b|at\b|and\b|on (?:one|each|a)\b|$)",
    re.I,
)
_REACH = 60
# Below this a link is as likely as a memory.
_LEAST_BANDWIDTH = 4e11
_MEMORY = (8e9, 600e9)


def specification(claim: NumberClaim, text: str) -> str:
    """The kind of a figure that is told by its place in a device's list of figures, "" when none is."""
    quantity = claim.quantity
    if quantity is None or quantity.unit is None or quantity.high is not None or claim.relation:
        return ""
    before, after = text[max(claim.start - _REACH, 0) : claim.start], text[claim.end : claim.end + _REACH]
    if not _BRACKET_OR_END.match(after):
        return ""
    measures = measures_of_unit(quantity.unit)
    value = quantity.number.value * quantity.magnitude * quantity.unit.factor
    if "bandwidth" in measures and value >= _LEAST_BANDWIDTH and _AFTER_MEMORY.search(before):
        return "gpu.bandwidth"
    opens = (before.rstrip().endswith("(") and _DEVICE_OPENS.search(before)) or _DEVICE_HAS.search(before)
    if "bytes" in measures and _MEMORY[0] <= value <= _MEMORY[1] and opens:
        return "gpu.memory"
    if "speed" in measures and value >= 1e13 and (_AFTER_BANDWIDTH.search(before) or _AFTER_MEMORY.search(before)):
        return "gpu.peak"
    return ""


_FLEETS = re.compile(r"(?:(?:total|number of) )?(?:gpus?|accelerators?|cards|devices|hardware|cluster)")
_TIMES_DEVICE = re.compile(
    r"\s*[×x*]\s*(?:(?:NVIDIA|AMD)\s+)?[A-Z]{1,3}\d{2,4}[A-Z]{0,2}(?:[ -]?(?:SXM\d?|PCIe|NVL))?"
    r"(?:[\s(,-]*\d{2,3}\s?Gi?B[\s)]*)?[\s.]*(?:GPUs?)?[\s.]*(?:$|\n)"
)


def devices_labelled(claim: NumberClaim, text: str, header: str) -> str:
    """`- GPUs: 2,048 × A100 80GB`: a count of devices that is all its line says; *header*: that of its table row."""
    label = claim.label.lower() or header
    if not _FLEETS.fullmatch(label) or not _TIMES_DEVICE.match(text[claim.end : claim.end + _REACH]):
        return ""
    before = text[: claim.start].rpartition("\n")[2].lower()
    alone = len(before) <= len(label) + _REACH and not re.sub(r"[\W_]", "", before.replace(label, "", 1))
    return "cluster.gpus" if alone else ""


def scope_of_unit(quantity: Quantity | None) -> str:
    """`gpu` for a rate in tokens/s/GPU, whose unit says of what it is; "" for any other."""
    dimensions = quantity.unit.dimensions if quantity is not None and quantity.unit is not None else ()
    return "gpu" if ("time", -1.0) in dimensions and ("device", -1.0) in dimensions else ""


# Whose number it is: "a DGX node has 8 GPUs", "64 heads of dimension 128".
_NODE_HAS = re.compile(r"\b(?:node|server|host|machine|box)\s+(?:has|have|with|holds|contains|of)\s*$", re.I)
_HEADS_OF = re.compile(r"\bheads?\s*(?:of|with|,|at)\s*(?:(?:a|head)\s+)*(?:dimension|dim|size|width)\s*$", re.I)


_ACTIVE = re.compile(r"^(?:\s*(?:parameters?|params))?\s*(?:of (?:them|which|these)\s+)?(?:are|is|being)\s+(?:active|activated)\b", re.I)


def _told_active(quantity: Quantity, behind: str) -> bool:
    """`671B parameters, of which 37B are active`: what the verb behind a number says it counts."""
    counted = quantity.magnitude >= 1e6 and not (quantity.unit is not None and quantity.unit.hard)
    return counted and _ACTIVE.match(behind) is not None


def owned_by(claim: NumberClaim, before: str, text: str) -> str:
    """The kind of a number that its owner just before it or a verb behind it tells, "" when none does."""
    quantity = claim.quantity
    if quantity is None:
        return ""
    if _told_active(quantity, text[claim.end : claim.end + _REACH]):
        return "model.active_parameters"
    if quantity.unit is not None and quantity.unit.dimensions == (("device", 1.0),):
        return "cluster.gpus_per_node" if _NODE_HAS.search(before) else ""
    return "model.head_dim" if not quantity.units and quantity.number.integer and _HEADS_OF.search(before) else ""
