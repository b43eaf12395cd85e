"""Each escape does what its consumer undoes."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from stratlint.report import escaping
from stratlint.report.options import RenderOptions
from stratlint.report.paths import path_uri, shown_path

ANY_TEXT = st.text(st.characters(exclude_categories=()))
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b1m", r"\x9b1m"),
        ("a\u202eb", r"a\u202eb"),
        ("a\tb\r\nc\nd", "a b c d"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
        ("✅ 8×4 ⚠\ufe0f 日本", "✅ 8×4 ⚠\ufe0f 日本"),
        ("[red]x[/red]", "[red]x[/red]"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert escaping.printable(text) == shown


@pytest.mark.parametrize("text", ["##[error]x", "a ##vso[task]b", "##teamcity[x]", "###[x]"])
def test_no_build_log_command_survives(text: str) -> None:
    shown = escaping.terminal(text)
    assert not re.search(r"##(vso|teamcity)?\[", shown)
    assert "".join(escaping.terminal_pieces(text)) == shown


def test_headings_and_issue_numbers_stay() -> None:
    assert escaping.terminal("## 2. Memory #12") == "## 2. Memory #12"


@pytest.mark.parametrize("path", ["::error::x.md", "  ::error::x.md"])
def test_a_path_at_line_start_is_no_command(path: str) -> None:
    assert escaping.terminal_path(path) == f"./{path}"


def test_workflow_escapes_are_those_of_the_toolkit() -> None:
    assert escaping.workflow_data("50%\r\n:,") == "50%25%0D%0A:,"
    assert escaping.workflow_property("50%\r\n:,") == "50%25%0D%0A%3A%2C"
    assert escaping.workflow_text("a\n  ::error::b\n::c\nd::e") == "a\n  \\::error::b\n\\::c\nd::e"


@given(ANY_TEXT)
def test_printable_hides_nothing_and_moves_nothing(text: str) -> None:
    shown = escaping.printable(text)
    assert escaping.printable(shown) == shown
    shown.encode()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(ANY_TEXT)
def test_json_round_trips_in_visible_characters(text: str) -> None:
    for indent in (None, 2):
        encoded = escaping.json_text({text: [text]}, indent=indent)
        # Two lone surrogates in a row make one character of every JSON.
        assert json.loads(encoded) == json.loads(json.dumps({text: [text]}))
        assert escaping.printable(encoded.replace("\n", "")) == encoded.replace("\n", "")
    assert "\n" not in escaping.json_text(text)


@given(ANY_TEXT)
def test_xml_is_well_formed_in_text_and_attribute(text: str) -> None:
    escaped = escaping.xml(text)
    root = etree.fromstring(f'<a b="{escaped}">{escaped}</a>')
    assert root.get("b") == escaping.printable(text)
    assert (root.text or "") == escaping.printable(text)


@given(ANY_TEXT)
def test_uri_is_ascii_and_decodes_to_the_file_name(path: str) -> None:
    encoded = escaping.uri(path)
    assert re.fullmatch(r"[A-Za-z0-9/._~!$&'()*+;=@%-]*", encoded)
    if not re.search("[\ud800-\udfff]", path):
        assert unquote_to_bytes(encoded) == path.encode()


_PIECES = st.sampled_from(
    [
        "<script>",
        "&lt;",
        "[a](b)",
        "![a](b)",
        "`",
        "``",
        "|",
        "\\",
        "*",
        "__",
        "~~",
        "<!--",
        "$x$",
        "@me",
        "#1",
        "\n",
        "http://x.y",
        "www.x.y",
        "a",
        "1 ",
        "&#60;",
        "- ",
        "]",
        "<https://x>",
        "\\|",
    ]
)


@given(st.lists(_PIECES).map("".join))
def test_markdown_renders_as_the_text_itself(text: str) -> None:
    table = MARKDOWN.render(f"| a | b |\n|---|---|\n| {escaping.markdown(text)} | {escaping.markdown_code(text)} |\n")
    cells = re.findall(r"<td>(.*?)</td>", table, re.DOTALL)
    assert len(cells) == 2
    assert re.sub(r"^<code>|</code>$", "", cells[1]).strip() == cells[0].strip()
    assert "<" not in cells[0]
    shown = etree.fromstring(f"<a>{cells[0].replace('&quot;', '&#34;')}</a>").text or ""
    assert shown.replace("\u200b", "").strip() == escaping.printable(text).strip()


@pytest.mark.parametrize(
    ("path", "base", "directory", "shown"),
    [
        ("./docs/a.md", "", "", "docs/a.md"),
        ("a.md", "/repo", "/repo/docs", "docs/a.md"),
        ("/repo/x/a.md", "/repo", "/elsewhere", "x/a.md"),
        ("../b.md", "/repo", "/repo", "/b.md"),
        ("/other/a.md", "/repo", "/repo", "/other/a.md"),
        ("/repository/a.md", "/repo", "/repo", "/repository/a.md"),
    ],
)
def test_paths_are_relative_to_the_base_where_they_can_be(path: str, base: str, directory: str, shown: str) -> None:
    assert shown_path(path, RenderOptions(base=base, directory=directory)) == shown


def test_uris_outside_the_base_are_absolute() -> None:
    assert path_uri("/x y:z.md", RenderOptions()) == "file:///x%20y%3Az.md"
    assert path_uri("a:b,50%.md", RenderOptions()) == "a%3Ab%2C50%25.md"
