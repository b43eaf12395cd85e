"""The blocks that readings belong to: every line is in one, and its hash says whether the text is another."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.document import parse
from stratlint.readers.blocks import PageBlock, page_blocks


def blocks(text: str) -> tuple[PageBlock, ...]:
    return page_blocks(parse(text))


PAGE = "intro 4 GB\n\n# One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nTwo\n---\n\n- 3\n- 4\n"


def test_a_block_goes_from_one_heading_to_the_next() -> None:
    assert [(each.first, each.last, each.lines[0]) for each in blocks(PAGE)] == [(1, 2, "intro 4 GB"), (3, 8, "# One"), (9, 13, "Two")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["# a", "## b", "", "text 1", "- # c", "> # d", "===", "```", "| 1 |", "\x0c", "---"]), max_size=12))
def test_every_line_that_says_something_is_in_exactly_one_block(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = parse(text)
    covered = [number for block in page_blocks(document) for number in range(block.first, block.last + 1)]
    assert covered == sorted(set(covered))
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(covered)
    for block in page_blocks(document):
        assert [document.line_text(number) for number in range(block.first, block.last + 1)] == list(block.lines)


def test_headings_in_lists_and_quotes_split_nothing() -> None:
    assert len(blocks("- a 1\n- # b\n\n  2\n- c 3\n\n> # d\n> 4\n")) == 1


def test_a_change_elsewhere_leaves_the_hash_alone() -> None:
    after = blocks(PAGE.replace("intro", "another\n\nintro"))
    assert [each.hash for each in after][1:] == [each.hash for each in blocks(PAGE)][1:]
    assert after[0].hash != blocks(PAGE)[0].hash


def test_the_hash_is_the_same_on_all_systems_and_does_not_see_blanks_at_ends() -> None:
    assert blocks("# a\n1\n")[0].hash == blocks("# a  \r\n1\r\n\r\n\r\n")[0].hash == "556dc8e295ae55c9"


def test_any_digit_changes_the_hash() -> None:
    assert blocks("# a\n1.0\n")[0].hash != blocks("# a\n1.1\n")[0].hash
