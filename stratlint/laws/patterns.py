"""What the lines of a table keep, all but one: a product, a proportion, a sum between the same columns, whatever they are called.

A relation counts as the table's own where the samples that keep it could hardly do so by chance: their printed digits are its evidence,
counted in bits and held against the number of relations that were tried. Lines and columns may change places: what is related are
*lanes*, of one side; what keeps or breaks the relation are *samples*, of the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, pairwise, permutations
from statistics import median

from stratlint.claims.amount import combined
from stratlint.claims.interval import Interval
from stratlint.claims.units import HARD
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, product, total
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_MOST_LANES = 12
_MOST_SAMPLES = 48
# A relation is the table's own where chance would show it once in 2^8 tables of its size.
_SURE = 8.0
# What the labels make likely needs less.
_EXPECTED = 8.0
# So many bits at most speak for one sample.
_MOST_BITS = 10.0
# Products of so many lanes tell only by their result: sizes that are powers of two make others.
_LEAST_RUN = 3
_FEWEST_ROWS, _FEWEST_KEEP, _FEWEST_SCALED = 3, 2, 3
# How many digits of `8`, `16` or `128` tell something: any table may have them.
_ROUND = 0.3
# A sample breaks a relation if it is off by more than this; off by less but not within its digits, it speaks against the relation.
_BREAK = 0.03
_HALF, _ONE_BROKEN, _SEVERAL_BROKEN = 0.5, 0.4, 0.25
_SLACK = 1e-9
# What converts units by hand, up to powers of ten: binary prefixes, minutes, hours and days, months and years of hours, bits.
_CONVERSIONS = (1.0, 1.024, 1.048576, 1.073741824, 6.0, 3.6, 2.4, 8.64, 7.3, 7.2, 8.76, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
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


_Lane = tuple[_Cell | None, ...]


class _Factor(Enum):
    """What a product may be off by, the same in all samples."""

    ONE = "nothing"
    UNITS = "what converts units: thousands, hours, bits"
    WHOLE = "a whole number, by which what one has, in many units, is what all have"
    FREE = "whatever the samples share: a price, a batch, the whole of a share"


class _Form(Enum):
    """How lanes are related."""

    PRODUCT = "a product of some over others"
    SUM = "a sum of others"
    RUNNING = "a running total: the sum of its own last value and another lane"
    CHANGE = "the first value and a difference to it"
    RELATIVE = "by how much of the second lane the first differs from it"


@dataclass(frozen=True, slots=True)
class _Law:
    """A relation of lanes: `target` is the sum of those `above`, or their product over those `below` up to a factor.

    `derived`: the lane that people compute from the others, -1: the target.
    """

    target: int
    above: tuple[int, ...]
    below: tuple[int, ...] = ()
    form: _Form = _Form.PRODUCT
    factor: _Factor = _Factor.ONE
    derived: int = -1

    @property
    def lanes(self) -> tuple[int, ...]:
        return (self.target, *self.above, *self.below)

    @property
    def scaled(self) -> bool:
        return self.factor is not _Factor.ONE

    @property
    def sort(self) -> tuple[object, ...]:
        """What sort of relation it is: all of one sort are tried for the same reason."""
        return self.form, self.factor, len(self.above) > 2, len(self.lanes) > 2

    @property
    def adds(self) -> bool:
        return self.form in (_Form.SUM, _Form.RUNNING, _Form.CHANGE)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A relation that the table shows: the samples that keep it, those that break it, and the one the factor is taken from."""

    law: _Law
    kept: tuple[int, ...]
    broken: tuple[int, ...]
    model: int


def proposals(page: Page) -> Iterator[Proposal]:
    """The relations that the page's tables show by themselves, held against each of their lines."""
    for table in page.tables:
        labels = (table.labels,) if table.labels is not None else ()
        yield from _of((*labels, *table.columns), table.lines, downwards=True)
        yield from _of(table.lines, table.columns, downwards=False)


