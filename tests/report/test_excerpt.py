"""Carets stand under what they point at, counted in terminal cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stratlint.document import Document
from stratlint.report.excerpt import Mark, excerpt


def document_of(text: str) -> Document:
    return Document("d.md", text, (), (), (), (), {}, ())


def pointed_at(text: str, needle: str, width: int = 80) -> tuple[str, str]:
    """The source row and the row of its caret."""
    start = text.index(needle)
    (row,) = excerpt(document_of(text), [Mark(start, start + len(needle), "")], width)
    (pointer,) = row.pointers
    return row.text, " " * pointer.indent + "^" * pointer.width


@pytest.mark.parametrize(
    ("text", "needle", "shown", "carets"),
    [
        ("TP = 8 here", "8", "TP = 8 here", "     ^"),
        ("✅ 76 GB", "76 GB", "✅ 76 GB", "   ^^^^^"),
        ("8 × 4 = 33", "33", "8 × 4 = 33", "        ^^"),
        ("日本語 8 GB", "8", "日本語 8 GB", "       ^"),
        ("日本語 8 GB", "本", "日本語 8 GB", "  ^^"),
        ("\ta\tb", "b", "    a   b", "        ^"),
        ("a\x1b[1m8", "8", r"a\x1b[1m8", "        ^"),
        ("\u202e8", "8", r"\u202e8", "      ^"),
        ("⚠\ufe0f 8", "8", "⚠\ufe0f 8", "   ^"),
        ("\ufeff8 GB", "8", "8 GB", "^"),
        ("one\r\n8 GB\r\ntwo", "8", "8 GB", "^"),
        ("one\r8 GB\rtwo", "GB", "8 GB", "  ^^"),
        ("##[8", "8", r"#\#[8", "    ^"),
    ],
)
def test_carets(text: str, needle: str, shown: str, carets: str) -> None:
    assert pointed_at(text, needle) == (shown, carets)


def test_a_very_long_line_is_cut_around_the_mark() -> None:
    text = "a" * 1_000_000 + " 8 GB " + "b" * 1_000_000
    shown, carets = pointed_at(text, "8 GB")
    assert shown.startswith("…aaa") and shown.endswith("bbb…")
    assert cell_len(shown) <= 80
    assert shown[len(carets) - 4 : len(carets)] == "8 GB"


def test_distant_marks_of_a_long_line_get_a_row_each() -> None:
    text = "1 GB" + "a" * 500 + "2 GB"
    rows = excerpt(document_of(text), [Mark(504, 508, "two"), Mark(0, 4, "one")], 60)
    assert [row.line for row in rows] == [1, 1]
    assert [row.pointers[0].label for row in rows] == ["one", "two"]


def test_marks_over_lines_carry_the_label_last() -> None:
    text = "Total\n  = 64 × 2\n  = 128\n\nmore\nlines\nend"
    rows = excerpt(document_of(text), [Mark(0, len(text), "label")], 60)
    assert [row.line for row in rows] == [1, 2, 3, 7]
    assert [row.pointers[0].label for row in rows] == ["", "", "", "label"]
    assert rows[1].pointers[0].indent == 2


def test_offsets_outside_the_text_do_no_harm() -> None:
    rows = excerpt(document_of("8"), [Mark(-5, 99, "x"), Mark(50, 60, "y")], 60)
    assert [row.line for row in rows] == [1]


@given(st.text(st.characters(exclude_categories=())), st.data())
def test_any_mark_on_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    width = data.draw(st.integers(20, 60))
    for row in excerpt(document_of(text), [Mark(start, end, "l"), Mark(0, start, "m")], width):
        assert "\n" not in row.text
        for pointer in row.pointers:
            assert 0 <= pointer.indent <= cell_len(row.text)
            assert pointer.width >= 1
