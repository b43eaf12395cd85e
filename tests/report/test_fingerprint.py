"""A finding keeps its fingerprint while its claim stands."""

from __future__ import annotations

from dataclasses import replace

from stratlint.report.fingerprint import fingerprints, with_path
from stratlint.rules.finding import Finding, Location, Severity

PLACE = Location("a.md", 10, 18, 3, 1, 3, 9, "claim", "**76.11 GB**")
FINDING = Finding("capacity-exceeded", Severity.ERROR, "high", "m", PLACE, section=("Plan", "2. Memory"))


def one(finding: Finding) -> str:
    return fingerprints([finding])[0]


def test_it_survives_moves_rewording_and_renumbering() -> None:
    moved = replace(PLACE, path="b.md", start=99, end=107, line=40, column=7, end_line=40, text="76.11  GB")
    same = replace(FINDING, location=moved, message="other", section=("Plan", "3.1 *Memory*"), help="h")
    assert one(same) == one(FINDING)


def test_it_goes_with_the_number_the_rule_and_the_section() -> None:
    others = [
        replace(FINDING, location=replace(PLACE, text="76.12 GB")),
        replace(FINDING, rule="other-rule"),
        replace(FINDING, section=("Plan", "Latency")),
    ]
    assert len({one(FINDING), *map(one, others)}) == 4


def test_equals_are_numbered() -> None:
    prints = fingerprints([FINDING, FINDING, FINDING])
    assert len(set(prints)) == 3
    assert prints[0] == one(FINDING)


def test_the_path_makes_it_unique_over_documents() -> None:
    assert with_path(one(FINDING), "a.md") != with_path(one(FINDING), "b.md")


def test_it_is_the_same_for_ever() -> None:
    # Baselines are kept in repositories: a change here needs a new SCHEME.
    assert one(FINDING) == "8b65a7170037e6edcb5dc060b00f7bd9"
