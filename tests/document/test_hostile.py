"""Any text in: an answer, in time linear in its size."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from stratlint.document import Document, UnreadableDocument, decode, parse

N = 200_000

HOSTILE: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    "sum": lambda n: "1 + " * (n // 4),
    "pipes": lambda n: "|" * n,
    "open brackets": lambda n: "[" * n,
    "close brackets": lambda n: "]" * n,
    "nested brackets": lambda n: "[x]: y\n\n" + "[" * (n // 2) + "1" + "]" * (n // 2),
    "stars": lambda n: "*" * n,
    "star list": lambda n: "* " * (n // 10) + "x",
    "dash list": lambda n: "- " * (n // 2) + "x",
    "numbered list": lambda n: "1. " * (n // 3) + "x",
    "quotes": lambda n: ">" * n,
    "lazy quote": lambda n: ">" * 1000 + " x\n" + "lazy\n" * (n // 50),
    "indented lists": lambda n: "\n".join("  " * depth + "- 1" for depth in range(int(n**0.5))),
    "backticks": lambda n: "`a``b" * (n // 5),
    "growing backticks": lambda n: " ".join("`" * width for width in range(int(n**0.5))),
    "dollars": lambda n: "$a " * (n // 3),
    "formulas": lambda n: "$a$ " * (n // 4),
    "open tags": lambda n: "<a " * (n // 3),
    "attributes": lambda n: "x <a" + " b='c'" * (n // 6),
    "open comments": lambda n: "x <!--" * (n // 6),
    "declarations": lambda n: "x <!a" * (n // 5),
    "open links": lambda n: "[a](" * (n // 4),
    "open titles": lambda n: '[a](b "' * (n // 7),
    "open emphasis": lambda n: "**a " * (n // 4),
    "closed emphasis": lambda n: "a** " * (n // 4),
    "mixed emphasis": lambda n: "*a _b " * (n // 6),
    "products": lambda n: "a*" * (n // 2),
    "url with brackets": lambda n: "https://a" + ")" * n,
    "open math": lambda n: "\\(" * (n // 2),
    "entities": lambda n: "&amp;" * (n // 5),
    "link title": lambda n: '[a]: b "' + "c" * n,
    "open labels": lambda n: "[x\n" * (n // 6),
    "definitions": lambda n: '[a]: b\n"x\n\n' * (n // 20),
    "footnotes": lambda n: "[^1]: x\n" * (n // 16),
    "wide table": lambda n: "|a" * (n // 4) + "|\n" + "|-" * (n // 4) + "|",
    "unclosed fence": lambda n: "```\n" + "x 1\n" * (n // 8),
    "fences in items": lambda n: "- ```\n" * (n // 20),
    "comments in items": lambda n: "- <!--\n" * (n // 20),
    "lines": lambda n: "a 1\n" * (n // 16),
    "lone CR": lambda n: "a 1\r" * (n // 16),
    "CRLF items": lambda n: "- a 1\r\n" * (n // 40),
    "NUL": lambda n: "\0" * n,
    "blank lines": lambda n: "\n" * n,
    "tabs": lambda n: "\t" * n + "x",
    "escapes": lambda n: "\x1b[31m1\x1b]8;;" * (n // 12),
    "broken tags": lambda n: "- a\n<b\n" * (n // 40),
    "front matter": lambda n: "---\n" + "a: b\n" * (n // 20) + "---\n",
    "open front matter": lambda n: "---\n" + "a: b\n" * (n // 20),
}


def seconds(text: str) -> float:
    start = time.process_time()
    parse(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str) -> None:
    make = HOSTILE[name]
    # Quadratic would be 16 times, and so every time; what a busy machine adds is not there three times.
    for attempt in (1, 2, 3):
        once = seconds(make(N // 4))
        assert once < 10
        fourfold = seconds(make(N))
        if fourfold < 9 * once + 0.4:
            break
        assert attempt < 3, f"{once:.2f} s, {fourfold:.2f} s for four times as much"


def test_a_line_of_ten_megabytes() -> None:
    document = parse("tokens 64 × 2 = 128, " * 500_000)
    assert len(document.blocks) == 1
    assert document.position(10_000_000) == (1, 10_000_001)


def test_fifty_thousand_rows() -> None:
    start = time.process_time()
    document = parse("| a | b | c |\n|---|---|---|\n" + "| 1 | 2 GB | 3 × 4 |\n" * 50_000)
    assert len(document.tables[0].rows) == 50_001
    assert time.process_time() - start < 15
    last = document.blocks[-1]
    assert document.position(last.source_offset(0))[0] == 50_002


@pytest.mark.parametrize("text", ["- " * 10_000 + "64", ">" * 10_000 + " 64", "1. > " * 3_000 + "64"])
def test_nesting_beyond_the_limit_is_text_and_noted(text: str) -> None:
    document = parse(f"{text}\n\nafter 65")
    assert any("64" in block.text for block in document.blocks)
    assert any("65" in block.text for block in document.blocks)
    assert any("nested too deep" in note for note in document.notes)


def test_nesting_of_fifty_lists_is_read() -> None:
    document = parse("\n".join("  " * depth + f"- {depth}" for depth in range(50)) + "\n\nafter")
    assert [len(block.list_path) for block in document.blocks] == [*range(1, 51), 0]
    assert document.notes == ()


def _with_notes(document: Document) -> tuple[str, tuple[str, ...]]:
    return document.blocks[0].text, document.notes


def test_replaced_and_refused_things_are_noted() -> None:
    assert _with_notes(parse("a\0b 64")) == ("a\ufffdb 64", ("1 NUL characters read as U+FFFD",))
    wide = parse("|a" * 2000 + "|\n" + "|-" * 2000 + "|")
    assert wide.notes == ("line 1: table of more than 1000 columns read as text",)
    assert wide.tables == ()


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "\0", "\r", " ", "\t", "---", "```", "<!--", "[", "|", "\ud800", "[a]: \ud800"])
def test_small_and_odd(text: str) -> None:
    document = parse(text)
    assert document.text == text.replace("\0", "\ufffd")
    assert document.position(0) == (1, 1)


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ("read as UTF-16-LE, going by its byte order mark",)),
        ("utf-32", ("read as UTF-32-LE, going by its byte order mark",)),
    ],
)
def test_encodings(encoding: str, note: tuple[str, ...]) -> None:
    assert decode("é 64 × 😀\r\n".encode(encoding)) == ("é 64 × 😀\r\n", note)
    assert decode("".encode(encoding))[0] == ""


def test_big_endian_marks() -> None:
    assert decode(b"\xfe\xff" + "64".encode("utf-16-be"))[0] == "64"
    assert decode(b"\x00\x00\xfe\xff" + "64".encode("utf-32-be"))[0] == "64"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"abc \xff", "byte 0xff at byte offset 4; save the file as UTF-8"),
        (b"\xef\xbb\xbfab\x80", "byte 0x80 at byte offset 5"),
        (b"\xff\xfea", "not valid UTF-16-LE: byte 0x61 at byte offset 2"),
        ("é 64 GPUs".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\x89PNG\r\n\x1a\n\0" + bytes(range(200)), "byte 0x89 at byte offset 0"),
    ],
)
def test_unreadable_bytes_say_where_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        decode(data)
