#!/usr/bin/env python3
"""Put into README.md what is only true when it is computed: `python scripts/readme.py`. The tests compare the two.

That is the real output under the example, and the public address and version of pyproject.toml wherever the README names them: its
links are absolute, since it is read on a package index, too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
_DOCUMENT = re.compile(r"^```markdown\n(.*?)^```$", re.S | re.M)
_OUTPUT = re.compile(r"^```text\n(.*?)^```$", re.S | re.M)
# Where a README names its addresses: the repository on any host, the link to the site, the `uses:` of an action, the `rev:` of a hook,
# and links into the checkout.
_ADDRESS = re.compile(r"https://[\w.-]+/[\w.-]+/stratlint\b")
_SITE = re.compile(r"(\[documentation\]\()[^)]*")
_ACTION = re.compile(r"(uses: )[\w.-]+/stratlint@\S+")
_HOOK = re.compile(r"(rev: )v[\d.]+")
_RELATIVE = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s]+)\)")


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


def addressed(readme: str, project: Mapping[str, Any]) -> str:
    """The README with the address and the version of *project* (the `[project]` table) in every place that names them."""
    repository: str = project["urls"]["Repository"]
    name = urlsplit(repository).path.strip("/")
    text = _ADDRESS.sub(lambda _: repository, readme)
    text = _SITE.sub(lambda found: f"{found[1]}{project['urls']['Documentation']}", text)
    text = _ACTION.sub(lambda found: f"{found[1]}{name}@v{project['version']}", text)
    text = _HOOK.sub(lambda found: f"{found[1]}v{project['version']}", text)
    return _RELATIVE.sub(lambda found: f"]({repository}/blob/main/{found[1]})", text)


def project() -> Mapping[str, Any]:
    """The `[project]` table of pyproject.toml."""
    table: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


if __name__ == "__main__":
    README.write_text(rendered(addressed(README.read_text(encoding="utf-8"), project())), encoding="utf-8")
