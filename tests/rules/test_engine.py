"""The engine: findings in order, one ledger entry a number, and no rule that stops the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import stratlint
from stratlint.claims.interval import exactly
from stratlint.config.settings import Settings
from stratlint.laws import book
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal
from stratlint.physics._guards import OutsideDomain
from stratlint.rules import engine
from stratlint.rules.context import Context, Verdict, amount_text
from stratlint.rules.finding import Role, Status
from stratlint.rules.formula import holds, parse_formula
from stratlint.rules.rule import Rule

DOCUMENT = """# Plan

- Total GPUs: 64
- Strategy: EP48-TP8-PP4
- Weights: 30B × 2 bytes = 80 GB
- Work: 8 × 8 = 64 GPUs
- Decode latency: 0.00 ms
- See section 3 and 17 other things
"""


def test_findings_come_in_document_order_once_each() -> None:
    findings = stratlint.check_text(DOCUMENT).findings
    starts = [finding.location.start for finding in findings]
    assert starts == sorted(starts)
    assert len({(f.rule, f.location.start, f.location.end) for f in findings}) == len(findings)
    assert {"world-size-mismatch", "wrong-product", "zero-latency"} <= {finding.rule for finding in findings}


def test_two_rules_that_compute_the_same_value_report_it_once() -> None:
    findings = stratlint.check_text("A 34B model in FP16 needs 34 GB of weights.").errors

    assert [finding.computed for finding in findings] == ["68 GB"]


def test_the_ledger_has_every_number_once_and_coverage_counts_it() -> None:
    (document,) = stratlint.check_text(DOCUMENT).documents
    roles = Counter(entry.role for entry in document.ledger)
    claims = [entry for entry in document.ledger if entry.role is Role.CLAIM]
    statuses = Counter(entry.status for entry in claims)
    coverage = document.coverage
    assert coverage.seen == len(document.ledger)
    assert (coverage.claims, coverage.operands, coverage.names) == (roles[Role.CLAIM], roles[Role.OPERAND], roles[Role.NAME])
    assert coverage.understood == sum(entry.understood for entry in claims)
    assert (coverage.verified, coverage.consistent, coverage.contradicted, coverage.implausible) == (
        statuses[Status.VERIFIED], statuses[Status.CONSISTENT], statuses[Status.CONTRADICTED], statuses[Status.IMPLAUSIBLE],
    )  # fmt: skip
    assert sum(coverage.not_checked.values()) == statuses[Status.NOT_CHECKED]
    assert coverage.checked + statuses[Status.NOT_CHECKED] == coverage.claims
    starts = [entry.location.start for entry in document.ledger]
    assert starts == sorted(starts)


def test_what_was_not_checked_says_why_and_what_was_names_its_rule() -> None:
    (document,) = stratlint.check_text(DOCUMENT).documents
    for entry in document.ledger:
        if entry.status is Status.NOT_CHECKED:
            assert entry.reason
        else:
            assert entry.rule
    for entry in document.ledger:
        if entry.finding >= 0:
            assert document.findings[entry.finding].rule == entry.rule


def test_a_verified_equation_is_verified_with_its_derivation() -> None:
    (document,) = stratlint.check_text("8 × 8 = 64").documents
    result = document.ledger[-1]
    assert (result.status, result.rule, result.derivation) == (Status.VERIFIED, "wrong-product", "8 × 8 = 64")


def test_every_place_of_a_finding_quotes_the_document() -> None:
    for finding in stratlint.check_text(DOCUMENT).findings:
        for place in (finding.location, *finding.related):
            assert place.path == "" or DOCUMENT[place.start : place.end] == place.text
            assert place.line >= 1 or place.path == ""


def broken(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> list[str]:
    """Let the check of `zero-latency` raise *problem* after its first verdict; the checks that ran are listed."""
    real = engine.load_check
    ran: list[str] = []

    def load(name: str) -> object:
        ran.append(name)

        def fail(rule: Rule, context: Context) -> Iterator[Verdict]:
            yield from real(name)(rule, context)
            raise problem

        return fail if name == "zero_time" else real(name)

    monkeypatch.setattr(engine, "load_check", load)
    return ran


def test_a_rule_that_raises_is_a_failure_no_finding_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, RuntimeError("broken on purpose"))
    report = stratlint.check_text(DOCUMENT)
    (failure,) = report.documents[0].failures
    assert (failure.rule, failure.source) == ("zero-latency", "verdict.yaml")
    assert failure.problem.startswith("RuntimeError: broken on purpose at test_engine.py:")
    assert not report.complete
    found = {finding.rule for finding in report.findings}
    assert {"world-size-mismatch", "wrong-product"} <= found
    assert "zero-latency" not in found  # half of what a broken rule says is worth nothing


def test_a_law_that_raises_is_told_by_its_own_name_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules that the judge feeds go on with what the other laws propose."""

    def equations(page: Page) -> Iterator[Proposal]:
        yield from real(page)
        raise RuntimeError("broken on purpose")

    equations.__module__ = "stratlint.laws.equations"
    real = next(law for law in book.LAWS if book.name_of(law) == "equations")
    text = "- Weights: 10 GB\n- Cache: 20 GB\n- Total: 40 GB\n\n8 × 8 = 65 GPUs\n"
    assert {each.rule for each in stratlint.check_text(text).findings} == {"wrong-sum", "wrong-product"}
    monkeypatch.setattr(book, "LAWS", tuple(equations if law is real else law for law in book.LAWS))
    report = stratlint.check_text(text + "\n")
    assert {each.rule for each in report.findings} == {"wrong-sum"}
    (failure,) = report.documents[0].failures
    assert str(failure).startswith("law `equations` (laws/equations.py) failed with RuntimeError: broken on purpose at test_engine.py:")


