"""A checkout alone, on a machine without a browser: what is skipped is said in a line a reason, and names no folder of the machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

OF_THE_NEIGHBOUR = (
    "tests/test_seeds.py",
    "tests/claims/test_grammar.py",
    "tests/physics/test_published.py",
    "tests/report/test_schemas.py",
)
OF_THE_BROWSER = ("tests/report/page/test_browser.py",)


@pytest.fixture(scope="module")
def alone(working_tree: Path) -> list[str]:
    """The last lines of a run of tests that skip there, and of none that would."""
    few = ["-k", "not any_ and not glued"]  # and not those that are many
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *few, *OF_THE_NEIGHBOUR, *OF_THE_BROWSER]
    environment = {**os.environ, "PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(working_tree)}
    done = subprocess.run(command, cwd=working_tree, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    return [line for line in done.stdout.splitlines() if "skipped" in line.lower()]


def test_every_reason_has_its_line(alone: list[str]) -> None:
    reasons = [re.sub(r"^skipped \d+: ", "", line) for line in alone[:-1]]
    assert reasons == ["no ../shared beside the checkout", "no Chromium with its chromedriver"]
    assert re.search(r"\d+ passed, \d+ skipped", alone[-1])


def test_the_reasons_are_explained(alone: list[str]) -> None:
    contributing = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for line in alone[:-1]:
        assert f"`{line.partition(': ')[2]}`" in contributing
