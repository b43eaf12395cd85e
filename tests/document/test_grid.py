"""Tables of every sort become one grid: which axis measures, which cells are one record, whose value each is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stratlint.document.grid import CellRole, GridKind, Layout

Read = Callable[[str], Any]


def table(head: str, *rows: str) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows]) + "\n"


def test_a_record_a_row_is_named_by_its_first_column(read: Read) -> None:
    page = read(table("| Pool | Nodes | GPUs |", "| north | 3 | 24 |", "| south | 5 | 40 |"))
    assert page.grid.kind is GridKind.RECORDS and page.grid.sure
    assert page.values() == [
        ("north", "Nodes", "3"), ("north", "GPUs", "24"), ("south", "Nodes", "5"), ("south", "GPUs", "40"),
    ]  # fmt: skip
    assert [cell.record for cell in page.grid.cells] == [0, 0, 1, 1]
    assert [(cell.line, cell.slot) for cell in page.grid.cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert page.label_text(page.grid.cells[3]) == "GPUs"


def test_records_whose_first_column_is_a_number_have_no_holder(read: Read) -> None:
    page = read(table("| GPUs | Step time |", "| 8 | 4.1 s |", "| 16 | 2.2 s |"))
    assert page.grid.kind is GridKind.RECORDS and page.grid.sure
    assert page.records() == [{"GPUs": "8", "Step time": "4.1 s"}, {"GPUs": "16", "Step time": "2.2 s"}]
    assert all(cell.holder == () for cell in page.grid.cells)


@pytest.mark.parametrize("corner", ["", "Metric", "Quantity"])
def test_one_variant_a_column_is_transposed(read: Read, corner: str) -> None:
    page = read(table(f"| {corner} | Plan A | Plan B |", "| GPUs | 24 | 32 |", "| Step time | 3 s | 2 s |"))
    assert page.grid.kind is GridKind.TRANSPOSED and page.grid.sure
    assert page.values() == [
        ("Plan A", "GPUs", "24"), ("Plan B", "GPUs", "32"), ("Plan A", "Step time", "3 s"), ("Plan B", "Step time", "2 s"),
    ]  # fmt: skip
    assert page.records() == [{"GPUs": "24", "Step time": "3 s"}, {"GPUs": "32", "Step time": "2 s"}]
    cell = page.grid.cells[1]
    assert cell.holder_at is not None
    assert page.document.blocks[cell.holder_at.block].text[cell.holder_at.start : cell.holder_at.end] == "Plan B"


def test_units_that_agree_along_rows_make_rows_the_quantities(read: Read) -> None:
    transposed = read(table("| | alder | birch |", "| first | 3 GB | 4 GB |", "| second | 7 ms | 9 ms |"))
    records = read(table("| | first | second |", "| alder | 3 GB | 7 ms |", "| birch | 4 GB | 9 ms |"))
    assert transposed.grid.kind is GridKind.TRANSPOSED and transposed.grid.sure
    assert records.grid.kind is GridKind.RECORDS and records.grid.sure


def test_where_neither_axis_tells_the_kind_is_a_guess(read: Read) -> None:
    assert not read(table("| | alder | birch |", "| oak | 3 | 4 |", "| elm | 7 | 9 |")).grid.sure


@pytest.mark.parametrize(
    "head",
    ["| Setting | Value |", "| Axis | Value |", "| | |", "| Whatever | Value |", "| 参数 | 值 |", "| Parameter | Default |"],
)
def test_label_and_value_columns_are_pairs_of_one_record(read: Read, head: str) -> None:
    page = read(table(head, "| Pipeline stages | 6 |", "| Layers | 48 |"))
    assert page.grid.kind is GridKind.PAIRS and page.grid.sure
    assert page.values() == [("Pipeline stages", "6"), ("Layers", "48")]
    assert {cell.record for cell in page.grid.cells} == {0}


def test_a_header_that_says_something_of_all_values_stays_with_them(read: Read) -> None:
    page = read(table("| Component | Memory |", "| Weights | 12 GB |"))
    assert page.grid.kind is GridKind.PAIRS
    assert page.grid.cells[0].column == ("Memory",)
    assert read(table("| Axis | Degree |", "| Tensor | 6 |")).grid.cells[0].column == ("Degree",)


def test_one_value_column_of_instances_is_records(read: Read) -> None:
    page = read(table("| Site | Power |", "| Turku | 40 kW |", "| Vaasa | 25 kW |"))
    assert page.grid.kind is GridKind.RECORDS
    assert page.values() == [("Turku", "Power", "40 kW"), ("Vaasa", "Power", "25 kW")]


def test_a_column_of_notes_is_no_variant_even_with_numbers(read: Read) -> None:
    page = read(table("| Dimension | Degree | Note |", "| Tensor | 6 | 2 links |", "| Data | 3 | 4 links |"))
    assert page.grid.kind is GridKind.PAIRS
    assert [(cell.label, cell.role) for cell in page.grid.cells] == [
        ("Tensor", CellRole.VALUE), ("Tensor", CellRole.NOTE), ("Data", CellRole.VALUE), ("Data", CellRole.NOTE),
    ]  # fmt: skip
    assert page.grid.cells[1].column == ("Note",)


def test_a_note_column_alone_holds_the_values(read: Read) -> None:
    page = read(table("| Item | Description |", "| Nodes | 12 with 8 GPUs each |"))
    assert [(cell.label, cell.role) for cell in page.grid.cells] == [("Nodes", CellRole.VALUE)]


def test_texts_beside_the_only_value_column_are_notes(read: Read) -> None:
    page = read(table("| Parameter | Symbol | Value |", "| Layers | L | 48 |", "| Hidden size | h | 6144 |"))
    assert [(cell.label, page.text(cell), cell.role.value) for cell in page.grid.cells] == [
        ("Layers", "L", "note"), ("Layers", "48", "value"), ("Hidden size", "h", "note"), ("Hidden size", "6144", "value"),
    ]  # fmt: skip


def test_a_formula_column_is_the_working_of_its_row(read: Read) -> None:
    page = read(table("| Item | Formula | Result |", "| GPUs | 6 × 8 | 48 |"))
    assert [(page.text(cell), cell.role) for cell in page.grid.cells] == [("6 × 8", CellRole.WORKING), ("48", CellRole.VALUE)]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Parameter | Value | Parameter | Value |", "| Stages | 6 | Layers | 48 |"),
        ("| | | | |", "| Stages | 6 | Layers | 48 |"),
    ],
)
def test_pairs_side_by_side_are_pairs(read: Read, head: str, row: str) -> None:
    page = read(table(head, row, "| Nodes | 3 | GPUs | 24 |"))
    assert page.grid.kind is GridKind.PAIRS
    assert sorted(page.values()) == [("GPUs", "24"), ("Layers", "48"), ("Nodes", "3"), ("Stages", "6")]


def test_records_side_by_side_stay_records(read: Read) -> None:
    page = read(table("| Run | GPUs | Time | Run | GPUs | Time |", "| r1 | 8 | 4 s | r2 | 16 | 2 s |"))
    assert page.grid.kind is GridKind.RECORDS
    assert page.records() == [{"GPUs": "8", "Time": "4 s"}, {"GPUs": "16", "Time": "2 s"}]


def test_a_header_that_is_data_is_a_pair_like_the_others(read: Read) -> None:
    page = read(table("| Racks | 5 |", "| Nodes per rack | 4 |", "| Nodes | 20 |"))
    assert page.grid.kind is GridKind.PAIRS
    assert page.values() == [("Racks", "5"), ("Nodes per rack", "4"), ("Nodes", "20")]


def test_paired_columns_with_data_in_the_header(read: Read) -> None:
    page = read(table("| Racks | 5 | Pods | 2 |", "| Nodes | 20 | GPUs | 160 |"))
    assert sorted(page.values()) == [("GPUs", "160"), ("Nodes", "20"), ("Pods", "2"), ("Racks", "5")]


def test_amounts_in_the_header_of_a_sweep_are_values(read: Read) -> None:
    page = read(table("| GPUs | 8 | 16 | 32 |", "| Step time | 4 s | 2.1 s | 1.2 s |"))
    assert page.grid.kind is GridKind.TRANSPOSED
    assert page.records() == [{"GPUs": "8", "Step time": "4 s"}, {"GPUs": "16", "Step time": "2.1 s"}, {"GPUs": "32", "Step time": "1.2 s"}]


def test_model_sizes_in_the_header_are_names(read: Read) -> None:
    page = read(table("| Model | 7B | 70B |", "| Layers | 32 | 80 |"))
    assert page.values() == [("7B", "Layers", "32"), ("70B", "Layers", "80")]


def test_a_column_that_counts_rows_names_them_with_its_header(read: Read) -> None:
    page = read(table("| Stage | Layers | Memory (GB) |", "| 0 | 10 | 30 |", "| 1 | 12 | 34 |"))
    assert page.grid.kind is GridKind.RECORDS and page.grid.sure
    assert page.values()[0] == ("Stage 0", "Layers", "10")
    counts = read(table("| Stages | Layers |", "| 2 | 10 |", "| 7 | 12 |"))
    assert counts.values()[0] == ("Stages", "2")


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("Weights (GB)", "GB"), ("Latency [ms]", "ms"), ("Rate, tokens/s", "tokens/s"), ("Memory in GB", "GB"), ("GB", "GB"),
        ("Latency (ms, median)", "ms"), ("Parameters (B)", "B"), ("Memory (per GPU)", ""), ("Memory (weights)", ""), ("GPUs", ""),
        ("(b) TP", ""),
    ],
)  # fmt: skip
def test_a_label_gives_its_unit(read: Read, label: str, unit: str) -> None:
    page = read(table(f"| Site | {label} | Nodes |", "| Turku | 40 | 2 |"))
    cell = page.grid.cells[0]
    assert cell.unit == unit
    if unit:
        assert cell.unit_at is not None
        assert page.document.blocks[cell.unit_at.block].text[cell.unit_at.start : cell.unit_at.end] == unit


def test_a_lone_unit_as_header_makes_pairs(read: Read) -> None:
    page = read(table("| Anything | GB |", "| weights | 12 |", "| cache | 5 |"))
    assert page.grid.kind is GridKind.PAIRS
    assert [(cell.label, cell.column, cell.unit) for cell in page.grid.cells] == [("weights", (), "GB"), ("cache", (), "GB")]


def test_a_column_of_units_gives_the_unit_of_its_row(read: Read) -> None:
    page = read(table("| Quantity | Value | Unit |", "| Bandwidth | 3 | TB/s |", "| Power | 700 | W |"))
    assert [(cell.label, page.text(cell), cell.unit) for cell in page.grid.cells] == [("Bandwidth", "3", "TB/s"), ("Power", "700", "W")]


def test_totals_and_means_are_told_by_their_labels(read: Read) -> None:
    page = read(
        table(
            "| Site | Prefill GPUs | Decode GPUs | Total GPUs |",
            "| Turku | 8 | 16 | 24 |",
            "| Vaasa | 24 | 8 | 32 |",
            "| **Total** | 32 | 24 | 56 |",
            "| Mean | 16 | 12 | 28 |",
        )
    )
    roles = {(cell.row[-1], cell.column[-1]): (cell.role, cell.row_role, cell.column_role) for cell in page.grid.cells}
    assert roles["Turku", "Decode GPUs"] == (CellRole.VALUE, CellRole.VALUE, CellRole.VALUE)
    assert roles["Turku", "Total GPUs"] == (CellRole.TOTAL, CellRole.VALUE, CellRole.TOTAL)
    assert roles["Total", "Decode GPUs"] == (CellRole.TOTAL, CellRole.TOTAL, CellRole.VALUE)
    assert roles["Mean", "Total GPUs"] == (CellRole.MEAN, CellRole.MEAN, CellRole.TOTAL)


@pytest.mark.parametrize("label", ["Total", "Sum", "合计", "总计", "Grand total", "GPUs (total)", "Nodes in all", "Subtotal"])
def test_words_of_a_total(read: Read, label: str) -> None:
    assert read(table("| Item | Value |", "| a part | 3 |", f"| {label} | 3 |")).grid.cells[-1].role is CellRole.TOTAL


@pytest.mark.parametrize("label", ["Totally new", "Share of total", "% of the total", "Sumatra", "Meaning of it", "Average latency"])
def test_words_that_only_begin_like_one_are_none(read: Read, label: str) -> None:
    assert read(table("| Item | Value |", "| a part | 3 |", f"| {label} | 3 |")).grid.cells[-1].role in (CellRole.VALUE, CellRole.NOTE)


def test_section_rows_head_the_rows_below_them(read: Read) -> None:
    page = read(table("| Item | Value |", "| **Model** | |", "| Layers | 48 |", "| Heads | 32 |", "| **Cluster** | |", "| Nodes | 3 |"))
    assert page.values() == [("Model", "Layers", "48"), ("Model", "Heads", "32"), ("Cluster", "Nodes", "3")]
    assert {cell.record for cell in page.grid.cells} == {0}


def test_sections_that_say_the_same_things_are_records_of_their_own(read: Read) -> None:
    page = read(
        table(
            "| Item | Value |", "| **Prefill** | |", "| Nodes | 2 |", "| GPUs | 16 |", "| **Decode** | |", "| Nodes | 3 |", "| GPUs | 24 |"
        )
    )
    assert page.records() == [{"Nodes": "2", "GPUs": "16"}, {"Nodes": "3", "GPUs": "24"}]
    assert page.grid.outer == (-1, 0, 0)


def test_a_row_without_values_at_the_end_heads_nothing(read: Read) -> None:
    assert read(table("| Item | Value |", "| Nodes | 3 |", "| Racks | |")).values() == [("Nodes", "3")]


@pytest.mark.parametrize("mark", ["&nbsp;&nbsp;", "↳ ", "- ", "└ "])
def test_indented_rows_are_parts_of_the_row_above(read: Read, mark: str) -> None:
    page = read(
        table("| Item | Value |", "| Weights | 30 GB |", f"| {mark}experts | 20 GB |", f"| {mark}rest | 10 GB |", "| Cache | 5 GB |")
    )
    assert page.values() == [("Weights", "30 GB"), ("Weights", "experts", "20 GB"), ("Weights", "rest", "10 GB"), ("Cache", "5 GB")]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("TP / PP / DP", "6 / 4 / 3"), ("TP×PP×DP", "6×4×3"), ("TP × PP × DP", "6/4/3"), ("TP/PP/DP", "6, 4, 3"), ("TP-PP-DP", "6-4-3"),
        ("TPxPPxDP", "6x4x3"), ("TP, PP, DP", "6 × 4 × 3"),
    ],
)  # fmt: skip
def test_compound_cells_have_a_label_for_every_part(read: Read, head: str, cell: str) -> None:
    page = read(table(f"| Run | {head} | GPUs |", f"| r1 | {cell} | 72 |"))
    assert page.records() == [{"TP": "6", "PP": "4", "DP": "3", "GPUs": "72"}]
    first = page.grid.cells[0]
    assert (first.part, first.parts, page.label_text(first), first.holder) == (0, 3, "TP", ("r1",))


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("TP / PP / DP", "6 / 4"), ("GPUs/node", "8"), ("Rate (tokens/s)", "300/400"), ("TP / PP", "none / few"), ("Hit/miss", "8 (4/4)"),
        ("TP / PP / DP", "72"), ("tokens/s", "3/4"),
    ],
)  # fmt: skip
def test_cells_with_another_number_of_parts_stay_whole(read: Read, head: str, cell: str) -> None:
    page = read(table(f"| Run | {head} | GPUs |", f"| r1 | {cell} | 72 |"))
    assert [page.text(one) for one in page.grid.cells] == [cell, "72"]


def test_the_last_parts_noun_and_unit_are_those_of_all(read: Read) -> None:
    heads = read(table("| Setting | Value |", "| Query / KV heads | 48 / 6 |"))
    assert heads.values() == [("Query heads", "48"), ("KV heads", "6")]
    memory = read(table("| Setting | Value |", "| Used / free | 40 / 24 GB |"))
    assert [(cell.label, memory.text(cell), cell.unit) for cell in memory.grid.cells] == [("Used", "40", "GB"), ("free", "24 GB", "")]


def test_the_product_behind_compound_parts_has_the_whole_label(read: Read) -> None:
    page = read(table("| Run | TP × PP | GPUs |", "| r1 | 6 × 4 = 24 | 72 |"))
    assert page.values() == [("r1", "TP", "6"), ("r1", "PP", "4"), ("r1", "TP × PP", "24"), ("r1", "GPUs", "72")]


def test_a_bracket_may_name_the_parts(read: Read) -> None:
    page = read(table("| Run | Layout (TP/PP) | GPUs |", "| r1 | 6/4 | 72 |"))
    assert page.values()[:2] == [("r1", "Layout", "TP", "6"), ("r1", "Layout", "PP", "4")]


def test_an_empty_label_goes_on_with_the_record_above(read: Read) -> None:
    page = read(table("| Model | GPUs | Time |", "| elk | 8 | 4 s |", "| | 16 | 2 s |", "| hare | 8 | 1 s |"))
    assert [(cell.holder, cell.record) for cell in page.grid.cells if cell.label == "GPUs"] == [
        (("elk",), 0),
        (("elk",), 1),
        (("hare",), 2),
    ]


@pytest.mark.parametrize(
    ("before", "caption"),
    [
        ("Memory of one GPU:\n\n", "Memory of one GPU:"), ("**Memory**\n\n", "Memory"), ("Table 4: memory\n\n", "Table 4: memory"),
        ("The nodes are new.\n\n", ""), ("## Memory\n\n", ""),
    ],
)  # fmt: skip
def test_a_caption_introduces_the_grid(read: Read, before: str, caption: str) -> None:
    page = read(before + table("| Part | GB |", "| cache | 5 |"))
    grid = page.grids[-1]
    assert grid.caption == caption
    assert (grid.caption_block >= 0) == bool(caption)
    assert grid.layout is Layout.TABLE


def test_markup_in_cells_does_not_move_their_places(read: Read) -> None:
    page = read("é 😀\n\n" + table("| **Item** | `Value` |", "| **Layers** | **48** `x` |", "| a \\| b | ~7 GB |"))
    assert [(cell.label, page.label_text(cell)) for cell in page.grid.cells] == [("Layers", "Layers"), ("a | b", "a | b")]
    assert page.text(page.grid.cells[0]).startswith("48")
    assert page.text(page.grid.cells[1]) == "~7 GB"


def test_grids_are_numbered_in_the_order_of_the_page(read: Read) -> None:
    page = read(
        "- Nodes: 3\n\n"
        + table("| Item | Value |", "| Racks | 2 |")
        + "\n```\nPods = 4\n```\n\n<table><tr><td>GPUs</td><td>8</td></tr></table>\n"
    )
    assert [(grid.index, grid.layout) for grid in page.grids] == [(0, Layout.LIST), (1, Layout.TABLE), (2, Layout.TEXT), (3, Layout.HTML)]