def test_a_law_whose_arithmetic_has_no_result_silences_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def sums(page: Page) -> Iterator[Proposal]:
        yield from ()
        raise ZeroDivisionError

    sums.__module__ = "stratlint.laws.sums"
    monkeypatch.setattr(book, "LAWS", (sums, *(law for law in book.LAWS if book.name_of(law) != "sums")))
    report = stratlint.check_text("8 × 8 = 65 GPUs\n")
    assert [each.rule for each in report.findings] == ["wrong-product"]
    assert report.complete


@pytest.mark.parametrize("problem", [ZeroDivisionError(), OverflowError(), FloatingPointError(), OutsideDomain()])
def test_an_arithmetic_without_a_result_is_not_checked(problem: ArithmeticError, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the page's number that has no result (a divisor of zero), not the rule that is broken: what was judged stands."""
    expected = stratlint.check_text(DOCUMENT).findings
    broken(monkeypatch, problem)
    report = stratlint.check_text(DOCUMENT)
    assert report.complete
    assert report.findings == expected


@pytest.mark.parametrize("ignore", ["zero-latency", "verdict", "ALL"])
def test_an_ignored_rule_does_not_run(ignore: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = broken(monkeypatch, RuntimeError("broken on purpose"))
    report = stratlint.check_text(DOCUMENT, Settings(ignore=(ignore,)))
    assert report.complete
    assert "zero_time" not in ran
    assert bool(report.findings) == (ignore != "ALL")


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_shown_to_nobody(value: float) -> None:
    for measure in ("count", "bytes", "share", "money", "work", "time", "device_time"):
        with pytest.raises(OverflowError):
            amount_text(value, measure)


def test_what_is_no_number_contradicts_nothing() -> None:
    """Infinity times zero, or infinity less infinity."""
    nothing = exactly(math.inf) * exactly(0.0)
    assert nothing.overlaps(exactly(5.0))
    for sign in ("==", "!=", "<=", "<", ">=", ">"):
        assert holds(parse_formula(f"a {sign} b").root, {"a": nothing, "b": exactly(5.0)}), sign


def test_the_same_text_gives_the_same_report() -> None:
    assert stratlint.check_text(DOCUMENT).findings == stratlint.check_text(DOCUMENT).findings


def test_a_file_is_checked_like_its_text_and_a_missing_one_is_an_error_not_an_exception(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    of_file, of_text = stratlint.check(path).findings, stratlint.check_text(DOCUMENT).findings
    assert [finding.message for finding in of_file] == [finding.message for finding in of_text]
    (missing,) = stratlint.check(tmp_path / "missing.md").documents
    assert missing.error
    assert missing.findings == ()


@pytest.mark.parametrize("text", ["", "\n", "no numbers", "# 1\n", "64", "|a|\n|-|\n", "```\n```", "\ufeff8 × 8 = 64"])
def test_small_documents(text: str) -> None:
    assert stratlint.check_text(text).errors == ()


def test_no_place_reaches_over_the_end_of_its_line() -> None:
    """A statement is a line of its paragraph; what points at it stops with its last character."""
    text = "Memory utilization is 0.4%.\n\n✅ **Layout**: even\n✅ **Memory**: optimal memory utilization\n✅ Done\n"
    (finding,) = stratlint.check_text(text).findings
    assert finding.location.text == "✅ **Memory**: optimal memory utilization"
    assert (finding.location.line, finding.location.end_line) == (4, 4)


def test_of_two_rules_with_the_same_value_the_graver_one_tells_it() -> None:
    page = "Each GPU has 80 GB of memory. The model takes 94 GB on each GPU, which fits.\n"

    (finding,) = stratlint.check_text(page).findings
    assert (str(finding.severity), finding.rule) == ("error", "memory-exceeds-capacity")
    assert [str(each.severity) for each in stratlint.check_text(page, Settings(select=("limit-missed",))).findings] == ["warning"]
