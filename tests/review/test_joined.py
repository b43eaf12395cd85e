"""What a reader of this run adds to a report, and that it takes nothing away from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stratlint.report.outcome import DocumentReport
from stratlint.review.joined import joined
from stratlint.rules.finding import Coverage, Dispute, Finding, Location, ReadBy, Severity

BY = ReadBy("openai:some-model", "plan.md.yaml", 7, "boxes")


def place(start: int) -> Location:
    return Location("plan.md", start, start + 2, 1, start + 1, 1, start + 3, "", "")


def finding(claim: int, *premises: int, severity: Severity = Severity.ERROR, read_by: ReadBy | None = BY) -> Finding:
    return Finding("wrong-product", severity, "high", "", place(claim), related=tuple(map(place, premises)), read_by=read_by)


def report(*findings: Finding) -> DocumentReport:
    return DocumentReport("plan.md", None, findings, (), Coverage(), ())


OWN = finding(10, 20, 30, read_by=None)


def test_what_is_new_is_added_without_a_line_of_a_file_that_is_not_there() -> None:
    new = joined(report(OWN), report(OWN), report(finding(0, 5), OWN)).findings
    assert new == (replace(finding(0, 5), read_by=replace(BY, file="", line=0)), OWN)


@pytest.mark.parametrize("again", [finding(10, 40), finding(20, 10, 30), finding(10, 40, severity=Severity.WARNING)])
def test_what_is_told_already_is_not_told_twice(again: Finding) -> None:
    """The same claim, or the same numbers with another of them as the claim."""
    assert joined(report(OWN), report(OWN), report(OWN, again)).findings == (OWN,)


def test_what_is_graver_than_what_is_told_is_added() -> None:
    doubt = replace(OWN, severity=Severity.WARNING)
    assert [each.severity for each in joined(report(doubt), report(doubt), report(doubt, finding(10, 40))).findings] == [
        Severity.WARNING, Severity.ERROR,
    ]  # fmt: skip


def test_what_the_base_lowered_stays_so_and_is_not_added_as_it_was() -> None:
    committed = finding(10, 20)
    lower = replace(committed, severity=Severity.WARNING)
    assert joined(report(committed), report(lower), report(committed)).findings == (lower,)


def test_nothing_of_a_report_goes_with_what_is_not_found_any_more() -> None:
    assert joined(report(OWN), report(OWN), report()).findings == (OWN,)


def test_objections_are_added_once_and_lower_nothing() -> None:
    one, two = (Dispute(replace(BY, why=why), why) for why in ("quoted", "rejected"))
    (found,) = joined(
        report(replace(OWN, disputed=(one,))), report(replace(OWN, disputed=(one,))), report(replace(OWN, disputed=(one, two)))
    ).findings
    assert found.severity is Severity.ERROR
    assert [(each.key, each.by.line) for each in found.disputed] == [("quoted", 7), ("rejected", 0)]
