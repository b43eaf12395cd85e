"""Words that a number shares with its neighbours or its sentence: "per rank" behind the last of several, "every GPU" before all."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block
from stratlint.facts.phrases import normalise, word_list

# "7 query heads and 1 KV head per rank": what stands behind the last is said of all that count the same.
_WITH_THE_NEXT = re.compile(
    r"(?i)\d[\d,.]*\s+(?:[\w-]+\s+){0,2}?(\w+?)s?\s*(?:,|,?\s(?:and|plus)\s|&|\+|和)\s*(?:one|\d[\d,.]*)\s+(?:[\w-]+\s+){0,2}?\1s?\s+"
    r"(?:per|(?:on|for|in|of|at)\s+(?:each|every|a|one))\s+(?:gpu|rank|device|card|chip|tp rank)\b"
)
_COUNTED = ("model.heads", "model.kv_heads", "model.experts", "model.layers")
# Words that make a row one part of a model, of which there are many.
_PARTS = {"block": "layer", "layer": "layer", "expert": "expert", "stage": "stage", "层": "layer"}


def shared_scope(claim: NumberClaim, block: Block, kind: str, scope: str, before: str, row: tuple[str, ...]) -> str:
    """The scope of a count of a model's parts, *scope* unless its neighbour or the subject *before* it says that a GPU has them.

    "Every GPU hosts 8 experts per layer" is neither of a layer nor of a GPU alone: `gpu/layer`.
    """
    if kind == "model.parameters" and not scope and len(row) == 1:
        return _PARTS.get(row[0], scope)
    if kind not in _COUNTED or scope not in ("", "layer", "total"):
        return scope
    if not scope and _WITH_THE_NEXT.match(block.text, claim.start):
        return "each"
    subject = normalise(before)
    if any(match.name == "gpu" and subject[match.start] in ("each", "every") for match in word_list("scopes").find(subject)):
        return f"gpu/{scope}" if scope else "gpu"
    return scope
