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


@pytest.mark.parametrize(("said", "counted"), [("holds experts 3*e* and 3*e* + 1", []), ("holds 3 experts and 1 head", ["3"])])
def test_numbers_with_a_symbol_behind_name_things(said: str, counted: list[str]) -> None:
    facts = resolve(extract(parse(f"Rank *e* of a group {said}.\n", "x.md")))
    assert [fact.text.split()[0] for fact in facts.of_kind("model.experts") + facts.of_kind("placement.experts_per_gpu")] == counted
