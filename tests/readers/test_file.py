"""The file of readings: what is written is read back, what breaks the format is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.readers.blocks import PageBlock
from stratlint.readers.file import (
    BlockReadings,
    Objection,
    Reading,
    ReadingsFile,
    ReadingsFileError,
    dump_file,
    load_file,
    parse_file,
    placed,
    readings_path,
    save_file,
)

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "grammar" / "readings-file.schema.json").read_text(encoding="utf-8"))
BLOCK = BlockReadings(
    "0123456789abcdef", 4, (Reading(2, "12 GB", "=", "4 GB × 3", "product", "three shards"),), (Objection(2, "9", "old"),)
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LINE = st.integers(1, 999_999_999)
READING = st.builds(Reading, LINE, TEXT, st.sampled_from(["=", "<=", "≥", "divides"]), TEXT, TEXT, TEXT)
READ_BLOCK = st.builds(
    BlockReadings,
    st.text("0123456789abcdef", min_size=16, max_size=16),
    LINE,
    st.lists(READING, max_size=3).map(tuple),
    st.lists(st.builds(Objection, LINE, TEXT, TEXT), max_size=2).map(tuple),
)
FILE = st.builds(ReadingsFile, st.lists(READ_BLOCK, max_size=3).map(tuple), TEXT, TEXT)


@settings(max_examples=60, deadline=None)
@given(FILE)
def test_what_is_written_is_read_back_and_is_of_the_schema(file: ReadingsFile) -> None:
    text = dump_file(file)
    assert parse_file(text.encode(), "x.yaml") == file
    jsonschema.validate(yaml.safe_load(text), SCHEMA)


def test_bare_numbers_and_operators_are_taken_as_they_are_written() -> None:
    """YAML would make 1_000 of `1_000`, 0.5 of `0.50`, and refuse a bare `=`."""
    text = "version: 1\nblocks:\n- {hash: 0123456789012345, first: 1, readings: [{line: 1, claim: 0.50, op: =, expr: 1_000}]}\n"
    assert parse_file(text.encode(), "x").blocks[0].readings == (Reading(1, "0.50", "=", "1_000"),)


def test_entries_know_their_line_in_the_file() -> None:
    block = parse_file(dump_file(ReadingsFile((BLOCK,))).encode(), "x").blocks[0]
    assert (block.number, block.readings[0].number, block.objections[0].number) == (5, 8, 10)


HEAD = "version: 1\nblocks:\n- hash: 0123456789abcdef\n  first: 1\n  readings:\n  - "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x:1: is empty"),
        ("version: 2\nblocks: []", "x:1: `version` is 1, not '2'"),
        ("version: 1", "x:1: the file lacks `blocks`"),
        ("version: 1\nblocks: []\nreaders: a", "x:3: the file has no `readers`"),
        ("version: 1\nblocks: []\nblocks: []", "x:3: `blocks` stands twice"),
        ("version: 1\nblocks: {}", "x:2: `blocks` is a list"),
        ("version: 1\nblocks: [1]", "x:2: a block is a table with hash, first, readings"),
        ("version: 1\nblocks:\n- {hash: abc, first: 1, readings: []}", "x:3: `hash` is 16 hexadecimal digits, not 'abc'"),
        (HEAD + "{line: 0, claim: a, op: =, expr: b}", "x:6: `line` is the number of a line, from 1, not '0'"),
        (HEAD + "{line: 1, claim: a, op: ~, expr: b}", "x:6: `op` is one of =, <=, ≤, >=, ≥, divides, ≈, covers, not '~'"),
        (HEAD + "{line: 1, claim: [a], op: =, expr: b}", "x:6: `claim` is a text"),
        (HEAD + "{line: 1, claim: a, op: =}", "x:6: a reading lacks `expr`"),
        (HEAD + "&a {line: 1, claim: a, op: =, expr: b}\n  - *a", "x:6: aliases"),
        (HEAD + "{line: 1, claim: " + "a" * 3000 + ", op: =, expr: b}", "x:6: `claim` is longer than 2,000 characters"),
        ("version: 1\nblocks: [", "x:3: is not YAML"),
        ("\x00", "x:1: is not YAML"),
        ("[" * 5000, "is not YAML"),
        ("!!python/object/apply:os.system [ls]", "x:1: the file is a table"),
    ],
)
def test_what_breaks_the_format_is_said_in_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ReadingsFileError) as problem:
        parse_file(text.encode(), "x")
    assert message in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingsFileError, match=r"none\.yaml: no such file"):
        load_file(tmp_path / "none.yaml")


def test_a_file_is_replaced_at_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.md.yaml"
    for file in (ReadingsFile((BLOCK,)), ReadingsFile(reader="Ada")):
        save_file(file, path)
        assert load_file(path) == file
        assert [each.name for each in path.parent.iterdir()] == ["b.md.yaml"]


def test_blocks_of_the_same_text_take_their_readings_in_order_and_the_rest_is_stale() -> None:
    one, two, gone = (BlockReadings(hash, first, number=first) for hash, first in (("a" * 16, 1), ("a" * 16, 5), ("b" * 16, 9)))
    page = [PageBlock("a" * 16, 2, ("x",)), PageBlock("c" * 16, 3, ("y",))]
    where = placed((one, two, gone), page)
    assert where.found == ((one, page[0]),)
    assert where.stale == (two, gone)
    assert where.unread == (page[1],)


@pytest.mark.parametrize("document", ["../plan.md", "/etc/plan.md", "a/../../plan.md", "", ".", "C:/plan.md"])
def test_a_document_outside_the_project_has_no_file(document: str) -> None:
    assert readings_path(Path("r"), document) is None


def test_the_file_lies_where_the_document_lies() -> None:
    assert readings_path(Path("r"), "docs/plan.md") == Path("r/docs/plan.md.yaml")


def test_what_nobody_sees_is_escaped_and_read_back() -> None:
    hidden = "a \u202e b \u2066 c \u200b d \u00ad e \U000e0041"
    file = ReadingsFile((BlockReadings("0" * 16, 1, (Reading(1, "8", "=", "8", "", hidden),)),))
    text = dump_file(file)
    assert "\\u202e" in text and "\\U000e0041" in text
    assert not any(character in text for character in hidden if ord(character) > 127)
    assert parse_file(text.encode(), "x") == file
