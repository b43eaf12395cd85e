"""Transcribed relations become findings under the rule of their form, with their evidence, and statuses in the ledger."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve
from stratlint.meaning.entries import Entry
from stratlint.meaning.readings import readings_of
from stratlint.rules.engine import Judged, run_rules
from stratlint.rules.finding import Finding, Severity, Status
from stratlint.rules.registry import load_rules
from stratlint.rules.transcript import Transcript

PAGE = """# Racks for the imaging farm

There are 14 racks of 36 sleds, 504 sleds in all, and 486 sleds are fitted.

- Frame store: 2.25 TB per sled, 1,134 TB together
- Link: 200 Gb/s, that is 40 GB/s
- Work of a frame: 31.5 GFLOP, 6,350 PFLOP for all sleds together with 400 frames each
- A pass takes 84 ms, 61 ms after the change (45 % less)
- Lenses: 90, spread evenly over 36 benches
- Spare sleds: 18

## Budget

Spare sleds: 22. Peak draw is 410 W and stays below the limit of 380 W.
The rate is 128 boards × 50 frames/s.
"""


def judged(*entries: tuple[int, str, str, str] | tuple[int, str, str, str, str, str], page: str = PAGE) -> Judged:
    claims = extract(parse(page, "farm.md"))
    made = [Entry(number, *entry) for number, entry in enumerate(entries, 1)]  # type: ignore[arg-type]
    found = readings_of(made, claims, "farm.jsonl")
    assert found.rejected == ()
    return run_rules(resolve(claims), load_rules(), {}, Transcript(found.proposals, only=True))


def finding(*entry: object, page: str = PAGE) -> Finding:
    (found,) = judged(entry, page=page).findings  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("entry", "rule", "message"),
    [
        ((3, "486", "=", "14 × 36"), "wrong-product", "claims 486, but 14 × 36 = 504 (off by 3.6 %)"),
        ((3, "14", "=", "486 ÷ 36"), "", ""),
        ((3, "36", "=", "504 ÷ 18"), "wrong-quotient", "claims 36, but 504 ÷ 18 = 28 (off by 29 %)"),
        ((14, "22", "=", "504 − 486"), "wrong-sum", "claims 22, but 504 − 486 = 18 (off by 22 %)"),
        ((8, "45 %", "=", "1 − 61 ms ÷ 84 ms"), "wrong-change", "claims 45 %, but 1 − 61 ms ÷ 84 ms = 27.4 % (off by 64 %)"),
        ((8, "45 %", "=", "61 ms ÷ 84 ms × 100"), "wrong-percentage", "claims 45 %, but 61 ms ÷ 84 ms × 100 = 72.6 % (off by 38 %)"),
        ((6, "40 GB/s", "=", "200 Gb/s"), "wrong-conversion", "claims 40 GB/s, but line 6 states 200 Gb/s = 25 GB/s (off by 60 %)"),
        (
            (7, "6,350 PFLOP", "=", "504 × 31.5 GFLOP × 400"), "magnitude-slip",
            "claims 6,350 PFLOP, but 504 × 31.5 GFLOP × 400 = 6.35 PFLOP; the claim is too large by a factor of one thousand",
        ),
        ((14, "22", "=", "18"), "stated-twice", "claims 22, but line 10 states 18 (off by 22 %)"),
        ((14, "410 W", "<=", "380 W"), "limit-missed", "claims that 410 W is at most 380 W, but it is more"),
        ((14, "380 W", ">=", "410 W"), "limit-missed", "claims that 380 W is at least 410 W, but it is less"),
        ((9, "90", "divides", "36"), "does-not-divide", "claims that 90 split evenly over 36, but 90 ÷ 36 = 2.5"),
    ],
)  # fmt: skip
def test_the_name_of_a_finding_is_its_form(entry: tuple[int, str, str, str], rule: str, message: str) -> None:
    found = judged(entry).findings
    assert [(each.rule, each.message, each.severity) for each in found] == ([(rule, message, Severity.ERROR)] if rule else [])


def test_a_finding_shows_premises_readings_and_who_read_it() -> None:
    found = finding(5, "1,134 TB", "=", "486 × 2.25 TB", "product", "all fitted sleds")
    assert found.location.text == "1,134 TB"
    assert (found.claimed, found.computed) == ("1,134 TB", "1,093.5 TB")
    assert found.formula == "486 × 2.25 TB = 1,093.5 TB"
    assert [(place.line, place.text.split()[0]) for place in found.related if place.path] == [(3, "486"), (5, "2.25")]
    assert found.read_by is not None
    assert (found.read_by.name, found.read_by.line, found.read_by.why) == ("farm.jsonl", 1, "all fitted sleds")
    assert found.readings[0].name == "as written"
    assert not any(reading.fits for reading in found.readings)


def test_a_repair_is_offered_only_where_one_is_left() -> None:
    assert finding(3, "486", "=", "14 × 36").suggestion is None
    slip = (7, "31.5 GFLOP", "=", "6,350 PFLOP ÷ 504 ÷ 400")
    assert finding(*slip).suggestion is None  # 6,350 TFLOP would do as well
    slip = finding(*slip, page=f"{PAGE}\nThe farm has done 6,350 PFLOP.\n")
    assert slip.suggestion is not None
    assert slip.suggestion.replacement == "31.5 TFLOP"


def test_an_equality_verifies_its_claim_and_nothing_else() -> None:
    ledger = judged((3, "504", "=", "14 × 36")).ledger
    assert {entry.location.text: entry.status for entry in ledger}["504"] is Status.VERIFIED
    assert [entry.location.text for entry in ledger if entry.status is not Status.NOT_CHECKED] == ["504"]


def test_a_number_that_is_only_repeated_is_consistent() -> None:
    page = PAGE.replace("Spare sleds: 22", "Spare sleds: 18")
    statuses = {(entry.location.line, entry.location.text): entry.status for entry in judged((14, "18", "=", "18"), page=page).ledger}
    assert statuses[14, "18"] is Status.CONSISTENT


def test_a_bound_that_is_kept_is_consistent() -> None:
    ledger = judged((14, "380 W", "<=", "410 W")).ledger
    assert {entry.location.text: entry.status for entry in ledger}["380 W"] is Status.CONSISTENT


def test_a_number_of_which_anything_is_refuted_is_never_verified() -> None:
    """486 is right by its parts and wrong by the racks; the second finding is told at the racks already."""
    entries = ((3, "486", "=", "504 − 18"), (3, "486", "=", "14 × 36"), (3, "486", "=", "14 × 36 × 1"))
    ledger = judged(*entries).ledger
    assert {entry.location.text: entry.status for entry in ledger}["486"] is Status.CONTRADICTED


def test_a_number_that_one_equality_gives_and_another_only_bounds_is_not_verified() -> None:
    """A total that its coarse parts miss by more than a percent may be wrong although its share is right."""
    page = "Parts of 35 GB, 2.8 GB and 1.5 GB: 39.8 GB of 80 GB, 49.75 %.\n"
    share, parts = (1, "39.8 GB", "=", "49.75 % × 80 GB"), (1, "39.8 GB", "=", "35 GB + 2.8 GB + 1.5 GB")
    for entries, expected in (((share,), Status.VERIFIED), ((share, parts), Status.CONSISTENT)):
        statuses = {entry.location.text: entry.status for entry in judged(*entries, page=page).ledger}
        assert statuses["39.8 GB"] is expected


def test_only_the_judge_speaks_when_only_readings_are_wanted() -> None:
    page = PAGE + "\nWeights: 30B × 2 bytes = 80 GB\n"
    assert [each.rule for each in judged((14, "22", "=", "18"), page=page).findings] == ["stated-twice"]


def test_a_guessed_place_is_a_warning() -> None:
    """The claim is not on the line that the reader names: it counts where it stands, but nothing is proved of it."""
    (found,) = judged((30, "22", "=", "504 − 486")).findings
    assert (found.location.line, found.severity) == (14, Severity.WARNING)


def test_published_figures_are_told_as_such() -> None:
    page = "# Nodes\n\n| Device | Memory bandwidth |\n|---|---|\n| H100 SXM | 2.55 TB/s |\n"
    (found,) = judged((5, "2.55 TB/s", "=", "3.35 TB/s", "published fact", ""), page=page).findings
    assert found.rule == "device-figure"
    assert found.message == ("claims 2.55 TB/s, but published: memory bandwidth of H100-SXM5-80GB is 3.35 TB/s (off by 24 %)")


def test_a_number_repeated_with_what_changes_nothing_is_not_verified() -> None:
    page = "The pool has 500 slots.\n\nOf them, 500 slots are on.\n"
    first, second = judged((1, "500 slots", "=", "500 × 1"), page=page).ledger
    assert first.status is Status.CONSISTENT
    assert second.status is not Status.VERIFIED


def test_a_bound_that_is_kept_is_shown_as_one() -> None:
    assert [each.derivation for each in judged((3, "486", "<=", "504")).ledger if each.location.text == "486"] == ["486 ≤ 504"]
