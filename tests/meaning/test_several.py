"""Operands and results that are several numbers: ranges, lists and pairs."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.book import proposals
from stratlint.laws.judge import Outcome, judge
from stratlint.meaning.page import page_of


def refuted(text: str) -> list[str]:
    """What is refuted by any law of the book."""
    page = page_of(extract(parse(text)))
    judged = [judge(each, page.binary) for each in proposals(page) if each.asserted]
    return [each.proposal.claim.amount.text for each in judged if each.outcome is Outcome.REFUTED]


def remarks(text: str) -> list[bool]:
    """Of each equation, whether one of its sides is several."""
    return ["several" in each.remarks for each in page_of(extract(parse(text))).equations]


RANGES = [
    "8 ~ 16 GPUs × 80 GB/GPU = 640 ~ 1,280 GB.",
    "Between 4 and 6 hosts × 8 cards/host = between 32 and 48 cards.",
    "12 to 18 h × 32 cards = 384 to 576 card-hours.",
    "6 to 10 boards × $2,500 = $15,000 to $25,000.",
    "120 to 160 GB / 4 cards = 30 to 40 GB/card.",
    "5...7 ms × 3 = 15...21 ms.",
    "1,500 ~ 1,800 tok/s × 32 = 48,000 ~ 57,600 tok/s.",
]
LISTS = [
    "4 or 6 hosts × 8 cards/host = 32 or 48 cards.",
    "4 and 6 hosts × 8 cards/host = 32 and 48 cards, respectively.",
    "Batches of 12, 24 × 2 = 24, 48 sequences.",
    "4, 8, 16 × 3 = 12, 24, 48.",
    "With 4, 6, and 8 hosts × 8 cards = 32, 48, and 64 cards.",
]
PAIRS = [
    "12 / 24 hosts × 8 cards/host = 96 / 192 cards.",
    "8 cards/host × 12 / 24 hosts = 96 / 192 cards.",
    "3 / 6 replicas × 4 cards = 12 / 24 cards.",
]


@pytest.mark.parametrize("text", [*RANGES, *LISTS, *PAIRS])
def test_what_is_computed_with_several_numbers_has_as_many_results(text: str) -> None:
    assert not refuted(text)
    assert all(remarks(text))


@pytest.mark.parametrize(
    "text",
    [
        "In 2025, 16 hosts × 8 cards = 136 cards.",  # a list has a list of results
        "6 × 8 = 50, 12 × 8 = 96.",
        "The pool grows from 64 to 16 × 8 = 132 cards.",
        "6 hosts × 8 cards = 50 cards or 7 hosts' worth.",
        "6 × 8 = 50 cards to each of them.",
        "9 × 12 MB = 128 MB to 64 cards.",
    ],
)
def test_one_result_is_held_to_its_computation(text: str) -> None:
    assert refuted(text)
    assert not any(remarks(text))


def test_of_a_range_each_end_may_give_the_one_result() -> None:
    assert not refuted("8 to 16 cards × 80 GB/card = 640 GB at least.")
    assert not refuted("8 to 16 cards × 80 GB/card = 1,280 GB at most.")
    assert refuted("8 to 16 cards × 80 GB/card = 1,380 GB at most.")


def test_what_stands_before_may_be_added() -> None:
    assert not refuted("The plan has 8 cards and 16 hosts × 8 cards = 136 cards.")
    assert refuted("The plan has 8 cards and 16 hosts × 8 cards = 146 cards.")
