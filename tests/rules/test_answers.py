"""Sentences about a whole answer, and about rows of a table."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check(text).findings]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("A 500-token answer therefore takes 2.4 s.", True),
        ("A 500-token answer therefore takes 5.8 s.", False),
        ("A response of 500 tokens takes 12 s.", True),
        ("A 500-token answer takes at most 12 s.", False),
        ("A 500-token prompt takes 0.2 s.", False),
    ],
)
def test_an_answer_takes_its_first_token_and_the_others(sentence: str, wrong: bool) -> None:
    assert ("answer-time" in rules(f"We see a TTFT of 0.21 s and a TPOT of 11 ms. {sentence}")) == wrong


def test_each_of_several_percentiles_may_be_meant() -> None:
    table = "| Metric | p50 | p95 |\n|---|---|---|\n| TTFT | 0.2 s | 0.9 s |\n| TPOT | 10 ms | 25 ms |\n\nA 400-token answer takes {} s.\n"

    assert "answer-time" not in rules(table.format("4.2"))
    assert "answer-time" not in rules(table.format("10.9"))
    assert "answer-time" in rules(table.format("1.1"))


TABLE = "| Option | Step | Tokens/s |\n|---|---|---|\n| A | 24 ms | 4,000 |\n| B | 16 ms | 6,000 |\n\n{}\n"


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("B beats A by a factor of 1.5.", False),
        ("B beats A by a factor of 2.5.", True),
        ("B is 1.5x faster than A.", False),
        ("B is 2.5x faster than A.", True),
        ("B is 2.5x faster than C.", False),
        ("If the link were free, B is 2.5x faster than A.", False),
    ],
)
def test_a_factor_between_two_rows_is_in_their_table(sentence: str, wrong: bool) -> None:
    assert ("ratio-of-rows" in rules(TABLE.format(sentence))) == wrong
