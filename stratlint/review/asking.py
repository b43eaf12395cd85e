"""A reader that is asked along with a review. What it reads of changed documents is judged and offered, and written nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stratlint.cli.examine import DEFECT, internal
from stratlint.cli.reader import told
from stratlint.document import Document
from stratlint.readers.file import ReadingsFile, ReadingsFileError, dump_file, parse_file
from stratlint.readers.prompt import prompt
from stratlint.readers.reader import NoReaderError, Reader, ReaderError, Terms, reader_of
from stratlint.readers.work import Budget, BudgetSpentError, NotOursError, Work
from stratlint.review.problems import ReviewProblem
from stratlint.transcripts import Content

# A server that answers none of so many documents in a row would let every further one wait as long.
_MOST_FAILURES = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """A file of readings to commit: its path in the repository, its whole text, and how much of *reader* is new in it."""

    file: str
    text: str
    reader: str
    readings: int
    objections: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one document: an offer, and why some or all of it was not read. Neither where nothing was left to be read."""

    offer: Offer | None = None
    problem: str = ""


class RunReader:
    """Who reads in one run, and what is left of its budget. Once it fails for good, nobody is asked any more."""

    def __init__(self, name: str, terms: Terms, most_tokens: int, note: Callable[[str], None], secrets: Sequence[str] = ()) -> None:
        """*secrets* are kept out of what is said of its failures.

        Raises:
            ReviewProblem: there is no reader of this name.
        """
        self.name = name
        self._note = note
        self._secrets = [each for each in secrets if each]
        self._budget = Budget(most_tokens)
        self._failures = 0
        self._over = ""
        self._reader: Reader | None = None
        try:
            self._reader = reader_of(name, terms)
        except NoReaderError as problem:
            raise ReviewProblem(str(problem)) from None
        except ReaderError as problem:
            self._over = self._clean(str(problem))

    def read(self, document: Document, existing: Content | None, file: str) -> Asked:
        """Read the blocks of *document* that *existing* has no readings of; *file* is where they lie in the repository."""
        try:
            return self._read(document, existing, file)
        except Exception as problem:  # the review is posted without
            return Asked(problem=f"{internal(problem)}{DEFECT}")

    def _read(self, document: Document, existing: Content | None, file: str) -> Asked:
        try:
            before = _readings(existing)
            work = Work(document, before, self.name, prompt(), None)
        except ReadingsFileError:
            return Asked()  # whoever judges it says so
        except NotOursError as owner:
            return Asked(problem=f"there are readings by {owner}, and a file has one reader")
        if not work.pieces:
            return Asked()
        problem = self._ask(work)
        tally = work.tally
        # Of a page whose readings are by older instructions a part would take the others away.
        replaces = before is not None and before.reader == self.name and before.prompt != work.prompt.version
        nothing = not tally.blocks or not (tally.readings or tally.objections)
        if nothing or (work.pieces and replaces):
            return Asked(problem=problem)
        return Asked(Offer(file, dump_file(work.file()), self.name, tally.readings, tally.objections), problem)

    def _ask(self, work: Work) -> str:
        """Have everything read that is left; why that failed."""
        if self._over or self._reader is None:
            return self._over
        try:
            work.read(self._reader, self._budget)
        except BudgetSpentError:
            self._over = self._budget.spent
            return self._over
        except ReaderError as problem:
            said = self._clean(str(problem))
            self._failures += 1
            if problem.lasting or self._failures == _MOST_FAILURES:
                self._over = said
            return said
        finally:
            if work.tally.calls:
                self._note(f"{work.document.path}: {told(work)}")
        self._failures = 0
        return ""

    def _clean(self, text: str) -> str:
        for each in self._secrets:
            text = text.replace(each, "***")
        return text


def _readings(existing: Content | None) -> ReadingsFile | None:
    """The readings that a document has already.

    Raises:
        ReadingsFileError: they cannot be used.
        NotOursError: they are lines that somebody wrote, which a file of ours would stand before.
    """
    if existing is None or existing.data is None:
        return None
    if existing.file.endswith(".jsonl"):
        raise NotOursError("somebody who wrote them by hand")
    return parse_file(existing.data, existing.file)
