"""Equal counts that are taken for equal work: remarks, and what silences them."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.rules.finding import Severity, Status

PLACED = "Uniform expert utilization follows from 8 experts per GPU."
STAGES = """- Vocabulary size: 151,936
- Hidden size: 2,048
- FFN hidden size: 8,192

The stages do identical work with 6 layers per stage.
"""


def _remarks(text: str) -> set[str]:
    found = stratlint.check_text(text).findings
    assert all(finding.severity is Severity.INFO for finding in found)
    return {finding.rule for finding in found}


def test_a_placement_says_nothing_on_tokens() -> None:
    assert _remarks(PLACED) == {"load-from-placement"}


@pytest.mark.parametrize(
    "also",
    [
        "An auxiliary loss keeps the router even.", "The capacity factor is 1.25.", "EPLB moves hot experts every hour.",
        "Routing is skewed at first.", "Each rank has two redundant experts.",
    ],
)  # fmt: skip
def test_a_page_that_has_thought_of_the_tokens_is_left_alone(also: str) -> None:
    assert _remarks(f"{PLACED}\n\n{also}\n") == set()


@pytest.mark.parametrize(
    "text",
    [
        "There are 8 experts per GPU.", "The placement is uniform with 8 experts per GPU.",
        "Expert utilization is not uniform with 8 experts per GPU.", "Expert load depends on the router; 8 experts per GPU.",
    ],
)  # fmt: skip
def test_a_placement_without_a_claim_on_the_load_is_left_alone(text: str) -> None:
    assert _remarks(text) == set()


def test_the_head_makes_the_last_stage_heavier() -> None:
    assert _remarks(STAGES) == {"stages-called-equal"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("151,936", "16,384"),
        ("identical work", "identical shapes"),
        ("The stages", "Besides the embedding, the stages"),
        ("- Hidden size: 2,048\n", ""),
        ("The stages", "There are 64 experts. The stages"),
    ],
)
def test_stages_are_not_remarked_on(old: str, new: str) -> None:
    """A small vocabulary, no claim on the work, a page that speaks of the ends, an unknown size, a mixture of experts."""
    assert old in STAGES
    assert _remarks(STAGES.replace(old, new)) == set()


def test_a_remark_calls_no_number_implausible() -> None:
    for text in (PLACED, STAGES, "- Pipeline parallelism (PP): 8\n- Micro-batches: 4\n"):
        report = stratlint.check_text(text).documents[0]
        assert report.findings
        assert {entry.status for entry in report.ledger} <= {Status.NOT_CHECKED, Status.CONSISTENT, Status.VERIFIED}
