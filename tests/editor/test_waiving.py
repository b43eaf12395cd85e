"""The waiver that an editor inserts is read where it stands, for its finding alone, whatever stands around it."""

from __future__ import annotations

from pathlib import Path

import pytest

import stratlint
from stratlint.editor.waiving import waiver
from stratlint.report.outcome import DocumentReport

SLIP = "2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOP per layer"
TABLE = "| part | work |\n|---|---|\n| attention | {} |\n| more | 1 |\n"
PAGES = {
    "paragraph": f"Attention: {SLIP}\n",
    "no line end": f"Attention: {SLIP}",
    "further line": f"Attention takes a while,\nnamely {SLIP},\nas said.\n",
    "hard break": f"Attention: {SLIP}  \nand so on\n",
    "heading": f"# {SLIP}\n\nText.\n",
    "list": f"- one\n- {SLIP}\n- three\n",
    "nested list": f"1. one\n   - {SLIP}\n2. three\n",
    "quote": f"> Attention: {SLIP}\n",
    "table": TABLE.format(SLIP),
    "table without closing pipes": f"part | work\n---|---\nattention | {SLIP}\n",
    "fence": f"Before.\n\n```\n{SLIP}\n```\n\nAfter.\n",
    "fence in a list": f"- one\n\n  ```text\n  {SLIP}\n  ```\n\n- two\n",
    "fence at the start": f"```\n{SLIP}\n```\n",
    "indented code": f"Text.\n\n    {SLIP}\n",
    "CRLF": f"# A\r\n\r\nAttention: {SLIP}\r\n",
    "CRLF and fence": f"# A\r\n\r\n```\r\n{SLIP}\r\n```\r\n",
    "two on a line": f"- {SLIP}; again {SLIP}\n",
    "front matter": f"---\ntitle: x\n---\n\n{SLIP}\n",
}


def checked(text: str) -> DocumentReport:
    return stratlint.check_text(text).documents[0]


@pytest.mark.parametrize("name", PAGES)
def test_with_a_reason_the_finding_is_gone_and_nothing_else_has_changed(name: str) -> None:
    text = PAGES[name]
    before = checked(text)
    found = [each for each in before.findings if each.rule == "magnitude-slip"]
    if not found:
        pytest.fail("the page has nothing to waive")
    assert before.document is not None
    made = waiver(before.document, found[0])
    assert made is not None
    after = checked(f"{text[: made.offset]}{made.before}the old units{made.after}{text[made.offset :]}")
    assert [each.rule for each in after.findings if each.rule in ("magnitude-slip", "unused-suppression", "unknown-suppression")] == []
    assert [each.reason for each in after.silenced] == ["the old units"] * len(found)
    others = [each.rule for each in before.findings if each.rule != "magnitude-slip"]
    assert [each.rule for each in after.findings] == others


@pytest.mark.parametrize("name", ["paragraph", "table", "fence", "CRLF"])
def test_it_lapses_when_the_number_changes_and_asks_for_its_reason(name: str) -> None:
    text = PAGES[name]
    before = checked(text)
    assert before.document is not None
    made = waiver(before.document, before.findings[0])
    assert made is not None
    unreasoned = f"{text[: made.offset]}{made.before}{made.after}{text[made.offset :]}"
    assert [each.rule for each in checked(unreasoned).findings] == ["unreasoned-suppression"]
    at = text.index("8.6 TFLOP")
    shift = len(made.before + made.after) if made.offset <= at else 0
    lapsed = unreasoned[: at + shift] + "8.7" + unreasoned[at + shift + 3 :]
    assert "unused-suppression" in [each.rule for each in checked(lapsed).findings]


@pytest.mark.parametrize("page", [f"<Note>\n\nAttention: {SLIP}\n\n</Note>\n", TABLE.format(SLIP), f"```\n{SLIP}\n```\n"])
def test_in_mdx_it_is_a_comment_of_mdx(tmp_path: Path, page: str) -> None:
    path = tmp_path / "page.mdx"
    path.write_text(page, encoding="utf-8")
    (before,) = stratlint.check(path).documents
    assert before.document is not None
    made = waiver(before.document, before.findings[0])
    assert made is not None
    assert "<!--" not in made.before
    path.write_text(f"{page[: made.offset]}{made.before}the old units{made.after}{page[made.offset :]}", encoding="utf-8")
    (after,) = stratlint.check(path).documents
    assert [each.reason for each in after.silenced] == ["the old units"]


def test_a_finding_about_a_suppression_is_not_waived() -> None:
    report = checked("Text. <!-- stratlint: ignore[magnitude-slip]: for nothing -->\n")
    (finding,) = report.findings
    assert report.document is not None
    assert waiver(report.document, finding) is None
