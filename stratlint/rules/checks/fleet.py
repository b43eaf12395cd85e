"""Rates of one GPU and of all: the same figure cannot be both."""
from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_OF_ONE = Pattern(r"(?i)\b(?:per|each|every|one|a single)[\s-](?:gpu|card|device|chip|accelerator)s?\b|/\s?gpu\b|\bper-gpu\b|每卡|单卡")
_OF_ALL = Pattern(r"(?i)\b(?:system|cluster|aggregate[d]?|total|overall|combined|fleet|whole deployment)\b|集群|总吞吐")
_NOT_SAID = Pattern(r"(?i)\b(?:not|target|goal|required?|requirement|instead|wrong|should|must|only one|single-gpu|baseline)\b|n't\b")
_COUNTED = ("token", "sequence", "request", "operation")


def check_rate_of_one_and_all(rule: Rule, context: Context) -> Iterator[Verdict]:
    """"30 tokens/ms per GPU … with 24 GPUs: 30 tokens/ms of the system": one of the two is wrong by the number of GPUs."""
    single: dict[tuple[int, str], NumberClaim] = {}
    for number in context.claims.numbers:
        if not _is_rate(number) or _NOT_SAID.search(number.sentence_text):
            continue
        words = f"{number.label} {number.clause} {number.noun}"
        section = context.document.blocks[number.block].section
        key = (section, _printed(number))
        if _OF_ONE.search(words):
            if not _OF_ALL.search(words):
                single.setdefault(key, number)
            continue
        gpus = _gpus(context, number)
        one = single.get(key)
        if one is None or gpus is None or not _OF_ALL.search(words):
            continue
        text = " ".join(number.text.split())
        count = int(gpus.quantity.number.value) if gpus.quantity is not None else 0
        message = f"{text} of {count:,} GPUs together is also called the rate of each: one of the two is off by the factor {count:,}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (one.index, gpus.index), f"{count:,} × {text} > {text}",
            finding(
                rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                computed=f"{count:,} × {text}", formula=f"{count:,} GPUs × {text} per GPU > {text}",
                related=[context.location(one.span, "rate of each GPU"), context.location(gpus.span, "GPUs")], root=f"rate:{number.span.start}",
            ),
        )  # fmt: skip


def _printed(number: NumberClaim) -> str:
    """The digits and the unit, without a scope: "30-40 tokens/ms"."""
    return re.sub(r"(?i)\s*(?:per|/)\s*(?:gpu|card|device)s?$", "", " ".join(number.text.split())).lower()


def _is_rate(number: NumberClaim) -> bool:
    """Something counted over time, with two digits at least: single digits agree by chance."""
    quantity = number.quantity
    if quantity is None or quantity.unit is None or number.operand or number.struck or number.quoted or quantity.number.digits < 2:
        return False
    dimensions = dict(quantity.unit.dimensions)
    return dimensions.get("time") == -1.0 and any(dimensions.get(what) == 1.0 for what in _COUNTED)


def _gpus(context: Context, number: NumberClaim) -> NumberClaim | None:
    """The number of GPUs, more than one, that the sentence of a number speaks of."""
    for other in context.claims.numbers_of(number.block, number.sentence):
        quantity = other.quantity
        if quantity is not None and quantity.unit is not None and quantity.unit.dimensions == (("device", 1.0),) and quantity.number.value > 1:
            return other
    return None
