"""The relations that the lines or columns of a table may keep: sums and running totals, products and quotients up to a factor.

What is related are *lanes*, of one side of the table; what keeps or breaks a relation are *samples*, of the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations, pairwise, permutations

from stratlint.claims.amount import combined
from stratlint.claims.interval import Interval
from stratlint.claims.units import HARD
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.meaning.statement import Term

FEWEST_ROWS = 3
# How many digits of `8`, `16` or `128` tell something: any table may have them.
_ROUND = 0.3


# The slow requests of a sum are not those of its parts.
_PERCENTILES = frozenset({"q90", "q95", "q99", "q999"})


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """An amount of a lane: what its printed digits span, in base units."""

    term: Term
    span: Interval
    value: float

    @property
    def digits(self) -> float:
        """How many of its printed digits tell something."""
        number = abs(self.term.amount.value)
        if self.term.amount.step >= 1 and math.log2(max(number, 1)).is_integer():
            return _ROUND
        return float(len(f"{number:.10g}".replace(".", "").strip("0")))


LaneCells = tuple[Cell | None, ...]


class Factor(Enum):
    """What a product may be off by, the same in all samples."""

    ONE = "nothing"
    UNITS = "what converts units: thousands, hours, bits"
    WHOLE = "a whole number, by which what one has, in many units, is what all have"
    FREE = "whatever the samples share: a price, a batch, the whole of a share"


class Form(Enum):
    """How lanes are related."""

    PRODUCT = "a product of some over others"
    SUM = "a sum of others"
    RUNNING = "a running total: the sum of its own last value and another lane"
    CHANGE = "the first value and a difference to it"
    RELATIVE = "by how much of the second lane the first differs from it"


_ADDING = frozenset({Form.SUM, Form.RUNNING, Form.CHANGE})


@dataclass(frozen=True, slots=True)
class LaneLaw:
    """A relation of lanes: `target` is the sum of those `above`, or their product over those `below` up to a factor.

    `derived`: the lane that people compute from the others, -1: the target.
    """

    target: int
    above: tuple[int, ...]
    below: tuple[int, ...] = ()
    form: Form = Form.PRODUCT
    factor: Factor = Factor.ONE
    derived: int = -1
    # What is asked of every law in every sample.
    lanes: tuple[int, ...] = field(init=False)
    scaled: bool = field(init=False)
    adds: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lanes", (self.target, *self.above, *self.below))
        object.__setattr__(self, "scaled", self.factor is not Factor.ONE)
        object.__setattr__(self, "adds", self.form in _ADDING)

    @property
    def sort(self) -> tuple[object, ...]:
        """What sort of relation it is: all of one sort are tried for the same reason."""
        return self.form, self.factor, len(self.above) > 2, len(self.lanes) > 2


def cell_of(term: Term | None) -> Cell | None:
    """The amount as a lane can use it: one value that the page measures or counts."""
    if term is None or bounded(term) or term.amount.approximate or not term.amount.first.interval.finite:
        return None
    reading = term.amount.first
    return Cell(term, reading.interval, reading.nominal)


def is_expected(law: LaneLaw, lanes: Sequence[LaneCells], roles: Sequence[CellRole]) -> bool:
    """Whether the labels say as much: a total of what stands ahead of it, nouns and units that cancel."""
    if law.adds:
        return law.target < len(roles) and roles[law.target] is CellRole.TOTAL
    if law.factor is Factor.WHOLE:
        return _has_parts(lanes[law.target], lanes[law.above[0]])
    if law.factor is not Factor.ONE:
        return False
    first = [next(cell.term for cell in lanes[lane] if cell is not None) for lane in law.lanes]
    signs = (1.0, *(-1.0 for _ in law.above), *(1.0 for _ in law.below))
    counted = any(name not in HARD for term in first for name, _ in term.dimensions)
    return counted and not combined((term.dimensions, sign) for term, sign in zip(first, signs, strict=True))


def _has_parts(whole: LaneCells, part: LaneCells) -> bool:
    """Whether the amounts of one lane are "per layer", "per node", and those of the other are not."""
    one, other = (next((cell.term for cell in lane if cell is not None), None) for lane in (whole, part))
    if one is None or other is None:
        return False
    below = combined(((one.dimensions, 1.0), (other.dimensions, -1.0)))
    if len(below) != 1 or below[0][1] not in (1.0, 2.0) or below[0][0] in HARD:  # twice: "All 32 layers" counts them
        return False
    return any(name == below[0][0] and power < 0 for name, power in other.dimensions)


def lane_laws(lanes: Sequence[LaneCells], roles: Sequence[CellRole]) -> Iterator[LaneLaw]:
    """Every relation worth a try. *lanes*: those of the table, then each as of the sample before, then each as of the first sample."""
    count = len(roles)
    enough = [at for at in range(count) if sum(cell is not None for cell in lanes[at]) >= FEWEST_ROWS]
    kinds = {at: kind for at in enough if (kind := _kind(lanes[at])) is not None}
    yield from _sums(lanes, enough, roles)
    yield from _products(kinds, Factor.ONE)
    yield from _runs(kinds)
    yield from _products(kinds, Factor.UNITS)
    relative = {at for at in kinds if _relative(lanes[at])}
    for target in (at for at in relative if any(cell is not None and cell.term.amount.percent for cell in lanes[at])):
        for pair in permutations([at for at in kinds if at not in relative], 2):
            if kinds[pair[0]] == kinds[pair[1]]:
                yield LaneLaw(target, pair, form=Form.RELATIVE)
    sweep = 0 in kinds and _sweeps(lanes[0])
    for first, second in combinations(kinds, 2):
        # A factor that nothing explains is the table's own in a sweep (tokens of steps, a bill of GPUs) and where one is relative to it.
        if (sweep and first == 0) or relative & {first, second}:
            yield LaneLaw(second, (first,), factor=Factor.FREE)
            yield LaneLaw(second, (), (first,), factor=Factor.FREE)
    for target, other in permutations(kinds if sweep else (), 2):
        if target in relative and other not in relative | {0}:
            yield LaneLaw(target, (other,), (0,), factor=Factor.FREE)
            yield LaneLaw(target, (0,), (other,), factor=Factor.FREE)
    for whole, part in permutations(kinds, 2):
        if kinds[whole] == kinds[part] and _has_parts(lanes[whole], lanes[part]):
            yield LaneLaw(whole, (part,), factor=Factor.WHOLE)
    for first, second in combinations([lane for lane in enough if lane not in kinds and len(lanes) > count], 2):
        if _alike(lanes[first], lanes[second]):
            yield LaneLaw(second, (first,), factor=Factor.WHOLE)
            yield LaneLaw(first, (second,), factor=Factor.WHOLE)


def _sums(lanes: Sequence[LaneCells], enough: Sequence[int], roles: Sequence[CellRole]) -> Iterator[LaneLaw]:
    """Among columns: one that is the sum of those right ahead of it, or of two others; a running total; a difference to the first
    sample. Among lines: the last one as the sum of all above."""
    enough = [at for at in enough if not any(cell is not None and cell.term.tags & _PERCENTILES for cell in lanes[at])]
    alike = {(one, two) for one, two in permutations(enough, 2) if _alike(lanes[one], lanes[two])}
    count = len(roles)
    if len(lanes) == count:
        for target in enough[1:]:
            above = [lane for lane in enough if lane < target and roles[lane] is CellRole.VALUE]
            runs = (tuple(above[start:]) for start in range(len(above) - 1))
            if roles[target] is CellRole.TOTAL or target == enough[-1]:
                yield from (LaneLaw(target, run, form=Form.SUM) for run in runs if all((part, target) in alike for part in run))
        return
    for target in enough:
        for start in range(target - 2, -1, -1):
            if not {(start, target), (start + 1, target)} <= alike or roles[target] is CellRole.MEAN:
                break
            yield LaneLaw(target, tuple(range(start, target)), form=Form.SUM)
    for three in combinations(enough, 3):
        if {(three[0], three[1]), (three[1], three[2]), (three[0], three[2])} <= alike:
            for target in three:
                parts = tuple(lane for lane in three if lane != target)
                if parts != tuple(range(target - 2, target)):
                    yield LaneLaw(target, parts, form=Form.SUM, derived=three[-1])
    for one, other in sorted(alike):
        yield LaneLaw(one, (count + one, other), form=Form.RUNNING)
        yield LaneLaw(count + one, (one, other), form=Form.RUNNING, derived=one)
        yield LaneLaw(one, (2 * count + one, other), form=Form.CHANGE, derived=other)


def _alike(one: LaneCells, other: LaneCells) -> bool:
    """Whether two lanes have the same unit in every sample."""
    pairs = [(first, second) for first, second in zip(one, other, strict=True) if first is not None and second is not None]
    return bool(pairs) and all(_kind((first,)) == _kind((second,)) for first, second in pairs)


def _products(kinds: Mapping[int, object], factor: Factor) -> Iterator[LaneLaw]:
    """Products and quotients of two lanes."""
    for first, second, third in combinations(kinds, 3):
        yield LaneLaw(third, (first, second), factor=factor)
        yield LaneLaw(third, (first,), (second,), factor=factor)
        yield LaneLaw(third, (second,), (first,), factor=factor)


def _runs(kinds: Mapping[int, object]) -> Iterator[LaneLaw]:
    """Products of three lanes or more right ahead of their result."""
    for target in kinds:
        for start in range(target - 3, -1, -1):
            if all(lane in kinds for lane in range(start, target)):
                yield LaneLaw(target, tuple(range(start, target)))


def _sweeps(lane: LaneCells) -> bool:
    """Whether a lane rises or falls from sample to sample."""
    values = [cell.value for cell in lane if cell is not None]
    steps = [two - one for one, two in pairwise(values)]
    return len(values) == len(lane) and (all(step > 0 for step in steps) or all(step < 0 for step in steps))


def _relative(lane: LaneCells) -> bool:
    """Whether a lane holds shares, speed-ups, percentages of something."""
    present = [cell.term for cell in lane if cell is not None]
    return any(term.amount.percent or term.amount.multiple or "change" in term.tags for term in present)


def _kind(lane: LaneCells) -> object:
    """What makes amounts add up: their unit; None where a lane mixes units."""
    kinds = {(cell.term.amount.hard, cell.term.amount.percent, cell.term.amount.multiple) for cell in lane if cell is not None}
    return kinds.pop() if len(kinds) == 1 else None


def row_of(law: LaneLaw, lanes: Sequence[LaneCells], at: int) -> tuple[Cell, ...] | None:
    """The cells of one sample, the target first; None where one is missing, or is no factor, and where a running total begins anew."""
    found = [lanes[lane][at] for lane in law.lanes]
    present = tuple(cell for cell in found if cell is not None and (law.adds or cell.span.low > 0))
    return present if len(present) == len(found) and not _restarts(law, present) else None


def _restarts(law: LaneLaw, row: Sequence[Cell]) -> bool:
    """Whether a running total is nothing but what its own sample adds: a new year."""
    return law.form is Form.RUNNING and law.derived < 0 and row[0].value == row[2].value


def ratio_in(law: LaneLaw, lanes: Sequence[LaneCells], at: int) -> float | None:
    """What the target of one sample is to what the other cells give for it, by their values alone; None where one is missing, or no
    factor."""
    target = lanes[law.target][at]
    made = 0.0 if law.adds else 1.0
    for lane in law.above:
        cell = lanes[lane][at]
        if cell is None or (cell.value <= 0 and not law.adds):
            return None
        made = made + cell.value if law.adds else made * cell.value
    for lane in law.below:
        cell = lanes[lane][at]
        if cell is None or cell.value <= 0:
            return None
        made /= cell.value
    return target.value / made if target is not None and made and (law.adds or target.value > 0) else None


def computed_in(law: LaneLaw, row: Sequence[Cell]) -> Cell:
    """What the other cells of a sample give for its target, up to the factor."""
    first, parts = row[0], row[1:]
    if law.form is Form.RELATIVE:
        one, base = parts
        share, size = (one.span / base.span), one.value / base.value
        low, high = sorted((abs(share.low - 1), abs(share.high - 1)))
        return Cell(first.term, Interval(low, high), abs(size - 1))
    over, under = parts[: len(law.above)], parts[len(law.above) :]
    span, value = (Interval(0.0, 0.0), 0.0) if law.adds else (Interval(1.0, 1.0), 1.0)
    for cell in over:
        span, value = (span + cell.span, value + cell.value) if law.adds else (span * cell.span, value * cell.value)
    for cell in under:
        span, value = span / cell.span, value / cell.value
    return Cell(first.term, span, value)
