"""Changes: how much an amount rose or fell, told beside both of its values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.changes import proposals
from stratlint.laws.judge import Judgement, Outcome

# What the fixtures of conftest judge.
LAWS = (proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


ACROSS = "| Metric | Before | After | Change |\n|---|---|---|---|\n"
# A text, the wrong value in it, and the value that makes it hold.
STATED = [
    ("The invoice falls from $310.50 to $248.40, or by {} %.", "25.0", "20.0"),
    ("Goodput climbed from 640 to 800 requests/s, {} % more.", "40", "25"),
    ("The epoch shrank from 250 min to 200 min. This is a reduction of {} %.", "35", "20"),
    ("A hit returns after 40 ms where a miss needs 240 ms: {} times quicker.", "9", "6"),
    ("The wired path costs 300 µs whereas ours needs 60 µs: {}x faster.", "8", "5"),
    ("This lowered the bill of a million tokens from $1.25 to $0.95, a cut of {} %.", "31.6", "24"),  # of what it was
    ("It delivers 7,200 tokens/s against 4,500, a speed-up of {}×.", "1.8", "1.6"),
    ("Prefill time: 360 ms → 90 ms ({}x faster)", "6", "4"),
    ("The compiled graph needs 120 ms against 300 ms before, a {}× speed-up.", "4.0", "2.5"),
    ("Start-up takes 15 s instead of 60 s, which is {} times as fast.", "9", "4"),
    ("How much does caching gain? {}×: 200 ms instead of 600 ms.", "4.5", "3"),
    ("The image is 180 MB, {} MB less than the 240 MB of last month's.", "85", "60"),
    ("Ours reaches 660 tok/s, {} % more than the 600 tok/s of theirs.", "25", "10"),
    ("The eager path needs 840 ms, {}× the 120 ms of the fused one.", "9", "7"),
    ("Quantising cuts the checkpoint by {} GB, from 320 GB to 200 GB.", "150", "120"),
    ("Queueing delay dropped from 500 ms to 320 ms (-{}%).", "75", "36"),
    ("Throughput: 450 tok/s → 540 tok/s (+{} %)", "45", "20"),
    ("- Cost before: $400\n- Cost after: $300\n- Reduction: {} %\n", "45", "25"),
    ("| Job | Before | After | Reduction |\n|---|---|---|---|\n| indexing | 800 s | 600 s | {} % |\n", "45", "25"),
    (ACROSS + "| Load time | 800 s | 600 s | {} % |\n| Rate | 5 /s | 6 /s | 20 % |\n", "45", "25"),
    ("- Load time: 240 ms (baseline: 600 ms), a {} % improvement", "75", "60"),
    ("| Job | Baseline | Optimised | Change |\n|---|---|---|---|\n| indexing | 800 s | 600 s | −{} % |\n", "45", "25"),
    ("The baseline latency is 640 ms.\nThe latency after is 480 ms.\nThe reduction in latency is {} %.", "42", "25"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_the_change_follows_from_both_values(text: str, wrong: str, right: str, judged: Judged, refuted: Refuted, settled: Settled) -> None:
    assert len(refuted(text.format(wrong))) == 1
    assert any(judgement.outcome is not Outcome.REFUTED for judgement in judged(text.format(right)))
    assert settled(text.format(right))


COLUMN = """\
| Shape | Limit | v1 | v2 | Speed-up |
|---|---|---|---|---|
| small | 900 | 200 | 300 | 1.5× |
| medium | 1,800 | 400 | 720 | 1.8× |
| large | 2,700 | 500 | 600 | {}× |
| huge | 3,600 | 800 | 1,000 | 1.25× |
"""


def test_a_column_of_changes_compares_the_columns_that_most_rows_show(refuted: Refuted, settled: Settled) -> None:
    assert refuted(COLUMN.format("1.6")) == ["1.6×"]
    assert settled(COLUMN.format("1.2"))


def test_columns_that_no_rows_compare_are_not_compared(judged: Judged) -> None:
    table = COLUMN.replace("1.5×", "2.9×").replace("1.8×", "3.3×").replace("1.25×", "2.2×")
    assert not judged(table.format("4.1"))


@pytest.mark.parametrize(
    "text",
    [
        "Load time fell from 120 s to 40 s, 200 % faster.",
        "Load time fell from 120 s to 40 s, 67 % less.",
        "The rate grew from 40 to 120 requests/s, a gain of 200 %.",
        "The rate grew from 40 to 120 requests/s, 2x more.",
        "The cache shrinks to 25 % of the original: 80 GB → 20 GB.",
        "MFU rose from 40 % to 50 %, an increase of 10 %.",
    ],
)
def test_every_admissible_reading_of_a_change_saves_it(text: str, judged: Judged, refuted: Refuted) -> None:
    """Percent of either value, times as fast or times more, points: what is left, and what went."""
    assert judged(text)
    assert not refuted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Throughput went from 400 to 500 tokens/s, and memory fell by 60 %.",
        "Doubling from 16 to 32 GPUs cut the step from 90 ms to 60 ms, at 75 % scaling efficiency.",
        "The rate rose from 300 to 450 tokens/s (90 % of the roofline).",
        "Accuracy is 71.5 % against 70.2 % with 6× less memory.",
        "Sweeping the length from 4,096 to 65,536 tokens costs up to 3× more.",
        "If it fell from 80 ms to 20 ms, that would be 9× faster.",
        "The p99 improves by 5.1 %, and the peak rises from 20 GB to 90 GB.",
        "35 % headroom (52 % vs 90 % limit)",
        "Traffic rose from 40 GB to 60 GB by 25 % of the users.",
        "- Delay: 27 ms (target: 50 ms) - 61 % improvement",
        "A hit returns after 40 ms while a miss needs 240 ms, 2x faster than last year.",
        "A hit returns after 40 ms while a miss needs 240 ms: 2x faster than the old build.",
        "The pass takes 25 ms + 50 ms = 75 ms (less than 100 ms).",
        "Req/s went from 2 to 8 (+300 %), and the delay from 900 ms to 300 ms.",
    ],
)
def test_what_is_said_of_something_else_is_no_change(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


def test_what_is_done_faster_may_be_told_of_the_new_time(refuted: Refuted) -> None:
    assert refuted("The step fell from 250 ms to 200 ms, 25 % faster.") == []
    assert refuted("The step fell from 250 ms to 200 ms, a reduction of 25 %.") == ["25 %"]


def test_a_mean_of_changes_is_near_enough_the_change_of_means(refuted: Callable[[str], list[str]]) -> None:
    table = (
        "| metric | before | after | change |\n|---|---|---|---|\n| tokens/s | 108.214 | 112.903 | {} |\n"
        "| ms | 20.100 | 18.090 | −10.0% |\n| ms (b) | 40.00 | 30.00 | −25.0% |\n"
    )
    assert not refuted(table.format("+4.39%"))
    head = "| metric | before | after | change |\n|---|---|---|---|\n"
    small = head + "| a | 800.0 | 801.6 | {} |\n| b | 200 | 180 | −10% |\n| c | 40 | 30 | −25% |\n"
    assert refuted(small.format("+0.27%")), "less than a tenth of a percent is much of a small change"
    assert not refuted(small.format("+0.20%"))
    assert refuted(table.format("+6.33%"))


def test_an_amount_that_something_rises_to_is_no_change_of_the_next(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("The new order takes it from 25% to 84% and the other to within 12% of that.")


def test_sizes_have_no_speed(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("The 12 GiB cache is 21.4% faster than 2 GiB and 7.2% faster than 20 GiB.")
    assert refuted("The run takes 80 ms, 60% faster than 100 ms.")


def test_a_change_with_a_name_of_its_own_is_not_that_of_the_lines_beside_it(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("- Original (FP32): 41.7 ms\n- Optimized (FP16): 14.2 ms\n- Accuracy change: -0.4%\n")


def test_changes_that_sentences_say_warn_and_those_between_cells_are_proved(judged: Callable[[str], list[Judgement]]) -> None:
    def families(page: str) -> set[str]:
        return {each.proposal.family for each in judged(page) if each.outcome is Outcome.REFUTED}

    assert families("The step fell from 200 ms to 150 ms with the fused kernel, 40% less.") == {"sentence-change"}
    assert families("The step fell from 200 ms (eager kernels) to 150 ms, a 40% reduction.") == {"plain-change"}
    assert families("The step fell from 200 ms to 150 ms (−40%).") == {"plain-change"}
    assert not families("The step fell from 200 ms to 150 ms (−25%), and the queue is 40% shorter.")
    assert families("- Step before: 200 ms\n- Step after: 150 ms, that is −40%\n") == {"statement-change"}
    assert not families("- Step before: 200 ms\n- Step after: 150 ms (75% of the budget)\n")
    head = "| metric | before | after | change |\n|---|---|---|---|\n"
    table = f"{head}| ms | 200 | 150 | −40% |\n| s | 20 | 10 | −50% |\n| us | 30 | 27 | −10% |\n"
    assert families(table) == {"statement-change"}


SAVED = [
    "- Old price: €250\n- New price: €200\n- Saving: {} %\n",
    "- Before: 250 ms\n- After: 200 ms\n- Reduction: {} %\n",
    "| Job | Before | After | Reduction |\n|---|---|---|---|\n| sort | 250 ms | 200 ms | {} % |\n",
    "| Job | Before | After | Change |\n|---|---|---|---|\n| sort | 250 ms | 200 ms | {} % |\n",
    "It needs 200 ms instead of 250 ms, a saving of {} %.",
    "Ours costs $200, {} % less than the $250 of theirs.",
]


@pytest.mark.parametrize("page", SAVED)
def test_a_saving_is_a_share_of_what_was_before(page: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format("20"))
    assert refuted(page.format("25")) == ["25 %"]


def test_more_in_a_second_saves_a_share_of_the_new_rate(refuted: Refuted) -> None:
    page = "- Before: 200 tok/s\n- After: 250 tok/s\n- Saving: {} %\n"
    assert refuted(page.format("20")) == refuted(page.format("25")) == []
    assert refuted(page.format("35")) == ["35 %"]


@pytest.mark.parametrize("label", ["Speed-up", "Improvement", "Faster by"])
def test_a_speed_up_may_be_told_of_either(label: str, refuted: Refuted, settled: Settled) -> None:
    page = f"| Job | Before | After | {label} |\n|---|---|---|---|\n| sort | 250 ms | 200 ms | {{}} % |\n"
    assert settled(page.format("25"))
    assert settled(page.format("20"))
    assert refuted(page.format("35")) == ["35 %"]


@pytest.mark.parametrize(
    "text",
    [
        "Load fell from 90 ms to 60 ms while the bill grew by 20 %.",
        "Power fell from 42 kW to 36 kW, and cost fell by 20 %.",
        "Power fell from 42 kW to 36 kW; the fans dropped by 30 %.",
        "Throughput rose from 200 to 250 tok/s, reducing the cost by 20 %.",
        "It costs $40 against $50; the saving pays 25 % of the toll.",
    ],
)
def test_the_change_of_another_subject_is_none_of_the_pair(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_the_same_subject_may_be_said_again(refuted: Refuted) -> None:
    assert refuted("Power fell from 42 kW to 36 kW, and so power fell by 20 %.") == ["20 %"]
    assert refuted("Power fell from 42 kW to 36 kW, which cut it by 20 %.") == ["20 %"]


def test_sizes_that_name_what_is_compared_are_not_compared(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("A 128K prompt costs 2.8 times an 8K prompt.")
    assert not refuted("So a 64K token costs 2.8 times an 8K token.")