def _of(table: Sequence[Lane], others: Sequence[Lane], *, downwards: bool) -> Iterator[Proposal]:
    """The relations of the lanes of one side of a table; *downwards*: running totals go along its lanes."""
    samples = [at for at, sample in enumerate(others) if sample.role is CellRole.VALUE]
    if len(table) > _MOST_LANES or not _FEWEST_ROWS <= len(samples) <= _MOST_SAMPLES:
        return
    lanes = [tuple(_cell(lane.terms[at]) for at in samples) for lane in table]
    if downwards:
        lanes += [(None, *lane[:-1]) for lane in lanes]
        lanes += [(None, *lane[:1] * (len(lane) - 1)) for lane in lanes[: len(table)]]
    found = _found(lanes, _Words.of(others, samples), [lane.role for lane in table])
    for kept in found:
        for sample in kept.kept:
            if sample != kept.model or not kept.law.scaled:
                yield _proposal(lanes, kept, sample, kept.law.target)
    told: set[_Cell] = set()
    for sample in sorted({sample for kept in found for sample in kept.broken}):
        broken = [kept for kept in found if sample in kept.broken]
        sound = {lane for kept in found if sample in kept.kept for lane in kept.law.lanes}
        for kept in broken:
            row = _row(kept.law, lanes, sample)
            if row is not None and told.isdisjoint(row):
                wrong = _wrong(kept, broken, sound)
                told.update(cell for cell in [lanes[wrong][sample]] if cell is not None)
                yield _proposal(lanes, kept, sample, wrong)


