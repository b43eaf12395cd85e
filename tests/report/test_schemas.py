"""Each machine format is valid against its schema, and says what the report says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

import stratlint
from stratlint.report import RenderOptions, render
from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import Report
from stratlint.rules.finding import Severity

SCHEMAS = Path(__file__).parent / "schemas"
PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "schemas"
EVIL = "\x1b[1m]]>&<b>\u202e::error::\n%0A,|`@x #1 \ud800\ufffe"


def json_errors(schema: str, value: Any, folder: Path = SCHEMAS) -> list[str]:
    """What the schema objects to."""
    rules = json.loads((folder / schema).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(rules)
    kind.check_schema(rules)
    checker = kind(rules, format_checker=jsonschema.FormatChecker())
    return [f"{list(error.absolute_path)}: {error.message}" for error in checker.iter_errors(value)]


def xml_valid(schema: str, text: str) -> Any:
    """The parsed document, checked against its XSD."""
    root = etree.fromstring(text.encode())
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(root)
    return root


@pytest.fixture(params=["sample", "hostile", "empty"])
def report(request: pytest.FixtureRequest, sample: Report, hostile: Callable[[str, str], Report]) -> Report:
    return {"sample": sample, "hostile": hostile(EVIL, f"a/{EVIL}"), "empty": Report()}[request.param]


def test_sarif(report: Report, options: RenderOptions) -> None:
    data = json.loads(render("sarif", report, options))
    assert json_errors("sarif-2.1.0.json", data) == []
    run = data["runs"][0]
    standing = [each for each in run["results"] if "suppressions" not in each]
    silenced = [each for document in report.documents for each in document.silenced]
    assert len(standing) == len(report.findings)
    assert len(run["results"]) == len(report.findings) + len(silenced)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]
    assert run["invocations"][0]["executionSuccessful"] is not bool(report.unread)


@pytest.mark.parametrize(("format_name", "lines"), [("rdjson", False), ("rdjsonl", True)])
def test_rdjson(format_name: str, lines: bool, report: Report, options: RenderOptions) -> None:
    text = render(format_name, report, options)
    data = {"diagnostics": list(map(json.loads, text.splitlines()))} if lines else json.loads(text)
    assert json_errors("rdjson.json", data) == []
    assert len(data["diagnostics"]) == len(report.findings) + len(report.unread)


def test_gitlab(report: Report, options: RenderOptions) -> None:
    data = json.loads(render("gitlab", report, options))
    assert json_errors("gitlab-code-quality.json", data) == []
    assert len({issue["fingerprint"] for issue in data}) == len(data) == len(report.findings) + len(report.unread)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="no ../shared beside the checkout")
def test_published_schemas(report: Report, options: RenderOptions) -> None:
    """Those that are not carried along lie beside the checkout (see schemas/SOURCES.md)."""
    found = json_errors("DiagnosticResult.json", json.loads(render("rdjson", report, options)), PUBLISHED)
    for line in render("rdjsonl", report, options).splitlines():
        found += json_errors("Diagnostic.json", json.loads(line), PUBLISHED)
    for issue in json.loads(render("gitlab", report, options)):
        found += json_errors("codeclimate.json", issue, PUBLISHED)
    assert found == []


def test_junit(report: Report, options: RenderOptions) -> None:
    root = xml_valid("junit-10.xsd", render("junit", report, options))
    for suite in root:
        assert int(suite.get("tests")) == len(suite)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))


def test_junit_has_one_case_a_claim(sample: Report, options: RenderOptions) -> None:
    root = xml_valid("junit-10.xsd", render("junit", sample, options))
    passed = [case for case in root.iter("testcase") if not len(case) or case[0].tag == "system-out"]
    assert len(passed) == sample.coverage.verified + sample.coverage.consistent
    assert len(root.findall(".//testcase/error")) == 1


def test_checkstyle(report: Report, options: RenderOptions) -> None:
    root = xml_valid("checkstyle.xsd", render("checkstyle", report, options))
    assert len(root) == len(report.documents)
    assert len(root.findall("file/error")) == len(report.findings) + len(report.unread)


def test_jsonl_has_the_promised_fields_and_no_other_line(report: Report, options: RenderOptions) -> None:
    rows = [json.loads(line) for line in render("jsonl", report, options).split("\n")[:-1]]
    assert len(rows) == len(report.findings)
    promised = {
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "severity",
        "confidence",
        "rule",
        "message",
        "claimed",
        "computed",
        "formula",
        "readings",
        "related",
        "help",
        "fingerprint",
    }
    for row, finding in zip(rows, report.findings, strict=True):
        assert promised <= row.keys()
        assert ("suggestion" in row) == (finding.suggestion is not None)
        assert (row["message"], row["path"], row["line"]) == (finding.message, finding.location.path, finding.location.line)
        for related in row["related"]:
            assert {"path", "line", "column", "end_line", "end_column", "role", "text"} <= related.keys()


def test_json_is_a_union_per_document(report: Report, options: RenderOptions) -> None:
    data = json.loads(render("json", report, options))
    assert data["schema_version"] == 1
    assert data["summary"]["coverage"]["seen"] == report.coverage.seen
    for document, source in zip(data["documents"], report.documents, strict=True):
        failures = {"failures"} if source.failures else set()
        assert document.keys() == ({"path", "error"} if source.error else {"path", "findings", "already", "coverage", "notes"} | failures)


def test_sarif_messages_hold_no_links_and_no_controls(hostile: Callable[[str, str], Report]) -> None:
    report = hostile("see [here](javascript:1)\n\x1b[2J", "a.md")
    result = json.loads(render("sarif", report, RenderOptions()))["runs"][0]["results"][0]
    first = result["message"]["text"].split("\n")[0]
    assert first == r"see \[here\](javascript:1) \\x1b\[2J"
    # What tools compare and apply stays what it is.
    assert result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] == report.findings[0].location.text


def test_sarif_says_who_accepted_a_finding_and_why(sample: Report, options: RenderOptions) -> None:
    results = json.loads(render("sarif", sample, options))["runs"][0]["results"]
    assert [each["suppressions"] for each in results if "suppressions" in each] == [
        [{"kind": "inSource", "status": "accepted", "justification": r"measured\x1b[1m, see [a](javascript:1)"}],
        [{"kind": "external", "status": "accepted", "justification": "until the end of the year"}],
        [{"kind": "external", "status": "accepted"}],
    ]
    assert len({(each["ruleId"], each["partialFingerprints"]["stratlint/v1"]) for each in results}) == len(results)


def test_sarif_for_code_scanning_has_no_accepted_findings(sample: Report, options: RenderOptions) -> None:
    results = json.loads(render("sarif", sample, replace(options, silenced=False)))["runs"][0]["results"]
    assert len(results) == len(sample.findings)


def test_junit_fails_for_errors_that_stand_only() -> None:
    document = stratlint.check_text("2 × 3 = 7 GPUs\n").documents[0]
    (found,) = document.findings
    mild = replace(document, findings=(replace(found, severity=Severity.WARNING),))
    gone = narrowed(document, [None])
    failures = [render("junit", Report((each,)), RenderOptions()).count("<failure") for each in (document, mild, gone)]
    assert failures == [1, 0, 0]


def test_rdjson_columns_count_bytes_and_ends_are_exclusive(sample: Report, options: RenderOptions) -> None:
    (first, *_) = json.loads(render("rdjson", sample, options))["diagnostics"]
    line = sample.documents[0].document.line_text(5).encode()  # type: ignore[union-attr]
    span = first["location"]["range"]
    assert line[span["start"]["column"] - 1 : span["end"]["column"] - 1] == b"1,024 GPUs"
