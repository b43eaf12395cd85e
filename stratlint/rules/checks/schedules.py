"""Work, rate and time of a run: what one says of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.claim import ClaimSet, NumberClaim, grouped
from stratlint.claims.interval import Interval
from stratlint.document import Span
from stratlint.facts.fact import Fact
from stratlint.laws.evaluate import MismatchError, UndefinedError, World, evaluate
from stratlint.meaning.page import page_of
from stratlint.meaning.proposal import Expression, Use, uses
from stratlint.rules.checks.catalog import precisions_in
from stratlint.rules.checks.passages import Passage, amount, asserted, nominal, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_TOLERANCE = 0.03
_LEAST_WORK = 1e19
_WORK = (("computation", 1.0),)
_HOUR = 3600.0


def check_run_time(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "7.2 · 10²² FLOPs" and, below it, "80 PFLOP/s sustained, 5.2 days"."""
    for passage in passages(context):
        rates = [(n, i) for n in passage.numbers if (i := amount(n, "speed")) is not None]
        times = [(n, i) for n in passage.numbers if (i := amount(n, "time")) is not None and i.low >= _HOUR]
        if len(rates) != 1 or len(times) != 1 or not asserted(context, times[0][0]) or not _plain_rate(passage, rates[0][0]):
            continue
        section = context.document.blocks[passage.statement.block].section
        work = _only_work(context, section, rates[0][0].span.start)
        if work is None:
            continue
        size, span = work
        (rate, speed), (time, stated) = rates[0], times[0]
        if speed.low <= 0:
            continue
        seconds = _rounded(size) / nominal(rate, speed)
        quantity = time.quantity
        unit = quantity.units[0].factor if quantity and quantity.units else 1.0
        name = quantity.unit_text if quantity else "s"
        formula = f"{_rounded(size):.4g} FLOP / {rate.text.strip()}".replace("e+", "e")
        line = f"{formula} = {number_text(seconds / unit, 3)} {name}"
        low, high = size.low / speed.high, size.high / speed.low
        fits = stated.overlaps(Interval(low * (1 - _TOLERANCE), high * (1 + _TOLERANCE)))
        if fits:
            yield Verdict(rule.name, Status.CONSISTENT, (time.index,), (rate.index,), line)
            continue
        if not 0.05 < stated.middle / seconds < 20:
            continue  # of another amount of work
        message = f"claims {time.text.strip()}, but {line}"
        yield Verdict(
            rule.name,
            Status.CONTRADICTED,
            (time.index,),
            (rate.index,),
            line,
            finding(
                rule,
                context,
                message,
                context.location(time.span, "claim"),
                block=time.block,
                claimed=time.text.strip(),
                computed=f"{number_text(seconds / unit, 3)} {name}",
                formula=line,
                related=[context.location(span, "work"), context.location(rate.span, "rate")],
                root=f"{rule.name}:{time.span.start}",
            ),
        )


def _rounded(interval: Interval) -> float:
    """The shortest number in an interval: what was printed."""
    return next(
        (value for digits in range(1, 12) if interval.low <= (value := float(f"{interval.middle:.{digits}g}")) <= interval.high),
        interval.middle,
    )


def _plain_rate(passage: Passage, rate: NumberClaim) -> bool:
    """The rate of the whole machine, not of one GPU and not a peak."""
    text = passage.text
    return not re.search(r"(?i)\bper (?:gpu|chip|card|device)|\beach\b|\bpeak\b|/gpu|\d\s*[×x*·]", text) and "per" not in rate.noun.lower()


def _only_work(context: Context, section: int, before: int) -> tuple[Interval, Span] | None:
    """The one large amount of work that the section gives ahead of a rate."""
    found = [work for work in _works(context.claims).get(section, ()) if work[1].start <= before]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=2)
def _works(claims: ClaimSet) -> Mapping[int, Sequence[tuple[Interval, Span]]]:
    """The first two large amounts of work that equations of each section give."""
    out: dict[int, list[tuple[Interval, Span]]] = {}
    for equation in sorted(page_of(claims).equations, key=lambda equation: (equation.block, equation.start)):
        block = claims.document.blocks[equation.block]
        here = out.setdefault(block.section, [])
        interval = _as_work(equation.right) if len(here) < 2 and equation.asserted else None
        if interval is not None and interval.low >= _LEAST_WORK:
            here.append((interval, block.source_span(equation.start, equation.end)))
    return out


