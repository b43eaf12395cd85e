"""What goes into one call: all that is wanted and nothing twice, within its size, with what it refers to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.readers.blocks import PageBlock, page_blocks
from stratlint.readers.pieces import Piece, has_numbers, pieces, spans, text_of
from stratlint.readers.prompt import prompt

SMALL = replace(prompt(), page_lines=12, page_characters=600, context_lines=12, line_characters=50)
TABLE = "| Part | Size |\n|---|---:|\n" + "".join(f"| part {n} | {n} GB |\n" for n in range(1, 31))
PAGE = f"# Plan\n\n- Nodes: 6\n- GPUs per node: 8\n\nWords alone.\n\n# Sizes\n\n{TABLE}\n# End\n\nIn all 465 GB.\n"


def test_a_page_of_usual_length_goes_in_one_call() -> None:
    claims = extract(parse(PAGE))
    blocks = page_blocks(claims.document)
    (piece,) = pieces(claims, blocks, prompt())
    assert (piece.lines, piece.context) == (tuple(range(1, claims.document.line_count + 1)), ())
    text = text_of(piece, claims.document, prompt())
    assert "1: # Plan\n" in text and "45: In all 465 GB." in text and text.endswith("Transcribe the whole page above.")
    assert "…" not in text


def test_of_a_page_with_one_new_block_all_is_shown_and_that_block_is_asked_for() -> None:
    claims = extract(parse(PAGE))
    (piece,) = pieces(claims, page_blocks(claims.document)[2:], prompt())
    assert piece.lines == (43, 44, 45)
    assert piece.context == tuple(range(1, 43))
    assert "Transcribe lines 43-45 of the page" in text_of(piece, claims.document, prompt())


def test_a_longer_page_goes_by_sections_each_line_once() -> None:
    claims = extract(parse(PAGE))
    blocks = page_blocks(claims.document)
    found = pieces(claims, blocks, SMALL)
    assert [line for piece in found for line in piece.lines] == [line for b in blocks for line in range(b.first, b.last + 1)]
    assert all(len(piece.lines) <= SMALL.page_lines and len(piece.context) <= SMALL.context_lines for piece in found)
    assert len(found) > 3


def test_sections_come_with_what_the_page_binds_names_to_and_the_header_of_their_table() -> None:
    claims = extract(parse(PAGE))
    last_part = next(piece for piece in pieces(claims, page_blocks(claims.document), SMALL) if 38 in piece.lines)
    text = text_of(last_part, claims.document, SMALL)
    for line in ("1: # Plan", "3: - Nodes: 6", "4: - GPUs per node: 8", "10: | Part | Size |", "38: | part 27 | 27 GB |"):
        assert f"\n{line}\n" in text
    assert "…" in text and "Words alone" not in text
    assert "| part 2 |" not in text, "a long table is data and binds nothing"


def test_a_line_of_any_length_is_cut() -> None:
    claims = extract(parse("8 " * 400))
    (piece,) = pieces(claims, page_blocks(claims.document), SMALL)
    assert len(text_of(piece, claims.document, SMALL)) < 200


def test_halves_show_each_other() -> None:
    one, two = Piece((1, 2, 3), (4,)).halves
    assert (one, two) == (Piece((1,), (2, 3, 4)), Piece((2, 3), (1, 4)))
    assert Piece((7,), (1,)).halves == (Piece((7,), (1,)),)


@pytest.mark.parametrize(("text", "has"), [("no numbers", False), ("eight hosts", True), ("TP8", True), ("half of it", True)])
def test_blocks_without_numbers_are_not_worth_a_call(text: str, has: bool) -> None:
    assert has_numbers(PageBlock("", 1, (text,))) is has


def test_lines_are_named_by_their_ranges() -> None:
    assert [spans(each) for each in ([3], [1, 2, 3], [1, 3, 4, 9])] == ["line 3", "lines 1-3", "lines 1, 3-4 and 9"]
