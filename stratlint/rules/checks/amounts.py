"""Amounts of one sentence that multiply by what they count: "12 replicas at 2,500 tok/s each give 30,000 tok/s".

Nothing is looked up: replicas × tok/s per replica is tok/s, tokens ÷ (tokens per step) is steps, and no other way of
combining the first amounts gives the dimensions of the last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.rules.checks.counted import BINARY_BYTES, PLACED, Term, between, is_result, terms_of, ways
from stratlint.rules.checks.passages import Passage, asserted, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_SIGN = Pattern(
    r"(?i)(?:\b(?P<measured>took|ran for|lasted|finished in|needed|used|cost)|"
    r"\b(?:takes?|gives?|giving|yields?|makes?|making|costs|needs?|requires?|is|are|equals?|that is|i\.e\.|amounts? to|"
    r"comes? to|adds? up to|holds?|contains?|totals?|totalling|produces?|delivers?|draws?|runs? for|lasts?|finish(?:es)? in|for a total of|"
    r"for)|^\s*(?:[a-z]+\s)?(?:each|apiece|per [\w-]+)?\s*[=≈→])"
    r"[\s,:]*(?:an?\s+(?:\w+\s+){1,2}?of\s+)?(?:(?:about|roughly|around|nearly|only|just|exactly|some|a total of|"
    r"in total|up|together|~|≈)[\s,]*)*\$?$"
)
_JOINS = Pattern(
    r"(?i)[.:()?!|]|;(?!\s*at\b)|\b(?:but|while|whereas|than|versus|vs|not|no|instead|without|before|after|compared|until|then|"
    r"or|other|another|remaining|rest|up to|at least|at most|over|under|more|less|fewer|within|below|above|each other|plus|minus)\b"
)
# What takes a part away, or adds to it, without a number of its own.
_FACTORS = Pattern(
    r"(?i)\b(?:efficien\w+|utili[sz]\w+|overlap\w*|overheads?|mfu|respectively|shared?|redundan\w+|spares?|usable|replicat\w+|"
    r"ramp\w*|margin|headroom|parallel\w*|concurren\w+|averag\w+|at peak|up to|half|twice|double|idle|stand-?by|"
    r"including|excluding|except|degree|way)\b|%"
)
# "180K GPU-hours are 3.7 days on a cluster of 2,048 GPUs"
_RUNS_ON = Pattern(
    r"(?i)^\s*(?:each\s+)?(?:on|with|across|over)\s+(?:(?:an?|the|our|its|all|these)\s+)?(?:(?:cluster|pod|fleet|pool)\s+(?:of|with)\s+)?$"
)
_LONGEST_JOIN = 48
_MOST_AMOUNTS = 3
_APPOSED = Pattern(r"(?P<measured>(?!))|[,(]\s*(?:(?:or|so|hence|thus|i\.e\.,?)\s+)?(?:(?:about|roughly|~|≈)\s*)?$")
_IN_TOTAL = Pattern(r"(?i)^\s*(?:[a-z]+\s+){0,1}?(?:in total|overall|altogether|in all|combined|all together)\b")
# Numbers ahead of the amounts that are no amounts themselves ("in phase 2").
_NO_AMOUNT = frozenset({"number of one among several", "section number", "part of a name"})
_EXACT, _PROVED = 0.03, 0.10
# A run that took longer than the quotient had restarts, and what it cost holds more than the GPUs.
_MEASURED_ON_TOP = 2.5
# What is counted in thousands and millions, never in 1,024s.
_DECIMAL = frozenset({"money", "time", "energy"})
_BINARY = {1e3: 1.024, 1e6: 1.048576}


def check_amounts_in_sentence(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Multiply out the two or three amounts before a "give", "take", "cost", "i.e." by their dimensions."""
    for passage in passages(context):
        numbers = [n for n in passage.numbers if n.quantity is not None]
        if len(numbers) < 3 or _FACTORS.search(passage.text):
            continue
        terms = terms_of(passage, numbers)
        for at in range(1, len(numbers)):
            judged = _judge(rule, context, passage, numbers, terms, at)
            if judged is not None:
                yield judged


def _judge(
    rule: Rule, context: Context, passage: Passage, numbers: Sequence[NumberClaim], terms: Sequence[Term | None], at: int
) -> Verdict | None:
    joined = between(passage, numbers[at - 1], numbers[at])
    sign, claim = _SIGN.search(joined) or _summed_up(passage, joined, numbers[at]), terms[at]
    if sign is None or claim is None or not is_result(claim) or _JOINS.search(joined[: sign.start()]):
        return None
    rate = terms[at - 1]
    if sign[0].strip().lower() == "for" and "time" in claim.dimensions and rate is not None and rate.dimensions.get("time") == -1.0:
        return None  # "1 TB/day for 3 years" says how long, not what comes of it
    whole = _whole(passage, numbers, at)
    derived = not sign["measured"] and not re.search(r"\band\b", joined) and at + 1 < len(terms)
    behind = terms[at + 1] if derived and _RUNS_ON.match(between(passage, claim.number, numbers[at + 1])) else None
    if behind is not None and dict(behind.dimensions) == {"device": 1.0}:
        before = [term for term in terms[at - min(whole, 2) : at] if term is not None]
        shares = [(used, _ways(used, claim)) for used in ([*before[-size:], behind] for size in (2, 1) if size <= len(before))]
        sole = next(((used, found[0]) for used, found in shares if len(found) == 1), None)
        if sole is not None and all(asserted(context, term.number) for term in (*sole[0], claim)):
            return _compared(rule, context, sole[0], claim, sole[1], measured=False)
    for size in (3, 2):
        if size > whole:
            continue
        used = [term for term in terms[at - size : at] if term is not None]
        found = _ways(used, claim) if len(used) == size else []
        if len(found) != 1:
            continue
        if any(context.facts.unresolved.get(number.index) not in _NO_AMOUNT for number in numbers[: at - size]):
            return None
        if not all(asserted(context, term.number) for term in (*used, claim)):
            return None
        priced = any("money" in term.dimensions for term in used)  # then nothing is left that the cost may hold besides
        return _compared(rule, context, used, claim, found[0], measured=bool(sign["measured"]) and not priced)
    return None


