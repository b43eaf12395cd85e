"""What the lines of a table keep, all but one: a product, a proportion, a sum between the same columns, whatever they are called.

A relation counts as the table's own where the samples that keep it could hardly do so by chance: their printed digits are its evidence,
counted in bits and held against the number of relations that were tried. Lines and columns may change places.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median

from stratlint.claims.amount import combined
from stratlint.claims.interval import Interval
from stratlint.document.grid import CellRole
from stratlint.laws.lane_words import LaneWords
from stratlint.laws.lanes import (
    FEWEST_ROWS,
    Cell,
    Factor,
    Form,
    LaneCells,
    LaneLaw,
    cell_of,
    computed_in,
    is_expected,
    lane_laws,
    ratio_in,
    row_of,
)
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, product, total
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
# A factor that nothing on the page explains: rows of measurements keep one by chance, or for as long as their settings are alike.
_PROPORTION = "table-proportion"
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
_FEWEST_KEEP, _FEWEST_SCALED, _FEWEST_RUNS = 2, 3, 3
_NEAR_RUN = 3.0
# A sample breaks a relation if it is off by more than this; off by less but not within its digits, it speaks against the relation.
_BREAK = 0.03
_CLEAN = 0.004
_HALF, _ONE_BROKEN, _SEVERAL_BROKEN = 0.5, 0.4, 0.25
_SLACK = 1e-9
# A ratio known better than this is told from the whole numbers beside it.
_TELLING = 0.7
# What converts units by hand, up to powers of ten: binary prefixes, minutes, hours and days, months and years of hours, bits.
_CONVERSIONS = (1.0, 1.024, 1.048576, 1.073741824, 6.0, 3.6, 2.4, 8.64, 7.3, 7.2, 8.76, 8.0)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A relation that the table shows: the samples that keep it, those that break it, and the one the factor is taken from."""

    law: LaneLaw
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
    samples = [at for at, sample in enumerate(others) if sample.role is CellRole.VALUE and not _counts_up(sample)]
    if len(table) > _MOST_LANES or not FEWEST_ROWS <= len(samples) <= _MOST_SAMPLES:
        return
    lanes = [tuple(cell_of(lane.terms[at]) for at in samples) for lane in table]
    if downwards:
        lanes += [(None, *lane[:-1]) for lane in lanes]
        lanes += [(None, *lane[:1] * (len(lane) - 1)) for lane in lanes[: len(table)]]
    found = _found(lanes, LaneWords.of(others, samples), [lane.role for lane in table])
    for kept in found:
        for sample in kept.kept:
            if sample != kept.model or not kept.law.scaled:
                yield _proposal(lanes, kept, sample, kept.law.target)
    told: set[Cell] = set()
    for sample in sorted({sample for kept in found for sample in kept.broken}):
        broken = [kept for kept in found if sample in kept.broken]
        sound = {lane for kept in found if sample in kept.kept for lane in kept.law.lanes}
        for kept in broken:
            row = row_of(kept.law, lanes, sample)
            wrong = _wrong(kept, broken, sound)
            if row is not None and told.isdisjoint(row) and wrong is not None:
                told.update(cell for cell in [lanes[wrong][sample]] if cell is not None)
                yield _proposal(lanes, kept, sample, wrong)


def _counts_up(sample: Lane) -> bool:
    """Whether a row or column only numbers the others: 1, 2, 3."""
    return [term.amount.value if term is not None else 0.0 for term in sample.terms] == [float(at + 1) for at in range(len(sample.terms))]


def _wrong(kept: _Kept, broken: Sequence[_Kept], sound: set[int]) -> int | None:
    """The lane whose cell is to blame: in most of the broken relations, in none that its sample keeps; of equals the derived one.

    None where other relations explain every cell: the broken one held by chance, as where all other samples have one GPU per replica.
    """
    law = kept.law
    suspects = [lane for lane in law.lanes if lane not in sound]
    if not suspects:
        return None
    shares = {lane: sum(lane in each.law.lanes for each in broken) for lane in suspects}
    likely = [lane for lane in suspects if shares[lane] == max(shares.values())]
    derived = law.derived if law.derived >= 0 else law.target
    if law.form is Form.RELATIVE:
        return derived
    return derived if derived in likely else likely[0]


