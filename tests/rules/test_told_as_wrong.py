"""Equations that the text itself calls a mistake are not judged; those under "Error budget" are."""

from __future__ import annotations

import pytest

import stratlint


@pytest.mark.parametrize("title", ["Original error", "Errors", "Issues identified", "Bugs found in the last revision", "Claim", "Issue 2"])
def test_a_heading_that_announces_mistakes_silences_its_equations(title: str) -> None:
    assert stratlint.check(f"## {title}\n\n- 9 × 8 = 65").findings == ()


@pytest.mark.parametrize("title", ["Error budget", "Error handling", "Quantization error", "Rounding errors", "Issue tracker", "No errors"])
def test_other_headings_with_such_a_word_do_not(title: str) -> None:
    assert [finding.rule for finding in stratlint.check(f"## {title}\n\n- 9 × 8 = 65").findings] == ["wrong-product"]
