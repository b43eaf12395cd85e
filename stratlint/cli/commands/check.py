"""`stratlint check`: recompute the numbers of documents and report what contradicts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from stratlint.cli import disputes, narrow, options, output
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, ERROR, FINDINGS
from stratlint.cli.run import Examined, examined, find, say_what_is_missing
from stratlint.cli.streams import Streams
from stratlint.rules.finding import Severity

if TYPE_CHECKING:
    from stratlint.report.outcome import DocumentReport, Report

SUMMARY = "recompute the numbers of documents and report what contradicts"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.add_paths(parser)
    options.add_selection(parser)
    options.add_outcome(parser)
    output.add(parser)
    narrow.add(parser)
    options.add_readings(parser)
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever a document, its configuration or its readings change; Ctrl-C ends"
    )
    parser.add_argument("--show-files", action="store_true", help="list the documents that would be read, and stop")
    parser.add_argument("--diff-fixes", action="store_true", help="print the suggested repairs as a patch instead")
    options.add_configuration(parser)
    options.add_color(parser)
    options.add_verbosity(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    if arguments.watch:
        from stratlint.cli.watch import watch

        return watch(lambda: _once(arguments, streams), arguments, streams)
    return _once(arguments, streams)


def _once(arguments: argparse.Namespace, streams: Streams) -> int:
    configuration = Configuration(arguments)
    if arguments.show_files:
        return _show_files(arguments, configuration, streams)
    destination = output.Output(arguments, configuration.settings.output_format, streams)
    wanted = narrow.Wanted(arguments, configuration.settings)
    seen = examined(arguments, configuration, streams)
    report = wanted.narrowed(disputes.weighed(seen.report, seen, arguments), seen.settings, streams, quiet=arguments.quiet)
    settings = configuration.settings
    if arguments.diff_fixes:
        from stratlint.cli.patch import patch

        streams.write(patch(report, readable=streams.out.isatty()))
        written = True
    else:
        written = destination.emit(report, streams, settings)
    failed = say_what_is_missing(seen, streams, quiet=arguments.quiet, verbose=arguments.verbose)
    covered = _is_covered(report, settings.min_coverage, streams)
    if failed or not written:
        return ERROR
    return FINDINGS if _fails(report, seen) or not covered else CLEAN


def _show_files(arguments: argparse.Namespace, configuration: Configuration, streams: Streams) -> int:
    from stratlint.report.escaping import terminal

    found = find(arguments, configuration)
    for document in found.inputs:
        streams.write(f"{terminal(document.path)}\n")
    for note in () if arguments.quiet else found.notes:
        streams.note(note)
    for path, why in (*found.refused, *found.empty):
        streams.problem(f"{path}: {why}")
    return ERROR if found.refused or found.empty or not (found.inputs or found.excluded) else CLEAN


def _fails(report: Report, seen: Examined) -> bool:
    """Whether a finding is grave enough, by the settings of its own document."""
    fail_on = {each.path: each.settings.fail_on for each in seen.inputs}
    own = seen.configuration.settings.fail_on
    return any(_has(document, fail_on.get(document.path, own)) for document in report.documents)


def _has(document: DocumentReport, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    worst = Severity(fail_on).rank
    return any(finding.severity.rank <= worst for finding in document.findings)


def _is_covered(report: Report, floor: float, streams: Streams) -> bool:
    coverage = report.coverage
    share = 100 * coverage.share_understood
    if not floor or share >= floor:
        return True
    streams.problem(f"{coverage.understood} of {coverage.claims} numbers were understood ({share:.1f} %), required are {floor:g} %")
    return False
