"""Sentences about a whole answer and about rows of a table: "a 500-token answer takes 5.7 s", "B beats A by a factor of 6"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.fact import Fact
from stratlint.rules.checks.options import rows_by_option
from stratlint.rules.checks.passages import asserted, passages
from stratlint.rules.context import Context, Verdict, amount_text, number_text, refuted
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# --- the time of an answer --------------------------------------------------------------------------------------------

_ANSWER = Pattern(
    r"(?i)^[-\s]*(?:output\s+)?tokens?\s+(?:answer|response|reply|completion|output|generation)s?\b|^\s*(?:output\s+|generated\s+)?tokens\s+(?:therefore\s+|then\s+|thus\s+)?(?:takes?|needs?)\b"
)
_TAKES = Pattern(
    r"(?i)^[^.;:\d=]{0,70}\b(?:takes?|needs?|is done (?:in|after)|finishes (?:in|after)|arrives? (?:in|after)|"
    r"completes? in|lasts?)\b[^.;:\d]{0,16}$"
)
_OTHERWISE = Pattern(
    r"(?i)\b(?:batch\w*|prefill|speculat\w*|draft|queue\w*|without|only|under|less|more|within|at most|budget|target|goal|limit|prompt|"
    r"streams?|users? at|tokens/s)\b|%|[<>≤≥]"
)
_LEAST_TOKENS, _MOST_TOKENS = 16, 100_000
# Percentiles and means of different requests do not add up exactly.
_LOWER, _UPPER = 0.7, 1.45
_MOST_FIGURES = 4


def check_answer_time(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`TTFT 0.21 s and TPOT 11 ms … A 500-token answer takes 2.4 s`: the first token and the others."""
    first, each = _figures(context, "latency.ttft"), _figures(context, "latency.tpot")
    if not first or not each or len(first) > _MOST_FIGURES or len(each) > _MOST_FIGURES:
        return
    for passage in passages(context):
        numbers = [n for n in passage.numbers if n.quantity is not None]
        for tokens, time in pairwise(numbers):
            unit = time.quantity.unit if time.quantity is not None else None
            if unit is None or unit.hard != (("time", 1.0),) or time.equation >= 0 or time.operand or not asserted(context, time):
                continue
            assert tokens.quantity is not None and time.quantity is not None
            base = passage.statement.start
            behind = passage.statement.text[
                tokens.start - base + tokens.quantity.number_end - tokens.quantity.number_start : time.start - base
            ]
            count = tokens.quantity.number.value * tokens.quantity.magnitude
            if (
                not _ANSWER.match(behind)
                or not _TAKES.match(behind)
                or not _LEAST_TOKENS <= count <= _MOST_TOKENS
                or _OTHERWISE.search(passage.text)
            ):
                continue
            yield from _answer(rule, context, tokens, time, count, first, each)


def _figures(context: Context, kind: str) -> list[Fact]:
    """The asserted figures of a page, each value once."""
    found: dict[float, Fact] = {}
    for fact in context.facts.of_kind(kind):
        if fact.modality == "asserted" and fact.claim >= 0 and fact.interval.low > 0:
            found.setdefault(fact.interval.middle, fact)
    return list(found.values())


def _answer(
    rule: Rule, context: Context, tokens: NumberClaim, time: NumberClaim, count: float, first: Sequence[Fact], each: Sequence[Fact]
) -> Iterator[Verdict]:
    assert time.quantity is not None and time.quantity.unit is not None
    claimed = time.quantity.interval(time.quantity.unit.factor)
    spans = [(a.interval.middle + (count - 1) * b.interval.middle, a, b) for a in first for b in each]
    low, high = min(value for value, _, _ in spans) * _LOWER, max(value for value, _, _ in spans) * _UPPER
    value, ttft, tpot = spans[0]
    shown = amount_text(value, "time", time.quantity.unit_text)
    formula = f"{ttft.text} + ({number_text(count)} − 1) × {tpot.text} = {shown}"
    used = (tokens.index, ttft.claim, tpot.claim)
    if Interval(low, high).overlaps(claimed):
        yield Verdict(rule.name, Status.CONSISTENT, (time.index,), used, formula)
        return
    places = [context.fact_location(ttft, "first token"), context.fact_location(tpot, "each further token")]
    yield refuted(rule, context, time, formula, shown, used, [context.location(tokens.span, "tokens"), *places])


