"""The documents that a pull request changes, checked; of their findings those that rest on changed lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stratlint.checking import check_document
from stratlint.cli.base import judged
from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import DEFECT, families, internal
from stratlint.cli.reading import Unreadable
from stratlint.config.patterns import matches
from stratlint.config.selection import check_selectors, families_of, relative_to_root
from stratlint.config.settings import Settings, excluded_patterns
from stratlint.document import Document, UnreadableDocument, decode, parse
from stratlint.report.baseline import Baseline, read_baseline, without
from stratlint.report.before import Before
from stratlint.report.change import Base, placed
from stratlint.report.difference import Changes
from stratlint.report.fingerprint import fingerprints, with_path
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.policy import settle
from stratlint.review.asking import Asked, Offer, RunReader
from stratlint.review.joined import joined
from stratlint.review.patch import Lines, Patch
from stratlint.review.problems import Refused, ReviewProblem
from stratlint.review.pull import NO_CONTENT, UNCHANGED, Change, ChangedFile
from stratlint.review.readings import PullReadings
from stratlint.rules.failure import Failure
from stratlint.rules.finding import Coverage, Finding
from stratlint.transcripts import SUFFIXES, Content


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding with evidence in the diff, at that place, and its identity in this pull request."""

    finding: Finding
    key: str


