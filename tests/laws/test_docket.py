"""The docket: one finding for one conflict, nothing derived from what is contradicted, everything kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stratlint.laws.docket import docket
from stratlint.laws.judge import Outcome
from stratlint.meaning.proposal import Proposal

Make = Callable[..., Proposal]


def outcomes(*proposals: Proposal) -> list[str]:
    return [each.outcome.value for each in docket(proposals)]


def test_everything_is_kept_in_order(proposal: Make) -> None:
    given = [proposal("12", "=", "3 × 4"), proposal("13", "=", "3 × 4", line=2), proposal("5 GB", "=", "2 s", line=3)]
    assert [each.proposal for each in docket(given)] == given
    assert outcomes(*given) == ["holds", "refuted", "open"]


def test_a_total_and_its_rest_are_one_conflict(proposal: Make) -> None:
    """74 = 29.4 + 37.6 and 37.6 = 74 − 29.4 say the same of the same three numbers."""
    places = {"29.4 GB": 2, "37.6 GB": 3, "74.0 GB": 1}
    total = proposal("74.0 GB", "=", "29.4 GB + 37.6 GB", line=1, places=places)
    rest = proposal("37.6 GB", "=", "74.0 GB − 29.4 GB", line=3, places=places)
    assert outcomes(total, rest) == ["refuted", "open"]
    assert outcomes(rest, total).count("refuted") == 1


def test_what_follows_from_a_contradicted_number_is_open_in_either_order(proposal: Make) -> None:
    wrong = proposal("65.5M", "=", "4,000 × 8,192", line=1)
    follows = proposal("32.8 GB", "=", "65.5M × 1,000 bytes", line=2, places={"65.5M": 1})
    assert outcomes(wrong, follows) == ["refuted", "open"]
    assert outcomes(follows, wrong) == ["open", "refuted"]
    (_, opened) = docket([wrong, follows])
    assert opened.reason == "its premise 65.5M (line 1) is contradicted"
    assert opened.doubted


def test_a_figure_of_several_digits_is_the_same_wherever_it_stands(proposal: Make) -> None:
    wrong = proposal("65.5M", "=", "4,000 × 8,192", line=1)
    follows = proposal("32.8 GB", "=", "65.5M × 1,000 bytes", line=9, places={"65.5M": 8})
    assert outcomes(wrong, follows) == ["refuted", "open"]


def test_two_mistakes_that_print_the_same_amount_are_two(proposal: Make) -> None:
    one = proposal("512 GB", "=", "3 × 128 GB", line=1)
    two = proposal("512 GB", "=", "7 × 64 GB", line=5)
    rests = proposal("4,096 GB", "=", "4 × 512 GB", line=9, places={"512 GB": 8})
    assert outcomes(one, two, rests) == ["refuted", "refuted", "refuted"]


def test_a_small_count_elsewhere_is_another_one(proposal: Make) -> None:
    wrong = proposal("8", "=", "3 × 3", line=1)
    other = proposal("24 GB", "=", "8 × 5 GB", line=9, places={"8": 8})
    assert outcomes(wrong, other) == ["refuted", "refuted"]


def test_a_missed_limit_does_not_make_the_number_wrong(proposal: Make) -> None:
    over = proposal("201.3 GB", "<=", "192 GB", line=1, places={"192 GB": 5})
    share = proposal("90 %", "=", "201.3 GB ÷ 192 GB", line=2, places={"201.3 GB": 1, "192 GB": 5})
    assert outcomes(over, share) == ["refuted", "refuted"]


def test_one_number_that_two_equalities_refute_is_told_once(proposal: Make) -> None:
    near = proposal("74.0 GB", "=", "29.4 GB + 42.6 GB", line=1)
    far = proposal("74.0 GB", "=", "72 GB", line=1, places={"72 GB": 30})
    assert outcomes(near, far) == ["refuted", "open"]
    assert outcomes(far, near) == ["open", "refuted"]


def test_of_two_statements_the_one_that_a_computation_supports_is_right(proposal: Make) -> None:
    """65.3 GB is recomputed, 56.6 GB is not: the finding stands at 56.6 GB, whichever was proposed as the claim."""
    supported = proposal("65.3 GB", "=", "60.82 GiB × 1", line=7)
    twice = proposal("65.3 GB", "=", "56.6 GB", line=7, places={"56.6 GB": 3})
    _, turned = docket([supported, twice])
    assert turned.outcome is Outcome.REFUTED
    assert turned.proposal.claim.amount.text == "56.6 GB"
    assert turned.computed == "65.3 GB"


def test_of_one_conflict_the_number_is_blamed_that_others_share(proposal: Make) -> None:
    """256 GPUs and a batch of 2,048 both ask for 32 replicas where 64 are stated: 64 is what is wrong, and it is told once."""
    at = {"256": 1, "64": 2, "2,048": 3}
    gpus = proposal("256", "=", "8 × 64", line=1, places=at)
    replicas = proposal("64", "=", "256 ÷ 8", line=2, places=at)
    batch = proposal("2,048", "=", "2 × 32 × 64", line=3, places=at)
    judged = docket([gpus, replicas, batch])
    assert [each.proposal.claim.amount.text for each in judged if each.outcome is Outcome.REFUTED] == ["64"]


def test_what_the_page_does_not_assert_blames_nobody(proposal: Make) -> None:
    quoted = proposal("65.5M", "=", "4,000 × 8,192", line=1, asserted=False)
    follows = proposal("32.8 GB", "=", "65.5M × 1,000 bytes", line=2, places={"65.5M": 1})
    assert outcomes(quoted, follows) == ["refuted", "refuted"]


def test_a_page_may_count_in_both_sizes_of_a_megabyte(proposal: Make) -> None:
    """Many relations that fit in decimal units do not make the one an error that fits in binary ones; a fixed reading does."""
    decimal = [proposal(f"{2 * n} GB", "=", f"{n}e9 × 2 bytes", line=n) for n in (21, 35, 48, 62)]
    binary = proposal("256 MB", "=", "64 × 2 × 1,024 × 2,048 bytes", line=90)
    assert outcomes(*decimal, binary)[-1] == "holds"
    assert docket([*decimal, binary], (False,))[-1].outcome is Outcome.REFUTED


def test_a_circle_of_contradictions_leaves_one(proposal: Make) -> None:
    at = {"13.5": 1, "11.5": 2, "9.25": 3}
    circle = [
        proposal("13.5", "=", "2 × 11.5", line=1, places=at),
        proposal("11.5", "=", "2 × 9.25", line=2, places=at),
        proposal("9.25", "=", "2 × 13.5", line=3, places=at),
    ]
    assert "refuted" in outcomes(*circle)


def test_the_docket_of_many_proposals_takes_no_square_of_their_number(proposal: Make) -> None:
    one = proposal("12", "=", "3 × 4")
    many = [replace(one, claim=replace(one.claim, place=None)) for _ in range(3_000)]
    assert len(docket(many)) == 3_000
    wrong = [proposal(f"{n}.5 GB", "=", f"3 × {n}.1 GB", line=n) for n in range(2, 1_500)]
    assert sum(each.outcome is Outcome.REFUTED for each in docket(wrong)) == len(wrong)
