"""Globs over paths, as git reads `.gitignore` (pathspec does it): `*` stays in a folder, `**` does not, a match takes all below it."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from stratlint.config.errors import ConfigError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def matches(path: str, patterns: Iterable[str], *, folder: bool = False) -> bool:
    """Whether *path* (relative, with forward slashes) or a folder above it matches *patterns*; the last one that speaks of it decides.

    Of a *folder* patterns that end in a slash speak, too.

    Raises:
        ConfigError: git would not understand a pattern, either.

    >>> matches("docs/old/plan.md", ["old/"]), matches("docs/plan.md", ["/plan.md"]), matches("a/b.md", ["a/*.md", "!b.md"])
    (True, False, False)
    """
    given = tuple(patterns)
    return bool(given) and _compiled(given).match_file(f"{path}/" if folder else path)


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    # Imported here: a run that names its files has no pattern to read.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec(each for pattern in patterns for each in _read(pattern).patterns)


def _read(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a class of characters that Python's `re` reads in another way
            return GitIgnoreSpec.from_lines([_anchored(pattern)])
    except (ValueError, re.error, Warning):
        raise ConfigError(f'"{pattern}" cannot be read as a pattern such as "docs/**/*.md", as in .gitignore') from None


def _anchored(pattern: str) -> str:
    """*pattern* with the separators of this system made slashes, and `./` as people type it made the anchor that git knows."""
    slashed = pattern.replace(os.sep, "/")
    return slashed[1:] if slashed.startswith("./") else slashed
