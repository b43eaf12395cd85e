"""Attention weights counted as one matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stratlint.claims.claim import EquationClaim, grouped
from stratlint.claims.equation import Operand, only_multiplies, operands
from stratlint.facts.fact import Fact
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_ATTENTION = Pattern(r"\battention (?:weights?|parameters?|params)\b", re.I)
_ONE_MATRIX = Pattern(
    r"\b(?:per matrix|each matrix|projection|proj|query|key|value|output|w_?[qkvo]|q|k|v|o|qkv|one of|matrices|low[- ]rank|mla)\b", re.I
)
_MOST_BYTES = 4


def check_attention_matrices(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`Attention weights: 1024 × 1024 × 2 = 2 MB`: hidden × hidden is one of the four matrices Q, K, V and O."""
    sizes = (fact for fact in context.facts.of_kind("model.hidden") if fact.exact and fact.modality == "asserted")
    stated = grouped(sizes, lambda fact: fact.interval.low)
    for claim in context.claims.equations:
        number = context.claims.numbers[claim.numbers[-1]] if claim.numbers else None
        if number is None or not _ATTENTION.search(number.label) or _ONE_MATRIX.search(number.sentence_text):
            continue
        hidden = next((f for f in _sizes_in(claim, stated) if _one_square(claim, f.interval.low)), None)
        if hidden is None:
            continue
        size = int(hidden.interval.low)
        formula = f"4 × {size:,} × {size:,} = {number_text(4.0 * size * size)} parameters"
        message = f"counts one {size:,} × {size:,} matrix for the attention weights; query, key, value and output are four: {formula}"
        yield Verdict(
            rule.name, Status.IMPLAUSIBLE, (number.index,), (hidden.claim,), formula,
            finding(rule, context, message, context.location(claim.span, "claim"), block=claim.block, claimed=number.text,
                    computed=f"4 × {number.text}",
                    formula=formula, related=[context.fact_location(hidden, "hidden size")], root=f"attention:{claim.span.start}"),
        )  # fmt: skip


def _sizes_in(claim: EquationClaim, stated: Mapping[float, Sequence[Fact]]) -> Sequence[Fact]:
    """The hidden sizes stated elsewhere on the page that the equation has as operands, in the order of the page."""
    values = dict.fromkeys(q.number.value * q.magnitude for q in operands(claim.equation.left))
    elsewhere = (next((f for f in stated.get(value, ()) if f.claim not in claim.numbers), None) for value in values)
    return sorted((fact for fact in elsewhere if fact is not None), key=lambda fact: fact.index)


def _one_square(claim: EquationClaim, hidden: float) -> bool:
    """Whether the product is hidden × hidden × at most a few bytes."""
    if not isinstance(claim.equation.right, Operand) or not only_multiplies(claim.equation.left):
        return False
    values = [q.number.value * q.magnitude for q in operands(claim.equation.left)]
    rest = [value for value in values if value != hidden]
    return values.count(hidden) == 2 and len(rest) <= 1 and all(value <= _MOST_BYTES for value in rest)
