"""Parts of memory that one sentence names, and the total it gives for them."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.fact import Fact
from stratlint.rules.checks.passages import Passage, asserted, nominal, passages
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_PARTS = frozenset({"memory.weights", "memory.kv", "memory.activations", "memory.optimizer", "memory.gradients", "memory.buffers"})
_TOTAL_AFTER = Pattern(r"(?i)^\s*(?:per (?:gpu|card|device|rank)\s*)?(?:in (?:total|all|sum)|total|altogether|combined|together)\b")
_TOTAL_BEFORE = Pattern(r"(?i)\b(?:total(?:s|ling)?|sum|altogether|together|adds? up to|in all|comes? to)\b[^\d.;]{0,24}$")
_OTHERWISE = Pattern(
    r"(?i)\b(?:of which|including|instead|or|either|without|before|after|from|to|versus|vs|than|saves?|reduc\w+|shared?|peak|max\w*|"
    r"per (?:layer|token|expert|stage|request|sequence)|not|offload\w*|overlap\w*|alternat\w+)\b|[<>≤≥→÷/×]"
)
_TOLERANCE = 0.03
_BINARY = 2**30 / 1e9


def check_sum_in_sentence(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "The weights take 35 GB, the cache 40 GB and activations 10 GB, 75 GB in total": the parts make more than that."""
    facts = {fact.claim: fact for fact in context.facts.facts}
    for passage in passages(context):
        parts = [number for number in passage.numbers if _is_part(facts.get(number.index))]
        kinds = [facts[number.index].kind for number in parts]
        if len(parts) < 2 or len(set(kinds)) != len(kinds) or _OTHERWISE.search(passage.text):
            continue
        totals = [number for number in passage.numbers if number not in parts and _is_total(passage, number)]
        if len(totals) != 1 or any(part.index > totals[0].index for part in parts) or not asserted(context, totals[0]):
            continue
        total = totals[0]
        others = [n for n in passage.numbers if n not in parts and n is not total and _bytes(n) is not None]
        stated = _bytes(total)
        sizes = [size for part in parts if (size := _bytes(part)) is not None]
        if others or stated is None or len(sizes) != len(parts) or any(total.equation >= 0 for _ in sizes):
            continue
        least = sum(size.low for size in sizes) / (_BINARY if _mixed(parts, total) else 1.0)
        value = sum(nominal(part, size) for part, size in zip(parts, sizes, strict=True))
        printed = " ".join(total.text.split())
        formula = " + ".join(" ".join(part.text.split()) for part in parts) + f" = {amount_text(value, 'bytes', 'GB')}"
        used = tuple(part.index for part in parts)
        if least <= stated.high * (1 + _TOLERANCE):
            yield Verdict(rule.name, Status.CONSISTENT, (total.index,), used, f"{formula} ≤ {printed}")
            continue
        yield Verdict(
            rule.name, Status.CONTRADICTED, (total.index,), used, formula,
            finding(
                rule, context, f"claims {printed} in total, but {formula}", context.location(total.span, "total"), block=total.block,
                claimed=printed, computed=amount_text(value, "bytes", "GB"), formula=formula,
                related=[context.location(part.span, "part") for part in parts], root=f"sum:{total.span.start}",
            ),
        )  # fmt: skip


def _bytes(number: NumberClaim) -> Interval | None:
    """An amount of bytes, of all or of one GPU."""
    unit = number.quantity.unit if number.quantity is not None else None
    if unit is None or number.quantity is None or unit.hard != (("information", 1.0),):
        return None
    return number.quantity.interval(unit.factor) if dict(unit.soft).keys() <= {"device"} else None


def _is_part(fact: Fact | None) -> bool:
    return fact is not None and fact.kind in _PARTS and fact.modality == "asserted"


def _is_total(passage: Passage, number: NumberClaim) -> bool:
    """Bytes that the words around them call a total."""
    if _bytes(number) is None:
        return False
    start = passage.statement.start
    text = passage.statement.text
    return bool(_TOTAL_AFTER.match(text[number.end - start :]) or _TOTAL_BEFORE.search(text[: number.start - start]))


def _mixed(parts: list[NumberClaim], total: NumberClaim) -> bool:
    """Whether one side may count in GiB and the other in GB."""
    units = [
        number.quantity.unit.canonical for number in (*parts, total) if number.quantity is not None and number.quantity.unit is not None
    ]
    return len({"bibyte" in name for name in units}) > 1
