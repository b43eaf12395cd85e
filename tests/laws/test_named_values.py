"""Formulas over values that a page names: ids of lines and keys, each wrong page with a twin that holds; and remarks that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import equations

# What the fixtures of conftest judge.
LAWS = (equations.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


def sheet(*lines: str, head: str = "id | what | value | how") -> str:
    """A table of lines with ids."""
    return "\n".join(f"| {line} |" for line in (head, " | ".join("---" for _ in head.split(" | ")), *lines))


def fence(language: str, *lines: str) -> str:
    """A fence of some language."""
    return "\n".join((f"```{language}", *lines, "```"))


# name: (page with a gap, right, wrong)
PAGES = {
    "a product of two lines": (
        sheet("K1 | shards | 46 | listing", "K2 | one shard | 3.5 GB | du", "K3 | all shards | {} GB | K1 × K2"), "161", "141"
    ),
    "units are converted": (
        sheet("K1 | volume | 93.6 TB | du", "K2 | pipe | 26 GB/s | test", "K3 | one copy | {} h | K1 / K2"), "1.0", "1.6"
    ),
    "letters and brackets": (
        sheet("a | trays | 6 | count", "b | W each | 415 W | meter", "c | fans | 85 W | meter", "d | rack | {} W | a × (b + c)"),
        "3,000", "2,600",
    ),
    "numbers in brackets": (
        sheet("(1) | asked | 880 | log", "(2) | served | 836 | log", "(3) | served of asked | {} % | = (2) / (1)"), "95", "59"
    ),
    "a difference of letters": (
        sheet("p | cap | 91.5 GB | rule", "q | held | 68.2 GB | gauge", "r | room | {} GB | p - q"), "23.3", "32.3"
    ),
    "the same as another line": (
        sheet("M1 | boards | 768 | order", "M2 | per crate | 24 | order", "M3 | crates | 32 | M1 / M2", "M4 | spares for | {} | as M1"),
        "768", "678",
    ),
    "the unit stands in a column": (
        sheet(
            "Z1 | draw | 415 | kW | meter", "Z2 | hours | 120 | h | plan", "Z3 | energy | {} | MWh | Z1 × Z2",
            head="id | what | value | unit | formula",
        ),
        "49.8", "94.8",
    ),
    "a remark behind a key": (fence("yaml", "rows: 35", "ranks: 18", "all_rows: {}   # 35 * 18"), "630", "360"),
    "a remark over other keys": (fence("yaml", "job:", "  rows: 35", "  ranks: 18", "  all_rows: {}   # rows * ranks"), "630", "360"),
    "digits in groups": (fence("python", "ROWS = 1_750", "SPAN = 2048", "POINTS = {}  # ROWS * SPAN"), "3_584_000", "3_854_000"),
    "an export": (fence("bash", "export CARDS=56", "export LANES={}   # CARDS * 3 lanes"), "168", "186"),
    "slashes begin the remark": (fence("json5", "{{", "  room_gb: 91.5,", "  left_gb: {},  // room_gb - 68.2", "}}"), "23.3", "32.3"),
    "bytes of a link in bits": (fence("yaml", "uplink: {} GB/s   # 6 x 200 Gb/s"), "150", "1200"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_value_that_does_not_follow_from_its_formula_is_refuted_and_its_twin_is_recomputed(
    name: str, refuted: Refuted, settled: Settled
) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)), name


# A remark that computes something else than its value.
REMARKS = {
    "what it was": fence("yaml", "copies: 7   # was 2 * 3"),
    "not that": fence("yaml", "chunk: 1536   # not 4 * 512 as before"),
    "rounded afterwards": fence("python", "BINS = 17   # 130 / 8, rounded up"),
    "up to a multiple, with its own result": fence("python", "WIDTH = 11008   # 8 / 3 * 4096 = 10923, up to a multiple of 256"),
    "what the boxes are": fence("yaml", "boxes: 12   # 8 * L40S each"),
    "each of several": fence("yaml", "slots: 15   # 2 + 3 per team, three teams"),
    "a magnitude that the key around it gives": fence("yaml", "giga:", "  table: 1.84   # 64128 * 7168 * 4"),
    "names of formats are no ids": sheet(
        "FP16 | 16×8×16 | FP16/FP32 | 250 TFLOPS", "TF32 | 16×8×8 | FP32 | 125 TFLOPS", head="format | shape | sums | rate"
    ),
    "names of models are no ids": sheet("R1 | the big one | 671 | B", "V3 | the base | 671 | see R1", head="id | what | size | like"),
}  # fmt: skip


@pytest.mark.parametrize("name", REMARKS)
def test_a_remark_may_compute_something_else(name: str, refuted: Refuted) -> None:
    assert refuted(REMARKS[name]) == []


def test_an_id_that_two_tables_use_stands_for_the_line_of_its_own_table(refuted: Refuted) -> None:
    first = sheet("A1 | trays | 6 | count", "A2 | W each | 415 W | meter", "A3 | rack | 2,490 W | A1 × A2")
    second = sheet("A1 | lanes | 14 | count", "A2 | Gb/s | 25 Gb/s | test", "A3 | all | 350 Gb/s | A1 × A2")
    assert refuted(f"{first}\n\nThe uplinks:\n\n{second}") == []
