"""SARIF 2.1.0 for code scanning: premises as related locations, the derivation as a code flow, repairs as fixes.

Findings that somebody accepted are results with `suppressions`, which viewers hide and audits read; those that a change touches and
did not make are `unchanged` ones. GitHub's code scanning ignores both and would open an alert for each: for it they are left out
(`--no-silenced`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stratlint.report.escaping import json_text, printable
from stratlint.report.evidence import computation, evidence_lines, reading, said
from stratlint.report.fingerprint import SCHEME, fingerprints
from stratlint.report.options import RenderOptions, RuleInfo
from stratlint.report.outcome import DocumentReport, Report, Silenced, Silencer
from stratlint.report.paths import path_uri
from stratlint.report.summary import coverage_data
from stratlint.rules.finding import Finding, Location, Suggestion
from stratlint.rules.successors import code_of, former_names

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_RANKS = {"high": 90.0, "medium": 60.0, "low": 30.0}
_ROOT = "%SRCROOT%"
# `[text](target)` in a message is a link (SARIF 2.1.0, 3.11.6), a backslash before the bracket makes it text.
_LINK = re.compile(r"\[[^\]]*\]\(")
_BRACKET = re.compile(r"[\\\[\]]")


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    told = [each.finding.rule for document in report.documents for each in _silenced(document, options)]
    told += [each.rule for document in report.documents for each in _already(document, options)]
    names = sorted({*options.rules, *(finding.rule for finding in report.findings), *told})
    index = {name: place for place, name in enumerate(names)}
    run = {
        "tool": {
            "driver": {
                "name": "stratlint",
                "version": options.version,
                "rules": [_rule(options.rule(name)) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The directory that relative paths start from."}}},
        "invocations": [_invocation(report, options)],
        "artifacts": [{"location": _artifact(path, options)} for path in _paths(report)],
        "results": [result for document in report.documents for result in _results(document, index, options)],
        "properties": {"coverage": coverage_data(report.coverage)},
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _paths(report: Report) -> tuple[str, ...]:
    """Every document once: SARIF wants artifacts to be unique."""
    return tuple(dict.fromkeys(document.path for document in report.documents))


def _rule(rule: RuleInfo) -> dict[str, Any]:
    summary = rule.summary or rule.name
    page: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": _message(summary)},
        "fullDescription": {"text": _message(rule.why or summary)},
        "help": {
            "text": _message("\n\n".join(part for part in (summary, rule.why) if part)),
            "markdown": "\n\n".join(part for part in (summary, rule.why) if part),
        },
        "defaultConfiguration": {"level": _LEVELS.get(rule.severity, "warning")},
    }
    if code := code_of(rule.name):
        page["properties"] = {"code": code}
    if former := former_names(rule.name):
        page["deprecatedIds"] = list(former)
    if rule.help_uri.startswith(("https://", "http://")):
        page["helpUri"] = rule.help_uri
    return page


def _invocation(report: Report, options: RenderOptions) -> dict[str, Any]:
    notes = [_notification(document, "error", document.error, options) for document in report.unread]
    notes += [_notification(each, "error", str(failure), options) for each in report.documents for failure in each.failures]
    notes += [_notification(each, "note", note, options) for each in report.documents for note in each.notes]
    return {"executionSuccessful": report.complete, "toolExecutionNotifications": notes}


def _notification(document: DocumentReport, level: str, text: str, options: RenderOptions) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": _artifact(document.path, options)}}
    return {"level": level, "message": {"text": _message(text)}, "locations": [place]}


def _results(document: DocumentReport, index: dict[str, int], options: RenderOptions) -> Iterator[dict[str, Any]]:
    """What stands comes first: its fingerprints are then the ones that the other formats give it."""
    silenced, already = _silenced(document, options), _already(document, options)
    marks = iter(fingerprints((*document.findings, *(each.finding for each in silenced), *already)))
    for finding in document.findings:
        yield _result(finding, next(marks), index, options)
    for each in silenced:
        yield {**_result(each.finding, next(marks), index, options), "suppressions": [_suppression(each)]}
    for finding in already:
        yield {**_result(finding, next(marks), index, options), "baselineState": "unchanged"}


def _silenced(document: DocumentReport, options: RenderOptions) -> tuple[Silenced, ...]:
    return document.silenced if options.silenced else ()


def _already(document: DocumentReport, options: RenderOptions) -> tuple[Finding, ...]:
    return document.already if options.silenced else ()


def _suppression(silenced: Silenced) -> dict[str, Any]:
    kind = "inSource" if silenced.by is Silencer.COMMENT else "external"
    made = {"kind": kind, "status": "accepted"}
    return {**made, "justification": printable(silenced.reason)} if silenced.reason else made


def _result(finding: Finding, fingerprint: str, index: dict[str, int], options: RenderOptions) -> dict[str, Any]:
    message = "\n".join([printable(finding.message), *evidence_lines(finding)])
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity.value],
        "message": {"text": _message(message)},
        "locations": [_location(finding.location, options)],
        "partialFingerprints": {SCHEME: fingerprint},
        "rank": _RANKS.get(finding.confidence, 50.0),
        "properties": {
            "claimed": finding.claimed,
            "computed": finding.computed,
            "formula": finding.formula,
            "readings": [reading(each) for each in finding.readings],
            "flipsVerdict": finding.flips_verdict,
            **({"readBy": said(finding.read_by)} if finding.read_by is not None else {}),
            **({"disputedBy": [said(each.by) for each in finding.disputed]} if finding.disputed else {}),
        },
    }
    placed = [each for each in finding.related if each.path and each.line]
    if placed:
        result["relatedLocations"] = [{"id": number, **_location(each, options)} for number, each in enumerate(placed, start=1)]
    if placed and finding.formula:
        result["codeFlows"] = [_flow(finding, placed, options)]
    if finding.suggestion is not None:
        result["fixes"] = [_fix(finding, finding.suggestion, options)]
    return result


def _flow(finding: Finding, premises: list[Location], options: RenderOptions) -> dict[str, Any]:
    """From the premises to the claim, in the order in which the formula needs them."""
    steps = [{"location": _location(each, options)} for each in premises]
    claim = _location(finding.location, options)
    claim["message"] = {"text": _message(computation(finding))}
    return {"threadFlows": [{"locations": [*steps, {"location": claim}]}]}


def _fix(finding: Finding, suggestion: Suggestion, options: RenderOptions) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(suggestion), "insertedContent": {"text": suggestion.replacement}}
    change = {"artifactLocation": _artifact(finding.location.path, options), "replacements": [replacement]}
    return {"description": {"text": _message(f"Replace by {suggestion.replacement}")}, "artifactChanges": [change]}


def _location(place: Location, options: RenderOptions) -> dict[str, Any]:
    region: dict[str, Any] = {**_region(place), "snippet": {"text": place.text}}
    physical = {"artifactLocation": _artifact(place.path, options), "region": region}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.role:
        location["message"] = {"text": _message(f"{place.text} ({place.role})")}
    return location


def _region(place: Location | Suggestion) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(path: str, options: RenderOptions) -> dict[str, Any]:
    uri = path_uri(path, options)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}


def _message(text: str) -> str:
    """Plain message text. Braces stay single: messages without arguments are not formatted by any reader."""
    shown = "\n".join(map(printable, text.split("\n")))
    return _BRACKET.sub(r"\\\g<0>", shown) if _LINK.search(shown) else shown
