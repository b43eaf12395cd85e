"""Amounts of one sentence that multiply by what they count."""

from __future__ import annotations

import pytest

import stratlint

RULE = "amounts-do-not-multiply"


def found(text: str) -> bool:
    return any(finding.rule == RULE for finding in stratlint.check(text).findings)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Our 24 nodes with 8 GPUs each give {} GPUs.", ("192", "256")),
        ("At 3M tokens/s, 2T tokens take {} days.", ("7.7", "15")),
        ("2.4T tokens at 6M tokens per step are {} steps.", ("400,000", "40,000")),
        ("18 pods at 1,500 tok/s each deliver {} tok/s.", ("27,000", "36,000")),
        ("The run took 15 days on 256 GPUs, i.e. {} GPU-hours.", ("92,160", "46,080")),
        ("92,160 GPU-hours at $3 per GPU-hour cost ${}.", ("276,480", "2.76M")),
        ("A batch of 768 sequences of 8,192 tokens is {} tokens per step.", ("6.3M", "3.1M")),
        ("32 GPUs at 700 W each draw {} kW.", ("22.4", "44.8")),
        ("3 sites of 12 nodes with 8 GPUs each give {} GPUs.", ("288", "384")),
        ("96 GPUs with 80 GB each make {} TB.", ("7.7", "9.6")),
        ("We rent 12 nodes with 8 GPUs each, {} GPUs in total.", ("96", "128")),
        ("300,000 GPU-hours at $2.40 cost ${}.", ("720,000", "1.1M")),
        ("300,000 GPU-hours at $2.40/GPU-hour come to ${}.", ("720,000", "1.1M")),
    ],
)  # fmt: skip
def test_the_product_in_a_sentence_is_redone(right: str, wrong: tuple[str, str]) -> None:
    true, false = wrong

    assert not found(right.format(true))
    assert found(right.format(false))


@pytest.mark.parametrize(
    "text",
    [
        "24 nodes with 8 GPUs each, 90 % of which are usable, give 170 GPUs.",  # a factor of its own
        "At 3M tokens/s, 2T tokens took 12 days.",  # restarts
        "For n = 100 MB, a = 10 µs and b = 100 GB/s compute the time.",  # given values
        "24 nodes with 8 GPUs each are not 256 GPUs.",
        "If 24 nodes with 8 GPUs each give 256 GPUs, something is wrong.",
        "4 sites, 24 nodes with 8 GPUs each give 768 GPUs.",  # another number may belong to it
        "24 nodes have 8 GPUs each; the other pool gives 256 GPUs.",
        "The 64 experts of 32 layers on 16 GPUs are 4 experts per GPU.",  # placing has conventions of its own
        "24 nodes with 8 or 16 GPUs each give 256 GPUs.",
        "24 nodes with 8 GPUs each serve 4 teams, which needs 256 GPUs.",
    ],
)
def test_what_is_not_derived_in_the_sentence_is_left_alone(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(("batch", "wrong"), [("384", False), ("768", True)])
def test_figures_that_stand_in_one_sentence_only_are_one_configuration(batch: str, wrong: bool) -> None:
    findings = stratlint.check(f"Micro-batch 2, gradient accumulation 8, DP 24: global batch {batch}.").findings

    assert ([finding.rule for finding in findings] == ["accumulation-mismatch"]) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "180K H800 GPU-hours are 3.7 days on a cluster of 2,048 H800 GPUs.",
        "1.4T tokens at 380 tokens/s/GPU take 21 days on 2,048 GPUs.",
        "14.8T tokens at 180K GPU-hours per trillion tokens cost 2,664K GPU-hours.",
        "The run takes 2.788M GPU-hours; at a price of $2 per GPU-hour this is $5.576M.",
        "The job used 5,000 GPU-hours and ran for 30 hours on 128 GPUs.",  # there may be others
    ],
)
def test_what_comes_out_as_published_is_left_alone(text: str) -> None:
    assert stratlint.check(text).findings == ()
