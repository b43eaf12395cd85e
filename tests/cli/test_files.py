"""Which documents a run reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


def make(root: Path, *names: str) -> None:
    """Documents with a number in each."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("There are 8.\n")


def listed(run, *argv: str) -> list[str]:
    """What `--show-files` lists."""
    return run("check", "--show-files", *argv).out.splitlines()


def test_directories_are_searched_for_markdown(run, project):
    """`.md` and `.markdown`, in order, without hidden folders and `node_modules`."""
    make(project, "b.md", "a.markdown", "c.txt", "d/e.md", "d/f/g.md", ".h/i.md", "node_modules/j.md", "d.x/k.md")

    assert listed(run) == ["a.markdown", "b.md", "d/e.md", "d/f/g.md", "d.x/k.md"]
    assert listed(run, "d") == ["d/e.md", "d/f/g.md"]
    assert listed(run, "./d/") != ["./d/e.md", "./d/f/g.md"]


def test_named_files_are_read_whatever_their_suffix(run, project):
    """A name is a wish: suffix, hidden folders and `exclude` do not matter."""
    make(project, "c.txt", ".h/i.md", "node_modules/j.md")

    assert listed(run, "c.txt", ".h/i.md", "node_modules/j.md") == ["c.txt", ".h/i.md", "node_modules/j.md"]


def test_include_and_exclude(run, project):
    """Globs as in .gitignore, from the configuration and the command line."""
    make(project, "a.md", "b.mdx", "old/c.md", "docs/old/d.md", "docs/e.md", "docs/f/g.md")

    assert listed(run, "--config", 'include = ["*.mdx"]') == ["b.mdx"]
    assert listed(run, "--exclude", "old") == ["a.md", "docs/e.md", "docs/f/g.md"]
    assert listed(run, "--exclude", "/old") == ["a.md", "docs/e.md", "docs/f/g.md", "docs/old/d.md"]
    assert listed(run, "--exclude", "docs/*.md") == ["a.md", "docs/f/g.md", "docs/old/d.md", "old/c.md"]
    assert listed(run, "--config", 'extend-exclude = ["docs/**"]') == ["a.md", "old/c.md"]
    assert listed(run, "--config", 'extend-exclude = ["old/", "docs/*", "!docs/e.md"]') == ["a.md", "docs/e.md"]


def test_a_pattern_that_cannot_be_read_is_2(run, project):
    """It is named, and nothing is checked as if it were not there."""
    (project / "a.md").write_text("# A\n")
    for options in (["--exclude", "[z-a]"], ["--config", 'include = ["[z-a]"]']):
        result = run("check", *options)
        assert result.code == 2 and '"[z-a]" cannot be read as a pattern' in result.err and not result.out


def test_force_exclude(run, project):
    """pre-commit names files: with `--force-exclude` excluded ones stay out; nothing left is a note."""
    make(project, "a.md", "old/c.md")
    (project / "stratlint.toml").write_text('exclude = ["old"]\n')

    assert listed(run, "a.md", "old/c.md") == ["a.md", "old/c.md"]
    assert listed(run, "--force-exclude", "a.md", "old/c.md") == ["a.md"]
    result = run("check", "--force-exclude", "old/c.md")
    assert result.code == 0 and "nothing to check: everything that was named is excluded" in result.err


def test_everything_in_a_directory_excluded_is_0(run, project):
    """The same for a search."""
    make(project, "a.md")

    assert run("check", "--exclude", "*.md").code == 0


def test_an_excluded_directory_with_nothing_else_is_0(run, project):
    """A folder that is excluded as a whole counts as excluded, not as nothing found."""
    make(project, "old/a.md")

    assert run("check", "--exclude", "old").code == 0
    make(project, "node_modules/a.md")
    (project / "old" / "a.md").unlink()
    (project / "old").rmdir()
    assert run("check").code == 2


@pytest.fixture
def repository(needs_git: None, project: Path) -> Path:
    """A git repository that ignores `build/` and `*.tmp.md`."""
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    (project / ".gitignore").write_text("build/\n*.tmp.md\n!keep.tmp.md\n")
    make(project, "a.md", "b.tmp.md", "keep.tmp.md", "build/c.md", "d/build/e.md", "d/f.md")
    return project


def test_gitignore_is_respected(run, repository):
    """git answers, negation and all; it can be switched off."""
    assert listed(run) == ["a.md", "d/f.md", "keep.tmp.md"]
    assert listed(run, "d") == ["d/f.md"]
    assert len(listed(run, "--no-respect-gitignore")) == 6
    assert listed(run, "build/c.md") == ["build/c.md"]


def test_nested_gitignore_and_repository(run, repository):
    """Each repository answers for its own files."""
    (repository / "d" / ".gitignore").write_text("f.md\n")
    make(repository, "inner/x.md", "inner/y.md")
    subprocess.run(["git", "init", "-q", "inner"], cwd=repository, check=True)
    (repository / "inner" / ".gitignore").write_text("y.md\n")

    assert listed(run) == ["a.md", "inner/x.md", "keep.tmp.md"]


def test_without_git_everything_is_read(run, repository, monkeypatch):
    """A machine without git ignores nothing rather than failing."""
    monkeypatch.setenv("PATH", "")

    assert len(listed(run)) == 6
