"""Every character of every block knows its place in the source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.document import Block, BlockKind, Document, Span, parse
from stratlint.document.dialects import readable

DIGITS = re.compile(r"[0-9]+")
LINE_BREAK = re.compile("\n")
# Digits that no block has to hold: list markers, link definitions, info strings, delimiter rows.
NOT_SAID = re.compile(r"^[\s>*+-]*(?:\d{1,9}[.)](?=\s|$)|\[[^\]^][^\]]*\]:.*|(?:\d{1,9}[.)]\s+)*(?:`{3,}|~{3,}).*)", re.MULTILINE)
# What the mask may take digits away from.
MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(style|script)\b.*?</\1|\]\(.*?\)[^\s]*|\]\[[^\]]*\]|<[^>]*>|\[\^[^\]]*\]|&#?\w+;|"
    r"https?://[^\s<>]*|www\.[^\s<>]*",
    re.DOTALL | re.IGNORECASE,
)

pieces = st.sampled_from(
    [
        *"\n\r\t >-*+#|`~_$\\[]()!<&:.=",
        *(
            "\r\n",
            "\n\n",
            "- ",
            "1. ",
            "> ",
            "    ",
            "```",
            "~~~",
            "---",
            "===",
            "**",
            "~~",
            "$$",
            "](",
            "\\|",
            "|--|\n",
        ),
        *("| a | b |\n|--|--|\n", "<!-- ", " -->", "<br>", "<td>", "</td>", "<details>", "[^1]: ", "[^1]", "[a]: b\n"),
        *(
            "&times;",
            "&#8209;",
            "http://a.b/1",
            "7",
            "1,024",
            " 64 GB ",
            "é",
            "中文",
            "😀",
            "\ufeff",
            "\0",
            "\x0b",
            "\x1b[0m",
        ),
        *("a: 1\n", "...\n", "x", "\u2028", "\u00a0", "\ud800", "[ ] ", "[x] ", "# "),
    ]
)
markdown = st.lists(pieces, max_size=40).map("".join)


def check_segments(document: Document) -> None:
    for block in document.blocks:
        assert len(block.text) == len(block.content)
        assert all(block.text[found.start()] == "\n" for found in LINE_BREAK.finditer(block.content))
        assert block.segments
        end = 0
        unmapped = ""
        for segment in block.segments:
            assert segment.content >= end, "segments are in order and do not overlap"
            unmapped += block.content[end : segment.content]
            end = segment.content + segment.length
            source = document.text[segment.source : segment.source + segment.length]
            assert block.content[segment.content : end] == source
        assert (unmapped + block.content[end:]).strip(" \n\t") == "", "only white space may have no place"
        for span in (*block.struck, *block.code, *block.math, *block.strong):
            assert 0 <= span.start <= span.end <= len(block.content)


def check_digits(document: Document) -> int:
    count = 0
    for block in document.blocks:
        for text in (block.content, block.text):
            for found in DIGITS.finditer(text):
                span = block.source_span(*found.span())
                assert document.text[span.start : span.end] == found[0]
                count += 1
    return count


def test_numbers_of_all_documents_stand_where_their_span_says_and_none_is_left_out(corpus: list[tuple[str, str]]) -> None:
    seen = 0
    for name, text in corpus:
        document = parse(text, name)
        check_segments(document)
        seen += check_digits(document)
        check_none_left_out(document)
    assert seen > 100


def test_line_ends_of_other_systems_and_a_byte_order_mark_move_nothing(corpus: list[tuple[str, str]]) -> None:
    # Of the many real documents every eighth.
    for name, text in corpus[:: 8 if len(corpus) > 100 else 1]:
        for variant in (text.replace("\r\n", "\n").replace("\n", "\r\n"), "\ufeff" + text.replace("\n", "\r")):
            document = parse(variant, name)
            check_segments(document)
            check_digits(document)


def check_none_left_out(document: Document) -> None:
    """Every number of the text is in some block, but for markup."""
    text = document.text
    said, read = bytearray(len(text)), bytearray(len(text))
    for block in document.blocks:
        for segment in block.segments:
            said[segment.source : segment.source + segment.length] = b"\1" * segment.length
        for found in DIGITS.finditer(block.text):
            span = block.source_span(*found.span())
            read[span.start : span.end] = b"\1" * (span.end - span.start)
    # What is no Markdown in the dialect of the document, such as the tags of MDX, is blank before anything reads it.
    plain = readable(text, document.path)
    allowed = [found.span() for found in NOT_SAID.finditer(text)]
    allowed += [found.span() for found in DIGITS.finditer(text) if plain[slice(*found.span())] != found[0]]
    markup = [*allowed, *(found.span() for found in MARKUP.finditer(text))]
    for found in DIGITS.finditer(text):
        if not said[found.start()]:
            assert _inside(found.span(), allowed), (document.path, document.position(found.start()), "is in no block")
        elif not read[found.start()]:
            assert _inside(found.span(), markup), (document.path, document.position(found.start()), "is blanked")


def _inside(span: tuple[int, int], ranges: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in ranges)


@settings(max_examples=600, deadline=None)
@given(markdown)
def test_any_markdown_maps_exactly(text: str) -> None:
    document = parse(text)
    check_segments(document)
    check_digits(document)
    indices = [block.index for block in document.blocks]
    assert indices == list(range(len(indices)))
    assert len(document.text) == len(text)
    for comment in document.comments:
        assert document.text[comment.span.start : comment.span.end].startswith("<!--")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_maps_exactly(text: str) -> None:
    check_segments(parse(text))


@given(markdown)
def test_blocks_are_in_source_order(text: str) -> None:
    document = parse(text)
    starts = [block.segments[0].source for block in document.blocks]
    assert starts == sorted(starts)


def find(document: Document, text: str) -> tuple[Block, int]:
    return next((block, block.text.index(text)) for block in document.blocks if text in block.text)


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("one\ntwo 64", "64", (2, 5)),
        ("one\r\ntwo 64", "64", (2, 5)),
        ("one\rtwo 64", "64", (2, 5)),
        ("a\n\r\nb\r\rc 64", "64", (5, 3)),
        ("\ufeff64 GPUs", "64", (1, 1)),
        ("\ufeffa\r\n64", "64", (2, 1)),
        ("\ufeff\r\n# 64", "64", (2, 3)),
        ("-\t64 GPUs", "64", (1, 3)),
        ("\tcode 64", "64", (1, 7)),
        ("-\t\tcode 64", "64", (1, 9)),
        (">\t64", "64", (1, 3)),
        ("> > 1\n> > 64", "64", (2, 5)),
        ("> lazy\n64 GPUs", "64", (2, 1)),
        ("- a\n\n  - b\n\n    64 GPUs", "64", (5, 5)),
        ("10. x\n    soft 64", "64", (2, 10)),
        ("###   64 ###", "64", (1, 7)),
        ("Total\n  64\n---", "64", (2, 3)),
        ("😀é 中 64", "64", (1, 6)),
        ("| a |\n|---|\n| x \\| 64 |", "64", (3, 8)),
        ("| a \\| b \\| 64 |\n|---|", "64", (1, 13)),
        ("> | a |\n> |---|\n> | 64 |", "64", (3, 5)),
        ("a | b\n--|--\n1 | 64", "64", (3, 5)),
        ("```\na\n  64\n```", "64", (3, 3)),
        ("  ```\n    64\n  ```", "64", (2, 5)),
        ("- ```\n  64\n  ```", "64", (2, 3)),
        ("<div>\n  <b>64</b>\n</div>", "64", (2, 6)),
        ("---\ngpus: 64\n---\n", "64", (2, 7)),
        ("---\na: 1\n---\n64", "64", (4, 1)),
        ("\x0b\n  64", "64", (2, 3)),
        ("a  \nb\\\n64", "64", (3, 1)),
        ("[^1]: a\n  [^2]: 64", "64", (2, 9)),
        ("\x1b[31m64", "64", (1, 6)),
        ("a\u2028b\x0c64", "64", (1, 5)),
    ],
)
def test_lines_and_columns(text: str, said: str, position: tuple[int, int]) -> None:
    document = parse(text)
    block, offset = find(document, said)
    span = block.source_span(offset, offset + len(said))
    assert document.text[span.start : span.end] == said
    assert document.position(span.start) == position
    assert said in document.line_text(position[0])


def test_spans_over_line_breaks_markers_and_escapes() -> None:
    document = parse("> a 1\r\n> b 2\n\n| x \\| y |\n|---|")
    block = document.blocks[0]
    assert block.content == "a 1\nb 2"
    assert block.source_span(0, 7) == Span(2, 12)
    cell = document.blocks[1]
    assert (cell.kind, cell.content) == (BlockKind.CELL, "x | y")
    span = cell.source_span(0, 5)
    assert document.text[span.start : span.end] == "x \\| y"
    assert cell.source_span(2, 2) == Span(cell.source_offset(2), cell.source_offset(2))


def test_lines_of_a_document() -> None:
    document = parse("a\r\nb\rc\n")
    assert document.line_count == 3
    assert [document.line_text(line) for line in (0, 1, 2, 3, 4, 5)] == ["", "a", "b", "c", "", ""]
    assert document.position(-5) == (1, 1)
    assert document.position(99) == (4, 1)
    assert parse("").line_count == 1
    assert parse("\ufeffa").line_text(1) == "a"
