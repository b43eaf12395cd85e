"""A rule that could not be evaluated: reports that are read without the terminal say so, and none makes a finding of it."""

from __future__ import annotations

import json

import pytest

from stratlint.document import parse
from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.failure import Failure

PLAN = parse("2 × 3 = 6 GPUs\n", "plan.md")
FAILURE = Failure("world-size", "parallelism.yaml", "TypeError: <b> at worlds.py:7")
REPORT = Report((DocumentReport("plan.md", PLAN, failures=(FAILURE,)),))


def test_json_has_it_beside_the_findings(options: RenderOptions) -> None:
    (document,) = json.loads(render("json", REPORT, options))["documents"]
    assert document["findings"] == []
    assert document["failures"] == [{"rule": "world-size", "source": "parallelism.yaml", "problem": "TypeError: <b> at worlds.py:7"}]


def test_sarif_is_no_successful_execution(options: RenderOptions) -> None:
    (run,) = json.loads(render("sarif", REPORT, options))["runs"]
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert (invocation["executionSuccessful"], notification["level"], run["results"]) == (False, "error", [])
    assert "world-size" in notification["message"]["text"]


def test_junit_has_an_error(options: RenderOptions) -> None:
    text = render("junit", REPORT, options)
    assert 'errors="1"' in text
    assert "rule `world-size` (parallelism.yaml) failed with TypeError: &lt;b&gt;" in text


@pytest.mark.parametrize("format_name", ["markdown", "html"])
def test_pages_name_the_rule(format_name: str, options: RenderOptions) -> None:
    text = render(format_name, REPORT, options)
    assert "Not checked: rule" in text
    assert "world-size" in text
    assert "TypeError: <b>" not in text


@pytest.mark.parametrize("format_name", sorted(set(FORMATS) - {"json", "sarif", "junit", "markdown", "html"}))
def test_what_lists_findings_only_lists_none(format_name: str, options: RenderOptions) -> None:
    """These are told on standard error, with the exit code."""
    clean = Report((DocumentReport("plan.md", PLAN),))
    assert render(format_name, REPORT, options) == render(format_name, clean, options)
