"""A target and what was achieved, on neighbouring lines, and the sentence that says that the target is met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.document import BlockKind
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_TARGET = Pattern(r"(?i)^\W*(?:the )?(?:target|goal|slo|requirement|objective)\b")
_ACHIEVED = Pattern(r"(?i)^\W*(?:achieved|achieves|actual|measured|projected|estimated|expected|result|reached|we reach)\b")
_FAILS = Pattern(r"(?i)❌|✗|✘|⚠|\b(?:not|miss\w*|fail\w*|below|short|gap|unmet|cannot|far from|need\w* to|lower than|only)\b|n['’]t\b")
_PASSES = Pattern(r"(?i)✅|✓|✔|\b(?:met|meets|achieved target|pass(?:ed|es)?|exceeds|satisfied|on target)\b")
_MET = Pattern(r"(?i)✅|✓|✔|\b(?:achiev(?:es|ed)|meets?|met|reach(?:es|ed)|satisf(?:ies|ied)|fulfils?|delivers?)\b")
_NOT_YET = Pattern(
    r"(?i)\b(?:to (?:achieve|meet|reach)|not|cannot|never|will|would|could|should|must|may|might|if|after|once|"
    r"when|path|optimi[sz]ation\w*|"
    r"strateg\w+ (?:for|to)|needs?|requires?|planned|roadmap|next)\b|n['’]t\b|❌|✗"
)
# A page that goes on to mend the miss may well end up where it wanted to.
_MENDED = Pattern(r"(?i)\b(?:solution|fix(?:ed)?|revised|final|increase|scale)\b")
_NEAR = 2


@dataclass(frozen=True, slots=True)
class _Pair:
    """A target and the value achieved beside it; `higher` when more is better."""

    target: NumberClaim
    achieved: NumberClaim
    higher: bool


def check_goal(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "Target: 100 tokens/ms", "Achieved: 28.8 tokens/ms", and then "achieves 100 tokens/ms" or a mark."""
    pairs = list(_pairs(context))
    for pair in pairs:
        goal, value = _shown(pair.target), _shown(pair.achieved)
        if not _missed(pair):
            yield Verdict(rule.name, Status.CONSISTENT, (pair.achieved.index,), (pair.target.index,), f"{value} against {goal}")
            continue
        lines = f"{pair.target.sentence_text} {pair.achieved.sentence_text}"
        if _PASSES.search(pair.achieved.sentence_text) and not _FAILS.search(lines):
            yield _contradicted(rule, context, pair.achieved, pair)
        if _MENDED.search(context.document.blocks[pair.achieved.block].text):
            continue
        for claim in _said_to_be_met(context, pair):
            yield _contradicted(rule, context, claim, pair)


_TOTAL_AFTER = Pattern(r"(?i)^\s*(?:in )?(?:total|overall|aggregate|combined|system|cluster)\b")
_ASKED = Pattern(r"(?i)\b(?:requirement|required|target|goal|slo)\b\W*(?:is |of |at least )?[≥>=]*\s*$")
_EACH_AFTER = Pattern(r"(?i)^[^\d]{0,16}?\bper (?:gpu|card|device)\b")


