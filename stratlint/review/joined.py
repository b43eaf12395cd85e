"""What a reader of this run adds to a report that stands without it: findings, objections, numbers.

Nothing of that report goes, and no severity of it: what nobody has reviewed may raise a finding and must not save one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Dispute, Finding, ReadBy

_Claim = tuple[str, int, int]


def joined(report: DocumentReport, weighed: DocumentReport, further: DocumentReport) -> DocumentReport:
    """*weighed* with what is new in *further*, the same document judged with the readings of this run, too.

    *weighed* is *report* with the errors lowered that the objections at the base of the pull request lower.
    """
    objections: dict[_Claim, tuple[Dispute, ...]] = {}
    for each in further.findings:
        objections.setdefault(_claim(each), each.disputed)
    kept = [_objected(each, objections.get(_claim(each), ())) for each in weighed.findings]
    added = [_added(each) for each in further.findings if each.read_by is not None and not _is_told(each, report.findings)]
    failures = (*report.failures, *(each for each in further.failures if each not in report.failures))
    return replace(narrowed(weighed, kept, added), coverage=further.coverage, failures=failures)


def _is_told(finding: Finding, told: Iterable[Finding]) -> bool:
    """Whether one that is no milder is about the same claim, or the same numbers."""
    numbers = _numbers(finding)
    return any(
        each.severity.rank <= finding.severity.rank and (_claim(each)[1:] == _claim(finding)[1:] or _numbers(each) == numbers)
        for each in told
    )


def _objected(finding: Finding, disputed: tuple[Dispute, ...]) -> Finding:
    known = {each.key for each in finding.disputed}
    new = tuple(replace(each, by=_here(each.by)) for each in disputed if each.key not in known)
    return replace(finding, disputed=(*finding.disputed, *new)) if new else finding


def _added(finding: Finding) -> Finding:
    read = _here(finding.read_by) if finding.read_by is not None else None
    return replace(finding, read_by=read, disputed=tuple(replace(each, by=_here(each.by)) for each in finding.disputed))


def _here(by: ReadBy) -> ReadBy:
    """Without a place: the file is only offered, and a line of it is none that the pull request changes."""
    return replace(by, file="", line=0)


def _claim(finding: Finding) -> _Claim:
    return finding.rule, finding.claim.start, finding.claim.end


def _numbers(finding: Finding) -> frozenset[tuple[int, int]]:
    return frozenset((each.start, each.end) for each in (finding.location, *finding.related) if each.line)
