"""A program of one's own as reader: a JSON object on its standard input, the answer on its standard output. No shell is involved."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from typing import IO

from stratlint.readers.reader import ReaderError, Reply, Request, Terms

VERSION = 1
_LONGEST_ANSWER = 16 << 20
_SHOWN = 300


class CommandReader:
    """Runs the program once a request."""

    def __init__(self, command: str, terms: Terms) -> None:
        try:
            self._arguments = shlex.split(command)
        except ValueError as problem:
            raise ReaderError(f"command:{command}: {problem}", lasting=True) from None
        program = shutil.which(self._arguments[0]) if self._arguments else None
        if program is None:
            raise ReaderError(f"command:{command}: there is no such program", lasting=True)
        self._arguments[0] = program
        self._command = command
        self._timeout = terms.timeout

    @property
    def name(self) -> str:
        """As on the command line."""
        return f"command:{self._command}"

    def read(self, request: Request) -> Reply:
        """Run it.

        Raises:
            ReaderError: it failed, took too long or said too much.
        """
        asked = {
            "version": VERSION, "prompt": request.prompt, "instructions": request.instructions, "page": request.page,
            "schema": dict(request.schema), "max_tokens": request.limit or None,
        }  # fmt: skip
        # Files, not pipes: a program that does not read, or whose children live on, blocks nothing.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace"))
            given.seek(0)
            code = self._run(given, out, err)
            answer, complaint = _content(out), _content(err)
        if code:
            said = complaint.decode("utf-8", "replace").strip().splitlines()
            raise ReaderError(f"{self.name}: exit code {code}{f': {said[-1][:_SHOWN]}' if said else ''}")
        if len(answer) > _LONGEST_ANSWER:
            raise ReaderError(f"{self.name}: its answer is longer than {_LONGEST_ANSWER >> 20} MiB")
        return Reply(answer.decode("utf-8", "replace"))

    def _run(self, given: IO[bytes], out: IO[bytes], err: IO[bytes]) -> int:
        try:
            process = subprocess.Popen(self._arguments, stdin=given, stdout=out, stderr=err, start_new_session=os.name == "posix")
        except OSError as problem:
            raise ReaderError(f"{self.name}: {(problem.strerror or str(problem)).lower()}", lasting=True) from None
        try:
            return process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            raise ReaderError(f"{self.name}: no answer within {self._timeout:g} s (--timeout)") from None
        finally:
            if process.poll() is None:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, with all that it started."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _content(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(_LONGEST_ANSWER + 1)
