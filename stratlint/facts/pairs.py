"""Several figures in one place, under as many names: `| Query / KV heads | 64 / 8 |`, `TP/PP/DP: 8/4/16`."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block
from stratlint.facts.phrases import normalise

_FIGURE = r"[~≈]?\d[\d,.]*\s?(?:[KMBTkGi]{0,3}B?|%|ms|s|tokens?|GPUs?)?"
_FIGURES = re.compile(rf"^\s*{_FIGURE}(?:\s*/\s*{_FIGURE})+\s*(?:[A-Za-z]{{1,12}}|\([^()/]*\))?\s*[.,;]?\s*$")
_SPLIT = re.compile(r"\s*/\s*")
_MOST_FIGURES = 5


def paired_names(claim: NumberClaim, block: Block, *labels: str) -> tuple[list[tuple[tuple[str, ...], tuple[str, ...]]], int] | None:
    """The names that figures behind one another have in a label of as many parts, and which of them is the claim's.

    Each name comes as it stands and with the last part's noun: "Query / KV heads" are query heads and KV heads.
    """
    text, offset = block.text, 0
    if block.cell is None:
        offset = text.rfind(":", 0, claim.start) + 1
        end = text.find("\n", claim.end)
        text = text[offset : end if end >= 0 else len(text)]
    if "/" not in text or _FIGURES.match(text) is None:
        return None
    count, at = text.count("/") + 1, text[: claim.start - offset].count("/")
    for label in labels:
        parts = _SPLIT.split(label.strip(" *`_:|"))
        if len(parts) == count <= _MOST_FIGURES and all(parts):
            return [(normalise(part), normalise(f"{part} {parts[-1].split()[-1]}")) for part in parts], at
    return None
