"""How many there are, said once more: "one of the 48 nodes" on a page that has 64."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import Statement
from stratlint.document import Block, BlockKind, Span
from stratlint.facts.phrases import normalise
from stratlint.rules.checks.passages import headers
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_ONES = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: value for value, word in enumerate(_ONES, 2)} | {word: 10 * value for value, word in enumerate(_TENS, 2)}
WORDS |= {f"{ten}-{one}": WORDS[ten] + value for ten in _TENS for value, one in enumerate(("one", *_ONES[:8]), 1)}
_NUMBER = rf"(?P<count>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
# What is counted, by its words: a page's hosts are its nodes.
_THINGS = {
    "node": ("node", "server", "host", "machine", "box", "boxe"),
    "replica": ("replica", "instance"),
    "gpu": ("gpu", "card", "accelerator", "device", "chip"),
    "rack": ("rack",),
    "layer": ("layer",),
    "stage": ("stage",),
    "site": ("site",),
    "pod": ("pod",),
    "shard": ("shard",),
    "worker": ("worker",),
}
_NAMES = {name: thing for thing, names in _THINGS.items() for name in names}
_NOUNS = rf"(?P<noun>{'|'.join(f'{name}s?' for name in _NAMES)})"
_MACHINES = frozenset({"gpu", "node", "replica", "rack", "pod", "site"})
_SOME = r"(?:any|each|every|either|all|none|most|half|one|some|\d[\d,]*|" + "|".join(WORDS) + r")(?:\s+(?:single|more))?"
# "two of the ten DGX nodes", "all of our 12 replicas"
_PARTITIVE = Pattern(
    rf"(?i)\b(?P<part>{_SOME})\s+of\s+(?:the|our|these|"
    rf"those)\s+{_NUMBER}\s+(?P<kind>(?:[\w-]+\s+){{0,2}}?){_NOUNS}\b(?!\s*(?:per|each|/|in each|of))"
)
# Words that end the count: in "EP 64 on eight nodes" there are eight.
_NO_ADJECTIVE = (
    rf"(?!(?:on|of|with|per|in|at|over|for|and|or|to|from|across|by|than|is|are|as|[KMGT]i?B|k?W|[TGP]?FLOPS|{'|'.join(WORDS)})\b|\d)"
)
_COUNTED = Pattern(rf"(?i)(?<![\w.,×x*/-])(?P<word>{_NUMBER})[\s-]+(?P<kind>(?:{_NO_ADJECTIVE}[\w-]+\s+){{0,2}}?){_NOUNS}\b")
_OF_THEM = Pattern(rf"(?i)\b{_NUMBER}\s+of\s+(?:them|these|those|which)\b")
# Sentences that do not speak of the page's plan; "if one of the 24 nodes fails" does.
_NOT_MEANT = Pattern(
    r"(?i)\b(?:would|could have|suppose|imagine|wrong\w*|incorrect|mistak\w+|instead of|rather than|hypothetical\w*|"
    r"used to|claimed|erratum)\b|错误|假设"
)
_OF_EACH = Pattern(r"(?i)^\s*(?:per|each|/|in each|on each|apiece|every)\b")
_FIRST = Pattern(r"^\W{0,3}(\d[\d,]*)\b(?![.%])")
# A page with more counts of one thing has no whole that "the" could mean.
_MOST_COUNTS = 4
# Fewer things are spoken of one by one ("two nodes are spare"), and are no pool of their own.
_A_POOL = 4


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of things somewhere on the page, of one kind perhaps ("storage" nodes)."""

    value: int
    thing: str
    location: Location
    kind: str = ""
    outright: bool = False


