"""Elements counted as bytes on pages of 16-bit numbers."""

from __future__ import annotations

import pytest

import stratlint

RULE = "elements-counted-as-bytes"


def found(text: str) -> bool:
    return any(finding.rule == RULE for finding in stratlint.check(text).findings)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Activations are in BF16.\n\n- Message: batch × hidden = 96 × 2048 = 192 KiB", True),
        ("Activations are in BF16.\n\n- Message: batch × hidden = 96 × 2048 = 197 KB", True),
        ("Activations are in BF16.\n\n- Message: batch × hidden = 96 × 2048 = 384 KiB", False),
        ("Activations are in BF16.\n\n- Message: batch × hidden = 96 × 2048 × 2 = 384 KiB", False),
        ("Weights are in BF16.\n\n- 24B parameters sharded across 96 GPUs = 250 MB per GPU", True),
        ("Weights are in BF16.\n\n- 24B parameters sharded across 96 GPUs = 500 MB per GPU", False),
        ("Training in BF16.\n\n- 24B parameters sharded across 96 GPUs = 4 GB per GPU", False),
        # nothing is said of the format, or something of one byte
        ("- Message: batch × hidden = 96 × 2048 = 192 KiB", False),
        ("Activations are in FP8, weights in BF16.\n\n- Message: batch × hidden = 96 × 2048 = 192 KiB", False),
        ("Weights are in BF16 and quantised on the wire.\n\n- Message: batch × hidden = 96 × 2048 = 192 KiB", False),
        # not a tensor, or a factor that may be the bytes
        ("Weights are in BF16.\n\n- Log: 96 × 2048 = 192 KiB a day", False),
        ("Weights are in BF16.\n\n- Message: batch × 1 = 98304 × 2 = 192 KiB", False),
    ],
)  # fmt: skip
def test_an_element_of_a_16_bit_page_has_two_bytes(text: str, wrong: bool) -> None:
    assert found(text) == wrong


@pytest.mark.parametrize(
    ("size", "wrong"), [("470 MB", True), ("~470 MB per GPU", True), ("940 MB", False), ("1.9 GB", False), ("5.6 GB", False)]
)
def test_a_size_before_its_division_in_brackets(size: str, wrong: bool) -> None:
    text = f"A model with 30B parameters in FP16.\n\n- Weights: {size} (30B / 64 GPUs)\n"

    assert any(finding.rule == "elements-counted-as-bytes" for finding in stratlint.check(text).findings) is wrong


def test_a_size_over_gpus_is_no_number_of_parameters() -> None:
    text = "A model with 70B parameters in FP16.\n\n- Cache: 470 MB (30B / 64 GPUs)\n"

    assert all(finding.rule != "elements-counted-as-bytes" for finding in stratlint.check(text).findings)
