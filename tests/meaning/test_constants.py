"""Constants of definitions in a reading: what may stand there without being printed, and that nothing is made of them alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.docket import docket
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.entries import Entry
from stratlint.meaning.proposal import Use, uses
from stratlint.meaning.readings import Readings, readings_of


def read(page: str, claim: str, expr: str, line: int = 1, op: str = "=", kind: str = "") -> Readings:
    return readings_of([Entry(1, line, claim, op, expr, kind)], extract(parse(page, "plan.md")), "plan.jsonl")


def judged(page: str, claim: str, expr: str, **more: object) -> Judgement:
    found = read(page, claim, expr, **more)  # type: ignore[arg-type]
    assert found.rejected == ()
    (judgement,) = docket(found.proposals)
    return judgement


def reason(page: str, claim: str, expr: str, **more: object) -> str:
    (rejection,) = read(page, claim, expr, **more).rejected  # type: ignore[arg-type]
    return rejection.reason


def premises(judgement: Judgement) -> list[str]:
    """The operands, each with its line or as the constant that it is."""
    used = uses(judgement.proposal.expression)
    return [f"{each.amount.text}@{each.place.line}" if each.place else f"{each.amount.text}, {each.role}" for each in used]


POOL = "The pool has 120 GPUs.\n"
LAYOUT = "The pool has 120 GPUs in 16 nodes of 8.\n"


@pytest.mark.parametrize(
    ("page", "claim", "expr"),
    [
        (POOL, "120 GPUs", "32 × 4"),
        (POOL, "120 GPUs", "60 × 2"),
        (POOL, "120 GPUs", "2 × 2 × 30"),
        (POOL, "120 GPUs", "100 + 18 + 2"),
        (POOL, "120 GPUs", "1 + 1"),
        (POOL, "120 GPUs", "(1 + 1) × 60"),
        (POOL, "120", "120 × 0.5 ÷ 0.5"),
        (LAYOUT, "120 GPUs", "16 × 8 − 24 ÷ 3"),
        (LAYOUT, "120 GPUs", "16 × 8 − 8 × 2"),
        (LAYOUT, "120 GPUs", "16 × 8 × 1 − 12"),
        (LAYOUT, "16 nodes", "8 + 100 %"),
        (LAYOUT, "120 GPUs", "16 + 1 + 1 + 1"),
        ("It runs 12 h a day, 360 h a month.\n", "360 h", "12 h × 24 × 24"),
        ("70B parameters in FP16 take 280 GB.\n", "280 GB", "70B × 2 × 2"),
        (LAYOUT, "16 nodes", "8 + 8 − 3"),
        ("The duty lasts 12 h and carries 37 jobs.\n", "37 jobs", "12 × 3600 ÷ 1024"),
        ("The duty lasts 12 h and carries 37 jobs.\n", "37 jobs", "100 − 63"),
        ("The duty lasts 12 h on 6 lanes.\n", "12 h", "6 × 24"),
        ("The archive takes 140 GB, the copy 70 GB.\n", "140 GB", "70 GB × 2"),
        ("The rate is 120 TFLOPS on 60 cards.\n", "120 TFLOPS", "60 × 2"),
        ("The link moves 50 GB/s over 6 rails.\n", "50 GB/s", "6 × 8"),
        ("The cost is $2,400,000 for 1,200,000 GPU-hours.\n", "$2,400,000", "1,200,000 × 2"),
        ("The log has 7 GB of 7,000 entries.\n", "7 GB", "7,000 × 1000000"),
    ],
)
def test_a_constant_that_does_not_do_what_it_is_for_is_not_admitted(page: str, claim: str, expr: str) -> None:
    assert reason(page, claim, expr) in ("a number that is not on the page", "nothing but constants")


@pytest.mark.parametrize(
    ("page", "claim", "expr", "outcome"),
    [
        # conversions, between units that are there
        ("The link has 400 Gb/s, 50 GB/s.\n", "50 GB/s", "400 Gb/s ÷ 8", Outcome.HOLDS),
        ("The link has 400 Gb/s, 60 GB/s.\n", "60 GB/s", "400 Gb/s ÷ 8 bits per byte", Outcome.REFUTED),
        ("The duty lasts 12 h, 720 min.\n", "720 min", "12 × 60", Outcome.HOLDS),
        ("The duty lasts 12.0 h, 760 min.\n", "760 min", "12.0 h × 60", Outcome.REFUTED),
        ("41 days of 20 slots: 19,680 slot-hours.\n", "19,680", "41 × 24 × 20", Outcome.HOLDS),
        ("A step takes 20.4 s; 500 steps take 2.8 h.\n", "2.8 h", "500 × 20.4 s ÷ 3,600", Outcome.HOLDS),
        ("The index has 2,048 MB, 2 GB.\n", "2 GB", "2,048 MB ÷ 1024", Outcome.HOLDS),
        ("A window of 131,072 tokens (128K).\n", "131,072 tokens", "128 × 1024", Outcome.HOLDS),
        # percent and positions
        ("Of 64 seats 48 are taken (75 %).\n", "75 %", "48 ÷ 64 × 100", Outcome.HOLDS),
        ("It fell from 100 ms to 80 ms, by 30 %.\n", "30 %", "(1 − 80 ms ÷ 100 ms) × 100", Outcome.REFUTED),
        ("Use is 85 %, which leaves 15 %.\n", "15 %", "100 % − 85 %", Outcome.HOLDS),
        ("Layers 0–39 are on stage A: 40 layers.\n", "40 layers", "39 − 0 + 1", Outcome.HOLDS),
        ("Layers 5–39 are on stage A: 36 layers.\n", "36 layers", "39 − 5 + 1", Outcome.REFUTED),
        # formats that the page names
        ("70B parameters in FP16 take 140 GB.\n", "140 GB", "70B × 2", Outcome.HOLDS),
        ("70B parameters in 8-bit integers take 80 GB.\n", "80 GB", "70B × 1 byte", Outcome.REFUTED),
        ("With AdamW the state of 10B parameters takes 120 GB.\n", "120 GB", "10B × 12 bytes", Outcome.HOLDS),
        # laws of the field
        ("C = 6.3e23 FLOP for N = 70.0B and D = 1.50T tokens.\n", "6.3e23 FLOP", "6 × 70.0B × 1.50T", Outcome.HOLDS),
        ("A token costs 150 GFLOP with 70.0B parameters.\n", "150 GFLOP", "2 × 70.0B", Outcome.REFUTED),
        ("A block of 8,192 × 16,384 has 402.7 M parameters.\n", "402.7 M parameters", "3 × 8,192 × 16,384", Outcome.HOLDS),
        # a mean
        ("Runs of 41 s, 43 s and 48 s: 44 s.\n", "44 s", "(41 s + 43 s + 48 s) ÷ 3", Outcome.HOLDS),
    ],
)  # fmt: skip
def test_a_constant_stands_beside_what_the_page_prints(page: str, claim: str, expr: str, outcome: Outcome) -> None:
    assert judged(page, claim, expr).outcome is outcome


@pytest.mark.parametrize(
    ("page", "claim", "expr"),
    [
        ("70B parameters take 140 GB.\n", "140 GB", "70B × 2"),
        ("The state of 10B parameters takes 120 GB.\n", "120 GB", "10B × 12 bytes"),
        ("The link has 400 GB/s, 50 of them.\n", "50", "400 GB/s ÷ 8"),
        ("C = 600 FLOP for 100 numbers.\n", "600 FLOP", "100 × 6"),
    ],
)
def test_the_page_has_to_name_what_a_constant_is_of(page: str, claim: str, expr: str) -> None:
    assert reason(page, claim, expr) == "a number that is not on the page"


@pytest.mark.parametrize(
    ("page", "claim", "expr", "expected"),
    [
        (
            "The pool has eight nodes.\n\nIt was built last year.\n\nEach link has 400 Gb/s, 50 GB/s.\n", "50 GB/s", "400 Gb/s ÷ 8",
            ["400 Gb/s@5", "8, a constant"],
        ),
        ("Site two is new.\n\n70B parameters in FP16: 140 GB.\n", "140 GB", "70B × 2", ["70B parameters@3", "2, a constant"]),
        ("Eight nodes run 9 jobs each: 72 jobs.\n", "72 jobs", "8 × 9", ["Eight@1", "9@1"]),
        ("The loss fell to 2.00.\n\nOf 140 GB it takes half, 70 GB.\n", "70 GB", "140 GB ÷ 2", ["140 GB@3", "2@3"]),
        ("96 nodes in all; a third of them, 32 nodes, are new.\n", "32 nodes", "96 ÷ 3", ["96 nodes@1", "3@1"]),
        ("12 layers of 8 experts of 39.3 M parameters: 3.77 B parameters.\n", "3.77 B parameters", "12 × 8 × 39.3 M",
         ["12 layers@1", "8 experts@1", "39.3 M parameters@1"]),
    ],
)  # fmt: skip
def test_a_constant_is_bound_to_no_number_that_stands_elsewhere(page: str, claim: str, expr: str, expected: list[str]) -> None:
    line = page.count("\n", 0, page.index(claim)) + 1
    assert premises(judged(page, claim, expr, line=line)) == expected


@pytest.mark.parametrize(
    "page",
    [
        "The loss fell to 2.00.\n\nOf 140 GB it takes 70 GB.\n",
        "Site two is new.\n\nOf 140 GB it takes 70 GB.\n",
        "The third site is new.\n\nOf 210 GB it takes 70 GB.\n",
    ],
)
def test_decimals_names_and_ordinals_are_no_counts(page: str) -> None:
    whole, parts = ("140 GB", 2) if "140" in page else ("210 GB", 3)
    assert reason(page, "70 GB", f"{whole} ÷ {parts}", line=3) == "a number that is not on the page"


def test_any_figure_that_a_name_may_have_saves_the_claim() -> None:
    """An H100 has 80 or 94 GB, whichever the reader thinks of."""
    page = "The H100 card has {} GB of HBM, 4 of them {} GB.\n"
    assert judged(page.format(80, 320), "80 GB", "94 GB").outcome is Outcome.HOLDS
    assert judged(page.format(80, 320), "320 GB", "4 × 94 GB").outcome is Outcome.HOLDS
    assert judged(page.format(70, 280), "70 GB", "94 GB").outcome is Outcome.REFUTED
    assert judged(page.format(70, 390), "390 GB", "4 × 94 GB").outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    ("claim", "expr", "told"),
    [
        ("12 h", "720 min", ("a number that is not on the page", "'720 min'")),
        ("12 h", "12 h", ("a claim against its own only occurrence", "'12 h' is stated nowhere else")),
        ("12 h", "16 ÷ (4 − 4)", ("a computation without a result", "divides by zero")),
        ("12 h", "4 × 4 ÷ 0", ("a number that is not on the page", "'0'")),
        ("16 jobs", "4 × (1 + 1 + 2)", ("a number that is not on the page", "'2'")),
    ],
)
def test_the_reason_is_the_true_one(claim: str, expr: str, told: tuple[str, str]) -> None:
    (rejection,) = read("The duty lasts 12 h and carries 16 jobs, 4 on each of 4 lanes.\n", claim, expr).rejected
    assert rejection.reason == told[0]
    assert told[1] in rejection.detail


def test_a_power_of_ten_belongs_to_its_number() -> None:
    page = "6.4 × 10¹² tokens at 1.6 × 10⁶ tokens/step need {} × 10⁶ steps.\n"
    for steps, outcome in (("4.0", Outcome.HOLDS), ("5.0", Outcome.REFUTED)):
        claim, expr = f"{steps} × 10⁶ steps", "6.4 × 10¹² tokens ÷ 1.6 × 10⁶ tokens/step"
        assert judged(page.format(steps), claim, expr).outcome is outcome


def test_a_range_covers_what_lies_in_it() -> None:
    page = "Three shards of 25 GB take {} GB.\n"
    assert judged(page.format("70–80"), "70–80 GB", "3 × 25 GB", op="covers").outcome is Outcome.BOUNDED
    assert judged(page.format("90–95"), "90–95 GB", "3 × 25 GB", op="covers").outcome is Outcome.REFUTED
    assert reason(page.format("75"), "75 GB", "3 × 25 GB", op="covers") == "no relation between numbers"


def test_a_claim_may_be_said_to_be_rough() -> None:
    page = "Three shards of 25.0 GB take 78 GB.\n"
    assert judged(page, "78 GB", "3 × 25.0 GB").outcome is Outcome.REFUTED
    assert judged(page, "78 GB", "3 × 25.0 GB", op="≈").outcome is Outcome.BOUNDED


# Whatever a reader says

PLAIN = "The pool has 120 GPUs in 14 racks, 9 to a rack.\n\nOf the racks 5 are new; they hold 46 GPUs.\n"
MIXED = """The link has 400 Gb/s, 55 GB/s. With AdamW, 70B parameters in BF16 take 150 GB.

