"""One amount in two scopes: per layer and for all layers, per unit and in total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stratlint.claims.claim import NumberClaim, grouped
from stratlint.facts.fact import Fact
from stratlint.facts.phrases import normalise
from stratlint.rules.context import Context, Verdict, amount_text, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import lookup
from stratlint.rules.rule import Rule

_WHOLE = frozenset({"step", "total", "batch"})
_LAYERS = Pattern(r"\b(?:of|all|over|across|for)\s+(?:the\s+|its\s+)?(\d+)\s+layers\b", re.I)
_PER_LAYER = Pattern(r"\bper\s+(?:moe\s+)?layer\b|\beach layer\b", re.I)


def check_layer_and_total(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The same printed amount is stated per layer and for a whole pass, although there are many layers."""
    yield from _same_kind(rule, context)
    yield from _same_figure(rule, context)


def _same_kind(rule: Rule, context: Context) -> Iterator[Verdict]:
    facts = [f for f in context.facts.facts if f.measure in ("time", "bytes", "work") and f.modality in ("asserted", "hypothetical")]
    scopes = _scopes_of_amounts(context, facts)
    wholes = [fact for fact in facts if fact.scope != "layer" and _scope_of(context, fact, scopes) in _WHOLE]
    same = grouped(wholes, lambda fact: (fact.kind, fact.interval))
    for fact in facts:
        if fact.scope != "layer":
            continue
        for other in same.get((fact.kind, fact.interval), ())[:1]:
            layers = lookup(context, ("model.layers",), fact.place)
            if layers is None or layers.interval.low < 2:
                continue
            share = amount_text(fact.interval.middle / layers.interval.low, fact.measure, fact.unit)
            formula = f"{other.text} ÷ {layers.text} = {share} per layer"
            message = f"claims {fact.text} per layer, but the same {other.text} is stated for the whole pass; {formula}"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (fact.claim,), (other.claim, layers.claim), formula,
                finding(
                    rule, context, message, context.fact_location(fact, "per layer"), block=fact.place.block,
                    claimed=f"{fact.text} per layer", computed=share, formula=formula,
                    related=[context.fact_location(other, "for all layers"), context.fact_location(layers, "layers")],
                    root=f"scope:{fact.span.start}",
                ),
            )  # fmt: skip


def _scope_of(context: Context, fact: Fact, scopes: Mapping[tuple[object, ...], str]) -> str:
    """The scope of a fact; a computed one inherits that of the amount it was computed from."""
    if fact.scope or fact.claim < 0:
        return fact.scope
    sources = (index for equation in context.claims.equations_with(fact.claim) for index in equation.numbers if index != fact.claim)
    found = (scopes.get(_printed(context.claims.numbers[index]), "") for index in sources)
    return next((scope for scope in found if scope), "")


def _scopes_of_amounts(context: Context, facts: Sequence[Fact]) -> Mapping[tuple[object, ...], str]:
    """Printed amounts that are stated for a whole, with the scope of the first statement."""
    whole = [(_printed(number), fact.scope) for fact in facts if fact.scope in _WHOLE and (number := context.number(fact))]
    return dict(reversed(whole))


def _printed(number: NumberClaim) -> tuple[object, ...]:
    return number.value, _unit(number)


def _unit(number: NumberClaim) -> object:
    return number.quantity.unit.canonical if number.quantity and number.quantity.unit else None


def _same_figure(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`469.8 MB per layer` and later `a stage of 20 layers moves 469.8 MB`."""
    seen: dict[tuple[float, str], NumberClaim] = {}
    for number in context.claims.numbers:
        quantity = number.quantity
        if (
            quantity is None
            or quantity.unit is None
            or not quantity.unit.hard
            or quantity.number.digits < 3
            or number.quoted
            or number.struck
            or number.operand
        ):
            continue
        key = (quantity.number.value * quantity.magnitude, quantity.unit.canonical.split("/")[0].strip("()"))
        after = context.document.blocks[number.block].text[number.end : number.end + 30]
        if _PER_LAYER.search(number.text + after):
            seen.setdefault(key, number)
            continue
        first = seen.get(key)
        layers = _LAYERS.search(number.sentence_text) if first is not None else None
        if (
            first is None
            or layers is None
            or _PER_LAYER.search(number.sentence_text)
            or int(layers[1]) < 2
            or (first.block == number.block and first.sentence == number.sentence)
        ):
            continue
        if layers.start() > number.sentence_text.find(number.text):
            continue
        count = int(layers[1])
        total = f"{number_text(quantity.number.value * count)} {quantity.unit_text.split()[0]}"
        text = " ".join(number.text.split())
        formula = f"{count} × {text} = {total}"
        message = f"claims {text} for {count} layers, but that is the amount of one layer; {formula}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (first.index,), formula,
            finding(
                rule, context, message, context.location(number.span, "for all layers"), block=number.block, claimed=text, computed=total,
                formula=formula, related=[context.location(first.span, "per layer")], root=f"scope:{number.span.start}",
            ),
        )  # fmt: skip


__all__ = ["check_layer_and_total", "normalise"]
