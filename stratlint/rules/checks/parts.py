"""Parts and wholes of memory: in sentences such as "58 GB of the 52 GB pool", and in lists that a total closes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, BlockKind
from stratlint.facts.fact import Fact
from stratlint.facts.phrases import normalise
from stratlint.rules.checks.passages import OF_EACH_GPU
from stratlint.rules.checks.totals import NOT_ADDED, Item, item_of, judged_total
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule


def check_part_over_whole(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A part larger than its total: in a list with a total line, in a table column, or in "X of the Y"."""
    yield from _sentences(rule, context)
    yield from _lists(rule, context)


_OF = Pattern(r"^\s*(?:\([^)]*\)\s*)?(?:of|out of|from)\s+(?:the|its|our|a total of|all|all the|those)\s*$", re.I)
_ARE = Pattern(r"^\s*(?:are|is|were|run|have|go|serve|stay|already)\b", re.I)
_OPEN_OF = Pattern(
    r"^(?:of\s+(?:the|its|our|these|those|all|all the|\w+['’]s)|out of(?:\s+(?:the|its|our|these|those|all|all the))?)\s*$", re.I
)


def _sentences(rule: Rule, context: Context) -> Iterator[Verdict]:
    quantities = [number for number in context.claims.numbers if number.quantity is not None]
    for first, second in itertools.pairwise(quantities):
        if (
            first.block != second.block
            or first.sentence != second.sentence
            or first.quoted
            or first.struck
            or first.quantity is None
            or second.quantity is None
        ):
            continue
        text = context.document.blocks[first.block].text
        between = text[first.end : second.start]
        if _OF.match(between):
            part, whole = first, second
        elif (
            _OPEN_OF.match(_clause_start(text, first.start))
            and ("," in between or _ARE.match(text[second.end :]))
            and len(between) < 60
            and not re.search(r"[.;:]", between)
        ):
            part, whole = second, first
        else:
            continue
        one, two = item_of(part, ()), item_of(whole, ())
        if one is None or two is None or not _same_thing(part, whole, one, two):
            continue
        formula = f"{' '.join(part.text.split())} ≤ {' '.join(whole.text.split())}"
        if one.interval.low <= two.interval.high:
            yield Verdict(rule.name, Status.CONSISTENT, (part.index, whole.index), (), formula)
            continue
        message = f"a part of {' '.join(part.text.split())} is more than its whole, {' '.join(whole.text.split())}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (part.index,), (whole.index,), message,
            finding(
                rule, context, message, context.location(part.span, "part"), block=part.block, claimed=part.text,
                computed=f"at most {' '.join(whole.text.split())}",
                formula=f"{' '.join(part.text.split())} > {' '.join(whole.text.split())}",
                related=[context.location(whole.span, "whole")], root=f"part:{part.span.start}",
            ),
        )  # fmt: skip


# "Of the " is short; a sentence may be endless.
_OPENING = 100


def _clause_start(text: str, offset: int) -> str:
    """The words of a sentence before its first number: "Of the "."""
    start = max(text.rfind(mark, max(offset - _OPENING, 0), offset) for mark in (". ", "\n", "; ", ": "))
    return text[max(start + 1, offset - _OPENING, 0) : offset].strip(" -*•\n")


def _same_thing(part: NumberClaim, whole: NumberClaim, one: Item, two: Item) -> bool:
    """Both in the same hard unit, or both counts of the same thing (or of a part without its own noun)."""
    if one.measure != two.measure:
        return False
    if one.measure not in ("count", "share"):
        return True
    if one.measure == "share":
        return False
    assert part.quantity is not None and whole.quantity is not None
    if part.quantity.magnitude != whole.quantity.magnitude or not part.quantity.number.integer:
        return False
    unit_part, unit_whole = part.quantity.unit, whole.quantity.unit
    if unit_part is not None and unit_whole is not None:
        return unit_part == unit_whole
    return unit_part is None


