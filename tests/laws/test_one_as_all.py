"""What one layer has, printed again as that of all layers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import one_as_all

# What the fixtures of conftest judge.
LAWS = (one_as_all.proposals,)
Refuted = Callable[[str], list[str]]
TABLE = "The model has 61 layers.\n\n| Item | Size |\n|---|---|\n| Cache per layer | 2.57 GB |\n| Cache, all layers in total | 2.57 GB |\n"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("- Layers: 24\n- Exchange per layer: 15.36 MB\n- Exchange of the whole pass: 15.36 MB\n", "15.36 MB"),
        (
            "* **Backward, per layer:** 9 × 23.4 ≈ 210.6 MB sent per GPU\n* **Backward, whole stage (20 layers):** ≈ 210.6 MB per GPU\n",
            "210.6 MB per GPU",
        ),
        ("Each layer reduces 134 MB per layer. Over all 80 layers this is 134 MB.", "134 MB"),
        (
            TABLE,
            "2.57 GB",
        ),
    ],
)
def test_the_whole_is_so_many_times_the_part(text: str, claim: str, refuted: Refuted) -> None:
    assert refuted(text) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        "- Layers: 24\n- Exchange per layer: 15.36 MB\n- Exchange of the whole pass: 368.6 MB\n",
        "- Layers: 24\n- Exchange per layer: 15.36 MB\n- Largest message: 15.36 MB\n",  # not said to be of all
        "- Exchange per layer: 15.36 MB\n- Exchange of the whole pass: 15.36 MB\n",  # of how many?
        "- GPUs: 8\n- Weights per GPU: 35.2 GB\n- Weights in total: 35.2 GB\n",  # copied to each
        "A GPU has 12 layers: 107.0 MB per layer and micro-batch, and 107.0 MB × 12 × 10.33 = 13.26 GB in all.",
        "- Layers: 8\n- Time per layer: 5 ms\n- Time in total: 5 ms\n",  # one digit agrees by chance
    ],
)
def test_what_is_not_said_to_be_of_all_or_may_be_copied_is_left(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
