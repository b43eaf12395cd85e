"""What one sentence derives in words: an amount at a rate, all from each, the GPUs of some nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.rules.checks.passages import Passage, asserted, nominal, passages, plain
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.rule import Rule

# GB or GiB, and operands that were rounded before they were multiplied.
_ROUNDED = 0.08
_NEAR = 0.03
_REACH = 80

_AT = re.compile(
    r"(?i)^[\s\w]{0,24}?\b(?:at|over|through|via)\s+(?:(?:the|a|an|its|our|full|about|some|only|effective|sustained|"
    r"aggregate|measured|links?|of|nvlink|infiniband|nic|wire|~|≈)\s*)*$"
)
_TAKES = re.compile(
    r"(?i)^[^.;:\d]{0,30}?(?:=|≈|→|\b(?:is|are|takes?|needs?|gives?|makes?|lasts?|costs?|comes to|"
    r"i\.e\.|that's))\s*(?:(?:about|some|at least|roughly|just|only|~|≈)\s*)*$"
)
_BEYOND = re.compile(
    r"(?i)\b(?:less|more|under|below|within|up to|at most|budget|target|limit|per|each|hidden|exposed|overlap\w*|"
    r"save[sd]?|saving)\b|[<>≤≥]"
)


def check_amount_at_rate(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`4.7 MB at 50 GB/s = 94 ms`: an amount over a rate is a time."""
    for passage in passages(context):
        for amount, rate, time in zip(passage.numbers, passage.numbers[1:], passage.numbers[2:], strict=False):
            one, two, three = _hard(amount), _hard(rate), _hard(time)
            if (
                one is None
                or two is None
                or three is None
                or dict(three[1]) != {"time": 1.0}
                or (time.equation >= 0 and time.operand)
            ):
                continue
            if _over(one[1], two[1]) != three[1] or not asserted(context, time) or two[0].low <= 0 or three[0].low <= 0:
                continue
            before, after = _text(passage, amount, rate), _text(passage, rate, time)
            if max(len(before), len(after)) > _REACH or not _AT.match(before) or not _TAKES.match(after) or _BEYOND.search(after) or _BEYOND.search(before):
                continue
            expected = nominal(amount, one[0]) / nominal(rate, two[0])
            ratio = nominal(time, three[0]) / expected
            # shared by the devices of the sentence, or both directions of a link
            shares = {1.0, 2.0, 0.5, *(value for n in passage.numbers if (value := _count(n)))}
            fits = (one[0] / two[0]).overlaps(three[0]) or any(
                abs(ratio * share - 1) <= _ROUNDED or abs(ratio / share - 1) <= _ROUNDED for share in shares
            )
            if not fits and re.search(r"%", passage.text):
                continue  # an efficiency stands between
            yield _verdict(
                rule,
                context,
                time,
                _in_unit(time, expected),
                f"{_digits(amount)} ÷ {_digits(rate)}",
                fits,
                [amount, rate],
            )


_UNIT_WORDS = (
    r"gpus?|cards?|chips?|devices?|accelerators?|nodes?|servers?|hosts?|replicas?|instances?|ranks?|layers?|experts?|"
    r"users?|sequences?|requests?|tpus?|pods?"
)
_EACH = re.compile(rf"(?i)^\s*(?:(?:per|/|each|a|every|on (?:each|every))\s*(?P<thing>{_UNIT_WORDS})\b|each\b)")
_LINK = re.compile(
    r"(?i)^\s*(?:,|=|→|⇒|->|—|–|;|\(|and|so|hence|or|i\.e\.,?|that is,?|which is|which makes|makes|making|"
    r"gives|giving|about|~|≈|roughly|\s)*$"
)
_ALL = re.compile(
    rf"(?i)^\s*(?:over|across|on|for|with|from|in)\s+(?:all\s+)?(?:the\s+|its\s+|our\s+)?"
    rf"(?P<count>\d[\d,]*)\s+(?:[a-z0-9-]+\s+)?(?P<thing>{_UNIT_WORDS})\b"
)


