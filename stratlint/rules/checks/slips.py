"""Amounts that a paragraph derives from others further back in it: the sentence before, or two of the numbers ahead.

"34 B parameters are 481 GB. Writing it at 20 GB/s takes 24 s": the bytes stand in one sentence, the rate in the next. What is
wrong by a power of ten has the right digits, and digits do not agree by chance; what is wrong otherwise needs an "it" or
"that" that says which amount is meant.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.interval import Interval
from stratlint.document import BlockKind
from stratlint.rules.checks.counted import BINARY_BYTES, CHARGED, PLACED, Term, between, is_result, terms_of, ways
from stratlint.rules.checks.passages import Passage, asserted, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# So many amounts ahead of a number are tried.
_REACH = 8
_POWERS = (-6, -3, -2, -1, 1, 2, 3, 6)
_NEAR, _PROVED = 0.03, 0.10
# Digits that do not agree by chance: fewer where the two amounts stand right before the number.
_TELLING_DIGITS, _FEWER = 3, 2
# Numbers and words that make a power of ten of their own.
_TENS = Pattern(r"(?i)\b(?:ten|tenth|tenfold|hundred|hundredth|thousand\w*|10x|10×|percent|permille|orders? of magnitude|typo)\b|%|‰")
_DERIVES = Pattern(
    r"(?i)(?:\b(?:takes?|gives?|giving|yields?|makes?|making|costs?|needs?|requires?|is|are|equals?|that is|i\.e\.|amounts? to|comes? to|"
    r"adds? up to|totals?|produces?|delivers?|draws?|lasts?|holds?|or|so|hence|therefore|then)|[=≈→(,;:])"
    r"[\s,:]*(?:(?:about|roughly|around|nearly|only|just|exactly|some|together|altogether|in total|it|we|get|is|are|~|≈)[\s,]*)*\$?\s*$"
)
_BACK = Pattern(r"(?i)\b(?:that|this|it|them|they|these|those|both|which)\b")
# What changes an amount on its way into the next sentence, without a number of its own.
_CHANGED = Pattern(
    r"(?i)\b(?:efficien\w+|utili[sz]\w+|overlap\w*|overheads?|mfu|respectively|shared?|redundan\w+|spares?|usable|replicat\w+|ramp\w*|"
    r"margin|headroom|parallel\w*|concurren\w+|up to|half|halves|third|quarter|twice|double[sd]?|idle|remaining|rest|left|other|another|"
    r"including|excluding|except|without|plus|besides|more than|less than|at least|at most|within|instead|but|while|whereas|than|"
    r"versus|vs|not|saves?|budget|target|limit|allow\w*|measured|observed|both directions)\b|%|[<>≤≥]"
)
# A larger power of ten is an amount ("10 T tokens"), not what something is divided into.
_LARGEST_TEN = 1e4
_SCOPES = frozenset({"device", "node", "replica", "instance", "user"})


@dataclass(frozen=True, slots=True)
class _Way:
    """Amounts with the signs of their exponents, and what they multiply to."""

    terms: tuple[Term, ...]
    signs: tuple[int, ...]
    interval: Interval
    value: float

    @property
    def formula(self) -> str:
        """The product as a reader redoes it."""
        ordered = sorted(zip(self.signs, self.terms, strict=True), key=lambda pair: -pair[0])
        out = ""
        for sign, term in ordered:
            text = " ".join(term.number.text.split())
            out += f"{' × ' if sign > 0 else ' ÷ '}{text}" if out else text
        return out


def _blocks(context: Context) -> Iterator[list[tuple[Passage, list[Term]]]]:
    for block, group in itertools.groupby(passages(context), key=lambda passage: passage.statement.block):
        kind = context.document.blocks[block].kind
        if kind in (BlockKind.CODE, BlockKind.FRONT_MATTER, BlockKind.HEADING) or context.document.blocks[block].cell is not None:
            continue
        yield [
            (passage, [t for t in terms_of(passage, [n for n in passage.numbers if n.quantity is not None], results=True) if t is not None])
            for passage in group
        ]


def check_decimal_slip(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A number with the digits of two or three others of its paragraph multiplied out, but another power of ten."""
    for block in _blocks(context):
        ahead: list[Term] = []
        for passage, terms in block:
            for term in terms:
                if term.number.equation < 0 or not _computed_here(context, term):
                    judged = _slip(rule, context, passage, ahead[-_REACH:], term)
                    if judged is not None:
                        yield judged
                ahead.append(term)


