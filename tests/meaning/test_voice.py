"""Computations that a page denies, asks about or supposes."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.book import proposals
from stratlint.laws.judge import Outcome, judge
from stratlint.meaning.page import page_of


def asserted(text: str) -> list[bool]:
    """Of each equation of a text, whether the page asserts it."""
    return [each.asserted for each in page_of(extract(parse(text))).equations]


def refuted(text: str) -> bool:
    """Whether any law refutes anything."""
    page = page_of(extract(parse(text)))
    return any(judge(each, page.binary).outcome is Outcome.REFUTED for each in proposals(page) if each.asserted)


@pytest.mark.parametrize(
    "text",
    [
        "If 6 × 8 were 50, we would need another host.",
        "Do not write 6 × 8 = 50.",
        "Never take 6 × 8 for granted: not 6 × 8 = 50.",
        "Avoid: 6 hosts × 8 cards/host = 50 cards.",
        "❌ 6 × 8 = 50",
        "Is 6 hosts × 8 cards/host = 50 cards?",
        "6 × 8 = 50? No, 48.",
        "Check whether 6 × 8 is 50.",
    ],
)
def test_what_is_denied_asked_or_supposed_is_not_asserted(text: str) -> None:
    assert not any(asserted(text))
    assert not refuted(text)


@pytest.mark.parametrize(
    "text",
    [
        "✅ 6 × 8 = 50",
        "❌ Option B: 6 × 8 = 50 cards.",  # the option fails, not its arithmetic
        "Does it fit? 6 × 8 = 50 cards.",
        "It does not fit: 6 × 8 = 50 cards.",
        "We need no more, since 6 × 8 = 50 cards.",
        "If all hosts are up, 6 × 8 = 50 cards.",
        "It cannot be placed (6 × 8 = 50 cards).",
    ],
)
def test_other_words_around_it_deny_no_arithmetic(text: str) -> None:
    assert all(asserted(text))
    assert refuted(text)


@pytest.mark.parametrize("sign", ["!=", "≠", "=/=", "<>", "!=="])
def test_a_sign_of_inequality_is_no_equality(sign: str) -> None:
    assert not refuted(f"6 × 8 {sign} 50 cards.")
    assert not refuted(f"`6 × 8 {sign} 50`")
