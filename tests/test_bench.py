"""Labelled documents nobody tuned for: precision first. Floors, to be raised when they are passed for good."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

import stratlint
from stratlint.report.outcome import Report

BENCH = Path(__file__).parents[2] / "shared" / "bench"
pytestmark = pytest.mark.skipif(not (BENCH / "score.py").is_file(), reason="no ../shared beside the checkout")


@cache
def report_of(path: Path) -> Report:
    return stratlint.check(path)


def findings_of(paths: list[Path]) -> str:
    rows = []
    for path in paths:
        for finding in report_of(path).findings:
            related = [{"line": place.line} for place in finding.related if place.line]
            rows.append({"path": str(path), "line": finding.location.line, "severity": finding.severity.value,
                         "rule": finding.rule, "message": finding.message, "related": related})  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def scored(tmp_path: Path, which: str, paths: list[Path]) -> dict[str, float]:
    file = tmp_path / "findings.jsonl"
    file.write_text(findings_of(paths), encoding="utf-8")
    command = [sys.executable, str(BENCH / "score.py"), str(file), f"--{which}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)[which]
    return figures


def test_prepared_documents_have_next_to_no_false_alarm_and_most_defects_are_found(tmp_path: Path) -> None:
    figures = scored(tmp_path, "written", sorted((BENCH / "written").glob("*.md")))
    assert figures["precision(error)"] >= 0.98, figures
    assert figures["precision(warning)"] >= 0.80, figures
    assert figures["recall(error)"] >= 0.78, figures
    assert figures["recall(all)"] >= 0.80, figures


def test_documents_without_a_defect_have_no_error() -> None:
    for labels in sorted((BENCH / "written").glob("*.labels.yaml")):
        if yaml.safe_load(labels.read_text(encoding="utf-8")).get("defects"):
            continue
        document = labels.with_name(labels.name.replace(".labels.yaml", ".md"))
        assert report_of(document).errors == (), document.name


def test_no_error_on_a_trap_line_of_documents_found_in_the_wild(tmp_path: Path) -> None:
    """Every third document that has such a line, to be quick; `make ecosystem DOCS=folder` reads them all."""
    labels = json.loads((BENCH / "real" / "labels.json").read_text(encoding="utf-8"))
    paths = sorted({BENCH / "real" / "files" / label["file"] for label in labels if label["kind"] == "trap"})[::3]
    assert paths
    figures = scored(tmp_path, "real", paths)
    assert figures.get("false errors", 0) == 0, figures
