"""The automaton reads what lark itself reads of the grammar of claims, and refuses what lark refuses."""

from __future__ import annotations

from typing import Any

import pytest
from lark import Token, Tree
from lark.exceptions import LarkError

from stratlint.claims.automaton import Automaton
from stratlint.claims.grammar import parser

RULES = (
    "claims", "chain", "relation", "separator", "sum", "signed", "product", "multiplied", "factor", "group", "quantity", "scalar", "suffix",
)  # fmt: skip
TEXTS = [
    "", " ", "words and nothing else", "two hosts × 8 GPUs = 16 GPUs, so 1.5 TB in all", "= 4 (of 7; see [9]) – 3 ÷ 2",
    "~$2.10 - 3.50 per hour: about 15–20 ms", "a (b (c 4 GB) d) / 2", "8K tokens → 4,096-token windows ✅", "每 节点 8 卡。共 64 卡",
]  # fmt: skip


def _builds(name: str) -> Any:
    return lambda parts: (name, *parts)


def _automaton() -> Automaton:
    return Automaton(parser(), {name: _builds(name) for name in RULES}, lambda terminal, text, start, end: (terminal, text, start, end))


def _plain(tree: Any) -> Any:
    if isinstance(tree, Token):
        return tree.type, str(tree), tree.start_pos, tree.end_pos
    assert isinstance(tree, Tree)
    return tree.data, *map(_plain, tree.children)


@pytest.mark.parametrize("text", TEXTS)
def test_the_automaton_reads_what_lark_reads(text: str) -> None:
    assert _automaton().parse(text) == _plain(parser().parse(text))


@pytest.mark.parametrize("text", ["4 GB)", "(4 GB", "$"])
def test_what_lark_refuses_the_automaton_refuses(text: str) -> None:
    try:
        expected = _plain(parser().parse(text))
    except LarkError:
        with pytest.raises(ValueError, match=r"place|nothing"):
            _automaton().parse(text)
    else:
        assert _automaton().parse(text) == expected
