"""The hook with the real `pre-commit`, from a clone of this working tree."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

WRONG = "# Plan\n\nWeights: 30B × 2 bytes = 80 GB\n"
RIGHT = "# Plan\n\nWeights: 30B × 2 bytes = 60 GB\n"
_NO_INDEX = ("No matching distribution", "Could not find a version", "Temporary failure", "Connection", "timed out")
Hook = Callable[..., "subprocess.CompletedProcess[str]"]


def git(folder: Path, *arguments: str) -> None:
    """Git without anybody's configuration."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=environment())


def environment(**more: str) -> dict[str, str]:
    """Ours, without a repository that a hook of ours may run for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # What is never imported here need not be compiled: pip would take most of its time for that.
    return {**kept, "PIP_NO_COMPILE": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **more}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes that run these tests side by side: the hook is installed once for all of them."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="module")
def hooks(needs_git: None, working_tree: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What would be committed here, committed elsewhere."""
    folder, place = tmp_path_factory.mktemp("hooks") / "stratlint", shared / "hooks of stratlint"
    shutil.copytree(working_tree, folder)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "everything")
    with contextlib.suppress(OSError):  # another process was first
        folder.rename(place)
    return place


@pytest.fixture(scope="module")
def store(shared: Path) -> Path:
    """Where pre-commit keeps what it installs."""
    return shared / "store of pre-commit"


@pytest.fixture
def repository(needs_git: None, tmp_path: Path) -> Path:
    """A scratch repository with documents of both sorts, and a file that is none."""
    git(tmp_path, "init", "-q")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/wrong plan.md").write_text(WRONG)
    (tmp_path / "right.md").write_text(RIGHT)
    (tmp_path / "wrong.txt").write_text(WRONG)
    git(tmp_path, "add", "-A")
    return tmp_path


def configure(repository: Path, hooks: Path, arguments: str = "[]") -> None:
    """Name the hook of this project in a repository."""
    head = ["git", "rev-parse", "HEAD"]
    revision = subprocess.run(head, cwd=hooks, capture_output=True, text=True, check=True, env=environment()).stdout.strip()
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: stratlint\n    args: {arguments}\n"
    )


@pytest.fixture
def hook(hooks: Path, store: Path, repository: Path) -> Hook:
    """`pre-commit run` with some files."""
    pytest.importorskip("pre_commit", reason="pip install pre-commit")
    configure(repository, hooks)

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        named = ("--files", *files) if files else ("--all-files",)
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "stratlint", "--color=never", *named],
            cwd=repository,
            env=environment(PRE_COMMIT_HOME=str(store)),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if any(words in done.stdout + done.stderr for words in _NO_INDEX):
            pytest.skip("no package index within reach")
        return done

    return run


def test_a_wrong_document_fails(hook: Hook) -> None:
    done = hook("docs/wrong plan.md")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Failed" in done.stdout and "docs/wrong plan.md:3" in done.stdout


def test_a_right_document_passes(hook: Hook) -> None:
    done = hook("right.md")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_only_markdown_is_looked_at(hook: Hook) -> None:
    done = hook("wrong.txt")
    assert done.returncode == 0
    assert "Skipped" in done.stdout


def test_excluded_documents_stay_excluded(hook: Hook, repository: Path) -> None:
    (repository / "stratlint.toml").write_text('exclude = ["docs"]\n')
    done = hook("docs/wrong plan.md", "right.md")
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_excluded_is_no_failure(hook: Hook, repository: Path) -> None:
    (repository / "stratlint.toml").write_text('exclude = ["docs"]\n')
    assert hook("docs/wrong plan.md").returncode == 0


def test_all_files(hook: Hook) -> None:
    done = hook()
    assert done.returncode == 1
    assert "docs/wrong plan.md" in done.stdout and "right.md:" not in done.stdout


def test_as_a_hook_of_a_commit(hook: Hook, hooks: Path, store: Path, repository: Path) -> None:
    """Installed by a configuration with arguments, run by `git commit`."""
    hook("right.md")  # skips without an index
    configure(repository, hooks, "[--output-format, concise]")
    git(repository, "add", "-A")
    install = [sys.executable, "-m", "pre_commit", "install"]
    home = environment(PRE_COMMIT_HOME=str(store))
    subprocess.run(install, cwd=repository, check=True, capture_output=True, env=home)
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-m", "plan"]
    done = subprocess.run(commit, cwd=repository, env=environment(PRE_COMMIT_HOME=str(store)), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "docs/wrong plan.md:3:" in done.stdout + done.stderr
    (repository / "docs/wrong plan.md").write_text(RIGHT)
    git(repository, "add", "-A")
    done = subprocess.run(commit, cwd=repository, env=environment(PRE_COMMIT_HOME=str(store)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
