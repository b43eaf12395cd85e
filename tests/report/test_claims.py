"""The ledger as a table: 80 columns, whatever a page says."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

import stratlint
from stratlint.report.claims import claims_table

PAGE = (
    "# Plan for a 30B model\n\n- Strategy: EP64-TP8-PP4 on 64 GPUs\n- Weights: 30B × 2 bytes = 60 GB\n- 目标延迟 50 ms，显存利用率 78.5%\n"
    "- Memory per GPU: 20 GB ≤ 80 GB\n- 123456789012345678901234567890 things\n"
)


def table(text: str, *, color: bool = False, width: int = 80) -> str:
    (document,) = stratlint.check_text(text).documents
    return claims_table(document, document.ledger, color=color, width=width)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = table(PAGE, width=width)
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "recomputed" in shown


def test_latex_is_shown_as_it_prints_and_a_computation_once() -> None:
    page = "One layer: $12 \\times 5{,}120^2 = 314{,}572{,}800$ parameters.\n"
    lines = [" ".join(line.split()) for line in table(page, width=120).splitlines()]
    assert [line for line in lines if " operand in " in line] == [lines[2]]
    assert lines[2].endswith("operand in 12 × 5,120^2 = 314,572,800 parameters")
    assert "314,572,800 parameters" in lines[4] and "verified: 12 × 5,120^2" in lines[4]


def test_a_number_has_its_place_its_meaning_its_status_and_why() -> None:
    lines = table(PAGE).splitlines()
    assert lines[1].split() == ["place", "number", "meaning", "status", "and", "why"]
    assert any(" ".join(line.split()) == "4:28 60 GB weights verified: 30B × 2 bytes = 60 GB" for line in lines)
    assert any(line.startswith("4:12") and " operand " in line for line in lines)


def test_what_a_page_says_moves_no_cursor_and_colours_nothing() -> None:
    shown = table("- Weights \x1b[31m[red]: 8 GB\u202e\n- [bold]9[/bold]\n")
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "\x1b[" in table(PAGE, color=True)


def test_a_page_without_numbers_has_no_table() -> None:
    assert table("Nothing.\n").splitlines()[1:] == ["no numbers seen"]
