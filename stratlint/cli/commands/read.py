"""`stratlint read`: have a model or a program transcribe how the numbers of documents are related, into files of readings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, ERROR, Usage
from stratlint.cli.run import find
from stratlint.cli.streams import Streams

if TYPE_CHECKING:
    from stratlint.cli.files import Input
    from stratlint.config.user import ReadDefaults
    from stratlint.document import Document
    from stratlint.readers.pieces import Piece
    from stratlint.readers.reader import Reader
    from stratlint.readers.work import Budget, Work

SUMMARY = "have a model transcribe how the numbers of documents are related"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files and directories (searched for Markdown)")
    parser.add_argument("--exclude", action="append", metavar="GLOB", help="leave these out, too (repeatable)")
    options.add_reader(parser, "Documents are sent to it, and to nobody else. Keys are read from the environment only.")
    group = parser.add_argument_group("what is read")
    group.add_argument("--force", action="store_true", help="read everything anew; what the files have now is replaced")
    group.add_argument("--dry-run", action="store_true", help="show what would be sent, with an estimate, and send nothing; -v: all of it")
    options.add_configuration(parser)
    options.add_verbosity(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out: 2 when something was not read."""
    from stratlint.cli.reader import terms
    from stratlint.readers.reader import ReaderError, reader_of
    from stratlint.readers.work import Budget

    arguments.stdin_filename = ""
    if "-" in arguments.paths:
        raise Usage("standard input has no file of readings; name a file")
    configuration = Configuration(arguments)
    defaults = _defaults(arguments)
    name = arguments.reader or defaults.reader
    if not name:
        raise Usage("name who reads: --reader openai:MODEL or --reader command:PROGRAM")
    reader: Reader | None = None
    if not arguments.dry_run:
        try:
            reader = reader_of(name, terms(arguments, defaults))
        except ReaderError as problem:
            raise Usage(str(problem)) from None
    found = find(arguments, configuration)
    for path, why in (*found.refused, *found.empty):
        streams.problem(f"{path}: {why}")
    budget = Budget(arguments.max_tokens or defaults.max_tokens)
    reading = _Run(arguments, streams, name, reader, budget)
    complete = not (found.refused or found.empty)
    for each in found.inputs:
        if not reading.over:
            complete = reading.document(each) and complete
    reading.summary(len(found.inputs))
    return CLEAN if complete and not reading.over else ERROR


def _defaults(arguments: argparse.Namespace) -> ReadDefaults:
    from stratlint.config.user import ReadDefaults, read_defaults

    return ReadDefaults() if arguments.isolated else read_defaults()


