"""Values with their working in brackets, and results in brackets behind their sum: what stands for `=` where none is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.amount import combined
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.proposal import Compute, Expression, Use, only_multiplies, uses
from stratlint.meaning.sides import Side, side_of
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.written import Sign

_INFORMATION = (("information", 1.0),)
_ANNOTATION_WORDS = 5
_MOST_BYTES_PER_PARAMETER = 20
_LEAST_MAGNITUDE = 1e6
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Two sides that are called equal, and where they stand: from `start` to `end`, the left one up to `middle`."""

    left: Expression
    right: Expression
    sign: Sign
    approximate: bool
    start: int
    middle: int
    end: int
    otherwise: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    sides: tuple[Side, ...]
    relations: tuple[Node, ...]


def found_between(
    left: Expression, right: Expression, sign: Sign, approximate: bool, one: Side, two: Side, otherwise: tuple[Expression, ...] = ()
) -> Found:
    starts = [use.place.start for use in (*uses(left), *uses(right)) if use.place is not None]
    ends = [use.place.end for use in (*uses(left), *uses(right)) if use.place is not None]
    return Found(left, right, sign, approximate, min(starts, default=0), one.end, max(ends, default=two.end), otherwise)


def workings(chain: Chain, reader: ExpressionReader) -> Iterator[Found]:
    """`0.77% (490.4MB ÷ 64GB)`, `12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)`: a value with its computation in brackets."""
    for at, side in enumerate(chain.sides):
        if side.computes:
            continue
        nodes = side.factors[0]
        for index, bracket in enumerate(nodes):
            if not bracket.is_group or any(reader.separates(node) or reader.relates(node) for node in bracket.children):
                continue
            value = _value_before(nodes, index)
            inner = side_of(bracket.children)
            if value is None or value.term is None or not inner.computes:
                continue
            expression = reader.side(inner, leads=False, trails=True)
            if not isinstance(expression, Compute) or any(use.amount.percent for use in uses(expression)):
                continue
            goes_on = at < len(chain.sides) - 1  # "2 clusters (3 stages × 2 GPUs each) = 12 GPUs"
            derives = _derives(expression, value, inner)
            if derives or (not goes_on and _works_out(inner, expression, value, _nouns(nodes[:index]))):
                yield found_between(expression, value.term.use, Sign.BRACKET, False, inner, side)


def _value_before(nodes: Sequence[Node], bracket: int) -> Node | None:
    """The number right before the bracket at this position, with nothing but its noun between."""
    near = nodes[max(bracket - 1 - _ANNOTATION_WORDS, 0) : bracket]
    numbers = [at for at, node in enumerate(near) if node.is_number]
    if not numbers:
        return None
    foreign = equation_words()["foreign"]
    if any(not node.is_word or node.word in foreign or node.kind is ItemKind.MARK for node in near[numbers[-1] + 1 :]):
        return None
    chosen = near[numbers[-1]]
    quantity = chosen.quantity
    return chosen if quantity is not None and quantity.high is None and not quantity.times else None


def _derives(expression: Expression, value: Node, side: Side) -> bool:
    """Whether a bracket can be the computation of the value before it, and not a layout, a list or a remark.

    Both need a measured unit of the same dimension, or the bracket multiplies degrees, or counts parameters.
    """
    assert value.term is not None and value.quantity is not None
    amounts = [use.amount for use in uses(expression)]
    claim = value.term.amount
    if all(node.term.degree is not None for node in side.nodes if node.term is not None):
        return claim.exact
    measured = [amount for amount in amounts if amount.hard]
    if claim.magnitude >= _LEAST_MAGNITUDE and not claim.hard and len(amounts) >= _SEVERAL and _multiplied(expression):
        return not measured and all(amount.magnitude == 1 for amount in amounts)
    if not claim.unit_text:
        return False
    if claim.percent:
        return isinstance(expression, Compute) and expression.operator == "/" and len(measured) == len(amounts)
    if not claim.hard:
        return False
    return any(amount.hard == claim.hard for amount in measured) or _dimensions(expression) == claim.hard


def _dimensions(expression: Expression) -> object:
    """The exponents of measured units of a product or quotient; None of a sum."""
    if isinstance(expression, Use):
        return expression.amount.hard
    left, right = _dimensions(expression.left), _dimensions(expression.right)
    if not isinstance(left, tuple) or not isinstance(right, tuple) or expression.operator not in "×/":
        return None
    sign = 1.0 if expression.operator == "×" else -1.0
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0.0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _multiplied(expression: Expression) -> bool:
    """Whether anything is multiplied: "26B (8 active / 128 experts + 1 shared)" only lists."""
    if isinstance(expression, Use):
        return False
    return expression.operator == "×" or _multiplied(expression.left) or _multiplied(expression.right)


