"""One amount in two scopes: per layer and for all layers, per unit and in total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stratlint.claims.claim import NumberClaim, grouped
from stratlint.claims.interval import Interval
from stratlint.document import Table
from stratlint.facts.fact import Fact
from stratlint.facts.phrases import normalise
from stratlint.facts.tables import shape_of
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


_UNIT_HEADER = Pattern(r"\bper\b|\beach\b|\bsingle\b", re.I)
_WHOLE_HEADER = Pattern(r"\ball\b|\btotal\b|\bpod\b|\bcluster\b|\bfleet\b|\baggregate\b|\boverall\b|\bnode\b", re.I)


def check_column_factor(rule: Rule, context: Context) -> Iterator[Verdict]:
    """In a table with a per-unit and a total column one row breaks the factor that the others share."""
    for table in context.document.tables:
        shape = shape_of(table, context.document)
        units = [c for c, column in enumerate(shape.columns) if c and _UNIT_HEADER.search(column.header)]
        wholes = [
            c
            for c, column in enumerate(shape.columns)
            if c and _WHOLE_HEADER.search(column.header) and not _UNIT_HEADER.search(column.header)
        ]
        if len(units) == 1 and len(wholes) == 1 and not _counts_per_row(context, table, (0, units[0], wholes[0])):
            yield from _factor(rule, context, table, units[0], wholes[0])


def _counts_per_row(context: Context, table: Table, known: tuple[int, ...]) -> bool:
    """Whether another column counts something per row: then the factor is the row's own."""
    for column in range(len(table.rows[0])):
        if column in known:
            continue
        values = [
            n.value for row in table.rows[1:] if (n := _single(context, row[column])) is not None and n.quantity and n.quantity.counted
        ]
        if len(set(values)) > 1:
            return True
    return False


_ROUNDED = 0.003


def _factor(rule: Rule, context: Context, table: Table, unit: int, whole: int) -> Iterator[Verdict]:
    rows: list[tuple[NumberClaim, NumberClaim, Interval]] = []
    for row in range(1, len(table.rows)):
        one, many = _single(context, table.rows[row][unit]), _single(context, table.rows[row][whole])
        if one is None or many is None:
            continue
        low, high = _base(one), _base(many)
        if low is None or high is None or low.low <= 0 or not _same_measure(one, many):
            continue
        # 2,424 and 58,182 are whole but rounded
        rows.append((one, many, (high / low).widened(_ROUNDED)))
    for one, many, ratio in rows:
        others = [other for a, _, other in rows if a.index != one.index]
        shared = _common(others)
        if shared is None or (len(others) < 2 and not _is_layers(context, table, shared)):
            continue
        if ratio.overlaps(shared):
            yield Verdict(rule.name, Status.CONSISTENT, (one.index, many.index), (), f"× {number_text(shared.middle, 3)}")
            continue
        if shared.low <= 1.001:
            continue
        first, second = " ".join(one.text.split()), " ".join(many.text.split())
        factor = round(shared.middle) if abs(shared.middle - round(shared.middle)) < 0.02 * shared.middle else shared.middle
        formula = f"{second} ÷ {first} = {number_text(ratio.middle, 3)}, in the other rows {number_text(factor, 3)}"
        message = f"claims {first} per unit and {second} altogether, but {formula}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (one.index, many.index), (), formula,
            finding(
                rule, context, message, context.location(one.span, "per unit"), block=one.block, claimed=first,
                computed=number_text(ratio.middle, 3), formula=formula, related=[context.location(many.span, "altogether")],
                root=f"factor:{one.span.start}",
            ),
        )  # fmt: skip


def _common(ratios: Sequence[Interval]) -> Interval | None:
    if len(ratios) < 2:
        return None
    low, high = max(r.low for r in ratios), min(r.high for r in ratios)
    return Interval(low, high) if low <= high else None


def _is_layers(context: Context, table: Table, shared: Interval) -> bool:
    del context, table
    return shared.exact


def _single(context: Context, block_index: int) -> NumberClaim | None:
    numbers = [n for n in context.claims.numbers_in(block_index) if n.quantity is not None]
    return numbers[0] if len(numbers) == 1 else None


def _base(number: NumberClaim) -> Interval | None:
    quantity = number.quantity
    if quantity is None or quantity.high is not None or (quantity.unit is not None and quantity.unit.canonical == "percent"):
        return None
    return quantity.interval(quantity.unit.factor if quantity.unit else 1.0)


def _same_measure(one: NumberClaim, two: NumberClaim) -> bool:
    assert one.quantity is not None and two.quantity is not None
    left = one.quantity.unit.hard if one.quantity.unit else ()
    right = two.quantity.unit.hard if two.quantity.unit else ()
    return left == right


__all__ = ["check_column_factor", "check_layer_and_total", "normalise"]
