"""Values put in for symbols, and headlines above their own derivation."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> set[str]:
    return {finding.rule for finding in stratlint.check(text).findings}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- **PP = 8**\n\nGPUs = TP × PP = 16 × 1 = 16", True),
        ("- **PP = 8**\n\nGPUs = TP × PP = 16 × 8 = 128", False),
        ("- Pipeline stages: 8\n- 16 GPUs (TP × PP = 16 × 1 = 16)", True),
        ("- Layers: 24\n- Experts in all: layers × experts = 32 × 8 = 256", True),
        # several layouts, a name inside a strategy, an option: nothing is bound
        ("- PP = 8\n- PP = 4\n\nGPUs = TP × PP = 16 × 1 = 16", False),
        ("We considered TP4-PP8.\n\nGPUs = TP × PP = 16 × 1 = 16", False),
        ("| TP | PP |\n|---|---|\n| 2 | 8 |\n| 4 | 8 |\n\nGPUs = TP × PP = 16 × 1 = 16", False),
        # other operators, another order of things
        ("- PP = 8\n\nRatio: TP / PP = 16 × 1 = 16", False),
    ],
)
def test_a_symbol_keeps_the_value_that_the_page_binds_to_it(text: str, wrong: bool) -> None:
    assert ("substitution-differs" in rules(text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- Attention: ~9M (in: 768 × 768 × 3 = 1.77M, out: 768 × 768 = 590K, total 2.36M)", True),
        ("- Attention: ~2.4M (in: 768 × 768 × 3 = 1.77M, out: 768 × 768 = 590K, total 2.36M)", False),
        ("- Experts: ~900M (8 experts × 768 × 3072 × 3 = 56.6M per layer)", True),
        ("- Experts: ~57M (8 experts × 768 × 3072 × 3 = 56.6M per layer)", False),
        # a count of the sentence, or the layers of the page, may stand between them
        ("- Experts: ~1.36B in 24 layers (8 experts × 768 × 3072 × 3 = 56.6M per layer)", False),
        ("- Layers: 24\n- Experts: ~1.36B (8 experts × 768 × 3072 × 3 = 56.6M per layer)", False),
        # the last number is a remark, not a result
        ("- Experts: ~900M (8 × 768 × 3072 × 3 = 56.6M, see the 12M above)", False),
        ("- 8 pods (2 × 4 = 8, out of 24 GPUs)", False),
        ("- Memory: 40 GB (2 × 30 GB = 60 GB) before sharding = 12 GB", False),
    ],
)
def test_a_headline_is_what_its_derivation_ends_in(text: str, wrong: bool) -> None:
    assert ("headline-differs-from-working" in rules(text)) == wrong


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("Total GPUs: 11 (TP × PP = 8 × 1 = 8)", True),
        ("Micro-batches: 30 (256 / 8 = 32)", True),
        ("DP = 3 (64 / (8 × 4) = 2)", True),
        ("Total GPUs: 16 (TP × PP = 8 × 1 = 8)", False),  # two replicas
        ("Layers: 80 (80 / 4 = 20)", False),  # goes on from the headline
        ("Step 3 (2 × 4 = 8)", False),  # no count with a label
        ("Micro-batches: 30 (256 / 8 = 32 at most)", False),
    ],
)
def test_a_labelled_count_is_what_its_bracket_ends_in(line: str, wrong: bool) -> None:
    rules = [finding.rule for finding in stratlint.check(f"- {line}\n").findings]

    assert rules == (["headline-differs-from-working"] if wrong else [])
