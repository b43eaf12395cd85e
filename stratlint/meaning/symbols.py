"""Names that the page gives an amount: "Let N = 70B", `nodes = 16` in a fence, "where p = 12"; read in whatever is computed with them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stratlint.meaning.equations import clauses_of
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.nodes import Node, equation_words, rows_of
from stratlint.meaning.proposal import Use
from stratlint.meaning.statement import ItemKind

_SHORT = 5
_LEADING_WORDS = 2


class Reach(StrEnum):
    """How far a binding is known."""

    BLOCK = "block"  # an ordinary word: it is a name only where it is given an amount
    SECTION = "section"  # a letter, or the result of a computation: it may be another thing elsewhere
    PAGE = "page"  # "let N = …", an identifier


@dataclass(frozen=True, slots=True)
class Binding:
    """A name with the amount it is given, where, and how far that reaches."""

    name: str
    use: Use
    block: int
    section: int
    start: int
    reach: Reach


@dataclass(slots=True)
class _Several:
    """Bindings of one name that are known at the same places: the first one, its number, and whether all give the same amount."""

    first: Binding
    number: int
    alone: bool = True


class Symbols:
    """All bindings of a page. *parents*: the section around each section."""

    def __init__(self, bindings: Iterable[Binding], parents: Sequence[int]) -> None:
        self._parents = parents
        self._in_block: dict[tuple[str, int], list[Binding]] = {}
        self._several: dict[tuple[str, str, int], _Several] = {}
        for number, binding in enumerate(bindings):
            self._in_block.setdefault((binding.name, binding.block), []).append(binding)
            for key in _known_in(binding):
                several = self._several.setdefault(key, _Several(binding, number))
                several.alone = several.alone and _value(several.first.use) == _value(binding.use)
        for here in self._in_block.values():
            here.sort(key=lambda binding: binding.start)

    def bound(self, name: str, block: int, section: int, offset: int, *, code: bool) -> Use | None:
        """What *name* stands for at an offset of a block: the nearest of its block, section or page, if it is one amount there."""
        here = self._in_block.get((name, block))
        if here and code:
            behind = bisect_left(here, offset, key=lambda binding: binding.start)
            return here[behind - 1].use if behind else None
        around = [(name, "section", each) for each in self._around(section)]
        for keys in ([(name, "block", block)], [(name, "section", section)], around):
            near = [self._several[key] for key in keys if key in self._several]
            if near:
                return _only(near)
        everywhere, wide = self._several.get((name, "page", 0)), self._several.get((name, "wide", 0))
        return everywhere.first.use if everywhere is not None and wide is not None and wide.alone else None

    def _around(self, section: int) -> frozenset[int]:
        found: set[int] = set()
        while section > 0 and section not in found:
            found.add(section)
            section = self._parents[section]
        return frozenset(found)


def _known_in(binding: Binding) -> Iterator[tuple[str, str, int]]:
    yield binding.name, "block", binding.block
    if binding.reach is not Reach.BLOCK:
        yield binding.name, "section", binding.section
        yield binding.name, "wide", 0
    if binding.reach is Reach.PAGE:
        yield binding.name, "page", 0


def _only(several: Sequence[_Several]) -> Use | None:
    """The amount that all of them give; None where they give different ones."""
    first = min(several, key=lambda each: each.number).first
    same = all(each.alone and _value(each.first.use) == _value(first.use) for each in several)
    return first.use if same else None


def _value(use: Use) -> tuple[float, object]:
    return use.amount.first.nominal, use.amount.first.dimensions


def bindings_in(nodes: Sequence[Node], reader: ExpressionReader, block: int, section: int, *, code: bool) -> Iterator[Binding]:
    """The names that a row gives an amount."""
    known = equation_words()["signs"]
    for row, _ in rows_of(nodes):
        together = list(_together(row)) if code else []
        listed = {symbol.start for symbol, _ in together}
        for symbol, node in together:
            if node.term is not None:
                yield Binding(symbol.text, node.term.use, block, section, symbol.start, Reach.SECTION)
        for clause in clauses_of(row, reader):
            relations = [at for at, node in enumerate(clause) if reader.relates(node)]
            for index, at in enumerate(relations):
                if clause[at].text not in known or (
                    index and clause[relations[index - 1]].text in known and relations[index - 1] == at - 2
                ):
                    continue
                start = relations[index - 1] + 1 if index else 0
                name = _name(clause[start:at])
                amount = _given(clause, relations[index:])
                if name is not None and name.start not in listed and amount is not None and amount[0].term is not None:
                    reach = _reach(name, clause[start:at], single=amount[1], code=code)
                    yield Binding(name.text, amount[0].term.use, block, section, name.start, reach)


def _together(row: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """`s, h, V = 4096, 7168, 100352`: names that are given their amounts in one line of a program."""
    for at, sign in enumerate(row):
        if sign.text != "=":
            continue
        names, amounts = _listed(row[:at][::-1], name=True)[::-1], _listed(row[at + 1 :], name=False)
        if len(names) == len(amounts) > 1:
            yield from zip(names, amounts, strict=True)


def _listed(nodes: Sequence[Node], *, name: bool) -> list[Node]:
    """The names, or amounts, that *nodes* begin with, with commas between them."""
    out: list[Node] = []
    for at, node in enumerate(nodes):
        if at % 2:
            if node.kind is not ItemKind.COMMA:
                break
        elif node.is_name if name else node.is_number:
            out.append(node)
        else:
            break
    return out


def _given(clause: Sequence[Node], relations: Sequence[int]) -> tuple[Node, bool] | None:
    """The amount behind the first of *relations*, or behind the last one of a chain ("C = 6ND = 8.4e23"); and whether it is the first."""
    end = relations[1] if len(relations) > 1 else len(clause)
    first = _amount(clause[relations[0] + 1 : end])
    if first is not None:
        return first, True
    signs = equation_words()["signs"]
    if len(relations) > 1 and all(clause[at].text in signs for at in relations):
        last = _amount(clause[relations[-1] + 1 :])
        return (last, False) if last is not None else None
    return None


def _reach(name: Node, left: Sequence[Node], *, single: bool, code: bool) -> Reach:
    letter = len(name.text) == 1
    if single and any(node.word in equation_words()["defines"] for node in left[:-1]):
        return Reach.PAGE
    if single and not letter and (code or "_" in name.text):
        return Reach.PAGE
    named = letter or not name.text.isalpha() or (name.text.isupper() and len(name.text) <= _SHORT)
    return Reach.SECTION if named else Reach.BLOCK


def _name(left: Sequence[Node]) -> Node | None:
    """The name before the sign: alone, behind "let", "where" and the like, or a symbol behind other words ("a batch of B = 8")."""
    if not left or not left[-1].is_name:
        return None
    name, before = left[-1], left[:-1]
    leads = lexicon().function_words | equation_words()["defines"]
    if len(before) <= _LEADING_WORDS and all(node.is_name and node.word in leads for node in before):
        return name
    symbol = len(name.text) == 1 or "_" in name.text
    return name if symbol and before[-1].is_name and before[-1].text.isalpha() and len(before[-1].text) > 1 else None


def _amount(right: Sequence[Node]) -> Node | None:
    """The one amount that a name is given: nothing but "about" stands before it, and no operator behind it."""
    leads = next((at for at, node in enumerate(right) if node.is_number), None)
    if leads is None or any((node.is_name and node.word not in equation_words()["leads"]) or node.is_group for node in right[:leads]):
        return None
    chosen, after = right[leads], right[leads + 1 :]
    if any(node.kind is ItemKind.SIGN for node in right[:leads]) or (after and (after[0].kind is ItemKind.SIGN or after[0].is_group)):
        return None
    computed = next((at for at, node in enumerate(after) if node.kind is ItemKind.SIGN), len(after))
    if computed < len(after) and not any(node.is_name for node in after[:computed]):
        return None
    quantity = chosen.quantity
    return chosen if quantity is not None and quantity.high is None and not quantity.times else None