@dataclass(frozen=True, slots=True)
class Examined:
    """One changed document. *path* is its path in the repository; *error* is why it could not be checked,
    *failures* are the rules that could not be evaluated on it. *asked* is what a reader of this run read of it, or why not. *already* are
    findings that the pull request touches and that were findings where it begins: they are told, and count for nothing.
    """

    path: str
    document: Document | None = None
    patch: Patch = field(default_factory=Patch)
    remarks: tuple[Remark, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    fail_on: str = "error"
    error: str = ""
    failures: tuple[Failure, ...] = ()
    asked: Asked = field(default_factory=Asked)
    already: tuple[Finding, ...] = ()


class Examiner:
    """Checks changed files under the settings that hold for them in the working tree at *root*, and has *reader* read them."""

    def __init__(self, configuration: Configuration, root: Path, paths: Sequence[str], reader: RunReader | None = None) -> None:
        self._configuration = configuration
        self._root = root
        self._reader = reader
        self._below = tuple(self._in_repository(path) for path in paths)
        self._baseline = _baseline(configuration.settings)
        self._today = date.today()

    def wants(self, path: str) -> bool:
        """Whether the file is a document that `check` would read."""
        if self._below and not any(_is_below(path, top) for top in self._below):
            return False
        settings = self._settings(path)
        here = relative_to_root(settings, self._local(path))
        return matches(here, settings.include) and not matches(here, excluded_patterns(settings))

    def check_rules(self) -> None:
        """Refuse unknown names of rules before anything is asked of GitHub."""
        for loaded in self._configuration.loaded():
            check_selectors(loaded.selectors, families_of(families(loaded.settings.rules)))

    def examine_all(self, change: Change) -> tuple[Examined, ...]:
        """All changed documents, and those whose readings are changed."""
        listed = list(change.files(self.wants, lambda path: path.endswith(SUFFIXES)))
        changed = {file.path: file for file in listed if file.path.endswith(SUFFIXES)}
        readings = PullReadings(self._configuration, self._root, change, changed)
        documents = [file for file in listed if file.status != "removed" and file.additions and self.wants(file.path)]
        names = {file.path for file in documents}
        documents += [change.unchanged(path) for path in readings.documents(self._settings) if path not in names and self.wants(path)]
        examined = (self._examine(file, change, readings) for file in documents)
        return tuple(each for each in examined if each.document is not None or each.error)

    def _examine(self, file: ChangedFile, change: Change, readings: PullReadings) -> Examined:
        """One document. What goes wrong inside it is its *error*; what goes wrong with GitHub is raised."""
        settings = self._settings(file.path)
        try:
            text, _ = decode(change.content(file, settings.max_file_size))
            said = readings.content(self._local(file.path), settings)
        except (Unreadable, UnreadableDocument) as problem:
            return Examined(file.path, error=str(problem))
        except Refused as problem:
            if problem.status not in NO_CONTENT:
                raise
            if file.status == UNCHANGED:  # readings of a document that is not there
                return Examined(file.path)
            return Examined(file.path, error=f"GitHub does not hand out its contents ({problem.status})")
        patch = change.patch(file, lambda: text, _decoded, settings.max_file_size)
        try:
            return self._judge(file, text, patch, settings, readings, said, change)
        except ReviewProblem:
            raise
        except Exception as problem:  # one document never stops the others
            return Examined(file.path, error=f"{internal(problem)}{DEFECT}")

    def _judge(
        self,
        file: ChangedFile,
        text: str,
        patch: Patch,
        settings: Settings,
        readings: PullReadings,
        said: Content | None,
        change: Change,
    ) -> Examined:
        path = file.path
        document = parse(text, self._local(path))
        settled = self._settled(document, settings, said)
        report = readings.weighed(settled, settings)
        asked = self._asked(document, settings, readings, said) if file.status != UNCHANGED else Asked()
        if asked.offer is not None:
            report, asked = self._joined(settled, report, settings, asked, asked.offer)
        # Of all findings, before some are left out: equals are numbered.
        marks = fingerprints(report.findings)
        keys = {id(each): with_path(mark, path) for each, mark in zip(report.findings, marks, strict=True)}
        if self._baseline is not None:
            report = without(Report((report,)), self._baseline)[0].documents[0]
        ranges = Lines(document).ours(patch.changed)
        changed = Changes({os.path.realpath(document.path): ranges, **readings.changed_lines(document.path, settings)})
        at = list(zip(report.findings, placed(report, changed, self._base_of(file, settings, readings, change)), strict=True))
        remarks = tuple(Remark(now, keys[id(each)]) for each, (now, was) in at if now is not None and was is not Before.ALREADY)
        already = tuple(each for each, (now, was) in at if now is not None and was is Before.ALREADY)
        return Examined(
            path, document, patch, remarks, report.coverage, settings.fail_on, failures=report.failures, asked=asked, already=already
        )

    def _base_of(self, file: ChangedFile, settings: Settings, readings: PullReadings, change: Change) -> Base:
        """The document where the pull request begins, judged; None where GitHub does not hand it out, or it cannot be judged."""

        def version(report: DocumentReport) -> DocumentReport | None:
            if file.status == "added":
                return DocumentReport(report.path)
            former = file.previous or file.path
            if ".." in Path(former).parts:
                return None
            try:
                data = change.at_fork(former, settings.max_file_size)
                return judged(report.path, data, settings, readings.at_fork(self._local(former), settings))
            except Refused as problem:
                if problem.status not in NO_CONTENT:
                    raise
                return None
            except ReviewProblem:
                raise
            except Exception:  # what was cannot be told: all of it counts
                return None

        return version

    def _settled(self, document: Document, settings: Settings, said: Content | None) -> DocumentReport:
        checked = check_document(document, settings) if said is None else check_document(document, settings, said)
        return settle(checked, settings, families(settings.rules), self._today).report

    def _asked(self, document: Document, settings: Settings, readings: PullReadings, said: Content | None) -> Asked:
        if self._reader is None:
            return Asked()
        place = readings.place(document.path, settings)
        if not place:
            return Asked(problem="readings have no place outside of the repository")
        return self._reader.read(document, readings.committed(document.path, settings, said), place)

    def _joined(
        self, settled: DocumentReport, weighed: DocumentReport, settings: Settings, asked: Asked, offer: Offer
    ) -> tuple[DocumentReport, Asked]:
        """The report with what was read in this run; without it when that cannot be judged."""
        assert settled.document is not None
        try:
            further = self._settled(settled.document, settings, Content(offer.file, offer.text.encode()))
            return joined(settled, weighed, further), asked
        except Exception as problem:  # a reader's answer never costs the review what stands without it
            return weighed, Asked(problem=f"{internal(problem)}{DEFECT}")

    def _settings(self, path: str) -> Settings:
        return self._configuration.for_folder(Path(self._local(path)).parent).settings

    def _local(self, path: str) -> str:
        return os.path.relpath(self._root / path)

    def _in_repository(self, path: str) -> str:
        return Path(os.path.relpath(path, self._root)).as_posix()


def _decoded(data: bytes) -> str:
    """An old version, only to be compared."""
    try:
        return decode(data)[0]
    except UnreadableDocument:
        return data.decode("utf-8", "replace")


def _is_below(path: str, top: str) -> bool:
    return top == "." or path == top or path.startswith(f"{top}/")


def _baseline(settings: Settings) -> Baseline | None:
    return read_baseline(settings.baseline) if settings.baseline else None
