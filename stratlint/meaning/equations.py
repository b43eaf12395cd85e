"""Which sides of a row the page calls equal: chains, values with their working in brackets, results behind, amounts in two units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.claims.amount import hard
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.nodes import Node, equation_words, leaves, rows_of
from stratlint.meaning.proposal import Compute, Expression, Use, only_multiplies, uses
from stratlint.meaning.sides import Side, computes, side_of
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.workings import Chain, Found, found_between, results, workings
from stratlint.meaning.written import Sign

# So many billions nobody writes with a B; it is bytes.
_FEWEST_BYTES = 2_000
_SETTINGS = 3
_SCALES = frozenset({"×", "/", "÷"})
_INFORMATION = (("information", 1.0),)


def equations_in(nodes: Sequence[Node], reader: ExpressionReader, *, comments: bool = False) -> Iterator[Found]:
    """Every equation of a row and of its brackets. *comments*: only what a comment behind a computation states (program text)."""
    row = _opened(nodes)
    before = {id(node): previous for previous, node in pairwise((None, *row)) if node is not None}
    for inner, bracket in rows_of(row):
        if bracket is not None and _is_argument(bracket, before.get(id(bracket), row[-1])):
            continue
        for clause in clauses_of(inner, reader):
            if _lists_settings(clause):
                continue
            chain = _chain(clause, reader)
            yield from _chain_equations(chain, reader, comments=comments)
            if not comments:
                yield from workings(chain, reader)
                yield from results(chain, reader)


def _lists_settings(clause: Sequence[Node]) -> bool:
    """`bs=4 seq=2048 + bs=8 seq=1024`: names with their values side by side, and nothing that computes one."""
    signs = [at for at, node in enumerate(clause) if node.text == "="]
    inner = [at for at in signs if 0 < at < len(clause) - 1]
    glued = [at for at in inner if clause[at - 1].end == clause[at].start and clause[at].end == clause[at + 1].start]
    return len(glued) >= _SETTINGS and len(glued) == len(signs)


def clauses_of(row: Sequence[Node], reader: ExpressionReader) -> Iterator[tuple[Node, ...]]:
    """A row between its separators; a comma before "i.e." is none."""
    clause: list[Node] = []
    for at, node in enumerate(row):
        if reader.separates(node):
            following = row[at + 1] if at + 1 < len(row) else None
            if node.kind is ItemKind.COMMA and following is not None and following.word in equation_words()["appositions"]:
                continue
            carried = _carried(clause) if node.kind is ItemKind.COMMA and following is not None and following.text in _SCALES else None
            if clause:
                yield tuple(clause)
            clause = [carried] if carried is not None else []
        else:
            clause.append(node)
    if clause:
        yield tuple(clause)


def _carried(clause: Sequence[Node]) -> Node | None:
    """The result that a clause ends in, if what follows its comma goes on with it: `18 × 730 = $13,140 per month, × 12 = …`."""
    equal = max((at for at, node in enumerate(clause) if node.text in equation_words()["signs"]), default=-1)
    numbers = [node for node in clause[equal + 1 :] if node.is_number] if equal >= 0 else []
    return numbers[0] if len(numbers) == 1 else None


def _opened(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The row with `(= 48 GB)` as part of the chain before it."""
    out: list[Node] = []
    for node in nodes:
        if node.is_group and node.children and node.children[0].text in equation_words()["signs"] and out:
            out.extend(node.children)
        else:
            out.append(node)
    return tuple(out)


def _is_argument(bracket: Node, previous: Node | None) -> bool:
    """Whether what a bracket computes is the argument of a function, or an operand of something around it: *previous* stands before it."""
    if previous is None:
        return False
    if previous.kind is ItemKind.SIGN:
        return True
    return previous.is_name and (previous.end == bracket.start or previous.word in equation_words()["functions"])


def _chain(clause: Sequence[Node], reader: ExpressionReader) -> Chain:
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
    return Chain(tuple(sides), tuple(relations))


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


