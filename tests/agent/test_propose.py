"""A reading of an agent: judged like every other proposal, kept when it stands on the page, never believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stratlint.agent.answers import JudgedOut, ObjectionIn, ProposeAnswer, ReadingIn
from stratlint.agent.folder import Refusal
from stratlint.agent.tools import Tools
from stratlint.readers.file import load_file

FILE = ".stratlint/readings/plan.md.yaml"
ROWS = ReadingIn(3, "418", "=", "17 × 24", "product", "rows of cabinets")
BLADES = ReadingIn(7, "1,224", "=", "17 × 24 × 3", why="blades of all fans")
FANS = ReadingIn(7, "3", "=", "1,224 ÷ 408")


def propose(
    tools: Tools, *readings: ReadingIn, write: bool = False, reader: str = "agent", objections: tuple[ObjectionIn, ...] = ()
) -> ProposeAnswer:
    return tools.propose("plan.md", list(readings), list(objections), reader=reader, prompt="1", write=write)


def one(tools: Tools, *reading: int | str) -> JudgedOut:
    (judged,) = propose(tools, ReadingIn(*reading)).judged  # type: ignore[arg-type]
    return judged


def test_a_refuted_reading_has_its_arithmetic_and_its_finding(tools: Tools) -> None:
    judged = propose(tools, ROWS).judged[0]
    assert (judged.outcome, judged.severity, judged.computed) == ("refuted", "error", "408")
    assert "17 × 24 = 408" in judged.message


def test_what_holds_holds(tools: Tools) -> None:
    assert propose(tools, BLADES).judged[0].outcome == "holds"
    assert propose(tools, ReadingIn(3, "24", "<=", "418")).judged[0].outcome == "bounded"


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        ((3, "418", "=", "19 × 22"), "'19' is neither on the page"),
        ((3, "999", "=", "17 × 24"), "'999' is not on the page"),
        ((3, "418", "~", "17 × 24"), "not of the asked form"),
        ((0, "418", "=", "17 × rows"), "no relation between numbers"),
        ((3, "", "=", "17 × 24"), "not of the asked form"),
        ((3, "418", "=", "17 × " * 900 + "24"), "not of the asked form"),
    ],
)
def test_a_rejected_reading_says_why(reading: tuple[int | str, ...], reason: str, tools: Tools) -> None:
    judged = one(tools, *reading)
    assert judged.outcome == "rejected"
    assert reason in judged.reason


def test_outcomes_come_in_the_order_given_whatever_was_rejected(tools: Tools) -> None:
    answer = propose(tools, ReadingIn(3, "5", "=", "6"), ROWS, ReadingIn(3, "418", "?", "1"), BLADES, ROWS)
    assert [each.outcome for each in answer.judged] == ["rejected", "refuted", "rejected", "holds", "refuted"]
    assert [each.reading for each in answer.judged] == [0, 1, 2, 3, 4]
    assert answer.outcomes == {"holds": 1, "refuted": 2, "rejected": 2}


def test_a_wrong_line_is_put_right(folder: Path, tools: Tools) -> None:
    far = ReadingIn(400, "1,224", "=", "17 × 24 × 3")
    assert propose(tools, far, write=True).judged[0].line == 7
    (block,) = load_file(folder / FILE).blocks
    assert (block.first, block.readings[0].line) == (5, 3)


def test_nothing_is_written_unless_it_is_asked_for(folder: Path, tools: Tools) -> None:
    assert propose(tools, ROWS).written == ""
    assert sorted(each.name for each in folder.iterdir()) == [".git", "plan.md"]


def test_what_is_grounded_is_kept_for_the_next_check(folder: Path, tools: Tools) -> None:
    before = (folder / "plan.md").read_bytes()
    answer = propose(tools, BLADES, ReadingIn(3, "418", "=", "19 × 22"), write=True, objections=(ObjectionIn(3, "418", "a draft"),))
    assert answer.written == FILE
    kept = load_file(folder / FILE)
    assert (kept.reader, kept.prompt) == ("agent", "1")
    assert [(each.claim, each.expr) for block in kept.blocks for each in block.readings] == [("1,224", "17 × 24 × 3")]
    assert [(each.claim, each.why) for block in kept.blocks for each in block.objections] == [("418", "a draft")]
    assert (folder / "plan.md").read_bytes() == before


def test_check_judges_what_is_kept_and_says_who_read_it(folder: Path, tools: Tools) -> None:
    """The relation is one that only the agent reads; its own objection beside it hides nothing."""
    (folder / "plan.md").write_text("The halls hold 412. There are 17 in the east wing, with 24 to each of those.\n", encoding="utf-8")
    assert tools.check("plan.md").clean
    reading, objection = ReadingIn(1, "412", "=", "17 × 24"), ObjectionIn(1, "412", "of last year")
    told = propose(tools, reading, write=True, objections=(objection,)).judged[0]
    (finding,) = tools.check("plan.md").findings
    assert (finding.read_by, finding.severity, finding.message) == ("agent", told.severity, told.message)
    assert finding.disputed == ["agent: of last year"]
    assert "- disputed by: agent" in tools.check("plan.md").instructions


def test_readings_lie_with_the_configuration_also_above_the_working_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "docs").mkdir()
    (folder / "stratlint.toml").write_text("")
    (folder / "plan.md").rename(folder / "docs" / "plan.md")
    monkeypatch.chdir(folder / "docs")
    inner = Tools(folder / "docs")
    assert propose(inner, BLADES, write=True).written == "../.stratlint/readings/docs/plan.md.yaml"
    assert "1,224" in [each.text for each in inner.claims("plan.md", everything=True).claims if each.status == "verified"]


def test_readings_of_several_calls_come_together_each_once(folder: Path, tools: Tools) -> None:
    propose(tools, ROWS, write=True, reader="one")
    propose(tools, ROWS, BLADES, write=True, reader="two")
    kept = load_file(folder / FILE)
    assert kept.reader == "one, two"
    assert [each.claim for block in kept.blocks for each in block.readings] == ["418", "1,224"]


def test_readings_of_text_that_is_gone_are_dropped_and_counted(folder: Path, tools: Tools) -> None:
    propose(tools, ROWS, BLADES, write=True)
    page = (folder / "plan.md").read_text(encoding="utf-8")
    (folder / "plan.md").write_text(page.replace("418", "408"), encoding="utf-8")
    answer = propose(tools, FANS, write=True)
    assert answer.dropped == 1
    kept = load_file(folder / FILE)
    assert sorted(each.claim for block in kept.blocks for each in block.readings) == ["1,224", "3"]


def test_a_file_that_cannot_be_understood_is_not_overwritten(folder: Path, tools: Tools) -> None:
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_text("version: 7\nblocks: []\n")
    with pytest.raises(Refusal, match=r"plan.md.yaml:1"):
        propose(tools, ROWS, write=True)
    assert (folder / FILE).read_text() == "version: 7\nblocks: []\n"


def test_the_configuration_cannot_send_the_file_elsewhere(folder: Path, tools: Tools) -> None:
    (folder / "stratlint.toml").write_text('readings-dir = "../elsewhere"\n')
    with pytest.raises(Refusal, match="outside of the project"):
        propose(tools, ROWS, write=True)
    assert not (folder.parent / "elsewhere").exists()


def test_hostile_words_end_as_words(folder: Path, tools: Tools) -> None:
    """A reading is data: no key of the file, no setting and no comment comes of it."""
    evil = 'x", expr: "1"}\nreader: "root"\n<!-- stratlint: file-ignore[ALL]: x -->\u202e\x1b[2J'
    answer = propose(tools, ReadingIn(3, "418", "=", "17 × 24", evil, evil), write=True)
    assert answer.judged[0].outcome == "refuted"
    kept = load_file(folder / FILE)
    assert kept.reader == "agent"
    assert "\x1b" not in (folder / FILE).read_text(encoding="utf-8")
    assert tools.check("plan.md").errors == 1


def test_too_many_at_once_are_refused(tools: Tools) -> None:
    with pytest.raises(Refusal, match="at most"):
        propose(tools, *[ROWS] * 5_001)


NUMBERS = st.sampled_from(["17", "24", "418", "3", "1,224", "612 kg", "408", "72", "5", "2", "100 %", "8", "7 GB", "rows"])
EXPRESSIONS = st.recursive(NUMBERS, lambda each: st.tuples(each, st.sampled_from("+-×÷/^"), each).map(" ".join), max_leaves=4)
READINGS = st.builds(ReadingIn, st.integers(-2, 12), NUMBERS, st.sampled_from(["=", "<=", ">=", "divides", "≤"]), EXPRESSIONS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(READINGS, max_size=5))
@example([ROWS])
def test_no_error_rests_on_a_number_that_the_page_does_not_print(tools: Tools, readings: list[ReadingIn]) -> None:
    page = Path("plan.md").read_text(encoding="utf-8")
    for judged in propose(tools, *readings).judged:
        if judged.severity == "error":
            assert judged.claim in page
            assert not {"408", "72", "5", "7"} & set(judged.expr.split())  # neither on the page nor constants
