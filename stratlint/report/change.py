"""Findings that a change is responsible for: those with any evidence in changed lines, shown at that place.

A contradiction lies between lines. When a change of line 20 makes line 78 false, line 78 is not in the diff, and a
reviewer who only sees remarks on changed lines would never hear of it. What was false already is set apart: the change touches it,
and is not to blame for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stratlint.report.before import Before, before
from stratlint.report.difference import Changes
from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Finding, Location, Severity

Base = Callable[[DocumentReport], DocumentReport | None]
"""The version of a document at the base of the change, judged; None where it is not known."""


def no_base(document: DocumentReport) -> None:
    """For a diff whose base is not at hand."""


def in_changes(report: Report, changed: Changes, base: Base = no_base) -> Report:
    """*report* with those findings only that have evidence in the changed lines, each at such a place.

    Those that were findings at the *base*, too, are moved to `already`, at their claims.
    """
    return Report(tuple(_document_in(document, changed, base) for document in report.documents))


def anchored(finding: Finding, changed: Changes, was: Before = Before.UNKNOWN) -> Finding | None:
    """The finding at its first location that was changed, at its claim where only the reading is new; None when nothing was.

    A finding that is shown at a premise says what the change does, by what it *was* before.
    """
    here = _touched(finding.location, changed)
    if here:
        return finding
    for index, place in enumerate(finding.related):
        if _touched(place, changed):
            related = (finding.location, *finding.related[:index], *finding.related[index + 1 :])
            message = _message(finding, place, was)
            return replace(finding, location=place, related=related, message=message, moved=True)
    read = finding.read_by
    # A reading that comes with the change is evidence, too; the finding stays at its claim.
    return finding if read is not None and read.line and changed.touches(read.file, read.line, read.line) else None


def placed(document: DocumentReport, changed: Changes, base: Base) -> tuple[tuple[Finding | None, Before], ...]:
    """Each finding of *document* at a changed place, None where nothing was changed; and what it was before.

    The *base* is only asked for where something was.
    """
    touched = [anchored(finding, changed) is not None for finding in document.findings]
    version = base(document) if any(touched) else None
    was = (Before.UNKNOWN,) * len(touched)
    if version is not None:
        was = before(document, version, lambda place: not _touched(place, changed))
    return tuple((anchored(each, changed, state), state) for each, state in zip(document.findings, was, strict=True))


def _document_in(document: DocumentReport, changed: Changes, base: Base) -> DocumentReport:
    at = placed(document, changed, base)
    kept = [None if state is Before.ALREADY else finding for finding, state in at]
    already = tuple(was for was, (now, state) in zip(document.findings, at, strict=True) if now and state is Before.ALREADY)
    moved = [(each, anchored(each.finding, changed)) for each in document.silenced]
    silenced = tuple(replace(each, finding=now) for each, now in moved if now is not None)
    return replace(narrowed(document, kept), silenced=silenced, already=already)


def _touched(place: Location, changed: Changes) -> bool:
    # A place that ends at column 1 does not reach into that line.
    last = place.end_line - 1 if place.end_column == 1 and place.end_line > place.line else place.end_line
    return bool(place.path) and place.line > 0 and changed.touches(place.path, place.line, last)


_VERDICTS = {Severity.ERROR: "false", Severity.WARNING: "implausible", Severity.INFO: "questionable"}


def _message(finding: Finding, place: Location, was: Before) -> str:
    original, verdict = finding.location, _VERDICTS[finding.severity]
    if place.path == original.path:
        change, target = f"line {place.line}", f"line {original.line}"
    else:
        change, target = f"{place.path}:{place.line}", f"{original.path}:{original.line}"
    told = {
        Before.ABSENT: f"this change of {change} makes {target} {verdict}",
        Before.ACCEPTED: f"{change} was changed; {target} was {verdict} already, but accepted until now",
        Before.OTHERWISE: f"{change} was changed and does not fit {target} either, which was {verdict} already",
    }
    return f"{told.get(was, f'{change} was changed and does not fit {target}')}: {finding.message}"
