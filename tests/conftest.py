"""What several folders of tests need: git, and a copy of this working tree."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("stratlint", deadline=None)
settings.load_profile("stratlint")

PROJECT = Path(__file__).parents[1]

# Ten thousand tests stay to the end: looking through them for garbage again and again took a quarter of the time of collecting them.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what tests make."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped in a line a reason; CONTRIBUTING.md has what each of them takes."""
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}")


_MADE_HERE = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", ".ecosystem", "*.egg-info")


@pytest.fixture(scope="session")
def needs_git() -> None:
    """Skip what is about git on a machine without it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")


@pytest.fixture(scope="session")
def working_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project as a checkout has it: the files that git knows or would take.

    Unpacked from an archive, it is no repository: then everything that is not made by running it.
    """
    folder = tmp_path_factory.mktemp("working tree") / "stratlint"
    names = _known_to_git()
    if names is None:
        shutil.copytree(PROJECT, folder, ignore=_MADE_HERE, symlinks=True)
        return folder
    for name in names:
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, folder / name)
    return folder


def _known_to_git() -> list[str] | None:
    """None when git is not there or this is no repository."""
    # A hook that runs these tests names its own repository in the environment.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=PROJECT, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        return None
    names = [name for name in os.fsdecode(done.stdout).split("\0") if name]
    # A folder inside of somebody else's repository that ignores it is no repository of ours.
    return names if done.returncode == 0 and "pyproject.toml" in names else None
