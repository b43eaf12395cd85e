"""Show only what is new: findings outside a baseline, or with evidence in a diff."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from stratlint.cli.outcome import Usage
from stratlint.cli.streams import Streams
from stratlint.config.settings import Settings

if TYPE_CHECKING:
    from stratlint.report.baseline import Baseline
    from stratlint.report.difference import Changes
    from stratlint.report.outcome import Report


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("only what is new")
    recorded = group.add_mutually_exclusive_group()
    recorded.add_argument("--baseline", metavar="FILE", help="do not show the findings recorded in FILE")
    recorded.add_argument("--no-baseline", action="store_true", help="show them although the configuration has one")
    changed = group.add_mutually_exclusive_group()
    changed.add_argument(
        "--diff-base",
        metavar="REF",
        help="only what the change since the merge base made false; what it touches and was false already is told apart",
    )
    changed.add_argument("--diff", metavar="FILE", help="only findings with evidence in lines of this unified diff (- for stdin)")


class Wanted:
    """The baseline and the diff of a run, read before the documents so that a mistake in them costs no waiting."""

    def __init__(self, arguments: argparse.Namespace, settings: Settings) -> None:
        self._baseline: Baseline | None = None
        self._changes: Changes | None = None
        self._base = ""
        path = "" if arguments.no_baseline else arguments.baseline or settings.baseline
        if path:
            from stratlint.report.baseline import read_baseline

            self._baseline = read_baseline(path)
        if arguments.diff_base is not None:
            from stratlint.cli.git import changes_since, merge_base

            self._base = merge_base(arguments.diff_base)
            self._changes = changes_since(self._base)
        elif arguments.diff is not None:
            if arguments.diff == "-" and "-" in arguments.paths:
                raise Usage("standard input cannot be both the diff and a document")
            from stratlint.cli.git import changes_in

            self._changes = changes_in(arguments.diff)

    def narrowed(self, report: Report, settings: Mapping[str, Settings], streams: Streams, *, quiet: bool) -> Report:
        """*report* without what is recorded and without what no change touches; *settings* are those of each document."""
        if self._baseline is not None:
            from stratlint.report.baseline import without
            from stratlint.report.summary import counted
            from stratlint.rules.successors import note_on

            report, known = without(report, self._baseline)
            for note in () if quiet else sorted({note_on(rule) for rule in self._baseline.rules if note_on(rule)}):
                streams.note(f"the baseline: {note}; `stratlint baseline` renews it")
            if known and not quiet:
                streams.note(f"{counted(known, 'finding')} in the baseline")
        if self._changes is not None:
            from stratlint.report.change import Base, in_changes, no_base

            versions: Base = no_base
            if self._base:
                from stratlint.cli.base import BaseVersions

                versions = BaseVersions(self._base, self._changes, settings, streams.note).judged
            report = in_changes(report, self._changes, versions)
        return report
