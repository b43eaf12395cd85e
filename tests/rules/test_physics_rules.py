"""Memory, floors, networks and runs: what is certain, and what charity lets pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve
from stratlint.resources import data_folder
from stratlint.rules.engine import run_rules
from stratlint.rules.finding import Finding, Severity
from stratlint.rules.rule import load_rule_files


def findings(text: str, file: str) -> list[Finding]:
    """What the rules of one file say of *text*."""
    rules = load_rule_files([Path(data_folder("rules")) / file])
    found = run_rules(resolve(extract(parse(text, "page.md"))), rules, {}).findings
    return list(found)


@pytest.mark.parametrize(
    ("file", "rule", "text"),
    [
        ("memory.yaml", "weights-at-precision", "BF16 makes 24 B parameters 96 GB.\n"),
        (
            "memory.yaml",
            "training-state",
            "- Training state of a GPU: 1.5B × 2 B = 3 GB, and that is all\n",
        ),
        ("memory.yaml", "cache-of-query-heads", "- Mixtral 8x7B KV per token: 2 × 32 × 32 × 128 × 2 B = 512 KiB\n"),
        (
            "communication.yaml",
            "memory-bandwidth-as-network",
            "- HBM 2 TB/s, scale-up links 200 GB/s\n\nOver the scale-up links: 40 MB / 2 TB/s = 20 µs\n",
        ),
    ],
)
def test_contradictions(file: str, rule: str, text: str) -> None:
    found = findings(text, file)
    assert [(finding.rule, finding.severity) for finding in found] == [(rule, Severity.ERROR)]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("memory.yaml", "BF16 makes 24 B parameters 44.7 GiB.\n"),
        ("memory.yaml", "FP8 makes 24 B parameters 24 GB per replica of 8 GPUs.\n"),
        ("memory.yaml", "The training state without the optimizer takes 30B × 2 B = 60 GB.\n"),
        ("memory.yaml", "LoRA keeps the training state at 7B × 2 B = 14 GB.\n"),
        ("memory.yaml", "- Mixtral 8x7B KV per token: 2 × 32 × 8 × 128 × 2 B = 128 KiB\n"),
        ("memory.yaml", "- Mixtral 8x7B without GQA, KV per token: 2 × 32 × 32 × 128 × 2 B = 512 KiB\n"),
        ("communication.yaml", "- HBM 2 TB/s, links 200 GB/s\n\nReading the weights: 40 MB / 2 TB/s = 20 µs\n"),
        (
            "communication.yaml",
            "- HBM 2 TB/s, links 200 GB/s\n\nOver the scale-up links: 40 MB / 200 GB/s = 200 µs\n",
        ),
        ("training.yaml", "With 99.9 % in a 30-day window the error budget is 43.2 minutes.\n"),
        ("training.yaml", "We run 6 nodes of 8 GPUs. At 500 tok/s each they deliver 24,000 tok/s.\n"),
        ("training.yaml", "300 B tokens in batches of 4 M are 75,000 steps.\n"),
        ("training.yaml", "1.5 T tokens in batches of 6 M are 250,000 steps, an evaluation every 1,000 steps.\n"),
    ],
)
def test_silence(file: str, text: str) -> None:
    assert findings(text, file) == []


def test_without_a_stated_interconnect_memory_as_network_is_only_implausible() -> None:
    (found,) = findings("- HBM bandwidth: 1.8 TB/s\n\nAll-reduce time: 20 MB / 1.8 TB/s = 11 µs\n", "communication.yaml")
    assert found.severity is Severity.WARNING
