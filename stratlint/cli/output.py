"""Render a report and put it where it was asked for: standard output, a file, and any number of `--report`s."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli.examine import rule_set
from stratlint.cli.outcome import Usage
from stratlint.cli.streams import Streams
from stratlint.config.errors import suggestion
from stratlint.config.loading import is_repository
from stratlint.config.settings import OUTPUT_FORMAT_DEFAULT
from stratlint.report import FORMATS

if TYPE_CHECKING:
    from stratlint.config.settings import Settings
    from stratlint.report import RenderOptions, RuleInfo
    from stratlint.report.outcome import Report

# What "auto" stands for: the answer in a line each on a terminal, with the evidence elsewhere.
SHORT, WHOLE = "grouped", "full"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("output")
    formats = f"format of standard output: {', '.join(FORMATS)} (default: {SHORT} on a terminal, {WHOLE} elsewhere)"
    group.add_argument("--output-format", metavar="FORMAT", help=formats)
    group.add_argument("-o", "--output-file", metavar="FILE", help="write that to a file instead")
    group.add_argument("--report", action="append", metavar="FORMAT=FILE", help="write this format to a file as well (repeatable)")
    group.add_argument(
        "--no-silenced",
        action="store_true",
        help="no suppressed results in SARIF, and none that a change only touches: GitHub code scanning opens alerts for them",
    )
    group.add_argument("--statistics", action="store_true", help="count the findings of each rule")


class Output:
    """Where a run's report goes. Made before anything is read, so that a mistyped format costs no waiting."""

    def __init__(self, arguments: argparse.Namespace, form: str, streams: Streams) -> None:
        self._file: str = arguments.output_file or ""
        short = streams.out.isatty() and not self._file
        self._form = checked_format((SHORT if short else WHOLE) if form == OUTPUT_FORMAT_DEFAULT else form)
        self._reports = [_split(each) for each in arguments.report or ()]
        self._arguments = arguments

    @property
    def human(self) -> bool:
        """Whether standard output carries the summary itself."""
        return FORMATS[self._form].human

    def emit(self, report: Report, streams: Streams, settings: Settings) -> bool:
        """Write everything; False if a file could not be written (the others still are)."""
        from stratlint.report import render

        arguments = self._arguments
        quiet, verbose = arguments.quiet, arguments.verbose
        look = render_options(streams, settings, color=arguments.color, quiet=quiet, verbose=verbose)
        look = replace(look, statistics=arguments.statistics, silenced=not arguments.no_silenced)
        plain = replace(look, color=arguments.color == "always", hyperlinks=False, width=120, wrap=False)
        done = True
        if self._file:
            done = _write(self._file, render(self._form, report, plain), streams)
        else:
            streams.write(render(self._form, report, look))
        for form, path in self._reports:
            done = _write(path, render(form, report, replace(plain, color=False)), streams) and done
        if not self.human and not arguments.quiet:
            self._say_summary(report, streams)
        return done

    def _say_summary(self, report: Report, streams: Streams) -> None:
        from stratlint.report.summary import coverage_line, findings_line, rule_counts

        if self._arguments.statistics:
            for rule, count in rule_counts(report):
                streams.note(f"{rule}: {count:,}")
        streams.note(f"{findings_line(report)}; {coverage_line(report.coverage)}")


def render_options(streams: Streams, settings: Settings, *, color: str, quiet: bool = False, verbose: bool = False) -> RenderOptions:
    """What the renderers need to know about this run."""
    from stratlint.config.version import installed_version
    from stratlint.report import RenderOptions

    colored = streams.colored(color)
    here = Path.cwd()
    base = next((str(each) for each in (here, *here.parents) if is_repository(each)), "")
    return RenderOptions(
        color=colored,
        width=streams.width,
        wrap=streams.out.isatty(),
        hyperlinks=colored and streams.out.isatty(),
        verbose=verbose,
        quiet=quiet,
        version=installed_version(),
        rules=rule_pages(settings),
        base=base,
        directory=str(here) if base else "",
    )


def rule_pages(settings: Settings) -> Mapping[str, RuleInfo]:
    """Name to page, for formats that carry the rules along."""
    from urllib.parse import quote

    from stratlint.config.selection import OWN_RULES
    from stratlint.report import RuleInfo

    loaded = rule_set(settings.rules)
    files = rule_files(settings.rules)
    own = {name: RuleInfo(name, summary, severity="warning") for name, summary in OWN_RULES.items()}
    found = {name: loaded.get(name) for name in loaded.names}
    pages = {
        name: RuleInfo(
            name,
            rule.summary,
            rule.why,
            settings.rule_pages.replace("{rule}", quote(name)),
            str(rule.severity),
            files.get(rule.path, ""),
        )
        for name, rule in found.items()
    }
    return {**own, **pages}


def rule_files(own: tuple[str, ...]) -> Mapping[str, str]:
    """File name to address, of the built-in rule files and of one's own."""
    from stratlint.resources import data_folder

    paths = [*sorted(data_folder("rules").glob("*.yaml")), *map(Path, own)]
    return {path.name: path.absolute().as_uri() for path in paths}


def checked_format(name: str) -> str:
    """A known format."""
    if name not in FORMATS:
        raise Usage(f'unknown format "{name}"{suggestion(name, FORMATS)}; there are {OUTPUT_FORMAT_DEFAULT}, {", ".join(FORMATS)}')
    return name


def _split(value: str) -> tuple[str, str]:
    form, found, path = value.partition("=")
    if not found or not path:
        raise Usage(f"--report takes FORMAT=FILE, not {value}")
    return checked_format(form), path


def _write(path: str, text: str, streams: Streams) -> bool:
    """Write a file; what cannot be encoded (a file name that is no UTF-8) is spelled out."""
    try:
        with Path(path).open("wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except OSError as problem:
        streams.problem(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}")
        return False
    return True
