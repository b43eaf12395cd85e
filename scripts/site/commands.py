"""Commands that a page shows are carried out, in order and in one folder, and what they print is what the page shows.

Two sorts of fenced blocks are taken from a page:

    ```run exit=1 last=3        each line is a command; the last one has to end with this exit code (0 without `exit`), and only
    stratlint check docs        the `first` or `last` so many lines of what each prints are shown (else all)
    ```

    ```toml file=stratlint.toml     the content becomes this file of the folder, and is shown under its name
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(?:run(?P<options>[^\n]*)|(?P<language>\w+) file=(?P<file>\S+))\n(?P<body>.*?)^```$", re.S | re.M)
_ANSI = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


class CommandFailed(RuntimeError):  # noqa: N818 - what happened, as the reader of a build's log looks for it
    """A command of a page ended otherwise than the page says; the message has its output."""


def executed(markdown: str, folder: Path) -> str:
    """The page with the output below each of its commands.

    Raises:
        CommandFailed: one ends with another exit code.
    """
    with tempfile.TemporaryDirectory() as tools:
        environment = _environment(Path(tools))
        return _BLOCK.sub(lambda found: _shown(found, folder, environment), markdown)


def _shown(found: re.Match[str], folder: Path, environment: Mapping[str, str]) -> str:
    if found["file"]:
        path = folder / found["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["body"], encoding="utf-8")
        return f'```{found["language"]} title="{found["file"]}"\n{found["body"]}```'
    options = dict(each.split("=", 1) for each in shlex.split(found["options"]))
    *before, final = found["body"].splitlines()
    ends = [*((command, 0) for command in before), (final, int(options.get("exit", "0")))]
    first, last = int(options.get("first", "0")), int(options.get("last", "0"))
    shown = [
        "\n".join((f"$ {command}", *_shortened(_carried_out(command, code, folder, environment), first, last))) for command, code in ends
    ]
    return "```console\n" + "\n".join(shown) + "\n```"


def _carried_out(command: str, code: int, folder: Path, environment: Mapping[str, str]) -> list[str]:
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", timeout=300,
    )  # fmt: skip
    if done.returncode != code:
        raise CommandFailed(f"`{command}` ends with exit code {done.returncode} instead of {code}:\n{done.stdout}")
    # A folder made for this page is no place that a reader knows.
    return _ANSI.sub("", done.stdout).replace(f"{folder}{os.sep}", "").rstrip("\n").splitlines()


def _shortened(lines: list[str], first: int, last: int) -> list[str]:
    if first and len(lines) > first:
        return [*lines[:first], "…"]
    return ["…", *lines[-last:]] if last and len(lines) > last else lines


def _environment(tools: Path) -> dict[str, str]:
    """Ours, with a `stratlint` that is this checkout's, nobody's configuration, and a steady width."""
    command = tools / "stratlint"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m stratlint "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    who = {
        f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "docs"), ("EMAIL", "docs@example.com"))
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "STRATLINT_", "FORCE_COLOR"))}
    return {
        **kept, **who, "PATH": f"{tools}{os.pathsep}{kept.get('PATH', '')}", "PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PYTHONUTF8": "1",
    }  # fmt: skip
