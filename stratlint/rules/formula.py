"""The small language of rules: parsed by lark, checked dimensionally with pint, evaluated on intervals.

Arithmetic `+ - * / % ^`, comparisons, `and or not`, the functions `ceil floor min max abs`, and the units of `UNITS` for
constants that have a dimension (`2 * byte`); a variable of the same name hides the unit. A comparison of
intervals holds when some value of each side satisfies it, so a rule contradicts only what no value can save.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from stratlint.claims.interval import Interval, exactly
from stratlint.resources import data_folder

FUNCTIONS = frozenset({"ceil", "floor", "min", "max", "abs"})
# Name in a formula → what it is in the base units that values are kept in.
UNITS = {"byte": 1.0, "flop": 1.0, "second": 1.0, "hour": 3600.0, "watt": 1.0, "joule": 1.0, "dollar": 1.0}
_PRINTED = {"byte": "B", "flop": "FLOP", "second": "s", "hour": "h", "watt": "W", "joule": "J", "dollar": "$"}


class FormulaError(ValueError):
    """A formula that cannot be parsed, or whose dimensions do not work out."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a formula: *kind* number, variable, call, compare, and, or, not, or an operator; *text* its symbol."""

    kind: str
    text: str
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula by its source text, parsed when it is first used: a document needs few of all rules."""

    source: str

    @property
    def root(self) -> Node:
        """The parsed formula.

        Raises:
            FormulaError: it is no formula; the message shows where.
        """
        return _parsed(self.source)

    @property
    def variables(self) -> frozenset[str]:
        """The names it speaks of."""
        return frozenset(node.text for node in walk(self.root) if node.kind == "variable")


def walk(node: Node) -> Iterator[Node]:
    """*node* and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)


@cache
def _parser() -> Lark:
    text = (data_folder("grammar") / "formula.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", maybe_placeholders=False)


def parse_formula(source: str) -> Formula:
    """Parse *source*.

    Raises:
        FormulaError: it is no formula; the message shows where.
    """
    formula = Formula(source)
    _ = formula.root
    return formula


@cache
def _parsed(source: str) -> Node:
    try:
        return _node(_parser().parse(source))
    except LarkError as error:
        line = str(error).splitlines()[0]
        raise FormulaError(f"cannot read `{source}`: {line}") from error


def _node(tree: Tree[Token] | Token) -> Node:
    if isinstance(tree, Token):
        return Node("variable" if tree.type == "NAME" else "number", str(tree))
    children = tree.children
    if tree.data in ("variable", "number"):
        return Node(str(tree.data), str(children[0]))
    if tree.data == "call":
        name = str(children[0])
        if name not in FUNCTIONS:
            raise FormulaError(f"unknown function `{name}`; known: {', '.join(sorted(FUNCTIONS))}")
        return Node("call", name, tuple(_node(child) for child in children[1:]))
    if tree.data == "negation":
        return Node("not", "not", (_node(children[0]),))
    if tree.data == "negative":
        return Node("-", "-", (Node("number", "0"), _node(children[0])))
    if tree.data == "power":
        return Node("^", "^", (_node(children[0]), Node("number", str(children[1]))))
    if tree.data in ("disjunction", "conjunction"):
        word = "or" if tree.data == "disjunction" else "and"
        return Node(word, word, tuple(_node(child) for child in children))
    result = _node(children[0])
    for index in range(1, len(children), 2):
        operator = str(children[index])
        kind = "compare" if tree.data == "comparison" else operator
        result = Node(kind, operator, (result, _node(children[index + 1])))
    return result


def evaluate(node: Node, values: Mapping[str, Interval]) -> Interval:
    """The interval an arithmetic node stands for.

    Raises:
        KeyError: a variable has no value.
        ZeroDivisionError: a divisor may be zero.
    """
    if node.kind == "number":
        return exactly(float(node.text))
    if node.kind == "variable":
        return values[node.text] if node.text in values or node.text not in UNITS else exactly(UNITS[node.text])
    parts = [evaluate(child, values) for child in node.children]
    if node.kind == "call":
        return _call(node.text, parts)
    left, right = parts
    if node.kind == "+":
        return left + right
    if node.kind == "-":
        return left - right
    if node.kind == "*":
        return left * right
    if node.kind == "/":
        return left / right
    if node.kind == "%":
        return _modulo(left, right)
    if node.kind == "^":
        return left.power(int(right.low))
    raise FormulaError(f"`{node.text}` is no arithmetic")


def _modulo(left: Interval, right: Interval) -> Interval:
    if not (left.exact and right.exact) or right.low == 0:
        # an inexact number may well divide
        return Interval(0.0, max(abs(right.low), abs(right.high)))
    return exactly(math.fmod(left.low, right.low))


def _call(name: str, parts: list[Interval]) -> Interval:
    if name in ("min", "max"):
        pick = min if name == "min" else max
        return Interval(pick(p.low for p in parts), pick(p.high for p in parts))
    one = parts[0]
    if name == "abs":
        return Interval(0.0 if one.low <= 0 <= one.high else min(abs(one.low), abs(one.high)), max(abs(one.low), abs(one.high)))
    step = math.ceil if name == "ceil" else math.floor
    return Interval(float(step(one.low)), float(step(one.high)))