def _summed_up(passage: Passage, joined: str, number: NumberClaim) -> re.Match[str] | None:
    """`16 nodes with 8 GPUs each, 128 GPUs in total`: an apposition that says that it is the whole."""
    behind = passage.statement.text[number.end - passage.statement.start :][:_LONGEST_JOIN]
    return _APPOSED.search(joined) if _IN_TOTAL.match(behind) else None


def _whole(passage: Passage, numbers: Sequence[NumberClaim], at: int) -> int:
    """How many numbers before *at* hang together with it."""
    count = 1
    while at - count > 0 and count <= _MOST_AMOUNTS:
        joined = between(passage, numbers[at - count - 1], numbers[at - count])
        if len(joined) > _LONGEST_JOIN or _JOINS.search(joined):
            break
        count += 1
    return count


def _ways(terms: Sequence[Term], claim: Term) -> list[tuple[int, ...]]:
    """`ways`, where no experts, layers or heads are placed."""
    placed = any(set(term.dimensions) & PLACED for term in terms)
    return ways(terms, claim) if not placed or _passes_through(terms) else []


def _passes_through(terms: Sequence[Term]) -> bool:
    """Layers and stages that each take some time: a token goes through all of them, wherever they are placed."""
    names = [{name for name in term.dimensions if name in PLACED} for term in terms]
    timed = any(term.dimensions.get("time") == 1.0 for term in terms)
    return len(terms) == 2 and names[0] == names[1] and len(names[0] & {"layer", "stage"}) == 1 and timed


def _compared(
    rule: Rule, context: Context, terms: Sequence[Term], claim: Term, signs: tuple[int, ...], *, measured: bool
) -> Verdict | None:
    computed, value = Interval(1.0, 1.0), 1.0
    for sign, term in zip(signs, terms, strict=True):
        if term.interval.low <= 0:
            return None
        computed = computed * term.interval if sign > 0 else computed / term.interval
        value = value * term.value if sign > 0 else value / term.value
    ratio = claim.value / value
    formula = _formula(terms, signs)
    shown = _in_unit(claim, value)
    used = tuple(term.number.index for term in terms)
    line = f"{formula} = {shown}"
    widest = BINARY_BYTES if any("information" in term.dimensions for term in (*terms, claim)) else 1.0
    for term in (*terms, claim):
        quantity = term.number.quantity
        binary = quantity is not None and not _DECIMAL & set(term.dimensions)
        widest *= _BINARY.get(quantity.magnitude, 1.0) if binary and quantity is not None else 1.0
    near = Interval(computed.low / widest, computed.high * widest)
    if near.widened(_EXACT).overlaps(claim.interval):
        return Verdict(rule.name, Status.CONSISTENT, (claim.number.index,), used, line)
    if near.widened(_PROVED).overlaps(claim.interval) or (measured and 1.0 <= ratio <= _MEASURED_ON_TOP):
        return None
    printed = " ".join(claim.number.text.split())
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.number.index,), used, line,
        finding(
            rule, context, f"claims {printed}, but {line}", context.location(claim.number.span, "claim"), block=claim.number.block,
            claimed=printed, computed=shown, formula=line, readings=[ReadingTried("by what the numbers count", formula, shown, False)],
            related=[context.location(term.number.span, "premise") for term in terms], root=f"amounts:{claim.number.span.start}",
        ),
    )  # fmt: skip


def _formula(terms: Sequence[Term], signs: tuple[int, ...]) -> str:
    ordered = sorted(zip(signs, terms, strict=True), key=lambda pair: -pair[0])
    out = ""
    for sign, term in ordered:
        text = " ".join(term.number.text.split())
        out += f"{' × ' if sign > 0 else ' ÷ '}{text}" if out else text
    return out


def _in_unit(claim: Term, value: float) -> str:
    quantity = claim.number.quantity
    assert quantity is not None
    factor = quantity.units[0].factor if quantity.units else 1.0
    text = number_text(value / factor / quantity.magnitude)
    if quantity.currency:
        return f"${text}{quantity.magnitude_text}"
    noun = quantity.unit_text or claim.number.noun.split(" ")[0]
    return f"{text}{quantity.magnitude_text} {noun}".strip()


__all__ = ["check_amounts_in_sentence"]
