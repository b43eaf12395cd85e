"""Nouns of a computation: a result whose noun was divided away is not recomputed, whatever its digits; abbreviations are."""

from __future__ import annotations

import pytest

from stratlint import check_text
from stratlint.rules.finding import Status


def statuses(text: str) -> list[Status]:
    """The status of the last number of a page, and of each finding's claim."""
    (document,) = check_text(text).documents
    assert not document.findings
    return [document.ledger[-1].status]


@pytest.mark.parametrize(
    "text",
    [
        "96 cards / 12 hosts = 8 hosts.",
        "96 cards / 8 cards/host = 12 cards.",
        "48 layers / 4 stages = 12 stages.",
        "3.2e11 tokens / 1.6e6 tokens/step = 2.0e5 tokens.",
        "48,000 tok/s / 48 cards = 1,000 tok.",
        "4,800 tokens/s / 48 cards = 100 tokens/card.",
        "960 card-hours / 48 cards = 20.0 card-hours.",
        "48 cards × 20.0 h = 960 cards.",
        "48 cards + 16 hosts = 64 cards.",
        "20 card-hours + 5 node-hours = 25 card-hours.",
    ],
)
def test_digits_alone_do_not_verify_what_counts_something_else(text: str) -> None:
    assert statuses(text) == [Status.CONSISTENT]


@pytest.mark.parametrize(
    "text",
    [
        "96 cards / 12 hosts = 8 cards/host.",
        "96 cards / 12 hosts = 8 cards.",
        "96 cards / 8 = 12 hosts.",
        "48 layers / 4 = 12 per stage.",
        "48 layers / 4 stages = 12 layers.",
        "12 hosts × 8 cards = 96 cards.",
        "12 hosts × 8 cards/host × 2 = 192 ranks.",
        "3.2e11 tokens / 1.6e6 tokens/step = 2.0e5 steps.",
        "48,000 tok/s / 48 cards = 1,000 tok/s.",
        "64 query heads + 8 KV heads = 72 heads.",
        "64 requests × 1,024 tokens = 65,536 tokens.",
        "960 card-hours / 48 cards = 20.0 hours.",
    ],
)
def test_abbreviated_units_are_no_contradiction(text: str) -> None:
    assert statuses(text) == [Status.VERIFIED]


@pytest.mark.parametrize("text", ["80 / 100 − 1 = +20 %.", "(80 − 100) / 100 = +20 %.", "(100 − 80) / 100 = −20 %."])
def test_a_change_of_the_other_sign_is_not_verified(text: str) -> None:
    assert statuses(text) == [Status.CONSISTENT]


@pytest.mark.parametrize("text", ["100 / 80 − 1 = +25 %.", "80 / 100 − 1 = −20 %.", "10.0 GB − 14.0 GB = −4.0 GB."])
def test_one_of_the_same_sign_is(text: str) -> None:
    assert statuses(text) == [Status.VERIFIED]


def test_an_equation_says_more_of_its_numbers_than_a_law_of_some_of_them() -> None:
    assert statuses("100 cards / 8 cards/host = 13 hosts.") == [Status.CONSISTENT]  # and no layout misses four cards
    assert statuses("8 hosts × 8 cards/host × 2 = 128 ranks.") == [Status.VERIFIED]
