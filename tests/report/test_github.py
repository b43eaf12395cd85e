"""GitHub shows ten annotations a level and drops the rest: which ten matters."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from stratlint.document import Document
from stratlint.report import RenderOptions, render
from stratlint.report.github import step_summary
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Finding, Location, Severity

DOCUMENT = Document("a.md", "8 GB\nx\n", (), (), (), (), {}, ())
PLACE = Location("a.md", 0, 4, 1, 1, 1, 5, "claim", "8 GB")


def finding(severity: Severity = Severity.ERROR, **changes: object) -> Finding:
    return replace(Finding("some-rule", severity, "high", "message", PLACE), **changes)  # type: ignore[arg-type]


def commands(*findings: Finding) -> list[str]:
    report = Report((DocumentReport("a.md", DOCUMENT, findings),))
    return [line for line in render("github", report, RenderOptions()).splitlines() if line.startswith("::")]


def test_ten_a_level_and_a_notice_for_the_rest() -> None:
    lines = commands(*(finding(severity) for severity in Severity for _ in range(25)))
    assert Counter(line.split(" ")[0] for line in lines) == {"::error": 10, "::warning": 10, "::notice": 10}
    assert lines[-1].endswith("::46 more findings, not annotated; see the log or the step summary")


def test_errors_first_then_flipped_verdicts_then_confidence() -> None:
    lines = commands(
        finding(Severity.WARNING, message="5"),
        finding(message="4", confidence="low"),
        finding(message="3", confidence="medium"),
        finding(message="2"),
        finding(message="1", flips_verdict=True, confidence="low"),
    )
    assert [line.rsplit("::", 1)[1] for line in lines] == ["1", "2", "3", "4", "5"]


def test_one_annotation_a_root_cause() -> None:
    later = finding(Severity.WARNING, root="r", message="later")
    lines = commands(later, finding(root="r", message="first"), finding())
    assert [line.rsplit("::", 1)[1] for line in lines[:-1]] == ["first", "message"]
    assert "1 more finding," in lines[-1]


def test_no_columns_over_several_lines_and_no_end_behind_the_file() -> None:
    two_lines = replace(PLACE, end_line=2, end_column=2)
    (line,) = commands(finding(location=two_lines))
    assert "endLine=2" in line and "col=" not in line
    (line,) = commands(finding(location=replace(PLACE, end_line=9)))
    assert "endLine" not in line


def test_premises_are_lines_of_the_message() -> None:
    (line,) = commands(finding(related=(replace(PLACE, line=2, role="limit"),), formula="1 + 1 = 2", help="50% more"))
    assert line.endswith("::message%0Aline 2: 8 GB (limit)%0Acomputed: 1 + 1 = 2%0Ahelp: 50%25 more")


def test_paths_are_relative_to_the_repository() -> None:
    report = Report((DocumentReport("a.md", DOCUMENT, (finding(),)),))
    text = render("github", report, RenderOptions(base="/repo", directory="/repo/docs"))
    assert re.search(r"^::error file=docs/a\.md,line=1,", text, re.MULTILINE)


def test_step_summary_stays_below_the_limit() -> None:
    many = tuple(finding(message="x" * 2000) for _ in range(1500))
    text = step_summary(Report((DocumentReport("a.md", DOCUMENT, many),)))
    assert len(text.encode()) < 1024 * 1024
    assert re.search(r"\d+ more findings in the log\.", text)
    assert text.count("\n| 1 |") + int(re.search(r"([\d,]+) more", text)[1].replace(",", "")) == 1500  # type: ignore[index]
