"""Names that the page gives an amount: "Let N = 70B", `nodes = 16` in a fence, "where p = 12"; read in whatever is computed with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Symbols:
    """All bindings of a page. *parents*: the section around each section."""

    def __init__(self, bindings: Iterable[Binding], parents: Sequence[int]) -> None:
        self._parents = parents
        self._by_name: dict[str, list[Binding]] = {}
        for binding in bindings:
            self._by_name.setdefault(binding.name, []).append(binding)

    def bound(self, name: str, block: int, section: int, offset: int, *, code: bool) -> Use | None:
        """What *name* stands for at an offset of a block: the nearest of its block, section or page, if it is one amount there."""
        known = self._by_name.get(name)
        if known is None:
            return None
        here = [each for each in known if each.block == block]
        if here and code:
            earlier = [each for each in here if each.start < offset]
            return earlier[-1].use if earlier else None
        around = self._around(section)
        wide = [each for each in known if each.reach is not Reach.BLOCK]
        for near in (here, [each for each in wide if each.section == section], [each for each in wide if each.section in around]):
            if near:
                return near[0].use if len({_value(each.use) for each in near}) == 1 else None
        everywhere = [each for each in known if each.reach is Reach.PAGE]
        return everywhere[0].use if everywhere and len({_value(each.use) for each in wide}) == 1 else None

    def _around(self, section: int) -> frozenset[int]:
        found: set[int] = set()
        while section > 0 and section not in found:
            found.add(section)
            section = self._parents[section]
        return frozenset(found)


def _value(use: Use) -> tuple[float, object]:
    return use.amount.first.nominal, use.amount.first.dimensions


def bindings_in(nodes: Sequence[Node], reader: ExpressionReader, block: int, section: int, *, code: bool) -> Iterable[Binding]:
    """The names that a row gives an amount."""
    for row, _ in rows_of(nodes):
        for clause in clauses_of(row, reader):
            signs = [at for at, node in enumerate(clause) if reader.relates(node)]
            if not signs or any(clause[at].text not in equation_words()["signs"] for at in signs):
                continue
            left = clause[: signs[0]]
            name = _name(left)
            amount = _amount(clause[signs[0] + 1 : signs[1] if len(signs) > 1 else len(clause)])
            single = len(signs) == 1 or amount is not None
            if amount is None and len(signs) > 1:
                amount = _amount(clause[signs[-1] + 1 :])  # "C = 6ND = 8.4e23"
            if name is None or amount is None or amount.term is None:
                continue
            yield Binding(name.text, amount.term.use, block, section, name.start, _reach(name, left, single=single, code=code))


def _reach(name: Node, left: Sequence[Node], *, single: bool, code: bool) -> Reach:
    letter = len(name.text) == 1
    if single and any(node.word in equation_words()["defines"] for node in left[:-1]):
        return Reach.PAGE
    if single and not letter and (code or "_" in name.text):
        return Reach.PAGE
    named = letter or not name.text.isalpha() or (name.text.isupper() and len(name.text) <= _SHORT)
    return Reach.SECTION if named else Reach.BLOCK


def _name(left: Sequence[Node]) -> Node | None:
    """The one name before the sign; "let", "where" and the like may lead to it."""
    if not left or not left[-1].is_name or len(left) > 1 + _LEADING_WORDS:
        return None
    if any(not node.is_name or node.word not in lexicon().function_words | equation_words()["defines"] for node in left[:-1]):
        return None
    return left[-1]


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
