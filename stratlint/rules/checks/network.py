"""Transfers between devices whose time was computed with the bandwidth of the memory."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stratlint.claims.claim import EquationClaim, NumberClaim, grouped
from stratlint.claims.equation import Expression, Operand, Operation, operands
from stratlint.claims.interval import Interval
from stratlint.claims.syntax import Quantity
from stratlint.facts.fact import Fact, FactSet
from stratlint.rules.checks.catalog import figures, near
from stratlint.rules.checks.passages import amount, asserted, headers, place_of_claim
from stratlint.rules.checks.subjects import device_at
from stratlint.rules.context import Context, Verdict, amount_text, finding, number_text
from stratlint.rules.finding import Location, Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_NETWORK = Pattern(
    r"(?i)\binter-?node|\bintra-?node|\bbetween (?:the )?(?:nodes|hosts|gpus|cards|servers|"
    r"stages|pools)|\bnode to (?:a )?\w* ?node|"
    r"\ball-?reduce|\ball-?to-?all|\ball-?gather|\breduce-?scatter|\ba2a\b|\bscale-?(?:up|"
    r"out) links?|\bnics?\b|\binfiniband|\bnvlink|\brdma|"
    r"\bhand-?(?:off|over)|\bcommunication (?:time|latency)|\bnetwork|\bfabric|\binterconnect|"
    r"\bover the (?:wire|links?)|\bp2p\b|"
    r"\bfrom an? [\w ]{0,20}(?:node|pool|host|gpu) to an? |通信|节点间|跨节点"
)
_MEMORY = Pattern(
    r"(?i)\bhbm|\bvram\b|\bmemory[- ](?:bandwidth|bound|read|time|traffic)|\bdram|\bread(?:s|"
    r"ing)?\b|\bstream\w*|\bweights?\b|\bdecode (?:step|floor)|"
    r"\bbandwidth floor|\broofline|\bcopy engine|\bload(?:s|ing)?\b|\bon-chip|\blocal(?:ly)?\b|显存"
)
_LINKS = Pattern(
    r"(?i)\b(?:nvlink|nics?|infiniband|roce|pcie|ethernet|links?|fabric|interconnect|network|"
    r"ici|xgmi|rails?|ports?)\b|网络|带宽互联"
)
_SAME = 0.02


def check_memory_as_network(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`1.34 GB / 3.35 TB/s` for a transfer between nodes, 3.35 TB/s being what the memory of one card does."""
    for claim in context.claims.equations:
        divisor = _divisor(claim)
        number = _number_at(context, claim, divisor)
        if divisor is None or number is None or not asserted(context, number) or not _is_transfer(context, number):
            continue
        bandwidth = amount(number, "bandwidth")
        if bandwidth is None:
            continue
        memory = _memory_bandwidth(context, number, bandwidth)
        if memory is not None and not _is_link(context, bandwidth):
            yield _verdict(rule, context, claim, number, memory)


def _divisor(claim: EquationClaim) -> Quantity | None:
    """The bandwidth that a number of bytes is divided by; None when the equation is something else."""
    for side, other in ((claim.equation.left, claim.equation.right), (claim.equation.right, claim.equation.left)):
        found = _bandwidth_below(side)
        if found is None or not isinstance(other, Operand):
            continue
        first = next(operands(side))
        information = first.unit is not None and dict(first.unit.hard) == {"information": 1.0}
        result = other.quantity.unit
        if information and result is not None and dict(result.hard) == {"time": 1.0}:
            return found
    return None


def _bandwidth_below(expression: Expression) -> Quantity | None:
    """The divisor with the dimension of a bandwidth in a chain of divisions and products."""
    if isinstance(expression, Operand):
        return None
    assert isinstance(expression, Operation)
    if expression.operator == "/" and isinstance(expression.right, Operand):
        unit = expression.right.quantity.unit
        if unit is not None and dict(unit.hard) == {"information": 1.0, "time": -1.0}:
            return expression.right.quantity
    return _bandwidth_below(expression.left)


def _number_at(context: Context, claim: EquationClaim, quantity: Quantity | None) -> NumberClaim | None:
    if quantity is None:
        return None
    return next((context.claims.numbers[i] for i in claim.numbers if context.claims.numbers[i].start == quantity.start), None)


