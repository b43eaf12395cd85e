"""What a plan needs against what there is: GPUs and nodes that are required, and those that are available."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.document import Block
from stratlint.facts.phrases import normalise, word_list
from stratlint.rules.checks.passages import denied, headers
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_REQUIRED = Pattern(r"(?i)\b(?:required|needed|requires?|needs?|requirement|demand)\b|所需|需要")
_AVAILABLE = Pattern(r"(?i)\b(?:available|availability|on hand|in stock|provisioned|exist(?:ing)?|installed|we have)\b|可用|现有")
_NOT_ALL = Pattern(
    r"(?i)\b(?:minimum|at least|more|additional|extra|per|each|every|remaining|left|spare|free|unused|up to|max\w*)\b|[<>≤≥÷/]"
)
_DEVICES = Pattern(r"(?i)\b(?:gpus?|accelerators?|cards?|devices?|chips?)\b|卡")
_HONEST = Pattern(
    r"(?i)❌|✗|✘|\b(?:insufficient|short(?:age|fall)?|not enough|infeasible|cannot|can't|exceed\w*|lack\w*|deficit|over capacity|"
    r"fails?|failed|impossible|too (?:few|many)|only \d+|but\b|incompatib\w+|original|previous\w*|issue|error|wrong)"
)
_NEAR = 3


@dataclass(frozen=True, slots=True)
class _Count:
    number: NumberClaim
    block: Block
    value: int
    role: str


def check_demand(rule: Rule, context: Context) -> Iterator[Verdict]:
    """More GPUs required than available, in neighbouring lines or cells, where the page says that all is well."""
    counts = [count for number in context.claims.numbers if (count := _count(context, number)) is not None]
    for one, other in pairwise(counts):
        if {one.role, other.role} != {"required", "available"} or one.block.section != other.block.section:
            continue
        if other.block.index - one.block.index > _NEAR:
            continue
        need, have = (one, other) if one.role == "required" else (other, one)
        numbers = (need.number.index, have.number.index)
        formula = f"{need.value:,} > {have.value:,}"
        if need.value <= have.value:
            yield Verdict(rule.name, Status.CONSISTENT, numbers, (), f"{need.value:,} ≤ {have.value:,}")
            continue
        praised = _praise(context, one, other)
        if praised is None:
            continue
        praise, statement = praised
        message = f"{need.value:,} GPUs are required and {have.value:,} are available; the page marks this `{praise}`"
        yield Verdict(
            rule.name, Status.CONTRADICTED, numbers, (), formula,
            finding(
                rule, context, message, context.location(need.number.span, "required"), block=need.block.index,
                claimed=f"{need.value:,} GPUs required", computed=f"{have.value:,} GPUs available", formula=formula,
                related=[
                    context.location(have.number.span, "available"),
                    context.location(statement.span, "praise"),
                ], root=f"demand:{need.number.span.start}",
            ),
        )  # fmt: skip


def _count(context: Context, number: NumberClaim) -> _Count | None:
    """A whole number of devices with the part it plays; the result of a computation counts, its operands do not."""
    quantity = number.quantity
    if quantity is None or number.operand or number.struck or number.quoted or number.code:
        return None
    if not quantity.number.integer or quantity.high is not None or (quantity.unit is not None and quantity.unit.hard):
        return None
    block = context.document.blocks[number.block]
    row, column = headers(context, number.block)
    # In a table the headers say it; elsewhere the label, and without one the clause.
    words = f"{row} | {column}" if block.cell is not None else number.label or number.clause
    devices = quantity.unit is not None and quantity.unit.dimensions == (("device", 1.0),)
    if not (devices or _DEVICES.search(words)) or _NOT_ALL.search(words):
        return None
    roles = [role for role, pattern in (("required", _REQUIRED), ("available", _AVAILABLE)) if pattern.search(words)]
    return _Count(number, block, int(quantity.number.value * quantity.magnitude), roles[0]) if len(roles) == 1 else None


def _praise(context: Context, one: _Count, other: _Count) -> tuple[str, Statement] | None:
    """The word that calls the two figures fine, in their own blocks or the next; None when they are told as a problem."""
    blocks = context.document.blocks[one.block.index : other.block.index + 2]
    near = [block for block in blocks if block.section == one.block.section]
    if any(_HONEST.search(text) for text in (*(block.text for block in near), *context.section_path(one.block.index))):
        return None
    for block in near:
        for statement in context.claims.statements_of(block.index):
            if mark := re.search("✅|✓|✔", statement.text):
                return mark[0], statement
            words = normalise(statement.text)
            for match in word_list("verdicts").find(words):
                if match.name in ("excellent", "pass") and not denied(words, match.start):
                    return " ".join(words[match.start : match.end]), statement
    return None
