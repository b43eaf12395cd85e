"""Elements counted as bytes: a tensor, or the parameters of a GPU, sized with one byte each on a page of 16-bit numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import EquationClaim, NumberClaim
from stratlint.claims.equation import Expression, Operand, Operation, computes, only_multiplies, operands
from stratlint.claims.interval import Interval
from stratlint.claims.syntax import Quantity
from stratlint.facts.fact import Mention
from stratlint.rules.checks.passages import Passage, asserted, passages
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_DIGITS = Pattern(r"\d+")
# What is sized by its elements: tensors that a layer makes or ranks exchange.
_TENSOR = Pattern(
    r"(?i)\b(?:activations?|tensors?|hidden|embeddings?|gradients?|kv|cache|communication volume|message|volume|buffer|"
    r"logits|batch|seq\w*|tokens?)\b"
)
# Bytes that a parameter may take once gradients, master weights and moments are counted too.
_OF_A_PARAMETER = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0)
_MOST_ELEMENT_BYTES = 8
_BINARY_STEP = 1.1
_LEAST_ELEMENTS = 4096


def check_elements_as_bytes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`batch × hidden = 64 × 1024 = 64 KB` and `30B parameters split across 100 GPUs = 300 MB` on a page in FP16."""
    formats = _formats(context)
    if formats is None:
        return
    for claim in context.claims.equations:
        judged = _tensor(rule, context, claim, formats)
        if judged is not None:
            yield judged
    yield from _shares(rule, context, formats)


def _formats(context: Context) -> tuple[float, tuple[Mention, ...]] | None:
    """The fewest bytes of the formats that the page names, when all of them have at least two."""
    named = [mention for mention in context.facts.mentions if mention.kind == "precision" and mention.modality == "asserted"]
    bits = [16.0 if "half" in mention.name.lower() else float((_DIGITS.findall(mention.name) or ["0"])[0]) for mention in named]
    if not bits or min(bits) < 16 or any(mention.name.lower().startswith(("w8", "w4")) for mention in named):
        return None
    if re.search(r"(?i)\b(?:8|4)[- ]bit\b|\bquanti[sz]\w+|\bcompress\w+|\bint8|\bfp8", context.document.text):
        return None
    return min(bits) / 8, (named[bits.index(min(bits))],)


def _tensor(rule: Rule, context: Context, claim: EquationClaim, formats: tuple[float, tuple[Mention, ...]]) -> Verdict | None:
    left, right = claim.equation.left, claim.equation.right
    if claim.quoted or not computes(left) or not only_multiplies(left) or not isinstance(right, Operand) or not _bytes(right.quantity):
        return None
    factors = list(operands(left))
    if any((q.unit is not None and q.unit.hard) or not q.counted or q.number.value <= _MOST_ELEMENT_BYTES for q in factors):
        return None  # a small factor may well be the bytes of an element
    if any(_told_in_bytes(context, q) for q in factors):
        return None  # "262,144 × 204,800" after "204,800 B per token"
    target = next((context.claims.numbers[i] for i in claim.numbers if context.claims.numbers[i].start == right.quantity.start), None)
    if target is None or not asserted(context, target) or not _TENSOR.search(target.sentence_text):
        return None
    count = 1.0
    for quantity in factors:
        count *= quantity.number.value
    if count < _LEAST_ELEMENTS or not _one_byte(count, right.quantity):
        return None
    return _refuted(rule, context, target, _text(left), count, formats)


def _told_in_bytes(context: Context, factor: Quantity) -> bool:
    """Whether the page prints the same number as so many bytes, by its unit or a lone B."""
    told = (n.quantity for n in context.claims.numbers if n.quantity is not None)
    return any(
        q.number.value == factor.number.value
        and ((q.unit is not None and q.unit.canonical == "byte") or (q.bytes_too and q.magnitude_text == "B"))
        for q in told
    )  # fmt: skip


