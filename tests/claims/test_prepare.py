"""Rewriting before the grammar reads keeps every character in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims.prepare import FRACTION, LINE_END, MAX_NESTING, balance, prepare, rewrite_latex
from stratlint.document import parse

PIECES = st.sampled_from(
    [r"\frac", r"\times", r"\text", r"\mu s", r"\cdot", r"\left(", r"\right)", r"\sqrt", r"\,", r"\%", r"\\", "{", "}",
        "{,}", "^", "_",
     "1", "024", ".", " ", "=", "(", ")", "[", "]", "$", "\\", "GB", "×", r"\unknown", r"\approx", "\n"]
)  # fmt: skip
latex = st.lists(PIECES, max_size=30).map("".join)


@given(latex)
def test_rewriting_latex_keeps_the_length_and_the_digits(text: str) -> None:
    rewritten = rewrite_latex(text)
    assert len(rewritten) == len(text)
    assert [(i, c) for i, c in enumerate(rewritten) if c.isdigit()] == [(i, c) for i, c in enumerate(text) if c.isdigit()]


@given(st.text(max_size=200))
def test_rewriting_any_text_keeps_the_length(text: str) -> None:
    assert len(rewrite_latex(text)) == len(text)
    assert len(balance(text)) == len(text)


@given(st.lists(st.sampled_from(["(", ")", "[", "]", "{", "}", "（", "）", "【", "】", "1", FRACTION]), max_size=120).map("".join))
def test_brackets_are_balanced_and_not_deep_afterwards(text: str) -> None:
    depth = deepest = 0
    closing = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
    stack = []
    for character in balance(text):
        if character in "([{（【" or character == FRACTION:
            stack.append("(" if character == FRACTION else character)
            depth += 1
        elif character in closing:
            assert stack.pop() == closing[character]
            depth -= 1
        deepest = max(deepest, depth)
    assert stack == []
    assert deepest <= MAX_NESTING


@given(st.one_of(latex, st.text(max_size=200)))
def test_preparing_keeps_the_length_of_every_block(text: str) -> None:
    for block in parse(text).blocks:
        assert len(prepare(block)) == len(block.content)


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"2 \times 3", "2      × 3"),
        (r"\frac{1}{2}", f"     (1){FRACTION}2)"),
        (r"5{,}120", "5{,}120"),
        (r"3\,\text{GB}", "3        GB "),
        (r"20\,\%", "20   %"),
        (r"14\ \mu s", "14    μs"),
        (r"10^{9}", "10^{9}"),
        (r"a \approx b", "a       ≈ b"),
        (r"1 = 1 \\ 2 = 2", f"1 = 1  {LINE_END} 2 = 2"),
        ("no commands", "no commands"),
    ],
)
def test_latex_is_read_as_its_operators(latex: str, read: str) -> None:
    rewritten = rewrite_latex(latex)
    assert "".join(rewritten.split()) == "".join(read.split())


def test_lines_of_code_end_claims_unless_the_next_one_continues() -> None:
    (block,) = parse("```\na = 1\nb = 2\n  = 3\n```").blocks
    assert prepare(block) == f"a = 1{LINE_END}b = 2   = 3"


def test_a_soft_wrapped_line_continues_and_a_label_begins_anew() -> None:
    (block,) = parse("64 × 2\n= 128 ranks\nMemory: 5 GB").blocks
    assert prepare(block) == f"64 × 2 = 128 ranks{LINE_END}Memory: 5 GB"


def test_rows_without_a_table_have_their_computations_beside_their_results() -> None:
    """Some sites render bars without a line under a header; Markdown itself sees a paragraph."""
    (block,) = parse("| Weights | 2 * 30GB | 60GB |\n| Pairs | 1 / 1 | 5GB |").blocks

    assert prepare(block).splitlines()[0].startswith("; Weights ; 2 * 30GB = 60GB ;")