def _cell(term: Term | None) -> _Cell | None:
    """The amount as a lane can use it: one value that the page measures or counts."""
    if term is None or bounded(term) or term.amount.approximate or not term.amount.first.interval.finite:
        return None
    reading = term.amount.first
    return _Cell(term, reading.interval, reading.nominal)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words beside the amounts of samples: all that a sample says, and what stands in each of its cells."""

    all: tuple[frozenset[str], ...]
    cells: tuple[tuple[frozenset[str], ...], ...]

    @classmethod
    def of(cls, lanes: Sequence[Lane], samples: Sequence[int]) -> _Words:
        chosen = [lanes[at] for at in samples]
        return cls(tuple(lane.label.union(*lane.words) for lane in chosen), tuple(lane.words for lane in chosen))

    def set_apart(self, at: int, kept: Sequence[int]) -> bool:
        """Whether a sample lacks a word that all others have (another card, another format)."""
        return bool(frozenset.intersection(*(self.all[other] for other in kept)) - self.all[at])

    def remarked(self, at: int, kept: Sequence[int]) -> bool:
        """Whether a cell of a sample has a remark where the others have none, or lacks a word that they share."""
        for column, words in enumerate(self.cells[at]):
            others = [self.cells[other][column] for other in kept]
            if (words and not any(others)) or frozenset.intersection(*others) - words:
                return True
        return False


def _wrong(kept: _Kept, broken: Sequence[_Kept], sound: set[int]) -> int:
    """The lane whose cell is to blame: in most of the broken relations, in none that its sample keeps; of equals the derived one."""
    law = kept.law
    suspects = [lane for lane in law.lanes if lane not in sound] or list(law.lanes)
    shares = {lane: sum(lane in each.law.lanes for each in broken) for lane in suspects}
    likely = [lane for lane in suspects if shares[lane] == max(shares.values())]
    derived = law.derived if law.derived >= 0 else law.target
    if law.form is _Form.RELATIVE:
        return derived
    return derived if derived in likely else likely[0]


def _found(lanes: Sequence[_Lane], words: _Words, roles: Sequence[CellRole]) -> list[_Kept]:
    """The relations that the table shows, the simplest first; of several between the same lanes the first.

    Each sort of relation is held against how many of its sort there are.
    """
    laws = list(_laws(lanes, roles))
    sorts = Counter(law.sort for law in laws)
    out: list[_Kept] = []
    seen: list[frozenset[int]] = []
    for law in laws:
        between = frozenset(law.lanes)
        if any(known <= between for known in seen):
            continue  # what fewer lanes explain needs no more of them
        needed = _SURE + math.log2(sorts[law.sort]) - (_EXPECTED if _is_expected(law, lanes, roles) else 0.0)
        kept = _held(law, lanes, words, needed)
        if kept is not None:
            seen.append(between)
            out.append(kept)
    return out


def _is_expected(law: _Law, lanes: Sequence[_Lane], roles: Sequence[CellRole]) -> bool:
    """Whether the labels say as much: a total of what stands ahead of it, nouns and units that cancel."""
    if law.adds:
        return law.target < len(roles) and roles[law.target] is CellRole.TOTAL
    if law.factor is not _Factor.ONE:
        return False
    first = [next(cell.term for cell in lanes[lane] if cell is not None) for lane in law.lanes]
    signs = (1.0, *(-1.0 for _ in law.above), *(1.0 for _ in law.below))
    counted = any(name not in HARD for term in first for name, _ in term.dimensions)
    return counted and not combined((term.dimensions, sign) for term, sign in zip(first, signs, strict=True))


def _laws(lanes: Sequence[_Lane], roles: Sequence[CellRole]) -> Iterator[_Law]:
    """Every relation worth a try. *lanes*: those of the table, then each as of the sample before, then each as of the first sample."""
    count = len(roles)
    enough = [at for at in range(count) if sum(cell is not None for cell in lanes[at]) >= _FEWEST_ROWS]
    kinds = {at: kind for at in enough if (kind := _kind(lanes[at])) is not None}
    yield from _sums(lanes, enough, roles)
    yield from _products(kinds, _Factor.ONE)
    yield from _runs(kinds)
    yield from _products(kinds, _Factor.UNITS)
    relative = {at for at in kinds if _relative(lanes[at])}
    for target in (at for at in relative if any(cell is not None and cell.term.amount.percent for cell in lanes[at])):
        for pair in permutations([at for at in kinds if at not in relative], 2):
            if kinds[pair[0]] == kinds[pair[1]]:
                yield _Law(target, pair, form=_Form.RELATIVE)
    sweep = 0 in kinds and _sweeps(lanes[0])
    for first, second in combinations(kinds, 2):
        # A factor that nothing explains is the table's own in a sweep (tokens of steps, a bill of GPUs) and where one is relative to it.
        if (sweep and first == 0) or relative & {first, second}:
            yield _Law(second, (first,), factor=_Factor.FREE)
            yield _Law(second, (), (first,), factor=_Factor.FREE)
    for target, other in permutations(kinds if sweep else (), 2):
        if target in relative and other not in relative | {0}:
            yield _Law(target, (other,), (0,), factor=_Factor.FREE)
            yield _Law(target, (0,), (other,), factor=_Factor.FREE)
    for first, second in combinations([lane for lane in enough if lane not in kinds and len(lanes) > count], 2):
        if _alike(lanes[first], lanes[second]):
            yield _Law(second, (first,), factor=_Factor.WHOLE)
            yield _Law(first, (second,), factor=_Factor.WHOLE)


def _sums(lanes: Sequence[_Lane], enough: Sequence[int], roles: Sequence[CellRole]) -> Iterator[_Law]:
    """Among columns: one that is the sum of those right ahead of it, or of two others; a running total; a difference to the first
    sample. Among lines: the last one as the sum of all above."""
    alike = {(one, two) for one, two in permutations(enough, 2) if _alike(lanes[one], lanes[two])}
    count = len(roles)
    if len(lanes) == count:
        parts = tuple(lane for lane in enough[:-1] if roles[lane] is CellRole.VALUE)
        if len(parts) > 1 and roles[enough[-1]] is not CellRole.MEAN and all((part, enough[-1]) in alike for part in parts):
            yield _Law(enough[-1], parts, form=_Form.SUM)
        return
    for target in enough:
        for start in range(target - 2, -1, -1):
            if not {(start, target), (start + 1, target)} <= alike or roles[target] is CellRole.MEAN:
                break
            yield _Law(target, tuple(range(start, target)), form=_Form.SUM)
    for three in combinations(enough, 3):
        if {(three[0], three[1]), (three[1], three[2]), (three[0], three[2])} <= alike:
            for target in three:
                parts = tuple(lane for lane in three if lane != target)
                if parts != tuple(range(target - 2, target)):
                    yield _Law(target, parts, form=_Form.SUM, derived=three[-1])
    for one, other in sorted(alike):
        yield _Law(one, (count + one, other), form=_Form.RUNNING)
        yield _Law(count + one, (one, other), form=_Form.RUNNING, derived=one)
        yield _Law(one, (2 * count + one, other), form=_Form.CHANGE, derived=other)


def _alike(one: _Lane, other: _Lane) -> bool:
    """Whether two lanes have the same unit in every sample."""
    pairs = [(first, second) for first, second in zip(one, other, strict=True) if first is not None and second is not None]
    return bool(pairs) and all(_kind((first,)) == _kind((second,)) for first, second in pairs)


def _products(kinds: Mapping[int, object], factor: _Factor) -> Iterator[_Law]:
    """Products and quotients of two lanes."""
    for first, second, third in combinations(kinds, 3):
        yield _Law(third, (first, second), factor=factor)
        yield _Law(third, (first,), (second,), factor=factor)
        yield _Law(third, (second,), (first,), factor=factor)


def _runs(kinds: Mapping[int, object]) -> Iterator[_Law]:
    """Products of three lanes or more right ahead of their result."""
    for target in kinds:
        for start in range(target - 3, -1, -1):
            if all(lane in kinds for lane in range(start, target)):
                yield _Law(target, tuple(range(start, target)))


def _sweeps(lane: _Lane) -> bool:
    """Whether a lane rises or falls from sample to sample."""
    values = [cell.value for cell in lane if cell is not None]
    steps = [two - one for one, two in pairwise(values)]
    return len(values) == len(lane) and (all(step > 0 for step in steps) or all(step < 0 for step in steps))


def _relative(lane: _Lane) -> bool:
    """Whether a lane holds shares, speed-ups, percentages of something."""
    present = [cell.term for cell in lane if cell is not None]
    return any(term.amount.percent or term.amount.multiple or "change" in term.tags for term in present)


def _kind(lane: _Lane) -> object:
    """What makes amounts add up: their unit; None where a lane mixes units."""
    kinds = {(cell.term.amount.hard, cell.term.amount.percent, cell.term.amount.multiple) for cell in lane if cell is not None}
    return kinds.pop() if len(kinds) == 1 else None


def _held(law: _Law, lanes: Sequence[_Lane], words: _Words, needed: float) -> _Kept | None:
    """The relation with the samples that keep and break it, if it is the table's own."""
    rows = {at: row for at in range(len(words.all)) if (row := _row(law, lanes, at)) is not None}
    if len(rows) < _FEWEST_ROWS:
        return None
    computed = {at: _computed(law, row) for at, row in rows.items()}
    ratios = {at: row[0].value / computed[at].value for at, row in rows.items() if computed[at].value}
    middle = median(ratios.values()) if law.scaled and ratios else 1.0
    near = [at for at, ratio in ratios.items() if abs(ratio / middle - 1) < _BREAK] if middle else []
    if law.adds:  # sums are accounts: what misses its digits is no measured value that nearly scales
        near = [at for at in near if computed[at].span.overlaps(rows[at][0].span)]
    if not near or not _few([at for at in rows if at not in near], len(rows), running=law.form is _Form.RUNNING):
        return None
    factor = _factor(law, [(rows[at][0], computed[at]) for at in near])
    if factor is None or any(not (computed[at].span * factor).overlaps(rows[at][0].span) for at in near):
        return None
    if law.adds and not _matters([rows[at] for at in near]):
        return None
    if _bits(law, {at: rows[at] for at in near}, computed, factor) < needed:
        return None
    broken = [at for at in rows if at not in near and not words.remarked(at, near)]
    if law.scaled:
        others = [lane for number, lane in enumerate(lanes) if number not in law.lanes]
        broken = [at for at in broken if not words.set_apart(at, near) and not any(_changes(lane, at, near) for lane in others)]
    if law.adds and len(law.above) == len(lanes) - 1:  # the last line
        broken = [at for at in broken if not _averages(rows[at])]
    if not law.adds:
        broken = [at for at in broken if not _varied(rows[at], [rows[other] for other in near])]
    varied = range(len(law.lanes)) if law.scaled or law.form is _Form.RUNNING else ()
    if any(len({rows[at][part].value for at in near}) == 1 for part in varied):
        return None  # steps of one size are no account, and what a constant lane does no sample shows
    model = max(near, key=lambda at: min(cell.digits for cell in rows[at]))
    return _Kept(law, tuple(near), tuple(broken), model)


