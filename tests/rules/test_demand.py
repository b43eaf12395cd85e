"""GPUs that are required but not there, called fine."""

from __future__ import annotations

import stratlint


def found(text: str) -> list[str]:
    return [finding.message for finding in stratlint.check_text(text).findings if finding.rule == "demand-above-supply"]


LINES = "- Required: 8 × 4 × 2 = 64 GPUs\n- Available: {have} GPUs{mark}\n"


def test_a_mark_on_a_shortage_is_a_contradiction() -> None:
    assert found(LINES.format(have=32, mark=" ✅")) == ["64 GPUs are required and 32 are available; the page marks this `✅`"]
    assert found(LINES.format(have=64, mark=" ✅")) == []


def test_an_honest_shortage_is_none() -> None:
    """Without praise, and with a word for the problem, the figures are information."""
    assert found(LINES.format(have=32, mark="")) == []
    assert found(LINES.format(have=32, mark=", which is not enough ✅ noted")) == []
    assert found("## Issues\n\n" + LINES.format(have=32, mark=" ✅")) == []


def test_gpus_of_a_replica_are_not_all_that_is_required() -> None:
    assert found("- GPUs required per replica: 64\n- GPUs available per node: 8 ✅\n") == []
