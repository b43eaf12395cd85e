"""What the repository itself shows of a rule: the lines that it was tried on, and how many changed numbers it notices."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import stratlint
from stratlint.cache import keep, kept
from stratlint.rules.finding import Status
from stratlint.rules.registry import load_rules

ROOT = Path(__file__).resolve().parents[2]
_OF_THE_TOOL = ("stratlint", "grammar", "rules", "fixtures")
_SUFFIXES = (".py", ".yaml", ".md", ".txt", ".lark")
_JUDGED = (Status.VERIFIED, Status.CONSISTENT, Status.IMPLAUSIBLE, Status.CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Tried:
    """A line that a rule judged: where it stands, and what it came to."""

    line: str
    status: str
    where: str


@dataclass(frozen=True, slots=True)
class Power:
    """Of so many `numbers` that a rule confirms, how many are noticed when changed by a third, and how many at all."""

    numbers: int
    near: int
    noticed: int


def corpus() -> Iterator[tuple[str, str]]:
    """All documents that are ours: the examples of every rule, and `fixtures/`."""
    for rule in load_rules():
        yield f"contradicted example of {rule.name}", rule.contradicted
        yield f"consistent example of {rule.name}", rule.consistent
    for path in sorted((ROOT / "fixtures").glob("*.md")):
        yield f"fixtures/{path.name}", path.read_text(encoding="utf-8")


def tried() -> Mapping[str, tuple[Tried, ...]]:
    """For each rule the lines of all our documents that it judged, each once."""
    found: dict[str, dict[str, Tried]] = defaultdict(dict)
    for name, text in corpus():
        lines = text.splitlines()
        (document,) = stratlint.check_text(text).documents
        judged = [(entry.rule, entry.location.line, entry.status) for entry in document.ledger if entry.rule and entry.status in _JUDGED]
        refuted = [(finding.rule, finding.location.line, Status.CONTRADICTED) for finding in document.findings]
        for rule, line, status in (*refuted, *judged):
            if 0 < line <= len(lines):
                said = lines[line - 1].strip()
                found[rule].setdefault(said, Tried(said, status.value, name))
    return {rule: tuple(each.values()) for rule, each in found.items()}


def power() -> Mapping[str, Power]:
    """What `scripts/mutation.py` measures of the sources as they are; measured again when one of them changes."""
    key = _state()
    content = kept("power", key)
    if content is None:
        command = [sys.executable, str(ROOT / "scripts" / "mutation.py"), "--json"]
        content = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        keep("power", key, content)
    return {rule: Power(*figures) for rule, figures in json.loads(content).items()}


def _state() -> str:
    state = blake2b(digest_size=16)
    measured = [
        path for folder in _OF_THE_TOOL for path in sorted((ROOT / folder).rglob("*")) if path.suffix in _SUFFIXES and path.is_file()
    ]
    for path in (*measured, ROOT / "scripts" / "mutation.py"):
        state.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + blake2b(path.read_bytes()).digest())
    return state.hexdigest()
