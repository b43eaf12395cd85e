"""Signs glued to a number that make it a name, and the same signs beside an amount."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.meaning.page import page_of


def amounts(text: str) -> list[str]:
    return [term.amount.text for statement in page_of(extract(parse(text))).statements for term in statement.terms]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The rate `requests_total[5m]` is 40 GB/s.", ["40 GB/s"]),
        ("With 2ⁿ cards there are 40 GB.", ["40 GB"]),
        ("The build phi4:14b takes 40 GB.", ["40 GB"]),
        ("Of gpu0:40 GB and gpu1:20 GB the rest is free.", ["40 GB", "20 GB"]),
        ("The cache [40 GB] fits.", ["40 GB"]),
    ],
)
def test_what_a_glued_sign_makes_a_name_is_no_amount(text: str, left: list[str]) -> None:
    assert [each for each in amounts(text) if each in ("5m", "2", "14b", *left)] == left
