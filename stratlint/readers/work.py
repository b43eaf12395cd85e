"""Reading one document, call after call: the file is written after each, so that a run that was killed goes on where it was.

Without a file (`stratlint review`) what was read is kept in memory alone.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from stratlint.claims.extract import extract
from stratlint.document import Document
from stratlint.readers.answer import AnswerError, parse_answer
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, ReadingsFile, placed, save_file
from stratlint.readers.ground import grounded
from stratlint.readers.pieces import Piece, expected_to_receive, expected_to_send, has_numbers, pieces, text_of
from stratlint.readers.prompt import Prompt
from stratlint.readers.reader import Reader, ReaderError, Reply, Request

_CHARACTERS_PER_TOKEN = 3
# An answer that is no JSON may be an accident, two of them are not.
_TRIES = 2


class NotOursError(Exception):
    """Readings of somebody else, which are not replaced without being asked; the message says whose."""


class BudgetSpentError(Exception):
    """The next call could take more tokens than are left."""


@dataclass(slots=True)
class Budget:
    """Tokens of a run, both ways: how many there are (0: no limit), and how many were used."""

    most: int = 0
    sent: int = 0
    received: int = 0

    def limit(self, to_send: int, to_receive: int) -> int:
        """The most tokens that the next answer may have; 0 for any number.

        Raises:
            BudgetSpentError: the call does not fit any more.
        """
        if not self.most:
            return 0
        left = self.most - self.sent - self.received - to_send
        if left < to_receive:
            raise BudgetSpentError
        return left

    @property
    def spent(self) -> str:
        """Why no further call was made, when one did not fit any more."""
        return f"the next call may take more than is left of {self.most:,} tokens"


@dataclass(slots=True)
class Tally:
    """What came of reading a document. `dropped`: entries by reason."""

    calls: int = 0
    blocks: int = 0
    readings: int = 0
    objections: int = 0
    moved: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


class Work:
    """One document and its file of readings at `target`; None where nothing is to be written."""

    def __init__(self, document: Document, existing: ReadingsFile | None, reader: str, prompt: Prompt, target: Path | None) -> None:
        """*existing*: its readings so far, None to read everything anew.

        Raises:
            NotOursError: they are another reader's, or written by hand, and do not cover the page.
        """
        self.document = document
        self.target = target
        self.prompt = prompt
        self.tally = Tally()
        self._reader = reader
        self._claims = extract(document)
        self._blocks = page_blocks(document)
        self._numberless = {index for index, block in enumerate(self._blocks) if not has_numbers(block)}
        self._done: dict[int, BlockReadings] = self._kept(existing) if existing is not None else {}
        wanted = [block for index, block in enumerate(self._blocks) if index not in self._done and index not in self._numberless]
        self.wanted = len(wanted)
        # Of a page that nobody has read all is asked for: what has no numbers is no trouble, and the task is said in three words.
        whole = bool(wanted) and not self._done
        self.pieces = deque(pieces(self._claims, self._blocks if whole else wanted, prompt))

    @property
    def all_blocks(self) -> int:
        """How many blocks of the page have numbers."""
        return len(self._blocks) - len(self._numberless)

    def text(self, piece: Piece) -> str:
        """What is sent of the page for a piece."""
        return text_of(piece, self.document, self.prompt)

    def expected(self, piece: Piece) -> tuple[int, int]:
        """About how many tokens a piece takes: to send, to receive."""
        return expected_to_send(self.text(piece), self.prompt), expected_to_receive(piece, self._claims)

    def read(self, reader: Reader, budget: Budget, before: Callable[[Piece], None] = lambda piece: None) -> None:
        """Call the reader for everything that is left, and write the file after each call. *before* is told what is read next.

        Raises:
            ReaderError: there was no usable answer; what was read before is written.
            BudgetSpentError: likewise.
            OSError: the file cannot be written.
        """
        partly: dict[int, BlockReadings] = {}
        while self.pieces:
            piece = self.pieces[0]
            to_send, to_receive = self.expected(piece)
            limit = budget.limit(to_send, to_receive)
            before(piece)
            reply = self._asked(
                reader, Request(self.prompt.version, self.prompt.instructions, self.text(piece), self.prompt.schema, limit), budget
            )
            self.pieces.popleft()
            if reply is None:
                self.pieces.extendleft(reversed(piece.halves))
                if len(piece.lines) == 1:
                    raise ReaderError(f"{reader.name}: its answer about line {piece.lines[0]} is cut off")
                continue
            self._take(reply, piece, partly)
            if self.target is not None:
                save_file(self.file(), self.target)

    def file(self) -> ReadingsFile:
        """The file as far as the page has been read. Blocks without numbers have nothing to read."""
        known = dict(self._done)
        for index in self._numberless:
            known.setdefault(index, BlockReadings(self._blocks[index].hash, self._blocks[index].first))
        return ReadingsFile(tuple(known[index] for index in sorted(known)), self.prompt.version, self._reader)

    def _kept(self, existing: ReadingsFile) -> dict[int, BlockReadings]:
        where = placed(existing.blocks, self._blocks)
        at = {block.first: index for index, block in enumerate(self._blocks)}
        kept = {at[block.first]: BlockReadings(entry.hash, block.first, entry.readings, entry.objections) for entry, block in where.found}
        if existing.reader == self._reader and existing.prompt:
            # Readings by other instructions are others.
            return kept if existing.prompt == self.prompt.version else {}
        if existing.blocks and any(index not in kept and index not in self._numberless for index in range(len(self._blocks))):
            raise NotOursError(existing.reader or "somebody who wrote them by hand")
        return kept

    def _asked(self, reader: Reader, request: Request, budget: Budget) -> str | None:
        """The text of an answer that can be used; None for one that was cut off."""
        problem = ""
        for _ in range(_TRIES):
            self.tally.calls += 1
            reply = reader.read(request)
            _count(reply, request, budget)
            if reply.cut:
                return None
            try:
                parse_answer(reply.text)
            except AnswerError as error:
                problem = str(error)
                continue
            return reply.text
        raise ReaderError(f"{reader.name}: {problem}")

    def _take(self, text: str, piece: Piece, partly: dict[int, BlockReadings]) -> None:
        """Give the entries of an answer to their blocks; a block is done when no call is left that has lines of it."""
        found = grounded(parse_answer(text), self._claims, self._blocks, piece.lines)
        self.tally.moved += found.moved
        self.tally.dropped.update(found.dropped)
        left = {line for each in self.pieces for line in each.lines}
        for index, entry in found.blocks.items():
            self.tally.readings += len(entry.readings)
            self.tally.objections += len(entry.objections)
            before = partly.get(index)
            if before is not None:
                entry = BlockReadings(entry.hash, entry.first, before.readings + entry.readings, before.objections + entry.objections)
            block = self._blocks[index]
            if left.isdisjoint(range(block.first, block.last + 1)):
                self._done[index] = entry
                self.tally.blocks += index not in self._numberless
            else:
                partly[index] = entry


def _count(reply: Reply, request: Request, budget: Budget) -> None:
    """What a call took, by the reader's own count where it gives one."""
    budget.sent += reply.sent or (len(request.instructions) + len(request.page)) // _CHARACTERS_PER_TOKEN
    budget.received += reply.received or len(reply.text) // _CHARACTERS_PER_TOKEN
