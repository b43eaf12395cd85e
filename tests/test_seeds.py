"""The five reports the project began with: every certain defect is an error at its line, and nothing else is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import stratlint
from stratlint.report.outcome import Report

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
EXPECTED: dict[str, Any] = (
    yaml.safe_load((SEEDS / "expected.yaml").read_text(encoding="utf-8")) if (SEEDS / "expected.yaml").is_file() else {}
)
needs_seeds = pytest.mark.skipif(not EXPECTED, reason="no ../shared beside the checkout")
NAMES = sorted(EXPECTED) or [pytest.param("", marks=pytest.mark.skip("no ../shared beside the checkout"))]


@cache
def report_of(name: str) -> Report:
    return stratlint.check(SEEDS / name)


def lines_of(name: str, *severities: str) -> set[int]:
    """Lines of findings of these severities, related lines included."""
    found = [finding for finding in report_of(name).findings if finding.severity.value in severities]
    return {place.line for finding in found for place in (finding.location, *finding.related)}


@pytest.mark.parametrize("name", NAMES)
def test_every_certain_defect_is_an_error_at_its_line(name: str) -> None:
    found = lines_of(name, "error")
    missed = [d["id"] for d in EXPECTED[name]["defects"] if d["certainty"] == "error" and not found & set(d["lines"])]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_no_error_stands_on_a_trap_or_on_a_line_without_a_defect(name: str) -> None:
    entry = EXPECTED[name]
    allowed = {line for defect in entry["defects"] for key in ("lines", "evidence", "propagated") for line in defect.get(key, [])}
    for finding in report_of(name).errors:
        assert finding.location.line in allowed, finding.message


@needs_seeds
def test_most_likely_defects_are_found() -> None:
    """At least 13 of the 16 that cannot be proved."""
    missed = [
        defect["id"] for name in EXPECTED for defect in EXPECTED[name]["defects"]
        if defect["certainty"] == "warning" and not lines_of(name, "error", "warning") & set(defect["lines"])
    ]  # fmt: skip
    assert len(missed) <= 3, missed


@needs_seeds
def test_every_finding_convinces_alone() -> None:
    """A message of one line, the computation or the comparison, and lines to compare where there are several."""
    for name in EXPECTED:
        for finding in report_of(name).findings:
            assert finding.message
            assert "\n" not in finding.message
            assert finding.formula or finding.computed or finding.related, (name, finding.message)
            assert finding.help, finding.rule