def _is_transfer(context: Context, number: NumberClaim) -> bool:
    """Whether the sentence (or its label and heading) speaks of links between devices and not of reading memory."""
    label, column = headers(context, number.block)
    sentence = " ".join((number.sentence_text, label, column))
    if _MEMORY.search(sentence):
        return False
    if _NETWORK.search(sentence):
        return True
    path = context.section_path(number.block)
    return bool(path) and bool(_NETWORK.search(path[-1])) and bool(re.search(r"(?i)transfer|mov(?:e|es|ing)|sen[dt]|exchang", sentence))


def _memory_bandwidth(context: Context, number: NumberClaim, bandwidth: Interval) -> Location | None:
    """Where the divisor is called a memory bandwidth: a fact of the page, else the catalog entry of the device."""
    for fact in _memories(context.facts):
        if fact.claim != number.index and near(bandwidth, fact.interval.middle, _SAME):
            return context.fact_location(fact, "memory bandwidth")
    subject = device_at(context, place_of_claim(context, number), number.span.start)
    if subject is None:
        return None
    for figure in figures(subject.entries, "memory bandwidth"):
        if near(bandwidth, figure.value, _SAME):
            text = f"{figure.device}: memory bandwidth {amount_text(figure.value, 'bandwidth')} (catalog; {figure.source})"
            return Location("", 0, 0, 0, 0, 0, 0, "memory bandwidth", text)
    return None


@lru_cache(maxsize=2)
def _memories(page: FactSet) -> Sequence[Fact]:
    """The memory bandwidths of one GPU that the page states, each value at most twice; the first ones will do."""
    own = [f for f in page.of_kind("gpu.bandwidth") if f.modality == "asserted" and f.scope in ("", "gpu")]
    values = grouped(own, lambda fact: fact.interval.middle)
    return sorted((fact for facts in values.values() for fact in facts[:2]), key=lambda fact: fact.index)[:_MOST]


_MOST = 50


@lru_cache(maxsize=2)
def _links(page: FactSet) -> Sequence[float]:
    """The bandwidths of links that the page states, in order of size."""
    return sorted({fact.interval.middle for fact in page.of_kind("link.bandwidth")})


def _is_link(context: Context, bandwidth: Interval) -> bool:
    """Whether a link happens to have the same bandwidth."""
    links = _links(context.facts)
    at = bisect_left(links, bandwidth.middle)
    return any(near(bandwidth, value, _SAME) for value in links[max(at - 1, 0) : at + 1])


def _stated_link(context: Context) -> NumberClaim | None:
    """The bandwidth of an interconnect that the page states: then the memory's was taken by mistake for certain."""
    return _first_link(context.facts)


@lru_cache(maxsize=2)
def _first_link(page: FactSet) -> NumberClaim | None:
    for fact in page.of_kind("link.bandwidth"):
        if fact.claim >= 0 and fact.modality == "asserted":
            return page.claims.numbers[fact.claim]
    for number in page.claims.numbers:
        if amount(number, "bandwidth") is not None and _LINKS.search(f"{number.lead} {number.noun} {number.label}"):
            return number
    return None


def _verdict(rule: Rule, context: Context, claim: EquationClaim, number: NumberClaim, memory: Location) -> Verdict:
    link = _stated_link(context)
    severity = rule.severity if link is not None else Severity.WARNING
    first = next(operands(claim.equation.left))
    printed = number.text.strip()
    message = f"divides {first.text.strip()} that cross a link by {printed}, which is the memory bandwidth of one card"
    computed = ""
    related = [memory]
    if link is not None:
        rate = amount(link, "bandwidth")
        size = first.unit.factor * first.number.value * first.magnitude if first.unit else 0.0
        if rate is not None and rate.middle > 0:
            computed = _time_text(size / rate.middle)
            message += f"; over the stated {link.text.strip()} it takes {computed}"
        related.append(context.location(link.span, "interconnect"))
    status = Status.CONTRADICTED if severity is Severity.ERROR else Status.IMPLAUSIBLE
    return Verdict(
        rule.name,
        status,
        (number.index,),
        tuple(i for i in claim.numbers if i != number.index),
        message,
        finding(
            rule,
            context,
            message,
            context.location(number.span, "claim"),
            block=claim.block,
            severity=severity,
            claimed=printed,
            computed=computed,
            formula=" ".join(context.document.text[claim.span.start : claim.span.end].split()),
            related=related,
            root=f"{rule.name}:{claim.span.start}",
        ),
    )


def _time_text(seconds: float) -> str:
    for size, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{number_text(seconds / size, 3)} {name}"
    return f"{number_text(seconds / 1e-9, 3)} ns"
