"""Totals and parts: in a table column, in a list, and in sentences such as "58 GB of the 52 GB pool"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval, exactly
from stratlint.document import Block, BlockKind, Table
from stratlint.facts.fact import Fact
from stratlint.facts.kinds import measures_of
from stratlint.facts.phrases import normalise
from stratlint.facts.tables import shape_of
from stratlint.rules.checks.passages import OF_EACH_GPU, nominal
from stratlint.rules.context import Context, Verdict, amount_text, finding, number_text
from stratlint.rules.finding import Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_TOTAL = frozenset(
    {"total", "sum", "altogether", "overall", "subtotal", "all", "used", "both", "together", "合计", "总计", "total required"}
)
_STRICT_TOTAL = frozenset({"total", "sum", "合计", "总计", "altogether"})
_NOT_ADDED = frozenset(
    {"mean", "average", "avg", "max", "min", "peak", "p50", "p95", "p99", "limit", "budget", "capacity", "available", "target"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """A number that may be a part or the total, in base units of its measure."""

    claim: NumberClaim
    interval: Interval
    measure: str
    label: tuple[str, ...]


def check_table_total(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The rows of a column do not add up to its total row."""
    for table in context.document.tables:
        yield from _table(rule, context, table)


def _table(rule: Rule, context: Context, table: Table) -> Iterator[Verdict]:
    shape = shape_of(table, context.document)
    labels = [normalise(label) for label in shape.labels]
    totals = [row for row in range(2, len(table.rows)) if _is_total(labels[row])]
    totals = [row for row in totals if not _is_named(context, table, row)]
    if len(totals) != 1 or (totals[0] != len(table.rows) - 1 and not _only_after(labels, totals[0])):
        return
    total_row = totals[0]
    weights = _weights(context, table, shape.columns, total_row)
    weighted: list[tuple[Item, list[Item]]] = []
    for column in range(1, len(table.rows[0])):
        if shape.columns[column].role in ("formula", "note", "change", "statistic"):
            continue
        total = _cell_item(context, table, total_row, column)
        parts = [_cell_item(context, table, row, column) for row in range(1, total_row)]
        present = [part for part in parts if part is not None]
        if total is None or len(present) < 2 or len(present) < len(parts):
            continue
        if any(_NOT_ADDED & set(part.label) for part in present) or len({part.measure for part in (*present, total)} - {"count"}) > 1:
            continue
        if any(_is_factor(context, part) for part in present) or len({part.measure for part in present}) > 1:
            continue  # "8 GPUs" and "192 GB each" are no parts of one total
        if len({_is_rate(part) for part in present}) > 1:
            continue  # requests per second above files
        if weights is not None and weights[0] != column:
            weighted.append((total, present))
        elif weights is None:
            yield from _judge(rule, context, total, present, None)
    if weights is not None:
        # where one column is weighed, a mean of another kind in its neighbour is none
        sure = any(_weighs(total, added, weights[1]) for total, added in weighted)
        for total, added in weighted:
            yield from _judge(rule, context, total, added, weights[1], sure=sure)


def _is_rate(part: Item) -> bool:
    unit = part.claim.quantity.unit if part.claim.quantity is not None else None
    return unit is not None and ("time", -1.0) in unit.hard


def _weighs(total: Item, parts: Sequence[Item], weights: Sequence[Item]) -> bool:
    summed = exactly(0.0)
    for part, weight in zip(parts, weights, strict=True):
        summed = summed + part.interval * weight.interval
    return summed.overlaps(total.interval)


# Degrees and sizes multiply: "TP 8, PP 2, total GPUs 512" is no sum.
_FACTORS = ("parallel.", "batch.", "sequence.", "placement.", "cluster.gpus_per", "cluster.nodes", "cluster.replicas", "model.layers")


def _is_factor(context: Context, part: Item) -> bool:
    return any(fact.kind.startswith(_FACTORS) for fact in context.facts.of_claim(part.claim.index))


# Words that a name may begin with as well ("Together AI", "All reduce", "Used memory"): they are totals alone.
_ALONE = frozenset({"together", "all", "both", "step", "score"})


def _is_total(label: tuple[str, ...]) -> bool:
    if label[:2] in (("all", "to"), ("all", "reduce"), ("all", "gather")):
        return False
    if (
        label
        and label[0] in _ALONE
        and len(label) > 1
        and label[1] not in ("gpus", "layers", "ranks", "parts", "rows", "pools", "stages", "three", "four")
    ):
        return False
    return (
        bool(label) and (label[0] in _TOTAL or (len(label) <= 3 and bool(_STRICT_TOTAL & set(label)))) and "utilization" not in label
    ) or label in (("score",), ("step",))


_NAME = Pattern(r"[A-Za-z][\w./-]*\d|[A-Za-z]+[/_][A-Za-z]")


