"""The rate that a batch and the time of one pass over it leave: less than a quarter of it is no rate of that machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.facts.fact import Fact
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# One pass of decoding gives one token of each sequence, and a sequence takes many passes.
_DECODING = Pattern(
    r"(?i)\bdecod\w*|\bt[bp]ot\b|\bitl\b|\bttft\b|\binter-?token|\bper token\b|\btokens? generat\w*|\bgenerat\w* tokens?|\bautoregress\w*|"
    r"\boutput (?:tokens?|length)|\bprefill\b|\brequests?/s|\bqps\b|\brps\b|解码|生成"
)
_SLACK = 4.0
_SCOPES = ("", "total", "batch", "step")


def check_rate_of_passes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Sequences per second far below the smallest batch over the longest pass that the page states."""
    rates = _stated(context, "throughput.sequences")
    passes, batches = _stated(context, "latency.total"), _stated(context, "batch.global")
    if not rates or not passes or not batches or _DECODING.search(context.document.text):
        return
    if not any(fact.scope in ("step", "batch") for fact in passes):
        return  # of a request, or of whatever
    longest = max(passes, key=lambda fact: fact.interval.high)
    smallest = min(batches, key=lambda fact: fact.interval.low)
    least = smallest.interval.low / longest.interval.high
    for rate in rates:
        printed = number_text(_printed(context, smallest) / _printed(context, longest), 4)
        formula = f"{smallest.text.strip()} ÷ {longest.text.strip()} = {printed} sequences/s"
        numbers = (rate.claim,), (smallest.claim, longest.claim)
        if rate.interval.high * _SLACK >= least:
            continue
        message = f"claims {rate.text.strip()}, but {formula}, batch after batch"
        yield Verdict(
            rule.name, Status.CONTRADICTED, *numbers, formula,
            finding(
                rule, context, message, context.fact_location(rate, "claim"), block=rate.place.block, claimed=rate.text.strip(),
                computed=f"{printed} sequences/s", formula=formula, root=f"passes:{rate.span.start}",
                related=[context.fact_location(smallest, "batch"), context.fact_location(longest, "time of a pass")],
            ),
        )  # fmt: skip


def _printed(context: Context, fact: Fact) -> float:
    """The value as printed, in base units; the middle of its interval where no text prints it."""
    number = context.number(fact)
    quantity = number.quantity if number is not None else None
    if quantity is None:
        return fact.interval.middle
    return quantity.number.value * quantity.magnitude * (quantity.unit.factor if quantity.unit is not None else 1.0)


def _stated(context: Context, kind: str) -> Sequence[Fact]:
    facts = [
        fact for fact in context.facts.of_kind(kind) if fact.modality == "asserted" and not fact.place.variant and fact.scope in _SCOPES
    ]
    return [fact for fact in facts if fact.interval.low > 0 and fact.claim >= 0]
