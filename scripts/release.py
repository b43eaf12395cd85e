#!/usr/bin/env python3
"""Whether this checkout is what a release claims to be: `python scripts/release.py [--tag v1.2.3] [--repository URL]`.

Exit code 1, with each reason in a line, when the tag is not the version, the repository is not the one of pyproject.toml, the package
and pyproject.toml have different versions, or CHANGELOG.md has nothing to say of this one.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def mistakes(root: Path, tag: str = "", repository: str = "") -> Iterator[str]:
    """What keeps the checkout at *root* from being released as *tag* of *repository*; either may be left out."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version, address = project["version"], project["urls"]["Repository"]
    if tag and tag != f"v{version}":
        raise_to = tag.removeprefix("v")
        yield f"the tag is {tag}, but pyproject.toml has version {version}: raise it to {raise_to}, or tag v{version}"
    if repository and repository.rstrip("/") != address:
        yield f"this is {repository}, but pyproject.toml names {address}: set [project.urls] and run `make readme`"
    package = re.search(r'^__version__ = "(.*)"$', (root / "stratlint" / "__init__.py").read_text(encoding="utf-8"), re.M)
    if package is None or package[1] != version:
        yield f"stratlint/__init__.py has version {package[1] if package else 'none'}, pyproject.toml {version}"
    if not re.search(rf"^## {re.escape(version)}\b", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.M):
        yield f"CHANGELOG.md has no section `## {version}`"


def main() -> int:
    """Print what is wrong; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tag", default="")
    parser.add_argument("--repository", default="", metavar="URL")
    arguments = parser.parse_args()
    found = list(mistakes(ROOT, arguments.tag, arguments.repository))
    for each in found:
        print(f"release: {each}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
