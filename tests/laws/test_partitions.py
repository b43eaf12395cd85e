"""Partitions: numbered ranges follow each other and end with the last of the things there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.partitions import proposals

# What the fixtures of conftest judge.
LAWS = (proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


KEYED = '```json\n[{{"id": 0, "layers": [0, 9]}},\n{{"id": 1, "layers": [10, 19]}},\n{{"id": 2, "layers": [{}, 29]}}]\n```\n'
# A text, an end that leaves a gap, an overlap or a wrong count, and the right one.
STATED = [
    ("- Stage 0: layers 0-9\n- Stage 1: layers {}-19\n- Stage 2: layers 20-29\n", "12", "10"),
    ("- Group A: GPUs 0–15\n- Group B: GPUs 16–{}\n- Group C: GPUs 32–47\n- Group D: GPUs 48–63\n", "35", "31"),
    ("| Stage | Layers |\n|---|---|\n| 0 | 1-12 |\n| 1 | 13-24 |\n| 2 | {}-36 |\n", "24", "25"),
    ("Ranks 0-3 hold layers 1-8, ranks 4-7 layers 9-16, ranks {}-11 layers 17-24.", "10", "8"),
    ("```\nstage 0  ranks 0-63  layers 0-7\nstage 1  ranks 64-127  layers 8-15\nstage 2  ranks 128-191  layers {}-23\n```\n", "15", "16"),
    ("- Rank 0: experts 0-31 ({} experts)\n- Rank 1: experts 32-63 (32 experts)\n", "16", "32"),
    ("The model has 48 layers.\n\n- Stage 0: layers 0-15\n- Stage 1: layers 16-31\n- Stage 2: layers 32-{}\n", "48", "47"),
    ('```json\n{{"stages": [[0, 9], [10, 19], [{}, 29]]}}\n```\n', "18", "20"),
    ("```yaml\nstages:\n  - layers: 0-9\n  - layers: 10-19\n  - layers: {}-29\n```\n", "22", "20"),
    ("| Stage | First layer | Last layer |\n|---|---|---|\n| 0 | 0 | 9 |\n| 1 | 10 | 19 |\n| 2 | {} | 29 |\n", "18", "20"),
    ("Layers 12 through 29 ({} layers) run on the second host.", "15", "18"),
    ("Layers 12–29, i.e. {} layers, run on the second host.", "15", "18"),
    ("Ranks 16-31 are one of six equal groups; the run has {} ranks.", "64", "96"),
    ("Ranks 0-15 are the first of six groups of equal size; the run has {} ranks.", "64", "96"),
    ("The first of 5 equal stages is layers 1-12; there are {} layers in all.", "48", "60"),
    ("The three hosts hold layers 0–11, 12–23 and {}–35.", "26", "24"),
    ("The 36 layers are cut into three stages: layers 0–11, 12–23 and 24–{}.", "33", "35"),
    (KEYED, "22", "20"),
    ("| Pool | Ranks | Count |\n|---|---|---|\n| encode | 0–11 | 12 |\n| decode | 12–35 | {} |\n", "26", "24"),
    ("| Stage | Layers | Number of layers |\n|---|---|---|\n| 0 | 1–14 | 14 |\n| 1 | 15–40 | {} |\n", "24", "26"),
    ("GPUs 0 to 3 prefill, GPUs 4 to 11 decode and GPUs {} to 15 wait.", "10", "12"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_ranges_leave_no_gap_and_do_not_overlap(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(text.format(wrong))
    assert settled(text.format(right))


def test_the_range_of_another_size_than_its_like_is_the_one_to_blame(refuted: Refuted) -> None:
    assert refuted("- A: GPUs 0-7\n- B: GPUs 8-18\n- C: GPUs 16-23\n- D: GPUs 24-31\n") == ["18"]
    assert refuted("- A: GPUs 0-7\n- B: GPUs 8-15\n- C: GPUs 18-23\n- D: GPUs 24-31\n") == ["18"]


HARMLESS = [
    "The model has 36 layers. Three hosts hold layers 0–11, 12–23 and 24–33.",  # others may hold the rest
    "For layers 0–11, 12–23 % of the time and 26–35 s are spent.",
    # a count of something else: no line holds
    "| Pool | Ranks | Count |\n|---|---|---|\n| encode | 0–11 | 3 |\n| decode | 12–35 | 6 |\n",
    "| Pool | Ranks | Nodes |\n|---|---|---|\n| encode | 0–11 | 12 |\n| decode | 12–35 | 6 |\n",
    KEYED.format(22).replace("layers", "gpus").replace('"gpus": [10', '"racks": [10'),
    "- Rank 0: GPUs 0-7\n- Rank 1: GPUs 8-15\n- …\n- Rank 7: GPUs 56-63\n",  # rows are left out
    "- Job A: GPUs 0-7\n- Job B: GPUs 16-23\n",  # two of many
    "- Pass 1: layers 0-20\n- Pass 2: layers 10-30\n- Pass 3: layers 20-40\n",  # windows
    "- Part 0: tokens 0-16\n- Part 1: tokens 16-32\n- Part 2: tokens 32-48\n",  # half-open
    "- CPU of GPU 0: cores 0-23\n- CPU of GPU 1: cores 0-23\n- CPU of GPU 2: cores 24-47\n- CPU of GPU 3: cores 24-47\n",  # told twice
    "- Latency: 5-9 ms\n- Latency: 12-20 ms\n- Latency: 21-30 ms\n",  # no places
    "The model has 64 layers.\n\n- Stage 0: layers 0-15\n- Stage 1: layers 16-31\n- Stage 2: layers 32-47\n",  # not all of them
    "Tokens 0-15, i.e. 4 pages, are cached.",  # other things
    "Ranks 0-15 are the first of six groups; the run has 64 ranks.",  # groups of any size
    "Ranks 16-31 are the first of six groups of equal size; the run has 64 ranks.",  # others come before
    "- Stage 0: layers 0-15 (16 layers)\n- Stage 1: layers 16-31 (16 layers)\n- Stage 2: layers 32-47 (16 layers)\n",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_ranges_are_no_partition(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


@pytest.mark.parametrize("cells", ["| {} | {} |\n", "{} | {}\n"])
def test_a_cell_of_two_numbers_is_a_range_of_places(cells: str, refuted: Refuted, settled: Settled) -> None:
    fence, rule = ("", "|---|---|\n") if cells.startswith("|") else ("```\n", "------+-------\n")
    page = fence + cells.format("Stage", "layers") + rule
    rows = [("0", "0 - 9"), ("1", "10 - 19"), ("2", "20 - {}"), ("3", "30 - 39")]
    page += "".join(cells.format(*row) for row in rows) + fence.rstrip()
    assert settled(page.format(29))
    assert refuted(page.format(28)) == ["28"]


def test_a_gap_is_a_slip_only_where_it_takes_places_from_one_of_the_ranges(refuted: Refuted) -> None:
    lines = "- group 0: ranks 0-7\n- group 1: ranks 8-15\n- group 2: ranks {}\n- group 3: ranks 24-31\n"
    assert refuted(lines.format("17-23"))
    assert not refuted(lines.format("16-23"))
    assert not refuted("- part one: weeks 1-3\n- part two: weeks 4-6\n- part three: weeks 9-14\n")
