"""Three columns of a table of which one is the product of the others: the row that breaks what the others keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.phrases import normalise
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.rule import Rule

# Units that stand in headers make a constant factor.
_FACTORS = (1.0, 1e3, 1e6)
# Coarse figures keep every product by chance, and among many columns some three do: the header must call for a product.
_PRODUCTS = frozenset(
    {"cost", "amount", "total", "hour", "spend", "aggregate", "energy", "kwh", "mwh", "gpu", "chip", "bill", "fleet",
     "cluster", "together", "费用", "总", "合计", "成本"}
)  # fmt: skip
_DEGREES = frozenset({"tp", "pp", "ep", "dp", "cp", "etp", "vpp", "vp"})
_RATIOS = frozenset({"ratio", "speedup", "factor", "加速比"})
_PER = frozenset({"per", "each", "speedup", "ratio", "share", "utilization", "utilisation", "mfu", "每"})
_SHARES = frozenset({"percent", "permille"})
# Rounded to hundreds or computed from longer operands: a row keeps the product within the first and breaks it beyond
# the second.
_KEPT, _BROKEN = 0.01, 0.03
# Measured columns agree by their nature (tokens/s × s = tokens), within what is measured with them.
_BROKEN_MEASURED = 0.1
_ENOUGH, _ENOUGH_WITH_FACTOR = 2, 3
_WIDEST = 16
_LARGEST_COUNT = 1024
_SUMMARY = frozenset(
    {
        "total",
        "sum",
        "mean",
        "average",
        "avg",
        "median",
        "min",
        "max",
        "subtotal",
        "overall",
        "target",
        "合计",
        "总计",
        "平均",
    }
)


# The blocks of a table's cells, row by row or column by column.
Grid = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The one number of a cell with the interval its printed digits mean, in base units."""

    number: NumberClaim
    interval: Interval
    printed: float


@dataclass(frozen=True, slots=True)
class _Law:
    """`first × second = product × factor` in `kept` rows and in none of `broken`."""

    first: int
    second: int
    product: int
    factor: float
    kept: tuple[int, ...]
    broken: tuple[int, ...]


def check_column_product(rule: Rule, context: Context) -> Iterator[Verdict]:
    """One row breaks the product that the other rows of three columns keep, or one column that of three rows."""
    for table in context.document.tables:
        grid: Grid = table.rows
        yield from _grid(rule, context, grid)
        if len({len(row) for row in grid}) == 1:
            yield from _grid(rule, context, tuple(zip(*grid, strict=True)))


def _grid(rule: Rule, context: Context, table: Grid) -> Iterator[Verdict]:
    if len(table) <= _ENOUGH + 1 or not 3 <= len(table[0]) <= _WIDEST:
        return
    kept = [table[0], *(row for row in table[1:] if not _SUMMARY & set(normalise(context.document.blocks[row[0]].text)))]
    rows = [[_cell(context, index) for index in row] for row in kept[1:]]
    headers = [set(normalise(context.document.blocks[index].text)) for index in table[0]]
    ratios = [column for column, words in enumerate(headers) if words & _RATIOS]
    if sum(bool(words & _DEGREES) for words in headers) > 1:
        return  # how degrees fill the GPUs differs from row to row: EP may or may not multiply
    products = [column for column, words in enumerate(headers) if words & _PRODUCTS and not words & _PER]
    done: set[int] = set()
    # a row that one product has exposed says nothing of the next
    for _ in range(len(rows)):
        every = list(_laws(rows, done, products, ratios))
        laws = [law for law in every if len(law.broken) == 1 and not _kept_otherwise(law, every) and not _turned(context, kept, law)]
        if not laws:
            break
        law = max(laws, key=lambda law: (len(law.kept), -law.factor))
        done.add(law.broken[0])
        yield _broken(rule, context, table, law, rows[law.broken[0]])
    for law in _laws(rows, done, products, ratios):
        if not law.broken:
            names = _names(context, table, law)
            for row in law.kept:
                cells = [rows[row][column] for column in (law.product, law.first, law.second)]
                numbers = tuple(c.number.index for c in cells if c is not None)
                yield Verdict(rule.name, Status.CONSISTENT, numbers[:1], numbers[1:], names)


