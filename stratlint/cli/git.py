"""Changed lines, from git or from a diff that somebody else made."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stratlint.cli.outcome import Usage
from stratlint.cli.reading import Unreadable, read_file, read_stdin
from stratlint.report.difference import Changes, MalformedDiff, changes, whole

_LIMIT = 1 << 30
_TIMEOUT = 300
# Whatever the user configured (colours, prefixes, external tools), this is what is parsed.
_DIFF = (
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--find-renames",
    "--ignore-submodules",
    "--unified=0",
    "--inter-hunk-context=0",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)


def changes_since(base: str) -> Changes:
    """Lines of the working tree that differ from the commit *base*; new files are changed as a whole.

    Raises:
        Usage: git fails.
    """
    top = _top()
    text = _text(_git(*_DIFF, base, "--", cwd=top))
    new = _git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", cwd=top)
    untracked = whole(str(top / os.fsdecode(name)) for name in new.split(b"\0") if name)
    return Changes({**changes(text, top).files, **untracked})


def renames_since(base: str) -> Mapping[str, Path]:
    """Files that had another name at the commit *base*: absolute path of now → where it lay.

    Raises:
        Usage: git fails.
    """
    top = _top()
    told = _git("diff", "--name-status", "-z", "--no-ext-diff", "--no-relative", "--find-renames", "--diff-filter=R", base, "--", cwd=top)
    names = [os.fsdecode(name) for name in told.split(b"\0")]
    return {str((top / now).resolve()): top / before for before, now in zip(names[1::3], names[2::3], strict=False)}


def merge_base(ref: str) -> str:
    """The commit that *ref* and HEAD have in common.

    Raises:
        Usage: no repository, no such ref, no common history.
    """
    commit_of(ref, "--diff-base")
    why = f"--diff-base {ref}: no common history with HEAD (a shallow clone? fetch more: fetch-depth: 0)"
    return _git("merge-base", ref, "HEAD", on_failure=why).decode("ascii").strip()


def commit_of(ref: str, option: str = "--objections-from") -> str:
    """The name of the commit that *ref* means.

    Raises:
        Usage: no repository, no such ref.
    """
    if not ref or ref.startswith("-"):
        raise Usage(f"{option} {ref} is no ref")
    _git("rev-parse", "--show-toplevel")
    return _git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", on_failure=f"{option} {ref}: no such commit").decode().strip()


def content_at(commit: str, path: Path) -> bytes | None:
    """What a file was at a commit; None where it was not, or lies outside of the repository."""
    try:
        name = path.resolve().relative_to(_top().resolve()).as_posix()
        return _git("cat-file", "blob", f"{commit}:{name}")
    except (Usage, ValueError):
        return None


def _top() -> Path:
    return Path(os.fsdecode(_git("rev-parse", "--show-toplevel").rstrip(b"\n")))


def changes_in(path: str) -> Changes:
    """Changed lines of a unified diff in a file, or on standard input for `-`.

    Its paths are relative to the repository around the working directory, or to that itself.
    """
    try:
        text = _text(read_stdin(_LIMIT) if path == "-" else read_file(path, _LIMIT))
        return changes(text, _top_or_here())
    except Unreadable as problem:
        raise Usage(f"--diff {path}: {problem}") from None
    except MalformedDiff as problem:
        raise Usage(f"--diff {path}: {problem}") from None


def _text(data: bytes) -> str:
    # A diff mixes the encodings of all its files; names are bytes, and of the lines only the first character counts.
    return os.fsdecode(data) if os.sep == "/" else data.decode("utf-8", "surrogateescape")


def _top_or_here() -> Path:
    try:
        return _top()
    except Usage:
        return Path.cwd()


def _git(*arguments: str, cwd: Path | None = None, on_failure: str = "") -> bytes:
    try:
        done = subprocess.run(["git", "-c", "core.quotepath=on", *arguments], capture_output=True, cwd=cwd, timeout=_TIMEOUT, check=False)
    except FileNotFoundError:
        raise Usage("git is not installed; use --diff FILE instead of --diff-base") from None
    except (OSError, subprocess.SubprocessError) as problem:
        raise Usage(f"git cannot be run: {problem}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Usage(on_failure or f"git {arguments[0]}: {said[0] if said else 'failed'}")
    return done.stdout
