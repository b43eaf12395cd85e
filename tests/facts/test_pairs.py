"""Several figures in one place, under as many names."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve


def kinds(text: str) -> list[str]:
    return [fact.kind for fact in resolve(extract(parse(text))).facts]


@pytest.mark.parametrize(
    ("label", "values", "expected"),
    [
        ("Query / KV heads", "64 / 8", ["model.heads", "model.kv_heads"]),
        ("Hidden / FFN", "8,192 / 28,672", ["model.hidden", "model.ffn"]),
        ("TP / PP / DP", "8 / 4 / 16", ["parallel.tp", "parallel.pp", "parallel.dp"]),
        ("查询头 / KV 头", "64 / 8", ["model.heads", "model.kv_heads"]),
        ("p50 / p95 latency", "20 / 30 ms", []),  # one quantity twice
        ("Experts / top-k", "128 / 8 / 2", []),
    ],
)
def test_each_figure_has_its_own_name(label: str, values: str, expected: list[str]) -> None:
    table = f"| | |\n|---|---|\n| {label} | {values} |\n"

    assert kinds(table) == expected
    assert kinds(f"- {label}: {values}\n") == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("每节点 8 张 H20，单卡 96 GB。", True),
        ("We have 8 x H20 in a node.", True),
        ("The H20 in the formula is water.", False),
        ("Gate L4 opens at noon.", False),
    ],
)
def test_short_names_are_devices_where_they_are_counted(text: str, named: bool) -> None:
    mentions = resolve(extract(parse(text))).mentions

    assert any(mention.kind == "device" for mention in mentions) == named
