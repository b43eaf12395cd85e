"""Nodes → expressions: operators by precedence, one amount an operand, whatever words stand around it.

Prose stands around the numbers of a computation (`which gives every rank 768 / 6 = 128 micro-batches`). An inner operand must hold
exactly one number; the outermost ones may be wrapped in words: on the left the number next to the operator counts, on the right the
number next to the relation. Names before a number and nouns behind it are skipped, words of another phrase are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from stratlint.claims.amount import Amount, AmountReading, amount_of
from stratlint.claims.interval import exactly
from stratlint.claims.printed import PrintedNumber
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import load_lexicon
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.nodes import Node, equation_words, is_greek
from stratlint.meaning.portions import share_of
from stratlint.meaning.proposal import Compute, Expression, Place, Use, uses, worth
from stratlint.meaning.sides import Side, by_precedence, side_of
from stratlint.meaning.statement import ItemKind

_MOST_NOUN_WORDS = 4
_MOST_NAME_WORDS = 3
_MOST_OPERANDS = 200
_COEFFICIENT = 3
_THIN = 3
_GROUP_OF_DIGITS = 3

Locate = Callable[[int, int], Place]
Bound = Callable[[str, int], Use | None]


class ExpressionReader:
    """Reads expressions in one block. *bound*: the amount a name stands for at an offset; *locate*: the place of a stretch of the block."""

    def __init__(self, bound: Bound, locate: Locate) -> None:
        self._bound = bound
        self._locate = locate
        self._values: dict[Node, Expression | None] = {}
        self._words = equation_words()

    def side(self, side: Side, *, leads: bool, trails: bool, strict: bool = False) -> Expression | None:
        """The computation a side writes, None when an operand is words only or holds several numbers.

        *leads*: words may stand before the first number. *trails*: anything may follow the last number's noun. *strict*: no name may
        stand before the first number.
        """
        if not side.computes:
            return None if self.apiece(side.factors[0]) else self.operand(side.factors[0], first=leads, last=trails, alone=True)
        numbers = [node for node in side.nodes if node.quantity is not None]
        if any(node.quantity is not None and (node.quantity.high is not None or _algebraic(node)) for node in numbers):
            return None  # "1280-530x2": a hyphen that may be a minus or a range; "3x + 5" is algebra
        divides = any(operator.text == "/" for operator in side.operators)
        axes = [self._names_axis(factor) for factor in side.factors]
        if divides and (axes[0] or sum(axes) > 1):
            return None  # "TP4/PP1/EP8" is a list, "131,072 / CP4" none
        values: list[Expression] = []
        last = len(side.factors) - 1
        for at, factor in enumerate(side.factors):
            value = self.operand(factor, first=leads and at == 0, last=trails and at == last, strict=strict and at == 0)
            if value is None:
                return None
            values.append(value)
        total = by_precedence(values, [operator.text for operator in side.operators])
        return total if sum(1 for _ in uses(total)) <= _MOST_OPERANDS else None

    def apiece(self, nodes: Sequence[Node]) -> bool:
        """`1,048 MB each`, `@ 8`: one of them."""
        pairs = pairwise(nodes)
        return any((one.is_number and two.word in self._words["apiece"]) or (one.text == "@" and two.is_number) for one, two in pairs)

    def operand(self, factor: Sequence[Node], *, first: bool, last: bool, alone: bool = False, strict: bool = False) -> Expression | None:
        """The one amount of a factor. *alone*: it is a whole side, where a name is a label; *strict*: no name may stand before it."""
        share = share_of(factor, self.numeric, self._words["articles"], computes=first and not alone) or self._multiple_of(
            factor, last=last
        )
        if share is not None:
            return share
        nodes = self._joined(factor)
        if nodes is None:
            return None
        numbers = [at for at, node in enumerate(nodes) if self.numeric(node)]
        if not numbers:
            counted = self._in_words(nodes, last=last)
            if counted is not None:
                return counted
            return None if alone else self._named(nodes, first=first, last=last)
        if (
            first
            and not alone
            and numbers[-1] < len(nodes) - 2
            and nodes[-1].is_name
            and not _touches(nodes[-2], nodes[-1])
            and (value := self._bound(nodes[-1].text, nodes[-1].start))
        ):
            return value  # "d = 3 so t × p × d"
        # "2 (TP)" and "29.4 GB (per GPU)": brackets right after a number only comment on it
        if any(at - 1 in numbers and nodes[at].is_group and not self._is_working(nodes[at - 1], nodes[at]) for at in numbers):
            return None  # "v = 5 (4 − 1) / 35": which of the two is the operand, nothing shows
        heads = [at for at in numbers if not (nodes[at].is_group and at - 1 in numbers)]
        if not (first or last) or (first and last):
            if len(heads) != 1:
                return None
        chosen = heads[0] if last or not first else heads[-1]
        before, node, after = nodes[:chosen], nodes[chosen], nodes[chosen + 1 :]
        if any(each.text == "@" for each in before) or self._torn(before, node):
            return None
        if not first and not self._names(before, 0 if alone or strict else _MOST_NAME_WORDS):
            return None
        if node.is_group and (len(heads) > 1 or self._applied(before, node)):
            return None
        if before and (
            (not before[-1].text[:1].isalnum() and before[-1].text in self._words["functions"]) or before[-1].word in self._words["below"]
        ):
            return None
        if not last and not self._is_noun(after):
            return None
        if any(slash.text == "/" and self._bound(name.text, name.start) is not None for slash, name in pairwise(after)):
            return None  # "8,192 tokens/batch": a symbol of the page, and no thing that is counted
        if after and (_coefficient(node, after[0]) or self._is_symbol_behind(node, after[0])):
            return self._with_coefficient(node, after)
        return self.value(node)

    def _is_working(self, number: Node, bracket: Node) -> bool:
        """Whether a bracket with a computation behind a number shows where that comes from: `256 (32 × 8) / 4`."""
        one, two = self.value(number), self.value(bracket)
        if not (isinstance(two, Compute) and one is not None) or (bracket.start == number.end):
            return True
        return worth(one) == worth(two) or any(use.amount.unit_text for use in uses(one))

    def numeric(self, node: Node) -> bool:
        """Whether a node is a number or a bracket that computes one."""
        return node.is_number or (node.is_group and self.value(node) is not None)

    def value(self, node: Node) -> Expression | None:
        """What a number or a bracket stands for."""
        if node.value is not None:
            return node.value
        if node.term is not None:
            return node.term.use
        if not node.is_group:
            return None
        if node not in self._values:
            self._values[node] = None
            self._values[node] = self._value_of_group(node)
        return self._values[node]

    def _value_of_group(self, group: Node) -> Expression | None:
        if any(self.separates(node) or self.relates(node) for node in group.children):
            return None
        side = side_of(group.children)
        difference = self._difference(side)
        if difference is not None:
            return difference
        inner = self.side(side, leads=False, trails=False)
        if isinstance(inner, Use) and (inner.amount.ranged or any(node.is_name for node in side.nodes)):
            return None
        return inner

    def separates(self, node: Node) -> bool:
        """Whether a node ends a clause."""
        if node.kind in (ItemKind.STOP, ItemKind.COMMA, ItemKind.COLON):
            return True
        return node.is_word and (node.word in self._words.separators or "therefore" in node.tags)

    def relates(self, node: Node) -> bool:
        """Whether a node calls two sides equal, or says how they compare."""
        if not node.is_word:
            return False
        words = self._words
        signs = node.text in words["signs"] or node.text in words["arrows"] or node.text in words["bounds"]
        return signs or node.word in words["appositions"] or ("equals" in node.tags and node.text not in ("-", "~"))

    def _difference(self, side: Side) -> Expression | None:
        """`(8-1)`: alone in its brackets a falling range is a subtraction."""
        nodes = side.nodes
        whole = nodes[0].quantity if len(nodes) == 1 and not side.computes else None
        if whole is None or whole.high is None or whole.units or whole.number.value <= whole.high.value:
            return None
        one = replace(whole, high=None, end=whole.number_end, text=f"{whole.number.value:g}")
        two = replace(
            whole, number=whole.high, high=None, start=whole.high_start, number_start=whole.high_start, text=f"{whole.high.value:g}"
        )
        return Compute("-", self._use(one), self._use(two))

    def _use(self, quantity: Quantity, role: str = "") -> Use:
        return Use(amount_of(quantity), self._locate(quantity.number_start, quantity.end), role)

    def _joined(self, factor: Sequence[Node]) -> list[Node] | None:
        """`2(8-1)` and `(2/3)(0.36)` are products, `(48 − 16.1) GB` has a unit, `TP(8)` is 8; None where a bracket is an argument."""
        out: list[Node] = []
        for node in factor:
            previous = out[-1] if out else None
            if previous is None:
                out.append(node)
                continue
            if node.is_group and previous.text.upper() in self._words["axes"] and isinstance(self.value(node), Use):
                out[-1] = node
                continue
            if previous.is_group and node.is_word and (measured := self._in_unit(previous, node)) is not None:
                out[-1] = measured
                continue
            if node.is_number and previous.text in ("e", "E"):
                return None  # "104 e 12", an exponent that the markup tore apart
            if node.is_group and previous.is_group and previous.end == node.start and _counts(previous) and _counts(node):
                one, two = self.value(previous), self.value(node)
                if one is None or two is None:
                    return None  # "(1)(-1)": a product of something that was not read
                out[-1] = replace(previous, value=Compute("×", one, two), end=node.end)
                continue
            glued = node.is_group and previous.quantity is not None and previous.end == node.start and not previous.quantity.unit_text
            if glued:
                inner, factor_ = self.value(node), self.value(previous)
                if isinstance(inner, Compute) and factor_ is not None:
                    out[-1] = replace(node, start=previous.start, value=Compute("×", factor_, inner))
                    continue
                if _counts(node):
                    return None  # "12288(1536 nodes)", "f(3)": no product
            out.append(node)
        return out

    def _in_unit(self, group: Node, word: Node) -> Node | None:
        """A computation in brackets with the unit of its result behind it: each of its terms has that unit."""
        units = load_lexicon().read(word.text)
        if not units or not units[0].hard:
            return None
        value = self.value(group)
        if not isinstance(value, Compute) or any(use.amount.unit_text for use in uses(value)):
            return None
        one = PrintedNumber(1.0, 0.0, 1, True, 0.0)
        quantity = Quantity(
            word.text, word.start, word.end, word.start, word.start, one, None, 0, 0, 1.0, "", units, word.text, False, False, False
        )  # fmt: skip
        return replace(group, end=word.end, value=Compute("×", value, Use(amount_of(quantity))))

    def _torn(self, before: Sequence[Node], node: Node) -> bool:
        """`104 857 600`: groups of digits that were not read as one number."""
        previous = before[-1] if before else None
        if previous is None or previous.quantity is None or node.quantity is None or previous.quantity.unit_text:
            return False
        return len(node.quantity.text.split(".")[0].split(" ")[0]) == _GROUP_OF_DIGITS and node.quantity.text[:1].isdigit()

    def _names(self, before: Sequence[Node], most: int) -> bool:
        """Whether what stands before an inner number names it: an axis, "about", a few nouns."""
        lex, words = lexicon(), self._words
        names = 0
        for node in before:
            if node.is_number or (node.is_group and _counts(node)):
                return False
            if node.is_group or node.start == node.end:
                continue
            if node.word in words["functions"] or node.word in words["below"]:
                return False
            if node.word in words["leads"] or node.text.upper() in words["axes"] or not node.text[:1].isalnum():
                continue
            if node.word in words["foreign"] or node.word in lex.verbs or node.tags & {"versus", "only", "limit", "floor"}:
                return False
            if node.text[:1].isdigit() or node.word in lex.prepositions:
                return False
            names += 1
        return names <= most

    def _applied(self, before: Sequence[Node], group: Node) -> bool:
        """`sqrt(…)`, `f(…)`: the bracket is an argument."""
        previous = before[-1] if before else None
        if previous is None or not previous.is_name:
            return False
        return previous.end == group.start or previous.word in self._words["functions"]

    def _is_noun(self, after: Sequence[Node]) -> bool:
        """Whether the words after a number can be what it counts: few, no variable, no proper name, no other phrase."""
        words = [node for node in after if not node.is_group]
        if len(words) > _MOST_NOUN_WORDS:
            return False
        for node in words:
            if node.is_number or node.text[:1].isdigit():
                return False
            if not node.is_name:
                continue
            plain = node.text.isascii()
            proper = node.text[0].isupper() and plain and not node.text.removesuffix("s").isupper()
            if node.word in self._words["foreign"] or (proper and node.text.upper() not in self._words.formats):
                return False
            if is_greek(node.text):
                return False  # "α = 0.7 the bound kα + 1": a symbol counts nothing
            if len(node.text) == 1 and self._bound(node.text, node.start) is None and plain:
                return False
        return True

    def _multiple_of(self, nodes: Sequence[Node], *, last: bool) -> Expression | None:
        """`half of 96 GPUs`, `twice the 24 GB`: a factor in words, and the amount that it is of."""
        numbers = [at for at, node in enumerate(nodes) if self.numeric(node)]
        factors = [at for at, node in enumerate(nodes) if node.factor is not None]
        if len(numbers) != 1 or len(factors) != 1 or factors[0] > numbers[0]:
            return None
        factor, value = nodes[factors[0]].factor, self.value(nodes[numbers[0]])
        ends = last or self._is_noun(nodes[numbers[0] + 1 :])
        return Compute("×", factor, value) if factor is not None and value is not None and ends else None

    def _in_words(self, nodes: Sequence[Node], *, last: bool) -> Expression | None:
        """`eight nodes`: the one number of an operand in words, with nothing before it that could say otherwise."""
        counted = [at for at, node in enumerate(nodes) if node.counted is not None]
        if len(counted) != 1 or any(node.is_group or node.factor is not None for node in nodes):
            return None
        before, term, after = nodes[: counted[0]], nodes[counted[0]].counted, nodes[counted[0] + 1 :]
        if term is None or any(node.word not in self._words["leads"] for node in before) or not (last or self._is_noun(after)):
            return None
        return term.use

    def _names_axis(self, factor: Sequence[Node]) -> bool:
        """`TP4`: a name and its number in one word."""
        return any(name.is_word and name.start == name.end == number.start for name, number in pairwise(factor))

    def _named(self, nodes: Sequence[Node], *, first: bool, last: bool) -> Expression | None:
        """A factor without digits: a name that the page gives an amount, or a format that stands for its bytes."""
        found = [node for node in nodes if node.is_word and node.text[:1].isalnum() and node.word not in self._words["leads"]]
        if not found or any(node.is_group and not _comments(node) for node in nodes):
            return None
        chosen = found[-1] if first else found[0]
        if not (first or last) and len(found) != 1:
            return self._symbols(found)
        if chosen.word in self._words["functions"] or any(_touches(one, two) for one, two in pairwise(found) if chosen in (one, two)):
            return None
        value = self._symbol(chosen)
        if value is not None and last and not first and not self._is_noun(found[1:]):
            return None
        return value

    def _symbols(self, nodes: Sequence[Node]) -> Expression | None:
        """`N D`: names side by side."""
        total: Expression | None = None
        for node in nodes:
            value = self._bound(node.text, node.start)
            if value is None:
                return None
            total = value if total is None else Compute("×", total, value)
        return total

    def _symbol(self, node: Node) -> Expression | None:
        bound = self._bound(node.text, node.start)
        if bound is not None:
            return bound
        size = self._words.formats.get(node.text.upper())
        if size is not None:
            return Use(_bytes(size, node.text))
        return None

    def _spelled_out(self, node: Node) -> Expression | None:
        """`ND`: each letter a name."""
        total: Expression | None = None
        for offset, letter in enumerate(node.text):
            value = self._bound(letter, node.start + offset)
            if value is None:
                return None
            total = value if total is None else Compute("×", total, value)
        return total

    def _is_symbol_behind(self, node: Node, following: Node) -> bool:
        """`81{,}920\\,b`: a letter that the page gives a value, a thin blank behind a number without a unit."""
        quantity = node.quantity
        letter = following.is_name and len(following.text) == 1 and 0 < following.start - node.end <= _THIN
        plain = quantity is not None and not quantity.unit_text and not quantity.times
        return letter and plain and self._bound(following.text, following.start) is not None

    def _with_coefficient(self, node: Node, after: Sequence[Node]) -> Expression | None:
        """`6ND`: a number glued to names."""
        value = self.value(node)
        symbols = self._symbol(after[0]) or self._spelled_out(after[0])
        return Compute("×", value, symbols) if value is not None and symbols is not None else None


def _algebraic(node: Node) -> bool:
    """`3x` is a factor only where the page says so in words."""
    return node.quantity is not None and node.quantity.times


def _touches(one: Node, two: Node) -> bool:
    """`kα`: two letters of different alphabets without a blank are a product, and neither of them alone."""
    return one.is_name and two.is_name and one.end == two.start


def _coefficient(node: Node, following: Node) -> bool:
    """Whether a number without a unit is glued to a short name."""
    quantity = node.quantity
    if quantity is None or quantity.unit_text or quantity.times or not following.is_name or following.start != node.end:
        return False
    return len(following.text) <= _COEFFICIENT and following.text.isascii()


def _counts(group: Node) -> bool:
    return any((node.is_group and _counts(node)) or any(character.isdigit() for character in node.text) for node in group.children)


def _comments(group: Node) -> bool:
    """Whether a bracket holds words only."""
    return not _counts(group)


def _bytes(size: float, name: str) -> Amount:
    """The bytes of a number in a format."""
    dimensions = (("information", 1.0),)
    reading = AmountReading("", exactly(size), size, 1.0, dimensions)
    return Amount(f"{size:g} bytes ({name})", exactly(size), size, 0.0, "bytes", (reading,), True, False, False, False, False)
