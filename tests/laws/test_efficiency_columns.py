"""Efficiencies and utilisations that go with another column, all but one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import efficiency_columns

# What the fixtures of conftest judge.
LAWS = (efficiency_columns.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

SCALING = (
    "| GPUs | Tokens/s/GPU | Scaling efficiency | Note |\n|---:|---:|---:|---|\n| 16 | 3,104 | 100.0 % | |\n| 32 | 3,061 | 98.6 % | |\n"
    "| 64 | 2,988 | 96.3 % | |\n| 128 | 2,904 | {} | |\n| 256 | 2,731 | 88.0 % | |\n"
)
MFU = (
    "| Micro-batch | Step, s | TFLOPS per GPU | MFU |\n|---|---|---|---|\n| 1 | 14.2 | 356.0 | 36.0 % |\n| 2 | 12.9 | 392.1 | 39.6 % |\n"
    "| 4 | 12.1 | 418.0 | {} |\n| 8 | 11.8 | 428.6 | 43.3 % |\n| 16 | 12.0 | 421.5 | 42.6 % |\n"
)
BANDWIDTH = (
    "| | Achieved, GB/s | Bandwidth utilisation |\n|---|---|---|\n| batch 1 | 2,412 | 72.0 % |\n| batch 4 | 2,525 | 75.4 % |\n"
    "| batch 16 | 2,610 | {} |\n| batch 64 | 2,703 | 80.7 % |\n"
)
TWICE = (
    "| Nodes | Tokens/s/GPU | Efficiency | TFLOPS/GPU | MFU |\n|---:|---:|---:|---:|---:|\n| 2 | 3,104 | 100.0 % | 412.0 | 41.7 % |\n"
    "| 4 | 3,061 | 98.6 % | 406.3 | 41.1 % |\n| 8 | 2,988 | 96.3 % | 396.6 | 40.1 % |\n| 16 | 2,904 | {} | 385.5 | 39.0 % |\n"
    "| 32 | 2,731 | 88.0 % | 362.5 | 36.7 % |\n"
)
PAGES = {
    "scaling": (SCALING, "93.6 %", "95.1 %"),
    "MFU": (MFU, "42.3 %", "44.2 %"),
    "two": (TWICE, "93.6 %", "95.1 %"),
    "bandwidth": (BANDWIDTH, "77.9 %", "79.7 %"),
}


@pytest.mark.parametrize("name", PAGES)
def test_an_efficiency_goes_with_what_the_others_go_with(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        MFU.format("21.1 %"),  # half: another peak
        MFU.format("44.2 %").replace("MFU", "Busy"),  # no efficiency
        MFU.format("44.2 %").replace("42.6 %", "45.0 %"),  # two rows off: no such rule
        SCALING.format("95.1 %").replace("| 128 | 2,904 | 95.1 % | |", "| 128 | 2,904 | 95.1 % | without checkpoint |"),
        # All equal says nothing.
        "| Run | TFLOPS | MFU |\n|---|---|---|\n| a | 400 | 40 % |\n| b | 401 | 40 % |\n| c | 402 | 40 % |\n| d | 399 | 42 % |\n",
        # One of another precision.
        "| Run | Peak | TFLOPS | MFU |\n|---|---|---|---|\n| a | 989 | 356.0 | 36.0 % |\n| b | 989 | 392.1 | 39.6 % |\n"
        "| c | 989 | 428.6 | 43.3 % |\n| d | 1,307 | 540.2 | 41.3 % |\n",
    ],
)
def test_silence(page: str, refuted: Refuted) -> None:
    assert not refuted(page)
