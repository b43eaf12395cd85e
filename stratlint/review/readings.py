"""The readings of a pull request's documents: those at its head are judged, those at its base alone may lower what they dispute."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from stratlint.cli.configuration import Configuration
from stratlint.cli.disputes import LOWERS, keys_in, origin_file, said_in
from stratlint.config.settings import Settings
from stratlint.report.disputes import is_open, lowered
from stratlint.report.outcome import DocumentReport, Report
from stratlint.review.pull import Change, ChangedFile
from stratlint.rules.finding import Dispute
from stratlint.transcripts import SUFFIXES, Content, committed, project_root, readings_file, shown

Ranges = tuple[tuple[int, int], ...]


class PullReadings:
    """Files of readings by their paths in the repository at *root*; *changed* are those that the pull request changes."""

    def __init__(self, configuration: Configuration, root: Path, change: Change, changed: Mapping[str, ChangedFile]) -> None:
        self._configuration = configuration
        self._root = root
        self._change = change
        self._changed = changed
        self._former = {file.previous: file for file in changed.values() if file.status == "renamed"}
        self._base: dict[str, bytes | None] = {}

    def content(self, local: str, settings: Settings) -> Content | None:
        """The readings of a document at the head, where the pull request changes them; None where those of the working tree are the same.

        Raises:
            Unreadable: they are too large.
        """
        removed: Content | None = None
        for path, file in self._files(local, settings):
            name = shown(self._root / path)
            if file.status != "removed":
                return Content(name, self._change.content(file, settings.max_file_size))
            removed = Content(name, None)
        return removed

    def committed(self, local: str, settings: Settings, changed: Content | None) -> Content | None:
        """All readings of a document at the head: *changed*, which the pull request changes, else those of the working tree."""
        return changed if changed is not None or not settings.committed_readings else committed(settings, local)

    def at_fork(self, former: str, settings: Settings) -> Content:
        """The readings of a document, which lay at *former* then, where the pull request begins.

        Raises:
            Unreadable: they are too large.
        """
        place = readings_file(settings, former) if settings.committed_readings else None
        for suffix in SUFFIXES if place is not None else ():
            assert place is not None
            path = self._in_repository(place.with_suffix(suffix))
            file = self._former.get(path) or self._changed.get(path)
            if file is not None and (file.status != "added" or path in self._former):
                return Content(shown(self._root / path), self._change.at_fork(path, settings.max_file_size))
            if file is None and (held := committed(settings, former)) is not None and held.file.endswith(suffix):
                return held
        return Content("", None)

    def place(self, local: str, settings: Settings) -> str:
        """The path in the repository of a document's file of readings, whether there is one or not; "" outside of it."""
        file = readings_file(settings, local)
        path = self._in_repository(file) if file is not None else "../"
        return "" if path.startswith("../") else path

    def changed_lines(self, local: str, settings: Settings) -> dict[str, Ranges]:
        """The changed lines of a document's readings, by absolute path."""
        return {
            os.path.realpath(self._root / path): self._change.patch(file, lambda: "", _text, settings.max_file_size).changed
            for path, file in self._files(local, settings)
            if file.status != "removed" and file.additions
        }

    def documents(self, settings: Callable[[str], Settings]) -> Iterator[str]:
        """The documents (by their paths in the repository) of which the pull request changes the readings."""
        for path, file in self._changed.items():
            own = settings(path)
            folder = project_root(own) / own.readings_dir
            try:
                inside = (self._root / path).relative_to(folder)
            except ValueError:
                continue
            document = self._in_repository(project_root(own) / inside.with_suffix(""))
            place = readings_file(settings(document), os.path.relpath(self._root / document))
            if file.status != "removed" and place is not None and self._in_repository(place.with_suffix(inside.suffix)) == path:
                yield document

    def weighed(self, report: DocumentReport, settings: Settings) -> DocumentReport:
        """*report* with disputed errors as warnings, where the base of the pull request has the setting and the objection."""
        if settings.disputed != LOWERS or not is_open(Report((report,))):
            return report
        folder = Path(report.path).parent
        said_by = origin_file(self._configuration.for_folder(folder))
        if said_by and not said_in(self._at_base(said_by, settings), said_by):
            return report

        def counts(document: DocumentReport, dispute: Dispute) -> bool:
            return dispute.key in keys_in(self._at_base(dispute.by.file, settings), dispute.by.file)

        return lowered(Report((report,)), counts).documents[0]

    def _files(self, local: str, settings: Settings) -> Iterator[tuple[str, ChangedFile]]:
        place = readings_file(settings, local) if settings.committed_readings else None
        for suffix in SUFFIXES if place is not None else ():
            assert place is not None
            path = self._in_repository(place.with_suffix(suffix))
            if path in self._changed:
                yield path, self._changed[path]

    def _at_base(self, file: str, settings: Settings) -> bytes | None:
        path = self._in_repository(Path(file))
        if path not in self._base:
            self._base[path] = None if path.startswith("../") else self._change.at_base(path, settings.max_file_size)
        return self._base[path]

    def _in_repository(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._root)).as_posix()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
