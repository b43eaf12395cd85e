"""Globs over paths, as `.gitignore` reads them: `*` stays in a folder, `**` does not, a match takes all below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether *path* (relative, with forward slashes) or a folder above it matches one of *patterns*.

    >>> matches("docs/old/plan.md", ["old"]), matches("docs/plan.md", ["/plan.md"]), matches("a/b.md", ["a/*.md"])
    (True, False, True)
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    body = pattern.replace("\\", "/").removeprefix("./").rstrip("/")
    # A pattern with an inner slash is anchored, one without matches at any depth: git's rule.
    anchored = "/" in body
    body = body.lstrip("/")
    return re.compile(("" if anchored else r"(?:.*/)?") + _translated(body) + r"(?:/.*)?", re.DOTALL)


def _translated(body: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(body):
        if body.startswith("**/", at) and (at == 0 or body[at - 1] == "/"):
            out.append(r"(?:.*/)?")
            at += 3
        elif body.startswith("**", at):
            out.append(".*")
            at += 2
        elif body[at] == "*":
            out.append("[^/]*")
            at += 1
        elif body[at] == "?":
            out.append("[^/]")
            at += 1
        elif body[at] == "[" and (end := body.find("]", at + 2)) > 0:
            inner = body[at + 1 : end]
            negated = inner[0] in "!^"
            inner = re.sub(r"([\\\[&~|])", r"\\\1", inner[1:] if negated else inner).replace("^", r"\^")
            out.append(f"[{'^' if negated else ''}{inner}]")
            at = end + 1
        else:
            out.append(re.escape(body[at]))
            at += 1
    return "".join(out)
