"""Leave findings out of a document's report, or put others in, and keep its ledger's references right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Finding


def narrowed(report: DocumentReport, kept: Sequence[Finding | None], added: Sequence[Finding] = ()) -> DocumentReport:
    """*report* with each finding replaced by the one of *kept* at its place (None: left out), *added* sorted in.

    The ledger still says what became of every number: a contradicted claim whose finding is silenced stays
    contradicted, it only points to no finding any more.
    """
    if not added and all(new is old for new, old in zip(kept, report.findings, strict=True)):
        return report
    candidates = [(index, finding) for index, finding in enumerate(kept) if finding is not None]
    candidates += [(-1, finding) for finding in added]
    candidates.sort(key=lambda each: each[1].location.start)
    places = {old: new for new, (old, _) in enumerate(candidates) if old >= 0}
    ledger = tuple(entry if entry.finding < 0 else replace(entry, finding=places.get(entry.finding, -1)) for entry in report.ledger)
    return replace(report, findings=tuple(finding for _, finding in candidates), ledger=ledger)
