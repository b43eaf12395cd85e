"""Fences and front matter as grids: tables of text, lines with labels, keys, code, commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stratlint.document.grid import CellRole, GridKind, Layout

Read = Callable[[str], Any]


def fence(*lines: str, language: str = "") -> str:
    return "\n".join([f"```{language}", *lines, "```"]) + "\n"


def test_columns_aligned_by_blanks_are_a_table(read: Read) -> None:
    page = read(fence("Pool     Nodes   GPUs", "------   -----   ----", "north        3     24", "south        5     40"))
    assert page.grid.kind is GridKind.RECORDS and page.grid.layout is Layout.TEXT
    assert page.records() == [{"Nodes": "3", "GPUs": "24"}, {"Nodes": "5", "GPUs": "40"}]
    assert page.grid.cells[0].holder == ("north",)


def test_aligned_labels_and_values_are_pairs_with_or_without_a_header(read: Read) -> None:
    headed = read(fence("Axis      Value", "Tensor    6", "Pipeline  4"))
    bare = read(fence("Tensor    6", "Pipeline  4"))
    assert headed.values() == bare.values() == [("Tensor", "6"), ("Pipeline", "4")]
    assert headed.grid.kind is bare.grid.kind is GridKind.PAIRS


def test_an_aligned_table_may_have_gaps_sections_and_a_title(read: Read) -> None:
    page = read(
        fence(
            "Memory of one card", "Part         GB   share", "Model", "  weights    30   75 %", "  cache      10", "Total        40   100 %"
        )
    )
    assert page.grid.caption == "Memory of one card"
    assert [(cell.row, page.text(cell)) for cell in page.grid.cells if cell.unit == "GB"] == [
        (("Model", "weights"), "30"), (("Model", "cache"), "10"), (("Model", "Total"), "40"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("| Pool | GPUs | Nodes |", "|------|------|-------|", "| north | 24 | 3 |"),
        (
            "+-------+------+-------+",
            "| Pool  | GPUs | Nodes |",
            "+-------+------+-------+",
            "| north | 24   | 3     |",
            "+-------+------+-------+",
        ),
        (
            "┌───────┬──────┬───────┐",
            "│ Pool  │ GPUs │ Nodes │",
            "├───────┼──────┼───────┤",
            "│ north │ 24   │ 3     │",
            "└───────┴──────┴───────┘",
        ),
        ("Pool\tGPUs\tNodes", "north\t24\t3"),
        ("Pool;GPUs;Nodes", "north;24;3"),
        ("Pool,GPUs,Nodes", "north,24,3"),
    ],
)
def test_drawn_and_separated_columns_are_tables(read: Read, lines: tuple[str, ...]) -> None:
    page = read(fence(*lines))
    assert page.values() == [("north", "GPUs", "24"), ("north", "Nodes", "3")]


def test_quoted_fields_of_csv_keep_their_commas(read: Read) -> None:
    page = read(fence("pool,note,gpus", '"north, old",x,"1,024"', "south,y,8", language="csv"))
    assert ("north, old", "gpus", "1,024") in page.values()


def test_lines_with_commas_that_are_no_records_are_no_table(read: Read) -> None:
    assert read(fence("First we load the weights, then the cache", "Next we run 8 steps, then we stop")).grids == ()


@pytest.mark.parametrize("leader", [" ........ ", "..........", " . . . . . ", " ______ ", "……"])
def test_dotted_leaders_lead_from_label_to_value(read: Read, leader: str) -> None:
    assert read(fence(f"Racks{leader}5", f"Nodes per rack{leader}4")).values() == [("Racks", "5"), ("Nodes per rack", "4")]


@pytest.mark.parametrize("sign", [": ", " = ", "  : ", "=", " := "])
def test_lines_with_labels_are_pairs(read: Read, sign: str) -> None:
    assert read(fence(f"racks{sign}5", f"nodes{sign}20")).values() == [("racks", "5"), ("nodes", "20")]


def test_indent_nests_labelled_lines(read: Read) -> None:
    page = read(fence("Layout:", "  TP: 6", "  PP: 4", "Pools", "├── prefill: 2", "└── decode: 3", "Nodes = 5"))
    assert page.values() == [
        ("Layout", "TP", "6"), ("Layout", "PP", "4"), ("Pools", "prefill", "2"), ("Pools", "decode", "3"), ("Nodes", "5"),
    ]  # fmt: skip


def test_a_remark_behind_a_value_is_a_note(read: Read) -> None:
    page = read(fence("TP = 6   # inside a node", "PP = 4"))
    assert [(cell.label, page.text(cell), cell.role) for cell in page.grid.cells] == [
        ("TP", "6", CellRole.VALUE), ("TP", "inside a node", CellRole.NOTE), ("PP", "4", CellRole.VALUE),
    ]  # fmt: skip


def test_a_line_that_begins_with_a_sign_goes_on_with_the_value(read: Read) -> None:
    assert read(fence("Total = 6 × 4", "      = 24", "Rest = 2")).values() == [("Total", "6 × 4\n      = 24"), ("Rest", "2")]


def test_assignments_with_commas_between_them(read: Read) -> None:
    assert read(fence("TP = 6, PP = 4", "gpus = 24")).values() == [("TP", "6"), ("PP", "4"), ("gpus", "24")]
    assert read(fence("24 GPUs: TP=6, PP=4")).values() == [("24 GPUs", "TP", "6"), ("24 GPUs", "PP", "4")]


@pytest.mark.parametrize(
    "lines", [("12:03:04 INFO loss: 2.5", "12:03:05 INFO loss: 2.4"), ("some words here", "and more of them"), ("-> a", "-> b")]
)
def test_logs_and_prose_in_fences_are_no_grid(read: Read, lines: tuple[str, ...]) -> None:
    assert read(fence(*lines)).grids == ()


def test_json_keys_are_labels_with_their_path(read: Read) -> None:
    page = read(fence('{"layout": {"tp": 6, "pp": 4},', ' "gpus": 24, "dtype": "bf16", "ranks": [0, 23]}', language="json"))
    assert page.grid.layout is Layout.KEYS
    assert page.values() == [("layout", "tp", "6"), ("layout", "pp", "4"), ("gpus", "24"), ("dtype", "bf16"), ("ranks", "0, 23")]
    assert page.label_text(page.grid.cells[0]) == "tp"
    assert {cell.record for cell in page.grid.cells} == {0}


def test_objects_of_an_array_are_records_of_their_own(read: Read) -> None:
    page = read(fence('{"pools": [{"name": "a", "gpus": 8}, {"name": "b", "gpus": 16}], "nodes": 3}', language="json"))
    assert [(cell.record, *cell.names, page.text(cell)) for cell in page.grid.cells] == [
        (1, "pools", "a", "name", "a"), (1, "pools", "a", "gpus", "8"), (2, "pools", "b", "name", "b"), (2, "pools", "b", "gpus", "16"),
        (0, "nodes", "3"),
    ]  # fmt: skip


def test_json_lines_are_a_record_each(read: Read) -> None:
    assert read(fence('{"step": 1, "loss": 2.5}', '{"step": 2, "loss": 2.4}', language="jsonl")).records() == [
        {"step": "1", "loss": "2.5"}, {"step": "2", "loss": "2.4"},
    ]  # fmt: skip


@pytest.mark.parametrize("broken", ['{"tp": 6, "pp": ', '{"tp": 6, // why\n "x": [1, {"y"', "{'tp': 6, }}}]", '{"tp": 6, "pp": "'])
def test_broken_json_is_read_as_far_as_it_goes(read: Read, broken: str) -> None:
    assert read(fence(broken, language="json")).values()[0] == ("tp", "6")


def test_yaml_nests_by_indent(read: Read) -> None:
    page = read(
        fence(
            "# a comment", "layout:", "  tp: 6  # inside", "  pp: '4'", "pools:", "- name: a", "  gpus: 8", "- name: b", "  gpus: 16",
            "flow: {x: 1, y: [2, 3]}", "text: |", "  z: 9", "ranks:", "  - 0", "  - 23", "nodes: 3", language="yaml",
        )
    )  # fmt: skip
    assert [(cell.record, *cell.names, page.text(cell)) for cell in page.grid.cells if cell.role is not CellRole.NOTE] == [
        (0, "layout", "tp", "6"), (0, "layout", "pp", "4"), (1, "pools", "a", "name", "a"), (1, "pools", "a", "gpus", "8"),
        (2, "pools", "b", "name", "b"), (2, "pools", "b", "gpus", "16"), (0, "flow", "x", "1"), (0, "flow", "y", "2, 3"),
        (0, "ranks", "0"), (0, "ranks", "23"), (0, "nodes", "3"),
    ]  # fmt: skip


def test_documents_of_a_yaml_stream_are_records(read: Read) -> None:
    assert read(fence("gpus: 8", "---", "gpus: 16", language="yaml")).records() == [{"gpus": "8"}, {"gpus": "16"}]


def test_options_in_lists_of_arguments_are_labels(read: Read) -> None:
    page = read(fence("args:", "  - --tp=6", "  - --stages", "  - '4'", "command: [serve, --seats, 8]", language="yaml"))
    assert page.values() == [("args", "tp", "6"), ("args", "stages", "4"), ("command", "seats", "8")]


def test_sections_of_toml_and_ini_are_paths(read: Read) -> None:
    page = read(fence("nodes = 3", "[layout.inner]", "tp = 6", "[[pool]]", 'name = "a"', "gpus = 8", language="toml"))
    assert page.values() == [("nodes", "3"), ("layout", "inner", "tp", "6"), ("pool", "name", "a"), ("pool", "gpus", "8")]
    assert [cell.record for cell in page.grid.cells] == [0, 0, 1, 1]


def test_front_matter_is_a_grid(read: Read) -> None:
    assert read("---\nlayout:\n  tp: 6\ngpus: 24\n---\n\ntext\n").values() == [("layout", "tp", "6"), ("gpus", "24")]


def test_assignments_in_code_are_pairs_and_their_comments_notes(read: Read) -> None:
    page = read(
        fence("nodes: int = 3", "world = nodes * 8  # 24", "if world == 24:", "    print(f'{world}')", "self.tp = 6", language="python")
    )
    assert [(cell.label, page.text(cell), cell.role.value) for cell in page.grid.cells] == [
        ("nodes", "3", "value"), ("world", "nodes * 8", "value"), ("world", "24", "note"), ("tp", "6", "value"),
    ]  # fmt: skip


def test_a_name_that_is_assigned_again_begins_a_record(read: Read) -> None:
    page = read(fence("tp = 6", "pp = 4", "tp = 3", "pp = 8", language="python"))
    assert page.records() == [{"tp": "6", "pp": "4"}, {"tp": "3", "pp": "8"}]


def test_keyword_arguments_and_entries_are_pairs(read: Read) -> None:
    page = read(fence("engine = Engine(model='m', tp=6, pp=4)", "config = {", '    "gpus": 24,', "    nodes=3,", "}", language="python"))
    assert page.values() == [("model", "m"), ("tp", "6"), ("pp", "4"), ("gpus", "24"), ("nodes", "3")]


def test_names_that_are_assigned_together_have_a_value_each(read: Read) -> None:
    assert read(fence("tp, pp = 4, 9", language="python")).values() == [("tp", "4"), ("pp", "9")]
    assert read(fence("tp, pp = 4, 9, 2", "nodes = 8", language="python")).values() == [("nodes", "8")]


def test_integer_division_is_no_comment(read: Read) -> None:
    assert read(fence("stages = layers // 8", language="python")).values() == [("stages", "layers // 8")]
    assert read(fence("int tp = 6; // inside", "#define NODES 3", language="cpp")).values() == [
        ("tp", "6"),
        ("tp", "inside"),
        ("NODES", "3"),
    ]


@pytest.mark.parametrize(
    "lines",
    [("serve m --tp 6 --pp=4 -n 24",), ("serve m \\", "  --tp 6 \\", "  --pp 4 -n 24"), ("$ serve m --tp '6' --pp \"4\" -n 24 --quiet",)],
)
def test_options_of_a_command_are_pairs(read: Read, lines: tuple[str, ...]) -> None:
    page = read(fence(*lines, language="bash"))
    assert page.grid.layout is Layout.FLAGS
    assert page.values() == [("tp", "6"), ("pp", "4"), ("n", "24")]


def test_every_command_is_a_record_and_the_environment_holds_for_all(read: Read) -> None:
    page = read(fence("export NODES=3", "serve --tp 6", "TP=4 serve --pp 2", "# serve --tp 9", language="bash"))
    assert page.records() == [{"NODES": "3"}, {"tp": "6"}, {"TP": "4", "pp": "2"}]
    assert page.grid.outer == (-1, 0, 0)


def test_directives_of_a_batch_system_are_one_record(read: Read) -> None:
    assert read(fence("#SBATCH --nodes=3", "#SBATCH --gpus-per-node=8", language="bash")).records() == [
        {"nodes": "3", "gpus-per-node": "8"}
    ]


def test_diagrams_are_not_read(read: Read) -> None:
    assert read(fence("graph TD", "a: 1", "b = 2", language="mermaid")).grids == ()


def test_a_fence_inside_an_indented_block_is_read_in_its_language(read: Read) -> None:
    page = read("!!! note\n\n    Set this:\n\n    ```yaml\n    layout:\n      tp: 6\n    ```\n\n    Nodes: 3\n")
    assert sorted(value for grid in page.grids for value in page.values(grid)) == [("Nodes", "3"), ("layout", "tp", "6")]
