"""Sixty numbers of five reports, read by a person: what each is about, and of what it speaks.

The table was written from the documents by somebody who had seen the tool's ledger before. A row is right when kind and scope are right; at
least nine in ten have to be. Scopes that a reader would accept alike are separated by `|` (`-` is none).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import stratlint
from stratlint.report.outcome import Report

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
NAMES = sorted(path.name for path in SEEDS.glob("*.txt"))

# seed, line, the number as printed (its n-th occurrence on the line as `text#n`), kind, scopes
CHECKED = """
000 4 30B                    model.parameters                    -|total
000 9 16                     model.layers                        -|total
000 9 1,024                  model.experts|model.expert_instances total|product|-
000 10 64                    parallel.ep                         -
000 11 16                    placement.modules_per_gpu           gpu
000 14 2                     parallel.tp                         -
000 19 8                     parallel.pp                         -
000 20 2                     placement.layers_per_stage          stage
000 35 1,024                 placement.modules                   total|-
000 38 1.0                   placement.modules_per_gpu           gpu|-
000 45 29.3M                 model.parameters_per_expert         expert
000 46 3.75GB                memory.used                         gpu
000 46 64GB                  gpu.memory|memory.used              gpu|-
000 62 5.86%                 memory.utilisation                  gpu|-
000 67 55%                   compute.mfu                         -
000 92 2.5M                  throughput.tokens                   -|total
001 5 400TFlops              gpu.peak                            gpu|-
001 7 1.8TBps                gpu.bandwidth                       gpu|-
001 12 16                    model.layers                        -|total
001 14 FP8                   precision.bits                      -
001 17 1024                  model.hidden                        -|token
001 19 2048                  model.expert_ffn                    -|expert
001 28 8                     placement.expert_instances_per_gpu|placement.experts_per_gpu gpu
001 38 64#2                  parallel.ep                         -
001 42 2                     parallel.tp                         -
001 54 8                     placement.heads_per_gpu             gpu
001 62 8MB                   memory.weights                      expert
001 64 69MB                  memory.used                         gpu|total
001 65 0.11%                 memory.utilisation                  gpu|-
001 68 4.3TFLOPS             compute.work                        layer
001 78 20MB                  communication.volume                step|total|-
001 90 14μS                  latency.communication               layer
001 114 1.024ms              latency.total                       total|-
001 117 125K                 throughput.sequences                -|total
001 122 10.15TFLOPS          compute.work                        gpu
001 132 8.125                placement.modules_per_gpu           gpu
002 6 1024                   cluster.gpus                        total|-
002 15 2                     parallel.pp                         -
002 21 64 GB                 gpu.memory                          gpu
002 30 5.37 GB               memory.kv                           -|total
002 32 76.11 GB              memory.total_model|memory.used      total|-
002 39 8.00                  placement.layers_per_stage          stage
002 40 128.00                placement.sequences_per_gpu         gpu
002 48 40.96                 latency.prefill                     -
002 49 0.00                  latency.decode                      -
002 50 3.12                  throughput.tokens                   -|total
002 72 8 layers              placement.layers_per_stage          stage
003 17 468,750,000           model.parameters_per_gpu            gpu
003 19 1 expert              placement.experts_per_gpu           gpu
003 23 16#2                  parallel.tp                         -
003 44 0-15#1                range.gpus                          -
003 62 4 layers              placement.layers_per_stage          stage
003 66 50ms                  latency.total                       -|batch
004 10 512GB                 memory.total_model                  total|-
004 11 17.7GB                memory.used                         gpu
004 30 8                     batch.micro_batches                 -
004 34 8                     cluster.gpus                        total|-
004 61 15-20ms               latency.layer                       layer
004 62 800-1200              throughput.sequences                -|total
004 63 70%                   memory.utilisation                  gpu|-
"""
ROWS = [line.split() for line in CHECKED.strip().splitlines()]


@cache
def report_of(seed: str) -> Report:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    return stratlint.check(path)


def understood_as(seed: str, line: int, text: str) -> tuple[str, str]:
    """Kind and scope of the entry whose text begins with *text*, on that line."""
    wanted, _, nth = text.partition("#")
    (document,) = report_of(seed).documents
    entries = [e for e in document.ledger if e.location.line == line and e.location.text.startswith(wanted)]
    index = int(nth or 1) - 1
    return (entries[index].kind, entries[index].scope) if index < len(entries) else ("not read", "")


@pytest.mark.skipif(not NAMES, reason="no ../shared beside the checkout")
def test_nine_in_ten_of_sixty_attributes_are_right() -> None:
    wrong = []
    for row in ROWS:
        seed, line, *text, kinds, scopes = row
        kind, scope = understood_as(seed, int(line), " ".join(text))
        if kind not in kinds.split("|") or (scope or "-") not in scopes.split("|"):
            wrong.append(f"{seed}:{line} {' '.join(text)}: {kind or '?'} [{scope}], not {kinds} [{scopes}]")
    assert len(ROWS) == 60
    assert len(wrong) <= 6, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES or [pytest.param("", marks=pytest.mark.skip("no ../shared beside the checkout"))])
def test_nine_in_ten_numbers_of_every_report_are_understood(name: str) -> None:
    coverage = stratlint.check(SEEDS / name).coverage
    assert coverage.share_understood >= 0.9, f"{coverage.understood} of {coverage.seen}"
