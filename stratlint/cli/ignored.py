"""What git ignores. Git itself answers: its rules (nested files, global excludes, negation) are nobody's to repeat."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

_TIMEOUT = 60
# A hook runs with these set for its own repository; here each repository is asked about itself.
_INHERITED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def ignored_by_git(repository: str, paths: Sequence[str]) -> set[str]:
    """Those of *paths* that are ignored in *repository*; none when git is missing or refuses to answer."""
    absolute = {os.path.abspath(path): path for path in paths}  # noqa: PTH100 - links must stay what they are
    environment = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    try:
        done = subprocess.run(
            ["git", "-C", repository, "check-ignore", "-z", "--stdin"],
            input=b"".join(os.fsencode(path) + b"\0" for path in absolute),
            capture_output=True,
            env=environment,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return set()
    # 0: some are ignored, 1: none; anything else is a refusal (a submodule, an unsafe owner).
    if done.returncode != 0:
        return set()
    return {absolute[name] for part in done.stdout.split(b"\0") if (name := os.fsdecode(part)) in absolute}