# --- rows of a table in words -----------------------------------------------------------------------------------------

_LABEL = r"[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
_BY_FACTOR = Pattern(
    rf"\b(?P<one>{_LABEL})\s+(?:beats|outperforms|exceeds|outruns)\s+(?:option\s+)?(?P<two>{_LABEL})\s+by\s+(?:a\s+)?(?:factor\s+of\s+)?(?:about\s+)?$"
)
_IS_TIMES = Pattern(rf"\b(?P<one>{_LABEL})\s+(?:is|runs|was)\s+(?:about\s+|roughly\s+)?$")
_THAN = Pattern(rf"^\s*(?:x|×|times)?\s*(?:as\s+\w+\s+as|\w+\s+(?:per\s+\w+\s+)?than)\s+(?:option\s+)?(?P<two>{_LABEL})")
_NEAR = 0.04
_MOST_TABLES = 3
_LEAST_FACTOR, _MOST_FACTOR = 1.05, 1000.0


def check_ratio_of_rows(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`B beats A by a factor of 8.2`, where no column of their table gives it."""
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or quantity.high is not None or number.equation >= 0 or not asserted(context, number):
            continue
        if quantity.unit is not None and quantity.unit.canonical != "ratio" and not quantity.times:
            continue
        text = context.document.blocks[number.block].text
        before, after = text[max(number.start - 80, 0) : number.start], text[number.end : number.end + 60]
        named = _named(before, after, times=quantity.times)
        if named is None or not _LEAST_FACTOR <= quantity.number.value <= _MOST_FACTOR:
            continue
        ratios = list(_ratios(context, *named))
        if not ratios:
            continue
        claimed = quantity.interval()
        fits = next((ratio for ratio, _ in ratios if ratio.widened(_NEAR).overlaps(claimed)), None)
        if fits is not None:
            yield Verdict(rule.name, Status.CONSISTENT, (number.index,), (), "as the table says")
            continue
        listed = ", ".join(dict.fromkeys(number_text(ratio.middle, 3) for ratio, _ in ratios if ratio.middle >= 1))
        line = f"the rows of {named[0]} and {named[1]} differ by {listed}"
        yield refuted(rule, context, number, line, listed, (), [place for _, pair in ratios[-1:] for place in pair])


def _named(before: str, after: str, *, times: bool) -> tuple[str, str] | None:
    by = _BY_FACTOR.search(before)
    if by is not None and (times or "factor" in before[by.start() :]):
        return by["one"], by["two"]
    subject, than = _IS_TIMES.search(before), _THAN.match(after)
    stated = times or after.lstrip().startswith(("times", "x", "×"))
    return (subject["one"], than["two"]) if subject is not None and than is not None and stated else None


def _ratios(context: Context, one: str, two: str) -> Iterator[tuple[Interval, tuple[Location, Location]]]:
    """The ratios of two rows, column by column, both ways, in every table that has both."""
    rows = rows_by_option(context.facts)
    tables = sorted(rows.get(one, {}).keys() & rows.get(two, {}).keys())
    if len(tables) > _MOST_TABLES or one == two:
        return
    for first, second in (pair for table in tables for pair in zip(rows[one][table][1:], rows[two][table][1:], strict=False)):
        a, b = _only(context, first), _only(context, second)
        if a is None or b is None or a[0].low <= 0 or b[0].low <= 0:
            continue
        places = (context.location(a[1].span, one), context.location(b[1].span, two))
        yield a[0] / b[0], places
        yield b[0] / a[0], places


def _only(context: Context, block: int) -> tuple[Interval, NumberClaim] | None:
    numbers = [n for n in context.claims.numbers_in(block) if n.quantity is not None]
    if len(numbers) != 1 or numbers[0].quantity is None:
        return None
    unit = numbers[0].quantity.unit
    return numbers[0].quantity.interval(unit.factor if unit else 1.0), numbers[0]


__all__ = ["check_answer_time", "check_ratio_of_rows"]
