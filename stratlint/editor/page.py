"""One version of a document, checked: as `stratlint check` would, with the text that the editor has instead of the file's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from stratlint.checking import check_document
from stratlint.cli.disputes import LOWERS
from stratlint.cli.outcome import Usage
from stratlint.config.errors import ConfigError
from stratlint.config.settings import Settings
from stratlint.document import parse
from stratlint.editor.addresses import path_of
from stratlint.editor.positions import Positions
from stratlint.editor.project import Options, Project, is_left_out, project_of
from stratlint.facts.given_values import GivenError
from stratlint.report.disputes import lowered
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.policy import settle
from stratlint.rules.failure import Failure, described
from stratlint.rules.finding import Finding, LedgerEntry, Status
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import RuleError

UNREADABLE = "unreadable-file"
UNUSABLE = "unusable-configuration"
INTERNAL = "internal-error"


@dataclass(frozen=True, slots=True)
class Text:
    """A version of an open document, as the editor has it. Every change makes a new one: two are the same only if they are one."""

    uri: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document was not checked: the sort of reason, and what to do about it."""

    code: str
    message: str


@dataclass(frozen=True)
class Page:
    """What is known of a text. Without a `report` it was left out, or there is a `problem`."""

    text: Text
    encoding: str
    project: Project | None = None
    report: DocumentReport | None = None
    problem: Problem | None = None

    @cached_property
    def positions(self) -> Positions:
        """Where its offsets stand, in units of the client."""
        return Positions(self.text.text, self.encoding)

    @property
    def settings(self) -> Settings:
        """Those that it was checked with; the defaults where they could not be read."""
        return self.project.settings if self.project else Settings()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that stand."""
        return self.report.findings if self.report else ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Rules and laws that could not be evaluated, and readings that could not be used."""
        return self.report.failures if self.report else ()

    def entry_at(self, offset: int) -> LedgerEntry | None:
        """The number at an offset, or that ends there."""
        ledger = self.report.ledger if self.report else ()
        touching = [each for each in ledger if each.location.start <= offset <= each.location.end]
        return min(touching, key=lambda each: (each.location.end == offset, each.location.end - each.location.start), default=None)

    def finding_of(self, entry: LedgerEntry) -> Finding | None:
        """The finding about a number: the one that the ledger names, or one whose claim it is (of several rules one may tell it)."""
        if entry.finding >= 0:
            return self.findings[entry.finding]
        if entry.status not in (Status.CONTRADICTED, Status.IMPLAUSIBLE):
            return None
        start, end = entry.location.start, entry.location.end
        return next((each for each in self.findings if each.location.start < end and start < each.location.end), None)

    def findings_at(self, start: int, end: int) -> tuple[Finding, ...]:
        """The findings whose claim a range of offsets touches."""
        return tuple(each for each in self.findings if each.location.start <= end and start <= each.location.end)


def checked(text: Text, options: Options, encoding: str) -> Page:
    """Check one version of a document. Whatever goes wrong is its `problem`, never an exception."""
    try:
        path, project = _placed(text.uri, options)
        if is_left_out(path, project.settings):
            return Page(text, encoding, project)
        if why := _too_long(text.text, project.settings):
            return Page(text, encoding, project, problem=Problem(UNREADABLE, why))
        return Page(text, encoding, project, _report(text, path, project.settings))
    except (ConfigError, Usage, RuleError, GivenError) as problem:
        return Page(text, encoding, problem=Problem(UNUSABLE, str(problem)))
    except Exception as problem:  # includes RecursionError and MemoryError: the next version may be fine
        return Page(text, encoding, problem=Problem(INTERNAL, f"internal error: {described(problem)}; please report it"))


def _placed(uri: str, options: Options) -> tuple[Path | None, Project]:
    """The path of a document and what holds there; none where the file system lets nobody look (too long a name, a locked folder)."""
    path = path_of(uri)
    try:
        return path, project_of(path, options)
    except OSError:
        return None, project_of(None, options)


def _report(text: Text, path: Path | None, settings: Settings) -> DocumentReport:
    name = str(path) if path is not None else text.uri
    families = load_rules(tuple(Path(each) for each in settings.rules)).families
    report = settle(check_document(parse(text.text, name), settings), settings, families, date.today()).report
    run = Report((report,))
    if settings.baseline:
        from stratlint.report.baseline import read_baseline, without

        run, _ = without(run, read_baseline(settings.baseline))
    if settings.disputed == LOWERS:
        run = lowered(run, lambda *_: True)  # as a check without a base of a change
    return run.documents[0]


def _too_long(text: str, settings: Settings) -> str:
    limit = settings.max_file_size
    if 4 * len(text) <= limit or len(text.encode("utf-8", "surrogatepass")) <= limit:
        return ""
    return f"larger than {limit:,} bytes; raise `max-file-size` to have it read"