A run of 41 h on 96 cards costs $3,900; 62 % of the time is spent in kernels of 512 TFLOPS.
"""
BARE = "0 1 2 3 4 6 7 8 12 16 18 24 30 32 52 60 100 365 730 1000 1024 3600 8760 86400 0.5 1.5"
CONSTANTS = [*BARE.split(), "2 bytes", "8 bits", "100 %", "24 h", "6 FLOP", "60 minutes"]
_SIGNS = st.sampled_from(["+", "−", "×", "÷"])


def _expressions(numbers: list[str]) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(numbers) | st.sampled_from(CONSTANTS)

    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(
            lambda one, sign, two, form: form.format(one, sign, two), inner, _SIGNS, inner, st.sampled_from(["({} {} {})", "{} {} {}"])
        )

    return st.recursive(leaves, joined, max_leaves=5)


def _judgements(page: str, numbers: list[str], expr: str) -> list[Judgement]:
    entries = [Entry(at, 1, claim, "=", expr) for at, claim in enumerate(numbers)]
    return [each for each in docket(readings_of(entries, extract(parse(page, "plan.md"))).proposals) if each.outcome is not Outcome.OPEN]


@settings(max_examples=60, deadline=None)
@given(_expressions(["14", "9", "5", "46", "120"]))
def test_on_a_page_of_counts_everything_is_printed_but_ones_and_means(expr: str) -> None:
    for judgement in _judgements(PLAIN, ["120 GPUs", "14 racks", "9", "5", "46 GPUs"], expr):
        unprinted = [each.amount.value for each in uses(judgement.proposal.expression) if each.place is None]
        terms = len(re.findall(r"[+−]", expr)) + 1
        assert all(each in (0, 1) or each <= terms for each in unprinted), expr
        assert any(each.place for each in uses(judgement.proposal.expression)), expr


@settings(max_examples=60, deadline=None)
@given(_expressions(["400 Gb/s", "70B", "41 h", "96", "62 %", "512 TFLOPS", "150 GB"]))
def test_no_verdict_is_made_of_constants(expr: str) -> None:
    """What is judged has a number of the page in each of its sums; and what is said to be printed, is."""
    for judgement in _judgements(MIXED, ["55 GB/s", "150 GB", "41 h", "$3,900", "62 %"], expr):
        expression = judgement.proposal.expression
        assert not isinstance(expression, Use) or expression.place is not None
        assert any(each.place for each in uses(expression)), expr
        for each in uses(expression):
            if each.place is not None:
                printed = MIXED[each.place.span.start : each.place.span.end]
                assert re.findall(r"[\d.,]*\d", printed) == re.findall(r"[\d.,]*\d", each.amount.text), expr
            else:
                assert each.role == "a constant"