def _sign_of(relation: Node) -> Sign:
    if relation.word == "#":
        return Sign.COMMENT
    if relation.word in equation_words()["appositions"]:
        return Sign.APPOSITION
    if _arrow(relation):
        return Sign.ARROW
    return Sign.EQUALS if _strong(relation) else Sign.WORD


def _chain_equations(chain: Chain, reader: ExpressionReader, *, comments: bool) -> Iterator[Found]:
    words = equation_words()
    previous: Expression | None = None
    before: Side | None = None
    approximate = worked = False
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
        if sign is Sign.EQUALS and before is not None and (_binds(before, relation) or _bound(chain, index)):
            previous = None  # "12B workers + 31B TP=2", "SPLITS=16 = 132 TPS / 100 ms"
        if previous is not None and current is not None and before is not None:
            alike = convertible(previous, current) and not _of_several(before)
            if sign is Sign.APPOSITION:
                stated = alike and _at_edge(before, last=True) and _at_edge(side, last=False)
            else:
                # "9 × 8 = 72 cards = 36 pairs × 2": a result that is worked out again is no label
                again = worked and isinstance(previous, Use) and computes(current)
                stated = computes(previous) or (sign in (Sign.EQUALS, Sign.COMMENT) and (alike or again or _restates(before, current)))
                stated = stated and not (computes(previous) and _is_formula(before, previous, current))
            if computes(current) and index < last and _arrow(chain.relations[index]):
                stated = False  # "9 × 512 → 512 → 2,048": the sizes that something passes
            if stated and not _counts_another(side, previous, current) and (sign is Sign.COMMENT or not comments):
                yield found_between(previous, current, sign, approximate, before, side)
            worked = stated and computes(previous)
            approximate = False
        if current is not None or any(node.is_number or node.is_group for node in side.nodes):
            # "a × b = 16 heads / 8": the next comparison starts from what stands last in this side
            following = reader.side(side, leads=True, trails=False) if opens else current
            if _adds_products(side) and previous is not None and computes(previous) and only_multiplies(previous):
                following = None  # "200 × 2 = 400 in + 200 × 5 = 1,000 out": two products told in one line
            previous, before = following, side
        elif sign in (Sign.WORD, Sign.ARROW):
            previous = None  # "from 8/10 is robust at seq = 8192"


def _counts_another(side: Side, computation: Expression, result: Expression) -> bool:
    """`16 × 8 GPUs = two racks`: a result in words that counts what none of the operands does."""
    if not isinstance(result, Use) or any(node.is_number or node.is_group for node in side.nodes):
        return False
    if not any(node.counted is not None for node in side.nodes):
        return False
    nouns = {name for name, _ in result.amount.first.dimensions}
    return not nouns & {name for use in uses(computation) for name, _ in use.amount.first.dimensions}


def _is_formula(side: Side, left: Expression, right: Expression) -> bool:
    """`TP × PP = 8 × 4`, `n*b = 3*2 + 2`: a formula of names, and the numbers that stand for them here."""
    printed = {node.quantity.number_start for node in leaves(side.nodes) if node.quantity is not None}
    return computes(right) and not any(use.place is not None and use.place.start in printed for use in uses(left))


def _binds(side: Side, relation: Node) -> bool:
    """`TP=2` behind other words: the sign is glued to a name, and gives it a value."""
    factor = side.factors[-1]
    return len(factor) > 1 and factor[-1].is_name and factor[-1].end == relation.start


def _bound(chain: Chain, index: int) -> bool:
    """Whether the side before relation *index* - 1 is the value that a glued sign gives a name: the name is said to be what follows."""
    if index < 2:
        return False
    name, sign, value = chain.sides[index - 2], chain.relations[index - 2], chain.sides[index - 1]
    glued = bool(name.nodes) and len(value.nodes) == 1 and name.nodes[-1].end == sign.start and value.nodes[0].start == sign.end
    return glued and name.nodes[-1].is_name and chain.relations[index - 1].start > value.nodes[-1].end


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
