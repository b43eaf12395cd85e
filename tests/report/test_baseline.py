"""Baselines: recorded by fingerprint and count, never by line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stratlint.config.errors import ConfigError
from stratlint.report.baseline import Baseline, compared, read_baseline, recorded, without, written
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Finding, Location, Severity


def finding(text: str, line: int, rule: str = "sum") -> Finding:
    """A finding about *text*."""
    place = Location("plan.md", line * 100, line * 100 + 1, line, 1, line, 2, "claim", text)
    return Finding(rule, Severity.ERROR, "high", f"claims {text}", place, claimed=text)


def report(*findings: Finding, path: str = "plan.md") -> Report:
    """One document."""
    return Report((DocumentReport(path, findings=findings),))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Baseline and documents side by side."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def left(now: Report, baseline: Baseline) -> list[str]:
    """Claims that are not recorded."""
    return [each.claimed for each in without(now, baseline)[0].findings]


def test_moved_lines_stay_known_and_changed_numbers_do_not(folder):
    """Identity is the claim, not its place."""
    base = recorded(report(finding("5 GB", 3), finding("6 GB", 4)), folder)

    assert left(report(finding("6 GB", 9), finding("5 GB", 90)), base) == []
    assert left(report(finding("5 GB", 3), finding("7 GB", 4)), base) == ["7 GB"]
    assert left(report(finding("5 GB", 3, "product")), base) == ["5 GB"]


def test_equal_findings_are_counted(folder):
    """Two of the same are two; a third is new."""
    twice = recorded(report(finding("5 GB", 3), finding("5 GB", 8)), folder)

    assert left(report(finding("5 GB", 1), finding("5 GB", 2)), twice) == []
    assert left(report(finding("5 GB", 1), finding("5 GB", 2), finding("5 GB", 3)), twice) == ["5 GB"]


def test_per_document(folder):
    """The same claim in another document is new."""
    base = recorded(report(finding("5 GB", 3)), folder)

    assert left(report(finding("5 GB", 3), path="other.md"), base) == ["5 GB"]


def test_the_file_is_stable_and_comes_back(folder):
    """Same findings, same bytes; what is written is what is read."""
    now = report(finding("5 GB ✅ \x1b", 3), finding("4 GB", 4))
    base = recorded(now, folder)
    (folder / "b.json").write_text(written(base), "utf-8")

    assert base == read_baseline("b.json")
    assert written(base) == written(recorded(report(*reversed(now.findings)), folder))
    assert written(base).isascii() and "line" not in written(base)


def test_paths_are_relative_to_the_file(folder, monkeypatch):
    """The baseline works from every working directory."""
    base = recorded(report(finding("5 GB", 3)), folder)
    (folder / "x").mkdir()
    monkeypatch.chdir(folder / "x")

    assert left(report(finding("5 GB", 3), path="../plan.md"), base) == []


def test_accept_and_prune(folder):
    """New ones enter with `accept_new`, gone ones leave with `prune`, neither happens unasked."""
    old = recorded(report(finding("5 GB", 3), finding("6 GB", 4)), folder)
    now = report(finding("6 GB", 4), finding("7 GB", 5))

    def after(**options: bool) -> list[str]:
        found = compared(old, now, **{"accept_new": False, "prune": False, **options})
        assert (found.new, found.gone) == (1, 1)
        return sorted(each.message for each in found.updated.documents["plan.md"].values())

    assert after() == ["claims 5 GB", "claims 6 GB"]
    assert after(accept_new=True) == ["claims 5 GB", "claims 6 GB", "claims 7 GB"]
    assert after(prune=True) == ["claims 6 GB"]
    assert after(accept_new=True, prune=True) == ["claims 6 GB", "claims 7 GB"]


def test_prune_leaves_documents_alone_that_were_not_checked(folder):
    """A run over one file does not empty the baseline of the others; a deleted document's entries go."""
    old = recorded(Report((*report(finding("5 GB", 3)).documents, *report(finding("6 GB", 4), path="b.md").documents)), folder)
    now = Report((DocumentReport("plan.md"),))

    assert {"b.md"} == {name for name, entries in compared(old, now, accept_new=False, prune=True).updated.documents.items() if entries}
    gone = compared(old, now, accept_new=False, prune=True, missing=["b.md"])
    assert (gone.new, gone.gone) == (0, 2)
    unread = Report((replace(now.documents[0], error="unreadable"),))
    assert compared(old, unread, accept_new=False, prune=True).gone == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"version": 2, "documents": {}}',
        '{"version": 1}',
        '{"version": 1, "documents": []}',
        '{"version": 1, "documents": {"a": {"f": {"rule": "x"}}}}',
        "[" * 100_000,
        '{"version": 1, "documents": {"a": {"f": {"rule": "x", "message": "", "count": 0}}}}',
    ],
)
def test_damaged_files(folder, text):
    """A damaged baseline is an error, never an empty one."""
    (folder / "b.json").write_text(text)

    with pytest.raises(ConfigError, match=r"b\.json: not a baseline"):
        read_baseline("b.json")


def test_missing_file(folder):
    """So is one that is not there."""
    with pytest.raises(ConfigError, match=r"absent\.json: no baseline: no such file"):
        read_baseline("absent.json")


def test_reading_ignores_what_is_only_for_people(folder):
    """Rule and message in the file identify nothing: rewording a rule keeps its findings known."""
    base = json.loads(written(recorded(report(finding("5 GB", 3)), folder)))
    for entry in base["documents"]["plan.md"].values():
        entry["message"] = "worded otherwise"
    (folder / "b.json").write_text(json.dumps(base))

    assert left(report(finding("5 GB", 3)), read_baseline("b.json")) == []


def test_a_renamed_rule_keeps_its_entry_and_renews_its_name(folder):
    """An entry under a former name is no difference; written again it has the name of today."""
    old = recorded(report(finding("5 GB", 3, "list-total-mismatch")), folder)
    now = report(finding("5 GB", 3, "wrong-sum"))

    assert left(now, old) == []
    assert old.rules == {"list-total-mismatch"}
    found = compared(old, now, accept_new=False, prune=False)
    assert (found.new, found.gone, found.updated.rules) == (0, 0, {"wrong-sum"})
    assert left(now, found.updated) == []
    assert compared(old, report(), accept_new=False, prune=False).gone == 1
