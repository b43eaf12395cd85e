"""Communication groups that are written out rank by rank, against the degree that they are groups of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.document import Block, BlockKind
from stratlint.facts.fact import Fact
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_NAMES = {
    "tp": "tensor", "pp": "pipeline", "dp": "data", "ep": "expert", "cp": "context",
}  # fmt: skip
_LABEL = Pattern(r"(?i)\b(?:(tp|pp|dp|ep|cp)|(tensor|pipeline|data|expert|context)[\s-]parallel(?:ism)?)[\s_-]*groups?\s*[:=]\s*(?=[(\[{])")
_GROUPS = Pattern(r"[(\[{]\s*(\d+(?:\s*,\s*\d+)+)\s*[)\]}]")
_BETWEEN = Pattern(r"[\s,;]*(?:\.{3}|…|etc\.?|and\b)?[\s,;]*")


_MOST_SHOWN = 12


def check_group_size(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "EP groups: (0,2,4,6), (1,3,5,7)" have four ranks each, and so is the expert-parallel degree."""
    stated = {name: [f for f in context.facts.of_kind(f"parallel.{name}") if _stated(f)] for name in _NAMES}
    for block in context.document.blocks:
        if block.kind is BlockKind.HEADING:
            continue
        for label in _LABEL.finditer(block.text):
            name = label[1].lower() if label[1] else next(n for n, word in _NAMES.items() if word == label[2].lower())
            sizes = list(_sizes(block.text, label.end()))
            ranks = [int(n) for _, start, end in sizes for n in re.findall(r"\d+", block.text[start:end])]
            twice = next((rank for index, rank in enumerate(ranks) if rank in ranks[:index]), None)
            if twice is not None:
                yield _twice(rule, context, block, name, twice, sizes)
                continue
            degrees = stated[name]
            if not sizes or len({size for size, _, _ in sizes}) != 1 or not degrees:
                continue
            size, start, end = sizes[0]
            numbers = tuple(number.index for number in context.claims.numbers_between(block.index, label.end(), sizes[-1][2]))
            same = next((fact for fact in degrees if int(fact.interval.low) == size), None)
            if same is not None:
                yield Verdict(rule.name, Status.CONSISTENT, numbers, (same.claim,), f"{size} ranks in a group = {name.upper()}{size}")
                continue
            degree = int(degrees[0].interval.low)
            message = f"groups of {size} ranks, but {name.upper()} = {degree} makes groups of {degree}"
            yield Verdict(
                rule.name, Status.CONTRADICTED, numbers, (), f"{size} ≠ {name.upper()}{degree}",
                finding(
                    rule, context, message, context.location(block.source_span(start, end), "claim"), block=block.index,
                    claimed=f"{size} ranks", computed=f"{degree} ranks", formula=f"ranks in a group = {name.upper()} = {degree}",
                    related=[context.fact_location(fact, name.upper()) for fact in degrees[:_MOST_SHOWN]], root=f"group:{name}:{start}",
                ),
            )  # fmt: skip


def _twice(rule: Rule, context: Context, block: Block, name: str, rank: int, groups: Sequence[tuple[int, int, int]]) -> Verdict:
    """Groups of one kind are disjoint, and no rank is in a group twice."""
    start, end = groups[0][1], groups[-1][2]
    numbers = [n for n in context.claims.numbers_between(block.index, start, end) if n.text.strip() == str(rank)]
    line = f"every rank is in one {name.upper()} group"
    message = f"rank {rank} stands in the {name.upper()} groups {len(numbers)} times"
    return Verdict(
        rule.name, Status.CONTRADICTED, tuple(n.index for n in numbers), (), line,
        finding(
            rule, context, message, context.location(block.source_span(start, end), "claim"), block=block.index,
            claimed=f"rank {rank}, {len(numbers)} times", computed=f"rank {rank}, once", formula=line, root=f"group:{name}:{start}",
        ),
    )  # fmt: skip


def _stated(fact: Fact) -> bool:
    return fact.modality in ("asserted", "considered", "hypothetical", "past", "target") and fact.exact and fact.interval.low >= 1


def _sizes(text: str, position: int) -> Iterator[tuple[int, int, int]]:
    """The groups from *position* on, one after another: how many ranks, start and end."""
    while group := _GROUPS.match(text, position):
        yield group[1].count(",") + 1, group.start(), group.end()
        position = _BETWEEN.match(text, group.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