def _kept_otherwise(law: _Law, every: Sequence[_Law]) -> bool:
    """Whether another column in place of one factor keeps the product in all rows (two speed-ups side by side)."""
    shared = {law.first, law.second}
    return any(not other.broken and other.product == law.product and shared & {other.first, other.second} for other in every)


_LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]+")


def _turned(context: Context, table: Grid, law: _Law) -> bool:
    """Whether the row that breaks the law carries a word none of the others has: "B 1.14×" among "A 3.14×" is the inverse."""
    marks: list[set[str]] = []
    for row in table[1:]:
        texts = [context.document.blocks[row[column]].text for column in (law.first, law.second, law.product)]
        marks.append({word for text in texts for word in _LETTERS.findall(re.split(r"\d", text, maxsplit=1)[0])})
    return bool(marks[law.broken[0]] - set().union(*(marks[row] for row in law.kept)))


def _cell(context: Context, block: int) -> _Cell | None:
    numbers = [n for n in context.claims.numbers_in(block) if n.quantity is not None]
    if len(numbers) != 1 or numbers[0].struck or numbers[0].quoted or numbers[0].relation in ("<", ">", "≤", "≥"):
        return None
    quantity = numbers[0].quantity
    if quantity is None or quantity.high is not None or quantity.number.value <= 0:
        return None
    if quantity.unit is not None and quantity.unit.canonical in _SHARES:
        return None
    factor = quantity.unit.factor if quantity.unit else 1.0
    return _Cell(numbers[0], quantity.interval(factor), quantity.number.value * quantity.magnitude * factor)


def _laws(rows: Sequence[Sequence[_Cell | None]], done: set[int], products: Sequence[int], ratios: Sequence[int]) -> Iterator[_Law]:
    width = max((len(row) for row in rows), default=0)
    for product in range(width):
        for first, second in combinations([c for c in range(width) if c != product], 2):
            named = product in products or first in ratios or second in ratios
            present = [
                (index, row) for index, row in enumerate(rows)
                if index not in done and len(row) == width and all(row[c] is not None for c in (first, second, product))
            ]  # fmt: skip
            if len(present) <= _ENOUGH:
                continue
            exact = not named and not all(_dimensions_multiply(row, first, second, product) for _, row in present)
            for factor in _FACTORS if product in products else (1.0,):
                law = _law(first, second, product, factor, present, _BROKEN if named else _BROKEN_MEASURED)
                if law is not None and product not in products and len(law.kept) < _ENOUGH_WITH_FACTOR and (named or exact):
                    continue
                if law is not None and exact and not all(_exactly(rows[index], law) for index in law.kept):
                    continue
                if law is not None:
                    yield law


def _exactly(row: Sequence[_Cell | None], law: _Law) -> bool:
    """Whether a row has the product to the last of four digits or more: no chance, whatever the headers say."""
    one, two, result = row[law.first], row[law.second], row[law.product]
    assert one is not None and two is not None and result is not None
    whole = all(cell.number.quantity is not None and cell.number.quantity.number.integer for cell in (one, two, result))
    return (
        whole
        and result.printed >= _TELLING_PRODUCT
        and min(one.printed, two.printed) > _LEAST_FACTOR
        and one.printed * two.printed == result.printed
    )


_TELLING_PRODUCT, _LEAST_FACTOR = 1000, 8


def _dimensions_multiply(row: Sequence[_Cell | None], first: int, second: int, product: int) -> bool:
    """Whether units say what headers do not: tokens/s × hours are tokens."""
    powers: dict[str, float] = {}
    for column, sign in ((first, 1), (second, 1), (product, -1)):
        cell = row[column]
        quantity = cell.number.quantity if cell is not None else None
        unit = quantity.unit if quantity is not None else None
        if column != product and (unit is None or not unit.hard):
            return False
        for name, power in unit.hard if unit is not None else ():
            powers[name] = powers.get(name, 0.0) + sign * power
    return not any(powers.values())


