"""Numbers in a heading that count the columns of its table are no amounts of what the first column names."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve


@pytest.mark.parametrize(
    ("header", "counted"), [("| Expert | 0 | 1 | 2 | 3 |", []), ("| Experts | 8 | 16 | 64 | 128 |", ["8", "16", "64", "128"])]
)
def test_columns_in_a_row_are_numbered(header: str, counted: list[str]) -> None:
    page = f"{header}\n|---|---|---|---|---|\n| Load | 2,810 | 3,164 | 2,456 | 12,698 |\n"
    facts = resolve(extract(parse(page, "x.md")))
    assert [fact.text for fact in facts.of_kind("model.experts")] == counted
