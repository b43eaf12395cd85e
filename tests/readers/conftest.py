"""A project with one page, and the command line run on it in process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stratlint.cli import main

PAGE = """# Serving tier

| Pool | Nodes | GPUs per node | GPUs |
|------|------:|--------------:|-----:|
| prefill | 6 | 8 | 48 |
| decode | 10 | 8 | 90 |

## Memory

Weights take 70 GB and the cache 40 GB, in all 110 GB.

## People

Nobody counts them.
"""


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, the root of a repository with `plan.md`; no configuration of the user's."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "plan.md").write_text(PAGE, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "STRATLINT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("read", "plan.md", …)` → code, out, err."""

    def runner(*argv: str) -> Result:
        capsys.readouterr()
        code = main(argv)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return runner
