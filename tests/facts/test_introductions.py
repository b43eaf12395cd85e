"""What stands above a list or a table says of what its amounts are."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.introductions import introducers
from stratlint.facts.resolve import resolve


def scopes(text: str) -> dict[str, str]:
    return {fact.text: fact.scope for fact in resolve(extract(parse(text))).facts if fact.kind.startswith("memory.")}


@pytest.mark.parametrize(
    "text",
    [
        "## Memory per GPU\n\n- Weights: 35 GB",
        "## Memory (per GPU)\n\n- Weights: 35 GB",
        "Per-GPU memory:\n- Weights: 35 GB",
        "- Memory of each GPU:\n  - Weights: 35 GB",
        "- Memory of each GPU:\n  - Model\n    - Weights: 35 GB",
        "Memory per GPU:\n\n| Part | Size |\n|---|---|\n| Weights | 35 GB |",
    ],
)
def test_amounts_below_per_gpu_are_those_of_one(text: str) -> None:
    assert scopes(text) == {"35 GB": "gpu"}


@pytest.mark.parametrize(
    "text",
    [
        "## Memory\n\n- Weights: 35 GB",
        "## GPU memory\n\n- Weights: 35 GB",  # of one or of all
        "## Memory per GPU\n\n- Total memory:\n  - Weights: 35 GB",
        "## Memory per GPU and per node\n\n- Weights: 35 GB",
        "## Memory per GPU\n\n## Checkpoints\n\n- Weights: 35 GB",
        "Memory per GPU:\n- small\n\n| Part | Size |\n|---|---|\n| Weights | 35 GB |",
    ],
)
def test_nothing_is_taken_from_an_introduction_of_something_else(text: str) -> None:
    assert scopes(text) == {"35 GB": ""}


def test_a_figure_that_says_its_own_scope_keeps_it() -> None:
    assert scopes("## Memory per GPU\n\n- Weights per expert: 35 GB") == {"35 GB": "expert"}


def test_an_item_is_introduced_by_the_item_above_it_and_the_first_list_by_the_line_before_it() -> None:
    document = parse("Parts:\n- one\n  - two\n\n  more of one\n- three\n\nplain\n")
    above = {block.text.strip(): introducers(document)[block.index] for block in document.blocks}
    assert above == {"Parts:": -1, "one": 0, "two": 1, "more of one": 1, "three": 0, "plain": -1}


def test_what_stands_in_brackets_is_not_introduced() -> None:
    assert scopes("## Memory per GPU\n\n- Weights: 35 GB (weights of 140 GB)") == {"35 GB": "gpu", "140 GB": ""}
