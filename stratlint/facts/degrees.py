"""Degrees and shares of a stage that the words around a number tell only together: "Expert Parallelism (primary, 64-way)"."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block
from stratlint.facts.kinds import Kinds
from stratlint.facts.phrases import normalise

# What may stand between the name of a degree and its value without changing what is said.
_BETWEEN = frozenset(
    {"primary", "secondary", "tertiary", "main", "inner", "outer", "first", "second", "third", "tp", "pp", "dp", "ep", "cp"}
)
_DEGREE = (("degree",), ("parallel", "degree"), ("parallelism", "degree"))
_WAY = re.compile(r"\s*-?\s*way\s*(?:$|[)\]}\n,;:])", re.I)
_REACH = 80
_STAGES = re.compile(
    r"\bstages?\b[\s,;:(–—-]*(?P<each>each\s+)?(?P<has>with|of|handling|holding|having|containing|processing|running|hosting|handles|holds|has)\s+"
    r"(?:exactly\s+)?$",
    re.I,
)
_EACH = re.compile(r"(?:(?:transformer\s+|decoder\s+)?layers?\s+)?each\b", re.I)


def degree_named_before(claim: NumberClaim, block: Block, kinds: Kinds) -> str:
    """`parallel.ep` for the number of "Expert Parallelism (EP) - 64-way", "" where no degree is named right before it."""
    if not _WAY.match(block.text[claim.end : claim.end + _REACH]) or claim.quantity is None or not claim.quantity.number.integer:
        return ""
    words = normalise(block.text[max(0, claim.start - _REACH) : claim.start])
    named = [m for m in kinds.phrases.find(words) if m.name.startswith("parallel.") and _BETWEEN.issuperset(words[m.end :])]
    if len({m.name for m in named}) != 1:
        return ""
    ahead = words[: min(m.start for m in named)]
    shared = ahead[-1:] in (("and",), ("or",)) and ahead[-2:-1] != ("way",)  # "tensor and pipeline parallelism (4-way)"
    return "" if shared else named[0].name


def degree_of_section(claim: NumberClaim, title: str, kinds: Kinds) -> str:
    """The degree that the heading names over "Degree: 4-way"; "" where the label says more or the heading names several."""
    quantity = claim.quantity
    if (
        normalise(claim.label) not in _DEGREE
        or claim.lead
        or quantity is None
        or quantity.units
        or not quantity.number.integer
        or quantity.high is not None
    ):
        return ""
    words = normalise(title)
    if "and" in words or "or" in words:
        return ""
    named = {m.name for m in kinds.phrases.find(words) if m.name.startswith("parallel.")}
    return named.pop() if len(named) == 1 else ""


def layers_of_a_stage(claim: NumberClaim, block: Block) -> bool:
    """Whether the layers of *claim* are those of one stage: "4 stages of 8 layers", "4 stages, each handling 8 layers"."""
    before = _STAGES.search(block.text[max(0, claim.start - _REACH) : claim.start])
    if before is None:
        return False
    after = _EACH.match(block.text[claim.end : claim.end + _REACH].lstrip())
    return before["has"].lower() == "of" or before["each"] is not None or after is not None
