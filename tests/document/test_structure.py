"""Blocks, sections, lists, quotes, tables, comments and front matter."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from stratlint.document import BlockKind, Cell, Document, Span, parse


def said(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.content) for block in document.blocks]


def test_a_block_for_every_leaf_in_source_order() -> None:
    document = parse(
        "---\ngpus: 8\n---\n# One\npara\nsoft\n\n- item\n\n  more\n> quote\n\n| h |\n|---|\n| c |\n\n"
        "``` Python title\nx = 1\n\ny = 2\n```\n\n    indented\n\n<p>\nhtml\n</p>\n\nTwo\n===\n"
    )
    assert said(document) == [
        ("front_matter", "gpus: 8"),
        ("heading", "One"),
        ("paragraph", "para\nsoft"),
        ("paragraph", "item"),
        ("paragraph", "more"),
        ("paragraph", "quote"),
        ("cell", "h"),
        ("cell", "c"),
        ("code", "x = 1\n\ny = 2"),
        ("code", "indented"),
        ("html", "<p>\nhtml\n</p>"),
        ("heading", "Two"),
    ]
    assert [block.language for block in document.blocks if block.kind is BlockKind.CODE] == ["python", ""]
    assert document.front_matter == {"gpus": 8}
    assert document.notes == ()


def test_sections_and_heading_paths() -> None:
    document = parse("before\n# A **b**\n### C\ntext\n## D\n> # In quote\n> q\n\nafter\n# `E`\n")
    paths = {block.content: document.heading_path(block.section) for block in document.blocks}
    assert paths == {
        "before": (),
        "A **b**": ("A b",),
        "C": ("A b", "C"),
        "text": ("A b", "C"),
        "D": ("A b", "D"),
        "In quote": ("In quote",),
        "q": ("In quote",),
        "after": ("A b", "D"),
        "`E`": ("E",),
    }
    assert [section.level for section in document.sections] == [0, 1, 3, 2, 1, 1]
    assert (document.sections[0].parent, document.sections[0].block) == (-1, -1)
    assert [document.blocks[section.block].section for section in document.sections[1:]] == [1, 2, 3, 4, 5]


def test_list_paths_are_identities() -> None:
    document = parse("- a\n  - b\n\n    b2\n  - c\n- d\n  > 1. e\n\n- f\n")
    paths = {block.content: block.list_path for block in document.blocks}
    assert paths["b"] == paths["b2"]
    assert paths["b"][:1] == paths["c"][:1] == paths["a"]
    assert len({paths[name] for name in "abcdef"}) == 6
    assert len(paths["e"]) == 2
    assert [block.quote_depth for block in document.blocks] == [0, 0, 0, 0, 0, 1, 0]


def test_tables_are_rectangular_and_lose_nothing() -> None:
    document = parse("| a | b |\n|:-:|--:|\n| 1 |\n| 2 | `x\\|y` | 3 |\n\n| c |\n|---|\n")
    first, second = document.tables
    assert [[document.blocks[index].content for index in row] for row in first.rows] == [
        ["a", "b"],
        ["1", ""],
        ["2", "`x|y`"],
    ]
    assert first.alignments == ("center", "right")
    assert document.blocks[first.rows[2][1]].cell == Cell(0, 2, 1)
    assert document.blocks[second.rows[0][0]].cell == Cell(1, 0, 0)
    assert ("paragraph", "3") in said(document)
    assert document.notes == ("line 4: a row has more cells than its table's header; they are not shown",)


def test_footnotes_are_read_and_link_definitions_are_not() -> None:
    document = parse("a[^m] b[^2] [x]\n\n[^m]: 1024\n[^2]: two\n  soft\n\n[x]: http://y/7 'title'\n")
    assert [block.text for block in document.blocks] == [
        "a     b      x ",
        "      1024",
        "      two\n  soft",
    ]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("a <!-- x --> b", [(" x ", 0)]),
        ("| h <!--y--> |\n|---|", [("y", 0)]),
        ("a\n\n<!-- z\nz -->\n\nb", [(" z\nz ", 2)]),
        ("<!-- one -->\n<!-- two -->\n# h", [(" one ", 2), (" two ", 2)]),
        ("a\n\n<!-- last -->", [(" last ", -1)]),
        ("<div> 5 <!-- in --> </div>", [(" in ", 0)]),
        ("- <!-- item -->\n- 5", [(" item ", 1)]),
        ("a <!--> b <!---> c", [("", 0), ("", 0)]),
        ("`<!-- code -->`", []),
        ("```\n<!-- code -->\n```", []),
    ],
)
def test_comments_know_the_block_they_speak_of(text: str, comments: list[tuple[str, int]]) -> None:
    document = parse(text)
    assert [(comment.text, comment.block) for comment in document.comments] == comments
    for comment in document.comments:
        whole = document.text[comment.span.start : comment.span.end]
        assert whole.startswith("<!--") and whole.endswith(">") and comment.text in whole


def test_a_comment_over_quoted_crlf_lines_has_its_whole_span() -> None:
    document = parse("> a <!-- x\r\n> y --> b")
    (comment,) = document.comments
    assert comment.text == " x\ny "
    assert comment.span == Span(4, 19)


def test_an_unclosed_comment_is_noted() -> None:
    document = parse("a\n\n<!-- b\n\n64 GPUs\n")
    assert document.notes == ("line 3: a comment is never closed and hides what follows",)
    assert "64" not in document.blocks[-1].text


def test_details_do_not_swallow_markdown() -> None:
    document = parse("<details><summary>64 GPUs</summary>\n\n| a |\n|---|\n| 8 |\n\n</details>\n")
    assert [block.kind.value for block in document.blocks] == ["html", "cell", "cell", "html"]
    assert document.blocks[0].text.split() == ["64", "GPUs"]


def test_html_cells_stay_apart() -> None:
    document = parse("<table><tr><td>8</td><td>16</td></tr></table>")
    assert document.blocks[0].text.split("\n")[0].strip() == "8"
    assert document.blocks[0].text.split("\n")[1].strip() == "16"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("---\na: 1\nb: [x]\n---\n", {"a": 1, "b": ["x"]}),
        ("---\na: 1\n...\ntext", {"a": 1}),
        ("---  \r\na: 1\r\n---\r\n", {"a": 1}),
        ("\ufeff---\na: 1\n---", {"a": 1}),
        ("---\n# comment\n\na: 1\n---\n", {"a": 1}),
        ("---\n---\n", {}),
        ("---\n1: x\n---\n", {"1": "x"}),
        ("---\n\nprose: 1\n\n---\n", {"prose": 1}),
        ("text\n---\na: 1\n---\n", {}),
        ("---\nprose of 64 GPUs\n---\n", {}),
        ("---\n**64**: x\n---\n", {}),
        ("---\na: 1\n", {}),
    ],
)
def test_front_matter(text: str, values: dict[str, object]) -> None:
    document = parse(text)
    assert document.front_matter == values
    assert document.notes == ()


@pytest.mark.parametrize(
    ("yaml", "note"),
    [
        ("a: &x 1", "anchors or aliases"),
        ("a: &a [x]\nb: [*a, *a]", "anchors or aliases"),
        ("a: *x", "anchors or aliases"),
        ("a: " + "[" * 33 + "]" * 33, "nested more than 32"),
        ("a: " + "[" * 30_000, ""),  # ours or the YAML reader's own limit, whichever notices first
        ("a: " + "x" * 70_000, "longer than 64 KiB"),
        ("a: b: c", "not valid YAML in its line 1"),
        ("a: [1", "not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]", "not valid YAML in its line 1"),
        ("a: 2024-13-45", "not valid YAML"),
        ("a: " + "9" * 10_000, "not valid YAML"),
        ("a: \x01", "not valid YAML"),
        ("a: 1\n? [x]\n: 2", "not valid YAML"),
        ("a: 1\n? {b: 1}\n: 2", "not valid YAML"),
    ],
)
def test_bad_front_matter_is_a_note_and_lines_still_count(yaml: str, note: str) -> None:
    document = parse(f"---\n{yaml}\n---\n64 GPUs")
    assert document.front_matter == {}
    (only,) = document.notes
    assert only.startswith("front matter not used") and note in only
    assert [block.kind.value for block in document.blocks] == ["front_matter", "paragraph"]
    assert document.position(document.blocks[1].source_offset(0)) == (yaml.count("\n") + 4, 1)


def test_documents_can_go_to_another_process() -> None:
    document = parse("---\na: 1\n---\n# x\n| a |\n|--|\n<!-- c -->")
    assert pickle.loads(pickle.dumps(document)) == document


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, stratlint.document; print(sorted({'markdown_it', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
