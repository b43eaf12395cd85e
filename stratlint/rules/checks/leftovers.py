"""Rows of a table that a difference or a share of one peak ties together: what is left of a card, and parts of its peak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.document import Table
from stratlint.facts.phrases import normalise
from stratlint.rules.checks.catalog import precisions_in
from stratlint.rules.checks.passages import asserted
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_WHOLE = frozenset({"usable", "total", "capacity", "available", "hbm", "vram", "budget", "card", "allowed", "可用", "总", "显存", "容量"})
_LEFT = frozenset({"left", "remaining", "remain", "free", "rest", "remainder", "headroom", "剩余", "余量"})
_NOT_TAKEN = frozenset({"of", "peak", "max", "target", "limit", "share", "utilization", "utilisation", "percent", "tokens", "其中"})
_NEAR, _PROVED = 0.01, 0.03


@dataclass(frozen=True, slots=True)
class _Cell:
    """The one amount of a cell."""

    number: NumberClaim
    interval: Interval
    value: float
    text: str


def _cell(context: Context, block: int) -> _Cell | None:
    numbers = [n for n in context.claims.numbers_in(block) if n.quantity is not None]
    if len(numbers) != 1 or not asserted(context, numbers[0]) or numbers[0].relation in ("<", ">", "≤", "≥"):
        return None
    quantity = numbers[0].quantity
    assert quantity is not None
    if quantity.high is not None or quantity.times or quantity.number.value <= 0:
        return None
    factor = quantity.unit.factor if quantity.unit else 1.0
    return _Cell(
        numbers[0], quantity.interval(factor), quantity.number.value * quantity.magnitude * factor, " ".join(numbers[0].text.split())
    )


def check_rest_of_table(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`| usable | 72 | … | left for cache | 55 |`: the first row less the rows between."""
    for table in context.document.tables:
        if not 4 <= len(table.rows) <= 12:
            continue
        labels = [normalise(context.document.blocks[row[0]].text) for row in table.rows]
        body = range(1, len(table.rows))
        if not _WHOLE & set(labels[1]) or not _LEFT & set(labels[-1]) or any(_NOT_TAKEN & set(labels[row]) for row in body):
            continue
        for column in range(1, len(table.rows[0])):
            cells = [_cell(context, table.rows[row][column]) for row in body if column < len(table.rows[row])]
            if len(cells) == len(body) and all(cell is not None for cell in cells):
                yield from _rest(rule, context, [cell for cell in cells if cell is not None])


def _rest(rule: Rule, context: Context, cells: Sequence[_Cell]) -> Iterator[Verdict]:
    whole, *taken, left = cells
    units = {
        cell.number.quantity.unit.hard if cell.number.quantity is not None and cell.number.quantity.unit is not None else ()
        for cell in cells
    }
    if len(units) != 1 or sum(cell.value for cell in taken) >= whole.value or left.value >= whole.value:
        return
    rest = whole.interval
    for cell in taken:
        rest = rest - cell.interval
    formula = " − ".join((whole.text, *(cell.text for cell in taken)))
    used = tuple(cell.number.index for cell in (whole, *taken))
    slack = _NEAR * whole.value
    if Interval(rest.low - slack, rest.high + slack).overlaps(left.interval):
        yield Verdict(rule.name, Status.VERIFIED, (left.number.index,), used, formula)
        return
    for cell in taken:  # a row that is a part of another, or of something else
        if (rest + cell.interval).widened(_NEAR).overlaps(left.interval):
            return
    factor = left.value / (left.number.value or left.value)
    shown = number_text((whole.value - sum(cell.value for cell in taken)) / factor)
    yield _refuted(rule, context, left, f"{formula} = {shown}", shown, (whole, *taken))


_SHARE = Pattern(r"(?i)\bpeak\b|\b(?:mfu|mbu|hfu)\b|峰值")
_RATE = Pattern(r"(?i)\b[TGP]FLOP/?S\b|\b[GT]B/s\b|bandwidth")
_DEVICE = frozenset({"gpu", "device", "card", "accelerator", "hardware", "chip", "显卡", "芯片"})
_OTHERS = 2


def check_shares_of_peak(rule: Rule, context: Context) -> Iterator[Verdict]:
    """One row's share of the peak implies another peak than the other rows of the same GPU do."""
    for table in context.document.tables:
        headers = [context.document.blocks[index].text for index in table.rows[0]]
        shares = [column for column, header in enumerate(headers) if column and _SHARE.search(header)]
        named = _DEVICE & set(normalise(headers[0]))
        if len(shares) != 1 or len({len(row) for row in table.rows}) != 1 or len(table.rows) < _OTHERS + 2:
            continue
        for column in range(1, len(headers)):
            if column != shares[0] and _is_rate(context, table, column, headers[column]):
                yield from _groups(rule, context, table, column, shares[0], by_label=bool(named))


