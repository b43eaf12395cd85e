"""The action's own checkout, installed once: the install step is the slow one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "review")]

from action_runner import Outcome, Runner  # noqa: E402

_NO_INDEX = ("No matching distribution", "Could not find a version", "onnection", "resolve", "timed out")


@dataclass(frozen=True)
class Action:
    """An installed action and where to run it."""

    folder: Path
    installed: dict[str, str]
    workspace: Path
    temp: Path
    environment: dict[str, str]

    def run(self, token: str = "", more: dict[str, str] | None = None, base: str = "", **inputs: str) -> Outcome:
        """All steps but the installation; *base* is the commit that a pull request goes to."""
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        runner = Runner(self.folder, self.workspace, self.temp, {**self.environment, **(more or {})}, base)
        return runner.run(named, token, {"install": self.installed})


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """What a runner sets and this machine needs to reach a package index."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    passed = {name: value for name, value in os.environ.items() if name in kept or name.upper().startswith("PIP_")}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    python = Path(sys.executable).resolve().parent
    # What is never imported here need not be compiled: pip would take most of its time for that.
    return {**passed, **proxies, "PIP_NO_COMPILE": "1", "PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="session")
def installation(working_tree: Path, plain_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The outputs of the install step, which ran with a hostile working directory."""
    temp, workspace = tmp_path_factory.mktemp("runner temp"), tmp_path_factory.mktemp("hostile")
    for name in ("pip.py", "venv.py", "json.py", "stratlint.py"):
        (workspace / name).write_text("raise SystemExit('code of the checked repository was run')\n")
    runner = Runner(working_tree, workspace, temp, plain_environment)
    runner.spec["runs"]["steps"] = [each for each in runner.spec["runs"]["steps"] if each.get("id") == "install"]
    outcome = runner.run({"review": "true", "reader": "openai:some-model"})
    if outcome.code and any(words in outcome.log for words in _NO_INDEX):
        pytest.skip("no package index within reach")
    assert outcome.code == 0, outcome.log
    assert "code of the checked repository" not in outcome.log
    return outcome.steps["install"]


@pytest.fixture
def action(needs_git: None, working_tree: Path, installation: dict[str, str], plain_environment: dict[str, str], tmp_path: Path) -> Action:
    """The action on an empty scratch repository."""
    workspace, temp = tmp_path / "workspace", tmp_path / "temp"
    temp.mkdir()
    workspace.mkdir()
    subprocess.run(["git", "init", "-q", str(workspace)], check=True)
    return Action(working_tree, installation, workspace, temp, plain_environment)
