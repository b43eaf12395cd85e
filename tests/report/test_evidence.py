"""A finding says its thing once: what the message has is not told again by the computation and the readings."""

from __future__ import annotations

from stratlint.report.evidence import computation, evidence_lines, own_computation, reading_lines
from stratlint.rules.finding import Finding, Location, ReadingTried, Severity

HERE = Location("a.md", 0, 2, 1, 1, 1, 3, "claim", "65")


def finding(message: str, *readings: ReadingTried, formula: str = "8 × 8 = 64", computed: str = "64") -> Finding:
    return Finding("wrong-product", Severity.ERROR, "high", message, HERE, "65", computed, formula, readings)


def test_the_computation_is_told_where_the_message_does_not() -> None:
    assert own_computation(finding("claims 65, but 8 × 8 = 64")) == ""
    assert own_computation(finding("the product is off")) == "8 × 8 = 64"
    assert evidence_lines(finding("claims 65, but 8 × 8 = 64")) == []


def test_separators_of_thousands_make_no_other_number() -> None:
    assert computation(finding("", formula="tp 8 x pp 256 = 2048", computed="2,048")) == "tp 8 x pp 256 = 2048"
    assert computation(finding("", formula="tp 8 x pp 256", computed="2,048")) == "tp 8 x pp 256 -> 2,048"


def test_a_reading_that_gives_what_the_finding_says_is_only_named() -> None:
    own = ReadingTried("as written", "8 × 8", "64", False)
    other = ReadingTried("without TP", "8", "8", False, "line 5")
    assert reading_lines(finding("", own, other)) == ["as written (does not fit)", "without TP: 8 -> 8 (does not fit) [line 5]"]


def test_the_only_reading_is_left_out_unless_it_has_a_source() -> None:
    own = ReadingTried("as written", "8 × 8", "64", False)
    sourced = ReadingTried("a law", "8 × 8", "64", False, "arithmetic")
    assert reading_lines(finding("", own)) == []
    assert reading_lines(finding("", sourced)) == ["a law (does not fit) [arithmetic]"]
