"""What a number means: head, of, per, holder, voice and the words that decided, as far as they are certain."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.facts.kinds import load_kinds
from stratlint.facts.senses import load_senses
from stratlint.rules.finding import LedgerEntry


def entry(text: str, number: str) -> LedgerEntry:
    return next(each for each in stratlint.check_text(text).documents[0].ledger if each.location.text == number)


@pytest.mark.parametrize(
    ("text", "number", "sense"),
    [
        ("- Tensor parallelism (TP): 8\n", "8", ("degree", "TP", ())),
        ("- KV cache per token: 320 KB\n", "320 KB", ("memory", "KV cache", ("token",))),
        ("- Hidden size: 5,120\n", "5,120", ("dimension", "hidden", ())),
        ("The cluster has 64 GPUs.\n", "64 GPUs", ("count", "GPU", ("total",))),
        ("It moves 12 GB/s.\n", "12 GB/s", ("bandwidth", "", ())),
        ("We get 300 tokens/s/GPU.\n", "300 tokens/s/GPU", ("rate", "token", ("GPU",))),
        ("## 3 Memory\n", "3", ("index", "", ())),
        # what is counted outranks the words around it
        ("Tensor parallel over all 8 GPUs.\n", "8 GPUs", ("count", "GPU", ())),
        # a factor is no ratio of anything by itself
        ("It runs on 8x H100.\n", "8x", ("", "", ())),
        ("There are 17 of them.\n", "17", ("", "", ())),
    ],
)
def test_head_of_and_per(text: str, number: str, sense: tuple[str, str, tuple[str, ...]]) -> None:
    found = entry(text, number)
    assert (found.head, found.of, found.per) == sense


def test_voice_and_words() -> None:
    target = entry("- Target decode latency: 50 ms\n", "50 ms")
    assert (target.voice, target.words) == ("target", "Target decode latency")
    assert entry("- Decode latency: 50 ms\n", "50 ms").voice == "asserted"


def test_the_holder_is_the_row_or_the_column_of_a_table_that_compares() -> None:
    rows = "| Plan | TP | PP |\n|---|--:|--:|\n| small | 2 | 4 |\n| large | 8 | 16 |\n"
    columns = "| | before | after |\n|---|--:|--:|\n| tensor parallel | 2 | 4 |\n| pipeline parallel | 8 | 16 |\n"
    assert entry(rows, "16").holder == "large"
    assert entry(columns, "16").holder == "after"


def test_every_sense_is_of_a_kind_there_is_and_every_kind_has_one() -> None:
    senses, kinds = load_senses().kinds, load_kinds()
    ranged = set(kinds.ranged.values())
    assert set(senses) - ranged <= set(kinds.measures) | {"placement.rank"}
    assert set(kinds.measures) <= set(senses)
