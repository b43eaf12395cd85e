"""Units of rates: sequences for tokens, requests for tokens, amounts of work for rates of work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim, grouped
from stratlint.claims.equation import Operand, Operation, operands
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.repair import as_amount, counting
from stratlint.rules.rule import Rule

_RATE = {"token": "tokens", "sequence": "sequences", "request": "requests"}


def _rate_of(number: NumberClaim) -> str:
    """`tokens`, `sequences` or `requests` for a number per second, "" otherwise."""
    unit = number.quantity.unit if number.quantity else None
    if unit is None or unit.hard != (("time", -1.0),):
        return ""
    return next((_RATE[name] for name, power in unit.soft if power == 1.0 and name in _RATE), "")


def check_same_rate_other_unit(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The same figure is given in tokens per second and in requests (or sequences) per second."""
    rates = [(n, _rate_of(n)) for n in context.claims.numbers if not n.struck and not n.quoted]
    rates = [
        (n, rate)
        for n, rate in rates
        if rate and n.quantity is not None and n.quantity.high is None and n.relation not in _BOUNDS and _significant(n) >= _TELLING
    ]
    if _TRANSACTIONS.search(context.document.text) or _RATE_LIMITER.search(context.document.text):
        return  # TPS are transactions here, or a request takes one token out of a bucket
    tokens = grouped((number for number, rate in rates if rate == "tokens"), lambda number: number.value)
    for number, rate in rates:
        if rate == "tokens":
            continue
        for other in tokens.get(number.value, ())[:1]:
            text, same = " ".join(number.text.split()), " ".join(other.text.split())
            message = f"claims {text}, but the same figure is {same} elsewhere on the page; one {rate.removesuffix('s')} is not one token"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (number.index,), (other.index,), message,
                finding(
                    rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text, computed=same,
                    formula=f"{text} ≠ {same}", related=[context.location(other.span, "same figure")], root=f"rate:{number.span.start}",
                ),
            )  # fmt: skip


_BOUNDS = ("<", ">", "≤", "≥", "<=", ">=")
_TRANSACTIONS = Pattern(r"(?i)\btransactions? per|\btransactions/")
_RATE_LIMITER = Pattern(r"(?i)\btoken[- ]bucket|\brefill(?:_|\s)?rate\b|\bleaky[- ]bucket|令牌桶")
# Round figures meet by chance.
_TELLING = 2


def _significant(number: NumberClaim) -> int:
    quantity = number.quantity
    return (
        len(f"{quantity.number.value:.10g}".replace(".", "").strip("0"))
        if quantity is not None and quantity.number.digits > _TELLING
        else 0
    )


_PRODUCT_LABEL = Pattern(r"(?<![\w.,])(\d[\d.,]*)\s*[×x*·]\s*(\d[\d,]*)\s*$")


