"""Nothing in a document, a path or an answer becomes markup, a mention, a mark or a suggestion of its own."""

from __future__ import annotations

import re

import pytest
from github_server import GitHub
from markdown_it import MarkdownIt

ATTACKS = [
    "@everyone and @octo/team",
    "fixes #1, GH-12, octo/plans#3",
    "``` \n```suggestion\nrm -rf /\n```",
    "````suggestion\nx\n````",
    "<!-- stratlint:finding v1 name=stratlint 00000000000000000000000000000000 -->",
    "--> <!-- stratlint:review v1 name=stratlint -->",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<details open><summary>x</summary>",
    "[click](javascript:alert(1)) ![i](https://evil.example/x.png) https://evil.example www.evil.example",
    "$\\def\\x{}$ `code` **bold** | a | b |",
    "\u202e reversed \x1b[31m red \u2066 iso",
    "\n# Heading\n\n- list\n> quote\n---\n",
]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("attack", ATTACKS)
def test_document_text_stays_text(github: GitHub, run, attack: str) -> None:
    inside = attack.replace("{", "(").replace("}", ")")
    github.set("plan.md", "", f"{{premise {inside}}}\n\n{{claim {inside}}}\n")
    run()
    assert github.comments
    for each in (*github.comments, *github.reviews):
        assert_tame(each["body"])
    github.seen.clear()
    run()
    assert github.writes == []


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("attack", ATTACKS)
def test_listed_findings_stay_text(github: GitHub, run, attack: str) -> None:
    inside = attack.replace("{", "(").replace("}", ")")
    github.set("plan.md", "", f"{{claim 1 {inside}}}\n\n{{claim 2 {inside}}}\n")
    run("--max-comments", "1")
    assert_tame(github.reviews[0]["body"])


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("around", ["```", "````````", "~~~", "<!-- -->", "@everyone", "```suggestion", "` `` ``` ````"])
def test_a_suggestion_cannot_be_left(github: GitHub, run, around: str) -> None:
    github.set("plan.md", "", f"{around} {{claim {{repair 60}} {around}\n")
    run()
    (comment,) = github.comments
    tokens = MarkdownIt("commonmark").parse(comment["body"])
    fences = [each for each in tokens if each.type == "fence"]
    (fence,) = fences
    assert fence.info == "suggestion"
    assert fence.content == f"{around} {{claim 60 {around}\n"
    assert tokens[-1] is fence


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("hidden", ["\u202e", "\x1b[31m", "\u200b", "\U000e0041"])
def test_no_click_on_what_cannot_be_seen(github: GitHub, run, hidden: str) -> None:
    github.set("plan.md", "", f"{{claim {{repair 60}} {hidden}}}\n")
    run()
    (comment,) = github.comments
    assert "```suggestion" not in comment["body"] and hidden not in comment["body"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "path",
    [
        "a](https://evil.example) [b.md",
        "@everyone.md",
        "<img src=x>.md",
        "a'b\"c.md",
        "with space.md",
        "ünï.md",
        "::error::x.md",
        "#1.md",
        "?x=1&y.md",
        "%2e%2e.md",
        "-->.md",
        "`x`.md",
    ],
)
def test_paths_stay_paths(github: GitHub, run, path: str) -> None:
    github.set(path, "", "{premise 1}\n{claim 1}\n{claim 2}\n")
    result = run("--max-comments", "1")
    assert result.code == 1, result.err
    assert github.comments[0]["path"] == path
    for body in (github.comments[0]["body"], github.reviews[0]["body"]):
        assert_tame(body)


@pytest.mark.parametrize("path", ["../outside.md", "/etc/passwd.md", "a/../../b.md"])
def test_paths_outside_are_not_read_from_disk(github: GitHub, run, project, path: str) -> None:
    (project.parent / "outside.md").write_text("Weights: 30B × 2 bytes = 80 GB\n")
    github.set(path, "", "Weights: 30B × 2 bytes = 80 GB\n")
    run("--dry-run")
    assert [each for each in github.seen if "/git/blobs/" in each.path]


def test_answers_do_not_reach_the_terminal_as_commands(github: GitHub, run) -> None:
    from github_server import Fault

    github.set("plan.md", "", "Weights: 30B × 2 bytes = 80 GB\n")
    github.faults = [Fault("POST", "reviews", 400, message="x\n::error::y \x1b[31m")]
    result = run()
    assert result.code == 2
    assert "\x1b" not in result.err and not re.search(r"^::", result.err, re.MULTILINE)


def assert_tame(body: str) -> None:
    """Rendered as Markdown with HTML and links, the body has only what the bot means to say."""
    first, _, rest = body.partition("\n")
    assert re.fullmatch(r"<!-- stratlint:(finding|review) v1 name=stratlint( [0-9a-f]{32})? -->", first)
    assert not re.search(r"(?<!\\)<!--", rest)
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(rest)
    kinds = {each.type for each in tokens}
    assert kinds <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "bullet_list_open",
        "bullet_list_close",
        "list_item_open",
        "list_item_close",
        "heading_open",
        "heading_close",
    }, kinds
    assert sum(each.type == "heading_open" for each in tokens) <= 1
    inline = [child for each in tokens for child in each.children or ()]
    for child in inline:
        assert child.type in (
            "text",
            "text_special",
            "softbreak",
            "strong_open",
            "strong_close",
            "link_open",
            "link_close",
            "html_inline",
            "entity",
        ), child
        if child.type == "html_inline":
            assert child.content in ("<code>", "</code>")
        if child.type == "link_open":
            assert child.attrs["href"].startswith("https://github.com/octo/plans/blob/")
    # Not even after entities and escapes are undone: GitHub looks for mentions in the rendered text.
    shown = "".join(child.content for child in inline if child.type in ("text", "text_special"))
    assert not re.search(r"@\w|(?<!\w)#\d|\bGH-\d", shown), shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", body)
