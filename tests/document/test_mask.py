"""What is markup and what is said: the mask."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stratlint.document import Span, parse
from stratlint.document.inline import mask

STOCK = MarkdownIt("commonmark").enable("strikethrough")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain 64", "plain 64"),
        ("**64** GPUs", "  64   GPUs"),
        ("**64**GB", "  64  GB"),
        ("TP**8** x", "TP  8   x"),
        ("***8*** _9_ __10__", "   8     9    10  "),
        ("EP_degree EP64_TP16_PP2 a_1_", "EP_degree EP64_TP16_PP2 a_1_"),
        ("1024*2048*2", "1024*2048*2"),
        ("1024 * 2048 * 2", "1024 * 2048 * 2"),
        ("2* 3 and 2 *3", "2* 3 and 2 *3"),
        ("2**10", "2**10"),
        ("2 ** 10", "2 ** 10"),
        ("(a+b)*(c)*2", "(a+b)*(c)*2"),
        ("EP*TP*PP", "EP*TP*PP"),
        ("**EP*TP = 64*2 = 128**", "  EP*TP = 64*2 = 128  "),
        ("**Total (64)**(x)", "  Total (64)  (x)"),
        ("**Total: **64", "  Total:   64"),
        ("64* see note", "64  see note"),
        ("**强调：**文字 8", "  强调：  文字 8"),
        ("~~64~~ 128, ~32 GB to ~64 GB", "  64   128, ~32 GB to ~64 GB"),
        ("`64` ``a`b`` `open", " 64    a`b   `open"),
        ("`**64**`", " **64** "),
        ("\\*64\\* \\_ \\1", " *64 *  _ \\1"),
        ("`a\\` 1`", " a\\  1`"),
        ("[64](http://a/1 'x 2') 3", " 64                    3"),
        ("[a](<b 1>) [c](d(1)) [e]()", " a          c        e   "),
        ("![alt 64](x/1.png) ", "  alt 64            "),
        ("[![b 1](c2)](d3)", "   b 1          "),
        ("x[0] [1, 2] (3)", "x[0] [1, 2] (3)"),
        ("see [^1] and [^n]: y", "see      and     : y"),
        ("<http://a/1> <b>64</b> <a@b.c1>", "                64            "),
        ("1 < 2 and 3 > 2, <64GB", "1 < 2 and 3 > 2, <64GB"),
        ("8<br>16<br/>32", "8\n   16\n    32"),
        ("a <!-- 1 --> b <!-- 2", "a            b <!-- 2"),
        ("4 &times; 2 &lt; 9 &#8209; &nbsp; &#50;", "4 ×       2 <    9 ‑              "),
        ("https://a.b/1, (http://c/2) www.x.y/3.", "            , (          )          ."),
        ("http://a/1中文 64", "          中文 64"),
        ("$5 and $10, $5-$10, US$ 3", "$5 and $10, $5-$10, US$ 3"),
        ("$0.50/h × 8 = $4 and 3 US$", "$0.50/h × 8 = $4 and 3 US$"),
        ("$E_{x} = 2*3*4$ a", " E_{x} = 2*3*4  a"),
        ("$$a \\times 2$$", "  a \\times 2  "),
        ("\\(2 \\times 3\\) \\[n = 4\\]", "  2 \\times 3     n = 4  "),
        ("\\[2024/02\\] \\(64\\) \\[[a_b](c)\\]", "[2024/02 ] (64 ) [ a_b ]"),
        ("\\(open *1*", " (open  1 "),
        ("a  \nb\\\n*c\nd*", "a  \nb \n c\nd "),
    ],
)
def test_masked_text(content: str, text: str) -> None:
    masked = mask(content).text
    assert masked.split() == text.split()
    assert len(masked) == len(content)
    # What is left stands where it stood; only entities and <br> put something else in the place of their "&" and "<".
    assert all(new in (" ", old) or old in "&<" for new, old in zip(masked, content, strict=True))


def test_spans_of_what_was_marked() -> None:
    content = "~~a~~ **b *c* d** `e` ` f ` $g_1$ \\(h^2\\) $$i$$ __j__ **"
    masked = mask(content)
    assert [content[s.start : s.end] for s in masked.struck] == ["a"]
    assert [content[s.start : s.end] for s in masked.strong] == ["b *c* d", "j"]
    assert [content[s.start : s.end] for s in masked.code] == ["e", "f"]
    assert [content[s.start : s.end] for s in masked.math] == ["g_1", "h^2", "i"]


def test_checkboxes_are_markup_only_where_an_item_begins() -> None:
    document = parse("- [x] 64\n- [ ] 65\n- a\n\n  [x] 66\n\n[x] 67")
    assert [block.text for block in document.blocks] == ["    64", "    65", "a", "[x] 66", "[x] 67"]


def test_reference_links_need_a_definition() -> None:
    document = parse("[a][Ref  1] [ref 1][] [REF 1] [ref 2] [b][2] x[1][2]\n\n[ref 1]: u")
    assert document.blocks[0].text.split() == ["a", "ref", "1", "REF", "1", "[ref", "2]", "[b][2]", "x[1][2]"]


def _commonmark_text(content: str) -> str:
    (inline,) = STOCK.parseInline(content)
    return "".join(
        child.content if child.type in ("text", "code_inline") else "\n" if "break" in child.type else "" for child in inline.children or []
    )


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(["*", "**", "_", "a", "b c", " ", ".", "(", ")", "`", "é", "\\*", "中"]), max_size=14))
def test_words_are_never_blanked_nor_invented(parts: list[str]) -> None:
    content = "".join(parts).strip()
    words = re.findall(r"\w", _commonmark_text(content).replace("_", " "))
    assert re.findall(r"\w", mask(content).text.replace("_", " ")) == words


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(["*", "**", "_", "__", "a", " ", ",", '"']), max_size=14))
def test_strong_is_what_commonmark_says(parts: list[str]) -> None:
    # Without operands on both sides of a run, there is nothing that could be arithmetic.
    content = re.sub(r"(?<=a)(\*+)(?=a)", r" \1", "".join(parts)).strip()
    (inline,) = STOCK.parseInline(content)
    expected = sum(child.type == "strong_open" for child in inline.children or [])
    assert len(mask(content).strong) == expected


def test_struck_numbers_stay_readable() -> None:
    (block,) = parse("was ~~64 GB~~ 80 GB").blocks
    assert block.text == "was   64 GB   80 GB"
    assert block.struck == (Span(6, 11),)