def _bytes(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.hard == (("information", 1.0),) and quantity.high is None


def _one_byte(count: float, size: Quantity) -> bool:
    assert size.unit is not None
    claimed = size.interval(size.unit.factor)
    return Interval(count / _BINARY_STEP, count * 1.02).overlaps(claimed) and not Interval(2 * count / _BINARY_STEP, 2.02 * count).overlaps(
        claimed
    )


def _text(expression: Expression) -> str:
    if isinstance(expression, Operation):
        return f"{_text(expression.left)} {expression.operator} {_text(expression.right)}"
    return expression.quantity.text


_SPLIT = Pattern(
    r"(?i)^\s*(?:parameters?|params?|weights)?\s*(?:(?:are|is|evenly|equally)\s+)*(?:distributed|split|sharded|spread|divided|partitioned|÷|/)"
    r"\s*(?:evenly\s+|equally\s+)?(?:across|over|among|between|by|on)?\s*$"
)
_RESULT = Pattern(r"(?i)^\s*(?:[a-z]+\s+)?(?:=|≈|→|is|are|i\.e\.,?|gives?|giving|makes?|:)\s*(?:about\s+|~\s*|≈\s*)?$")


def _shares(rule: Rule, context: Context, formats: tuple[float, tuple[Mention, ...]]) -> Iterator[Verdict]:
    for passage in passages(context):
        for whole, parts, size in _divided(context, passage):
            assert (
                whole.quantity is not None and parts.quantity is not None and size.quantity is not None and size.quantity.unit is not None
            )
            count = whole.quantity.number.value * whole.quantity.magnitude / parts.quantity.number.value
            claimed = size.quantity.interval(size.quantity.unit.factor)
            readings = [Interval(count * each / _BINARY_STEP, count * each * 1.02) for each in _OF_A_PARAMETER]
            if any(reading.overlaps(claimed) for reading in readings):
                yield Verdict(rule.name, Status.CONSISTENT, (size.index,), (whole.index, parts.index), "parameters × bytes")
            elif _one_byte(count, size.quantity):
                yield _refuted(rule, context, size, f"{' '.join(whole.quantity.text.split())} ÷ {parts.quantity.text}", count, formats)


_OPENS = Pattern(r"(?i)^\s*(?:per\s+(?:gpu|card|device|rank)\s*)?\(\s*$")
_CLOSES = Pattern(r"(?i)^\s*(?:gpus?|cards?|devices?|ranks?)?\s*\)")


def _divided(context: Context, passage: Passage) -> Iterator[tuple[NumberClaim, NumberClaim, NumberClaim]]:
    """Parameters, parts and size, in that order or with the size before the division in brackets: `470 MB (30B / 64 GPUs)`."""
    base, text = passage.statement.start, passage.statement.text
    for one, two, three in zip(passage.numbers, passage.numbers[1:], passage.numbers[2:], strict=False):
        if _is_share(one, two, three) and asserted(context, three):
            if _SPLIT.match(text[_digits_end(one) - base : two.start - base]) and _RESULT.match(text[two.end - base : three.start - base]):
                yield one, two, three
        elif _is_share(two, three, one) and asserted(context, one) and _are_parameters(context, two):
            bracketed = _OPENS.match(text[one.end - base : two.start - base]) and _CLOSES.match(text[three.end - base :])
            if bracketed and _SPLIT.match(text[_digits_end(two) - base : three.start - base]):
                yield two, three, one


def _are_parameters(context: Context, whole: NumberClaim) -> bool:
    """Whether the page gives the same number as the model's parameters."""
    quantity = whole.quantity
    value = quantity.number.value * quantity.magnitude if quantity is not None else 0.0
    return any(fact.interval.low <= value <= fact.interval.high for fact in context.facts.of_kind("model.parameters"))


def _is_share(whole: NumberClaim, parts: NumberClaim, size: NumberClaim) -> bool:
    one, two, three = whole.quantity, parts.quantity, size.quantity
    if one is None or two is None or three is None:
        return False
    counted = one.magnitude >= 1e6 and (not one.units or one.units[0].canonical == "parameter")
    return counted and one.high is None and two.counted and two.number.value > 1 and _bytes(three)


def _digits_end(number: NumberClaim) -> int:
    """Where a number ends without its noun: "30B" of "30B parameters"."""
    quantity = number.quantity
    assert quantity is not None
    return quantity.end - len(quantity.unit_text)


def _refuted(
    rule: Rule, context: Context, claim: NumberClaim, formula: str, count: float, formats: tuple[float, Sequence[Mention]]
) -> Verdict:
    each, named = formats
    printed = " ".join(claim.text.split())
    unit = claim.quantity.unit_text if claim.quantity is not None else ""
    computed = amount_text(count * each, "bytes", unit)
    line = f"{formula} × {each:g} bytes ({named[0].name}) = {computed}"
    message = f"claims {printed}, which counts one byte for each of {formula}; the page is in {named[0].name}: {computed}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), (), line,
        finding(
            rule, context, message, context.location(claim.span, "claim"), block=claim.block, claimed=printed,
            computed=computed, formula=line,
            readings=[ReadingTried(f"{each:g} bytes each", formula, computed, False)],
            related=[context.location(mention.span, "format") for mention in named], root=f"elements:{claim.span.start}",
        ),
    )  # fmt: skip


__all__ = ["check_elements_as_bytes"]
