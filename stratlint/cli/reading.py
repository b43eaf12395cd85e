"""The bytes of a document, never blocking and never more than the limit."""

from __future__ import annotations

import os
import sys

from stratlint.cli.files import reason, refusal


class Unreadable(Exception):  # noqa: N818 - a property of the document
    """Why there are no bytes, in words for the user."""


def read_file(path: str, limit: int) -> bytes:
    """All bytes of a regular file of at most *limit* bytes."""
    # Non-blocking and checked again after opening: the path may have become a pipe since it was found.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as problem:
        raise Unreadable(reason(problem)) from None
    with os.fdopen(descriptor, "rb") as stream:
        if why := refusal(os.fstat(descriptor).st_mode):
            raise Unreadable(why)
        try:
            data = stream.read(limit + 1)
        except OSError as problem:
            raise Unreadable(reason(problem)) from None
    return _bounded(data, limit)


def read_stdin(limit: int) -> bytes:
    """Standard input up to its end, at most *limit* bytes."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise Unreadable("standard input is closed")
    try:
        return _bounded(stream.read(limit + 1), limit)
    except (OSError, ValueError) as problem:
        raise Unreadable(reason(problem) if isinstance(problem, OSError) else "standard input is closed") from None


def _bounded(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise Unreadable(f"larger than {limit:,} bytes; raise `max-file-size` to read it")
    return data
