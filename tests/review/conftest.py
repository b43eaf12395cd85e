"""Run the review bot against the GitHub of `github_server`, over real HTTP."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("github", reason="pip install 'stratlint[github]'")
sys.path.insert(0, str(Path(__file__).parent))

from github_server import NUMBER, REPOSITORY, TOKEN, GitHub, Server

from stratlint.cli import main
from stratlint.config.settings import Settings
from stratlint.document import Document
from stratlint.report.outcome import DocumentReport
from stratlint.review import client, command, examine
from stratlint.review.retrying import Pace
from stratlint.rules.finding import Coverage, Finding, Location, Severity, Suggestion


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
    for name in (
        "GITHUB_TOKEN",
        "GITHUB_REPOSITORY",
        "GITHUB_EVENT_PATH",
        "GITHUB_API_URL",
        "GITHUB_REF",
        "STRATLINT_CONFIG",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command, "PACE", Pace(between_writes=0.0, timeout=10))
    return folder


@pytest.fixture
def run(server: Server, project: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Run:
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


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine small enough to know by heart: every `{claim N}` is wrong because of every `{premise}`.

    A claim may span lines; `{claim N root=R}` shares a root with others, `{repair X}` is what the first claim's
    suggestion replaces, by X.
    """
    monkeypatch.setattr(examine, "check_document", _small_engine)


def _small_engine(document: Document, settings: Settings) -> DocumentReport:
    text = document.text
    premises = tuple(_place(document, match, "premise") for match in re.finditer(r"\{premise[^}]*\}", text))
    repair = re.search(r"\{repair ([^}]*)\}", text)
    suggestion = None
    if repair:
        at = _place(document, repair, "")
        suggestion = Suggestion(at.start, at.end, at.line, at.column, at.end_line, at.end_column, repair[1])
    findings = []
    for match in re.finditer(r"\{claim\s([^}]*?)(?: root=(\w+))?\}", text):
        findings.append(
            Finding(
                "wrong-product",
                Severity.ERROR,
                "high",
                f"claims {match[1]}",
                _place(document, match, "claim"),
                claimed=match[1],
                related=premises,
                suggestion=suggestion if not findings else None,
                root=match[2] or "",
            )
        )
    return DocumentReport(document.path, document, tuple(findings), (), Coverage(len(findings)), ())


def _place(document: Document, match: re.Match[str], role: str) -> Location:
    start, end = match.span()
    (line, column), (end_line, end_column) = document.position(start), document.position(end)
    return Location(document.path, start, end, line, column, end_line, end_column, role, match[0])
