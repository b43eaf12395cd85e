"""What an agent may ask: `check`, `claims`, `explain`, `model`, each the command of the same name with its answer as data."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from stratlint.agent.answers import (
    CheckAnswer,
    ClaimOut,
    ClaimsAnswer,
    CoverageOut,
    ExplainAnswer,
    FindingOut,
    ObjectionIn,
    Place,
    ProposeAnswer,
    ReadingIn,
    Tried,
)
from stratlint.agent.folder import Folder, Refusal
from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import families
from stratlint.cli.narrow import Wanted
from stratlint.cli.parser import parse
from stratlint.cli.run import examined, say_what_is_missing
from stratlint.cli.streams import Streams
from stratlint.report import RenderOptions, render
from stratlint.report.fingerprint import fingerprints
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Role, Severity

if TYPE_CHECKING:
    from stratlint.document import Document
    from stratlint.physics.configs import ModelReport

TEXT = "<text>"
_MOST_CLAIMS = 1_000
_LONGEST_CONTEXT = 300


@dataclass(frozen=True, slots=True)
class _Seen:
    """A checked page: the report, the settings' mildest severity that fails, and what was said of it."""

    report: Report
    path: str
    fail_on: str
    notes: list[str]

    @property
    def document(self) -> DocumentReport:
        return self.report.documents[0]


class Tools:
    """The tools in one folder. Calls come from threads; the engine works on one at a time."""

    def __init__(self, folder: Path, config: list[str] | None = None, *, isolated: bool = False) -> None:
        self._folder = Folder(folder)
        self._config = config
        self._isolated = isolated
        self._lock = Lock()

    def check(self, path: str = "", text: str = "") -> CheckAnswer:
        """Recompute the numbers of a document, or of a *text*.

        Raises:
            Refusal: neither or both are given, or the path may not be read.
            Usage, ConfigError: the document or the configuration cannot be used.
        """
        with self._lock:
            seen = self._seen(path, text)
            found = [row for document in seen.report.documents for row in _findings(document)]
            floor = -1 if seen.fail_on == "never" else Severity(seen.fail_on).rank
            return CheckAnswer(
                seen.path,
                clean=seen.report.complete and not any(each.severity.rank <= floor for each in seen.report.findings),
                errors=sum(1 for each in found if each.severity == "error"),
                warnings=sum(1 for each in found if each.severity == "warning"),
                findings=found,
                coverage=_coverage(seen.report.coverage),
                instructions=render("prompt", seen.report, RenderOptions()),
                notes=seen.notes,
            )

    def claims(self, path: str = "", text: str = "", *, everything: bool = False, offset: int = 0, limit: int = 200) -> ClaimsAnswer:
        """The numbers of a document that were not understood, or all of them. Raises as `check`."""
        with self._lock:
            seen = self._seen(path, text)
            document = seen.document
            wanted = [each for each in document.ledger if everything or (each.role is Role.CLAIM and not each.understood)]
            shown = wanted[max(0, offset) :][: max(1, min(limit, _MOST_CLAIMS))]
            assert document.document is not None  # one that cannot be read is refused
            return ClaimsAnswer(
                seen.path,
                _coverage(document.coverage),
                [_claim(each, document.document) for each in shown],
                max(0, len(wanted) - max(0, offset) - len(shown)),
                seen.notes,
            )

    def propose(
        self, path: str, readings: list[ReadingIn], objections: list[ObjectionIn], *, reader: str, prompt: str, write: bool
    ) -> ProposeAnswer:
        """Judge readings of a document, and keep those that are grounded in it if *write*. Raises as `check`."""
        from stratlint.agent.propose import propose

        with self._lock:
            shown = self._folder.file(path)
            arguments = self._arguments("check")
            configuration = Configuration(arguments)
            settings = configuration.for_folder((self._folder.path / shown).parent).settings
            return propose(self._folder, shown, readings, objections, settings, reader=reader, prompt=prompt, write=write)

    def explain(self, rule: str) -> ExplainAnswer:
        """The page of a rule.

        Raises:
            Usage: there is no such rule; the message has the nearest one.
        """
        from stratlint.cli.commands import explain

        with self._lock:
            arguments = self._arguments("explain", "-")
            arguments.rule = rule
            streams, out, err = _captured()
            explain.run(arguments, streams)
            page = out.getvalue()
            return ExplainAnswer(page.partition("\n")[0], page, _lines(err))

    def model(self, path: str, precision: str, kv_precision: str, sequence: int) -> ModelReport:
        """What follows from a model's configuration. *kv_precision* "": that of the weights; *sequence* 0: no attention.

        Raises:
            Refusal: the path may not be read.
            Usage: the file is no configuration of a model.
        """
        from stratlint.cli.commands.model import report_on

        with self._lock:
            return report_on(self._folder.file(path), precision, kv_precision or None, sequence or None)

    def _seen(self, path: str, text: str) -> _Seen:
        if bool(path) == bool(text):
            raise Refusal("name a `path`, or give a `text`; one of the two")
        return self._of_file(path) if path else self._of_text(text)

    def _of_file(self, path: str) -> _Seen:
        shown = self._folder.file(path)
        arguments = self._arguments("check")
        arguments.paths = [shown]
        configuration = Configuration(arguments)
        streams, _, err = _captured()
        wanted = Wanted(arguments, configuration.settings)
        found = examined(arguments, configuration, streams)
        if problem := next((each.error for each in found.report.unread), ""):
            raise Refusal(f"{shown}: {problem}")
        report = wanted.narrowed(found.report, found.settings, streams, quiet=False)
        say_what_is_missing(found, streams, quiet=False, verbose=True)
        return _Seen(report, shown, found.inputs[0].settings.fail_on, _lines(err))

    def _of_text(self, text: str) -> _Seen:
        """A text without a place: it has no readings, no baseline, and the settings of the folder."""
        from stratlint.checking import check_document
        from stratlint.document import parse as parse_text
        from stratlint.report.policy import settle

        settings = replace(Configuration(self._arguments("check")).settings, readings="")
        if len(text) > settings.max_file_size:
            raise Refusal(f"the text is longer than {settings.max_file_size:,} characters; raise `max-file-size` to have it read")
        report = check_document(parse_text(text, TEXT), settings)
        settled = settle(report, settings, families(settings.rules), date.today()).report
        notes = [str(each) for each in settled.failures]
        return _Seen(Report((settled,)), TEXT, settings.fail_on, notes)

    def _arguments(self, *argv: str) -> argparse.Namespace:
        """Those of the command, as if it were called with the server's own configuration."""
        arguments = parse(argv)
        arguments.config, arguments.isolated = self._config, self._isolated
        arguments.jobs = 1
        return arguments