def _is_named(context: Context, table: Table, row: int) -> bool:
    """Whether a row called "together" or "all" has a name of its own beside it, as the others have: a row like them."""
    if len(table.rows[row]) < 3:
        return False
    cells = [context.document.blocks[cells[1]].text for cells in table.rows[1:]]
    return all(_NAME.search(text) for text in cells)


def _only_after(labels: Sequence[tuple[str, ...]], row: int) -> bool:
    """Rows after the total speak of something else (free memory, a percentage)."""
    return row >= len(labels) - 4


def _weights(context: Context, table: Table, columns: Sequence[object], total_row: int) -> tuple[int, list[Item]] | None:
    """A column of weights that add up to 1 or 100 %: the total is then a weighted mean."""
    for column in range(1, len(table.rows[0])):
        header = normalise(context.document.blocks[table.rows[0][column]].text)
        if "weight" not in header:
            continue
        items = [_cell_item(context, table, row, column) for row in range(1, total_row)]
        if all(item is not None for item in items):
            present = [item for item in items if item is not None]
            printed = [item.claim.value or 0.0 for item in present]
            if abs(sum(printed) - 1) < 1e-9:  # chosen, not measured
                chosen = zip(present, printed, strict=True)
                return column, [replace(item, interval=exactly(value)) for item, value in chosen]
            if abs(sum(item.interval.middle for item in present) - 1) < 0.02:
                return column, present
    del columns
    return None


def _cell_item(context: Context, table: Table, row: int, column: int) -> Item | None:
    """The one number of a cell (of several the last result), None when the cell says nothing to add."""
    block = context.document.blocks[table.rows[row][column]]
    numbers = [n for n in context.claims.numbers_in(block.index) if n.quantity is not None] if block.text.strip() else []
    if not numbers:
        return None
    if len(numbers) > 1:
        # "4 × 44 MB × 58 = 10.2 GB" says how its result was found
        numbers = numbers[-1:] if numbers[-1].relation == "=" and all(n.operand for n in numbers[:-1]) else []
    if not numbers or _NOT_A_PART.search(block.text):
        return None
    if _NESTED.match(context.document.blocks[table.rows[row][0]].text):
        return None  # what its parent already counts
    if block.text[numbers[0].end : numbers[0].end + 1] == "+":
        return None  # "800+" is more than that
    label = normalise(context.document.blocks[table.rows[row][0]].text)
    header = normalise(context.document.blocks[table.rows[0][column]].text)
    return _item(numbers[0], label, header)


# A negative amount in accountants' brackets, and a mean.
_NOT_A_PART = Pattern(r"(?i)^\W*\(\s*[$€£]?[\d.,]+\s*[A-Za-z]*\)\W*$|\bavg\b|\baverage\b|\bmean\b")
_NESTED = Pattern(r"^[\s*_`]*(?:↳|└|├|of which|including|thereof|incl\.)")


def _item(number: NumberClaim, label: tuple[str, ...], header: tuple[str, ...] = ()) -> Item | None:
    quantity = number.quantity
    if quantity is None or quantity.high is not None or quantity.times or number.struck or number.quoted:
        return None  # speed-ups do not add up
    measures = measures_of(quantity)
    measure = next((m for m in ("bytes", "time", "speed", "work", "share", "money") if m in measures), "count")
    if quantity.bytes_too:
        measure = "count"
    factor = quantity.units[0].factor if quantity.units and measure != "count" else 1.0
    if measure == "share":
        factor = 1.0
    del header
    return Item(number, quantity.interval(factor), measure, label)


def _judge(
    rule: Rule, context: Context, total: Item, parts: Sequence[Item], weights: Sequence[Item] | None, *, sure: bool = False
) -> Iterator[Verdict]:
    summed = exactly(0.0)
    for index, part in enumerate(parts):
        share = part.interval if weights is None else part.interval * weights[index].interval
        summed = summed + share
    if all(part.measure == "share" for part in parts) and total.measure == "share":
        summed = summed.widened(0.01)
    terms = [p.claim.text if weights is None else f"{weights[i].claim.text}·{p.claim.text}" for i, p in enumerate(parts)]
    formula = " + ".join(" ".join(term.split()) for term in terms) if len(terms) <= 12 else f"the {len(terms)} parts"
    value, unit = _nominal_sum(summed, parts, weights), total.claim.quantity.unit_text if total.claim.quantity else ""
    printed = f"{number_text(value)} %" if unit == "%" else amount_text(value, total.measure, unit)
    numbers, used = (total.claim.index,), tuple(part.claim.index for part in parts)
    if _rounded_total(summed, total, parts) or summed.overlaps(total.interval) or summed.overlaps(total.interval.widened(0.002)):
        yield Verdict(rule.name, Status.VERIFIED, (*numbers, *used), (), f"{formula} = {printed}")
        return
    least, most = min(p.interval.low for p in parts), max(p.interval.high for p in parts)
    if not sure and total.measure in ("count", "speed", "share") and least < total.interval.middle < most:
        return  # a mean of some kind
    if rule.options.get("part") == "sum" and _hidden_structure(summed, total, parts):
        return
    message = f"claims a total of {' '.join(total.claim.text.split())}, but {formula} = {printed}"
    if _signed(context, total, parts):
        return  # changes of rows, some up and some down
    # A total above many rows may hold others that are not shown: a profile lists its longest operations.
    # Below them it may be the time of a whole whose parts are listed with their own parts.
    several = rule.options.get("part") == "sum" and not sure and len(parts) >= _MANY_ROWS
    shown_in_part = several and (total.interval.low > _MORE_THAN_SHOWN * summed.high or summed.low > _NESTED_ROWS * total.interval.high)
    yield Verdict(
        rule.name, Status.IMPLAUSIBLE if shown_in_part else Status.CONTRADICTED, numbers, used, f"{formula} = {printed}",
        finding(
            severity=Severity.WARNING if shown_in_part else None, rule=rule, context=context, message=message,
            location=context.location(total.claim.span, "total"), block=total.claim.block, claimed=total.claim.text, computed=printed,
            formula=f"{formula} = {printed}", related=[context.location(p.claim.span, "part") for p in parts[:12]], root=f"total:{total.claim.span.start}",
        ),
    )  # fmt: skip


