"""Accumulation steps against the batch, where the batch is that of a whole optimizer step."""

from __future__ import annotations

import pytest

import stratlint

PLAN = """- Tensor parallelism: 4-way
- A 4-stage pipeline
- {batch}: 2,048 sequences
- Micro-batch size: {micro} sequences
- Gradient accumulation: 16 steps (optimized from 32)

#### Data parallelism (new)

- **Degree**: 2-way
"""


def found(batch: str, micro: int) -> list[str]:
    findings = stratlint.check_text(PLAN.format(batch=batch, micro=micro)).findings
    return [finding.message for finding in findings if finding.rule == "accumulation-mismatch"]


@pytest.mark.parametrize("batch", ["Effective batch size", "Global batch size", "Total batch size"])
def test_the_whole_batch_is_micro_batches_times_steps_times_copies(batch: str) -> None:
    assert len(found(batch, 8)) == 1
    assert found(batch, 64) == []


def test_a_batch_that_may_be_that_of_one_step_says_nothing() -> None:
    assert found("Batch size", 8) == []
