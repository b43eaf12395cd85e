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
        ("two dozen pumps", [24]),
        ("half a dozen pumps", [6]),
        ("half a million tokens", [500_000]),
        ("two hundred and fifty-six", [256]),
        ("One thousand twenty-four", [1024]),
        ("three million two hundred thousand and six", [3_200_006]),
        ("a hundred and twenty", [120]),
        ("twenty four", [24]),
        ("twice eight", [16]),
        ("one and a half", [1.5]),
        ("three quarters", [0.75]),
        ("one third", [1 / 3]),
    ],
)
def test_number_words_have_values(text: str, values: list[float]) -> None:
    assert [word.value for word in number_words(text)] == pytest.approx(values)


@pytest.mark.parametrize(
    "text",
    [
        "two twenty", "nine hundred hundred", "thousand million", "two hundred and three hundred", "twenty-ten", "two point five",
        "a few dozen", "several hundred", "a hundred", "two third",
    ],
)  # fmt: skip
def test_what_is_no_number_as_a_whole_is_none_in_part(text: str) -> None:
    assert list(number_words(text)) == []


def test_each_stands_where_it_is_written() -> None:
    text = "The twenty-four cards of three hosts"
    assert [text[word.start : word.end] for word in number_words(text)] == ["twenty-four", "three"]
