"""Our own documents: exactly the labelled defects are found, and nothing else.

`NAME.labels.yaml` beside each document lists its `defects` (a rule or several,
    one finding of which must stand on one of
`lines`; `certainty` is the severity) and its `traps`, lines that are right although they look tempting.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import stratlint
from stratlint.report.outcome import Report
from stratlint.rules.registry import load_rules

FIXTURES = Path(__file__).parents[1] / "fixtures"
DOCUMENTS = sorted(FIXTURES.glob("*.md"))
NAMES = [path.stem for path in DOCUMENTS]


@dataclass(frozen=True)
class Defect:
    rules: frozenset[str]
    severity: str
    lines: frozenset[int]
    claim: str


def labels_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FIXTURES / f"{name}.labels.yaml").read_text(encoding="utf-8"))
    return loaded


def defects_of(name: str) -> list[Defect]:
    return [
        Defect(
            frozenset([each["rule"]] if isinstance(each["rule"], str) else each["rule"]),
            each["certainty"], frozenset(each["lines"]), str(each["claim"]),
        )
        for each in labels_of(name)["defects"]
    ]  # fmt: skip


@cache
def report_of(name: str) -> Report:
    return stratlint.check(FIXTURES / f"{name}.md")


@pytest.mark.parametrize("name", NAMES)
def test_every_labelled_defect_is_found_at_its_line(name: str) -> None:
    found = [(f.rule, f.severity.value, f.location.line) for f in report_of(name).findings]
    missed = [
        defect for defect in defects_of(name)
        if not any(r in defect.rules and s == defect.severity and line in defect.lines for r, s, line in found)
    ]  # fmt: skip
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_found(name: str) -> None:
    labelled = {(rule, line) for defect in defects_of(name) for rule in defect.rules for line in defect.lines}
    others = [(f.rule, f.location.line, f.message) for f in report_of(name).findings]
    assert [other for other in others if other[:2] not in labelled] == []


@pytest.mark.parametrize("name", NAMES)
def test_most_numbers_are_understood(name: str) -> None:
    assert report_of(name).coverage.share_understood >= 0.65


@pytest.mark.parametrize("name", NAMES)
def test_labels_say_what_stands_on_their_lines(name: str) -> None:
    """Lines move when a document is edited; the labels must move with them."""
    lines = (FIXTURES / f"{name}.md").read_text(encoding="utf-8").splitlines()
    for defect in defects_of(name):
        assert any(defect.claim in lines[number - 1] for number in defect.lines), defect
        assert defect.rules <= set(load_rules().names), defect
        assert defect.severity in ("error", "warning")
    for trap in labels_of(name)["traps"]:
        assert all(lines[number - 1].strip() for number in trap["lines"]), trap


def test_there_are_wrong_documents_and_one_without_a_fault() -> None:
    counts = {name: len(defects_of(name)) for name in NAMES}
    assert counts["verified_strategy"] == 0
    assert sum(count > 0 for count in counts.values()) >= 6
