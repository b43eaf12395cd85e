"""What the clauses of a statement measure of two subjects makes no product."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import units

# What the fixtures of conftest judge.
LAWS = (units.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    "text",
    [
        "Five cabinets draw 14 kW each; the cooling unit draws 9 kW.",
        "Each of the 12 shelves weighs 31 kg, and the frame carries 500 kg.",
        "The 24 workers hold 3 GB each and the coordinator holds 40 GB.",
        "Each of the 16 ranks keeps 11 GB of weights and a cache of 28 GB.",
        "Every client needs 6 GB; the 20 clients share a 48 GB buffer.",
        "The three generators deliver 2 MW each, the battery 5 MW.",
        "Each rank sends 3 GB at 25 GB/s, and the barrier takes 40 ms.",
        "Nine gateways pass 120 requests/s each; on Sundays we count 400 requests/s.",
        "Each of the 40 pods serves 30 requests/s, while demand peaks at 900 requests/s.",
        "The 320 GB model needs 8 cards of 48 GB.",
        "Six drives of 4 TB hold 16 TB after mirroring.",
        "At 5 GB/s we copy 100 GB in 26 s because of small files.",
        "Reading 60 GB at 4 GB/s and unpacking it takes 22 s.",
        "An hour costs $9, and 6 machines for 30 hours were billed at $1,400 after a credit.",
    ],
)
def test_what_is_measured_of_two_subjects_or_qualified_makes_no_product(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Five cabinets draw 14 kW each, so the hall draws {} kW.", "83", "70"),
        ("With 16 cards at 450 W each, the chassis draws {} kW.", "8.1", "7.2"),
        ("Every client needs 6 GB; the 20 clients need {} GB.", "150", "120"),
        ("We read 60 GB at 4.0 GB/s, which takes {} s.", "19", "15"),
        ("The array reads 4.0 GB/s. A dump of 60 GB is therefore read in {} s.", "19", "15"),
        ("Nine gateways answer 120 requests/s each. Together they answer {} requests/s.", "1,280", "1,080"),
        ("A dump is 60 GB large and is read at 4.0 GB/s, which lasts {} s.", "19", "15"),
    ],
)
def test_what_goes_on_with_its_subject_or_concludes_is_one_product(
    text: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(text.format(right))
    assert len(refuted(text.format(wrong))) == 1


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("- Fleet: 24 + 72 = 96 cards, i.e. {} servers of 8 cards each", "14", "12"),
        ("We write 14 × 2.5 = 35 GB at 70 GB/s, which takes {} s.", "0.8", "0.5"),
    ],
)
def test_the_result_of_a_computation_is_an_amount_of_its_sentence(
    text: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(text.format(right))
    assert [claim.split()[0] for claim in refuted(text.format(wrong))] == [wrong]


def test_what_a_computation_gives_is_no_claim_of_the_sentence_around_it(refuted: Refuted) -> None:
    assert refuted("The latency of the two phases, about 20 µs each, dominates: 24 × 2 × 20 µs = 0.96 ms per step.") == []


def test_what_each_of_thousands_costs_is_a_price_of_one(refuted: Refuted, settled: Settled) -> None:
    assert settled("The run takes 38.4 k GPU-hours; at $2.50 each it costs $96.0 k.")
    assert refuted("The run takes 38.4 k GPU-hours; at $2.50 each it costs $86.0 k.") == ["$86.0 k"]
