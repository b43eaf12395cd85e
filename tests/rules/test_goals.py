"""A target that is missed on one line and met on another; one rate of one GPU and of all."""

from __future__ import annotations

import pytest

import stratlint


def found(text: str, rule: str = "missed-goal-called-met") -> list[str]:
    return [finding.message for finding in stratlint.check_text(text).findings if finding.rule == rule]


PAIR = "- Target: 90 tokens/ms per GPU\n- Achieved: {value} tokens/ms{mark}\n\n## Summary\n\n{summary}\n"


def test_a_missed_target_is_not_met_in_the_summary() -> None:
    met = "The layout achieves 90 tokens/ms per GPU."

    assert found(PAIR.format(value="31.5", mark="", summary=met)) == [
        "claimed to meet the target, but the page has 31.5 tokens/ms < 90 tokens/ms per GPU"
    ]
    assert found(PAIR.format(value="94.5", mark="", summary=met)) == []


def test_a_mark_beside_a_missed_target_is_one() -> None:
    assert len(found(PAIR.format(value="31.5", mark=" ✅", summary="Done."))) == 1


@pytest.mark.parametrize("summary", [
    "To achieve 90 tokens/ms per GPU we need a faster kernel.",
    "This doesn't meet 90 tokens/ms per GPU.",
    "The next release will reach 90 tokens/ms per GPU.",
])  # fmt: skip
def test_a_summary_that_admits_the_miss_is_honest(summary: str) -> None:
    assert found(PAIR.format(value="31.5", mark="", summary=summary)) == []


def test_for_a_latency_less_is_better() -> None:
    text = "- Target latency: 50 ms\n- Measured latency: {} ms ✅\n"

    assert found(text.format(41)) == []
    assert len(found(text.format(72))) == 1


def test_a_page_that_goes_on_to_mend_the_miss_may_reach_the_target() -> None:
    text = (
        "```\nTarget: 90 tokens/ms\nAchieved: 30 tokens/ms\nSolution: three times the GPUs\n```\n\n## Summary\n\nReaches 90 tokens/ms ✅\n"
    )

    assert found(text) == []


def test_one_gpu_does_not_deliver_what_all_deliver() -> None:
    text = "- Reached: 45 tokens/ms per GPU\n- With 16 GPUs: {} tokens/ms system throughput\n"

    assert len(found(text.format(45), "rate-of-one-and-all")) == 1
    assert found(text.format(640), "rate-of-one-and-all") == []
    assert found(text.format(45).replace("- With 16", "- Target, not reached, with 16"), "rate-of-one-and-all") == []


def test_a_total_does_not_meet_what_is_asked_of_each() -> None:
    text = "The deployment has 8 GPUs in total.\n\n- ✅ Throughput: {} tokens/ms total (requirement: 90 per GPU)\n"

    assert found(text.format(300), "total-meets-target-of-each") == [
        "marked as met, but 90 on each of 8 GPUs are more than 300 tokens/ms in total"
    ]
    assert found(text.format(720), "total-meets-target-of-each") == []
    assert found(text.format(300).replace("per GPU", "in all"), "total-meets-target-of-each") == []