def _captured() -> tuple[Streams, StringIO, StringIO]:
    """Streams that end in memory: standard output belongs to the protocol."""
    streams, out, err = Streams(), StringIO(), StringIO()
    streams.out, streams.err = out, err
    return streams, out, err


def _lines(captured: StringIO) -> list[str]:
    return [line.removeprefix("stratlint: ") for line in captured.getvalue().splitlines()]


def _findings(document: DocumentReport) -> Iterator[FindingOut]:
    for finding, mark in zip(document.findings, fingerprints(document.findings), strict=True):
        yield _finding(finding, mark)


def _finding(finding: Finding, mark: str) -> FindingOut:
    place = finding.location
    return FindingOut(
        path=place.path,
        line=place.line,
        column=place.column,
        text=place.text,
        severity=finding.severity.value,
        rule=finding.rule,
        message=finding.message,
        claimed=finding.claimed,
        computed=finding.computed,
        formula=finding.formula,
        premises=list(_places(finding)),
        readings=[Tried(each.name, each.formula, each.computed, each.fits) for each in finding.readings],
        help=finding.help,
        replacement=finding.suggestion.replacement if finding.suggestion else "",
        read_by=finding.read_by.name if finding.read_by else "",
        disputed=[f"{each.by.name}: {each.by.why}" for each in finding.disputed],
        fingerprint=mark,
    )


def _places(finding: Finding) -> Iterable[Place]:
    return (Place(each.line, each.text, each.role) for each in finding.related)


def _coverage(coverage: Coverage) -> CoverageOut:
    return CoverageOut(
        seen=coverage.seen,
        claims=coverage.claims,
        understood=coverage.understood,
        verified=coverage.verified,
        consistent=coverage.consistent,
        contradicted=coverage.contradicted,
        implausible=coverage.implausible,
        not_checked=dict(coverage.not_checked),
    )


def _claim(entry: LedgerEntry, document: Document) -> ClaimOut:
    from stratlint.report.meaning import meaning

    place = entry.location
    known = meaning(entry)
    return ClaimOut(
        line=place.line,
        column=place.column,
        text=place.text,
        role=entry.role.value,
        understood=entry.understood,
        meaning="" if known == "?" else known,
        words=entry.words,
        status=entry.status.value,
        reason=entry.reason,
        derivation=entry.derivation,
        context=_context(document.line_text(place.line), place.column - 1),
    )


def _context(line: str, column: int) -> str:
    """The line around a column, at most so much of it."""
    start = max(0, min(column - _LONGEST_CONTEXT // 2, len(line) - _LONGEST_CONTEXT))
    return line[start : start + _LONGEST_CONTEXT].strip()