def _lists(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A "total" item of a list next to items of the same measure that are larger than it."""
    groups: dict[tuple[int, tuple[int, ...]], list[Block]] = {}
    for block in context.document.blocks:
        if block.list_path and block.kind is BlockKind.PARAGRAPH:
            groups.setdefault((block.section, block.list_path[:-1]), []).append(block)
    facts: dict[int, Fact] = {fact.claim: fact for fact in context.facts.facts}
    for blocks in groups.values():
        members = [_line_item(context, block, facts) for block in blocks]
        items = [item for item in members if item is not None]
        totals = [item for item in items if _is_list_total(item)]
        if len(totals) != 1 or (totals[0] is not items[-1] and items.index(totals[0]) < len(items) - 2):
            continue
        total = totals[0]
        for part in sorted(items[: items.index(total)], key=lambda item: -item.interval.low):
            if part.measure != total.measure or part.interval.low <= total.interval.high:
                continue
            if not (_is_memory(facts.get(part.claim.index)) or _computed_per_gpu(part, total)) or not _same_scope(context, total, part):
                continue
            message = (
                f"the total {' '.join(total.claim.text.split())} is smaller than one of its parts, {' '.join(part.claim.text.split())}"
            )
            yield Verdict(
                rule.name, Status.CONTRADICTED, (total.claim.index,), (part.claim.index,), message,
                finding(
                    rule, context, message, context.location(total.claim.span, "total"), block=total.claim.block, claimed=total.claim.text,
                    computed=f"at least {' '.join(part.claim.text.split())}",
                    formula=f"{' '.join(part.claim.text.split())} > {' '.join(total.claim.text.split())}",
                    related=[context.location(part.claim.span, "part")], root=f"part:{total.claim.span.start}",
                ),
            )  # fmt: skip
            break


def _is_memory(fact: Fact | None) -> bool:
    """Whether a fact is a component of memory that is in use."""
    if fact is None or fact.modality != "asserted":
        return False
    return fact.kind.startswith("memory.") and fact.kind not in ("memory.headroom", "memory.total_model")


def _computed_per_gpu(part: Item, total: Item) -> bool:
    """A line that works out bytes per GPU on the way to a total per GPU, whatever its label is."""
    unit = part.claim.quantity.unit if part.claim.quantity is not None else None
    bytes_of_gpu = unit is not None and dict(unit.dimensions) == {"information": 1.0, "device": -1.0}
    return bytes_of_gpu and part.claim.relation in ("=", "≈", "→") and not NOT_ADDED & set(part.label) and "gpu" in total.label


def _same_scope(context: Context, total: Item, part: Item) -> bool:
    """A total per GPU is compared only with parts that are per GPU, by their own line or by the section's title."""
    block = context.document.blocks[total.claim.block]
    titles = " ".join(context.document.heading_path(block.section))
    per_gpu = [bool(OF_EACH_GPU.search(item.claim.sentence_text)) for item in (total, part)]
    return per_gpu[0] == per_gpu[1] or bool(OF_EACH_GPU.search(titles))


def check_list_total(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The memory items of a list do not add up to the total that closes it."""
    for blocks in _sibling_lists(context):
        items = [_line_item(context, block, None) for block in blocks]
        present = [item for item in items if item is not None]
        if (
            len(present) < len(blocks)
            or len(present) < 3
            or not _is_list_total(present[-1])
            or any(_is_list_total(item) for item in present[:-1])
        ):
            continue
        total, parts = present[-1], present[:-1]
        if total.measure != "bytes" or any(part.measure != "bytes" or not _additive(context, part) for part in parts):
            continue
        if total.claim.relation in ("<", "≤", "<=", ">", "≥", ">=") or any(part.interval.high < _LEAST_PART for part in parts):
            continue  # a bound is no sum, and "2 bytes" are those of an element
        if (
            len({bool(OF_EACH_GPU.search(item.claim.sentence_text)) for item in parts} | {bool(OF_EACH_GPU.search(" ".join(total.label)))})
            > 1
        ):
            continue
        if any(item.claim.quantity is not None and item.claim.quantity.approximate for item in present):
            loose = sum(part.interval.middle for part in parts)
            if abs(loose - total.interval.middle) < 0.15 * loose:
                continue
        yield from judged_total(rule, context, total, parts, None)


_LEAST_PART = 1000.0


def _sibling_lists(context: Context) -> Iterator[list[Block]]:
    groups: dict[tuple[int, tuple[int, ...]], list[Block]] = {}
    for block in context.document.blocks:
        if block.list_path and block.kind is BlockKind.PARAGRAPH:
            groups.setdefault((block.section, block.list_path[:-1]), []).append(block)
    for blocks in groups.values():
        # nested items make an item's amount a subtotal
        if len({block.list_path for block in blocks}) == len(blocks):
            yield blocks


_PARTS = frozenset(
    {
        "weight",
        "parameter",
        "activation",
        "gradient",
        "optimizer",
        "optimiser",
        "cache",
        "kv",
        "buffer",
        "workspace",
        "runtime",
        "overhead",
        "state",
        "adam",
        "embedding",
        "expert",
        "attention",
    }
)


def _additive(context: Context, item: Item) -> bool:
    """Whether a line names a component of memory (not a capacity, a limit or an amount per layer)."""
    del context
    return bool(_PARTS & set(item.label)) and "layer" not in item.label and not NOT_ADDED & set(item.label)


def _is_list_total(item: Item) -> bool:
    return bool({"total", "sum"} & set(item.label)) and not {"cluster", "pool"} & set(item.label)


def _line_item(context: Context, block: Block, facts: object) -> Item | None:
    """The amount a list line states: the result of its computation, else its first number with a hard unit."""
    del facts
    numbers = [
        n for n in context.claims.numbers_in(block.index) if n.quantity is not None and n.quantity.unit is not None and n.quantity.unit.hard
    ]
    results = [n for n in numbers if n.relation in ("=", "≈", "→")]
    chosen = (results or numbers)[:1]
    if not chosen:
        return None
    return item_of(chosen[0], normalise(chosen[0].label))