def _changes(lane: _Lane, at: int, kept: Sequence[int]) -> bool:
    """Whether a setting that all other samples share is another one in this sample."""
    own, others = lane[at], [cell.value for other in kept if (cell := lane[other]) is not None]
    return own is not None and len(others) > 1 and len(set(others)) == 1 and own.value != others[0]


def _averages(row: Sequence[_Cell]) -> bool:
    """Whether what should be a sum lies among its parts, as the mean of a column, or a rate over all, does; or changes add up to none."""
    parts = [cell.value for cell in row[1:]]
    return min(parts) < 0 or row[0].value <= max(parts)


def _varied(row: Sequence[_Cell], others: Sequence[Sequence[_Cell]]) -> bool:
    """Whether a factor differs that is the same in all other samples: what it does there, they do not show."""
    return any(
        len({other[part].value for other in others}) == 1 and row[part].value != others[0][part].value for part in range(1, len(row))
    )


def _matters(rows: Sequence[Sequence[_Cell]]) -> bool:
    """Whether a sum would be missed without any two of its parts: in most samples they are more than what a sample may be off by."""
    weights = [sorted(abs(cell.value) for cell in row[1:])[-2] / (abs(row[0].value) or 1.0) for row in rows]
    return median(weights) > _BREAK * 2