def _found(lanes: Sequence[LaneCells], words: LaneWords, roles: Sequence[CellRole]) -> list[_Kept]:
    """The relations that the table shows, the simplest first; of several between the same lanes the first.

    Each sort of relation is held against how many of its sort there are.
    """
    laws = list(lane_laws(lanes, roles))
    sorts = Counter(law.sort for law in laws)
    out: list[_Kept] = []
    seen: list[frozenset[int]] = []
    for law in laws:
        between = frozenset(law.lanes)
        if any(known <= between for known in seen):
            continue  # what fewer lanes explain needs no more of them
        needed = _SURE + math.log2(sorts[law.sort]) - (_EXPECTED if is_expected(law, lanes, roles) else 0.0)
        kept = _held(law, lanes, words, needed, of_lines=len(lanes) == len(roles))
        if kept is not None and any(lane >= len(roles) for lane in law.lanes) and not _runs_on(kept, lanes):
            continue
        if kept is not None:
            seen.append(between)
            out.append(kept)
    return out


def _runs_on(kept: _Kept, lanes: Sequence[LaneCells]) -> bool:
    """Whether lines go on from the line before: two of them agree by chance where a column halves, and then others are far off."""
    rows = [row for at in kept.broken if (row := row_of(kept.law, lanes, at)) is not None]
    off = [abs(row[0].value / size.value) for row in rows if (size := computed_in(kept.law, row)).value]
    return len(kept.kept) >= _FEWEST_RUNS or all(1 / _NEAR_RUN < each < _NEAR_RUN for each in off)


def _held(law: LaneLaw, lanes: Sequence[LaneCells], words: LaneWords, needed: float, *, of_lines: bool) -> _Kept | None:
    """The relation with the samples that keep and break it, if it is the table's own."""
    if law.form is not Form.RELATIVE and not _may_hold(law, lanes, len(words.all)):
        return None
    rows = {at: row for at in range(len(words.all)) if (row := row_of(law, lanes, at)) is not None}
    if len(rows) < FEWEST_ROWS:
        return None
    computed = {at: computed_in(law, row) for at, row in rows.items()}
    ratios = {at: row[0].value / computed[at].value for at, row in rows.items() if computed[at].value}
    middle = median(ratios.values()) if law.scaled and ratios else 1.0
    near = [at for at, ratio in ratios.items() if abs(ratio / middle - 1) < _BREAK] if middle else []
    if law.adds:  # sums are accounts: what misses its digits is no measured value that nearly scales
        near = [at for at in near if computed[at].span.overlaps(rows[at][0].span)]
    if not near or not _few([at for at in rows if at not in near], len(rows), running=law.form is Form.RUNNING):
        return None
    factor = _factor(law, [(rows[at][0], computed[at]) for at in near])
    if factor is None or any(not (computed[at].span * factor).overlaps(rows[at][0].span) for at in near):
        return None
    if law.adds and not _matters([rows[at] for at in near]):
        return None
    if law.scaled and len({tuple(cell.value for cell in rows[at]) for at in near}) < FEWEST_ROWS - 1:
        return None  # the same line again and again shows no factor
    slipped = all(_is_slip(ratios[at] / middle) for at in rows if at not in near and ratios.get(at)) and len(near) < len(rows)
    if _bits(law, {at: rows[at] for at in near}, computed, factor, slipped=slipped) < needed:
        return None
    broken = [at for at in rows if at not in near and not words.remarked(at, near)]
    if law.adds:  # what is no more than one of its parts is a mean, or the figure of one of them
        broken = [at for at in broken if abs(rows[at][0].value) > max(abs(cell.value) for cell in rows[at][1:])]
    if law.scaled:
        others = [lane for number, lane in enumerate(lanes) if number not in law.lanes]
        broken = [at for at in broken if not words.set_apart(at, near) and not any(_changes(lane, at, near) for lane in others)]
        broken = [at for at in broken if not _explained(others, at, near, ratios.get(at, 0.0) / middle)]
        broken = [at for at in broken if not _counted(factor, rows[at][0].span, computed[at].span)]
    if law.form is Form.SUM and of_lines:
        broken = [at for at in broken if not _averages(rows[at]) and not _holds_more(law, lanes, at, near)]
    if not law.adds:
        broken = [at for at in broken if not _varied(rows[at], [rows[other] for other in near])]
    varied = range(len(law.lanes)) if law.scaled or law.form is Form.RUNNING else ()
    if any(len({rows[at][part].value for at in near}) == 1 for part in varied):
        return None  # steps of one size are no account, and what a constant lane does no sample shows
    model = max(near, key=lambda at: min(cell.digits for cell in rows[at]))
    return _Kept(law, tuple(near), tuple(broken), model)


