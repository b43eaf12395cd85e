"""An answer is data: what is of the right shape is kept, whatever else it says, and never more than that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.readers.answer import Answer, AnswerError, parse_answer
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, dump_file, parse_file

GOOD = {"line": 3, "claim": "8 GB", "op": "=", "expr": "2 GB × 4", "kind": "product", "why": "four of them"}
READ = Reading(3, "8 GB", "=", "2 GB × 4", "product", "four of them")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"readings": [GOOD], "objections": []}),
        json.dumps({"readings": [GOOD]}),
        json.dumps([GOOD]),
        json.dumps(GOOD),
        f"```json\n{json.dumps([GOOD])}\n```",
        f"<think>8 is {{2}}</think>\n{json.dumps([GOOD])}",
        f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n",
        json.dumps({"readings": [{**GOOD, "line": "3"}], "settings": {"fail-on": "never"}, "file": "../../x"}),
        json.dumps({"readings": [{**GOOD, "path": "/etc/passwd", "severity": "info"}]}),
        json.dumps({"readings": [{**GOOD, "why": "four\n of\x1b\u202e them"}]}),
    ],
)
def test_the_forms_in_which_models_answer_are_read_alike(text: str) -> None:
    assert parse_answer(text) == Answer((READ,))


@pytest.mark.parametrize("text", ["", "I cannot do that.", "{", "null", "17", '{"readings": {}}', '{"error": "x"}', "[" * 100_000])
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        parse_answer(text)


@pytest.mark.parametrize(
    "change",
    [{"line": None}, {"line": 1.5}, {"line": True}, {"line": 10**30}, {"claim": 8}, {"claim": " "}, {"op": "=="}, {"op": ["="]},
     {"expr": "1+" * 2000}, {"expr": None}],
)  # fmt: skip
def test_an_entry_of_another_shape_is_counted_and_left_out(change: dict[str, Any]) -> None:
    assert parse_answer(json.dumps([{**GOOD, **change}, GOOD])) == Answer((READ,), malformed=1)


def test_objections_have_a_number_and_a_reason() -> None:
    raw = [{"line": 1, "claim": "8", "why": "old"}, {"line": 1, "claim": "8", "why": ""}, "8"]
    assert parse_answer(json.dumps({"readings": [], "objections": raw})) == Answer((), (Objection(1, "8", "old"),), 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda each: st.lists(each, max_size=3), max_leaves=4
)
ENTRY = st.fixed_dictionaries({key: st.just(value) | JSON for key, value in GOOD.items()})


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRY | JSON, max_size=5), st.lists(ENTRY | JSON, max_size=3))
def test_whatever_is_kept_can_be_written_and_read_back(readings: list[Any], objections: list[Any]) -> None:
    answer = parse_answer(json.dumps({"readings": readings, "objections": objections}))
    file = ReadingsFile((BlockReadings("0" * 16, 1, tuple(r for r in answer.readings if r.line > 0)),))
    assert parse_file(dump_file(file).encode(), "x") == file
