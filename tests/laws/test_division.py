"""Division: what a page calls an even split leaves nothing over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.division import proposals

# What the fixtures of conftest judge.
LAWS = (proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


# A text, a number that does not divide, and one that does.
STATED = [
    ("The {} shards are spread evenly over 24 hosts.", "100", "96"),
    ("{} blocks form 9 equal groups.", "60", "63"),
    ("All {} experts split evenly across EP=12.", "128", "144"),
    ("{} attention heads are divisible by the tensor-parallel degree of 8.", "44", "56"),
    ("The {} layers divide evenly into 6 stages.", "40", "42"),
    ("PP=6 splits {} layers evenly.", "40", "42"),
    ("Each of the 7 workers gets an equal share of the {} files.", "100", "105"),
    ("{} divides evenly by 14.", "100", "98"),
    ("{} is divisible by 12.", "90", "84"),
    ("The {} tiles are distributed equally among twelve racks.", "90", "84"),
    ("The {} partitions are cleanly divided over 15 nodes.", "64", "60"),
    ("{} 个分片均匀分布在 12 台服务器上。", "100", "96"),
    ("The {} tables land evenly on the 9 shards.", "60", "63"),
    ("All {} clients sit uniformly on 16 front ends.", "100", "96"),
    ("- {} attention heads, TP=12 → splits cleanly\n", "40", "48"),
    ("{} layers over 9 pipeline stages: an even split.", "60", "63"),
    ("{} 个键值头可以被 TP=12 整除。", "40", "48"),
    ("{} 层均匀分到 9 个阶段。", "60", "63"),
    ("- {} experts with EP = 24: divides evenly\n", "128", "144"),
    ("- Plan C was added in May: the {} blocks divide evenly over 10 stages.", "96", "90"),
    ("If a card dies, the group can be formed with EP12: {} experts on 12 ranks stay perfectly balanced.", "64", "72"),
    ("The load does not balance, but the {} shards divide evenly over 4 hosts.", "62", "64"),
    ("The {} layers can be split evenly over 4 stages.", "62", "64"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_an_even_split_leaves_nothing_over(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert [claim.split()[0] for claim in refuted(text.format(wrong))] == [wrong]
    assert settled(text.format(right))


HARMLESS = [
    "The 61 layers are split over 8 stages, seven of 8 layers and one of 5.",
    "The 61 layers are split as evenly as possible over 8 stages.",
    "61 layers do not divide evenly over 4 stages.",
    "The 61 layers split evenly over 8 stages when padded by 3.",
    "Exactly 8 GPUs serve 61 clients.",
    "The 61 layers are cut into exactly 8 stages.",
    "The pool uses all 100 GPUs and splits the 72 layers evenly.",
    "The 100 GB of weights are split evenly over 3 GPUs.",
    "About 100 files are spread evenly over 8 nodes.",
    "8 KV heads are shared equally by 64 query heads.",
    "The 10 × 7 tiles are spread evenly over 14 nodes.",
    "61 layers spread roughly evenly over 4 stages.",
    "The two runs used 100 steps and an equal budget of 7 hours.",
    "61 层不能被 8 整除。",
    "The 61 jobs behave equally well on 8 hosts.",
    "The 61 layers were timed exactly on 8 GPUs.",
    "- 61 layers, 64 heads, TP=8 → splits cleanly\n",  # which of the two is split?
    "- 40 heads, TP=16 → does not split cleanly\n",
    # denied, wanted, made so, or of more than are counted
    "Neither 61 nor 62 layers divide evenly over 4 stages.",
    "The 62 shards must be spread evenly over 4 hosts, so we cut again.",
    "We buy 2 hosts so that the 30 hosts divide evenly into 4 rows.",
    "Adding 2 to the 30 hosts makes them divide evenly into 4 rows.",
    "With 2 dummy blocks the 62 blocks divide evenly over 8 stages.",
    "The 90 layers divide evenly over 8 stages once six of them are doubled.",
    "Dropping two lets the 62 files divide evenly over 4 disks.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_splits_are_not_even(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


def test_a_factor_that_is_exactly_a_ratio_is_no_even_split(refuted: Refuted) -> None:
    assert not refuted("The old pool holds more shards by a factor of 3.5, exactly the ratio of 70 to 20.")


def test_what_is_placed_evenly_is_placed_whole_also_where_the_unit_says_per_what(refuted: Refuted) -> None:
    assert refuted("10 / 8 = 1.25 experts per GPU, evenly balanced") == ["1.25 experts per GPU"]
    assert refuted("16 / 8 = 2 experts per GPU, evenly balanced") == []
    assert refuted("A token visits 1.25 experts per GPU on average; the load is balanced.") == []
    assert refuted("Queue: 8.5 requests per GPU, balanced by the router") == []
    assert refuted("Expected: perfect balance with 1.25 experts per GPU, or change the model.") == []


def test_a_remark_in_sentences_is_read_as_one_also_in_a_cell(refuted: Refuted) -> None:
    page = "| Plan | Cards | Remark |\n|---|---|---|\n| EP8 | 8 | {} experts per GPU, evenly balanced; chosen for its small groups |\n"
    assert refuted(page.format("10 / 8 = 1.25")) == ["1.25 experts per GPU"]
    assert refuted(page.format("16 / 8 = 2")) == []


def test_a_word_for_even_says_so_of_the_number_beside_it(refuted: Refuted, settled: Settled) -> None:
    assert refuted("Every rank holds exactly 6.25 blocks.")
    assert not refuted("The word count (`letters_per_token` = 4.187) was identical in both runs.")
    assert not refuted(
        "The first note for Granite 3.5 assumed a cache per head; the figure that was measured later fits the pool almost exactly."
    )


def test_places_of_so_many_things_are_places(refuted: Callable[[str], list[str]]) -> None:
    assert refuted("The 72 layers divide evenly into nine stages of 8 layers.") == []
    assert refuted("The 76 layers divide evenly into nine stages of 8 layers.") == ["76 layers"]
    assert refuted("With four dummy layers the 68 layers divide evenly into nine stages of 8 layers.") == []
