"""Columns whose headings say how many of the things of the column before they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import scaled_columns

# What the fixtures of conftest judge.
LAWS = (scaled_columns.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

TABLE = (
    "| Item | Per card | Per server (4 cards) | Fleet (16 servers) |\n|---|---|---|---|\n"
    "| Peak | 362 TFLOPS | 1.448 PFLOPS | 23.2 PFLOPS |\n| Memory | 48 GB | 192 GB | {} |\n| Power | 350 W | 1.4 kW | 22.4 kW |\n"
    "| Port | 100 Gb/s | {} | – |\n"
)


@pytest.mark.parametrize(
    ("memory", "port", "wrong"),
    [("3.07 TB", "400 GB/s", "400 GB/s"), ("2.64 TB", "400 Gb/s", "2.64 TB"), ("30.7 TB", "50 GB/s", "30.7 TB")],
)
def test_a_column_is_so_many_times_the_one_before(memory: str, port: str, wrong: str, refuted: Refuted) -> None:
    assert refuted(TABLE.format(memory, port)) == [wrong]


def test_the_twin_holds_and_what_does_not_scale_is_left(refuted: Refuted, settled: Settled) -> None:
    assert settled(TABLE.format("3.07 TB", "50 GB/s"))
    assert refuted(TABLE.format("3.07 TB", "100 Gb/s")) == []  # one port a server
    assert refuted(TABLE.replace("(4 cards)", "").replace("(16 servers)", "").format("2.64 TB", "400 GB/s")) == []
    chinese = (
        "| 项目 | 单卡 | 单机（8 卡） |\n|---|---|---|\n| 算力 | 313 TFLOPS | 2.504 PFLOPS |\n"
        "| 显存 | 64 GB | {} GB |\n| 功耗 | 400 W | 3,200 W |\n"
    )
    assert settled(chinese.format("512"))
    assert refuted(chinese.format("412")) == ["412 GB"]
