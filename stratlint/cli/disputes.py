"""Which objections lower the severity of what they dispute: of a change none that it brings along itself.

Whoever changes a page could otherwise object to what is found in it, or set `disputed` for that, and pass the gate.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli.configuration import Configuration

if TYPE_CHECKING:
    from stratlint.cli.run import Examined
    from stratlint.config.loading import Loaded
    from stratlint.report.outcome import DocumentReport, Report
    from stratlint.rules.finding import Dispute

OPTION = "disputed"
LOWERS = "warning"


def weighed(report: Report, seen: Examined, arguments: argparse.Namespace) -> Report:
    """*report* with disputed errors as warnings, where the configuration says so, now and at the base of the change."""
    asking = {each.path for each in seen.inputs if each.settings.disputed == LOWERS}
    if not asking:
        return report
    from stratlint.report.disputes import is_open, lowered

    if not is_open(report):
        return report
    counting = _Counting(seen.configuration, arguments)
    return lowered(report, lambda document, dispute: document.path in asking and counting.counts(document, dispute))


def said_in(data: bytes | None, file: str) -> bool:
    """Whether a configuration file, as it is at the base, lowers disputed findings."""
    from stratlint.config.errors import ConfigError
    from stratlint.config.loading import value_in

    try:
        return data is not None and value_in(data, Path(file), OPTION) == LOWERS
    except ConfigError:
        return False


def keys_in(data: bytes | None, file: str) -> frozenset[str]:
    """The objections of a file of readings, as it is at the base; none where it is none."""
    from stratlint.readers.attached import objection_keys

    return objection_keys(data, file) if data is not None else frozenset()


def origin_file(loaded: Loaded) -> str:
    """The configuration file that the setting is from; "" when the command line has it."""
    origin = loaded.origins.get(OPTION, "")
    file, _, line = origin.rpartition(":")
    file = file if line.isdecimal() else origin
    return "" if file.startswith("--") else file


class _Counting:
    """Answers for one run; the files of the base are read once each."""

    def __init__(self, configuration: Configuration, arguments: argparse.Namespace) -> None:
        self._configuration = configuration
        self._unknown = arguments.diff is not None and not arguments.objections_from
        self._base = ""
        if arguments.objections_from or arguments.diff_base is not None:
            from stratlint.cli.git import commit_of, merge_base

            self._base = commit_of(arguments.objections_from) if arguments.objections_from else merge_base(arguments.diff_base)
        self._said: dict[str, bool] = {}
        self._keys: dict[str, frozenset[str]] = {}

    def counts(self, document: DocumentReport, dispute: Dispute) -> bool:
        """Whether an objection may lower a severity; of a diff in a file the base is not known, so that none may."""
        if self._unknown or not self._base:
            return not self._unknown
        folder = Path(document.path).parent
        file = origin_file(self._configuration.for_folder(folder if folder.is_dir() else Path()))
        return self._says(file) and dispute.key in self._objections(dispute.by.file)

    def _says(self, file: str) -> bool:
        if file and file not in self._said:
            self._said[file] = said_in(self._content(file), file)
        return not file or self._said[file]

    def _objections(self, file: str) -> frozenset[str]:
        if file not in self._keys:
            self._keys[file] = keys_in(self._content(file), file)
        return self._keys[file]

    def _content(self, file: str) -> bytes | None:
        from stratlint.cli.git import content_at

        return content_at(self._base, Path(file))
