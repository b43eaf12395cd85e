"""Numbers that name a thing and measure nothing: "stage 0", "GPUs 2,3", "(0, 8, 16)", the number of a section."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, BlockKind
from stratlint.facts.kinds import Kinds

_LISTED_BEFORE = re.compile(r"(?:^|[\s(\[{])\d+\s*,\s*$")
_SECOND_OF_NAME = re.compile(r"[A-Za-z]-\d/$")
_FACTOR_OF_NAME = re.compile(r"[a-z]_[A-Za-z_]+\s*[×*]\s*$")
_STANDS_LAST = re.compile(r"\s*(?:$|[\n).,;])")
_LINE_OF_FILE = re.compile(r"[\w/-]\.[A-Za-z]{1,5}:$")
_LISTED_AFTER = re.compile(r"\s*,\s*(?:\d+\s*(?:,|[)\]}]|$|\n|and\b)|\.\.\.|…)")

# A shape with symbols in it: "[tokens, 4096]", "[batch, 16, d]".
_SHAPE_BEFORE = re.compile(r"\[\s*(?:[A-Za-z_]\w*|\d+)(?:\s*[,×x*/]\s*\w+)*\s*,\s*$")
_SHAPE_AFTER = re.compile(r"\s*[\],]")

# The widths of a layer: "row-parallel (2048→1024)", "up projection: 4096 → 16384".
_LAYER = re.compile(r"(?i)\b(?:linear|(?:column|row)[\s-]parallel|proj(?:ection)?)\b[^\d\n]{0,24}(?:\d+\s*(?:→|->)\s*)?$")
_ARROW_OF_LAYER = re.compile(r"\d\s*(?:→|->)\s*\d")


def numbers_heading(claim: NumberClaim, block: Block) -> bool:
    """`1.1 One expert per GPU`: the number of the section."""
    opens = block.kind is BlockKind.HEADING and not block.text[: claim.start].strip()
    return opens and re.match(r"\d+(?:\.\d+)+\.?\s+[A-Z\u4e00-\u9fff]", block.text[claim.start :]) is not None


def is_listed(claim: NumberClaim, block: Block) -> bool:
    """Bare whole numbers in a row, "(0, 8, 16, 24)": names of ranks or the values of a sweep, none of them what holds."""
    quantity = claim.quantity
    if quantity is None or quantity.units or quantity.magnitude_text or not quantity.number.integer or quantity.high is not None:
        return False
    text = block.text
    if _LAYER.search(text[max(0, claim.start - 60) : claim.start]) and _ARROW_OF_LAYER.search(
        text[max(0, claim.start - 12) : claim.end + 12]
    ):
        return True
    if _SHAPE_BEFORE.search(text[max(0, claim.start - 60) : claim.start]) and _SHAPE_AFTER.match(text[claim.end : claim.end + 4]):
        return True
    if text[max(0, claim.start - 1) : claim.start] == "#":
        return True  # the number of an issue
    before = text[max(0, claim.start - 24) : claim.start]
    if _SECOND_OF_NAME.search(before) or (_FACTOR_OF_NAME.search(before) and _STANDS_LAST.match(text[claim.end : claim.end + 4])):
        return True  # "ZeRO-2/3", "# = total_chips × 2"
    if _LINE_OF_FILE.search(before):
        return True  # "cache_ep.cc:1491"
    return bool(
        _LISTED_BEFORE.search(text[max(0, claim.start - 24) : claim.start]) or _LISTED_AFTER.match(text[claim.end : claim.end + 24])
    )


_NEXT_NAME = re.compile(r"(?:\s?[*×·]?\s?[a-z]\b)?\s*(?:,|&|\band\b)\s*\d")  # "experts 4, 5", "experts 2e and 2e + 1"


def numbered(claim: NumberClaim, kinds: Kinds, block: Block, column: tuple[str, ...] = ()) -> str | None:
    """`range.gpus` for "GPUs 0-15", "" for a mere number ("stage 0", "Table 3", "GPUs 2,3"), None for an amount."""
    words = re.findall(r"[A-Za-z]+", claim.lead or (claim.label if claim.quantity and claim.quantity.high else ""))
    if not words and claim.quantity is not None and claim.quantity.high is not None:
        words = list(column[-1:])
    if not words or claim.relation or claim.quantity is None:
        return None
    last = words[-1].lower()
    if claim.quantity.high is not None and not claim.quantity.units:
        return kinds.ranged.get(last.removesuffix("s"))
    several = last.removesuffix("s") in kinds.indexed and _NEXT_NAME.match(block.text[claim.end : claim.end + 12])
    if (
        (last in kinds.indexed or several)
        and not claim.quantity.unit_text
        and not claim.quantity.magnitude_text
        and claim.quantity.number.integer
    ):
        return ""
    return None
