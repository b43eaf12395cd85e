"""Conventions that a document states bind its other claims, and the evidence names the sentence."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.claims.extract import extract
from stratlint.config.settings import Assumptions, Settings
from stratlint.document import parse
from stratlint.facts.conventions import conventions_of
from stratlint.facts.resolve import resolve


def stated(text: str) -> dict[str, str]:
    found = conventions_of(resolve(extract(parse(text))))
    return {name: convention.value for name, convention in found.items()}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("1 GB = 2^30 bytes.", "gigabyte", "binary"),
        ("In this report GB means GiB.", "gigabyte", "binary"),
        ("1 GB = 1,024 MB throughout.", "gigabyte", "binary"),
        ("1 GB = 10^9 bytes.", "gigabyte", "decimal"),
        ("Decimal gigabytes are used throughout.", "gigabyte", "decimal"),
        ("EP × TP × PP = 1,024 GPUs.", "world_size", "own-axis"),
        ("Total GPUs = EP × TP × PP.", "world_size", "own-axis"),
        ("EP16 × TP1 × PP4 = 64.\n\n- Total GPUs: 64", "world_size", "own-axis"),
        ("EP is folded into the DP ranks.", "world_size", "folded"),
        ("Training runs on Megatron-LM.", "world_size", "folded"),
        ("The model is served with vLLM.", "world_size", "engine"),
        ("Each block has a SwiGLU FFN.", "ffn_matrices", "three"),
        ("FLOPs are counted without the causal discount.", "attention", "dense"),
        ("We count only the causal half.", "attention", "causal"),
        ("The dense peak is 989 TFLOP/s.", "peak", "dense"),
    ],
)
def test_a_statement_fixes(text: str, name: str, value: str) -> None:
    """One asserted sentence is enough."""
    assert stated(text)[name] == value


@pytest.mark.parametrize(
    "text",
    [
        "The card has 80 GiB, the pool 640 GB.",
        "Unlike Megatron-LM, we count EP as an axis.",
        "If EP × TP × PP = 1,024 GPUs, it would fit.",
        "EP × TP × PP = 2,048 GPUs exceeds the cluster.",
        "EP × TP × PP = 1,024.",
        "TP × PP × DP = 64 GPUs.",
        "One expert group is EP × TP = 12 GPUs.\n\n- Total GPUs: 96",
        "It is not SwiGLU.",
        "We trained with Megatron-LM. It is served with vLLM.",
        "Causal attention is used.",
        "1 GB = 2^30 bytes. But 1 GB = 10^9 bytes on the datasheet.",
        '"1 GB = 2^30 bytes" is what tools say.',
        "- n = 1 GB = 10^9 bytes",
        "The buffer of 1.1 GB = 1,1 × 10^9 bytes.",
    ],
)
def test_nothing_is_fixed(text: str) -> None:
    """Use, hypotheses, negations, quotes, contradictions, other products."""
    assert not set(stated(text)) & {"gigabyte", "world_size", "ffn_matrices", "attention"}


def test_a_fixed_gigabyte_excludes_the_other() -> None:
    """Either meaning fits one of these; the statement decides, and is shown."""
    line = "- Weights: 6,738,415,616 × 2 bytes = 13.48 GB\n"
    assert not stratlint.check_text(line).findings
    assert not stratlint.check_text(f"1 GB = 10^9 bytes.\n\n{line}").findings
    (finding,) = stratlint.check_text(f"1 GB = 2^30 bytes.\n\n{line}").findings
    assert [place.text for place in finding.related if place.role == "fixes the convention"] == ["1 GB = 2^30 bytes."]


def test_a_fixed_gigabyte_says_nothing_of_megabytes() -> None:
    """A page may count GB as vendors do and MB as tools do."""
    line = "- Matrix: 8,192 × 4,096 × 2 bytes = 64 MB\n"
    assert not stratlint.check_text(line).findings
    assert not stratlint.check_text(f"1 GB = 10^9 bytes.\n\n{line}").findings


def test_a_team_can_fix_it_too() -> None:
    """`assumptions.gigabyte` and `assumptions.world_size` restrict what a document leaves open; the document wins."""
    line = "- Weights: 6,738,415,616 × 2 bytes = 13.48 GB\n"
    binary = Settings(assumptions=Assumptions(gigabyte="binary"))
    assert stratlint.check_text(line, binary).findings
    assert not stratlint.check_text(f"1 GB = 10^9 bytes.\n\n{line}", binary).findings


def test_a_fixed_axis_excludes_folding() -> None:
    """EP as an axis of its own in one sentence binds the strategy in another."""
    layout = "- Total GPUs: 64\n\n- Strategy: EP16-TP4-PP4\n"
    assert not stratlint.check_text(layout).findings
    (finding,) = stratlint.check_text(f"EP16 × TP1 × PP4 = 64.\n\n{layout}").findings
    assert finding.rule == "world-size-mismatch"
    assert [place.line for place in finding.related if place.role == "fixes the convention"] == [1]
    assert [reading.name for reading in finding.readings] == ["every degree an axis of its own"]
