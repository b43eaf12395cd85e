"""A token's cache holds two tensors; a computation from the page's dimensions that counts one is half of it."""

from __future__ import annotations

from collections.abc import Callable

from stratlint.laws import keys_and_values

# What the fixtures of conftest judge.
LAWS = (keys_and_values.proposals,)
MODEL = "The model has 72 layers, 6 KV heads and head dimension 96.\n\n"


def test_layers_times_kv_heads_times_head_size_times_bytes_is_half_of_it(refuted: Callable[[str], list[str]]) -> None:
    assert refuted(MODEL + "Keys and values need 72 × 6 × 96 × 2 bytes = 82,944 bytes per token.")
    assert refuted(MODEL + "Keys and values need 2 × 72 × 6 × 96 × 2 bytes = 165,888 bytes per token.") == []


def test_other_dimensions_are_those_of_something_else(refuted: Callable[[str], list[str]]) -> None:
    assert refuted(MODEL + "The adapter needs 72 × 4 × 64 × 2 bytes = 36,864 bytes per token.") == []
