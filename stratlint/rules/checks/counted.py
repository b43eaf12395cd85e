"""Numbers of running text with the dimensions of all they count: "2,500 tok/s each", "$2.10 per GPU-hour", "5M tokens per replica"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.claims.units import load_lexicon, unit
from stratlint.rules.checks.passages import Passage
from stratlint.rules.patterns import Pattern

# How far behind a number its "each" or "per" may stand.
_BEHIND = 64
_EACH = Pattern(r"(?i)^\s*(?:[a-z-]+\s+){0,2}?(?:each|apiece)\b")
# "Each of the 80 layers takes 0.3 ms": the amount behind it is that of one.
_EVERY_ONE = Pattern(r"(?i)\b(?:each|every one) of (?:the|its|our|these|those)\s+$")
_PER = Pattern(
    r"(?i)^\s*(?:/\s?|per\s+|(?:an?|each|every)\s+(?=(?:hour|day|second|minute|step|token|layer|request)\b|[a-z]*\d*[- ]hour))"
    r"(?P<many>trillion|billion|million|thousand|1T|1B|1M|1k|"
    r"1,000)?\s*(?P<thing>(?:[A-Z]+\d+[- ](?=hour|day))?[a-z]+(?:[- ](?:hour|day)s?)?)\b"
)
_MANY = {"trillion": 1e12, "1t": 1e12, "1b": 1e9, "million": 1e6, "1m": 1e6, "thousand": 1e3, "1k": 1e3, "1,000": 1e3, "billion": 1e9}
_AT = Pattern(r"(?i)^\s*,?\s*(?:at|@)\s+(?:(?:about|only|just|~)\s*)?(?:US)?\$?\s*$")
_AMONG = Pattern(r"(?i)\b(?:on|across|over|in)\s+(?:the\s+)?(?P<things>[a-z]{3,}s)\s+(?:with|of|having|that have)\s")
_OF = Pattern(r"(?i)^(?!.*\b(?:gives?|makes?|takes?|yields?|is|are|needs?|costs?)\b)[a-z\s-]{0,24}\bof\s+(?:about\s+|~\s?)?$")
_NOUN = Pattern(r"[A-Za-z]{3,}s$")
# Words between a number and what it counts that do not change what that is.
_QUALIFIED = Pattern(
    r"(?i)^(?:(?:more|output|prompt|input|generated|decode|prefill|optimi[sz]er|training|concurrent|extra|additional|new|spare|"
    r"[A-Z]{1,3}\d{2,4}[A-Z]?)\s+)+(?P<thing>\S+)"
)
_CURRENCY = Pattern(r"^\s?(?:EUR|USD|GBP|CHF|CNY|RMB|euros?|dollars?|yuan|pounds?)\b")
# "a million output tokens cost $0.25"
_FOR_MANY = Pattern(
    r"(?i)\b(?:a|one|per|each)\s+(?P<many>million|billion|thousand)\s+(?:(?:output|input|prompt|generated)\s+)?tokens?\s+(?:then\s+)?"
    r"(?:costs?|is|are|comes? to)\s+(?:about\s+|roughly\s+|~\s?)?\$?$"
)
# "每卡 3,200 tokens/s" is tokens/s of each card
_OF_EACH_AHEAD = Pattern(r"(?:每张?|单)(?P<thing>卡|节点|副本)[^\d，。；,;]{0,10}$")
_EACH_OF = {"卡": "device", "节点": "node", "副本": "replica"}
# Placing experts, layers and heads has conventions of its own; see the rules of parallelism.
PLACED = frozenset({"expert", "head", "stage", "rank", "module", "microbatch", "layer", "parameter", "element"})
CHARGED = frozenset({"time", "information", "computation", "money", "energy"})
_RESULTS = frozenset({"device", "node", "step", "token", "request", "sequence"})
# A TB that is a TiB.
BINARY_BYTES = 2.0**40 / 1e12
# "2M tokens/s" in a derivation is not the rounding of 1.5M.
_ONE_DIGIT = 0.15


@dataclass(frozen=True, slots=True)
class Term:
    """A number of a sentence with the dimensions of all it counts, `per`s and `each`es included.

    `open`: it is said "each" of something that the sentence does not name with a number.
    """

    number: NumberClaim
    interval: Interval
    value: float
    dimensions: Mapping[str, float]
    open: bool = False


def terms_of(passage: Passage, numbers: Sequence[NumberClaim], *, results: bool = False) -> list[Term | None]:
    """What each of *numbers* counts; None for shares, ranges and members of equations (with *results*: for operands)."""
    out: list[Term | None] = []
    thing = ""
    for index, number in enumerate(numbers):
        before = numbers[index - 1] if index else None
        among = _AMONG.search(between(passage, before, number)) if before is not None else None
        if among is not None:
            thing = among["things"].lower().removesuffix("s")  # "64 processes on nodes with 8 GPUs each"
        term = _term(passage, before, number, thing, results=results)
        if term is not None and before is not None and (previous := out[index - 1]) is not None and _priced(passage, before, number):
            term = _price_of(previous, term)
        counted = [name for name, power in term.dimensions.items() if power > 0] if term is not None else []
        # "each" speaks of what was counted last: replicas, nodes, requests
        if term is not None and len(counted) == 1 and counted[0] not in CHARGED:
            thing = counted[0]
        out.append(term)
    return out


def _priced(passage: Passage, before: NumberClaim, number: NumberClaim) -> bool:
    """`500,000 GPU-hours at $2.50`: a price without a "per" is that of one of what stands before it."""
    quantity = number.quantity
    assert quantity is not None
    behind = passage.statement.text[number.end - passage.statement.start :][:_BEHIND]
    return bool(quantity.currency) and bool(_AT.search(between(passage, before, number))) and not _PER.match(behind)


def _price_of(one: Term, price: Term) -> Term:
    """*price* divided by the unit of what it is the price of."""
    quantity = one.number.quantity
    size = quantity.unit.factor if quantity is not None and quantity.unit is not None else 1.0
    dimensions = dict(price.dimensions)
    for name, power in one.dimensions.items():
        dimensions[name] = dimensions.get(name, 0.0) - power
    return Term(price.number, price.interval.scaled(1 / size), price.value / size, dimensions)


def ways(terms: Sequence[Term], claim: Term) -> list[tuple[int, ...]]:
    """The signs of the exponents with which the amounts give the dimensions of the claim, per step or not."""
    if any(not term.dimensions for term in terms):
        return []
    found = []
    goal = {name: power for name, power in claim.dimensions.items() if power}
    for signs in itertools.product((1, -1), repeat=len(terms)):
        powers: dict[str, float] = {}
        for sign, term in zip(signs, terms, strict=True):
            for name, power in term.dimensions.items():
                powers[name] = powers.get(name, 0.0) + sign * power
        left = {name: power for name, power in powers.items() if power}
        if left == goal or {**left, "step": -1.0} == goal:
            found.append(signs)
    return found


def is_result(term: Term) -> bool:
    """Whether a computation in words may end in *term*: an amount with a hard unit, or a count of one thing, not a placement."""
    named = frozenset(name for name, power in term.dimensions.items() if power)
    plain = [name for name, power in term.dimensions.items() if power > 0]
    counted = len(plain) == 1 and plain[0] in _RESULTS and named <= {plain[0], "step"}
    return not named & PLACED and (bool(named & CHARGED) or counted)


def between(passage: Passage, first: NumberClaim, second: NumberClaim) -> str:
    """The words between two numbers of a sentence, on one line, with one blank behind."""
    base = passage.statement.start
    return " ".join(passage.statement.text[first.end - base : second.start - base].split()) + " "


def _term(passage: Passage, before: NumberClaim | None, number: NumberClaim, thing: str, *, results: bool) -> Term | None:
    quantity = number.quantity
    member = number.operand or (number.equation >= 0 and not results)
    if quantity is None or quantity.high is not None or quantity.times or member:
        return None
    start = number.end - passage.statement.start
    behind = passage.statement.text[start : start + _BEHIND]
    factor, dimensions = 1.0, dict[str, float]()
    money = _CURRENCY.match(behind)
    if quantity.unit is not None:
        factor, dimensions = quantity.unit.factor, dict(quantity.unit.dimensions)
        if quantity.unit.canonical in ("percent", "permille", "ratio"):
            return None
    elif money is not None:
        dimensions, behind = {"money": 1.0}, behind[money.end() :]
    elif (qualified := _QUALIFIED.match(number.noun)) is not None and (read := _counted(qualified["thing"])) is not None:
        factor, dimensions = read[1], dict(read[0])
    else:
        noun = _thing(number)
        if not noun or not quantity.number.integer:
            return None
        dimensions = {noun: 1.0}
    for_many = _FOR_MANY.search(passage.statement.text[: number.start - passage.statement.start]) if dimensions == {"money": 1.0} else None
    if for_many is not None:
        factor, dimensions = factor / _MANY[for_many["many"].lower()], {**dimensions, "token": -1.0}
    ahead = _OF_EACH_AHEAD.search(passage.statement.text[: number.start - passage.statement.start])
    if ahead is not None and (name := _EACH_OF.get(ahead["thing"])) and name not in dimensions:
        dimensions[name] = -1.0
    each = False
    per = _PER.match(behind)
    if per is not None:
        below, size = denominator(per["thing"])
        factor /= size * _MANY.get((per["many"] or "").lower(), 1.0)
        for name, power in below:
            dimensions[name] = dimensions.get(name, 0.0) - power
    elif _EACH.match(behind) or (before is not None and _one_of_many(passage, before, number)):
        if thing and thing not in dimensions:
            dimensions[thing] = -1.0
        else:
            each = not thing
    value = quantity.number.value * quantity.magnitude * factor
    interval = quantity.interval(factor)
    if quantity.currency and not quantity.approximate and per is not None:
        interval = Interval(value, value)  # a price is agreed, not rounded
    elif quantity.number.digits == 1:
        interval = Interval(max(interval.low, value * (1 - _ONE_DIGIT)), min(interval.high, value * (1 + _ONE_DIGIT)))
    return Term(number, interval, value, dimensions, each)


def _one_of_many(passage: Passage, before: NumberClaim, number: NumberClaim) -> bool:
    """`each of the 80 layers takes 0.3 ms`, `2,000 requests of 500 tokens`."""
    return bool(
        _EVERY_ONE.search(passage.statement.text[: before.start - passage.statement.start]) or _OF.match(between(passage, before, number))
    )


def _counted(text: str) -> tuple[tuple[tuple[str, float], ...], float] | None:
    """What a word like "tokens/s" or "GPUs" counts."""
    units = load_lexicon().read(text.strip(".,;:()"))
    return (units[0].dimensions, units[0].factor) if units else None


def _thing(number: NumberClaim) -> str:
    """What a bare number counts, by its noun: "9 pods", "4 worker processes"."""
    words = re.split(r"\b(?:of|with|at|in|on|each|per|for|that|and|during|over|today|now)\b", number.noun)[0].split()
    last = words[-1] if words and len(words) <= 2 else ""
    return last.lower().removesuffix("s") if _NOUN.search(last) else ""


def denominator(text: str) -> tuple[tuple[tuple[str, float], ...], float]:
    """What "per X" divides by, and its size in base units."""
    lexicon = load_lexicon()
    hyphened = re.sub(r"^[A-Z]+\d+[- ]", "GPU-", text.replace(" ", "-"))
    spellings = (text, hyphened, text.upper(), hyphened.replace("gpu", "GPU"))
    known = next((lexicon.denominators[t] for t in spellings if t in lexicon.denominators), None)
    if known is not None:
        read = unit(known)
        return read.dimensions, read.factor
    units = lexicon.read(hyphened) or lexicon.read(text)
    if units:
        return units[0].dimensions, units[0].factor
    return ((text.lower().removesuffix("s"), 1.0),), 1.0


__all__ = ["BINARY_BYTES", "CHARGED", "PLACED", "Term", "between", "denominator", "is_result", "terms_of", "ways"]
