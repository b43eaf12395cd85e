"""Baselines and diffs on the command line, on a real repository."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest


def git(folder: Path, *arguments: str) -> str:
    """Run git as nobody in particular."""
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull},
    ).stdout


def commit(folder: Path, message: str = "x") -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


PLAN = "# Plan\n\nWe have 8 PREMISE GPUs.\n\nfiller\n\nThe sum is 12 WRONG here.\n\nThe sum is 13 WRONG there.\n"


@pytest.fixture
def repository(needs_git: None, project: Path) -> Path:
    """A committed plan with two errors that rest on one premise, on a branch from `main`."""
    git(project, "init", "-q", "-b", "main", ".")
    (project / "plan.md").write_text(PLAN)
    (project / "other.md").write_text("It is 5 WRONG here.\n")
    commit(project)
    git(project, "checkout", "-q", "-b", "work")
    return project


def messages(run, *argv: str) -> list[str]:
    """Findings of a check as `path:line message`."""
    out = run("check", "--output-format", "jsonl", *argv).out
    return [f"{row['path']}:{row['line']} {row['message']}" for row in map(json.loads, out.splitlines())]


def test_nothing_changed(run, repository):
    """No change, no findings: the exit code is 0 though the documents are wrong."""
    assert messages(run, "--diff-base", "main") == []
    assert run("check", "--diff-base", "main").code == 0


def test_a_changed_claim(run, repository):
    """Only the claim in the changed line."""
    (repository / "plan.md").write_text(PLAN.replace("12", "14"))

    assert messages(run, "--diff-base", "main") == ["plan.md:7 claims 14"]


def test_a_changed_premise_of_what_was_false_already_is_told_and_not_counted(run, repository):
    """The change touches the premise and made nothing false: no finding, exit code 0, a line for each."""
    (repository / "plan.md").write_text(PLAN.replace("8 PREMISE", "9 PREMISE"))

    assert messages(run, "--diff-base", "main") == []
    shown = run("check", "--diff-base", "main", "--output-format", "concise")
    assert shown.code == 0
    assert "plan.md:7:12: already there: error[product-mismatch] claims 12\n" in shown.out
    assert "no findings in 2 documents, 2 already there before this change" in shown.out
    assert "already there" not in run("check", "--diff-base", "main", "--output-format", "concise", "-q").out


def test_of_two_equal_lines_the_one_in_the_change_is_new(run, repository):
    """It was put far above the old one, which stays where nothing was changed."""
    text = "The sum is 12 WRONG here.\n\nIt was written at the top.\n\n" + PLAN.replace("8 PREMISE", "9 PREMISE")
    (repository / "plan.md").write_text(text)

    assert messages(run, "--diff-base", "main") == ["plan.md:1 claims 12"]
    documents = json.loads(run("check", "--diff-base", "main", "--output-format", "json").out)["documents"]
    assert [row["line"] for document in documents for row in document["already"]] == [11, 13]


def test_a_diff_without_its_base_blames_nobody(run, repository):
    """What line 7 was before is not known: the finding counts, and does not say that the change made it."""
    (repository / "plan.md").write_text(PLAN.replace("8 PREMISE", "9 PREMISE"))
    (repository / "pr.diff").write_text(git(repository, "diff", "main"))

    assert messages(run, "--diff", "pr.diff")[0] == "plan.md:3 line 3 was changed and does not fit line 7: claims 12"


def test_a_base_that_cannot_be_judged_is_told_and_all_counts(run, repository):
    """Never the other way round: a defect of ours opens no gate."""
    (repository / "plan.md").write_text("CRASH\n" + PLAN)
    commit(repository)
    git(repository, "checkout", "-q", "-b", "further")
    (repository / "plan.md").write_text(PLAN.replace("8 PREMISE", "9 PREMISE"))
    result = run("check", "--diff-base", "work", "plan.md")

    assert result.code == 1
    assert "plan.md: its version at the base cannot be judged, so all findings count as new: internal error: RuntimeError" in result.err


def test_the_merge_base_counts(run, repository):
    """What others did on the base branch since is not ours; commits, index and working tree are."""
    (repository / "plan.md").write_text(PLAN.replace("12", "14"))
    commit(repository)
    git(repository, "checkout", "-q", "main")
    (repository / "other.md").write_text("It is 6 WRONG here.\n")
    commit(repository)
    git(repository, "checkout", "-q", "work")
    (repository / "plan.md").write_text(PLAN.replace("12", "14").replace("13", "15"))

    assert messages(run, "--diff-base", "main") == ["plan.md:7 claims 14", "plan.md:9 claims 15"]


def test_new_untracked_and_renamed_files(run, repository):
    """New files count as a whole, committed or not; a pure rename changes nothing."""
    git(repository, "mv", "other.md", "moved.md")
    commit(repository)
    (repository / "neu ä\t.md").write_text("It is 7 WRONG here.\n")

    assert messages(run, "--diff-base", "main") == ["neu ä\t.md:1 claims 7"]
    commit(repository)
    assert messages(run, "--diff-base", "main") == ["neu ä\t.md:1 claims 7"]


def test_from_a_folder_below(run, repository, monkeypatch):
    """Paths of the diff are the repository's, those of the run the working directory's."""
    (repository / "plan.md").write_text(PLAN.replace("12", "14"))
    (repository / "sub").mkdir()
    monkeypatch.chdir(repository / "sub")

    assert messages(run, "--diff-base", "main", "../plan.md") == ["../plan.md:7 claims 14"]


def test_user_configuration_does_not_matter(run, repository):
    """Prefixes, colours and external tools of a user's git are not seen."""
    for key, value in (
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("diff.external", "/bin/false"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.relative", "true"),
    ):
        git(repository, "config", key, value)
    (repository / "plan.md").write_text(PLAN.replace("12", "14"))

    assert messages(run, "--diff-base", "main") == ["plan.md:7 claims 14"]


@pytest.mark.parametrize(
    ("ref", "message"),
    [("absent", "--diff-base absent: no such commit"), ("--output=x", "is no ref"), ("", "is no ref")],
)
def test_refs_that_are_none(run, repository, ref, message):
    """A ref cannot become an option of git; an unknown one is 2, not an empty diff."""
    result = run("check", f"--diff-base={ref}")

    assert result.code == 2 and message in result.err
    assert not (repository / "x").exists()


def test_unrelated_history(run, repository):
    """The likely reason is named."""
    git(repository, "checkout", "-q", "--orphan", "alone")
    commit(repository, "of another origin")

    assert "fetch-depth: 0" in run("check", "--diff-base", "main").err


def test_outside_a_repository(run, project, needs_git):
    """git's own words."""
    (project / "a.md").write_text("1")
    result = run("check", "--diff-base", "main")

    assert result.code == 2 and "not a git repository" in result.err


def test_without_git(run, project, monkeypatch):
    """What is missing, and the way out."""
    (project / "a.md").write_text("1")
    monkeypatch.setenv("PATH", "")
    result = run("check", "--diff-base", "main")

    assert result.code == 2 and "git is not installed; use --diff FILE" in result.err


def test_a_diff_from_a_file_or_standard_input(run, repository):
    """`--diff` takes what `git diff` printed, with context."""
    (repository / "plan.md").write_text(PLAN.replace("12", "14"))
    diff = git(repository, "diff", "main")
    (repository / "pr.diff").write_text(diff)

    assert messages(run, "--diff", "pr.diff") == ["plan.md:7 claims 14"]
    result = run("check", "--output-format", "concise", "--diff", "-", stdin=diff.encode())
    assert result.code == 1 and "plan.md:7:12" in result.out
    assert run("check", "-", "--diff", "-").code == 2
    assert run("check", "--diff", "absent.diff").code == 2
    assert "this is no unified diff" in run("check", "--diff", "plan.md").err


def test_diff_and_baseline_together(run, repository):
    """What is recorded is not news, changed premise or not."""
    run("baseline")
    (repository / "plan.md").write_text(PLAN.replace("8 PREMISE", "9 PREMISE"))

    assert messages(run, "--diff-base", "main", "--baseline", "stratlint-baseline.json") == []
    shown = run("check", "--diff-base", "main", "--baseline", "stratlint-baseline.json", "--output-format", "concise")
    assert "already there" not in shown.out


def test_baseline_lifecycle(run, project):
    """Record, stay green over moved lines, fail on new ones, accept them, prune what is repaired."""
    plan = project / "plan.md"
    plan.write_text(PLAN)
    recorded = run("baseline", "plan.md")
    assert (recorded.code, recorded.out) == (0, "")
    assert "stratlint-baseline.json: 2 findings recorded" in recorded.err
    (project / "stratlint.toml").write_text('baseline = "stratlint-baseline.json"\n')

    plan.write_text("new first line\n\n" + PLAN)
    shown = run("check", "plan.md")
    assert shown.code == 0 and "2 findings in the baseline" in shown.err
    assert run("check", "--no-baseline", "plan.md").code == 1
    assert run("baseline", "plan.md").code == 0

    plan.write_text(PLAN.replace("12 WRONG", "14 WRONG"))
    assert messages(run, "plan.md") == ["plan.md:7 claims 14"]
    stale = run("baseline", "plan.md")
    assert stale.code == 1 and "1 new (--accept-new records them), 1 gone (--prune removes them)" in stale.err
    assert run("baseline", "plan.md", "--accept-new").code == 1
    assert run("baseline", "plan.md", "--accept-new", "--prune").code == 0
    assert messages(run, "plan.md") == []
    assert json.loads((project / "stratlint-baseline.json").read_text())["version"] + 1 == 2
    plan.write_text("nothing of 1 kind\n")
    assert run("baseline", "plan.md", "--prune").code == 0
    assert json.loads((project / "stratlint-baseline.json").read_text())["documents"] == {}


def test_a_missing_or_damaged_baseline_is_2(run, project):
    """It is never taken for an empty one."""
    (project / "a.md").write_text(PLAN)
    assert run("check", "--baseline", "absent.json", "a.md").code == 2
    (project / "b.json").write_text("{")
    result = run("check", "--baseline", "b.json", "a.md")
    assert result.code == 2 and "b.json: not a baseline" in result.err
    assert run("baseline", "--baseline", "b.json", "a.md").code == 2


def test_a_baseline_that_cannot_be_written(run, project):
    """Nothing half written, no temporary file left."""
    (project / "a.md").write_text(PLAN)
    result = run("baseline", "--baseline", "absent/b.json", "a.md")

    assert result.code == 1 and "cannot be written" in result.err
    assert [each.name for each in project.iterdir()] == ["a.md"]


def test_a_baseline_of_an_incomplete_run_is_2(run, project):
    """Documents that could not be read are said."""
    (project / "a.md").write_text(PLAN)

    assert run("baseline", "a.md", "absent.md").code == 2


def test_a_baseline_under_former_names_says_so(run, project):
    """The entry's rule went: a note names its successor and the command that renews the file."""
    (project / "plan.md").write_text("It is 5 WRONG here.\n")
    entry = {"rule": "list-total-mismatch", "message": "m", "count": 1}
    (project / "old.json").write_text(json.dumps({"version": 1, "documents": {"plan.md": {"0": entry}}}))

    said = run("check", "plan.md", "--baseline", "old.json").err
    assert 'the baseline: rule "list-total-mismatch" is now `wrong-sum`; `stratlint baseline` renews it' in said
    assert "wrong-sum" not in run("check", "--quiet", "plan.md", "--baseline", "old.json").err