def _as_work(expression: Expression) -> Interval | None:
    """An amount of operations; "FLOPs" may be read as an amount or as a rate."""
    if isinstance(expression, Use):
        return next((each.interval for each in expression.amount.readings if each.hard == _WORK), None)
    several = {
        id(use.amount): 1 for use in uses(expression) if len(use.amount.readings) > 1 and use.amount.readings[1].assumes == "other unit"
    }
    for world in (World(), World(chosen=several)):
        try:
            value = evaluate(expression, world)
        except (UndefinedError, MismatchError):
            continue
        if value.hard == _WORK:
            return value.interval
    return None


# --- utilisation and rate of two columns ------------------------------------------------------------------------------

_RATE_WORDS = Pattern(r"(?i)\b(?:tokens?|samples?|sequences?)\s*(?:/|per)\s*s(?:ec(?:ond)?)?\b|\bthroughput\b|吞吐")
_FIXED = Pattern(
    r"(?i)\b(?:gpus?|chips?|cards?|nodes?|devices?|hardware|accelerator|model|parameters?|"
    r"precision|dtype|peak|sequence|context|seq\w*)\b|芯片|显卡|峰值|硬件|单元|序列|模型|精度"
)
_RATIO_TOLERANCE = 0.05


def check_utilisation_ratio(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Two columns of one table: on the same machine and model, MFU grows as the tokens per second do."""
    by_table = grouped(context.facts.of_kind("compute.mfu"), lambda fact: fact.place.table)
    for table in context.document.tables:
        facts = [f for f in by_table.get(table.index, ()) if f.modality in ("asserted", "past") and f.place.variant]
        rows = {f.place.row for f in facts}
        if len(facts) != 2 or len(rows) != 1 or len({f.place.column for f in facts}) != 2:
            continue
        if any(_FIXED.search(context.document.blocks[row[0]].text) for row in table.rows[1:]):
            continue
        formats = [
            frozenset[str]().union(*(precisions_in(context.document.blocks[row[f.place.column]].text) for row in table.rows)) for f in facts
        ]
        if formats[0] != formats[1]:
            continue  # the peak of FP8 is another one
        rates = _rates(context, table.index, [f.place.column for f in facts])
        if rates is not None:
            yield _ratio(rule, context, facts, rates)


def _rates(context: Context, table: int, columns: Sequence[int]) -> list[tuple[NumberClaim, Interval]] | None:
    """The token rates in the same two columns, from the one row that is called so."""
    rows = context.document.tables[table].rows
    found = []
    for row in rows[1:]:
        if not _RATE_WORDS.search(context.document.blocks[row[0]].text):
            continue
        numbers = [[n for n in context.claims.numbers_in(row[column]) if n.quantity is not None] for column in columns]
        if all(len(cell) == 1 for cell in numbers):
            found.append([cell[0] for cell in numbers])
    if len(found) != 1:
        return None
    pairs = [(n, n.quantity.interval(n.quantity.units[0].factor if n.quantity.units else 1.0)) for n in found[0] if n.quantity]
    return pairs if len(pairs) == 2 and all(i.low > 0 for _, i in pairs) else None


def _ratio(rule: Rule, context: Context, facts: Sequence[Fact], rates: Sequence[tuple[NumberClaim, Interval]]) -> Verdict:
    first, second = facts
    (one, before), (two, after) = rates
    growth = nominal(two, after) / nominal(one, before)
    expected = first.interval.middle * growth
    formula = f"{first.text} × {two.text.strip()} / {one.text.strip()}"
    computed = f"{number_text(expected * 100, 3)} %"
    line = f"{formula} = {computed}"
    stated = second.interval.widened(_RATIO_TOLERANCE)
    numbers = (first.claim, second.claim)
    if stated.low <= expected <= stated.high:
        return Verdict(rule.name, Status.CONSISTENT, numbers, (one.index, two.index), line)
    message = f"claims {first.text} and {second.text} MFU, but with the tokens per second of the same columns {line}"
    related = [
        context.fact_location(first, "MFU"),
        context.location(one.span, "rate"),
        context.location(two.span, "rate"),
    ]
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        numbers,
        (one.index, two.index),
        line,
        finding(
            rule,
            context,
            message,
            context.fact_location(second, "claim"),
            block=second.place.block,
            claimed=second.text,
            computed=computed,
            formula=line,
            related=related,
            root=f"{rule.name}:{second.span.start}",
        ),
    )


__all__ = ["check_run_time", "check_utilisation_ratio"]
