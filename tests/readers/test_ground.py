"""What an answer says is held against the page before it is written."""

from __future__ import annotations

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.readers.answer import Answer
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import Objection, Reading
from stratlint.readers.ground import ELSEWHERE, SURPLUS, Grounded, grounded

PAGE = "# One\n\nSix hosts of 8 cards are 48 cards.\n\n# Two\n\n- 48 cards\n- 90 W a card\n- 4.32 kW in all\n"
ALL = range(1, 10)


def ground(*readings: Reading, lines: range = ALL, objections: tuple[Objection, ...] = ()) -> Grounded:
    document = parse(PAGE)
    return grounded(Answer(readings, objections), extract(document), page_blocks(document), lines)


def kept(found: Grounded) -> dict[int, list[tuple[int, str]]]:
    return {index: [(each.line, each.claim) for each in block.readings] for index, block in found.blocks.items() if block.readings}


def test_lines_count_within_the_block() -> None:
    assert kept(ground(Reading(9, "4.32 kW", "=", "48 × 90 W"), Reading(3, "48", "=", "six × 8"))) == {0: [(3, "48")], 1: [(5, "4.32 kW")]}


def test_a_number_that_is_not_on_the_page_is_dropped() -> None:
    found = ground(Reading(9, "4.4 kW", "=", "48 × 90 W"), Reading(9, "4.32 kW", "=", "48 × 77 W"), Reading(9, "about", "=", "48"))
    assert kept(found) == {}
    assert found.dropped == {
        "a claim that is not on the page": 1,
        "a number that is not on the page": 1,
        "no relation between numbers": 1,
    }


def test_a_wrong_line_becomes_the_nearest_of_its_block_that_has_the_claim() -> None:
    """48 stands in both blocks, nearer in the other one."""
    found = ground(Reading(5, "48", "=", "6 × 8"))
    assert kept(found) == {1: [(3, "48")]}
    assert found.moved == 1


def test_a_line_beyond_the_page_becomes_the_one_that_has_the_claim() -> None:
    for line in (-4, 0, 10, 99_999_999):
        assert kept(ground(Reading(line, "90 W", "=", "4.32 kW ÷ 48"))) == {1: [(4, "90 W")]}


def test_only_what_was_asked_for_is_taken() -> None:
    """A block that is unchanged keeps what was read of it before."""
    found = ground(Reading(3, "48", "=", "6 × 8"), Reading(9, "4.32 kW", "=", "48 × 90 W"), lines=range(5, 10))
    assert kept(found) == {1: [(5, "4.32 kW")]}
    assert found.dropped == {ELSEWHERE: 1}
    assert set(found.blocks) == {1}


def test_thousands_of_readings_are_cut_to_what_a_page_can_have() -> None:
    found = ground(*(Reading(9, "4.32 kW", "=", f"48 × 90 W × {1} + {n} − {n}") for n in range(4000)))
    assert found.dropped[SURPLUS] == 3700


def test_objections_are_about_numbers_of_the_page() -> None:
    found = ground(objections=(Objection(1, "90 W", "quoted"), Objection(8, "91 W", "quoted")))
    assert [each.objections for each in found.blocks.values()] == [(), (Objection(4, "90 W", "quoted"),)]
