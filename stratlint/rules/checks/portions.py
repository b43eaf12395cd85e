"""Portions: a share of an amount that is listed beside it, and what a value leaves below its limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.claim import NumberClaim, grouped
from stratlint.claims.interval import Interval
from stratlint.document import Block
from stratlint.facts.fact import FactSet
from stratlint.rules.checks.passages import asserted, nominal, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# GB or GiB on either side, and one unit of the last digit.
_BINARY_STEP = 1.0738
_PROVED = 0.10


def _is_percent(number: NumberClaim) -> bool:
    quantity = number.quantity
    return quantity is not None and quantity.high is None and quantity.unit is not None and quantity.unit.canonical == "percent"


def _base(number: NumberClaim) -> Interval | None:
    """An amount with a hard unit in base units; None for ranges and everything else."""
    quantity = number.quantity
    if quantity is None or quantity.unit is None or not quantity.unit.hard or quantity.high is not None:
        return None
    return quantity.interval(quantity.unit.factor)


def _plain(number: NumberClaim) -> str:
    return " ".join(number.text.split())


# --- a share of the whole, with the part in the same list -------------------------------------------------------------

_OF_THE_WHOLE = Pattern(r"(?i)^\s*of\s+(?:the\s+|its\s+|each\s+|available\s+|total\s+|usable\s+|GPU['’]?s?\s+|card['’]?s?\s+)*$")
_USE = Pattern(
    r"(?i)\b(?:memory|vram|hbm)\b.*\b(?:utili[sz]ation|usage|used|use|occupancy|footprint)\b|\b(?:utili[sz]ation|usage|used|occupancy)\b"
)
_PART = Pattern(
    r"(?i)\b(?:memory|vram|hbm)\b.*\b(?:usage|used|use|footprint|requirement|per gpu|per card|per device|total)\b|"
    r"\b(?:total|used)\b.*\bmemory\b|\bmemory per\b"
)
_OTHER_THAN_USE = Pattern(r"(?i)\b(?:available|capacity|free|headroom|limit|budget|saved|saving|remaining|spare)\b")


def check_share_of_neighbour(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`Memory used per GPU: 12 GB` and, in the same list, `Memory utilization: 30 % of 64 GB`."""
    for passage in passages(context):
        for share, whole in zip(passage.numbers, passage.numbers[1:], strict=False):
            total = _base(whole)
            if not _is_percent(share) or total is None or total.low <= 0 or not asserted(context, share):
                continue
            base = passage.statement.start
            if not _OF_THE_WHOLE.match(passage.statement.text[share.end - base : whole.start - base]):
                continue
            if not _USE.search(share.label) or any(_base(n) is not None for n in passage.numbers if n.start < share.start):
                continue
            part = _listed_part(context, share, whole)
            if part is not None:
                yield _share(rule, context, share, part, whole)


def _listed_part(context: Context, share: NumberClaim, whole: NumberClaim) -> NumberClaim | None:
    """The one amount of memory in the list that the share stands in."""
    here = context.document.blocks[share.block]
    parts = [
        number
        for block in _same_list(context, here)
        if block.index != here.index
        for number in context.claims.numbers_in(block.index)
        if _same_dimension(number, whole) and number.equation < 0
    ]
    named = [n for n in parts if _PART.search(n.label) and not _OTHER_THAN_USE.search(n.label) and asserted(context, n)]
    return named[0] if len(parts) == len(named) == 1 else None


def _same_list(context: Context, here: Block) -> Sequence[Block]:
    items = _lists(context.facts)[here.section, here.list_path[:-1]] if here.list_path else ()
    return items if len(items) <= _LONGEST_LIST else ()


# A longer list has more than one amount of memory, or is no list of figures.
_LONGEST_LIST = 100


@lru_cache(maxsize=2)
def _lists(page: FactSet) -> Mapping[tuple[int, tuple[int, ...]], Sequence[Block]]:
    items = (block for block in page.document.blocks if block.list_path)
    return grouped(items, lambda block: (block.section, block.list_path[:-1]))


def _same_dimension(number: NumberClaim, other: NumberClaim) -> bool:
    one, two = number.quantity, other.quantity
    return one is not None and two is not None and one.unit is not None and two.unit is not None and one.unit.hard == two.unit.hard


def _share(rule: Rule, context: Context, share: NumberClaim, part: NumberClaim, whole: NumberClaim) -> Verdict:
    one, two = _base(part), _base(whole)
    assert one is not None and two is not None and share.quantity is not None
    ratio = one / two
    claimed = share.quantity.interval(0.01)
    formula = f"{_plain(part)} ÷ {_plain(whole)} = {number_text(100 * nominal(part, one) / nominal(whole, two), 3)} %"
    near = Interval(ratio.low / _BINARY_STEP, ratio.high * _BINARY_STEP)
    if near.widened(_PROVED).overlaps(claimed):
        return Verdict(rule.name, Status.CONSISTENT, (share.index,), (part.index, whole.index), formula)
    return _refuted(rule, context, share, [part, whole], f"claims {_plain(share)} of {_plain(whole)}, but {formula}", formula)


