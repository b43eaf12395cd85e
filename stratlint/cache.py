"""What was computed once, kept in a folder that only this user can read and write. Whatever is wrong with it, it is as if it were empty.

Only bytes go in and come out, each file behind a digest of itself: a torn or edited one is none.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

# Values that other states of the sources gave: some, for those who go back and forth between two branches.
_OLD_ONES = 4
_PRIVATE = 0o700


def kept(name: str, key: str) -> bytes | None:
    """What `keep` was given under this *name* and *key*; None when it is not there, or not as it was."""
    folder = _folder()
    if folder is None:
        return None
    try:
        digest, _, content = _file(folder, name, key).read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if digest == _digest(content) else None


def keep(name: str, key: str, content: bytes) -> None:
    """Keep *content* for the next run, in place of the oldest of the same *name*; nothing happens where that is not possible."""
    folder = _folder()
    if folder is None:
        return
    target = _file(folder, name, key)
    # Complete or not there: another run may read while this one writes.
    unfinished = target.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_bytes(_digest(content) + b"\n" + content)
        unfinished.replace(target)
        others = sorted(folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
        _remove(path for path in others[_OLD_ONES:] if path != target)
    except OSError:
        _remove([unfinished])


def _file(folder: Path, name: str, key: str) -> Path:
    return folder / f"{name}-{key}.json"


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).hexdigest().encode()


def _folder() -> Path | None:
    """The cache folder, made when it is not there; None unless it is this user's and nobody else can write to it."""
    try:
        folder = _base() / "stratlint"
        folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return None
        if hasattr(os, "geteuid"):
            if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
            if stat.S_IMODE(found.st_mode) != _PRIVATE:
                folder.chmod(_PRIVATE)
    except (OSError, RuntimeError):  # no home, no room, read-only
        return None
    return folder


def _base() -> Path:
    """Where this platform keeps what can be made again.

    Raises:
        RuntimeError: the user has no home.
    """
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if chosen.is_absolute():
        return chosen
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", ""))
        return local if local.is_absolute() else Path.home() / "AppData" / "Local"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
