"""Positions of the protocol: lines end as in editors, characters are counted in the units of the client."""

from __future__ import annotations

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given
from hypothesis import strategies as st

from stratlint.editor.positions import Change, Place, Positions, changed

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXTS = st.text(st.sampled_from("a é€🧮\n\r\x0c\u2028\x85\u200d\ud800"), max_size=40)
ENCODINGS = st.sampled_from(sorted(CODECS))


@given(TEXTS, ENCODINGS, st.integers(-2, 45))
def test_a_character_is_as_many_units_as_it_has_in_the_encoding(text: str, encoding: str, offset: int) -> None:
    codec, width = CODECS[encoding]
    place = Positions(text, encoding).place(offset)
    before = text[: max(0, offset)]
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    if before.endswith("\r") and text[len(before) :].startswith("\n"):
        return  # between the two halves of a line end is no place
    assert place.character == len(line.encode(codec, "surrogatepass")) // width
    assert place.line == before.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(TEXTS, ENCODINGS, st.integers(0, 40))
def test_a_place_leads_back_to_its_offset(text: str, encoding: str, offset: int) -> None:
    offset = min(offset, len(text))
    positions = Positions(text, encoding)
    if text[offset - 1 : offset + 1] != "\r\n":
        assert positions.offset(positions.place(offset)) == offset


@pytest.mark.parametrize(
    ("place", "offset"),
    [
        (Place(0, 2), 1),  # within the second half of the emoji
        (Place(0, 99), 3),  # beyond the line: its end, before CRLF
        (Place(1, 0), 5),
        (Place(9, 0), 6),  # beyond the text
    ],
)
def test_what_lies_beyond_or_within_is_the_nearest_before(place: Place, offset: int) -> None:
    assert Positions("a🧮b\r\nc", "utf-16").offset(place) == offset


@given(TEXTS, ENCODINGS, st.integers(0, 40), st.integers(0, 40), TEXTS)
def test_a_change_replaces_what_stands_between_its_places(text: str, encoding: str, one: int, two: int, new: str) -> None:
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
        return
    positions = Positions(text, encoding)
    made = changed(text, [Change(new, positions.place(start), positions.place(end))], encoding)
    assert made == text[:start] + new + text[end:]


def test_changes_come_one_after_the_other() -> None:
    first = Change("🧮🧮", Place(0, 0), Place(0, 1))
    assert changed("ab", [first, Change("x", Place(0, 2), Place(0, 4))], "utf-16") == "🧮xb"
    assert changed("ab", [first, Change("anew")], "utf-16") == "anew"
    assert changed("ab", [Change("x", Place(0, 2), Place(0, 1))], "utf-16") == "abx"  # the wrong way round: nothing is lost


def test_a_thousand_places_on_one_long_line_cost_little() -> None:
    """Linear in the text and logarithmic each: a line of megabytes is not encoded for every finding on it."""
    positions = Positions("é🧮" * 500_000, "utf-8")
    assert [positions.place(at).character for at in range(0, 1_000_000, 1_000)] == [at * 3 for at in range(0, 1_000_000, 1_000)]