def _refuted(
    rule: Rule,
    context: Context,
    claim: NumberClaim,
    premises: Sequence[NumberClaim],
    message: str,
    formula: str,
    readings: Sequence[ReadingTried] = (),
) -> Verdict:
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), tuple(n.index for n in premises), formula,
        finding(
            rule, context, message, context.location(claim.span, "claim"), block=claim.block, claimed=_plain(claim),
            computed=formula.rpartition("= ")[2], formula=formula, readings=readings,
            related=[context.location(n.span, "premise") for n in premises], root=f"{rule.name}:{claim.span.start}",
        ),
    )  # fmt: skip


# --- a margin between a value and its limit ---------------------------------------------------------------------------

_MARGIN = Pattern(r"(?i)^\s*(?:of\s+)?(?:safety\s+)?(?:margin|headroom|buffer|slack|to spare)\s*\(\s*(?:about\s+|at\s+|~\s*)?$")
_AGAINST = Pattern(r"(?i)^\s*(?:used\s+|actual\s+|achieved\s+)?(?:vs\.?|versus|against|under|below|of|/)\s+(?:the\s+|a\s+)?$")
_BOUND = Pattern(r"(?i)^\s*(?:[a-z]+\s+)?(?:limit|target|budget|cap|threshold|ceiling|maximum|max|slo|sla|requirement|capacity)?\s*\)")


def check_margin(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`30 ms margin (20 ms vs 50 ms target)`: what is left, or the share of either that is left."""
    for passage in passages(context):
        base, text = passage.statement.start, passage.statement.text
        for margin, value, limit in zip(passage.numbers, passage.numbers[1:], passage.numbers[2:], strict=False):
            if not _MARGIN.match(text[margin.end - base : value.start - base]) or not _AGAINST.match(
                text[value.end - base : limit.start - base]
            ):
                continue
            if not _BOUND.match(text[limit.end - base :]) or not asserted(context, margin):
                continue
            judged = _margin(rule, context, margin, value, limit)
            if judged is not None:
                yield judged


def _margin(rule: Rule, context: Context, margin: NumberClaim, value: NumberClaim, limit: NumberClaim) -> Verdict | None:
    left, used, bound = _sized(margin), _sized(value), _sized(limit)
    if left is None or used is None or bound is None or not _same_kind(value, limit):
        return None
    rest = bound - used if bound.middle >= used.middle else used - bound
    readings: list[tuple[str, Interval]] = []
    if _same_kind(margin, limit):
        readings.append(
            (f"{_plain(limit)} − {_plain(value)}" if bound.middle >= used.middle else f"{_plain(value)} − {_plain(limit)}", rest)
        )
    if _is_percent(margin):
        readings += [
            (f"({_plain(limit)} − {_plain(value)}) ÷ {_plain(whole)}", rest / size)
            for whole, size in ((limit, bound), (value, used))
            if size.low > 0
        ]
    if not readings:
        return None
    fitting = [name for name, interval in readings if interval.widened(0.02).overlaps(left)]
    formula, _ = readings[0]
    unit = margin.quantity.unit if margin.quantity else None
    printed, most = nominal(value, used), nominal(limit, bound)
    plain = abs(most - printed) if _same_kind(margin, limit) else abs(most - printed) / most
    unit_text = margin.quantity.unit_text if margin.quantity else ""
    shown = f"{number_text(plain / (unit.factor if unit else 1.0), 4)}{' ' + unit_text if unit_text else ''}"
    line = f"{formula} = {shown}"
    if fitting:
        return Verdict(rule.name, Status.CONSISTENT, (margin.index,), (value.index, limit.index), fitting[0])
    tried = [
        ReadingTried("the value and its limit", name, number_text(interval.middle / (unit.factor if unit else 1.0), 4), False)
        for name, interval in readings
    ]
    return _refuted(rule, context, margin, [value, limit], f"claims a margin of {_plain(margin)}, but {line}", line, tried)


def _sized(number: NumberClaim) -> Interval | None:
    quantity = number.quantity
    if quantity is None or quantity.high is not None or quantity.times:
        return None
    return quantity.interval(quantity.unit.factor if quantity.unit is not None else 1.0)


def _same_kind(one: NumberClaim, two: NumberClaim) -> bool:
    first, second = one.quantity, two.quantity
    if first is None or second is None:
        return False
    if first.unit is None or second.unit is None:
        return first.unit is None and second.unit is None
    return first.unit.hard == second.unit.hard and _is_percent(one) == _is_percent(two)


__all__ = ["check_margin", "check_share_of_neighbour"]