class _Run:
    """One run over several documents; `over` once no further call makes sense."""

    def __init__(self, arguments: argparse.Namespace, streams: Streams, name: str, reader: Reader | None, budget: Budget) -> None:
        self.over = False
        self._arguments = arguments
        self._streams = streams
        self._name = name
        self._reader = reader
        self._budget = budget
        self._expected = [0, 0]
        self._documents = 0

    def document(self, given: Input) -> bool:
        """Read one document; whether all of it is read now."""
        from stratlint.readers.file import ReadingsFileError
        from stratlint.readers.work import NotOursError

        self._documents += 1
        try:
            work = self._work(given)
        except (_RefusedError, ReadingsFileError) as problem:
            self._streams.problem(str(problem))
            return False
        except NotOursError as owner:
            self._streams.problem(f"{given.path}: its readings are by {owner}; --force replaces them by those of {self._name}")
            return False
        if not work.pieces:
            self._say(f"{given.path}: nothing to read" if not work.all_blocks else f"{given.path}: up to date")
            return True
        if self._reader is None:
            self._show(given.path, work)
            return True
        return self._read(given.path, work, self._reader)

    def summary(self, documents: int) -> None:
        """What it cost, or would cost."""
        if self._arguments.quiet:
            return
        if self._reader is None:
            sent, received = self._expected
            self._streams.write(f"about {sent:,} tokens to send and {received:,} to receive; nothing was sent\n")
        elif self._budget.sent or self._budget.received:
            self._streams.note(f"{self._budget.sent:,} tokens sent, {self._budget.received:,} received")
        if self.over and self._documents < documents:
            self._streams.note(f"not read: {documents - self._documents} more of the documents")

    def _work(self, given: Input) -> Work:
        from stratlint.config.selection import relative_to_root
        from stratlint.readers.file import load_file, readings_path
        from stratlint.readers.prompt import prompt
        from stratlint.readers.work import Work

        root = Path(given.settings.root or Path.cwd())
        target = readings_path(root / given.settings.readings_dir, relative_to_root(given.settings, given.path))
        if target is None:
            raise _RefusedError(f"{given.path}: is outside of the project ({root}), so that its readings have no place")
        # A repository may hold links, and name any folder: nothing is sent from, or written to, elsewhere.
        for path, what in ((Path(given.path), "leads outside of the project and is not sent"), (target, "leads outside of the project")):
            if not path.resolve().is_relative_to(root.resolve()):
                raise _RefusedError(f"{path}: {what}")
        # A pipe or a device in its place is none, and is never opened.
        existing = load_file(target) if target.is_file() and not self._arguments.force else None
        return Work(_document(given), existing, self._name, prompt(), target)

    def _show(self, path: str, work: Work) -> None:
        from stratlint.readers.pieces import spans
        from stratlint.report.escaping import terminal

        for number, piece in enumerate(work.pieces, 1):
            sent, received = work.expected(piece)
            self._expected[0] += sent
            self._expected[1] += received
            shown = f", with {len(piece.context):,} more lines of the page" if piece.context else ""
            self._streams.write(
                f"{terminal(path)}: call {number} of {len(work.pieces)}: {spans(piece.lines)}{shown}; "
                f"about {sent:,} tokens to send and {received:,} to receive\n"
            )
            if self._arguments.verbose:
                text = f"{work.prompt.instructions}\n{work.text(piece)}"
                self._streams.write("".join(f"  {terminal(line)}\n" for line in text.splitlines()))

    def _read(self, path: str, work: Work, reader: Reader) -> bool:
        from stratlint.cli.reader import told
        from stratlint.readers.reader import ReaderError
        from stratlint.readers.work import BudgetSpentError

        try:
            work.read(reader, self._budget, lambda piece: self._progress(path, work, piece))
        except BudgetSpentError:
            self.over = True
            self._streams.problem(f"{path}: {self._budget.spent}; run again to go on")
        except ReaderError as problem:
            self.over = problem.lasting
            self._streams.problem(f"{path}: {problem}")
        except OSError as problem:
            self.over = True
            self._streams.problem(f"{work.target}: cannot be written: {(problem.strerror or str(problem)).lower()}")
        written = f" → {os.path.relpath(work.target)}" if work.tally.blocks and work.target is not None else ""
        self._say(f"{path}: {told(work)}{written}")
        return not work.pieces

    def _progress(self, path: str, work: Work, piece: Piece) -> None:
        from stratlint.readers.pieces import spans

        if self._streams.err.isatty() and not self._arguments.quiet:
            call = work.tally.calls + 1
            left = work.tally.calls + len(work.pieces)
            self._streams.note(f"{path}: reading {spans(piece.lines)} (call {call} of {left}) …")

    def _say(self, text: str) -> None:
        if not self._arguments.quiet:
            self._streams.note(text)


class _RefusedError(Exception):
    """A document that is not read; the text is for the user."""


def _document(given: Input) -> Document:
    from stratlint.cli.reading import Unreadable, read_file
    from stratlint.document import UnreadableDocument, decode, parse

    try:
        text, _ = decode(read_file(given.path, given.settings.max_file_size))
    except (Unreadable, UnreadableDocument) as problem:
        raise _RefusedError(f"{given.path}: {problem}") from None
    return parse(text, given.path)
