"""The form of a relation, whoever proposed it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.families import SEVERITIES, STRENGTHS, families
from stratlint.laws.forms import Form, form_of, slip_of
from stratlint.laws.judge import Judgement
from stratlint.rules.checks.judged import RULE_OF
from stratlint.rules.registry import load_rules

Judged = Callable[..., Judgement]


@pytest.mark.parametrize(
    ("claim", "op", "expr", "places", "form"),
    [
        ("12", "=", "3 × 5", {}, Form.PRODUCT),
        ("12", "=", "30 ÷ 2", {}, Form.QUOTIENT),
        ("12", "=", "3 + 5", {}, Form.SUM),
        ("12", "=", "30 − 5", {}, Form.SUM),
        ("12", "=", "3 × 2 + 5", {}, Form.SUM),
        ("12 %", "=", "3 ÷ 5", {}, Form.PERCENTAGE),
        ("12 %", "=", "3 ms ÷ 5 ms − 1", {}, Form.CHANGE),
        ("12 %", "=", "(1 − 3 ms ÷ 5 ms) × 100 %", {}, Form.CHANGE),
        ("12 %", "=", "(5 ms − 3 ms) ÷ 5 ms", {}, Form.CHANGE),
        ("12 GB", "=", "15 GB", {"15 GB": 4}, Form.RESTATED),
        ("12 GB", "=", "15 GiB", {"15 GiB": 4}, Form.CONVERSION),
        ("12 GB", "=", "15 GB", {}, Form.DEVICE),
        ("12", "=", "15", {}, Form.MODEL),
        ("12", "<=", "5", {}, Form.LIMIT),
        ("12", "divides", "5", {}, Form.DIVISION),
        ("12 MB", "=", "3 × 4 GB", {}, Form.MAGNITUDE),
        ("100 GB/s", "=", "2 × 50 Gb/s", {}, Form.MAGNITUDE),
        ("2,560 GB", "=", "4 × 80 GB", {}, Form.PRODUCT),  # eight times too large, and no bits anywhere
    ],
)
def test_the_form_of_a_relation(judgement: Judged, claim: str, op: str, expr: str, places: dict[str, int], form: Form) -> None:
    assert form_of(judgement(claim, op, expr, places=places)) is form


def test_families_of_our_own_reader_name_their_form(judgement: Judged) -> None:
    assert form_of(judgement("12", "=", "3 × 5", family="layout")) is Form.LAYOUT
    assert form_of(judgement("12", "=", "3 + 5", family="partition")) is Form.RANGE


@pytest.mark.parametrize(
    ("claim", "expr", "slip"),
    [
        ("12 MB", "3 × 4 GB", 1e3),
        ("12 TB", "3 × 4 GB", 1e-3),
        ("12 kB", "3 × 4 GB", 1e6),
        ("96 GB/s", "2 × 48 Gb/s", 0.125),
        ("12", "3 × 4,000", 0),
        ("13 MB", "3 × 7 GB", 0),
    ],
)
def test_a_slip_is_exactly_a_prefix_or_the_eight_of_bits(judgement: Judged, claim: str, expr: str, slip: float) -> None:
    assert slip_of(judgement(claim, "=", expr)) == pytest.approx(slip)


def test_every_form_has_its_rule_and_every_family_a_known_weight() -> None:
    assert set(RULE_OF) == set(Form)
    assert set(RULE_OF.values()) <= set(load_rules().names)
    assert {family.strength for family in families().values()} <= set(STRENGTHS)
    assert {family.severity for family in families().values()} <= set(SEVERITIES)
    assert "reading" in families()
