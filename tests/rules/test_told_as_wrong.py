"""Equations that the text itself calls a mistake are not judged; those under "Error budget" are."""

from __future__ import annotations

import pytest

import stratlint


@pytest.mark.parametrize("title", ["Original error", "Errors", "Issues identified", "Bugs found in the last revision", "Claim", "Issue 2"])
def test_a_heading_that_announces_mistakes_silences_its_equations(title: str) -> None:
    assert stratlint.check_text(f"## {title}\n\n- 9 × 8 = 65").findings == ()


@pytest.mark.parametrize("title", ["Error budget", "Error handling", "Quantization error", "Rounding errors", "Issue tracker", "No errors"])
def test_other_headings_with_such_a_word_do_not(title: str) -> None:
    assert [finding.rule for finding in stratlint.check_text(f"## {title}\n\n- 9 × 8 = 65").findings] == ["wrong-product"]


@pytest.mark.parametrize(
    ("heading", "warned"), [("All checks passed", True), ("Recommendation", False), ("Optimization recommendations", False)]
)
def test_a_blanket_verdict_speaks_of_checks(heading: str, warned: bool) -> None:
    page = f"The pool has 7 × 6 = 40 slots.\n\n## {heading}\n\nKeep two spares.\n"
    assert ("verdict-over-failure" in {each.rule for each in stratlint.check_text(page).findings}) is warned


@pytest.mark.parametrize(
    ("heading", "asserted"), [("Previously measured rates", True), ("Previous", True), ("Examples", False), ("Counter examples", False)]
)
def test_a_heading_denies_by_its_words(heading: str, asserted: bool) -> None:
    page = f"## {heading}\n\nTwelve racks with 6 trays each give 80 trays.\n"
    assert bool(stratlint.check_text(page).findings) is asserted
