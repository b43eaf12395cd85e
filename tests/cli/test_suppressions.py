"""Suppressions and waivers through the whole command."""

from __future__ import annotations

import json

import pytest

from stratlint.document import parse
from stratlint.report.directives import VERBS, read


@pytest.fixture
def check(run, project):
    """Check one text and return its rules and exit code."""

    def checked(text: str, *options: str, config: str = "") -> tuple[int, list[str]]:
        (project / "plan.md").write_text(text)
        (project / "stratlint.toml").write_text(config)
        result = run("check", "--output-format", "jsonl", "plan.md", *options)
        return result.code, [f"{row['path']}:{row['line']} {row['rule']}" for row in map(json.loads, result.out.splitlines())]

    return checked


SILENCED = "It is 12 WRONG now. <!-- stratlint: ignore[product-mismatch]: measured -->\n"
WAIVER = '[[waivers]]\nrule = "product-mismatch"\npath = "*.md"\nreason = "offload"\n'


def test_comment(check):
    """It silences; `--no-ignores` does not listen; what it silences is not in the exit code."""
    assert check(SILENCED) == (0, [])
    assert check(SILENCED, "--no-ignores") == (1, ["plan.md:1 product-mismatch"])


def test_what_is_silenced_is_counted(run, project):
    """`no findings` over accepted ones does not look like all correct."""
    (project / "plan.md").write_text(SILENCED)

    assert "no findings in 1 document, 1 silenced\n" in run("check", "plan.md").out
    assert json.loads(run("check", "--output-format", "json", "plan.md").out)["summary"]["silenced"] == 1


def test_own_findings_obey_the_configuration(check):
    """They have severities, can be ignored, and fail the run when asked."""
    unused = SILENCED.replace("WRONG", "RIGHT")
    assert check(unused) == (0, ["plan.md:1 unused-suppression"])
    assert check(unused, "--fail-on", "warning")[0] == 1
    assert check(unused, config='[severity]\nunused-suppression = "error"\n')[0] == 1
    assert check(unused, "--ignore", "unused-suppression") == (0, [])
    assert check(unused, "--ignore", "suppression") == (0, [])
    assert check(unused, "--select", "latency") == (0, [])
    assert check(unused, "--ignore", "product-mismatch") == (0, [])
    assert check(SILENCED.replace(": measured", "")) == (0, ["plan.md:1 unreasoned-suppression"])
    assert check(SILENCED.replace(": measured", ""), config="require-reason = false\n") == (0, [])


def test_severity_and_per_file_ignores(check):
    """The configuration's severities and per-file ignores hold."""
    text = "It is 12 WRONG now.\n"
    assert check(text, config='[severity]\nproduct-mismatch = "warning"\n') == (0, ["plan.md:1 product-mismatch"])
    assert check(text, config='[per-file-ignores]\n"plan*" = ["arithmetic"]\n') == (0, [])
    assert check(text, config='[per-file-ignores]\n"other*" = ["arithmetic"]\n')[0] == 1


def test_waivers(check):
    """They silence, lapse with the value, expire, and are reported at their line when they do nothing."""
    text = "It is 76.11 GB WRONG now.\n"
    assert check(text, config=WAIVER) == (0, [])
    assert check(text, "--no-ignores", config=WAIVER) == (1, ["plan.md:1 product-mismatch"])
    assert check(text, config=WAIVER + 'claim = "76.11GB"\n') == (0, [])
    assert check(text, config=WAIVER + 'claim = "80GB"\n') == (
        1,
        ["plan.md:1 product-mismatch", "stratlint.toml:1 unused-suppression"],
    )
    assert check(text, config=WAIVER + "expires = 2020-01-31\n") == (
        1,
        ["plan.md:1 product-mismatch", "stratlint.toml:1 expired-suppression"],
    )
    assert check(text, config=WAIVER + "expires = 2999-01-31\n") == (0, [])
    assert check(text, config=WAIVER.replace("*.md", "other/*.md")) == (1, ["plan.md:1 product-mismatch"])


@pytest.mark.parametrize(
    "form",
    ["full", "grouped", "github", "json", "sarif", "rdjson", "gitlab", "junit", "checkstyle", "markdown", "html"],
)
def test_a_finding_in_the_configuration_is_shown_in_every_format(run, project, form):
    """No format needs the document behind a finding."""
    (project / "plan.md").write_text("It is 1.\n")
    (project / "stratlint.toml").write_text(WAIVER)
    result = run("check", "--output-format", form, "plan.md")

    assert result.code == 0
    assert "silences nothing" in result.out


def accepted(out: str) -> list[tuple[str, str]]:
    """Kind and justification of every suppressed result of a SARIF report."""
    results = json.loads(out)["runs"][0]["results"]
    return [(each["kind"], each.get("justification", "")) for row in results for each in row.get("suppressions", ())]


def test_sarif_carries_what_was_accepted(run, project):
    """By a comment, a waiver or the baseline, each with its reason; not for code scanning, which ignores that."""
    (project / "plan.md").write_text(f"{SILENCED}\nIt is 13 WRONG.\n")
    (project / "old.md").write_text("It is 14 WRONG.\n")
    (project / "stratlint.toml").write_text(WAIVER + 'claim = "13"\n')
    run("baseline", "--baseline", "known.json", "old.md")
    check = ("check", "--output-format", "sarif", "--baseline", "known.json", ".")

    assert run(*check).code == 0
    assert accepted(run(*check).out) == [
        ("external", "recorded in the baseline"),
        ("inSource", "measured"),
        ("external", "offload"),
    ]
    assert accepted(run(*check, "--no-silenced").out) == []
    assert '"results": []' in run(*check, "--no-silenced").out


def test_the_page_about_suppressions_shows_forms_that_work(run, project):
    """Each comment is understood, and the waiver is a configuration."""
    page = run("explain", "unused-suppression").out
    directives, mistakes = read(parse(page.replace("rule-a, rule-b", "rule-a"), "page.md"))
    assert {each.verb for each in directives} == set(VERBS) and mistakes == ()
    waiver = page[page.index("[[waivers]]") : page.index("All of what")].replace("rule-a", "product-mismatch")
    (project / "stratlint.toml").write_text(waiver)
    (project / "docs").mkdir()
    (project / "docs/plan.md").write_text("It is 76.11 GB WRONG now.\n")
    assert ", 1 silenced" in run("check", "docs/plan.md").out
    assert "How to accept" in run("explain", "expired-suppression").out
    assert "How to accept" not in run("explain", "remark").out