def _law(
    first: int, second: int, product: int, factor: float, rows: Sequence[tuple[int, Sequence[_Cell | None]]], limit: float
) -> _Law | None:
    kept: list[int] = []
    broken: list[int] = []
    telling: set[tuple[float, float]] = set()
    for index, row in rows:
        one, two, result = row[first], row[second], row[product]
        assert one is not None and two is not None and result is not None
        ratio = one.printed * two.printed / (result.printed * factor)
        if abs(ratio - 1) <= _KEPT or (one.interval * two.interval).overlaps(result.interval.scaled(factor)):
            kept.append(index)
            if 1.0 not in (one.printed, two.printed) and abs(ratio - 1) <= _KEPT:
                telling.add((one.printed, two.printed))
        elif (
            abs(ratio - 1) > limit
            and not (_one_off(one) * _one_off(two)).overlaps(result.interval.scaled(factor))
            and not _explained(ratio, row, (first, second, product))
        ):
            broken.append(index)
            if len(broken) > 1:
                return None
        else:
            return None
    if len(telling) < (_ENOUGH if factor == 1.0 else _ENOUGH_WITH_FACTOR):
        return None
    return _Law(first, second, product, factor, tuple(kept), tuple(broken))


def _one_off(cell: _Cell) -> Interval:
    """What a coarse figure (0.018) may stand for when its last digit was a mean's or was rounded twice."""
    quantity = cell.number.quantity
    if quantity is None or quantity.counted or quantity.number.digits > _COARSE_DIGITS:
        return cell.interval
    step = quantity.number.ulp * cell.printed / quantity.number.value
    return Interval(cell.printed - step, cell.printed + step)


_COARSE_DIGITS = 2


def _explained(ratio: float, row: Sequence[_Cell | None], known: tuple[int, ...]) -> bool:
    """Whether another number of the row (PP beside TP and DP, a count of pools) or two of them fill the gap."""
    others = [
        cell.printed for column, cell in enumerate(row)
        if cell is not None and column not in known and _is_count(cell.number) and 1 < cell.printed <= _LARGEST_COUNT
    ]  # fmt: skip
    sizes = [*others, *(a * b for a, b in combinations(others, 2))]
    return any(abs(ratio * size - 1) <= _BROKEN or abs(ratio / size - 1) <= _BROKEN for size in sizes)


def _is_count(number: NumberClaim) -> bool:
    quantity = number.quantity
    return quantity is not None and quantity.number.integer and not (quantity.unit is not None and quantity.unit.hard)


def _names(context: Context, table: Grid, law: _Law) -> str:
    first, second, product = (" ".join(context.document.blocks[table[0][c]].text.split()) for c in (law.first, law.second, law.product))
    return f"{first} × {second} = {product}"


def _broken(rule: Rule, context: Context, table: Grid, law: _Law, row: Sequence[_Cell | None]) -> Verdict:
    one, two, result = row[law.first], row[law.second], row[law.product]
    assert one is not None and two is not None and result is not None
    first, second, claimed = (" ".join(cell.number.text.split()) for cell in (one, two, result))
    quantity = result.number.quantity
    assert quantity is not None
    scale = quantity.magnitude * (quantity.unit.factor if quantity.unit else 1.0)
    computed = number_text(one.printed * two.printed / law.factor / scale) + _unit_of(claimed)
    computed = f"${computed}" if quantity.currency else computed
    names = _names(context, table, law)
    formula = f"{first} × {second} = {computed}"
    message = f"claims {claimed}, but {formula}; the other {len(law.kept)} keep {names}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (result.number.index,), (one.number.index, two.number.index), formula,
        finding(
            rule, context, message, context.location(result.number.span, "claim"), block=result.number.block,
            claimed=claimed, computed=computed, formula=formula,
            related=[context.location(cell.number.span, "factor") for cell in (one, two)],
            root=f"column-product:{result.number.span.start}",
        ),
    )  # fmt: skip


def _unit_of(text: str) -> str:
    """What follows the digits of a printed amount, with the blank before it."""
    return re.sub(r"^[^\d]*[\d.,_']+", "", text)


__all__ = ["check_column_product"]
