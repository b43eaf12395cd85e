"""What one sentence derives in words: an amount at a rate, all from each, the GPUs of some nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.specifications import scope_of_unit
from stratlint.rules.checks.passages import Passage, asserted, nominal, passages, plain
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# GB or GiB, and operands that were rounded before they were multiplied.
_ROUNDED = 0.08
_NEAR = 0.03
_REACH = 80

_AT = Pattern(
    r"(?i)^[\s\w]{0,24}?[,;]?\s*\b(?:at|over|through|via)\s+(?:(?:the|a|an|its|our|full|about|some|only|effective|sustained|"
    r"aggregate|measured|links?|of|nvlink|infiniband|nic|wire|~|≈)\s*)*$"
)
_TAKES = Pattern(
    r"(?i)^[^.;:\d]{0,30}?(?:=|≈|→|\b(?:is|are|takes?|needs?|gives?|makes?|lasts?|costs?|comes to|"
    r"i\.e\.|that's))\s*(?:(?:about|some|at least|roughly|just|only|~|≈)\s*)*$"
)
_BEYOND = Pattern(
    r"(?i)\b(?:less|more|under|below|within|up to|at most|budget|target|limit|per|each|hidden|exposed|overlap\w*|"
    r"save[sd]?|saving)\b|[<>≤≥]"
)


# What a device reads, it reads at the rate of a device.
_PER_DEVICE = Pattern(r"(?i)\b(?:per|on each)\s+(?:gpu|card|chip|device|accelerator|rank)\b")


def check_amount_at_rate(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`4.7 MB at 50 GB/s = 94 ms`: an amount over a rate is a time."""
    for passage in passages(context):
        for amount, rate, time in zip(passage.numbers, passage.numbers[1:], passage.numbers[2:], strict=False):
            one, two, three = _hard(amount), _hard(rate), _hard(time)
            if one is None or two is None or three is None or dict(three[1]) != {"time": 1.0} or (time.equation >= 0 and time.operand):
                continue
            if _over(one[1], two[1]) != three[1] or not asserted(context, time) or two[0].low <= 0 or three[0].low <= 0:
                continue
            before, after = _text(passage, amount, rate), _text(passage, rate, time)
            bare = not after.strip() and before.lstrip()[:1] in (",", ";")  # "962 GFLOP, at 400 TFLOPS 2.4 ms"
            if max(len(before), len(after)) > _REACH or not _AT.match(before) or not (bare or _TAKES.match(after)):
                continue
            if _BEYOND.search(after) or _BEYOND.search(_PER_DEVICE.sub("", before)):
                continue
            expected = nominal(amount, one[0]) / nominal(rate, two[0])
            ratio = nominal(time, three[0]) / expected
            # shared by the devices of the sentence, or both directions of a link
            shares = {1.0, 2.0, 0.5, *(value for n in passage.numbers if (value := _count(n)))}
            fits = (one[0] / two[0]).overlaps(three[0]) or any(
                abs(ratio * share - 1) <= _ROUNDED or abs(ratio / share - 1) <= _ROUNDED for share in shares
            )
            if not fits and (re.search(r"%", passage.text) or scope_of_unit(rate.quantity)):
                continue  # an efficiency stands between, or a number of devices
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
_EACH = Pattern(rf"(?i)^\s*(?:(?:per|/|each|a|every|on (?:each|every))\s*(?P<thing>{_UNIT_WORDS})\b|each\b)")
_LINK = Pattern(
    r"(?i)^\s*(?:,|=|→|⇒|->|—|–|;|\(|and|so|hence|or|i\.e\.,?|that is,?|which is|which makes|makes|making|"
    r"gives|giving|about|~|≈|roughly|\s)*$"
)
_ALL = Pattern(
    rf"(?i)^\s*(?:over|across|on|for|with|from|in)\s+(?:all\s+)?(?:the\s+|its\s+|our\s+)?"
    rf"(?P<count>\d[\d,]*)\s+(?:[a-z0-9-]+\s+)?(?P<thing>{_UNIT_WORDS})\b"
)


_ONE_THING = Pattern(rf"(?i)\b(?:an?|one|each|every|per|single)\s+(?P<thing>{_UNIT_WORDS})\b")
_ALL_OF_THEM = Pattern(r"(?i)^[^.;,]{0,24}?[;,.]\s*(?:and\s+|so\s+|hence\s+)?all\s+(?:of\s+)?(?:the\s+)?$")
_TOGETHER = Pattern(
    rf"(?i)^\s*(?:(?P<thing>{_UNIT_WORDS})\s+)?(?:together\s+)?(?:gives?|makes?|delivers?|produces?|holds?|yields?|serves?|sustains?|=|→)\s*"
    r"(?:about\s+|~|≈)?$"
)


def _all_of_them(rule: Rule, context: Context, passage: Passage) -> Iterator[Verdict]:
    """`A replica gives 1,882 tok/s; all 24 give 45,168 tok/s`."""
    single = _ONE_THING.search(passage.statement.text)
    if single is None:
        return
    for one, count, whole in zip(passage.numbers, passage.numbers[1:], passage.numbers[2:], strict=False):
        size, low, high = _count(count), _any_amount(one), _any_amount(whole)
        if not size or low is None or high is None or low[1] != high[1] or not low[1] or low[0].low <= 0:
            continue
        before, after = _text(passage, one, count), _after_digits(passage, count, whole)
        told = _TOGETHER.match(after)
        if max(len(before), len(after)) > _REACH or not _ALL_OF_THEM.match(before) or told is None:
            continue
        thing = told["thing"]
        if thing is not None and thing.lower().rstrip("s") != single["thing"].lower().rstrip("s"):
            continue
        if not asserted(context, whole):
            continue
        expected = size * nominal(one, low[0])
        fits = low[0].scaled(size).overlaps(high[0]) or abs(nominal(whole, high[0]) / expected - 1) <= _NEAR
        yield _verdict(rule, context, whole, _in_unit(whole, expected), f"{number_text(size)} × {_digits(one)}", fits, [one, count])


