"""Labelled documents nobody tuned for: precision first. Floors, to be raised when they are passed for good."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import stratlint

BENCH = Path(__file__).parents[2] / "shared" / "bench"
pytestmark = pytest.mark.skipif(not (BENCH / "score.py").is_file(), reason="the labelled documents are not on this machine")


def findings_of(paths: list[Path]) -> str:
    rows = []
    for path in paths:
        for finding in stratlint.check(path).findings:
            related = [{"line": place.line} for place in finding.related if place.line]
            rows.append({"path": str(path), "line": finding.location.line, "severity": finding.severity.value,
                         "rule": finding.rule, "message": finding.message, "related": related})  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def scored(tmp_path: Path, which: str, paths: list[Path]) -> dict[str, float]:
    file = tmp_path / "findings.jsonl"
    file.write_text(findings_of(paths), encoding="utf-8")
    command = [sys.executable, str(BENCH / "score.py"), str(file), f"--{which}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    result: dict[str, float] = answer.get(which, answer)
    return result


def test_written_documents(tmp_path: Path) -> None:
    score = scored(tmp_path, "written", sorted((BENCH / "written").glob("*.md")))
    assert score["precision_error"] >= 0.95, score
    assert score["recall_error"] >= 0.45, score