def _few(broken: Sequence[int], count: int, *, running: bool) -> bool:
    """Whether so few of *count* samples break a relation that it may be the table's own: one, or few of many.

    A mistake in a *running* total breaks the relation of the next sample, too.
    """
    one = len(broken) == 1 or (running and len(broken) == 2 and broken[1] - broken[0] == 1)
    return len(broken) <= (_HALF if len(broken) > 1 else _ONE_BROKEN) * count if one else len(broken) <= _SEVERAL_BROKEN * count


def _row(law: _Law, lanes: Sequence[_Lane], at: int) -> tuple[_Cell, ...] | None:
    """The cells of one sample, the target first; None where one is missing, or is no factor."""
    found = [lanes[lane][at] for lane in law.lanes]
    present = tuple(cell for cell in found if cell is not None and (law.adds or cell.span.low > 0))
    return present if len(present) == len(found) else None


def _computed(law: _Law, row: Sequence[_Cell]) -> _Cell:
    """What the other cells of a sample give for its target, up to the factor."""
    first, parts = row[0], row[1:]
    if law.form is _Form.RELATIVE:
        one, base = parts
        share, size = (one.span / base.span), one.value / base.value
        low, high = sorted((abs(share.low - 1), abs(share.high - 1)))
        return _Cell(first.term, Interval(low, high), abs(size - 1))
    over, under = parts[: len(law.above)], parts[len(law.above) :]
    span, value = (Interval(0.0, 0.0), 0.0) if law.adds else (Interval(1.0, 1.0), 1.0)
    for cell in over:
        span, value = (span + cell.span, value + cell.value) if law.adds else (span * cell.span, value * cell.value)
    for cell in under:
        span, value = span / cell.span, value / cell.value
    return _Cell(first.term, span, value)


def _factor(law: _Law, pairs: Sequence[tuple[_Cell, _Cell]]) -> Interval | None:
    """The factor that targets and computed values share within their digits; None without one, and where it is not of its sort."""
    if not law.scaled:
        return Interval(1.0, 1.0)
    ratios = [claimed.span / computed.span for claimed, computed in pairs]
    low, high = max(each.low for each in ratios), min(each.high for each in ratios)
    if low > high * (1 + _SLACK):
        return None
    factor = Interval(min(low, high), max(low, high))
    whole = max(round(factor.middle), 1)
    match law.factor:
        case _Factor.UNITS:
            return factor if _converts(factor) else None
        case _Factor.WHOLE:
            return factor if whole > 1 and factor.overlaps(Interval(whole, whole)) else None
        case _:
            return factor