def check_total_against_each(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "✅ 200 tokens/ms total (requirement: 100 per GPU)" on eight GPUs: that is 25 for each."""
    counts = {int(f.interval.low): f for f in context.facts.of_kind("cluster.gpus") if f.modality == "asserted" and f.exact}
    if len(counts) != 1 or min(counts) < 2:
        return
    gpus, stated = next(iter(counts.items()))
    for statement in context.claims.statements:
        if statement.verdict != "pass":
            continue
        numbers = context.claims.numbers_of(statement.block, statement.index)
        text = context.document.blocks[statement.block].text
        for total, each in pairwise(numbers):
            if not _plain(total) or _higher_is_better(total) is not True or each.quantity is None or each.quantity.high is not None:
                continue
            if (
                not _TOTAL_AFTER.match(text[total.end :])
                or not _ASKED.search(text[total.end : each.start])
                or not _EACH_AFTER.match(text[each.end :])
            ):
                continue
            unit = total.quantity.unit if total.quantity is not None else None
            factor = unit.factor if unit is not None and (each.quantity.unit is None or not each.quantity.unit.hard) else 1.0
            own = each.quantity.unit.factor if each.quantity.unit is not None and each.quantity.unit.hard else factor
            asked, got = each.quantity.interval(own).scaled(gpus), _value(total)
            value, goal = _shown(total), " ".join(f"{gpus:,} × {each.text.strip()}".split())
            if got.high * 1.02 >= asked.low:
                yield Verdict(rule.name, Status.CONSISTENT, (total.index,), (each.index,), f"{value} ≥ {goal}")
                continue
            formula = f"{value} < {goal}"
            message = f"marked as met, but {each.text.strip()} on each of {gpus:,} GPUs are more than {value} in total"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (total.index,), (each.index, stated.claim), formula,
                finding(
                    rule, context, message, context.location(total.span, "claim"), block=total.block, claimed=value,
                    computed=f"at least {goal}",
                    formula=formula, related=[context.location(each.span, "required of each GPU"), context.fact_location(stated, "GPUs")],
                    root=f"goal:{total.span.start}", flips_verdict=True,
                ),
            )  # fmt: skip


def _pairs(context: Context) -> Iterator[_Pair]:
    numbers = [n for n in context.claims.numbers if _plain(n) and (_TARGET.search(n.label) or _ACHIEVED.search(n.label))]
    for target in numbers:
        if not _TARGET.search(target.label):
            continue
        for achieved in numbers:
            if not _ACHIEVED.search(achieved.label) or not _beside(context, target, achieved) or not _same(target, achieved):
                continue
            higher = _higher_is_better(target)
            if higher is not None:
                yield _Pair(target, achieved, higher)
                break


def _plain(number: NumberClaim) -> bool:
    """A value with a unit that has a better direction, not a share, a range or a part of a computation."""
    quantity = number.quantity
    if quantity is None or quantity.unit is None or number.struck or number.quoted or number.operand or quantity.high is not None:
        return False
    return bool(quantity.unit.hard)


def _beside(context: Context, one: NumberClaim, other: NumberClaim) -> bool:
    """In the same block, or in blocks of one section that stand next to each other; no cells: tables have a check of their own."""
    first, second = context.document.blocks[one.block], context.document.blocks[other.block]
    if first.cell is not None or second.cell is not None or first.section != second.section:
        return False
    return abs(first.index - second.index) <= (_NEAR if first.index != second.index else 0) and abs(one.index - other.index) <= 2 * _NEAR


def _same(one: NumberClaim, other: NumberClaim) -> bool:
    """The same dimensions, but for a scope ("per GPU") that one of the lines may leave out."""
    assert one.quantity is not None and one.quantity.unit is not None and other.quantity is not None and other.quantity.unit is not None
    left, right = dict(one.quantity.unit.dimensions), dict(other.quantity.unit.dimensions)
    left.pop("device", None)
    right.pop("device", None)
    named = _named(one.label) & _named(other.label)
    return left == right and (named == _named(one.label) or not _named(other.label) or bool(named))


def _named(label: str) -> set[str]:
    """What a label speaks of beside being a target or a result."""
    words = set(re.findall(r"[a-z]{3,}", label.lower()))
    return words - {"target", "goal", "slo", "requirement", "required", "objective", "achieved", "actual", "measured",
                    "projected", "estimated", "expected", "current", "achievement", "result", "reached", "reach", "the"}  # fmt: skip


def _higher_is_better(number: NumberClaim) -> bool | None:
    assert number.quantity is not None and number.quantity.unit is not None
    hard = dict(number.quantity.unit.hard)
    if hard == {"time": 1.0} or hard == {"information": 1.0}:
        return False
    return True if hard.get("time") == -1.0 else None


def _value(number: NumberClaim) -> Interval:
    assert number.quantity is not None and number.quantity.unit is not None
    return number.quantity.interval(number.quantity.unit.factor)


def _missed(pair: _Pair) -> bool:
    """Missed whatever the rounding, and by more than a fiftieth."""
    goal, value = _value(pair.target), _value(pair.achieved)
    return value.high * 1.02 < goal.low if pair.higher else value.low > goal.high * 1.02


def _said_to_be_met(context: Context, pair: _Pair) -> Iterator[NumberClaim]:
    """Other places that give the target's own figure as reached: a mark, a verb, or a list under "… achieves:"."""
    for number in context.claims.numbers:
        if number.index in (pair.target.index, pair.achieved.index) or not _plain(number) or not _same(pair.target, number):
            continue
        if _value(number) != _value(pair.target) or number.block == pair.achieved.block or number.relation in ("<", ">", "≤", "≥"):
            continue
        said = f"{_introduction(context, number)} {number.sentence_text}"
        if _MET.search(said) and not _NOT_YET.search(said) and not _FAILS.search(said):
            yield number


def _introduction(context: Context, number: NumberClaim) -> str:
    """The paragraph that opens the list of a number: "This plan achieves:"."""
    block = context.document.blocks[number.block]
    if not block.list_path:
        return ""
    for index in range(block.index - 1, max(block.index - 12, -1), -1):
        before = context.document.blocks[index]
        if before.section != block.section or before.kind is BlockKind.HEADING:
            return ""
        if not before.list_path:
            text = before.text.strip()
            return text if text.endswith(":") else ""
    return ""


def _shown(number: NumberClaim) -> str:
    return " ".join(number.text.split())


def _contradicted(rule: Rule, context: Context, claim: NumberClaim, pair: _Pair) -> Verdict:
    goal, value = _shown(pair.target), _shown(pair.achieved)
    formula = f"{value} {'<' if pair.higher else '>'} {goal}"
    message = f"claimed to meet the target, but the page has {formula}"
    places = [(pair.target, "target"), (pair.achieved, "achieved")]
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), (pair.target.index, pair.achieved.index), formula,
        finding(
            rule, context, message, context.location(claim.span, "claim"), block=claim.block, claimed=_shown(claim), computed=value,
            formula=formula, related=[context.location(n.span, role) for n, role in places if n is not claim],
            root=f"goal:{claim.span.start}", flips_verdict=True,
        ),
    )  # fmt: skip