def _is_rate(context: Context, table: Table, column: int, header: str) -> bool:
    """Whether a column has FLOP/s or bytes/s, by its header or its units."""
    if _RATE.search(header):
        return True
    cell = _cell(context, table.rows[1][column])
    unit = cell.number.quantity.unit if cell is not None and cell.number.quantity is not None else None
    return unit is not None and unit.hard in ((("computation", 1.0), ("time", -1.0)), (("information", 1.0), ("time", -1.0)))


def _groups(rule: Rule, context: Context, table: Table, value: int, share: int, *, by_label: bool) -> Iterator[Verdict]:
    groups: dict[str, list[tuple[_Cell, _Cell]]] = {}
    for row in table.rows[1:]:
        one, two = _cell(context, row[value]), _cell(context, row[share])
        if one is not None and two is not None:
            formats = ",".join(sorted(set().union(*(precisions_in(context.document.blocks[index].text) for index in row))))
            groups.setdefault(f"{context.document.blocks[row[0]].text.strip() if by_label else ''}|{formats}", []).append((one, two))
    for rows in groups.values():
        if len(rows) <= _OTHERS:
            continue
        implied = [one.interval / two.interval for one, two in rows]
        for index, (one, two) in enumerate(rows):
            others = [each for at, each in enumerate(implied) if at != index]
            low, high = max(each.low for each in others), min(each.high for each in others)
            if low > high * (1 + _NEAR) or implied[index].widened(_PROVED).overlaps(Interval(min(low, high), max(low, high))):
                continue
            peak = (low + high) / 2
            shown = f"{number_text(100 * one.value / peak, 3)} %"
            line = f"{one.text} is {shown} of the peak that the other {len(others)} rows share"
            yield _refuted(rule, context, two, line, shown, (one,))
            break


# Shares that stand for themselves, whatever columns their table has besides.
_OTHER_SHARE = Pattern(
    r"(?i)\b(?:change|diff\w*|delta|growth|gain|reduction|saving|saved|overhead|error|improvement|speed-?up|mfu|mbu|hfu|peak)\b|[Δ±]|变化|提升"
)
_TELLING_SHARES = 2


def check_shares_of_columns(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`| available | used | share |`: one row breaks the quotient of two columns that the other rows print."""
    for table in context.document.tables:
        if (
            len({len(row) for row in table.rows}) != 1
            or not 4 <= len(table.rows) <= _MOST_ROWS
            or not 4 <= len(table.rows[0]) <= _MOST_COLUMNS
        ):
            continue
        rows = [[_cell(context, index) for index in row] for row in table.rows[1:]]
        for share in range(1, len(rows[0])):
            if _OTHER_SHARE.search(context.document.blocks[table.rows[0][share]].text) or not all(_is_share(row[share]) for row in rows):
                continue
            broken = _broken_share(rows, share)
            if broken is not None:
                row, part, whole = broken
                claim, one, two = rows[row][share], rows[row][part], rows[row][whole]
                assert claim is not None and one is not None and two is not None
                shown = f"{number_text(100 * one.value / two.value, 3)} %"
                yield _refuted(
                    rule, context, claim, f"{one.text} ÷ {two.text} = {shown}, as in the other {len(rows) - 1} rows", shown, (one, two)
                )


_MOST_ROWS, _MOST_COLUMNS = 24, 8


def _is_share(cell: _Cell | None) -> bool:
    quantity = cell.number.quantity if cell is not None else None
    return quantity is not None and quantity.unit is not None and quantity.unit.canonical == "percent"


def _broken_share(rows: Sequence[Sequence[_Cell | None]], share: int) -> tuple[int, int, int] | None:
    """The row, and the two columns, whose quotient the share is in all other rows."""
    columns = [c for c in range(len(rows[0])) if c != share and all(row[c] is not None and not _is_share(row[c]) for row in rows)]
    found: list[tuple[int, int, int]] = []
    for part in columns:
        for whole in columns:
            if part == whole:
                continue
            kept: set[float] = set()
            broken: list[int] = []
            for index, row in enumerate(rows):
                one, two, told = row[part], row[whole], row[share]
                assert one is not None and two is not None and told is not None
                ratio = one.interval / two.interval
                if ratio.overlaps(told.interval):
                    kept.add(told.value)
                elif not ratio.widened(_PROVED).overlaps(told.interval):
                    broken.append(index)
            if not broken and len(kept) >= _TELLING_SHARES:
                return None  # these columns explain every row
            if len(broken) == 1 and len(kept) >= _TELLING_SHARES:
                found.append((broken[0], part, whole))
    return found[0] if len(found) == 1 else None


def _refuted(rule: Rule, context: Context, claim: _Cell, line: str, computed: str, premises: Sequence[_Cell]) -> Verdict:
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.number.index,), tuple(cell.number.index for cell in premises), line,
        finding(
            rule, context, f"claims {claim.text}, but {line}", context.location(claim.number.span, "claim"), block=claim.number.block,
            claimed=claim.text, computed=computed, formula=line,
            related=[context.location(cell.number.span, "premise") for cell in premises],
            root=f"{rule.name}:{claim.number.span.start}",
        ),
    )  # fmt: skip


__all__ = ["check_rest_of_table", "check_shares_of_columns", "check_shares_of_peak"]
