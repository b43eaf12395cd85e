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
    """Every suffix that Markdown has, in order, without hidden folders and `node_modules`."""
    make(project, "b.md", "a.markdown", "c.txt", "d/e.md", "d/f/g.md", ".h/i.md", "node_modules/j.md", "d.x/k.md")

    assert listed(run) == ["a.markdown", "b.md", "d/e.md", "d/f/g.md", "d.x/k.md"]
    assert listed(run, "d") == ["d/e.md", "d/f/g.md"]
    assert listed(run, "./d/") != ["./d/e.md", "./d/f/g.md"]


def test_every_suffix_of_markdown(run, project):
    """Those with components, with chunks of programs, and R's in both spellings."""
    make(project, "a.mdx", "b.qmd", "c.Rmd", "d.rmd", "e.md", "f.markdown", "g.Mdx", "h.rst")

    assert listed(run) == ["a.mdx", "b.qmd", "c.Rmd", "d.rmd", "e.md", "f.markdown"]


def test_other_markup_is_told_once_a_suffix(run, project):
    """How much of it, whatever is named; plain text may be anything, and what git ignores or the configuration excludes is nobody's."""
    make(project, "a.md", "b.rst", "d/c.rst", "d/e.ipynb", "requirements.txt", "old/f.rst")
    said = run("check", "--exclude", "old", ".", "d/..").err

    assert said.count("note: not read, because it is no Markdown: 1 .ipynb file, 2 .rst files\n") == 1
    assert ".txt" not in said
    assert "no Markdown" not in run("check", "-q").err
    assert "1 .ipynb file, 3 .rst files" in run("check", "--show-files").err


def test_a_folder_without_markdown_says_what_is_there(run, project):
    """Nothing read is an error, and the likely reason is told."""
    make(project, "docs/a.rst", "docs/b.rst", "docs/c.txt", "docs/d.ipynb")
    result = run("check", "docs")

    assert result.code == 2
    assert "docs: no document in it (searched for *.md, " in result.err
    assert "*.rmd); there is 1 .ipynb file, 2 .rst files, 1 .txt file\n" in result.err
    assert run("check", "--show-files", "docs").code == 2
    assert "(searched for *.mdx)" in run("check", "docs", "--config", 'include = ["*.mdx"]').err


def test_other_markup_that_is_named_is_read_and_told_once(run, project):
    """What is wanted is done; who includes a suffix knows it."""
    make(project, "a.rst", "b.rst", "c.txt")
    result = run("check", "a.rst", "b.rst", "c.txt")

    assert result.err.count("note: read as Markdown, which it is not: 2 .rst files\n") == 1
    assert "which it is not" not in run("check", "a.rst", "--config", 'include = ["*.rst"]').err
    assert listed(run, "a.rst", "b.rst") == ["a.rst", "b.rst"]


def test_notebooks_are_refused_once_with_the_way_out(run, project):
    """Their text is no Markdown but JSON, in which no place would be right; the others are read."""
    make(project, "a.ipynb", "b.ipynb", "c.md")
    result = run("check", "a.ipynb", "b.ipynb", "c.md")

    assert result.code == 2
    assert result.err.count("a.ipynb (and 1 more): notebooks are not read; `jupyter nbconvert --to markdown`") == 1
    assert listed(run, "a.ipynb", "c.md") == ["c.md"]
    assert run("check", "--config", 'include = ["*.ipynb", "*.md"]').code == 2


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('["md"]', '"include" takes globs such as "*.md", not \'md\'; did you mean "*.md"?'),
        ('[".rst"]', 'did you mean "*.rst"?'),
        ("[]", 'must be a list of globs such as "*.md", not a list'),
        ('"*.md"', "must be a list of strings"),
        ('[""]', 'takes globs such as "*.md"'),
    ],
)
def test_an_include_that_finds_nothing_is_refused(run, project, value, message):
    """A suffix alone is the name of a file; the place of the mistake is told."""
    make(project, "a.md")
    (project / "stratlint.toml").write_text(f"fail-on = 'never'\ninclude = {value}\n")
    result = run("check")

    assert result.code == 2
    assert message in result.err and "stratlint.toml:2" in result.err


def test_includes_that_name_files_are_fine(run, project):
    """A name, a folder, a class of characters."""
    make(project, "README", "docs/a.rst", "b.md", "notes.txt")

    assert listed(run, "--config", 'include = ["README*", "docs/*", "notes.txt", "[b].md"]') == [
        "README",
        "b.md",
        "docs/a.rst",
        "notes.txt",
    ]


def test_named_files_are_read_whatever_their_suffix(run, project):
    """A name is a wish: suffix, hidden folders and `exclude` do not matter."""
    make(project, "c.txt", ".h/i.md", "node_modules/j.md")

    assert listed(run, "c.txt", ".h/i.md", "node_modules/j.md") == ["c.txt", ".h/i.md", "node_modules/j.md"]


def test_include_and_exclude(run, project):
    """Globs as in .gitignore, from the configuration and the command line."""
    make(project, "a.md", "b.text", "old/c.md", "docs/old/d.md", "docs/e.md", "docs/f/g.md")

    assert listed(run, "--config", 'include = ["*.text"]') == ["b.text"]
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