def check_rate_times_tokens(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Requests per second times tokens per request are tokens per second; here the product is called requests per second."""
    rates = {n.quantity.number.value: n for n in context.claims.numbers if n.quantity and _rate_of(n) == "requests"}
    lengths = {n.quantity.number.value * n.quantity.magnitude for n in context.claims.numbers if _counts_tokens(n) and n.quantity}
    for number in context.claims.numbers:
        if number.quantity is None or _rate_of(number) != "requests":
            continue
        block = context.document.blocks[number.block]
        if block.cell is None or block.cell.column == 0:
            continue
        label = context.document.blocks[context.document.tables[block.cell.table].rows[block.cell.row][0]].text
        match = _PRODUCT_LABEL.search(label.strip())
        if match is None:
            continue
        one, two = float(match[1].replace(",", "")), float(match[2].replace(",", ""))
        product, claimed = one * two, number.quantity.interval()
        source = rates.get(one)
        if source is None or two not in lengths or not claimed.low * 0.99 <= product <= claimed.high * 1.01:
            continue
        text = " ".join(number.text.split())
        formula = f"{match[1]} requests/s × {match[2]} tokens = {number_text(product)} tokens/s"
        message = f"claims {text}, but {formula}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (source.index,), formula,
            finding(
                rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                computed=f"{number_text(product)} tokens/s", formula=formula, related=[context.location(source.span, "request rate")],
                suggestion=counting(context, number, "tokens"), root=f"rate:{number.span.start}",
            ),
        )  # fmt: skip


def _counts_tokens(number: NumberClaim) -> bool:
    unit = number.quantity.unit if number.quantity else None
    return unit is not None and unit.dimensions == (("token", 1.0),)


_OF_WORK = Pattern(r"^\s*(?:of|worth of)\s+(?:work|compute|computation|arithmetic)\b", re.I)


def check_amount_as_rate(rule: Rule, context: Context) -> Iterator[Verdict]:
    """FLOP/s where an amount of FLOP is meant: `695 PFLOP/s of work`, or work divided by a peak called utilisation."""
    for number in context.claims.numbers:
        unit = number.quantity.unit if number.quantity else None
        if (
            unit is None or unit.hard != (("computation", 1.0), ("time", -1.0)) or len(number.quantity.units) > 1
            if number.quantity
            else True
        ):
            continue
        if _OF_WORK.match(context.document.blocks[number.block].text[number.end :]):
            text = " ".join(number.text.split())
            message = f"claims {text} of work: an amount of work is counted in FLOP, {text} is a rate"
            yield Verdict(
                rule.name, Status.IMPLAUSIBLE, (number.index,), (), message,
                finding(rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                        computed=text.split("/")[0], suggestion=as_amount(context, number), root=f"work:{number.span.start}"),
            )  # fmt: skip
    yield from _work_over_peak(rule, context)


def _work_over_peak(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`10.15 TFLOPS ÷ 400 TFLOPS = 2.5 %`, where the first was added up from FLOP per layer: the quotient is a time."""
    work = {context.claims.numbers[f.claim].value for f in context.facts.of_kind("compute.work") if f.claim >= 0}
    peaks = {context.claims.numbers[f.claim].value: f for f in context.facts.of_kind("gpu.peak") if f.claim >= 0}
    for claim in context.claims.equations:
        equation = claim.equation
        values = [q.number.value * q.magnitude for q in operands(equation.left)]
        if isinstance(equation.right, Operand) and work & set(values) and equation.relation == "=" and len(values) > 1:
            if not (isinstance(equation.left, Operation) and equation.left.operator == "/" and len(values) == 2):
                result = equation.right.quantity
                if result.unit is not None and ("computation", 1.0) in result.unit.hard:
                    work.add(result.number.value * result.magnitude)
    for claim in context.claims.equations:
        left, right = claim.equation.left, claim.equation.right
        if not (
            isinstance(left, Operation)
            and left.operator == "/"
            and isinstance(left.left, Operand)
            and isinstance(left.right, Operand)
            and isinstance(right, Operand)
        ):
            continue
        top, bottom, result = left.left.quantity, left.right.quantity, right.quantity
        if result.unit is None or result.unit.canonical != "percent" or top.unit is None or len(top.units) < 2:
            continue
        peak = peaks.get(bottom.number.value * bottom.magnitude)
        if top.number.value * top.magnitude not in work or peak is None or not claim.numbers:
            continue
        seconds = top.number.value * top.units[0].factor / (bottom.number.value * bottom.units[0].factor)
        block = context.document.blocks[claim.block]
        formula = f"{top.text} ÷ {bottom.text} = {number_text(seconds * 1e3, 3)} ms"
        message = f"claims {result.text} utilisation, but {top.text} is work per pass and {bottom.text} a rate: {formula}"
        yield Verdict(
            rule.name, Status.IMPLAUSIBLE, claim.numbers[-1:], (), formula,
            finding(
                rule, context, message, context.location(block.source_span(result.start, result.end), "claim"), block=claim.block,
                claimed=result.text, computed=f"{number_text(seconds * 1e3, 3)} ms", formula=formula,
                related=[context.fact_location(peak, "peak rate")], root=f"work:{claim.span.start}",
            ),
        )  # fmt: skip
