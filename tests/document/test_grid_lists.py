"""Lists, lines of paragraphs and HTML as grids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stratlint.document.grid import CellRole, GridKind, Layout

Read = Callable[[str], Any]


@pytest.mark.parametrize(
    "item",
    ["Stages: 6", "**Stages**: 6", "**Stages:** 6", "`Stages`: 6", "Stages = 6", "Stages — 6", "Stages – 6", "Stages - 6", "Stages → 6",
        "**Stages** 6", "Stages：6", "Stages:6", "Stages ........ 6", "_Stages_: 6.", "[x] Stages: 6"],
)  # fmt: skip
def test_an_item_with_a_label_is_a_pair(read: Read, item: str) -> None:
    page = read(f"- {item}\n- Layers: 48\n")
    assert page.grid.kind is GridKind.PAIRS and page.grid.layout is Layout.LIST
    assert page.values() == [("Stages", "6"), ("Layers", "48")]
    assert page.label_text(page.grid.cells[0]) == "Stages"


@pytest.mark.parametrize(
    "item",
    ["We use 6 stages because the model is large.", "It starts at 12:30 sharp", "See https://x.example/a:b", "6 × 8 = 48", "8 : 1",
        "The plan was made. It says: 6 stages", "x ≤ 6", "With L = 6 layers and p = 2 stages it works", "a == 6"],
)  # fmt: skip
def test_prose_in_items_is_no_pair(read: Read, item: str) -> None:
    assert read(f"- {item}\n").grids == ()


def test_items_of_nested_lists_have_their_parents_labels_as_path(read: Read) -> None:
    page = read("- Layout\n  - tensor: 6\n  - **Pipeline**:\n    - stages: 4\n    - chunks: 2\n- GPUs: 72\n")
    assert page.values() == [
        ("Layout", "tensor", "6"), ("Layout", "Pipeline", "stages", "4"), ("Layout", "Pipeline", "chunks", "2"), ("GPUs", "72"),
    ]  # fmt: skip
    assert {cell.record for cell in page.grid.cells} == {0}
    assert page.grid.cells[1].label == "stages"
    assert page.grid.cells[1].path == ("Layout", "Pipeline")


def test_an_item_with_value_and_items_is_both(read: Read) -> None:
    page = read("- Memory: 40 GB\n  - cache: 10 GB\n  - weights: 30 GB\n")
    assert page.values() == [("Memory", "40 GB"), ("Memory", "cache", "10 GB"), ("Memory", "weights", "30 GB")]


def test_siblings_that_say_the_same_things_are_records_of_their_own(read: Read) -> None:
    page = read("- Plan A\n  - GPUs: 24\n  - Nodes: 3\n- Plan B\n  - GPUs: 32\n  - Nodes: 4\n- Layers: 48\n")
    assert [(cell.record, cell.path) for cell in page.grid.cells] == [
        (1, ("Plan A",)), (1, ("Plan A",)), (2, ("Plan B",)), (2, ("Plan B",)), (0, ()),
    ]  # fmt: skip
    assert page.grid.outer == (-1, 0, 0)


def test_siblings_that_say_other_things_are_one_record(read: Read) -> None:
    page = read("- Hardware\n  - Nodes: 3\n- Model\n  - Layers: 48\n")
    assert {cell.record for cell in page.grid.cells} == {0}


def test_a_part_that_repeats_what_the_whole_says_is_a_record_inside(read: Read) -> None:
    page = read("- GPUs: 72\n- Decode pool\n  - GPUs: 48\n")
    assert [cell.record for cell in page.grid.cells] == [0, 1]
    assert page.grid.outer == (-1, 0)


@pytest.mark.parametrize(
    "item",
    [
        "Layout: TP=6, PP=4, DP=3",
        "Layout: TP = 6; PP = 4; DP = 3",
        "Layout: TP=6 PP=4 DP=3",
        "Layout: TP=6/PP=4/DP=3",
        "Layout: TP = 6 | PP = 4 | DP = 3",
    ],
)
def test_assignments_in_a_value_are_pairs_below_its_label(read: Read, item: str) -> None:
    assert read(f"- {item}\n").values() == [("Layout", "TP", "6"), ("Layout", "PP", "4"), ("Layout", "DP", "3")]


@pytest.mark.parametrize("item", ["TP = 6, PP = 4, DP = 3", "TP: 6, PP: 4, DP: 3", "TP=6 · PP=4 · DP=3", "TP=6, PP=4, DP=3, all of them"])
def test_pairs_on_one_line_are_as_many_cells(read: Read, item: str) -> None:
    assert read(f"- {item}\n").values() == [("TP", "6"), ("PP", "4"), ("DP", "3")]


@pytest.mark.parametrize("line", ["**TP:** 6 **PP:** 4", "**TP**: 6 | **PP**: 4", "**TP:** 6, **PP:** 4", "**TP:** 6 · **PP:** 4"])
@pytest.mark.parametrize("mark", ["- ", ""])
def test_strong_labels_on_one_line(read: Read, mark: str, line: str) -> None:
    assert read(f"{mark}{line}\n").values() == [("TP", "6"), ("PP", "4")]


@pytest.mark.parametrize("value", ["8 GPUs, all in one node", "1,024, or more", "24 × 3 = 72", "f(a = 1, b = 2)"])
def test_values_with_commas_or_signs_stay_whole(read: Read, value: str) -> None:
    assert read(f"- Size: {value}\n").values() == [("Size", value)]


@pytest.mark.parametrize("sign", [":", " ="])
def test_compound_labels_split_the_value(read: Read, sign: str) -> None:
    assert read(f"- TP × PP{sign} 6 × 4 = 24\n").values() == [("TP", "6"), ("PP", "4"), ("TP × PP", "24")]


def test_a_value_goes_on_in_the_next_line(read: Read) -> None:
    page = read("- Size: 24 GPUs\n  of the new kind\n- Mode: 3\n")
    assert page.values()[0] == ("Size", "24 GPUs\n  of the new kind")


def test_lines_inside_an_item_are_pairs_of_that_item(read: Read) -> None:
    page = read("- **Pool one**\n\n  GPUs: 24\n  Nodes: 3\n")
    assert page.values() == [("Pool one", "GPUs", "24"), ("Pool one", "Nodes", "3")]


def test_a_paragraph_of_pairs_is_a_grid(read: Read) -> None:
    page = read("GPUs: 24\nNodes: 3\n\n**Layers**: 48\n\nProse: it goes on\nfor two lines.\n")
    assert page.grid.layout is Layout.LINES
    assert page.values() == [("GPUs", "24"), ("Nodes", "3"), ("Layers", "48")]


@pytest.mark.parametrize(
    "text",
    ["The plan is this: we take 24 GPUs and wait.", "With PP = 6 a stage gets 10 layers.", "Here t is TP: t = 4, p = 2, so t·p = 8.",
        "At a batch of 8: see below", "Table 2: the 24 GPUs", "We set L = 8 layers and p = 2 stages."],
)  # fmt: skip
def test_sentences_with_colons_are_no_grid(read: Read, text: str) -> None:
    assert read(text + "\n").grids == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Step time: 3 s", [("Step time", "3 s")]),
        ("GBS (batch) = 512.", [("GBS (batch)", "512")]),
        ("C = 6 · N · D = 8e21 FLOP", [("C", "6 · N · D = 8e21 FLOP")]),
        ("TP = 6, PP = 4", [("TP", "6"), ("PP", "4")]),
        ("**Note**: 3 nodes are spare", [("Note", "3 nodes are spare")]),
        ("island\n: 8 GPUs\n\npod\n: 12 islands", [("island", "8 GPUs"), ("pod", "12 islands")]),
    ],
)
def test_short_lines_with_labels(read: Read, text: str, values: list[tuple[str, str]]) -> None:
    assert read(text + "\n").values() == values


def test_notes_and_totals_in_lists_are_told_by_their_labels(read: Read) -> None:
    page = read("- Weights: 3 GB\n- Total: 5 GB\n- Note: 7 GB are spare\n")
    assert [cell.role for cell in page.grid.cells] == [CellRole.VALUE, CellRole.TOTAL, CellRole.NOTE]


def test_lists_of_different_sections_are_different_grids(read: Read) -> None:
    page = read("# A\n\n- x: 1\n\n# B\n\n- x: 2\n\ntext\n\n- x: 3\n")
    assert [grid.section for grid in page.grids] == [1, 2, 2]


def test_the_paragraph_before_a_list_captions_it(read: Read) -> None:
    assert read("Per node we have:\n\n- x: 1\n").grid.caption == "Per node we have:"


def test_html_tables_are_read_by_their_tags(read: Read) -> None:
    page = read(
        "<table><caption>Pools</caption><tr><th>Pool</th><th>GPUs</th><th>Power (kW)</th></tr>\n"
        "<!-- <tr><td>x</td><td>1</td></tr> --><tr><td>north</td><td><b>24</b></td><td>&nbsp;30</td></tr></table>\n"
    )
    assert page.grid.layout is Layout.HTML
    assert page.grid.caption == "Pools"
    assert page.values() == [("north", "GPUs", "24"), ("north", "Power (kW)", "30")]


def test_rows_and_cells_may_be_left_open(read: Read) -> None:
    assert read("<table>\n<tr><td>Nodes<td>3\n<tr><td>GPUs<td>24\n</table>\n").values() == [("Nodes", "3"), ("GPUs", "24")]


def test_spanned_headers_are_groups_of_columns(read: Read) -> None:
    page = read(
        "<table><thead><tr><th rowspan=2>Site</th><th colspan=2>Prefill</th><th colspan=2>Decode</th></tr>"
        "<tr><th>GPUs</th><th>Nodes</th><th>GPUs</th><th>Nodes</th></tr></thead>"
        "<tr><td>Turku</td><td>8</td><td>1</td><td>16</td><td>2</td></tr></table>"
    )
    assert page.values() == [
        ("Turku", "Prefill", "GPUs", "8"), ("Turku", "Prefill", "Nodes", "1"), ("Turku", "Decode", "GPUs", "16"),
        ("Turku", "Decode", "Nodes", "2"),
    ]  # fmt: skip


def test_a_label_that_spans_rows_groups_them(read: Read) -> None:
    page = read(
        "<table><tr><td rowspan=2>elk</td><td>Layers</td><td>48</td></tr><tr><td>Heads</td><td>32</td></tr>"
        "<tr><td rowspan=2>hare</td><td>Layers</td><td>24</td></tr><tr><td>Heads</td><td>16</td></tr></table>"
    )
    assert page.values() == [("elk", "Layers", "48"), ("elk", "Heads", "32"), ("hare", "Layers", "24"), ("hare", "Heads", "16")]
    assert [cell.record for cell in page.grid.cells] == [1, 1, 2, 2]


def test_a_table_with_blank_lines_in_it_goes_on(read: Read) -> None:
    page = read("<table>\n<tr><td>Nodes</td><td>\n\n3\n\n</td></tr>\n\n<tr><td>GPUs</td><td>24</td></tr>\n</table>\n\nafter\n")
    assert page.values() == [("Nodes", "3"), ("GPUs", "24")]


def test_a_table_that_is_never_closed_takes_in_nothing_of_the_page(read: Read) -> None:
    page = read("<table>\n<tr><td>Nodes</td><td>3</td></tr>\n\n# Next\n\nGPUs: 24\n")
    assert page.values(page.grids[0]) == [("Nodes", "3")]
    assert page.values(page.grids[1]) == [("GPUs", "24")]


def test_definition_lists_and_items_in_html(read: Read) -> None:
    page = read("<dl><dt>pod</dt><dd>12 islands</dd></dl>\n<ul><li>Nodes: 3</li><li>GPUs: 24</ul>\n")
    assert page.values() == [("pod", "12 islands"), ("Nodes", "3"), ("GPUs", "24")]
