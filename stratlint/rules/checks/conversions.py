"""One amount in two units, put side by side in words: "75,900 s, or 21.1 hours", "1.6 Tb/s, i.e. 200 GB/s"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.rules.checks.counted import BINARY_BYTES
from stratlint.rules.checks.passages import Passage, asserted, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_MORE_OR_LESS = (
    r"(?:\s*(?:about|roughly|around|nearly|almost|only|just|a (?:little|bit) (?:under|over|less than|more than)|"
    r"just (?:under|over)|~|≈|约|大约|近))*\s*$"
)
# "i.e." and ", or" say that both are one amount; "or" may also offer a choice.
_THE_SAME = Pattern(
    rf"(?i)^\s*[,，(（]?\s*(?:(?:i\.e\.,?|that is,?|that's|which is|equivalently|in other words|(?<=[,，(（])\s*or\b|即|也就是|合|so)|"
    rf"(?=about|roughly|~|≈|约|大约)){_MORE_OR_LESS}"
)
_OR = Pattern(rf"(?i)^\s*[,，(（]?\s*or{_MORE_OR_LESS}")
_ENDS = Pattern(r"(?i)^\s*(?:[.,;:)，。；）]|$|in (?:total|all)\b|altogether|on \d)")
_CHANGES = Pattern(
    r"(?i)\b(?:per|each|every|later|after|before|more|less|longer|shorter|faster|slower|with|without|plus|including|usable|effective|at)\b|每|%"
)
# What a writer slips by when he converts: powers of ten, bits and bytes, seconds and minutes.
_SLIPS = (1e1, 1e2, 1e3, 1e6, 8.0, 60.0, 24.0, 7.0, 3600.0)
_FACTOR = Pattern(r"[x×*·/÷]\s*$")
_BYTE_SLIPS = (8.0,)
_WORKING_HOURS, _HOURS = (6.0, 12.0), 24.0
_NEAR, _PROVED = 0.03, 0.25


def check_apposed_conversion(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Two amounts of one dimension in different units, the second said to be the first."""
    for passage in passages(context):
        for one, two in pairwise(passage.numbers):
            judged = _judge(rule, context, passage, one, two)
            if judged is not None:
                yield judged


def _is_width(number: NumberClaim) -> bool:
    """`4-bit`, `1 bit`: how wide an element is."""
    quantity = number.quantity
    return quantity is not None and quantity.unit is not None and quantity.unit.canonical == "bit" and quantity.number.value <= _WIDEST


_WIDEST = 64


def _judge(rule: Rule, context: Context, passage: Passage, one: NumberClaim, two: NumberClaim) -> Verdict | None:
    first, second = one.quantity, two.quantity
    if first is None or second is None or first.unit is None or second.unit is None or two.operand or one.operand or two.equation >= 0:
        return None
    computed = one.equation >= 0 and ("information", 1.0) in first.unit.hard
    multiplied = _FACTOR.search(passage.statement.text[: one.start - passage.statement.start])
    if multiplied or computed or _is_width(one) or _is_width(two):
        return None  # "2B × 1 bit ≈ 250 MB"; "6-bit (~26 GB)" is a format and what it takes
    if first.unit.hard != second.unit.hard or not first.unit.hard or first.unit.canonical == second.unit.canonical:
        return None
    if first.unit.soft != second.unit.soft or first.high is not None or second.high is not None or first.currency or second.currency:
        return None
    base = passage.statement.start
    joined, behind = passage.statement.text[one.end - base : two.start - base], passage.statement.text[two.end - base :]
    the_same = _THE_SAME.match(joined)
    if not (the_same or _OR.match(joined)) or not _ENDS.match(behind) or _CHANGES.search(joined):
        return None
    if not asserted(context, one) or not asserted(context, two):
        return None
    left, right = first.interval(first.unit.factor), second.interval(second.unit.factor)
    if left.low <= 0 or right.low <= 0:
        return None
    widest = BINARY_BYTES if ("information", 1.0) in first.unit.hard else 1.0
    if left.widened(_NEAR + widest - 1).overlaps(right):
        return Verdict(rule.name, Status.VERIFIED, (two.index,), (one.index,), f"{_plain(one)} = {_plain(two)}")
    worked = Interval(right.low * _WORKING_HOURS[0] / _HOURS, right.high * _WORKING_HOURS[1] / _HOURS)
    if first.unit.canonical == "hour" and second.unit.canonical == "day" and left.overlaps(worked):
        return None  # "20 hours (~3 days)" of somebody's work
    value = first.number.value * first.magnitude * first.unit.factor
    ratio = second.number.value * second.magnitude * second.unit.factor / value
    # a choice of sizes: "512 bytes or 4 KB"
    both_bytes = ("bit" in first.unit.canonical) == ("bit" in second.unit.canonical) and ("information", 1.0) in first.unit.hard
    slips = _SLIPS if the_same is not None or not both_bytes else [slip for slip in _SLIPS if slip not in _BYTE_SLIPS]
    slipped = any(abs(max(ratio, 1 / ratio) / slip - 1) <= _NEAR for slip in slips)
    if not slipped and (the_same is None or abs(ratio - 1) <= _PROVED or left.widened(_PROVED).overlaps(right)):
        return None
    shown = f"{number_text(value / second.unit.factor / second.magnitude)}{second.magnitude_text} {second.unit_text}".replace("  ", " ")
    line = f"{_plain(one)} = {shown}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (two.index,), (one.index,), line,
        finding(
            rule, context, f"claims {_plain(two)}, but {line}", context.location(two.span, "claim"), block=two.block,
            claimed=_plain(two), computed=shown,
            formula=line, related=[context.location(one.span, "the same amount")], root=f"conversion:{two.span.start}",
        ),
    )  # fmt: skip


def _plain(number: NumberClaim) -> str:
    return " ".join(number.text.split())


__all__ = ["check_apposed_conversion"]
