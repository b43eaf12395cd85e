"""Standard output and error: findings go to the first, everything else to the second, nothing unprintable to either."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

_PIECE = 1 << 14


class Streams:
    """The two streams of a run, looked up once so that a test may replace them."""

    def __init__(self) -> None:
        self.out: TextIO = sys.stdout
        self.err: TextIO = sys.stderr

    def write(self, text: str) -> None:
        """Findings, ledgers, pages: the result of a command."""
        shown = _encodable(text, self.out)
        # In pieces: without a buffer (PYTHONUNBUFFERED, as in many images) Python takes a write that a closed pipe
        # cut short for a complete one, and only the next write tells.
        for start in range(0, len(shown), _PIECE):
            self.out.write(shown[start : start + _PIECE])

    def note(self, text: str) -> None:
        """Something worth knowing that is no problem."""
        self._say("note", text)

    def problem(self, text: str) -> None:
        """Something that could not be done."""
        self._say("error", text)

    def flush(self) -> None:
        """Send what is buffered while a closed pipe can still be handled."""
        self.out.flush()
        self.err.flush()

    def abandon(self) -> None:
        """Let the interpreter's last flush go nowhere."""
        try:
            void = os.open(os.devnull, os.O_WRONLY)
            os.dup2(void, self.out.fileno())
        except (OSError, ValueError):
            return

    def colored(self, choice: str) -> bool:
        """Whether to colour standard output. A choice on the command line beats the environment, that the terminal."""
        if choice != "auto":
            return choice == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.out.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns for excerpts: the terminal's, else a fixed one: logs do not depend on where they are made."""
        return max(40, shutil.get_terminal_size().columns) if self.out.isatty() else 120

    def _say(self, kind: str, text: str) -> None:
        from stratlint.report.escaping import terminal

        self.err.write(_encodable(f"stratlint: {kind}: {terminal(text)}\n", self.err))


def _encodable(text: str, stream: TextIO) -> str:
    """*text* as the stream can take it: a file name that is no UTF-8 or a `✅` on a Latin-1 terminal must not raise."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text
