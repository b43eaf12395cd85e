#!/usr/bin/env python3
"""Put into README.md what is only true when it is computed: `python scripts/readme.py`. The tests compare the two.

That is the real output under the example (first what a terminal of 100 columns shows, then the evidence, as files and pipes get it),
and the public address and version of pyproject.toml wherever the README names them: its links are absolute, since it is read on a
package index, too.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
COLUMNS = 100
_CHECK = (sys.executable, "-m", "stratlint", "check", "--isolated", "--color", "never", "plan.md")
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
        outputs = iter((_on_terminal(folder), _in_a_pipe(folder)))
    return _OUTPUT.sub(lambda shown: _block(outputs, shown), readme, count=2)


def _block(outputs: Iterator[str], shown: re.Match[str]) -> str:
    output = next(outputs, None)
    return shown[0] if output is None else f"```text\n{output.rstrip()}\n```"


def _environment() -> dict[str, str]:
    without = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**without, "PYTHONUTF8": "1", "TERM": "xterm-256color"}


def _in_a_pipe(folder: str) -> str:
    done = subprocess.run(_CHECK, cwd=folder, capture_output=True, encoding="utf-8", env=_environment())
    return _with_findings(done.returncode, done.stdout, done.stderr)


def _on_terminal(folder: str) -> str:
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    with subprocess.Popen(_CHECK, cwd=folder, stdout=child, stderr=subprocess.PIPE, env=_environment()) as process:
        os.close(child)
        shown = b""
        while part := _read(parent):
            shown += part
        _, problems = process.communicate()
    os.close(parent)
    return _with_findings(process.returncode, shown.decode().replace("\r\n", "\n"), problems.decode())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # what Linux says when nobody writes to a terminal any more
        return b""


def _with_findings(code: int, output: str, problems: str) -> str:
    if code != 1:
        raise ValueError(f"the example should have findings: exit code {code}\n{problems}")
    return output


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
