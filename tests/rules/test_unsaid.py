"""What pages nobody wrote for the tool leave unsaid: silent there, and as strict as before where all is on the page."""

from __future__ import annotations

import pytest

import stratlint

SILENT = {
    "powers of ten below the line": "The balance point is 8.0 × 10^14 / 2.0 × 10^12 = 400 tokens.",
    "a product below the line": "A pod of `8*8*16 / 2*2 = 256` hosts.",
    "an element's width is not written": "The table of 65,536 × 4,096 in fp32 = 1 GiB stays resident.",
    "parameters of two models, bytes of both": "Target and draft: 40B + 5B = 90 GB in BF16.",
    "an amount of each, and the total": "Global layers: 512 MB each = 12 GB in all.",
    "a shape is not a product of tokens": "A 512×512 image ≈ 2K tokens for the encoder.",
    "a mixture's name": "The 8×22B experts = 141B parameters.",
    "a binding after other words": "We place 70+2 shards over PP=24 and keep the rest.",
    "a list below a per": "The fusions take 480 ms per 4 steps × 2 chips ≈ 60 ms on the whole.",
    "the exponent of a variable": "Scores need S^2 × 2 = 8 more buffers.",
    "a coefficient": "Setting 2.0 = 3.1 - 1.4p gives the share.",
    "a flattened exponent": "In base 16 three digits reach 163 − 1 = 4095.",
    "a change with its sign": "The pass grows by 4/3 = +33 %.",
    "a share cut after one digit": "One of 132 units: 1/132 = 0.7 %.",
    "a rate in both directions": "- Links: 1.8 TB/s bidirectional (18 × 50 GB/s = 1.8 TB/s)",
    "a range of costs": "Budget: $20K-$40K × 100K = $2B-$4B in total.",
    "a number word in capitals": "All layers: 96 × 30B = 2.9 TRILLION parameters.",
    "bytes between decimal and binary": "Cache: 2 × 80 × 8 × 128 × 4096 × 2 = 1.28 GB",
}

TOLD = {
    "the same balance point, wrong under both groupings": "The balance point is 8.0 × 10^14 / 2.0 × 10^12 = 520 tokens.",
    "bytes per element written, and still wrong": "Cache: 2 × 80 × 8 × 128 × 4096 × 2 bytes = 2.68 GB",
    "a plain product": "The table has 65,536 × 4,096 = 368M entries.",
    "a share": "Of the card 20/80 = 33 % is used.",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_what_the_page_leaves_unsaid_is_not_called_wrong(text: str) -> None:
    """The equation is a part of something, or its unit or factor is not written: no reader could call it wrong."""
    assert [finding.message for finding in stratlint.check(text).errors] == []


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD.keys())
def test_what_stands_on_the_page_is_still_recomputed(text: str) -> None:
    """None of the excuses covers an equation that says everything."""
    assert len(stratlint.check(text).errors) == 1
