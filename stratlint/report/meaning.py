"""What a number measures, in the words of the field: `KV cache per token`, `attention heads per GPU`, `TP degree`."""

from __future__ import annotations

from collections.abc import Mapping

from stratlint.rules.finding import LedgerEntry

UNKNOWN = "?"
# How a head (`memory`, `count`, …) and what it is of are said together; the unit beside the number says the rest.
_SAID: Mapping[str, str] = {
    "memory": "{of}",
    "count": "{of}s",
    "batch": "batch of {of}s",
    "index": "{of} index",
    "money": "cost of {of}",
    "price": "price of {of}",
    "share": "{of}",
    "ratio": "{of}",
    "name": "{of}",
    "compute-rate": "{of} compute rate",
}
# What is not said as its head's others are, with the words that stand for head and `of`.
_OTHERS: Mapping[tuple[str, str], str] = {
    ("memory", "total use"): "memory in use",
    ("memory", "GPU memory"): "memory",
    ("memory", "communication"): "communication volume",
    ("memory", "all-reduce"): "all-reduce volume",
    ("memory", "all-to-all"): "all-to-all volume",
    ("memory", "all-gather"): "all-gather volume",
    ("memory", "pipeline"): "pipeline volume",
    ("count", "micro-batch"): "micro-batches",
    ("count", "batch"): "batches",
    ("dimension", "vocabulary"): "vocabulary size",
    ("share", "HBM"): "share of the memory",
    ("share", "GPU"): "GPU utilisation",
    ("time", "latency"): "latency",
    ("time", "TTFT"): "time to first token",
    ("time", "training run"): "training time",
    ("money", ""): "cost",
    ("money", "training run"): "cost of training",
    ("compute-rate", ""): "compute rate",
    ("compute-rate", "GPU"): "compute rate",
    ("batch", "micro-batch"): "micro-batch",
}


def meaning(entry: LedgerEntry) -> str:
    """What a number measures, in words: `KV cache per token (target)`; `?` when that is not known."""
    if entry.head:
        parts = [each for each in entry.per if each != "total"]
        per = f" per {' and '.join(parts)}" if parts else ""
        total = " in total" if "total" in entry.per else ""
        text = f"{_measured(entry.head, entry.of, parts)}{per}{total}"
    else:
        text = UNKNOWN
    return f"{text} ({entry.voice})" if entry.voice not in ("", "asserted") else text


def _measured(head: str, of: str, per: list[str]) -> str:
    """`KV cache`, `attention heads`, `prefill time`; the head alone when it is of nothing, or of what it is divided by."""
    if (head, of) in _OTHERS:
        return _OTHERS[head, of]
    if not of or (of in per and head in ("time", "parameters", "power")):
        return head
    return _SAID.get(head, "{of} {head}").format(of=of, head=head)
