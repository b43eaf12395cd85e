"""Whatever a document, a path or a rule says, no output format obeys it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.outcome import Report

Build = Callable[[str, str], Report]

INJECTIONS = [
    "::error::x",
    "\n::stop-commands::t",
    "\r::add-mask::x",
    " ::warning file=a::b",
    "##[error]",
    "##vso[task.x]y",
    "\x1b[2J",
    "\x1b]8;;http://x\x07",
    "\x9b31m",
    "\x00",
    "\x08",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ud83d",
    "\ufffe",
    "]]>",
    "<!--",
    "<b x='",
    '"/>',
    "&amp;",
    "&#0;",
    "%0A",
    "%",
    ",",
    ":",
    "|",
    "`",
    "](javascript:x)",
    "[red]",
    "[/]",
    "\t",
    "日本",
    "✅",
    "🏴",
    "{0}",
    "\\",
    "\\u0000",
    "../",
    "/",
    " ",
]
HOSTILE = st.lists(st.sampled_from(INJECTIONS) | st.text(st.characters(exclude_categories=()), max_size=5)).map("".join)
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
OPTIONS = RenderOptions(verbose=True, statistics=True)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = sorted(set(FORMATS) - {"html"})


@pytest.mark.parametrize("name", NAMES)
@quick
@given(text=HOSTILE, path=HOSTILE)
@example(text="\x1b[31m", path="::error::x")
@example(text="", path="")
def test_no_hidden_character_and_valid_utf8(name: str, hostile: Build, text: str, path: str) -> None:
    output = render(name, hostile(text, path), OPTIONS)
    assert not HIDDEN.search(output)
    output.encode()


@quick
@given(text=HOSTILE, path=HOSTILE)
def test_colour_adds_only_colour(hostile: Build, text: str, path: str) -> None:
    report = hostile(text, path)
    coloured = RenderOptions(color=True, hyperlinks=True, verbose=True, statistics=True)
    assert COLOUR.sub("", render("full", report, coloured)) == render("full", report, OPTIONS)


@quick
@given(text=HOSTILE, path=HOSTILE)
@example(text="x", path="::error::y")
@example(text="\n::error::y", path="\n::error::y")
@example(text="", path=":")
def test_text_formats_hold_no_command_but_ours(hostile: Build, text: str, path: str) -> None:
    report = hostile(text, path)
    for name in ("full", "concise", "grouped", "github"):
        output = render(name, report, OPTIONS)
        assert not re.search(r"##(vso|teamcity)?\[", output)
        lines = [line for line in output.splitlines() if line.lstrip().startswith("::")]
        assert len(lines) == (2 if name == "github" else 0)
        for line in lines:
            assert re.match(r"::error file=[^:,]*(,line=1(,\w+=\d+)*)?,title=stratlint%3A [^:,]*::", line)


@quick
@given(text=HOSTILE, path=HOSTILE)
def test_concise_has_one_line_a_finding(hostile: Build, text: str, path: str) -> None:
    assert len(render("concise", hostile(text, path), RenderOptions()).splitlines()) == 3


@quick
@given(text=HOSTILE, path=HOSTILE)
def test_json_is_json_and_lossless(hostile: Build, text: str, path: str) -> None:
    report = hostile(text, path)
    for name in ("json", "sarif", "rdjson", "gitlab"):
        json.loads(render(name, report, OPTIONS))
    (row,) = map(json.loads, render("jsonl", report, OPTIONS).splitlines())
    assert row["message"] == json.loads(json.dumps(text))
    uri = json.loads(render("sarif", report, OPTIONS))["runs"][0]["artifacts"][0]["location"]["uri"]
    assert re.fullmatch(r"(file://)?[A-Za-z0-9/._~!$&'()*+;=@%-]*", uri)


@quick
@given(text=HOSTILE, path=HOSTILE)
def test_xml_is_well_formed_and_holds_our_elements_only(hostile: Build, text: str, path: str) -> None:
    report = hostile(text, path)
    suites = etree.fromstring(render("junit", report, OPTIONS).encode())
    assert [len(suite) for suite in suites] == [3, 1]
    files = etree.fromstring(render("checkstyle", report, OPTIONS).encode())
    assert [len(file) for file in files] == [1, 1]


@quick
@given(text=HOSTILE, path=HOSTILE)
def test_markdown_keeps_its_tables(hostile: Build, text: str, path: str) -> None:
    output = render("markdown", hostile(text, path), OPTIONS)
    assert set(re.findall(r"<[^>\s]*", re.sub(r"\\.", "", output))) <= {"<br", "<code", "</code"}
    rows = [line for line in re.sub(r"\\.", "", output).splitlines() if line.startswith("|")]
    assert [row.count("|") for row in rows] == [3] * 7 + [5] * 3 + [3] * 3