def _converts(factor: Interval) -> bool:
    """Whether a factor is one between units of one kind: a power of ten or of 1,024, hours and seconds, bits."""
    for base in _CONVERSIONS:
        for step in (base, 1 / base):
            power = 10.0 ** round(math.log10(factor.middle / step))
            if factor.overlaps(Interval(step * power, step * power)):
                return True
    return False


def _bits(law: _Law, kept: dict[int, tuple[_Cell, ...]], computed: dict[int, _Cell], factor: Interval) -> float:
    """How little chance the digits of the samples leave that all keep the law: each how narrowly it is met, of how far values spread.

    Samples that print the same say nothing new. One sample gives a factor; without one the first needs no spread to speak.
    """
    distinct = {tuple(cell.value for cell in row): (row, computed[at].span * factor) for at, row in kept.items()}
    if len(distinct) < (_FEWEST_SCALED if law.scaled else _FEWEST_KEEP):
        return 0.0
    targets = [math.log(abs(row[0].value)) for row, _ in distinct.values() if row[0].value]
    spread = min(max(targets) - min(targets), 1.0) if targets else 0.0
    inverse = law.scaled and not law.above
    widths = sorted(_width(row, span, inverse=inverse) for row, span in distinct.values() if row[0].value)
    bits = [min(-math.log2(width / spread), _MOST_BITS) for width in widths[1:]] if spread else []
    own = 0.0 if law.scaled or not widths else min(-math.log2(widths[0]), _MOST_BITS)
    return own + sum(max(each, 0.0) for each in bits)


def _width(row: Sequence[_Cell], computed: Interval, *, inverse: bool) -> float:
    """The share of an e-fold in which target and computed value would meet."""
    width = ((computed.high - computed.low) + (row[0].span.high - row[0].span.low)) / abs(row[0].value)
    digits = [row[0].digits] if len(row) > _LEAST_RUN else [cell.digits for cell in row]
    # 8, 4, 2 against 3.125, 6.25, 12.5: halves and doubles stand against each other in many tables.
    return max(width, float(10 ** -(min(digits) if inverse else max(digits))))


def _proposal(lanes: Sequence[_Lane], kept: _Kept, sample: int, claim: int) -> Proposal:
    """The relation of one sample, solved for the lane *claim*."""
    law = kept.law
    use = {lane: cell.term.use for lane in law.lanes if (cell := lanes[lane][sample]) is not None}
    model = {lane: cell.term.use for lane in law.lanes if (cell := lanes[lane][kept.model]) is not None}
    if law.form is _Form.RELATIVE:
        one, base = (use[lane] for lane in law.above)
        low, high = (one, base) if one.amount.first.nominal < base.amount.first.nominal else (base, one)
        expression: Expression = Compute("/", Compute("-", high, low), base)
    elif law.adds:
        parts: list[Expression] = [use[lane] for lane in law.above if lane != claim]
        expression = total(parts) if claim == law.target else Compute("-", use[law.target], total(parts))
    else:
        expression = _solved(law, use, model, claim)
    why = f"as in {len(kept.kept)} other places of the table"
    return Proposal(use[claim], Relation.EQUALS, expression, Source.GRID, FAMILY, why=why)


def _solved(law: _Law, use: dict[int, Use], model: dict[int, Use], claim: int) -> Expression:
    """`target = above / below`, times what the model sample shows as factor, solved for one lane."""
    over, under = {*law.above}, {*law.below, law.target}
    if claim in over:
        over, under = under, over
    factors = [use[lane] for lane in law.lanes if lane in over]
    divisors = [use[lane] for lane in law.lanes if lane in under and lane != claim]
    if law.scaled:
        factors = [model[claim], *factors, *(model[lane] for lane in law.lanes if lane in under and lane != claim)]
        divisors = [*divisors, *(model[lane] for lane in law.lanes if lane in over)]
    return product(factors, divisors)


__all__ = ["FAMILY", "proposals"]