def _nominal_sum(summed: Interval, parts: Sequence[Item], weights: Sequence[Item] | None) -> float:
    """The sum of what is printed: the middle of *summed* is off where digits may have been cut."""
    shares = [1.0] * len(parts) if weights is None else [nominal(w.claim, w.interval) for w in weights]
    value = sum(share * nominal(part.claim, part.interval) for share, part in zip(shares, parts, strict=True))
    return value if summed.low <= value <= summed.high else summed.middle


def _rounded_total(summed: Interval, total: Item, parts: Sequence[Item]) -> bool:
    """Whether a whole number is what parts with decimals add up to."""
    quantity = total.claim.quantity
    fine = any(part.claim.quantity is not None and not part.claim.quantity.number.integer for part in parts)
    if quantity is None or not quantity.number.integer or not fine or not quantity.number.value:
        return False
    half = total.interval.middle / quantity.number.value / 2
    return summed.overlaps(Interval(total.interval.middle - half, total.interval.middle + half))


_MORE_THAN_SHOWN, _NESTED_ROWS, _MANY_ROWS = 1.05, 1.2, 6


def _signed(context: Context, total: Item, parts: Sequence[Item]) -> bool:
    """Whether a sign is written before the total or any part: "+178 ms", "−12"."""
    blocks = context.document.blocks
    return any(blocks[item.claim.block].text[: item.claim.start].rstrip()[-1:] in ("+", "-", "−") for item in (total, *parts))


_PAIR = 2
_MORE_ROWS = 1.2


def _hidden_structure(summed: Interval, total: Item, parts: Sequence[Item]) -> bool:
    """Subtotals, means and alternatives among the rows: a total that some natural subset gives is left alone."""
    middle = [part.interval.middle for part in parts]
    goal = total.interval
    if len(parts) == _PAIR and goal.low > _MORE_ROWS * summed.high:
        return True  # two rows are shown of more
    whole = sum(middle)
    for value in middle:
        rest = whole - value
        if goal.overlaps(exactly(rest)) or goal.overlaps(Interval(rest * 0.998, rest * 1.002)):
            return True  # one row repeats others or is no part
    mean = summed.middle / len(parts)
    return bool(goal.overlaps(Interval(mean * 0.99, mean * 1.01)) or any(goal.overlaps(part.interval) for part in parts))


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
        one, two = _item(part, ()), _item(whole, ())
        if one is None or two is None or not _same_thing(part, whole, one, two):
            continue
        formula = f"{' '.join(part.text.split())} ≤ {' '.join(whole.text.split())}"
        if one.interval.low <= two.interval.high:
            yield Verdict(rule.name, Status.VERIFIED, (part.index, whole.index), (), formula)
            continue
        message = f"a part of {' '.join(part.text.split())} is more than its whole, {' '.join(whole.text.split())}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (part.index,), (whole.index,), message,
            finding(
                rule, context, message, context.location(part.span, "part"), block=part.block, claimed=part.text, computed=f"at most {' '.join(whole.text.split())}",
                formula=f"{' '.join(part.text.split())} > {' '.join(whole.text.split())}", related=[context.location(whole.span, "whole")], root=f"part:{part.span.start}",
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
                    computed=f"at least {' '.join(part.claim.text.split())}", formula=f"{' '.join(part.claim.text.split())} > {' '.join(total.claim.text.split())}",
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
    return bytes_of_gpu and part.claim.relation in ("=", "≈", "→") and not _NOT_ADDED & set(part.label) and "gpu" in total.label


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
        yield from _judge(rule, context, total, parts, None)


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
    return bool(_PARTS & set(item.label)) and "layer" not in item.label and not _NOT_ADDED & set(item.label)


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
    return _item(chosen[0], normalise(chosen[0].label))


__all__ = ["check_part_over_whole", "check_table_total", "number_text"]