def _may_hold(law: LaneLaw, lanes: Sequence[LaneCells], count: int) -> bool:
    """Whether so many samples come near to a relation by their bare values that its digits are worth a look: most relations fail here."""
    ratios = [ratio for at in range(count) if (ratio := ratio_in(law, lanes, at)) is not None]
    if len(ratios) < FEWEST_ROWS - 1:
        return False
    middle = median(ratios) if law.scaled else 1.0
    near = sum(abs(ratio / middle - 1) < _BREAK for ratio in ratios) if middle else 0
    return near >= (1 - _HALF) * len(ratios)


def _changes(lane: LaneCells, at: int, kept: Sequence[int]) -> bool:
    """Whether a setting that all other samples share is another one in this sample."""
    own, others = lane[at], [cell.value for other in kept if (cell := lane[other]) is not None]
    return own is not None and len(others) > 1 and len(set(others)) == 1 and own.value != others[0]


def _explained(others: Sequence[LaneCells], at: int, kept: Sequence[int], gap: float) -> bool:
    """Whether two further settings, multiplied, are one in all samples that keep a proportion and as far off as the one that does not:
    two ways and four stages, four ways and two stages, and then eight ways and two stages."""
    for pair in combinations(others, 2):
        made = {sample: [cell.value for lane in pair if (cell := lane[sample]) is not None] for sample in (*kept, at)}
        if any(len(values) < len(pair) for values in made.values()):
            continue
        sizes = {sample: math.prod(values) for sample, values in made.items()}
        same = len({sizes[sample] for sample in kept}) == 1 and sizes[kept[0]] > 0
        if same and any(abs(sizes[at] / sizes[kept[0]] - factor) < _BREAK * factor for factor in (gap, 1 / gap if gap else 0.0) if factor):
            return True
    return False


def _counted(factor: Interval, claimed: Interval, computed: Interval) -> bool:
    """Whether all others have one whole number of something that the table does not show, and this one another: 40 cards, and 88."""
    if 0 < factor.low <= factor.high < 1:
        factor, claimed, computed = Interval(1.0, 1.0) / factor, computed, claimed
    usual = round(factor.middle)
    if usual < 2 or not factor.low <= usual <= factor.high or not computed.low > 0:
        return False
    ratio = claimed / computed
    other = round(ratio.middle)
    return other > 1 and ratio.high - ratio.low < _TELLING and (computed * Interval(other, other)).overlaps(claimed)


def _averages(row: Sequence[Cell]) -> bool:
    """Whether what should be a sum lies among its parts, as the mean of a column, or a rate over all, does; or changes add up to none."""
    parts = [cell.value for cell in row[1:]]
    return min(parts) < 0 or row[0].value <= max(parts)


def _holds_more(law: LaneLaw, lanes: Sequence[LaneCells], at: int, kept: Sequence[int]) -> bool:
    """Whether a sample has a part of which the others have none: spare cards, which serve no tokens."""
    others = [lane for number, lane in enumerate(lanes) if number not in law.lanes]
    return any(lane[at] is not None and all(lane[other] is None for other in kept) for lane in others)


def _varied(row: Sequence[Cell], others: Sequence[Sequence[Cell]]) -> bool:
    """Whether a factor differs that is the same in all other samples: what it does there, they do not show."""
    return any(
        len({other[part].value for other in others}) == 1 and row[part].value != others[0][part].value for part in range(1, len(row))
    )


