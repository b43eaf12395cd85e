"""What a run found: one report per document, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from stratlint.document import Document
from stratlint.rules.failure import Failure
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Severity


class Silencer(StrEnum):
    """What took a finding out of the report: a comment in the document, a waiver, or the baseline."""

    COMMENT = "comment"
    WAIVER = "waiver"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that somebody accepted, and the reason that was given for it ("" for none)."""

    finding: Finding
    by: Silencer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unused:
    """A transcribed relation that was not judged: the sort of reason, and what exactly is wrong, with its place in the file."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadingsUsed:
    """The file of readings of a document: who read (`reader`, "" when it is not said), how many relations were `judged`.

    `stale` are the lines of the file with entries whose block of the page has changed since: they were not judged.
    """

    file: str
    reader: str
    judged: int
    stale: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One document. `error` is why it could not be read ("" when it was); then everything else is empty.

    `failures` are the rules that could not be evaluated on it: what they would have judged was not checked. `silenced`
    findings count for nothing; formats that know accepted results (SARIF) carry them along. `unused` are transcribed relations
    that say nothing of the page, `readings` the file that they are from, None without any. `already` are findings that a change touches
    and that stood at its base: they are told, and count for nothing.
    """

    path: str
    document: Document | None = None
    findings: tuple[Finding, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    notes: tuple[str, ...] = ()
    error: str = ""
    silenced: tuple[Silenced, ...] = ()
    failures: tuple[Failure, ...] = ()
    unused: tuple[Unused, ...] = ()
    readings: ReadingsUsed | None = None
    already: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run, documents in the order they were named."""

    documents: tuple[DocumentReport, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, document by document, in document order."""
        return tuple(finding for document in self.documents for finding in document.findings)

    @property
    def already(self) -> tuple[Finding, ...]:
        """All findings that a change touches and that stood at its base."""
        return tuple(finding for document in self.documents for finding in document.already)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are proved contradictions."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def unread(self) -> tuple[DocumentReport, ...]:
        """Documents that could not be read."""
        return tuple(document for document in self.documents if document.error)

    @property
    def complete(self) -> bool:
        """Whether every document was read and every rule evaluated."""
        return not any(document.error or document.failures for document in self.documents)

    @property
    def coverage(self) -> Coverage:
        """Coverage of all documents together."""
        return total_coverage(document.coverage for document in self.documents)


_COUNTS = ("seen", "understood", "verified", "contradicted", "implausible", "consistent", "operands", "names")


def total_coverage(parts: Iterable[Coverage]) -> Coverage:
    """Add coverages up, reasons included."""
    reasons: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for part in parts:
        reasons.update(part.not_checked)
        for name in _COUNTS:
            sums[name] += getattr(part, name)
    return Coverage(**{name: sums[name] for name in _COUNTS}, not_checked=dict(sorted(reasons.items())))
