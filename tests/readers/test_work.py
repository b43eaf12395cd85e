"""Reading one document: what is unchanged is not read again, what is cut off is read by halves, and the budget holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Reading, ReadingsFile, load_file
from stratlint.readers.prompt import prompt
from stratlint.readers.reader import ReaderError, Reply, Request
from stratlint.readers.work import Budget, BudgetSpentError, NotOursError, Work

PAGE = "# One\n\nSix hosts of 8 cards are 48 cards.\n\n# Words\n\nNone.\n\n# Two\n\nEach of 48 draws 90 W, in all 4.32 kW.\n"
ONE = {"line": 3, "claim": "48", "op": "=", "expr": "6 × 8", "kind": "product", "why": ""}
TWO = {"line": 11, "claim": "4.32 kW", "op": "=", "expr": "48 × 90 W", "kind": "product", "why": ""}
NAME = "test:reader"


class Fake:
    """Answers by a function of what it is asked; remembers the pages."""

    name = NAME

    def __init__(self, answer: Callable[[Request], str | Reply]) -> None:
        self.asked: list[Request] = []
        self._answer = answer

    def read(self, request: Request) -> Reply:
        self.asked.append(request)
        said = self._answer(request)
        return said if isinstance(said, Reply) else Reply(said, 100, 50)


def everything(request: Request) -> str:
    return json.dumps({"readings": [ONE, TWO], "objections": []})


def work(target: Path, existing: ReadingsFile | None = None, page: str = PAGE, reader: str = NAME) -> Work:
    return Work(parse(page), existing, reader, prompt(), target)


def test_an_unchanged_block_keeps_its_readings_and_is_not_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "plan.md.yaml"
    work(target).read(Fake(everything), Budget())
    before = load_file(target)
    assert [len(block.readings) for block in before.blocks] == [1, 0, 1]
    changed = "New first line, with 3.\n\n" + PAGE.replace("Each", "Every one")
    again = work(target, before, changed)
    reader = Fake(lambda request: json.dumps([{**TWO, "line": 13}]))
    again.read(reader, Budget())
    assert "Transcribe lines 1-2 and 11-13 of" in reader.asked[0].page
    after = load_file(target)
    assert [(block.first, len(block.readings)) for block in after.blocks] == [(1, 0), (3, 1), (7, 0), (11, 1)]
    assert after.blocks[1].readings == before.blocks[0].readings
    assert not work(target, after, changed).pieces


def test_readings_by_other_instructions_are_made_anew(tmp_path: Path) -> None:
    blocks = tuple(BlockReadings(block.hash, block.first) for block in page_blocks(parse(PAGE)))
    old = ReadingsFile(blocks, "0", NAME)
    assert work(tmp_path, old).wanted == 2
    assert work(tmp_path, ReadingsFile(blocks, prompt().version, NAME)).wanted == 0


@pytest.mark.parametrize(("reader", "owner"), [("Ada", "Ada"), ("", "wrote them by hand"), ("openai:other", "openai:other")])
def test_readings_of_somebody_else_are_not_replaced_unasked(tmp_path: Path, reader: str, owner: str) -> None:
    theirs = ReadingsFile((BlockReadings("0" * 16, 1, (Reading(1, "8", "=", "8"),)),), "", reader)
    with pytest.raises(NotOursError, match=owner):
        work(tmp_path, theirs)
    assert work(tmp_path, None).wanted == 2


def test_an_answer_that_is_cut_off_is_asked_for_by_halves(tmp_path: Path) -> None:
    def answer(request: Request) -> str | Reply:
        return Reply("{", cut=True) if "whole page" in request.page else everything(request)

    reader = Fake(answer)
    target = tmp_path / "x.yaml"
    work(target).read(reader, Budget())
    assert [request.page.splitlines()[-1][:22] for request in reader.asked] == [
        "Transcribe the whole p",
        "Transcribe lines 1-5 o",
        "Transcribe lines 6-11 ",
    ]
    assert [len(block.readings) for block in load_file(target).blocks] == [1, 0, 1]


def test_a_block_that_was_read_in_parts_has_them_all_and_is_written_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "x.yaml"
    page = PAGE.replace("# Words\n", "").replace("# Two\n", "")

    def answer(request: Request) -> str | Reply:
        if "whole page" in request.page:
            return Reply("", cut=True)
        assert not target.exists() or load_file(target).blocks == ()
        return json.dumps([ONE, {**TWO, "line": 9}])

    work(target, page=page).read(Fake(answer), Budget())
    assert [[each.line for each in block.readings] for block in load_file(target).blocks] == [[3, 9]]


def test_a_line_whose_answer_never_ends_is_given_up(tmp_path: Path) -> None:
    reader = Fake(lambda request: Reply("{", cut=True))
    with pytest.raises(ReaderError, match="about line 1 is cut off"):
        work(tmp_path / "x.yaml").read(reader, Budget())
    assert len(reader.asked) < 12


def test_no_call_is_made_that_could_take_more_than_is_left(tmp_path: Path) -> None:
    reader = Fake(everything)
    with pytest.raises(BudgetSpentError):
        work(tmp_path / "x.yaml").read(reader, Budget(2000))
    assert reader.asked == []
    budget = Budget(20_000)
    work(tmp_path / "x.yaml").read(reader, budget)
    assert 0 < reader.asked[0].limit < 20_000
    assert (budget.sent, budget.received) == (100, 50)


def test_no_json_twice_is_the_end_once_is_an_accident(tmp_path: Path) -> None:
    said = iter(["Sorry?", everything(Request("", "", "", {}))])
    patient = work(tmp_path / "x.yaml")
    patient.read(Fake(lambda request: next(said)), Budget())
    assert (patient.tally.calls, patient.tally.readings) == (2, 2)
    with pytest.raises(ReaderError, match="no readings in JSON"):
        work(tmp_path / "y.yaml").read(Fake(lambda request: "Sorry."), Budget())
    assert not (tmp_path / "y.yaml").exists()
