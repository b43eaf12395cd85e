"""Byte columns are those of the encoded line, in whatever order they are asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stratlint.document import Document
from stratlint.report.columns import ByteColumns

LINES = st.lists(st.text(st.sampled_from("a×✅🏴\t"), max_size=8), min_size=1).map("\n".join)


@given(LINES, st.data())
def test_byte_columns(text: str, data: st.DataObject) -> None:
    columns = ByteColumns(Document("a.md", text, (), (), (), (), {}, ()))
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=10)):
        assert columns.column(offset) == len(text[:offset].split("\n")[-1].encode()) + 1


def test_no_text_no_columns() -> None:
    assert ByteColumns(None).column(3) is None


def test_a_byte_order_mark_has_no_column() -> None:
    assert ByteColumns(Document("a.md", "\ufeff×8", (), (), (), (), {}, ())).column(2) == 3
