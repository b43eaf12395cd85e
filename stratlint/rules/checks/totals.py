"""Totals of table columns, against the rows that they sum up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval, exactly
from stratlint.document import Table
from stratlint.facts.kinds import measures_of
from stratlint.facts.phrases import normalise
from stratlint.facts.tables import shape_of
from stratlint.rules.checks.passages import nominal
from stratlint.rules.context import Context, Verdict, amount_text, finding, number_text
from stratlint.rules.finding import Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_TOTAL = frozenset(
    {"total", "sum", "altogether", "overall", "subtotal", "all", "used", "both", "together", "合计", "总计", "total required"}
)
_STRICT_TOTAL = frozenset({"total", "sum", "合计", "总计", "altogether"})
NOT_ADDED = frozenset(
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
        if any(NOT_ADDED & set(part.label) for part in present) or len({part.measure for part in (*present, total)} - {"count"}) > 1:
            continue
        if any(_is_factor(context, part) for part in present) or len({part.measure for part in present}) > 1:
            continue  # "8 GPUs" and "192 GB each" are no parts of one total
        if len({_is_rate(part) for part in present}) > 1:
            continue  # requests per second above files
        if weights is not None and weights[0] != column:
            weighted.append((total, present))
        elif weights is None:
            yield from judged_total(rule, context, total, present, None)
    if weights is not None:
        # where one column is weighed, a mean of another kind in its neighbour is none
        sure = any(_weighs(total, added, weights[1]) for total, added in weighted)
        for total, added in weighted:
            yield from judged_total(rule, context, total, added, weights[1], sure=sure)


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
    return item_of(numbers[0], label, header)


# A negative amount in accountants' brackets, and a mean.
_NOT_A_PART = Pattern(r"(?i)^\W*\(\s*[$€£]?[\d.,]+\s*[A-Za-z]*\)\W*$|\bavg\b|\baverage\b|\bmean\b")
_NESTED = Pattern(r"^[\s*_`]*(?:↳|└|├|of which|including|thereof|incl\.)")


def item_of(number: NumberClaim, label: tuple[str, ...], header: tuple[str, ...] = ()) -> Item | None:
    """A number as a part or a total; None for what does not add up: speed-ups, spans, struck and quoted figures."""
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


def judged_total(
    rule: Rule, context: Context, total: Item, parts: Sequence[Item], weights: Sequence[Item] | None, *, sure: bool = False
) -> Iterator[Verdict]:
    """The verdict over *total* and the sum of *parts*, weighted where a column of weights adds up to one."""
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
        yield Verdict(rule.name, Status.VERIFIED, numbers, used, f"{formula} = {printed}")
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
            formula=f"{formula} = {printed}", related=[context.location(p.claim.span, "part") for p in parts[:12]],
            root=f"total:{total.claim.span.start}",
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