def check_count_restated(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`one of the 48 nodes`: the whole must be a number of nodes that the page has, or can be made of those it has."""
    statements = [s for s in context.claims.statements if not _elsewhere(context.document.blocks[s.block])]
    said = [(statement, match) for statement in statements for match in _PARTITIVE.finditer(statement.text)]
    if not said:
        return
    again = [_span(context, statement, match).start for statement, match in said]
    counts = [count for count in _counts(context, statements) if count.value > 0 and count.location.start not in again]
    parts = {_value(match["count"]) for statement in statements for match in _OF_THEM.finditer(statement.text)}
    for statement, match in said:
        if _NOT_MEANT.search(statement.text):
            continue
        thing, value = _NAMES[normalise(match["noun"])[0]], _value(match["count"])
        known = [count for count in counts if count.thing == thing]
        if named := [count for count in known if count.kind and count.kind == match["kind"].strip().lower()]:
            known = named  # "4 storage nodes", among others that compute
        values = {count.value for count in known}
        if (
            value < 2
            or not values
            or len(values) > _MOST_COUNTS
            or not any(_comparable(value, count) for count in known)
            or value in _reachable(values, counts, thing, parts if match["kind"] else None)
        ):
            continue
        known = [count for count in known if _comparable(value, count)]
        whole = max(known, key=lambda count: sum(1 for other in known if other.value == count.value))
        yield _contradicted(rule, context, statement, match, whole)


def _span(context: Context, statement: Statement, match: re.Match[str]) -> Span:
    """Where the count after "of the" stands."""
    return context.document.blocks[statement.block].source_span(
        statement.start + match.start("count"), statement.start + match.end("count")
    )


def _elsewhere(block: Block) -> bool:
    """Code speaks of itself, and a quotation of somebody else."""
    return bool(block.quote_depth) or block.kind in (BlockKind.CODE, BlockKind.HTML)


def _value(text: str) -> int:
    return WORDS.get(text.lower(), 0) or int(text.replace(",", ""))


def _counts(context: Context, statements: Sequence[Statement]) -> list[_Count]:
    """Every number of things the page states, in words, in tables and in its configuration."""
    out: list[_Count] = []
    for statement in statements:
        for match in _COUNTED.finditer(statement.text):
            if not _OF_EACH.match(statement.text[match.end() :]):
                span = context.document.blocks[statement.block].source_span(
                    statement.start + match.start("word"), statement.start + match.end()
                )
                out.append(
                    _Count(
                        _value(match["count"]),
                        _NAMES[normalise(match["noun"])[0]],
                        context.location(span, "stated"),
                        match["kind"].strip().lower(),
                    )
                )
    for kind, thing in (
        ("cluster.nodes", "node"),
        ("cluster.gpus", "gpu"),
        ("cluster.replicas", "replica"),
        ("parallel.dp", "replica"),
        ("model.layers", "layer"),
        ("parallel.pp", "stage"),
    ):
        for fact in context.facts.of_kind(kind):
            if fact.exact and fact.claim >= 0 and fact.modality != "quoted":
                out.append(
                    _Count(
                        int(fact.interval.low),
                        thing,
                        context.fact_location(fact, "stated"),
                        outright=fact.modality == "asserted" and not fact.place.variant,
                    )
                )
    for block in context.document.blocks:
        label = normalise(headers(context, block.index)[0]) if block.cell is not None and block.cell.row else ()
        first = _FIRST.match(block.text) if label and label[-1] in _NAMES and not {"per", "each"} & set(label) else None
        if first is not None:
            span = block.source_span(first.start(1), first.end(1))
            out.append(_Count(_value(first[1]), _NAMES[label[-1]], context.location(span, "stated")))
    return out


def _comparable(value: int, count: _Count) -> bool:
    """Whether a count is of about this size: "64 of the 128 nodes" may be the only place that tells the whole."""
    return (count.value >= _A_POOL or (count.outright and count.value > 1)) and value / 2 <= count.value <= 3 * value


def _reachable(values: set[int], counts: Sequence[_Count], thing: str, parts: set[int] | None) -> set[int]:
    """What the counts of a page make together: sums, halves, machines from devices.

    *parts*: of one kind of the things ("decode nodes") are also those that other counts, or these parts, leave.
    """
    out = {value - part for value in values for part in parts or ()} | values
    for one, two in itertools.permutations((value for value in values if value >= _A_POOL), 2):
        out |= {one + two, one - two} if parts is not None else {one + two}
    for value in values:
        out |= {value - 1, value + 1, value // 2} | ({2 * value} if value >= _A_POOL else set())
    others = [count for count in counts if count.thing != thing and count.thing in _MACHINES and thing in _MACHINES]
    for other in others:
        out |= {other.value // value for value in values if other.value % value == 0}
    devices = {count.value for count in others if count.thing == "gpu"}
    for one, two in itertools.permutations(devices, 2):
        if two > 1 and one % two == 0:
            out.add(one // two)
    return out


def _contradicted(rule: Rule, context: Context, statement: Statement, match: re.Match[str], whole: _Count) -> Verdict:
    printed, noun, span = match["count"], match["noun"], _span(context, statement, match)
    message = f"claims {printed} {noun}, but the page has {number_text(whole.value)}"
    numbers = tuple(
        n.index for n in context.claims.numbers_of(statement.block, statement.index) if n.start == statement.start + match.start("count")
    )
    return Verdict(
        rule.name, Status.CONTRADICTED, numbers, (), message,
        finding(
            rule, context, message, context.location(span, "claim"), block=statement.block, claimed=f"{printed} {noun}",
            computed=f"{number_text(whole.value)} {noun}", formula=f"{printed} ≠ {number_text(whole.value)}",
            related=[whole.location], root=f"count:{span.start}",
        ),
    )  # fmt: skip


__all__ = ["WORDS", "check_count_restated"]