def holds(node: Node, values: Mapping[str, Interval]) -> bool:
    """Whether a condition can be true for some values of its intervals; an end that is no number excludes nothing."""
    if node.kind == "and":
        return all(holds(child, values) for child in node.children)
    if node.kind == "or":
        return any(holds(child, values) for child in node.children)
    if node.kind == "not":
        return not holds(node.children[0], values)
    if node.kind != "compare":
        raise FormulaError(f"`{node.text}` is no condition")
    left, right = evaluate(node.children[0], values), evaluate(node.children[1], values)
    slack = 1e-9 * max(abs(left.high), abs(right.high), abs(left.low), abs(right.low))
    return {
        "==": left.overlaps(right),
        "!=": not (left.exact and right.exact and left.low == right.low),
        "<=": not left.low > right.high + slack,
        "<": not left.low >= right.high,
        ">=": not left.high < right.low - slack,
        ">": not left.high <= right.low,
    }[node.text]


def computed_side(formula: Formula, judged: str = "") -> tuple[Node | None, Node | None]:
    """What a condition computes for the variable *judged*, and how far from it the variable may be; None for neither.

    `claim == computation` computes its right side, `abs(claim - computation) <= tolerance` the computation, and
    `count % ranks == 0` the rest. Of several conditions the first that speaks of the variable is meant.
    """
    compared = [node for node in _conditions(formula.root) if node.kind == "compare"]
    root = next((node for node in compared if any(each.text == judged for each in walk(node))), compared[0] if compared else None)
    if root is None:
        return None, None
    left, right = root.children[0], root.children[1]
    if left.kind == "call" and left.text == "abs" and left.children[0].kind == "-" and root.text == "<=":
        return left.children[0].children[1], right
    if left.kind == "%" and right.kind == "number":
        return left, None
    return right, None


def applies(formula: Formula, judged: str, values: Mapping[str, Interval]) -> bool:
    """Whether the conditions of a formula that do not speak of the variable *judged* hold, when all must."""
    parts = formula.root.children if formula.root.kind == "and" else ()
    try:
        return all(holds(part, values) for part in parts if not any(node.text == judged for node in walk(part)))
    except (KeyError, ZeroDivisionError, OverflowError):
        return True


def _conditions(node: Node) -> Iterator[Node]:
    """The conditions that a formula joins with `and` and `or`."""
    if node.kind in ("and", "or"):
        for child in node.children:
            yield from _conditions(child)
    else:
        yield node


def check_dimensions(formula: Formula, dimensions: Mapping[str, str], registry: Any) -> None:
    """Let pint add up the dimensions; numbers are dimensionless.

    Raises:
        FormulaError: naming both dimensions that do not agree, or a variable without one.
    """
    try:
        _dimension(formula.root, dimensions, registry)
    except FormulaError as error:
        raise FormulaError(f"`{formula.source}`: {error}") from None


def _dimension(node: Node, dimensions: Mapping[str, str], registry: Any) -> Any:
    if node.kind == "number":
        return registry.Unit("")
    if node.kind == "variable":
        if node.text not in dimensions and node.text in UNITS:
            return registry.Unit(node.text)
        if node.text not in dimensions:
            raise FormulaError(f"`{node.text}` is not among what the rule relates")
        return registry.Unit(dimensions[node.text])
    if node.kind in ("and", "or", "not"):
        for child in node.children:
            _dimension(child, dimensions, registry)
        return registry.Unit("")
    parts = [_dimension(child, dimensions, registry) for child in node.children]
    if node.kind == "*":
        return parts[0] * parts[1]
    if node.kind == "/":
        return parts[0] / parts[1]
    if node.kind == "^":
        return parts[0] ** int(node.children[1].text)
    if node.kind == "call" and node.text in ("ceil", "floor", "abs"):
        return parts[0]
    for other, child in zip(parts[1:], node.children[1:], strict=True):
        zero = any(c.kind == "number" and float(c.text) == 0 for c in (node.children[0], child))
        if not zero and parts[0].dimensionality != other.dimensionality:
            raise FormulaError(f"`{node.text}` joins {_name(parts[0])} and {_name(other)}")
    return registry.Unit("") if node.kind == "compare" else parts[0]


def _name(unit: Any) -> str:
    return str(unit.dimensionality) if unit.dimensionality else "a plain number"


def render(node: Node, texts: Mapping[str, str], outer: int = 0) -> str:
    """The formula with the numbers as printed in place of the names."""
    if node.kind == "number":
        return node.text
    if node.kind == "variable":
        return texts.get(node.text, node.text)
    if node.kind == "call":
        return f"{node.text}({', '.join(render(child, texts) for child in node.children)})"
    signs = {"*": "×", "/": "÷", "%": "mod", "^": "^", "==": "=", "<=": "≤", ">=": "≥", "-": "−"}
    rank = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "^": 8}[node.kind]
    if node.kind == "not":
        return f"not {render(node.children[0], texts, rank)}"
    sign = f" {signs.get(node.text, node.text)} "
    unit = node.children[-1].text if node.kind == "*" and node.children[-1].kind == "variable" else ""
    if unit in _PRINTED and unit not in texts:
        factor = render(node.children[0], texts, outer)
        # "70B B" would be read as a slip of the pen.
        return f"{factor}{' × 1' if unit == 'byte' and factor[-1:].isalpha() else ''} {_PRINTED[unit]}"
    left = render(node.children[0], texts, rank)
    rest = [render(child, texts, rank + 1) for child in node.children[1:]]
    joined = sign.join([left, *rest])
    return f"({joined})" if rank < outer else joined