def _computed_here(context: Context, term: Term) -> bool:
    return any(True for _ in context.claims.equations_with(term.number.index))


def _slip(rule: Rule, context: Context, passage: Passage, ahead: Sequence[Term], claim: Term) -> Verdict | None:
    quantity = claim.number.quantity
    assert quantity is not None
    if not is_result(claim) or not asserted(context, claim.number):
        return None
    found = [way for size in (2, 3) for way in _products(ahead, claim, size)]
    exact = next((way for way in found if _agrees(way, claim, 1.0)), None)
    if exact is not None:
        return Verdict(rule.name, Status.CONSISTENT, (claim.number.index,), tuple(t.number.index for t in exact.terms), exact.formula)
    found = [way for way in found if _telling(claim) >= (_FEWER if _close_by(way, ahead, claim) else _TELLING_DIGITS)]
    if not found or _TENS.search(passage.text) or any(_agrees(way, claim, 1.0, _PROVED) for way in found):
        return None
    if any(_agrees_somehow(pair, claim) for pair in itertools.combinations(ahead, 2)):
        return None
    for way in found:
        power = next((p for p in _POWERS if _agrees(way, claim, 10.0**p)), None)
        if power is None or any(_is_ten(term) for term in (*ahead, claim)) or not all(asserted(context, t.number) for t in way.terms):
            continue
        return _contradicted(rule, context, claim, way, f"off by the factor {number_text(10.0 ** abs(power))}")
    return None


def _close_by(way: _Way, ahead: Sequence[Term], claim: Term) -> bool:
    """Whether two amounts of this sentence or the one before, the nearest among them, make a number with a hard unit."""
    where = [term.number.sentence for term in way.terms]
    nearest = any(term.number.index == ahead[-1].number.index for term in way.terms)
    charged = bool(CHARGED & set(claim.dimensions))
    return len(way.terms) == 2 and nearest and charged and claim.number.sentence in where and min(where) >= claim.number.sentence - 1


def _telling(term: Term) -> int:
    """The digits of a number that say something: "1,200" has two, "0.0450" three."""
    quantity = term.number.quantity
    assert quantity is not None
    value = f"{quantity.number.value:.12g}".replace(".", "").lstrip("0")
    return max(len(value.rstrip("0")), 0 if quantity.number.integer else quantity.number.digits)


def _agrees_somehow(pair: tuple[Term, Term], claim: Term) -> bool:
    """Whether two amounts give the claim in any way, whatever they count: the words may say less than is meant."""
    one, two = pair[0].value, pair[1].value
    return any(abs(value / claim.value - 1) <= _PROVED for value in (one * two, one / two, two / one) if value)


def _is_ten(term: Term) -> bool:
    """Whether a bare count is a power of ten, which may be what divides the others."""
    return not set(term.dimensions) & CHARGED and 10 <= term.value <= _LARGEST_TEN and math.log10(term.value).is_integer()


def _products(ahead: Sequence[Term], claim: Term, size: int) -> Iterator[_Way]:
    usable = [term for term in ahead if not set(term.dimensions) & PLACED and term.interval.low > 0]
    for chosen in itertools.combinations(usable, size):
        if size > 2 and len({tuple(sorted(term.dimensions.items())) for term in chosen}) < size:
            continue
        closed = tuple(_closed(term, claim) for term in chosen)
        for signs in ways(closed, _unscoped(claim, closed)):
            yield _multiplied(closed, signs)


def _closed(term: Term, claim: Term) -> Term:
    """ "350 tokens each, that is 8 requests/s": the things they are each of are those of the result."""
    counted = [name for name, power in claim.dimensions.items() if power == 1.0 and name not in CHARGED]
    if not term.open or len(counted) != 1 or counted[0] in term.dimensions:
        return term
    return replace(term, dimensions={**term.dimensions, counted[0]: -1.0})


def _unscoped(claim: Term, terms: Sequence[Term]) -> Term:
    """The claim without a "per replica" that none of the amounts has: the paragraph speaks of one anyway."""
    named = {name for term in terms for name in term.dimensions}
    kept = {name: power for name, power in claim.dimensions.items() if power > 0 or name in named or name not in _SCOPES}
    return claim if len(kept) == len(claim.dimensions) else replace(claim, dimensions=kept)


