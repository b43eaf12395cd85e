"""One row of items with its brackets nested, as a reader of computations needs it: places, printed words, what is glued to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.claims.amount import amount_of
from stratlint.claims.grammar import words as grammar_words
from stratlint.claims.syntax import Quantity, Word
from stratlint.claims.tokens import Sign, Token
from stratlint.meaning.proposal import Expression, Use
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import Item, ItemKind, Term
from stratlint.meaning.terms import Locate
from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An item, or a bracket with what it holds (`kind` OPEN). `text` is as printed; of a sign, the operator.

    `value`: the expression a bracket or a join of neighbours has been found to stand for; `counted`: what a word counts that is a number;
    `factor`: what a word multiplies the amount behind it by.
    """

    kind: ItemKind
    start: int
    end: int
    text: str
    word: str = ""
    tags: frozenset[str] = frozenset()
    term: Term | None = None
    quantity: Quantity | None = None
    children: tuple[Node, ...] = ()
    value: Expression | None = None
    counted: Term | None = None
    factor: Use | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is an amount."""
        return self.term is not None

    @property
    def is_group(self) -> bool:
        """Whether it is a bracket."""
        return self.kind is ItemKind.OPEN

    @property
    def is_word(self) -> bool:
        """Whether it is a word or another character that is no sign of arithmetic."""
        return self.kind in (ItemKind.WORD, ItemKind.CUE, ItemKind.MARK)

    @property
    def is_name(self) -> bool:
        """Whether it is a word of letters (and digits behind them)."""
        return self.is_word and (self.text[:1].isalpha() or self.text[:1] == "_")


@dataclass(frozen=True, slots=True)
class EquationWords:
    """The words of `grammar/lexicon/equations.yaml`, by their list."""

    lists: dict[str, frozenset[str]]
    formats: dict[str, float]
    separators: frozenset[str]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


@cache
def equation_words() -> EquationWords:
    """What the reader of equations knows of words."""
    data = read_yaml(data_folder("grammar") / "lexicon" / "equations.yaml")
    formats = {str(name): float(size) for name, size in data.pop("formats").items()}
    lists = {name: frozenset(map(str, entries)) for name, entries in data.items()}
    separators = lists["separators"] | frozenset(word.lower() for word in grammar_words()["conjunction"])
    return EquationWords(lists, formats, separators - lists["appositions"])


def computing(tokens: Sequence[Token]) -> bool:
    """Whether a row may hold an equation: a number, and a sign of arithmetic or of equality."""
    words = equation_words()
    signs = words["signs"] | words["arrows"] | words["appositions"]
    digits = any(isinstance(token, Quantity) for token in tokens)
    return digits and any(
        isinstance(token, Sign) or (isinstance(token, Word) and (token.text in signs or token.text.lower() in signs)) for token in tokens
    )


def nodes_of(raws: Sequence[Raw], items: Sequence[Item], text: str, locate: Locate) -> tuple[Node, ...]:
    """The nodes of a row; *items* go with *raws* one by one, *text* is the block's prepared text. Numbers in words are words."""
    stack: list[tuple[int, list[Node]]] = [(0, [])]
    for at, (raw, item) in enumerate(zip(raws, items, strict=True)):
        row = stack[-1][1]
        if raw.kind is ItemKind.OPEN:
            stack.append((raw.start, []))
        elif raw.kind is ItemKind.CLOSE:
            if len(stack) > 1:
                start, inner = stack.pop()
                stack[-1][1].append(_bracket(start, raw.end, inner, text))
        elif raw.kind is ItemKind.SIGN:
            end = raws[at + 1].start if at + 1 < len(raws) and raws[at + 1].kind is not ItemKind.SIGN else raw.end
            doubled = row and row[-1].kind is ItemKind.SIGN and row[-1].text == raw.word == "×" and "**" in text[row[-1].start : end]
            if doubled:
                row[-1] = Node(ItemKind.SIGN, row[-1].start, end, "^")
            else:
                row.append(Node(ItemKind.SIGN, raw.start, end, raw.word))
        elif raw.word == "^":
            row.append(Node(ItemKind.SIGN, raw.start, raw.end, "^"))
        else:
            printed = text[raw.start : raw.end] or raw.word
            quantity = None if raw.spelled else raw.quantity
            term = None if quantity is None else item.term or Term(amount_of(quantity), locate(raw))
            kind = ItemKind.WORD if raw.spelled else raw.kind
            counted = item.term if raw.spelled and raw.quantity is not None and not raw.quantity.times else None
            factor = None if raw.factor is None else Use(amount_of(raw.factor), locate(raw))
            row.append(Node(kind, raw.start, raw.end, printed, raw.word, raw.tags, term, quantity, (), None, counted, factor))
    while len(stack) > 1:
        start, inner = stack.pop()
        stack[-1][1].extend(inner)
    return tuple(stack[0][1])


def _bracket(start: int, end: int, inner: list[Node], text: str) -> Node:
    return Node(ItemKind.OPEN, start, end, text[start:end], children=tuple(inner))


def is_greek(text: str) -> bool:
    """Whether a text is a Greek letter, the symbol of something."""
    return len(text) == 1 and "\u0370" <= text <= "\u03ff"


def leaves(nodes: Sequence[Node]) -> Iterator[Node]:
    """All nodes, those in brackets too, in reading order."""
    for node in nodes:
        if node.is_group:
            yield from leaves(node.children)
        else:
            yield node


def rows_of(nodes: Sequence[Node]) -> Iterator[tuple[tuple[Node, ...], Node | None]]:
    """The row itself and the rows in its brackets, each with its bracket."""
    yield tuple(nodes), None
    for node in nodes:
        if node.is_group:
            for row, bracket in rows_of(node.children):
                yield row, bracket or node
