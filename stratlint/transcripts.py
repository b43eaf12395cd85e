"""The readings of a document, from where they lie to what they add to its report: relations, objections, what is stale.

Those beside the project (`.stratlint/readings/PLAN.md.yaml`) are used by themselves; those that a command line names, instead of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.config.selection import relative_to_root
from stratlint.config.settings import Settings
from stratlint.readers.file import readings_path
from stratlint.report.outcome import ReadingsUsed, Unused
from stratlint.rules.failure import Failure
from stratlint.rules.finding import Dispute, Finding, ReadBy
from stratlint.rules.transcript import NOTHING, Transcript

if TYPE_CHECKING:
    from stratlint.claims.claim import ClaimSet
    from stratlint.meaning.entries import Rejection
    from stratlint.readers.attached import Attached

SUFFIXES = (".yaml", ".jsonl")


@dataclass(frozen=True, slots=True)
class Content:
    """A file of readings that is at hand already (another version than that of the working tree); `data` is None where there is none."""

    file: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Said:
    """What readings add to the report of one document. `objections`: ranges of its text with what is objected to findings there."""

    transcript: Transcript = NOTHING
    unused: tuple[Unused, ...] = ()
    used: ReadingsUsed | None = None
    objections: tuple[tuple[int, int, Dispute], ...] = ()
    failures: tuple[Failure, ...] = ()

    def disputed(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """*findings*, each with what is objected to its claim; in their order."""
        return tuple(_disputed(each, self.objections) for each in findings) if self.objections else findings


SILENT = Said()


def project_root(settings: Settings) -> Path:
    """The folder that readings are named from: that of the configuration, the working directory without one."""
    return Path(settings.root or Path.cwd())


def readings_file(settings: Settings, document: str) -> Path | None:
    """Where the readings of a document lie, whether there are any or not; None for a document outside of the project."""
    return readings_path(project_root(settings) / settings.readings_dir, relative_to_root(settings, document))


def shown(path: Path) -> str:
    """The path as messages have it: from the working directory where it lies below it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def said_of(claims: ClaimSet, settings: Settings, content: Content | None = None) -> Said:
    """What the readings of a document say: those that the settings name, else *content*, else those that lie beside the project.

    Raises:
        ReadingsError: those that the settings name cannot be used.
    """
    if settings.readings:
        return _named(claims, settings)
    if content is None and settings.committed_readings:
        content = committed(settings, claims.document.path)
    if content is None or content.data is None:
        return SILENT
    if isinstance(content, _Broken):
        return Said(failures=(content.failure,))
    from stratlint.meaning.entries import ReadingsError
    from stratlint.readers.attached import attached

    try:
        return _said(attached(content.data, content.file, claims.document), claims, only=False)
    except ReadingsError as problem:
        return Said(failures=(_failure(content.file, problem),))


def check_named(settings: Settings, documents: Iterable[str]) -> None:
    """Read the readings that the settings name for all *documents* once, to complain before any document is read.

    Raises:
        ReadingsError: a file cannot be used.
    """
    from stratlint.meaning.entries import file_for
    from stratlint.readers.attached import parsed, read_content

    files = {file_for(Path(settings.readings), each) for each in documents}
    for file in sorted(each for each in files if each is not None):
        parsed(read_content(file), shown(file))


def _named(claims: ClaimSet, settings: Settings) -> Said:
    from stratlint.meaning.entries import file_for
    from stratlint.readers.attached import attached, read_content

    path = file_for(Path(settings.readings), claims.document.path)
    if path is None:
        missing = Unused("there is no file of readings", f"{settings.readings} has none for {claims.document.path}")
        return Said(Transcript((), settings.only_readings), (missing,))
    return _said(attached(read_content(path), shown(path), claims.document), claims, only=settings.only_readings)


@dataclass(frozen=True, slots=True)
class _Broken(Content):
    failure: Failure


def committed(settings: Settings, document: str) -> Content | None:
    """The file beside the project; most documents have none, and cost no more than the question. One that cannot be read is empty."""
    path = readings_file(settings, document)
    found = next((each for suffix in SUFFIXES if path and os.path.lexists(each := path.with_suffix(suffix))), None)
    if found is None:
        return None
    from stratlint.meaning.entries import ReadingsError
    from stratlint.readers.attached import read_content

    try:
        return Content(shown(found), read_content(found, inside=project_root(settings) / settings.readings_dir))
    except ReadingsError as problem:
        return _Broken(shown(found), b"", _failure(shown(found), problem))


def _said(read: Attached, claims: ClaimSet, *, only: bool) -> Said:
    from stratlint.meaning.readings import readings_of

    made = readings_of(read.entries, claims, read.file)
    objections, lost = _objections(read, claims) if read.objections else ((), ())
    rejected = sorted((*made.rejected, *read.outside, *read.malformed, *lost), key=lambda each: each.number)
    unused = tuple(Unused(each.reason, f"{read.file}:{each.number}: {each.detail}") for each in rejected)
    used = ReadingsUsed(read.file, read.reader, len(made.proposals), read.stale)
    return Said(Transcript(made.proposals, only, read.reader), unused, used, objections)


def _objections(read: Attached, claims: ClaimSet) -> tuple[tuple[tuple[int, int, Dispute], ...], tuple[Rejection, ...]]:
    """The objections at the places that they are about, and those about what the page does not have."""
    from stratlint.meaning.entries import Rejection
    from stratlint.meaning.objections import objected
    from stratlint.meaning.occurrences import Occurrences

    page = Occurrences(claims)
    placed: list[tuple[int, int, Dispute]] = []
    lost: list[Rejection] = []
    for each in read.objections:
        spans = objected(each.claim, each.line, page)
        if not spans:
            lost.append(Rejection(each.number, "an objection to what is not on the page", f"line {each.line} has no {each.claim!r:.60}"))
        dispute = Dispute(ReadBy(read.reader, read.file, each.number, each.why), each.key)
        placed += ((span.start, span.end, dispute) for span in spans)
    return tuple(placed), tuple(lost)


def _disputed(finding: Finding, objections: tuple[tuple[int, int, Dispute], ...]) -> Finding:
    claim = finding.claim
    against = tuple(dict.fromkeys(each for start, end, each in objections if start < claim.end and claim.start < end))
    return replace(finding, disputed=against) if against else finding


def _failure(file: str, problem: Exception) -> Failure:
    return Failure("readings", file, str(problem), defect=False)
