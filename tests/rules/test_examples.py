"""Every rule's examples are its first tests: the contradicted one is found by it, the consistent one is clean."""

from __future__ import annotations

from functools import cache

import pytest

import stratlint
from stratlint.report.outcome import Report
from stratlint.rules.finding import Severity
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import Rule

RULES = tuple(load_rules())


@cache
def checked(example: str) -> Report:
    """Every example is checked once, whatever is asked of it."""
    return stratlint.check_text(example)


def named(rule: Rule) -> str:
    return rule.name


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_contradicted_example_is_found_by_its_rule_at_its_severity(rule: Rule) -> None:
    findings = [finding for finding in checked(rule.contradicted).findings if finding.rule == rule.name]
    assert {finding.severity for finding in findings} == {rule.severity}


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_no_other_rule_calls_the_contradicted_example_wrong(rule: Rule) -> None:
    """A rule that needs another contradiction beside it (`verdict-over-failure`) is the only one that may have one."""
    errors = {finding.rule for finding in checked(rule.contradicted).errors} - {rule.name}
    assert not errors or rule.check == "overall_verdict"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_consistent_example_has_no_error_and_nothing_of_its_rule(rule: Rule) -> None:
    findings = checked(rule.consistent).findings
    assert [f for f in findings if f.rule == rule.name or f.severity is Severity.ERROR] == []


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_contradicted_example_shows_its_evidence(rule: Rule) -> None:
    """One line of message, a computed value, and every place that is pointed at really says what is quoted."""
    report = checked(rule.contradicted)
    text = rule.contradicted
    for finding in report.findings:
        if finding.rule != rule.name:
            continue
        assert finding.message
        assert "\n" not in finding.message
        assert finding.computed or finding.formula or finding.related
        for place in (finding.location, *finding.related):
            if place.path:
                assert text[place.start : place.end] == place.text


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_why_it_matters_and_what_to_do(rule: Rule) -> None:
    assert rule.name == rule.name.lower().replace("_", "-").replace(" ", "-")
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.help


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_what_it_cannot_see(rule: Rule) -> None:
    """A page without a finding is read as one that was checked: what the rule leaves alone is told beside what it does."""
    assert rule.limits.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_reading_names_its_source(rule: Rule) -> None:
    assert [reading.name for reading in rule.readings if not reading.source] == []


def test_rule_names_and_families_are_unique_words() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert not set(names) & {rule.family for rule in RULES}
