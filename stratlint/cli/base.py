"""The version of a document at the base of a change, judged as the one of now is: by the rules and the settings of now.

Its readings and its givens are those of the base: what they add to a page is a part of what the page said there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli.disputes import LOWERS
from stratlint.cli.examine import families, internal
from stratlint.cli.git import content_at, renames_since
from stratlint.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stratlint.report.difference import Changes
    from stratlint.report.outcome import DocumentReport
    from stratlint.transcripts import Content


class BaseVersions:
    """The documents of one run at the commit *base*; *changed* are the lines that differ since."""

    def __init__(self, base: str, changed: Changes, settings: Mapping[str, Settings], note: Callable[[str], None]) -> None:
        """*settings* are those of each document, *note* hears of a version that cannot be judged."""
        self._base = base
        self._changed = changed
        self._settings = settings
        self._note = note
        self._renamed: Mapping[str, Path] | None = None

    def judged(self, document: DocumentReport) -> DocumentReport | None:
        """The version at the base, without findings when there was none; None for what is no document, or cannot be judged."""
        settings = self._settings.get(document.path)
        if settings is None:
            return None
        try:
            return self._judged(document.path, settings)
        except Exception as problem:  # the findings of now stand without it
            self._note(f"{document.path}: its version at the base cannot be judged, so all findings count as new: {internal(problem)}")
            return None

    def _judged(self, path: str, settings: Settings) -> DocumentReport:
        from stratlint.report.outcome import DocumentReport

        former = self._former(path)
        data = content_at(self._base, former)
        if data is None:
            return DocumentReport(path)
        with self._beside(settings) as then:
            return judged(path, data, then, self._readings(str(former), settings) if settings.committed_readings else None)

    def _former(self, path: str) -> Path:
        """Where the document lay at the base."""
        if self._renamed is None:
            self._renamed = renames_since(self._base)
        return self._renamed.get(str(Path(path).resolve()), Path(path))

    def _readings(self, former: str, settings: Settings) -> Content:
        from stratlint.transcripts import SUFFIXES, Content, readings_file, shown

        place = readings_file(settings, former)
        for suffix in SUFFIXES if place is not None else ():
            assert place is not None
            file = place.with_suffix(suffix)
            if (data := content_at(self._base, file)) is not None:
                return Content(shown(file), data)
        return Content("", None)

    @contextmanager
    def _beside(self, settings: Settings) -> Iterator[Settings]:
        """*settings* with the givens and the named readings of the base in place of those that have changed."""
        named = [*settings.givens, *([settings.readings] if settings.readings else [])]
        if not any(self._changed.touches_any(each) for each in named):
            yield settings
            return
        with tempfile.TemporaryDirectory(prefix="stratlint-") as folder:
            givens = [self._then(each, Path(folder) / str(number)) for number, each in enumerate(settings.givens)]
            readings = self._then(settings.readings, Path(folder) / "readings") if settings.readings else ""
            yield replace(settings, givens=tuple(filter(None, givens)), readings=readings)

    def _then(self, path: str, folder: Path) -> str:
        """A file as it was at the base; itself when the change leaves it alone, "" when it is new."""
        if not self._changed.touches_any(path) or Path(path).is_dir():
            return path
        data = content_at(self._base, Path(path))
        if data is None:
            return ""
        folder.mkdir()
        copy = folder / Path(path).name
        copy.write_bytes(data)
        return str(copy)


def judged(path: str, data: bytes, settings: Settings, readings: Content | None) -> DocumentReport:
    """A document with this content, its suppressions applied.

    Raises:
        Exception: it cannot be read or judged.
    """
    from stratlint.checking import check_document
    from stratlint.document import decode, parse
    from stratlint.report.disputes import lowered
    from stratlint.report.outcome import Report
    from stratlint.report.policy import settle

    text, _ = decode(data)
    document = parse(text, path)
    report = check_document(document, settings) if readings is None else check_document(document, settings, readings)
    settled = settle(report, settings, families(settings.rules), date.today()).report
    # What was objected to there had lowered it there, whatever the change brings along.
    return lowered(Report((settled,)), lambda *_: True).documents[0] if settings.disputed == LOWERS else settled
