"""Run the review bot against the GitHub of `github_server`, over real HTTP."""
from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("github", reason="pip install 'stratlint[github]'")
sys.path.insert(0, str(Path(__file__).parent))

from github_server import NUMBER, REPOSITORY, TOKEN, GitHub, Server  # noqa: E402

from stratlint.cli import main  # noqa: E402
from stratlint.review import client, command  # noqa: E402
from stratlint.review.retrying import Pace  # noqa: E402


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def github() -> Iterator[GitHub]:
    """The state of a GitHub; at the end everything that was said to it and by it must fit the description."""
    state = GitHub()
    yield state
    assert state.violations == []


@pytest.fixture
def server(github: GitHub) -> Iterator[Server]:
    running = Server(github)
    yield running
    running.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting costs nothing; how long it would have been."""
    slept: list[float] = []
    original = client.Client.__init__

    def patient(self: client.Client, *arguments: object, **named: object) -> None:
        original(self, *arguments, **{**named, "sleep": slept.append})  # type: ignore[arg-type]

    monkeypatch.setattr(client.Client, "__init__", patient)
    return slept


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout as working directory, and an environment without a GitHub."""
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_API_URL", "GITHUB_REF",
                 "STRATLINT_CONFIG", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command, "PACE", Pace(between_writes=0.0, timeout=10))
    return folder


@pytest.fixture
def run(
    server: Server, project: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """`stratlint review` on the pull request; the token must not be in what it says."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)

    def start(*arguments: str, target: bool = True) -> Result:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        named = ("--repo", REPOSITORY, "--pull", str(NUMBER), "--api-url", server.url) if target else ()
        code = main(["review", *named, *arguments])
        assert TOKEN not in out.getvalue() + err.getvalue()
        return Result(code, out.getvalue(), err.getvalue())

    return start
