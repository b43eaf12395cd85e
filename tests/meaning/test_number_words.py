"""Numbers in words."""

from __future__ import annotations

import pytest

from stratlint.meaning.number_words import number_words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("eight links and a dozen pumps", [8, 12]),
        ("ninety-six", [96]),
        ("Five hundred racks", [500]),
        ("two thirds of them", [2 / 3]),
        ("half of the eight", [0.5, 8]),
        ("twice as many", [2]),
        ("no number at all", []),
    ],
)
def test_number_words_have_values(text: str, values: list[float]) -> None:
    assert [word.value for word in number_words(text)] == pytest.approx(values)


def test_each_stands_where_it_is_written() -> None:
    text = "The twenty-four cards of three hosts"
    assert [text[word.start : word.end] for word in number_words(text)] == ["twenty-four", "three"]
