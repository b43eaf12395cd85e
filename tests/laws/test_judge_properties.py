"""What holds of the judge whatever the numbers are."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stratlint.claims.amount import amount_of
from stratlint.laws.docket import docket
from stratlint.laws.forms import form_of, slip_of
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use
from stratlint.meaning.transcription import TranscriptionError, read_claim

_UNITS = st.sampled_from(["", " GB", " GiB", " ms", " GB/s", " %", " TFLOPS", " tok/s/GPU", " GPUs", "B", "K", " h", "$"])
_TEXTS = st.sampled_from(["0", "1", "7", "1e300", "1e-300", "1e400", "9" * 39, "9" * 60, "0.0", "-3", "~5", "3–9", "8", "1000", "24"])
_NUMBERS = _TEXTS | st.integers(0, 10**6).map(str) | st.floats(0.001, 1e6).map(lambda value: f"{value:.3f}")


def use(text: str, unit: str, line: int = 0) -> Use | None:
    try:
        quantity = read_claim(f"{unit}{text}" if unit == "$" else f"{text}{unit}")
    except TranscriptionError:
        return None
    return Use(amount_of(quantity), Place(line, 0, 1, None, line, line) if line else None)  # type: ignore[arg-type]


_USES = st.builds(use, _NUMBERS, _UNITS, st.integers(0, 5)).filter(lambda made: made is not None)
_EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    _USES,  # type: ignore[arg-type]
    lambda inner: st.builds(Compute, st.sampled_from(["+", "-", "×", "/", "^"]), inner, inner),
    max_leaves=6,
)
_PROPOSALS = st.builds(
    Proposal, st.builds(use, _NUMBERS, _UNITS, st.integers(1, 5)).filter(lambda made: made is not None),  # type: ignore[arg-type]
    st.sampled_from(list(Relation)), _EXPRESSIONS, st.sampled_from(list(Source)), st.sampled_from(["equation", "identity", "reading"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PROPOSALS, max_size=5))
def test_the_judge_answers_whatever_the_numbers_are(proposals: list[Proposal]) -> None:
    judged = docket(proposals)
    assert len(judged) == len(proposals)
    for each in judged:
        assert each.outcome in Outcome
        assert form_of(each)
        assert math.isfinite(slip_of(each))
        if each.outcome is Outcome.REFUTED:
            _shows_why(each)


def _shows_why(judgement: Judgement) -> None:
    assert judgement.formula
    assert "nan" not in judgement.computed
    assert "inf" not in judgement.computed
    assert any(tried.decides for tried in judgement.tried)
    assert not any(tried.fits for tried in judgement.tried if tried.decides)


def related(claim: str, operator: str, one: str, two: str) -> Judgement:
    operands = [use(each, "") for each in (one, two)]
    made = use(claim, "", 1)
    assert made is not None
    assert operands[0] is not None
    assert operands[1] is not None
    return judge(Proposal(made, Relation.EQUALS, Compute(operator, operands[0], operands[1]), Source.EQUATION, "equation"))


_DECIMALS = st.floats(0.1, 9_999).map(lambda value: f"{value:.2f}")


@settings(max_examples=100, deadline=None)
@given(_DECIMALS, st.sampled_from("+-×/"), _DECIMALS, st.integers(1, 3))
def test_a_result_rounded_in_any_way_is_never_refuted(one: str, operator: str, two: str, decimals: int) -> None:
    a, b = float(one), float(two)
    value = {"+": a + b, "-": a - b, "×": a * b, "/": a / b}[operator]
    assume(1 < value < 1e5)  # more digits than floats keep are nobody's claim
    for printed in (f"{value:.{decimals}f}", f"{math.floor(value * 10**decimals + 1e-6) / 10**decimals:.{decimals}f}"):
        found = related(printed, operator, one, two)
        assert found.outcome is Outcome.HOLDS, (printed, found.computed)


@settings(max_examples=100, deadline=None)
@given(st.floats(100, 9_999).map(lambda value: f"{value:.1f}"), st.sampled_from("×/"), st.floats(10, 999).map(lambda value: f"{value:.1f}"),
       st.sampled_from([0.5, 0.8, 1.25, 2.0, 3.0]))  # fmt: skip
def test_a_result_that_is_a_quarter_off_is_refuted(one: str, operator: str, two: str, off: float) -> None:
    a, b = float(one), float(two)
    value = (a * b if operator == "×" else a / b) * off
    assert related(f"{value:.3f}", operator, one, two).outcome is Outcome.REFUTED


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 64), st.integers(2, 64), st.integers(1, 40))
def test_products_of_counts_are_exact(one: int, two: int, off: int) -> None:
    assert related(str(one * two), "×", str(one), str(two)).outcome is Outcome.HOLDS
    assert related(str(one * two + off), "×", str(one), str(two)).outcome is Outcome.REFUTED