def check_all_from_each(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`578 k tokens per GPU, 18.5 M tokens over 32 GPUs`: the whole is the number of things times the share of each."""
    for passage in passages(context):
        for one, whole in zip(passage.numbers, passage.numbers[1:], strict=False):
            each = _EACH.match(passage.statement.text[one.end - passage.statement.start :]) or _inside_unit(one)
            # a unit may have swallowed "per GPU", and the count may be read as part of the amount's noun
            rest = passage.statement.text[whole.end - passage.statement.start :]
            every = _ALL.match(re.sub(r"(?i)^\s*(?:tokens?|sequences?|requests?|parameters?)\b", "", rest))
            if each is None or every is None or not asserted(context, whole) or not asserted(context, one):
                continue
            between = _text(passage, one, whole)
            if len(between) > _REACH or not _LINK.match(between[each.end() if each.string is not one.text else 0 :]) or not _same_thing(
                each, every
            ):
                continue
            low, high = _any_amount(one), _any_amount(whole)
            if low is None or high is None or low[1] != high[1] or low[0].low <= 0:
                continue
            count = float(every["count"].replace(",", ""))
            expected = count * nominal(one, low[0])
            fits = low[0].scaled(count).overlaps(high[0]) or abs(nominal(whole, high[0]) / expected - 1) <= _NEAR
            related = [number for number in passage.numbers if number.start >= whole.end and _count(number) == count][
                :1
            ]
            yield _verdict(
                rule,
                context,
                whole,
                _in_unit(whole, expected),
                f"{every['count']} × {_digits(one)}",
                fits,
                [one, *related],
            )


_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "sixteen": 16,
}  # fmt: skip
_SO_MANY_NODES = re.compile(
    rf"(?i)(?<![\w.,-])(?P<nodes>\d{{1,4}}|{'|'.join(_WORDS)})\s+(?:of\s+(?:the|its|our|these)\s+)?(?:[a-z]+\s+)?"
    r"(?:nodes?|servers?|hosts?|boxes|machines?)\s*(?:,\s*(?:i\.e\.,?|that is,?|so|or)?|=|→|\(=?|\bor|\bwith)\s*(?P<gpus>\d[\d,]*)"
)
_GPUS = re.compile(
    r"(?i)^(?:[a-z]+\d+\w*\s+)?(?:gpus?|cards?|chips?|devices?|accelerators?)\b(?!\s+(?:each|per|a|in each|on each)\b)"
)


def check_devices_of_nodes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`two of the nodes, i.e. 24 GPUs` where a node has 8: the GPUs are the nodes times the GPUs of each."""
    sizes = [f for f in context.facts.of_kind("cluster.gpus_per_node") if f.exact and f.modality == "asserted"]
    if not sizes or len({f.interval.low for f in sizes}) != 1:
        return
    size = sizes[0].interval.low
    for passage in passages(context):
        base = passage.statement.start
        for match in _SO_MANY_NODES.finditer(passage.statement.text):
            gpus = next((n for n in passage.numbers if n.start == base + match.start("gpus")), None)
            count = float(_WORDS.get(match["nodes"].lower(), 0) or match["nodes"])
            if gpus is None or plain(gpus) is None or not _GPUS.match(gpus.noun) or not asserted(context, gpus):
                continue
            value = count * size
            formula = f"{number_text(count)} nodes × {number_text(size)}"
            fits = nominal(gpus, plain(gpus) or Interval(0.0, 0.0)) == value
            place = context.fact_location(sizes[0], "GPUs per node")
            yield _verdict(rule, context, gpus, f"{number_text(value)} GPUs", formula, fits, [], [place])


def _text(passage: Passage, first: NumberClaim, second: NumberClaim) -> str:
    """What stands between two numbers."""
    base = passage.statement.start
    return passage.statement.text[first.end - base : second.start - base]


def _hard(number: NumberClaim) -> tuple[Interval, tuple[tuple[str, float], ...]] | None:
    """Amount and dimensions (bytes, FLOP, tokens, time …), None for ranges, shares and bare numbers."""
    quantity = number.quantity
    if quantity is None or quantity.unit is None or quantity.high is not None or quantity.times or quantity.currency:
        return None
    if quantity.unit.canonical in ("percent", "permille"):
        return None
    return quantity.interval(quantity.unit.factor), quantity.unit.hard


def _any_amount(number: NumberClaim) -> tuple[Interval, tuple[tuple[str, float], ...]] | None:
    quantity = number.quantity
    if quantity is None or quantity.high is not None or quantity.times:
        return None
    unit = quantity.unit
    if unit is not None and unit.canonical in ("percent", "permille"):
        return None
    return quantity.interval(unit.factor if unit else 1.0), unit.hard if unit else ()


def _over(left: Sequence[tuple[str, float]], right: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0.0) - power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _count(number: NumberClaim) -> float:
    interval = plain(number)
    return interval.low if interval is not None and interval.exact and interval.low > 1 else 0.0


def _inside_unit(number: NumberClaim) -> re.Match[str] | None:
    """`tokens/s per GPU` is one unit: then the thing stands inside the number's own text."""
    return re.search(rf"(?i)(?:per|/)\s*(?P<thing>{_UNIT_WORDS})\s*$", number.text)


def _same_thing(each: re.Match[str], every: re.Match[str]) -> bool:
    one, all_of_them = each.groupdict().get("thing"), every["thing"]
    return one is None or one.lower().rstrip("s") == all_of_them.lower().rstrip("s")


def _digits(claim: NumberClaim) -> str:
    return " ".join(claim.text.replace("-", " ").split())


def _in_unit(claim: NumberClaim, value: float) -> str:
    """A value in base units as the author would have printed it."""
    quantity = claim.quantity
    if quantity is None:
        return number_text(value)
    factor = quantity.unit.factor if quantity.unit else 1.0
    return f"{number_text(value / factor / quantity.magnitude)}{quantity.magnitude_text} {quantity.unit_text}".strip()


def _verdict(
    rule: Rule,
    context: Context,
    claim: NumberClaim,
    computed: str,
    formula: str,
    fits: bool,
    premises: Sequence[NumberClaim],
    places: Sequence[Location] = (),
) -> Verdict:
    used = tuple(number.index for number in premises)
    line = f"{formula} = {computed}"
    if fits:
        return Verdict(rule.name, Status.VERIFIED, (claim.index,), used, line)
    printed = _digits(claim)
    related = [*(context.location(number.span, "premise") for number in premises), *places]
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), used, line,
        finding(
            rule, context, f"claims {printed}, but {line}", context.location(claim.span, "claim"), block=claim.block,
            claimed=printed, computed=computed, formula=line, related=related, root=f"{rule.name}:{claim.span.start}",
        ),
    )  # fmt: skip


__all__ = ["check_all_from_each", "check_amount_at_rate", "check_devices_of_nodes"]
