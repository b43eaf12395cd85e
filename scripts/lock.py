#!/usr/bin/env python3
"""Renew the versions that tests and CI use: `make lock`, or `python scripts/lock.py` where uv is installed.

`constraints/newest.txt` has the newest version of everything that any extra of pyproject.toml takes. `constraints/lowest.txt` has the
lowest that pyproject.toml admits of what the package itself takes, alone and with the extras that users install, with the tools of the
tests as in the first. Both are for every platform and Python version at once, and name no index.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
OF_DEVELOPMENT = {"test", "dev", "docs"}  # extras that nobody needs to use the tool
HEADER = "# {}. Written by `make lock`: edit pyproject.toml instead.\n"


def compiled(arguments: Sequence[str], text: str = "") -> str:
    """What uv resolves, a pinned package a line."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate", *arguments]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True).stdout


def lowest_wanted(project: dict[str, object], newest: str) -> str:
    """Requirements for the lowest versions: those of the package and its users' extras, and the tools of the tests as they are locked."""
    extras: dict[str, list[str]] = project["optional-dependencies"]  # type: ignore[assignment]
    own: list[str] = list(project["dependencies"])  # type: ignore[call-overload]
    for name, requirements in extras.items():
        own += [] if name in OF_DEVELOPMENT else requirements
    names = {canonicalize_name(Requirement(each).name) for each in own}
    tools = {canonicalize_name(Requirement(each).name) for each in extras["test"]} - names
    pinned = [line for line in newest.splitlines() if canonicalize_name(Requirement(line).name) in tools]
    return "\n".join([*(each for each in own if Requirement(each).name != project["name"]), *pinned])


def main() -> int:
    """Write both files; the exit code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = ["--python-version", project["requires-python"].removeprefix(">=")]
    folder = ROOT / "constraints"
    folder.mkdir(exist_ok=True)
    try:
        newest = compiled(["--all-extras", *python, "pyproject.toml"])
        lowest = compiled(["--resolution", "lowest-direct", *python, "-"], lowest_wanted(project, newest))
    except subprocess.CalledProcessError as error:
        print(f"lock: {error.stderr.strip()}", file=sys.stderr)
        return 1
    for name, text, what in (
        ("newest", newest, "The newest versions of all that the extras take"),
        ("lowest", lowest, "The lowest versions of what the package takes, with tools of the tests"),
    ):
        (folder / f"{name}.txt").write_text(HEADER.format(what) + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
