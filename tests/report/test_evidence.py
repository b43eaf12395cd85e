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


def test_readings_name_what_the_finding_says_and_compute_what_it_does_not() -> None:
    own = ReadingTried("as written", "8 × 8", "64", False)
    other = ReadingTried("without TP", "8", "8", False, "line 5")
    other_unit = ReadingTried("bytes as bits", "8 × 8", "512", False)
    sourced = ReadingTried("a law", "8 × 8", "64", False, "arithmetic")
    assert reading_lines(finding("", own, other)) == ["without TP: 8 -> 8 (does not fit) [line 5]"]
    assert reading_lines(finding("", sourced, other_unit)) == ["a law (does not fit) [arithmetic]", "bytes as bits: 512 (does not fit)"]


def test_what_only_compares_the_numbers_of_the_message_is_not_repeated() -> None:
    assert own_computation(finding("45 GB here, 17.7 GB there", formula="45 GB ≠ 17.7 GB", computed="17.7 GB")) == ""
    assert own_computation(finding("45 GB here", formula="45 GB ≠ 17.7 GB", computed="17.7 GB")) == "45 GB ≠ 17.7 GB"
    assert own_computation(finding("2 of 4 in 8", formula="8 ÷ 4 = 2", computed="2")) == "8 ÷ 4 = 2"
    assert own_computation(finding("3.12 tokens/s", formula="not 3.12 = 128 ÷ 41", computed="")) == ""


def test_the_only_reading_is_left_out_unless_it_has_a_source() -> None:
    own = ReadingTried("as written", "8 × 8", "64", False)
    sourced = ReadingTried("a law", "8 × 8", "64", False, "arithmetic")
    assert reading_lines(finding("", own)) == []
    assert reading_lines(finding("", sourced)) == ["a law (does not fit) [arithmetic]"]
