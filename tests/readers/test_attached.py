"""Readings of a page: whatever they say, what is found without them stays, and what they add is recomputed from the page's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.checking import check_document
from stratlint.config.settings import Settings
from stratlint.document import parse
from stratlint.meaning.entries import ReadingsError
from stratlint.readers.attached import attached, objection_keys, read_content
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, dump_file
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Severity
from stratlint.transcripts import Content

PAGE = """\
# Cluster

- Racks: 17, of 9 kinds
- The weights take 40 GB and the cache 25 GB, 80 GB in total.

| part | size |
|---|---|
| a | 12 GB |
| b | 31 GB |
| total | 44 GB |

Storage: 6 TB × 3 = 21 TB

We ran three jobs for 5 hours, 15 hours in all; 60 % of them at night.
"""
DOCUMENT = parse(PAGE, "plan.md")
LINES = PAGE.count("\n")
CLAIM = st.sampled_from(
    ["17", "9", "40 GB", "25 GB", "80 GB", "12 GB", "31 GB", "44 GB", "6 TB", "5 hours", "15 hours", "three", "60 %", "77 GB", "a", ""]
)
EXPR = st.one_of(
    CLAIM,
    st.tuples(CLAIM, st.sampled_from([" + ", " − ", " × ", " ÷ "]), CLAIM).map("".join),
    st.tuples(CLAIM, CLAIM, CLAIM).map(" + ".join),
    st.text(max_size=12),
)
READING = st.builds(
    Reading, st.integers(1, LINES + 2), st.one_of(CLAIM, st.text(max_size=6)), st.sampled_from(["=", "<=", ">=", "divides"]), EXPR,
    st.sampled_from(["", "sum", "approximate", "published figure"]),
)  # fmt: skip
OBJECTION = st.builds(Objection, st.integers(1, LINES + 2), CLAIM, st.text(max_size=9))
CONSTANTS = {"2", "8", "10", "60", "24", "100", "1000", "1024", "3600", "1,000", "1,024", "3,600"}


def block(*readings: Reading, objections: tuple[Objection, ...] = (), page: str = PAGE) -> BlockReadings:
    (only,) = page_blocks(parse(page))
    return BlockReadings(only.hash, only.first, readings, objections)


def checked(*readings: Reading, objections: tuple[Objection, ...] = ()) -> DocumentReport:
    file = ReadingsFile((block(*readings, objections=objections),), "1", "somebody")
    return check_document(DOCUMENT, Settings(), Content("r.yaml", dump_file(file).encode()))


ALONE = check_document(DOCUMENT, Settings())


@settings(max_examples=40, deadline=None)
@given(st.lists(READING, max_size=6), st.lists(OBJECTION, max_size=3))
def test_what_readings_add_is_recomputed_from_the_page_and_takes_nothing_away(readings: list[Reading], objections: list[Objection]) -> None:
    report = checked(*readings, objections=tuple(objections))
    own = [(each.rule, each.location, each.severity, each.message) for each in report.findings if each.read_by is None]
    proved = {(each.rule, each.location) for each in report.findings if each.read_by is not None and each.severity is Severity.ERROR}
    assert own == [
        (each.rule, each.location, each.severity, each.message)
        for each in ALONE.findings
        if each.severity is Severity.ERROR or (each.rule, each.location) not in proved  # what was doubted is proved now
    ]
    for finding in report.findings:
        if finding.read_by is None or finding.severity is not Severity.ERROR:
            continue
        for place in (finding.location, *finding.related):
            assert PAGE[place.start : place.end] == place.text
        operands = finding.formula.rpartition(" = ")[0] or finding.formula
        quoted = " ".join([finding.location.text, *(each.text for each in finding.related)])
        for number in re.findall(r"\d[\d,.]*", operands):
            assert number in quoted or number in CONSTANTS, finding.formula


def test_there_are_findings_of_both_kinds_to_speak_of() -> None:
    report = checked(Reading(14, "15 hours", "=", "17 × 9"))
    assert [each.read_by is None for each in report.findings] == [True, True, False]


def test_a_number_of_both_is_our_own() -> None:
    """No reader is needed for what our own reader sees, and nobody else is blamed for it."""
    report = checked(Reading(12, "21 TB", "=", "6 TB × 3"))
    assert [each.read_by for each in report.findings] == [None, None]
    assert {each.read_by for each in report.ledger} == {""}


def test_what_our_own_reader_only_doubts_is_told_once_as_proved_by_a_reading() -> None:
    report = checked(Reading(4, "80 GB", "=", "40 GB + 25 GB"))
    said = [(each.severity, each.read_by is None) for each in report.findings if each.claimed == "80 GB"]
    assert [(each.severity, each.read_by is None) for each in ALONE.findings if each.claimed == "80 GB"] == [(Severity.WARNING, True)]
    assert said == [(Severity.ERROR, False)]


def test_an_objection_disputes_findings_on_its_number_alone() -> None:
    report = checked(objections=(Objection(4, "80 GB", "of both halls"), Objection(4, "80", "and again"), Objection(3, "80 GB", "nowhere")))
    assert {each.claimed: [one.by.why for one in each.disputed] for each in report.findings} == {
        "80 GB": ["of both halls", "and again"], "21 TB": [],
    }  # fmt: skip
    assert [each.reason for each in report.unused] == ["an objection to what is not on the page"]
    assert report.ledger == ALONE.ledger


def test_an_objection_to_words_is_found_by_them() -> None:
    """A verdict mark is no number."""
    document = parse("# A\n\n- Memory: 90 GB of 80 GB ✅\n", "a.md")
    words = BlockReadings(page_blocks(document)[0].hash, 1, (), (Objection(3, "✅", "of the other card"),))
    report = check_document(document, Settings(), Content("r.yaml", dump_file(ReadingsFile((words,))).encode()))
    assert report.unused == ()


def test_two_blocks_of_the_same_text_have_readings_each() -> None:
    page = "# A\n\n5 + 6 = 11\n\n# A\n\n5 + 6 = 11\n"
    blocks = page_blocks(parse(page))
    file = ReadingsFile(tuple(BlockReadings(each.hash, each.first, (Reading(3, "11", "=", f"5 + {n}"),)) for n, each in enumerate(blocks)))
    entries = attached(dump_file(file).encode(), "r.yaml", parse(page)).entries
    assert [(each.line, each.expr) for each in entries] == [(3, "5 + 0"), (7, "5 + 1")]


def test_the_key_of_an_objection_is_that_of_its_block_and_words() -> None:
    def keys(*objections: Objection, page: str = PAGE) -> frozenset[str]:
        return objection_keys(dump_file(ReadingsFile((block(objections=objections, page=page),))).encode(), "r.yaml")

    one, two = Objection(4, "80 GB", "a"), Objection(4, "80 GB", "b")
    assert keys(one) < keys(two, one)
    assert keys(one) != keys(one, page=PAGE.replace("44 GB", "45 GB"))
    assert objection_keys(b"", "r.jsonl") == objection_keys(b"[", "r.yaml") == frozenset()


def test_files_that_are_none_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b" " * ((16 << 20) + 1))
    for name in ("missing", "large", "."):
        with pytest.raises(ReadingsError) as problem:
            read_content(tmp_path / name)
        assert "\n" not in str(problem.value)
