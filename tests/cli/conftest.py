"""Run the command line in process, over an engine small enough to know by heart.

The engine of these tests finds `<number> WRONG` (an error, `product-mismatch`), `<number> ODD` (a warning) and
`<number> REMARK` (info); the first line with PREMISE becomes related evidence, `WRONG(<number>)` carries a repair.
Every number is in the ledger, understood unless a `?` follows. CRASH, RECURSE, MEMORY and DIE do what they say.
"""

from __future__ import annotations

import io
import os
import re
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stratlint.cli import examine, main
from stratlint.config.settings import Settings
from stratlint.document import Document
from stratlint.report.outcome import DocumentReport
from stratlint.rules.failure import Failure
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Location, Severity, Status, Suggestion


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@dataclass(frozen=True)
class FakeRule:
    name: str
    severity: str
    family: str
    summary: str = "two numbers disagree"
    why: str = "because"
    path: str = "arithmetic.yaml"


class FakeRules:
    """The part of a `RuleSet` that the command line uses."""

    rules = (
        FakeRule("product-mismatch", "error", "arithmetic"),
        FakeRule("odd-number", "warning", "latency"),
        FakeRule("remark", "info", "style"),
    )
    names = tuple(rule.name for rule in rules)

    def get(self, name: str) -> FakeRule:
        return next(rule for rule in self.rules if rule.name == name)

    def explain(self, name: str, width: int = 0) -> str:
        return f"{name}: {self.get(name).summary}"


_FOUND = re.compile(r"([\d.,]+(?: ?[A-Z]+B)?) (WRONG|ODD|REMARK)(?:\(([^)]*)\))?")
_RULES = {
    "WRONG": ("product-mismatch", Severity.ERROR),
    "ODD": ("odd-number", Severity.WARNING),
    "REMARK": ("remark", Severity.INFO),
}


def place(document: Document, start: int, end: int, role: str) -> Location:
    """A location of a document."""
    line, column = document.position(start)
    end_line, end_column = document.position(end)
    return Location(document.path, start, end, line, column, end_line, end_column, role, document.text[start:end])


def fake_check(document: Document, settings: Settings, readings: object = None) -> DocumentReport:
    """The engine of these tests."""
    text = document.text
    if "CRASH" in text:
        raise RuntimeError("a rule fell over \x1b[31m")
    if "RECURSE" in text:
        raise RecursionError
    if "MEMORY" in text:
        raise MemoryError
    if "DIE" in text:
        os._exit(9)
    premise = re.search(r"\d+ PREMISE", text)
    related = (place(document, premise.start(), premise.end(), "premise"),) if premise else ()
    findings = tuple(_finding(document, match, related) for match in _FOUND.finditer(text))
    ledger = tuple(_entry(document, match) for match in re.finditer(r"\d+(\?)?", text))
    understood = sum(entry.understood for entry in ledger)
    coverage = Coverage(len(ledger), understood, not_checked={"unknown": len(ledger)} if ledger else {})
    failures = (Failure("odd-number", "latency.yaml", "TypeError: no \x1b[31m"),) if "BROKENRULE" in text else ()
    return DocumentReport(document.path, document, findings, ledger, coverage, document.notes, failures=failures)


def _finding(document: Document, match: re.Match[str], related: tuple[Location, ...]) -> Finding:
    rule, severity = _RULES[match[2]]
    at = place(document, match.start(1), match.end(1), "claim")
    repair = None
    if match[3]:
        repair = Suggestion(at.start, at.end, at.line, at.column, at.end_line, at.end_column, match[3])
    return Finding(rule, severity, "high", f"claims {match[1]}", at, claimed=match[1], related=related, suggestion=repair)


def _entry(document: Document, match: re.Match[str]) -> LedgerEntry:
    at = place(document, match.start(), match.end(), "number")
    known = match[1] is None
    return LedgerEntry(at, known, "count" if known else "", "", "asserted", "", match[0], "", Status.NOT_CHECKED, "alone")


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the small engine in the place of the real one."""
    checking = types.ModuleType("stratlint.checking")
    checking.check_document = fake_check  # type: ignore[attr-defined]
    registry = types.ModuleType("stratlint.rules.registry")
    registry.load_rules = lambda extra=(): FakeRules()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stratlint.checking", checking)
    monkeypatch.setitem(sys.modules, "stratlint.rules.registry", registry)
    for name in ("NO_COLOR", "FORCE_COLOR", "STRATLINT_CONFIG", "STRATLINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    examine.rule_set.cache_clear()
    examine.families.cache_clear()
    yield
    examine.rule_set.cache_clear()
    examine.families.cache_clear()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory and no part of any repository or configuration."""
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    (tmp_path / ".git").mkdir()  # stops the search for configuration files here
    return tmp_path / "project"


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("check", "a.md", stdin=b"…")` → code, out, err."""

    def runner(*argv: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(argv)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return runner
