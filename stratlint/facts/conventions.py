"""Conventions that a document fixes: what GB is, how EP counts, how many matrices an FFN has, what a peak is.

A convention counts only when a sentence *states* it (`1 GB = 2^30 bytes`, `EP × TP × PP = 1,024 GPUs`, "trained with
Megatron-LM"), asserts it, and no other sentence states another. Merely using GiB somewhere fixes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from stratlint.claims.claim import Statement
from stratlint.document import Span
from stratlint.facts.fact import FactSet
from stratlint.facts.phrases import load_vocabulary, normalise, word_list


@dataclass(frozen=True, slots=True)
class Convention:
    """A reading that the document chose: its name, the value, the sentence that says so."""

    name: str
    value: str
    span: Span
    text: str


Patterns = Mapping[str, Mapping[str, tuple[re.Pattern[str], ...]]]
_PIECE = re.compile(r"<(\w+)>")


@cache
def _patterns() -> Patterns:
    """`grammar/vocabulary/conventions.yaml`, its pieces put in."""
    data = dict(load_vocabulary("conventions"))
    pieces: Mapping[str, str] = data.pop("pieces")

    def whole(pattern: str) -> str:
        # `(?P<name>…)` is a group, not a piece
        return _PIECE.sub(lambda m: whole(pieces[m[1]]) if m.string[m.start() - 1] != "P" else m[0], f" {pattern}")[1:]

    return {
        name: {value: tuple(re.compile(whole(each), re.I) for each in stated) for value, stated in values.items()}
        for name, values in data.items()
    }


# What is longer is no statement of a convention, and would take the patterns long.
_LONGEST = 500
_WORTH_A_LOOK = re.compile(
    r"GB|gigabyte|binary|decimal|\bEP|expert|Megatron|LLM|SGLang|GLU|gate|matri|causal|full|square|dense|spars", re.I
)
_OTHER_VOICES = frozenset({"negated", "hypothetical", "rejected", "past", "target"})
_UNTRUE = re.compile(
    r"\b(?:unlike|instead|not|never|would|if|unless|exceeds?|compared|versus|vs|previous\w*)\b|[≠?>]|\b[A-Za-z]\s*=\s*\d", re.I
)
_DENIALS_IN_TERMS = re.compile(r"\b(?:without|no|ignoring) (?:the )?(?:structured )?(?:causal|sparsity)\b|\bnon-gated\b", re.I)


def conventions_of(facts: FactSet) -> Mapping[str, Convention]:
    """The conventions that the document states without contradicting itself, by name."""
    found: dict[str, dict[str, Convention]] = {}
    totals = frozenset(int(fact.interval.low) for fact in facts.of_kind("cluster.gpus") if fact.exact)
    for statement in facts.claims.statements:
        if len(statement.text) <= _LONGEST and _WORTH_A_LOOK.search(statement.text):
            for convention in _in(statement, totals):
                found.setdefault(convention.name, {}).setdefault(convention.value, convention)
    return {name: next(iter(values.values())) for name, values in found.items() if len(values) == 1}


def _in(statement: Statement, totals: frozenset[int]) -> Iterator[Convention]:
    text = " ".join(statement.text.split("\n"))
    spoken = False
    for name, values in _patterns().items():
        for value, patterns in values.items():
            if any(_states(pattern.search(text), totals) for pattern in patterns):
                if not spoken and _other_voice(text):
                    return
                spoken = True
                yield Convention(name, value, statement.span, text.strip())


def _states(match: re.Match[str] | None, totals: frozenset[int]) -> bool:
    """Whether a pattern was found: a product of degrees with EP, a bare number that the page calls its GPUs."""
    if match is None:
        return False
    groups = match.groupdict()
    if "EP" not in groups.get("product", "EP").upper():
        return False
    ranks, gpus = (int(text.replace(",", "")) if (text := groups.get(name)) else None for name in ("ranks", "gpus"))
    return (ranks is None or ranks in totals) and (gpus is None or not totals or gpus in totals)  # an expert group is not all GPUs


def _other_voice(text: str) -> bool:
    """Whether a sentence speaks of what is not so: another framework, an alternative, a mistake."""
    plain = _DENIALS_IN_TERMS.sub(" ", text)
    if _UNTRUE.search(plain) or '"' in text or "“" in text:
        return True
    words = normalise(plain)
    return any(match.name in _OTHER_VOICES for match in word_list("modality").find(words))