def _matters(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a sum would be missed without any two of its parts: in most samples they are more than what a sample may be off by."""
    weights = [sorted(abs(cell.value) for cell in row[1:])[-2] / (abs(row[0].value) or 1.0) for row in rows]
    return median(weights) > _BREAK * 2


def _few(broken: Sequence[int], count: int, *, running: bool) -> bool:
    """Whether so few of *count* samples break a relation that it may be the table's own: one, or few of many.

    A mistake in a *running* total breaks the relation of the next sample, too.
    """
    one = len(broken) == 1 or (running and len(broken) == 2 and broken[1] - broken[0] == 1)
    return len(broken) <= (_HALF if len(broken) > 1 else _ONE_BROKEN) * count if one else len(broken) <= _SEVERAL_BROKEN * count


def _factor(law: LaneLaw, pairs: Sequence[tuple[Cell, Cell]]) -> Interval | None:
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
        case Factor.UNITS:
            return factor if _converts(factor) else None
        case Factor.WHOLE:
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


def _is_slip(gap: float) -> bool:
    """Whether a sample is off by nothing but the place of its point, or its prefix."""
    powers = math.log10(gap) if gap > 0 else 0.5
    return abs(powers) > 1 - _BREAK and abs(powers - round(powers)) < _CLEAN


def _bits(law: LaneLaw, kept: dict[int, tuple[Cell, ...]], computed: dict[int, Cell], factor: Interval, *, slipped: bool = False) -> float:
    """How little chance the digits of the samples leave that all keep the law: each how narrowly it is met, of how far values spread.

    Samples that print the same say nothing new. One sample gives a factor; without one the first needs no spread to speak.
    """
    distinct = {tuple(cell.value for cell in row): (row, computed[at].span * factor) for at, row in kept.items()}
    # What breaks the relation by a slip of the point keeps it in its digits.
    fewest = _FEWEST_SCALED if law.scaled and law.factor is not Factor.WHOLE and not slipped else _FEWEST_KEEP
    if len(distinct) < fewest:
        return 0.0
    targets = [math.log(abs(row[0].value)) for row, _ in distinct.values() if row[0].value]
    spread = min(max(targets) - min(targets), 1.0) if targets else 0.0
    inverse = law.scaled and not law.above
    widths = sorted(_width(row, span, inverse=inverse) for row, span in distinct.values() if row[0].value)
    bits = [min(-math.log2(width / spread), _MOST_BITS) for width in widths[1:]] if spread else []
    own = 0.0 if law.scaled or not widths else min(-math.log2(widths[0]), _MOST_BITS)
    return own + sum(max(each, 0.0) for each in bits)


def _width(row: Sequence[Cell], computed: Interval, *, inverse: bool) -> float:
    """The share of an e-fold in which target and computed value would meet."""
    width = ((computed.high - computed.low) + (row[0].span.high - row[0].span.low)) / abs(row[0].value)
    digits = [row[0].digits] if len(row) > _LEAST_RUN else [cell.digits for cell in row]
    # 8, 4, 2 against 3.125, 6.25, 12.5: halves and doubles stand against each other in many tables.
    return max(width, float(10 ** -(min(digits) if inverse else max(digits))))


def _proposal(lanes: Sequence[LaneCells], kept: _Kept, sample: int, claim: int) -> Proposal:
    """The relation of one sample, solved for the lane *claim*."""
    law = kept.law
    cells = {lane: cell for lane in law.lanes if (cell := lanes[lane][sample]) is not None}
    plain = not (law.adds or law.scaled or law.form is Form.RELATIVE or _cancels(law, cells))
    use = {lane: _without_unit(cell) if plain else cell.term.use for lane, cell in cells.items()}
    model = {lane: cell.term.use for lane in law.lanes if (cell := lanes[lane][kept.model]) is not None}
    if law.form is Form.RELATIVE:
        one, base = (use[lane] for lane in law.above)
        low, high = (one, base) if one.amount.first.nominal < base.amount.first.nominal else (base, one)
        expression: Expression = Compute("/", Compute("-", high, low), base)
    elif law.adds:
        parts: list[Expression] = [use[lane] for lane in law.above if lane != claim]
        expression = total(parts) if claim == law.target else Compute("-", use[law.target], total(parts))
    else:
        expression = _solved(law, use, model, claim)
    why = f"as in {len(kept.kept)} other places of the table"
    guessed = law.factor is Factor.FREE or (law.factor is Factor.WHOLE and len(kept.kept) < _FEWEST_SCALED)
    family = _PROPORTION if guessed or law.form is Form.RELATIVE else FAMILY
    return Proposal(use[claim], Relation.EQUALS, expression, Source.GRID, family, why=why)


def _cancels(law: LaneLaw, cells: Mapping[int, Cell]) -> bool:
    """Whether the measured units of a product are those of its target."""
    signs = {law.target: -1.0, **dict.fromkeys(law.above, 1.0), **dict.fromkeys(law.below, -1.0)}
    return not combined((cell.term.amount.hard, signs[lane]) for lane, cell in cells.items())


def _without_unit(cell: Cell) -> Use:
    """An amount by its value in base units alone: what a column of intensities or ratios leaves its quotients without."""
    amount, use = cell.term.amount, cell.term.use
    bare = replace(amount.first, interval=cell.span, nominal=cell.value, dimensions=())
    return replace(use, amount=replace(amount, readings=(bare,)))


def _solved(law: LaneLaw, use: dict[int, Use], model: dict[int, Use], claim: int) -> Expression:
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
