"""The prompt is data with a version, and its examples hold to what it teaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.readers.answer import parse_answer
from stratlint.readers.blocks import page_blocks
from stratlint.readers.ground import grounded
from stratlint.readers.prompt import prompt

FOLDER = Path(__file__).parents[2] / "grammar" / "reader"
EXAMPLES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "examples.yaml").read_text(encoding="utf-8"))


def test_a_changed_prompt_has_a_new_version() -> None:
    """After a change: raise `version` in prompt.yaml, and set `digest` to what is shown here."""
    assert prompt().digest == prompt().recorded


def test_the_prompt_is_complete_without_any_other_file() -> None:
    text = prompt().instructions
    assert (FOLDER / "instructions.md").read_text(encoding="utf-8") in text
    for example in EXAMPLES:
        assert all(f": {line}" in text for line in example["page"].splitlines())
        assert all(json.dumps(each, ensure_ascii=False) in text for each in example["answer"]["readings"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["page"].splitlines()[0])
def test_examples_are_of_the_schema_and_their_numbers_are_where_they_say(example: dict[str, Any]) -> None:
    jsonschema.validate(example["answer"], prompt().schema)
    document = parse(example["page"])
    answer = parse_answer(json.dumps(example["answer"]))
    found = grounded(answer, extract(document), page_blocks(document), range(1, document.line_count + 1))
    assert (found.dropped, found.moved) == ({}, 0)
    assert sum(len(each.readings) for each in found.blocks.values()) == len(example["answer"]["readings"])


def test_an_example_transcribes_what_does_not_hold() -> None:
    """2,730 is 30 % more than 2,100; whoever copies the examples learns to copy such a number, too."""
    assert any(each["claim"] == "+35 %" for each in EXAMPLES[0]["answer"]["readings"])


def test_every_answer_of_the_schema_is_understood() -> None:
    jsonschema.Draft202012Validator.check_schema(prompt().schema)
    entry = {"line": 1, "claim": "8", "expr": "2 × 4", "kind": "", "why": ""}
    operators = prompt().schema["properties"]["readings"]["items"]["properties"]["op"]["enum"]
    assert parse_answer(json.dumps({"readings": [{**entry, "op": op} for op in operators], "objections": []})).malformed == 0
