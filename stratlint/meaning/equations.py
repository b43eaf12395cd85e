"""Which sides of a row the page calls equal: chains, values with their working in brackets, results behind, amounts in two units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.amount import hard
from stratlint.meaning.expressions import ExpressionReader, Side, computes, only_multiplies, side_of
from stratlint.meaning.nodes import Node, equation_words, leaves, rows_of
from stratlint.meaning.proposal import Compute, Expression, Use, uses
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.written import Sign

# So many billions nobody writes with a B; it is bytes.
_FEWEST_BYTES = 2_000
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


def equations_in(nodes: Sequence[Node], reader: ExpressionReader, *, comments: bool = False) -> Iterator[Found]:
    """Every equation of a row and of its brackets. *comments*: only what a comment behind a computation states (program text)."""
    row = _opened(nodes, reader)
    for inner, bracket in rows_of(row):
        if bracket is not None and _is_argument(bracket, row):
            continue
        for clause in clauses_of(inner, reader):
            chain = _chain(clause, reader)
            yield from _chain_equations(chain, reader, comments=comments)
            if not comments:
                yield from _workings(chain, reader)
                yield from _results(chain, reader)


def clauses_of(row: Sequence[Node], reader: ExpressionReader) -> Iterator[tuple[Node, ...]]:
    """A row between its separators; a comma before "i.e." is none."""
    clause: list[Node] = []
    for at, node in enumerate(row):
        if reader.separates(node):
            following = row[at + 1] if at + 1 < len(row) else None
            if node.kind is ItemKind.COMMA and following is not None and following.word in equation_words()["appositions"]:
                continue
            if clause:
                yield tuple(clause)
            clause = []
        else:
            clause.append(node)
    if clause:
        yield tuple(clause)


def _opened(nodes: Sequence[Node], reader: ExpressionReader) -> tuple[Node, ...]:
    """The row with `(= 48 GB)` as part of the chain before it."""
    out: list[Node] = []
    for node in nodes:
        if node.is_group and node.children and node.children[0].text in equation_words()["signs"] and out:
            out.extend(node.children)
        else:
            out.append(node)
    return tuple(out)


def _is_argument(bracket: Node, row: Sequence[Node]) -> bool:
    """Whether what a bracket computes is the argument of a function, or an operand of something around it."""
    previous = None
    for node in row:
        if node is bracket:
            break
        previous = node
    if previous is None:
        return False
    if previous.kind is ItemKind.SIGN:
        return True
    return previous.is_name and (previous.end == bracket.start or previous.word in equation_words()["functions"])


@dataclass(frozen=True, slots=True)
class _Chain:
    sides: tuple[Side, ...]
    relations: tuple[Node, ...]


def _chain(clause: Sequence[Node], reader: ExpressionReader) -> _Chain:
    sides: list[Side] = []
    relations: list[Node] = []
    current: list[Node] = []
    for at, node in enumerate(clause):
        if not reader.relates(node):
            current.append(node)
        elif not _names_operand(clause, at):
            sides.append(side_of(current))
            relations.append(node)
            current = []
    sides.append(side_of(current))
    return _Chain(tuple(sides), tuple(relations))


def _names_operand(clause: Sequence[Node], at: int) -> bool:
    """`÷ TP=4`, `× seq=2,048`: the sign is glued to an operand and its name."""
    if at < 2 or at + 1 >= len(clause) or clause[at].text != "=":
        return False
    operator, name, sign, number = clause[at - 2 : at + 2]
    glued = name.is_name and name.end == sign.start and number.is_number and number.start == sign.end
    if not glued or operator.kind is not ItemKind.SIGN:
        return False
    for before in reversed(clause[: at - 2]):  # "n * b=3 * 2" is a formula and its numbers
        if before.is_number or before.is_group:
            return True
        if before.kind is ItemKind.SIGN or before.text == "=":
            return False
    return False


def _strong(relation: Node) -> bool:
    return relation.text in equation_words()["signs"]


def _arrow(relation: Node) -> bool:
    return relation.text in equation_words()["arrows"]


def _weak(relation: Node) -> bool:
    return not _strong(relation) and not _arrow(relation) and relation.text not in equation_words()["bounds"]


def _sign_of(relation: Node) -> Sign:
    if relation.word == "#":
        return Sign.COMMENT
    if relation.word in equation_words()["appositions"]:
        return Sign.APPOSITION
    if _arrow(relation):
        return Sign.ARROW
    return Sign.EQUALS if _strong(relation) else Sign.WORD


def _chain_equations(chain: _Chain, reader: ExpressionReader, *, comments: bool) -> Iterator[Found]:
    words = equation_words()
    previous: Expression | None = None
    before: Side | None = None
    approximate = False
    last = len(chain.sides) - 1
    for index, side in enumerate(chain.sides):
        relation = chain.relations[index - 1] if index else None
        equality = relation is not None and relation.text not in words["bounds"]
        opens = index < last and chain.relations[index].text not in words["bounds"]
        current = reader.side(side, leads=not equality, trails=index > 0, strict=equality)
        approximate = approximate or (relation is not None and relation.text in words["approximate"])
        if not equality or relation is None:
            previous, before, approximate = current, side, False
            continue
        sign = _sign_of(relation)
        if sign is Sign.EQUALS and before is not None and _binds(before, relation):
            previous = None  # "12B workers + 31B TP=2"
        if previous is not None and current is not None and before is not None:
            alike = convertible(previous, current) and not _of_several(before)
            if sign is Sign.APPOSITION:
                stated = alike and _at_edge(before, last=True) and _at_edge(side, last=False)
            else:
                stated = computes(previous) or (sign in (Sign.EQUALS, Sign.COMMENT) and (alike or _restates(before, current)))
                stated = stated and not (computes(previous) and _same_shape(before, side, previous, current))
            if stated and (sign is Sign.COMMENT or not comments):
                yield _found(previous, current, sign, approximate, before, side)
            approximate = False
        if current is not None or any(node.is_number or node.is_group for node in side.nodes):
            # "a × b = 16 heads / 8": the next comparison starts from what stands last in this side
            following = reader.side(side, leads=True, trails=False) if opens else current
            if _adds_products(side) and previous is not None and computes(previous) and only_multiplies(previous):
                following = None  # "200 × 2 = 400 in + 200 × 5 = 1,000 out": two products told in one line
            previous, before = following, side
        elif sign in (Sign.WORD, Sign.ARROW):
            previous = None  # "from 8/10 is robust at seq = 8192"


def _same_shape(one: Side, two: Side, left: Expression, right: Expression) -> bool:
    """`TP × PP = 8 × 4`: a formula of names and the numbers that stand for them, or two computations of one form."""
    signs = [operator.text for operator in one.operators] == [operator.text for operator in two.operators]
    return signs and computes(right) and not any(node.is_number for node in leaves(one.nodes))


def _found(
    left: Expression, right: Expression, sign: Sign, approximate: bool, one: Side, two: Side, otherwise: tuple[Expression, ...] = ()
) -> Found:
    starts = [use.place.start for use in (*uses(left), *uses(right)) if use.place is not None]
    ends = [use.place.end for use in (*uses(left), *uses(right)) if use.place is not None]
    return Found(left, right, sign, approximate, min(starts, default=0), one.end, max(ends, default=two.end), otherwise)


def _binds(side: Side, relation: Node) -> bool:
    """`TP=2` behind other words: the sign is glued to a name, and gives it a value."""
    factor = side.factors[-1]
    return len(factor) > 1 and factor[-1].is_name and factor[-1].end == relation.start


def _adds_products(side: Side) -> bool:
    added = [at for at, operator in enumerate(side.operators) if operator.text in "+-"]
    return bool(added) and any(operator.text not in "+-" for operator in side.operators[added[0] :])


def _restates(side: Side, computation: Expression) -> bool:
    """`17.7 GB = 8 × 2.2 GB`; but in `80 layers = 80 × 855.65M` the left side is a label, not a result."""
    alone = side.nodes[0] if len(side.nodes) == 1 and not side.computes else None
    if not isinstance(computation, Compute) or alone is None or alone.quantity is None:
        return False
    if alone.quantity.counted and alone.quantity.unit_text:
        return False
    share = alone.term is not None and alone.term.amount.percent
    return not share or computation.operator == "/"  # "Spot 70 % = 885 nodes × $0.12": the share is a label


def convertible(left: Expression, right: Expression) -> bool:
    """Whether two plain amounts state one in two units (and not two scopes of it)."""
    if not isinstance(left, Use) or not isinstance(right, Use):
        return False
    one, two = left.amount, right.amount
    lone = next((each for each in one.readings if each.assumes == "bytes"), None)
    if lone is not None and one.value >= _FEWEST_BYTES:
        return hard(two.first.dimensions) == _INFORMATION  # "192,512 B, i.e. 192.5 KB"
    if not one.unit_text or not two.unit_text or one.unit_text == two.unit_text or "-" in one.text or "-" in two.text:
        return False
    return bool(one.hard) and one.first.dimensions == two.first.dimensions


def _of_several(side: Side) -> bool:
    """`~2KB per context = ~100MB`, `0.1% over 28 days = 40 minutes`: the left amount is of one thing, or of another number."""
    nodes = side.nodes
    words = equation_words()
    numbers = [at for at, node in enumerate(nodes) if node.is_number]
    around = (*nodes[numbers[-1] + 1 :], *nodes[: numbers[0]]) if numbers else ()
    return len(numbers) > 1 or any(node.word in words["below"] or node.word in words["apiece"] for node in around)


def _at_edge(side: Side, *, last: bool) -> bool:
    nodes = side.nodes
    return bool(nodes) and not side.computes and nodes[-1 if last else 0].is_number


def _workings(chain: _Chain, reader: ExpressionReader) -> Iterator[Found]:
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
                yield _found(expression, value.term.use, Sign.BRACKET, False, inner, side)


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
    named = sum(1 for factor in side.factors if any(node.is_name or (node.quantity is not None and node.quantity.unit_text) for node in factor))
    sizes = [amount.value for amount in amounts]
    counted = frozenset[str]().union(*(_nouns(factor) for factor in side.factors))
    if signs == {"×"} and noun and not noun & counted:
        return False
    likely = claim.value >= max(sizes) if signs == {"×"} else claim.value <= sizes[0] == max(sizes)
    return named >= min(len(amounts), 2) and likely


def _results(chain: _Chain, reader: ExpressionReader) -> Iterator[Found]:
    """`35 GB + 25 GB + 12 GB (72 GB)`: a result in brackets right behind its sum."""
    words = equation_words()
    for at, side in enumerate(chain.sides):
        nodes = side.nodes
        if not side.computes or at < len(chain.sides) - 1 or len(nodes) < 2 or not nodes[-1].is_group:
            continue
        inner = nodes[-1].children
        stated = [node for node in inner if node.is_number]
        if len(stated) != 1 or stated[0].term is None or any(
            node.is_group or (node.is_name and node.word not in words["results"]) or node.kind is ItemKind.SIGN for node in inner
        ):
            continue
        bare = replace(side, factors=(*side.factors[:-1], side.factors[-1][:-1]))
        left = reader.side(bare, leads=at == 0, trails=False)
        claim = stated[0].term.use
        if not isinstance(left, Compute) or not claim.amount.hard or left.operator not in "+×":
            continue
        amounts = [use.amount for use in uses(left)]
        alike = all(amount.hard == claim.amount.hard for amount in amounts) if left.operator == "+" else _dimensions(left) == claim.amount.hard
        if alike:
            last = side.factors[-1][0].term
            yield _found(left, claim, Sign.BRACKET, False, bare, side, (last.use,) if last is not None else ())
