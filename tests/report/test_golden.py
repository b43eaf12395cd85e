"""Every format of one hostile report, byte for byte.

`STRATLINT_REGENERATE=1 pytest tests/report/test_golden.py` rewrites the files; read their diff.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.github import step_summary
from stratlint.report.outcome import Report

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {
    "json": "json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "rdjson": "json",
    "rdjsonl": "jsonl",
    "gitlab": "json",
    "junit": "xml",
    "checkstyle": "xml",
    "markdown": "md",
    "prompt": "md",
}
NAMES = sorted(set(FORMATS) - {"html"})


def expect(name: str, text: str) -> None:
    """Compare with, or write, a golden file."""
    path = GOLDEN / name
    if os.environ.get("STRATLINT_REGENERATE"):
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, sample: Report, options: RenderOptions) -> None:
    expect(f"{name}.{SUFFIXES.get(name, 'txt')}", render(name, sample, options))


def test_golden_full_in_colour_with_links(sample: Report, options: RenderOptions) -> None:
    shown = replace(options, color=True, hyperlinks=True, verbose=True, statistics=True, width=60)
    expect("full-colour.txt", render("full", sample, shown))


def test_golden_step_summary(sample: Report) -> None:
    expect("step-summary.md", step_summary(sample))


@pytest.mark.parametrize("name", NAMES)
def test_rendering_twice_gives_the_same_bytes(name: str, sample: Report, options: RenderOptions) -> None:
    loud = replace(options, color=True, hyperlinks=True, verbose=True, statistics=True)
    assert render(name, sample, loud) == render(name, sample, loud)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_run_renders(name: str, options: RenderOptions) -> None:
    text = render(name, Report(), options)
    assert text.endswith("\n") or (name in {"jsonl", "rdjsonl"} and text == "")