def _multiplied(terms: Sequence[Term], signs: tuple[int, ...]) -> _Way:
    interval, value = Interval(1.0, 1.0), 1.0
    for sign, term in zip(signs, terms, strict=True):
        interval = interval * term.interval if sign > 0 else interval / term.interval
        value = value * term.value if sign > 0 else value / term.value
    return _Way(tuple(terms), signs, interval, value)


def _agrees(way: _Way, claim: Term, factor: float, tolerance: float = 0.0) -> bool:
    """Whether the product times *factor* prints like the claim; GB and GiB both count where no factor is looked for."""
    widest = BINARY_BYTES if factor == 1.0 and any("information" in t.dimensions for t in (*way.terms, claim)) else 1.0
    computed = Interval(way.interval.low * factor / widest, way.interval.high * factor * widest)
    if factor != 1.0:
        return abs(way.value * factor / claim.value - 1.0) <= 0.02 and computed.overlaps(claim.interval)
    return computed.widened(max(tolerance, _NEAR)).overlaps(claim.interval)


def check_amounts_across_sentences(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`… come to 481 GB. Writing it at 20 GB/s takes 40 s`: the last fitting amount of the sentence before is "it"."""
    for block in _blocks(context):
        for (before, earlier), (passage, terms) in itertools.pairwise(block):
            if passage.statement.index != before.statement.index + 1 or len(terms) < 2:
                continue
            judged = _across(rule, context, passage, earlier, terms)
            if judged is not None:
                yield judged


def _across(rule: Rule, context: Context, passage: Passage, earlier: Sequence[Term], terms: Sequence[Term]) -> Verdict | None:
    numbers = [n for n in passage.numbers if n.quantity is not None]
    rate, claim = terms[0], terms[1]
    if numbers[:2] != [rate.number, claim.number] or claim.number.equation >= 0 or not is_result(claim):
        return None
    base = passage.statement.start
    opening, joined = passage.statement.text[: rate.number.start - base], between(passage, rate.number, claim.number)
    sign = _DERIVES.search(joined)
    back = _BACK.search(f"{opening} {joined}")
    if sign is None or back is None or _CHANGED.search(passage.statement.text[: claim.number.start - base]):
        return None
    for amount in reversed(earlier):
        closed = (amount, _closed(rate, claim))
        found = ways(closed, _unscoped(claim, closed))
        if len(found) != 1 or not all(asserted(context, t.number) for t in (amount, rate, claim)):
            continue
        way = _multiplied(closed, found[0])
        if any(_agrees_somehow((t, rate), claim) for t in earlier):
            return None
        others = [_multiplied((t, closed[1]), s) for t in earlier for s in ways((t, closed[1]), _unscoped(claim, (t, closed[1])))]
        if any(_agrees(other, claim, 1.0) for other in others):
            return Verdict(rule.name, Status.CONSISTENT, (claim.number.index,), tuple(t.number.index for t in way.terms), way.formula)
        if any(_agrees(other, claim, 1.0, _PROVED) for other in others) or claim.value > way.value > claim.value / 2.5:
            return None
        if any(_agrees(way, claim, 10.0**power) for power in _POWERS):
            return None  # told as a slip of the point
        return _contradicted(rule, context, claim, way, "")
    return None


def _contradicted(rule: Rule, context: Context, claim: Term, way: _Way, remark: str) -> Verdict:
    shown = _in_unit(claim, way.value)
    printed = " ".join(claim.number.text.split())
    line = f"{way.formula} = {shown}"
    message = f"claims {printed}, but {line}" + (f" ({remark})" if remark else "")
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.number.index,), tuple(t.number.index for t in way.terms), line,
        finding(
            rule, context, message, context.location(claim.number.span, "claim"), block=claim.number.block,
            claimed=printed, computed=shown, formula=line, readings=[ReadingTried("by what the numbers count", way.formula, shown, False)],
            related=[context.location(term.number.span, "premise") for term in way.terms], root=f"amounts:{claim.number.span.start}",
        ),
    )  # fmt: skip


def _in_unit(claim: Term, value: float) -> str:
    quantity = claim.number.quantity
    assert quantity is not None
    per = claim.value / (quantity.number.value * quantity.magnitude) if quantity.number.value else 1.0
    text = number_text(value / per / quantity.magnitude)
    if quantity.currency:
        return f"${text}{quantity.magnitude_text}"
    noun = quantity.unit_text or " ".join(claim.number.noun.split(" ")[:2])
    return f"{text}{quantity.magnitude_text} {noun}".strip()


__all__ = ["check_amounts_across_sentences", "check_decimal_slip"]
