"""Files of readings in JSON lines: what is read of them, what is left out and told, and where the file of a document lies."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from stratlint.meaning.entries import Entry, ReadingsError, file_for, parse_entries
from stratlint.resources import data_folder

GOOD = {"line": 3, "claim": "252", "op": "=", "expr": "6 × 42", "kind": "product", "why": "drives in all"}


def entries(*lines: str) -> tuple[Entry, ...]:
    return parse_entries("\n".join(lines).encode(), "plan.jsonl").entries


def test_unknown_keys_and_blank_lines_are_tolerated() -> None:
    (entry,) = entries("", json.dumps(GOOD | {"quote": "252 drives in all"}), "  ")
    assert (entry.number, entry.line, entry.claim, entry.why) == (2, 3, "252", "drives in all")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not an object"),
        ('{"line": 3}', "lacks `claim`"),
        (json.dumps(GOOD | {"line": "3"}), "`line` is the number of a line"),
        (json.dumps(GOOD | {"line": True}), "`line` is the number of a line"),
        (json.dumps(GOOD | {"line": 0}), "`line` is the number of a line"),
        (json.dumps(GOOD | {"expr": 6}), "`expr` is a text"),
        (json.dumps(GOOD | {"op": "=="}), "`op` is one of"),
        ("[" * 5_000, "is not JSON"),
        ('"' + "x" * 200_000 + '"', "longer than"),
    ],
)
def test_a_line_that_is_no_entry_is_left_out_and_told(line: str, message: str) -> None:
    read = parse_entries(f"{json.dumps(GOOD)}\n{line}\n{json.dumps(GOOD)}".encode(), "plan.jsonl")
    assert [each.number for each in read.entries] == [1, 3]
    (malformed,) = read.malformed
    assert malformed.number == 2
    assert malformed.detail.startswith(message)
    assert "\n" not in malformed.detail


def test_a_file_without_any_entry_is_none() -> None:
    with pytest.raises(ReadingsError) as problem:
        entries("", "# Notes", "of a meeting")
    assert str(problem.value).startswith("plan.jsonl:2: is not JSON")
    assert entries("", " ") == ()


def test_bytes_that_are_no_text_are_said_to_be_none() -> None:
    with pytest.raises(ReadingsError, match=r"plan\.jsonl: is not UTF-8"):
        parse_entries(b'{"line": 1, "claim": "\xe9"}', "plan.jsonl")


def test_the_file_of_a_document_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonl").write_text("")
    (tmp_path / "notes.md.jsonl").write_text("")
    assert file_for(tmp_path, "deep/plan.md") == tmp_path / "plan.jsonl"
    assert file_for(tmp_path, "notes.md") == tmp_path / "notes.md.jsonl"
    assert file_for(tmp_path, "other.md") is None
    assert file_for(tmp_path / "plan.jsonl", "any.md") == tmp_path / "plan.jsonl"


@pytest.mark.parametrize(
    ("document", "file"),
    [
        ("docs/sub/plan.md", "docs/sub/plan.jsonl"),
        ("other/sub/plan.md", "sub/plan.jsonl"),
        ("/home/somebody/docs/sub/plan.md", "docs/sub/plan.jsonl"),
        ("./sub/plan.md", "sub/plan.jsonl"),
        ("../sub/plan.md", "sub/plan.jsonl"),
        ("sub/../plan.md", "plan.jsonl"),
        ("elsewhere/plan.md", "plan.jsonl"),
        ("docs/other/plan.md", "plan.jsonl"),
    ],
)
def test_the_file_lies_as_the_document_does(document: str, file: str, tmp_path: Path) -> None:
    """The whole path first, then the innermost folders, then the bare name."""
    for each in ("docs/sub/plan.jsonl", "sub/plan.jsonl", "plan.jsonl"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("")
    assert file_for(tmp_path, document) == tmp_path / file


def test_the_published_schema_says_what_is_checked() -> None:
    schema = json.loads((data_folder("grammar") / "readings.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    changes: list[dict[str, object]] = [
        {}, {"line": 0}, {"line": "3"}, {"op": "=="}, {"op": "≤"}, {"op": "≈"}, {"op": "covers"},
        {"expr": 6}, {"kind": None}, {"more": 1}, {"line": 10**9},
    ]  # fmt: skip
    for change in changes:
        entry = GOOD | change
        accepted = len(entries(json.dumps(GOOD), json.dumps(entry))) == 2
        assert validator.is_valid(entry) == accepted, change
