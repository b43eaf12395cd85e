#!/usr/bin/env python3
"""Put the real output under the example of README.md: `python scripts/readme.py`. The tests compare the two."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
_DOCUMENT = re.compile(r"^```markdown\n(.*?)^```$", re.S | re.M)
_OUTPUT = re.compile(r"^```text\n(.*?)^```$", re.S | re.M)


def rendered(readme: str) -> str:
    """The README with what `stratlint check plan.md` says of its first Markdown block."""
    document = _DOCUMENT.search(readme)
    if document is None:
        raise ValueError("the README has no Markdown example")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plan.md").write_text(document[1], encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "stratlint", "check", "--isolated", "--color", "never", "plan.md"],
            cwd=folder, capture_output=True, encoding="utf-8", env={**os.environ, "COLUMNS": "160", "PYTHONUTF8": "1"},
        )  # fmt: skip
    if done.returncode != 1:
        raise ValueError(f"the example should have findings: exit code {done.returncode}\n{done.stderr}")
    return _OUTPUT.sub(lambda _: f"```text\n{done.stdout.rstrip()}\n```", readme, count=1)


if __name__ == "__main__":
    README.write_text(rendered(README.read_text(encoding="utf-8")), encoding="utf-8")