def _nouns(nodes: Sequence[Node]) -> frozenset[str]:
    """What the last number before a bracket counts, plural endings dropped."""
    last = max((at for at, node in enumerate(nodes) if node.is_number), default=0)
    found: list[str] = []
    for node in nodes[last:]:
        printed = node.quantity.unit_text if node.quantity is not None else node.word if node.is_word else ""
        found.extend(printed.split())
    return frozenset(word.lower().removesuffix("s") for word in found if word[:1].isalpha())


def _works_out(side: Side, expression: Expression, value: Node, noun: frozenset[str]) -> bool:
    """Whether a bracket of named counts works out the count before it: "12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)".

    Products give more than each factor ("2 matrices (1024 hidden × 4096 inner)" is a shape) and count what a factor counts;
    quotients give less than what is divided. A slash may list, so it does not count. `240 MB (30B ÷ 500 × 2)` states its
    bytes per parameter. *noun*: what the value counts.
    """
    assert value.term is not None
    amounts = [use.amount for use in uses(expression)]
    signs = {operator.text for operator in side.operators}
    if signs & {"+", "-", "/", "^"} or any(amount.hard or (amount.unit_text and amount.percent) for amount in amounts):
        return False
    claim = value.term.amount
    if claim.hard == _INFORMATION:
        lone = [any(each.assumes == "bytes" for each in amount.readings) for amount in amounts]
        sized = amounts[-1].exact and amounts[-1].value <= _MOST_BYTES_PER_PARAMETER
        return "×" in signs and lone[0] and sized and not any(lone[1:])
    if not claim.exact or not all(amount.exact for amount in amounts):
        return False
    named = sum(
        1 for factor in side.factors if any(node.is_name or (node.quantity is not None and node.quantity.unit_text) for node in factor)
    )
    sizes = [amount.value for amount in amounts]
    counted = frozenset[str]().union(*(_nouns(factor) for factor in side.factors))
    if signs == {"×"} and noun and not noun & counted:
        return False
    likely = claim.value >= max(sizes) if signs == {"×"} else claim.value <= sizes[0] == max(sizes)
    return named >= min(len(amounts), 2) and likely


def results(chain: Chain, reader: ExpressionReader) -> Iterator[Found]:
    """`35 GB + 25 GB + 12 GB (72 GB)`: a result in brackets right behind its sum."""
    for at, side in enumerate(chain.sides):
        factor = side.factors[-1]
        bracket = max((index for index, node in enumerate(factor) if node.is_group), default=0)
        if not side.computes or at < len(chain.sides) - 1 or not bracket or any(not node.is_word for node in factor[bracket + 1 :]):
            continue
        stated = _only_amount(factor[bracket].children)
        bare = replace(side, factors=(*side.factors[:-1], factor[:bracket]))
        left = reader.side(bare, leads=at == 0, trails=False)
        if stated is None or not isinstance(left, Compute) or left.operator not in "+×" or not stated.amount.unit_text:
            continue
        if not stated.amount.hard:
            if len(factor[bracket].children) == 1 and _cancels(left, stated):  # "(144 cards in total)" may be of several such
                yield found_between(left, stated, Sign.BRACKET, False, bare, side)
            continue
        amounts = [use.amount for use in uses(left)]
        added = left.operator == "+" and all(amount.hard == stated.amount.hard for amount in amounts)
        if added or (left.operator == "×" and _dimensions(left) == stated.amount.hard):
            last = factor[0].term
            yield found_between(left, stated, Sign.BRACKET, False, bare, side, (last.use,) if last is not None else ())


def _cancels(product: Compute, stated: Use) -> bool:
    """`9 hosts × 8 cards/host (72 cards)`: of the counted nouns, one of which is below the line, just what the bracket counts is left."""
    factors = [use.amount.first.dimensions for use in uses(product)]
    below = any(power < 0 for factor in factors for _, power in factor)
    return below and only_multiplies(product) and combined((factor, 1.0) for factor in factors) == stated.amount.first.dimensions


def _only_amount(inner: Sequence[Node]) -> Use | None:
    """The amount that a bracket holds beside nothing but "total" and the like."""
    words = equation_words()["results"]
    stated = [node for node in inner if node.is_number]
    if any(node.is_group or (node.is_name and node.word not in words) or node.kind is ItemKind.SIGN for node in inner):
        return None
    return stated[0].term.use if len(stated) == 1 and stated[0].term is not None else None
