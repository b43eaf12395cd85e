"""What stands right above a list and speaks of all its items."""

from __future__ import annotations

import pytest

from stratlint.document import parse
from stratlint.document.introductions import introductions_of_lists


@pytest.mark.parametrize(
    ("lead", "found"),
    [
        ("**Considered and dropped**", "Considered and dropped"),
        ("What we tried:", "What we tried:"),
        ("We tried three layouts and kept one.", ""),  # an ordinary sentence
        ("## Options", ""),  # headings have a level of their own
        ("**" + "word " * 30 + "**", ""),  # a paragraph
    ],
)
def test_a_short_line_in_bold_or_with_a_colon_introduces_the_list_below_it(lead: str, found: str) -> None:
    document = parse(f"{lead}\n\n- one\n- two\n\nMore.\n\n- three\n", "x.md")
    said = introductions_of_lists(document)
    texts = {block.text.strip(): said.get(block.index, "").strip() for block in document.blocks if block.list_path}
    assert texts == {"one": found, "two": found, "three": ""}
