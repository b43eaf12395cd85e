"""What an answer says is held against the page before it is written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve
from stratlint.meaning.entries import Entry
from stratlint.meaning.readings import readings_of
from stratlint.readers.answer import Answer
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import Objection, Reading
from stratlint.readers.ground import ELSEWHERE, SURPLUS, Grounded, grounded
from stratlint.rules.engine import run_rules
from stratlint.rules.registry import load_rules
from stratlint.rules.transcript import Transcript

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


PRINTED = ("six", "8", "48", "90 W", "4.32 kW", "48 cards")
INVENTED = ("7919", "7919 W", "61.7 kW", "-3", "1e99", "card", "")
NUMBER = st.sampled_from(PRINTED) | st.sampled_from(PRINTED + INVENTED)
EXPRESSION = st.recursive(NUMBER, lambda each: st.builds("({} {} {})".format, each, st.sampled_from("+−×÷"), each), max_leaves=4)
READING = st.builds(
    Reading, st.integers(-2, 12), NUMBER, st.sampled_from(["=", "<=", ">=", "divides"]), EXPRESSION, st.just("sum"), st.text()
)


@settings(max_examples=80, deadline=None)
@given(st.lists(READING, max_size=8))
def test_whatever_a_reader_says_every_error_is_recomputed_from_what_the_page_prints(readings: list[Reading]) -> None:
    document = parse(PAGE, "plan.md")
    claims = extract(document)
    blocks = page_blocks(document)
    found = grounded(Answer(tuple(readings)), claims, blocks, ALL)
    entries = [
        Entry(0, blocks[index].first + each.line - 1, each.claim, each.op, each.expr, each.kind, each.why)
        for index, block in found.blocks.items() for each in block.readings
    ]  # fmt: skip
    assert not any(invented in f"{each.claim} {each.expr}" for each in entries for invented in ("7919", "61.7", "1e99"))
    proposed = readings_of(entries, claims, "x")
    assert proposed.rejected == (), "what is written is what the judge takes"
    for finding in run_rules(resolve(claims), load_rules(), {}, Transcript(proposed.proposals, only=True)).findings:
        for place in (finding.location, *finding.related):
            assert document.text[place.start : place.end] == place.text
            assert any(character.isdigit() for character in place.text) or place.text == "Six"
