"""Conventions that a document fixes: what GB is, how EP counts, how many matrices an FFN has, what a peak is.

A convention counts only when a sentence *states* it (`1 GB = 2^30 bytes`, `EP × TP × PP = 1,024 GPUs`, "trained with
Megatron-LM"), asserts it, and no other sentence states another. Merely using GiB somewhere fixes nothing.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stratlint.claims.claim import Statement
from stratlint.document import Span
from stratlint.facts.fact import FactSet
from stratlint.facts.phrases import normalise, word_list


@dataclass(frozen=True, slots=True)
class Convention:
    """A reading that the document chose: its name, the value, the sentence that says so."""

    name: str
    value: str
    span: Span
    text: str


_IS = r"\s*(?:=|≙|is|are|means?|denotes?|stands? for|refers? to)\s*(?:always\s+)?"
_GB = rf"(?<![A-Za-z0-9])(?:1\s?)?(?:GBs?|gigabytes?)\b{_IS}"
_DEGREE = r"(?:E?TP|PP|DP|EP|CP|SP|FSDP)(?:_?size)?(?:\s*[=:]?\s*\d+|\s*\(\d+\))?"
_PRODUCT = rf"{_DEGREE}(?:\s*[×x*·⋅]\s*{_DEGREE}){{1,5}}"
_THINGS = r"(?:gpus?|ranks?|world[ _-]?size|devices?|chips|h100s?|a100s?)\b"
_RANKS = rf"(?:(?:the\s+)?(?:total\s+)?(?:number of\s+)?{_THINGS}|\d[\d,]*\s*{_THINGS})"
_USING = r"\b(?:using|uses?|with|on|in|under|runs?|launch\w*|train\w*|framework|stack|engine|served (?:by|with|on)|via)\b"
_HERE = r"\b.{0,40}\b(?:throughout|everywhere|in this (?:document|report|note|plan))"

# name → value → the patterns that state it
_STATED: dict[str, dict[str, tuple[str, ...]]] = {
    "gigabyte": {
        "binary": (
            _GB + r"(?:2\s?(?:\^|\*\*)\s?\{?30|2³⁰|1,?073,?741,?824|1,?024\s?(?:\^|\*\*)\s?3|1,?024\s?Mi?B|(?:1\s?)?GiB\b)",
            r"\b(?:binary (?:gigabytes|GB|units|prefixes)|base[- ]2 (?:gigabytes|units|GB))" + _HERE,
            r"\b(?:all (?:sizes|figures|memory)|GB)\b.{0,30}\b(?:are|in) (?:binary|powers of (?:2|two)|GiB)\b",
        ),
        "decimal": (
            _GB + r"(?:10\s?(?:\^|\*\*)\s?\{?9|10⁹|1e9|1,?000,?000,?000|1,?000\s?MB)(?![\d,])",
            r"\b(?:decimal (?:gigabytes|GB|units|prefixes)|base[- ]10 (?:gigabytes|units|GB))" + _HERE,
            r"\b(?:all (?:sizes|figures|memory)|GB)\b.{0,30}\b(?:are|in) (?:decimal|powers of (?:10|ten))\b",
        ),
    },
    "world_size": {
        "own-axis": (
            rf"(?=[^=]*\bEP)(?<![\w×*·]){_PRODUCT}\s*=\s*{_RANKS}",
            rf"{_RANKS}\s*=\s*(?=[^=.;]*\bEP){_PRODUCT}",
            rf"(?=[^=]*\bEP)(?<![\w×*·]){_PRODUCT}\s*=\s*(?P<ranks>\d[\d,]*)(?!\.?\d|\s*[A-Za-z])",
            r"\b(?:EP|expert parallel\w*) (?:is|forms) (?:an|its own|a separate) (?:axis|dimension)\b",
        ),
        "folded": (
            r"\b(?:EP|expert parallel\w*) (?:is|are) (?:folded|nested|carved|cut|taken) (?:in|into|inside|out of|from|within)",
            rf"{_USING}.{{0,30}}\bMegatron(?:-LM|-Core|-Bridge| LM| Core| Bridge)?\b",
        ),
        "engine": (rf"{_USING}.{{0,30}}\b(?:vLLM|SGLang|TensorRT-LLM|TRT-LLM)\b",),
    },
    "ffn_matrices": {
        "three": (
            r"\b(?:SwiGLU|GeGLU|ReGLU|gated (?:MLP|FFN|feed[- ]forward)|gate[_ ]proj|three (?:FFN |MLP |weight )?matrices)\b",
        ),
        "two": (r"\b(?:non-gated|ungated|two (?:FFN|MLP|feed[- ]forward) matrices|2[- ]matrix (?:FFN|MLP))\b",),
    },
    "attention": {
        "causal": (
            r"\b(?:causal (?:half|discount|FLOPs?)|halved? for causal\w*)\b",
            r"\bcount\w* (?:only )?the (?:causal|lower) (?:half|triangle)\b",
        ),
        "dense": (
            r"\bfull (?:square|attention FLOPs?)\b",
            r"\b(?:without|no|ignoring) (?:the )?causal (?:discount|masking|mask|half|halving)\b",
        ),
    },
    "peak": {
        "dense": (r"\b(?:dense peaks?|peaks? (?:is|are) dense|without (?:structured )?sparsity)\b",),
        "sparse": (r"\b(?:sparse peaks?|with (?:structured |2:4 )?sparsity)\b",),
    },
}  # fmt: skip
_COMPILED = {
    name: {value: tuple(re.compile(pattern, re.I) for pattern in patterns) for value, patterns in values.items()}
    for name, values in _STATED.items()
}
_WORTH_A_LOOK = re.compile(
    r"GB|gigabyte|binary|decimal|\bEP|expert|Megatron|vLLM|SGLang|LLM|GLU|gate|matri|causal|full|square|dense|spars", re.I
)
_OTHER_VOICES = frozenset({"negated", "hypothetical", "rejected", "past", "target"})
_UNTRUE = re.compile(r"\b(?:unlike|instead|not|never|would|if|unless|exceeds?|compared|versus|vs|previous\w*|≠)\b|≠|\?|>", re.I)


def conventions_of(facts: FactSet) -> Mapping[str, Convention]:
    """The conventions that the document states without contradicting itself, by name."""
    found: dict[str, dict[str, Convention]] = {}
    totals = frozenset(int(fact.interval.low) for fact in facts.of_kind("cluster.gpus") if fact.exact)
    for statement in facts.claims.statements:
        if _WORTH_A_LOOK.search(statement.text):
            for convention in _in(statement, totals):
                found.setdefault(convention.name, {}).setdefault(convention.value, convention)
    return {name: next(iter(values.values())) for name, values in found.items() if len(values) == 1}


def _in(statement: Statement, totals: frozenset[int]) -> Iterator[Convention]:
    text = " ".join(statement.text.split("\n"))
    spoken = False
    for name, values in _COMPILED.items():
        for value, patterns in values.items():
            if any(_states(pattern.search(text), totals) for pattern in patterns):
                if not spoken and _other_voice(text):
                    return
                spoken = True
                yield Convention(name, value, statement.span, text.strip())


def _states(match: re.Match[str] | None, totals: frozenset[int]) -> bool:
    """Whether a pattern was found; a bare number counts as the ranks only where the page calls it the GPUs."""
    if match is None:
        return False
    ranks = match.groupdict().get("ranks")
    return ranks is None or int(ranks.replace(",", "") or "0") in totals


def _other_voice(text: str) -> bool:
    """Whether a sentence speaks of what is not so: another framework, an alternative, a mistake."""
    plain = re.sub(r"(?i)\b(?:without|no|ignoring) (?:the )?(?:structured )?(?:causal|sparsity)\b|\bnon-gated\b", " ", text)
    if _UNTRUE.search(plain) or '"' in text or "“" in text:
        return True
    words = normalise(plain)
    return any(match.name in _OTHER_VOICES for match in word_list("modality").find(words))
