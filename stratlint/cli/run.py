"""What `check`, `claims` and `baseline` have in common: find the documents, examine them, report what was not read."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import DEFECT, INTERNAL, examine_all, families
from stratlint.cli.files import Found, Input, find_documents
from stratlint.cli.outcome import Usage
from stratlint.cli.progress import Progress
from stratlint.cli.streams import Streams
from stratlint.config.loading import Loaded
from stratlint.config.selection import active_rules, check_selectors, families_of
from stratlint.config.settings import Settings

if TYPE_CHECKING:
    from stratlint.document import Document
    from stratlint.report.outcome import DocumentReport, Report
    from stratlint.report.policy import Settled


@dataclass(frozen=True, slots=True)
class Examined:
    """A run before its findings are weighed: the report, and what kept it from being complete."""

    report: Report
    configuration: Configuration
    inputs: tuple[Input, ...]
    excluded: int = 0
    notes: tuple[str, ...] = ()

    @property
    def settings(self) -> Mapping[str, Settings]:
        """What holds for each document, by its path."""
        return {each.path: each.settings for each in self.inputs}

    @property
    def failed(self) -> bool:
        """Whether something was not read or could not be evaluated."""
        return not self.report.complete


def examined(arguments: argparse.Namespace, configuration: Configuration, streams: Streams) -> Examined:
    """Examine every document that the command line names."""
    found = find(arguments, configuration)
    _check_rules(configuration, streams)
    _check_givens(configuration)
    _check_readings(configuration, found)
    today = date.today()
    with Progress(streams, len(found.inputs), quiet=arguments.quiet) as progress:
        settled = list(examine_all(found.inputs, arguments.jobs, today, progress.step))
    return _collected(found, configuration, settled, today)


def find(arguments: argparse.Namespace, configuration: Configuration) -> Found:
    """The documents that the command line names."""
    return find_documents(
        arguments.paths,
        configuration,
        exclude=tuple(arguments.exclude or ()),
        stdin_name=arguments.stdin_filename or "",
    )


def say_what_is_missing(examined: Examined, streams: Streams, *, quiet: bool, verbose: bool = False) -> bool:
    """Problems and notes about the reading; whether the run counts as failed."""
    for note in () if quiet else examined.notes:
        streams.note(note)
    for document in examined.report.documents:
        if document.error:
            streams.problem(f"{document.path}: {document.error}{DEFECT if document.error.startswith(INTERNAL) else ''}")
        for failure in document.failures:
            streams.problem(f"{document.path}: {failure}{DEFECT if failure.defect else ''}")
        if not quiet:
            _say_what_is_unused(document, streams, verbose=verbose)
    read = len(examined.report.documents) - len(examined.report.unread)
    if not examined.inputs and not examined.report.unread:
        if examined.excluded:
            if not quiet:
                streams.note("nothing to check: everything that was named is excluded")
            return False
        streams.problem(f"no documents found; directories are searched for {', '.join(examined.configuration.settings.include)}")
        return True
    coverage = examined.report.coverage
    if read and not coverage.understood and not coverage.checked and not quiet:
        from stratlint.report.summary import counted

        seen = f"{counted(coverage.seen, 'number')} seen, none understood" if coverage.seen else "no number found"
        streams.note(f"{seen}: nothing was checked")
    return examined.failed


def _say_what_is_unused(document: DocumentReport, streams: Streams, *, verbose: bool) -> None:
    """Readings that were not judged: how many for each reason, or each of them."""
    if verbose:
        for each in document.unused:
            streams.note(f"not judged: {each.detail}")
    if (used := document.readings) is not None and used.stale:
        from stratlint.report.summary import stale_line

        streams.note(f"{document.path}: {stale_line(used)}")
    if verbose:
        return
    for reason, count in Counter(each.reason for each in document.unused).items():
        streams.note(f"{document.path}: {count} {'reading' if count == 1 else 'readings'} not judged: {reason}")


def _check_rules(configuration: Configuration, streams: Streams) -> None:
    notes: dict[str, None] = {}
    for loaded in configuration.loaded():
        _check_files("rules", loaded.settings.rules, loaded)
        notes.update(dict.fromkeys(check_selectors(loaded.selectors, families_of(families(loaded.settings.rules)))))
    for note in notes:  # what stands on the command line belongs to each configuration
        streams.note(note)


def _check_givens(configuration: Configuration) -> None:
    """A given that cannot be used stops the run before the first document is read."""
    wanted = [each for each in configuration.loaded() if each.settings.givens or each.settings.hardware]
    if not wanted:
        return
    from stratlint.checking import check_givens
    from stratlint.facts.given_values import GivenError

    for loaded in wanted:
        _check_files("givens", loaded.settings.givens, loaded)
        try:
            check_givens(loaded.settings)
        except GivenError as problem:
            place = loaded.origins.get(problem.key, "")
            raise Usage(f"{place}: {problem}" if place else str(problem)) from None


def _check_readings(configuration: Configuration, found: Found) -> None:
    """Readings that cannot be used stop the run before the first document is read."""
    settings = configuration.settings
    if not settings.readings:
        if settings.only_readings:
            raise Usage("--only-readings needs --readings FILE or DIR")
        return
    from stratlint.transcripts import check_named

    path = Path(settings.readings)
    if not path.exists():
        raise Usage(f"--readings {path}: no such file or folder")
    if not path.is_dir() and len(found.inputs) > 1:
        raise Usage(f"--readings {path} is one file, for one document; name a folder with a file for each")
    try:
        check_named(settings, [each.path for each in found.inputs])
    except ValueError as problem:  # ReadingsError, whose module no other run loads
        raise Usage(str(problem)) from None


def _check_files(key: str, paths: Iterable[str], loaded: Loaded) -> None:
    """A file that the configuration names has to be there; the message says where it is named."""
    place = loaded.origins.get(key, "")
    for path in paths if place else ():
        if not Path(path).exists():
            raise Usage(f'{place}: "{key}" names {Path(path).name}, which does not exist ({path})')


def _sources(inputs: list[Input]) -> dict[str, Document]:
    """The configuration files that waivers stand in, as documents without any Markdown: findings show their lines."""
    from stratlint.document import Document
    from stratlint.report.waiver import file_of

    sources: dict[str, Document] = {}
    for path in {file_of(waiver) for each in inputs for waiver in each.settings.waivers}:
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):  # it came from the command line, or is gone by now
            continue
        sources[path] = Document(path, text, (), (), (), (), {}, ())
    return sources


def _collected(found: Found, configuration: Configuration, settled: list[Settled], today: date) -> Examined:
    from stratlint.report.outcome import DocumentReport, Report
    from stratlint.report.waiver import about_waivers

    documents: list[DocumentReport] = [each.report for each in settled]
    read = [each for each, outcome in zip(found.inputs, settled, strict=True) if not outcome.report.error]
    if any(each.settings.waivers for each in read):
        active = {each.path: active_rules(each.settings, each.path, families_of(families(each.settings.rules))) for each in read}
        used = [where for each in settled for where in each.waivers_used]
        sources = _sources(read)
        documents += about_waivers([(each.path, each.settings) for each in read], used, today, active, sources)
    documents += [DocumentReport(path, error=why) for path, why in found.refused]
    documents += [DocumentReport(path, error=why) for path, why in found.empty]
    return Examined(
        Report(tuple(documents)),
        configuration,
        tuple(found.inputs),
        found.excluded,
        tuple(found.notes),
    )
