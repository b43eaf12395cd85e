"""The folders that the pages' commands run in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plan(folder: Path) -> None:
    """The README's example, as plan.md."""
    found = re.search(r"^```markdown\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.S | re.M)
    assert found is not None
    (folder / "plan.md").write_text(found[1], encoding="utf-8")


def old_findings(folder: Path) -> None:
    """A repository with 25 documents on its branch main, each with twenty wrong results and a right one: 500 old findings."""
    docs = folder / "docs"
    docs.mkdir()
    for number in range(25):
        layers = 101 + number
        results = ((stage, layers * (10 * stage + 3)) for stage in range(1, 21))
        rows = "".join(f"- Stage {stage}: {layers} × {10 * stage + 3} = {_mistyped(result):,} MB\n" for stage, result in results)
        (docs / f"plan-{number:02}.md").write_text(f"# Plan {number}\n\n{rows}- Buffers: 12 × 64 = 768 MB\n", encoding="utf-8")
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=d", "-c", "user.email=d@example.com", "commit", "-qm", "plans"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


def _mistyped(result: int) -> int:
    """The result with another third digit from the right."""
    return result - 100 if result // 100 % 10 == 9 else result + 100


SCENES: Mapping[str, Callable[[Path], None]] = {"plan": plan, "old-findings": old_findings}
