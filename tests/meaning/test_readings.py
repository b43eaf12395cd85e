"""Files of readings: what is read, what is rejected and why, and that no reading makes an error that the page does not hold."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.docket import docket
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.entries import Entry
from stratlint.meaning.proposal import Use, uses
from stratlint.meaning.readings import Readings, readings_of

PAGE = """# Sizing of the archive cluster

Six racks hold 42 drives each, 252 drives in all. A drive has 18 TB; the raw capacity is 5,136 TB.

- Stripe width: 12 drives, layout R12
- Usable share: 83.3 %
- Rebuild reads 0.25 PB at 1.6 GB/s (~2 days)

| Pool | Size (TB) | Share |
|---|---|---|
| hot | 1,200 | 26.5 % |
| cold | 3,336 | 73.5 % |

A GPU sidecar (H100) has 80 GB and moves 3.35 TB/s. Peak ingest stays below 40 GB/s.

## Later

The pool grows to 2.4 × 10³ TB; drives stay at 18 TB.
"""


def read(*entries: tuple[int, str, str, str] | tuple[int, str, str, str, str], page: str = PAGE) -> Readings:
    """Entries as (line, claim, op, expr, kind) about a page."""
    made = [Entry(number, *entry) for number, entry in enumerate(entries, 1)]  # type: ignore[arg-type]
    return readings_of(made, extract(parse(page, "plan.md")), "plan.jsonl")


def judged(*entries: tuple[int, str, str, str] | tuple[int, str, str, str, str]) -> list[Judgement]:
    found = read(*entries)
    assert found.rejected == ()
    return list(docket(found.proposals))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ((3, "252", "=", "6 × 42"), "holds"),
        ((3, "Six", "=", "252 ÷ 42"), "holds"),
        ((3, "5,136 TB", "=", "252 × 18 TB"), "refuted"),
        ((5, "12 drives", "=", "12"), "holds"),
        ((6, "83.3 %", "=", "10 ÷ 12"), None),
        ((7, "2 days", "=", "0.25 PB ÷ 1.6 GB/s"), "holds"),
        ((11, "1,200 TB", "<=", "3,336 TB"), "bounded"),
        ((11, "26.5 %", "=", "1,200 ÷ (1,200 + 3,336) × 100"), "holds"),
        ((12, "73.5 %", "=", "3,336 TB ÷ 5,136 TB × 100 %"), "refuted"),
        ((14, "80 GB", "=", "80 GB", "published fact"), "holds"),
        ((14, "3.35 TB/s", "=", "3.35 TB/s", "published fact"), "holds"),
        ((18, "2.4e3 TB", "=", "2 × 1,200 TB"), "holds"),
        ((18, "18 TB", "=", "18 TB"), "holds"),
        ((3, "252 drives", "divides", "12"), "bounded"),
    ],
)
def test_an_entry_is_judged_or_rejected(entry: tuple[int, str, str, str], expected: str | None) -> None:
    found = read(entry)
    outcomes = [each.outcome.value for each in docket(found.proposals)]
    assert outcomes == ([] if expected is None else [expected])
    assert len(found.rejected) == (expected is None)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ((3, "251", "=", "6 × 42"), "a claim that is not on the page"),
        ((3, "252", "=", "7 × 36"), "a number that is not on the page"),
        ((3, "252", "=", "252"), "a claim against its own only occurrence"),
        ((3, "252", "=", "all of them"), "no relation between numbers"),
        ((3, "252 drives or more 3", "=", "6 × 42"), "no relation between numbers"),
        ((3, "252 kWh", "=", "6 × 42"), "a unit that is not on the page"),
        ((3, "252", "=", "6 × 42 kWh"), "a unit that is not on the page"),
        ((14, "80 GB", "=", "96 GB", "published fact"), "no figure of the catalog"),
    ],
)
def test_what_the_page_does_not_hold_is_rejected_with_a_reason(entry: tuple[int, str, str, str], reason: str) -> None:
    (rejection,) = read(entry).rejected
    assert rejection.reason == reason
    assert rejection.number == 1
    assert rejection.detail


def test_a_unit_that_the_page_prints_is_not_another_one() -> None:
    """`18 GB` is not `18 TB`, whoever says so."""
    assert [each.reason for each in read((3, "5,136 TB", "=", "252 × 18 GB")).rejected] == ["a number that is not on the page"]


def test_an_operand_is_its_nearest_occurrence_and_stands_on_a_line() -> None:
    near, far = judged((18, "18 TB", "=", "18 TB"), (3, "5,136 TB", "=", "252 × 18 TB"))
    assert [use.place.line for use in uses(near.proposal.expression) if use.place] == [3]
    assert [use.place.line for use in uses(far.proposal.expression) if use.place] == [3, 3]


def test_a_claim_counts_at_the_nearest_place_where_its_line_has_none() -> None:
    (found,) = judged((9, "252", "=", "6 × 42"))
    assert found.proposal.claim.place is not None
    assert found.proposal.claim.place.line == 3
    assert not found.proposal.forced  # the place was guessed


def test_signs_before_a_number_belong_to_it() -> None:
    """`~2 days` may be a tenth off; `below 40 GB/s` is none of the signs."""
    (days,) = judged((7, "2 days", "=", "0.25 PB ÷ 1.6 GB/s"))
    assert days.proposal.claim.amount.approximate


@pytest.mark.parametrize(("price", "outcome"), [("0.125", Outcome.HOLDS), ("0.25", Outcome.REFUTED)])
def test_prices_per_time_and_per_thing_have_units(price: str, outcome: Outcome) -> None:
    page = f"| Card | $/h | Mtok/h | $/Mtok |\n|---|---|---|---|\n| A | 0.90 | 7.20 | {price} |\n"
    (found,) = docket(read((3, f"{price} $/Mtok", "=", "0.90 $/h ÷ 7.20 Mtok/h"), page=page).proposals)
    assert found.outcome is outcome


def test_a_number_with_the_other_sign_is_another_number() -> None:
    page = "The delay changed by −12 ms.\n\nA replica takes 12 requests/s of 500 tokens: 6,000 tokens/s.\n"
    (found,) = read((3, "6,000 tokens/s", "=", "12 × 500 tokens"), page=page).proposals
    assert [use.amount.value for use in uses(found.expression)] == [12, 500]


def test_a_reader_may_say_that_the_page_takes_a_figure_roughly() -> None:
    page = "Archives\n\nFour sites keep 1,200 TB each; 4 of them hold 4,900 TB.\n"
    plain, loose = (read((3, "4,900 TB", "=", "4 × 1,200 TB", kind), page=page) for kind in ("product", "product (rounded)"))
    assert [docket(each.proposals)[0].outcome for each in (plain, loose)] == [Outcome.REFUTED, Outcome.BOUNDED]


def test_published_figures_come_from_the_devices_that_the_page_names() -> None:
    (figure,) = judged((14, "3.35 TB/s", "=", "3.35 TB/s", "published fact"))
    assert isinstance(figure.proposal.expression, Use)
    assert figure.proposal.expression.role == "published: memory bandwidth of H100-SXM5-80GB"
    other = read((14, "80 GB", "=", "80 GB", "published fact"), page=PAGE.replace("H100", "Alveo"))
    assert [each.reason for each in other.rejected] == ["no figure of the catalog"]


def test_any_figure_in_honest_use_saves_a_claim() -> None:
    """80 GB are what the label says; a claim that takes them for GiB is no contradiction."""
    page = PAGE.replace("has 80 GB", "has 85.9 GB")
    (found,) = docket(read((14, "85.9 GB", "=", "80 GB", "published fact"), page=page).proposals)
    assert found.outcome in (Outcome.HOLDS, Outcome.BOUNDED)


def test_sides_of_a_division_may_be_exchanged_unless_the_page_divides_them() -> None:
    page = "The 8 shards go over 32 queues, 0.25 of one each.\n\nThe 4 lanes serve 96 tiles.\n"
    exchanged = docket(read((3, "4", "divides", "96"), page=page).proposals)
    meant = docket(read((1, "8 shards", "divides", "32"), (1, "0.25", "=", "8 ÷ 32"), page=page).proposals)
    assert exchanged[0].outcome is Outcome.BOUNDED
    assert meant[0].outcome is Outcome.REFUTED


def test_what_is_struck_out_or_quoted_as_a_mistake_is_not_asserted() -> None:
    page = "Each rack holds ~~40 drives~~ 42 drives; 6 racks hold 252 drives.\n"
    (found,) = read((1, "40 drives", "=", "252 ÷ 6"), page=page).proposals
    assert not found.asserted


# Whatever a file says

_NUMBERS = ["252", "6", "42", "18 TB", "5,136 TB", "12", "83.3 %", "0.25 PB", "1.6 GB/s", "2 days", "1,200", "3,336 TB", "26.5 %", "80 GB",
            "7", "99 TB", "1e400", "0", "31", "9" * 50, "-5", "2", "100", "1024", "half", "R12", "x"]  # fmt: skip
_CLAIMS = st.sampled_from(_NUMBERS) | st.text(max_size=12)
_EXPRESSIONS = st.recursive(
    st.sampled_from(_NUMBERS),
    lambda inner: st.builds(
        lambda one, sign, two, bracket: f"({one} {sign} {two})" if bracket else f"{one} {sign} {two}",
        inner, st.sampled_from(["+", "−", "×", "÷", "/", "*"]), inner, st.booleans(),
    ),
    max_leaves=6,
) | st.text(max_size=20)  # fmt: skip
_ENTRIES = st.builds(
    Entry, st.just(1), st.integers(1, 30), _CLAIMS, st.sampled_from(["=", "<=", ">=", "divides"]), _EXPRESSIONS,
    st.sampled_from(["product", "published fact", "rounded"]),
)  # fmt: skip
_SET = extract(parse(PAGE, "plan.md"))


@settings(max_examples=150, deadline=None)
@given(st.lists(_ENTRIES, max_size=6))
@example([Entry(1, 3, "5,136 TB", "=", "252 × 18 TB")])
def test_no_reading_makes_an_error_that_cannot_be_recomputed_from_the_page(entries: list[Entry]) -> None:
    """Every number of a refuted relation stands on the page, where its place says, or is a constant or a published figure."""
    lines = PAGE.split("\n")
    for judgement in docket(readings_of(entries, _SET).proposals):
        if judgement.outcome is not Outcome.REFUTED:
            continue
        proposal = judgement.proposal
        assert proposal.claim.place is not None
        for use in (proposal.claim, *uses(proposal.expression)):
            if use.place is None:
                assert use.role == "a constant" or use.role.startswith("published"), use
            else:
                printed = PAGE[use.place.span.start : use.place.span.end]
                assert printed
                assert printed.split("\n")[0] in lines[use.place.line - 1]
        assert judgement.formula
        assert judgement.computed
