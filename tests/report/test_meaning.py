"""What a number measures is said in words, never by an internal name."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.facts.senses import load_senses
from stratlint.report.meaning import meaning
from stratlint.rules.finding import LedgerEntry, Location, Status


def entry(head: str, of: str = "", per: tuple[str, ...] = (), voice: str = "", kind: str = "memory.kv") -> LedgerEntry:
    place = Location("a.md", 0, 1, 1, 1, 1, 2, "number", "1")
    return LedgerEntry(place, True, kind, "gpu", "", "", "1", "", Status.NOT_CHECKED, "", head=head, of=of, per=per, voice=voice)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (entry("memory", "KV cache", ("token",)), "KV cache per token"),
        (entry("memory", "weights", ("GPU",), "target"), "weights per GPU (target)"),
        (entry("memory", "total use", ("total",)), "memory in use in total"),
        (entry("count", "attention head", ("GPU",), "asserted"), "attention heads per GPU"),
        (entry("count", "micro-batch"), "micro-batches"),
        (entry("degree", "TP"), "TP degree"),
        (entry("time", "token", ("token",)), "time per token"),
        (entry("parameters", "layer", ("layer",)), "parameters per layer"),
        (entry("rate", "token", ("GPU", "node")), "token rate per GPU and node"),
        (entry("compute-rate"), "compute rate"),
        (entry("time"), "time"),
        (entry(""), "?"),
    ],
)
def test_meanings(number: LedgerEntry, words: str) -> None:
    assert meaning(number) == words


def test_every_sense_can_be_said() -> None:
    """Nothing that looks like the name of a kind, and no head where its words are better."""
    for kind, sense in load_senses().kinds.items():
        words = meaning(entry(sense.head, sense.of, sense.per, kind=kind))
        assert words and not {".", "_", "{", "?"} & set(words) and "compute-rate" not in words, kind


def test_a_page_is_told_in_words() -> None:
    (document,) = stratlint.check_text("- KV cache: 320 KiB per token\n- Attention heads per GPU: 64 / 8 = 8\n").documents
    assert [meaning(each) for each in document.ledger if each.head][:1] == ["KV cache per token"]
    assert meaning(document.ledger[-1]) == "attention heads per GPU"
