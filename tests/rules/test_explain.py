"""`stratlint explain RULE` shows what the rule does, and what it really says of its own example."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.rules.explain import explain
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import Rule

RULES = tuple(load_rules())


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_has_everything_the_rule_file_says(rule: Rule) -> None:
    page = explain(rule)
    assert page.startswith(f"{rule.name}\n{'=' * len(rule.name)}\n")
    assert page.endswith("\n")
    words = flat(page).lower()
    for said in (rule.summary, rule.why, rule.limits, rule.help, rule.severity.value, rule.family, rule.path):
        assert flat(said).lower() in words
    for reading in rule.readings:
        assert reading.formula.source in page
        assert reading.source in page
    for example in rule.examples:
        assert flat(example) in flat(page)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_shows_the_real_finding_of_the_contradicted_example(rule: Rule) -> None:
    found = [f for f in stratlint.check_text(rule.contradicted).findings if f.rule == rule.name]
    page = explain(rule)
    for finding in found:
        place = finding.location
        assert f"{place.line}:{place.column}: {finding.severity.value}[{rule.name}] {finding.message}" in page


def test_a_page_fits_a_terminal_but_for_formulas_and_findings() -> None:
    for rule in RULES:
        for line in explain(rule).splitlines():
            assert len(line) <= 100 or line.startswith((" ", "*")), (rule.name, line)


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_terminal_everything_is_wrapped(width: int) -> None:
    """Formulas and findings, too; the examples are documents and stay as they are."""
    for rule in RULES[:: len(RULES) // 12]:
        shown, *_ = explain(rule, width).split("\nContradicted\n")
        assert [line for line in shown.splitlines() if len(line) > width and " " in line.strip()] == []
        assert flat(shown.replace("-", "")) == flat(explain(rule).split("\nContradicted\n")[0].replace("-", ""))