def _after_digits(passage: Passage, first: NumberClaim, second: NumberClaim) -> str:
    base = passage.statement.start
    start = first.quantity.number_end if first.quantity is not None else first.end
    return passage.statement.text[start - base : second.start - base]


def check_all_from_each(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`578 k tokens per GPU, 18.5 M tokens over 32 GPUs`: the whole is the number of things times the share of each."""
    for passage in passages(context):
        yield from _all_of_them(rule, context, passage)
        for one, whole in zip(passage.numbers, passage.numbers[1:], strict=False):
            each = _EACH.match(passage.statement.text[one.end - passage.statement.start :]) or _inside_unit(one)
            # a unit may have swallowed "per GPU", and the count may be read as part of the amount's noun
            rest = passage.statement.text[whole.end - passage.statement.start :]
            every = _ALL.match(re.sub(r"(?i)^\s*(?:tokens?|sequences?|requests?|parameters?)\b", "", rest))
            if each is None or every is None or not asserted(context, whole) or not asserted(context, one):
                continue
            between = _text(passage, one, whole)
            if (
                len(between) > _REACH
                or not _LINK.match(between[each.end() if each.string is not one.text else 0 :])
                or not _same_thing(each, every)
            ):
                continue
            low, high = _any_amount(one), _any_amount(whole)
            if low is None or high is None or low[1] != high[1] or low[0].low <= 0:
                continue
            count = float(every["count"].replace(",", ""))
            expected = count * nominal(one, low[0])
            fits = low[0].scaled(count).overlaps(high[0]) or abs(nominal(whole, high[0]) / expected - 1) <= _NEAR
            related = [number for number in passage.numbers if number.start >= whole.end and _count(number) == count][:1]
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
# "nodes of 8", "3 nodes × 8 × H100", "nodes with 4 × A100 each"
_NODES_OF = Pattern(
    r"(?i)\b(?:nodes?|servers?|hosts?|machines?)\s*(?:of|with|×|x|\*)\s*(?P<size>\d{1,2})\b"
    r"(?!\s*(?:nodes?|servers?|racks?|%|[GMT]i?B|[GT]b|ports?|nics?|cores?|cpus?|sockets?|tb|kw|\d|,\d|\.\d|/))"
)
_SO_MANY_NODES = Pattern(
    rf"(?i)(?<![\w.,-])(?P<nodes>\d{{1,4}}|{'|'.join(_WORDS)})\s+(?:of\s+(?:the|its|our|these)\s+)?(?:[a-z]+\s+)?"
    r"(?:nodes?|servers?|hosts?|boxes|machines?)\s*(?:,\s*(?:i\.e\.,?|that is,?|so|or)?|=|→|\(=?|\bor)\s*(?P<gpus>\d[\d,]*)"
)
_GPUS = Pattern(r"(?i)^(?:[a-z]+\d+\w*\s+)?(?:gpus?|cards?|chips?|devices?|accelerators?)\b(?!\s+(?:each|per|a|in each|on each)\b)")


_MULTIPLIED = Pattern(r"[x×*·]\s*$")


def check_devices_of_nodes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`two of the nodes, i.e. 24 GPUs` where a node has 8: the GPUs are the nodes times the GPUs of each."""
    sizes = [f for f in context.facts.of_kind("cluster.gpus_per_node") if f.exact and f.modality == "asserted"]
    places = [(f.interval.low, context.fact_location(f, "GPUs per node")) for f in sizes]
    for passage in passages(context):
        for match in _NODES_OF.finditer(passage.statement.text):
            told = next((n for n in passage.numbers if n.start == passage.statement.start + match.start("size")), None)
            if told is not None and told.quantity is not None:
                places.append((told.quantity.number.value, context.location(told.span, "GPUs per node")))
    if len({value for value, _ in places}) != 1:
        return
    size, where = places[0]
    for passage in passages(context):
        base = passage.statement.start
        for match in _SO_MANY_NODES.finditer(passage.statement.text):
            gpus = next((n for n in passage.numbers if n.start == base + match.start("gpus")), None)
            count = float(_WORDS.get(match["nodes"].lower(), 0) or match["nodes"])
            if _MULTIPLIED.search(passage.statement.text[: match.start("nodes")]):
                continue  # "2 domains × 18 nodes = 144 GPUs"
            if gpus is None or plain(gpus) is None or not _GPUS.match(gpus.noun) or not asserted(context, gpus):
                continue
            value = count * size
            formula = f"{number_text(count)} nodes × {number_text(size)}"
            fits = nominal(gpus, plain(gpus) or Interval(0.0, 0.0)) == value
            yield _verdict(rule, context, gpus, f"{number_text(value)} GPUs", formula, fits, [], [where])


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
        return Verdict(rule.name, Status.CONSISTENT, (claim.index,), used, line)
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
