"""All equations of a page, from its rows of items: bindings first, then every row, then the rows of tables with a computing cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import ClaimSet
from stratlint.document import Block, BlockKind
from stratlint.meaning.formula_cells import cell_equations
from stratlint.meaning.equations import Found, equations_in
from stratlint.meaning.expressions import ExpressionReader, Locate, only_multiplies
from stratlint.meaning.nodes import Node, equation_words, leaves
from stratlint.meaning.proposal import Use, uses
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.symbols import Symbols, bindings_in
from stratlint.meaning.written import Equation, Sign

_NEAR = 160
_CLOSE = 60
_LOOKED_BACK = 240
_CHINESE_NOUN = 4
_MOST_BEFORE = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, a cell or a block of program text as nodes. `text`: the block's prepared text; `asserted`: nobody calls it a mistake."""

    block: Block
    nodes: tuple[Node, ...]
    text: str
    asserted: bool
    program: bool
    locate: Locate


def equations_of(claims: ClaimSet, rows: Sequence[Row]) -> tuple[Equation, ...]:
    """Every equation of the page, in reading order of its rows."""
    rows = [replace(row, nodes=_commented(row.nodes)) if row.block.kind is BlockKind.CODE else row for row in rows]
    plain = {row.block.index: ExpressionReader(lambda _name, _at: None, row.locate) for row in rows}
    symbols = Symbols((
        binding
        for row in rows if row.asserted
        for binding in bindings_in(
            row.nodes, plain[row.block.index], row.block.index, row.block.section, code=row.block.kind is BlockKind.CODE
        )),
        [section.parent for section in claims.document.sections],
    )  # fmt: skip
    out: list[Equation] = []
    told: dict[int, list[Use]] = {}
    readers: dict[int, ExpressionReader] = {}
    for row in rows:
        reader = readers.setdefault(row.block.index, _reader(row, symbols))
        for node in leaves(row.nodes):
            if node.term is not None and node.quantity is not None and node.quantity.high is None:
                told.setdefault(row.block.index, []).append(node.term.use)
        flat = tuple(leaves(row.nodes))
        for found in equations_in(row.nodes, reader, comments=row.program):
            if not _unreadable(found, row, flat):
                out.append(_equation(found, row, flat, told[row.block.index] if row.block.index in told else []))
    out.extend(cell_equations(claims.document, _cells(rows), readers))
    return tuple(out)


def _reader(row: Row, symbols: Symbols) -> ExpressionReader:
    block, code = row.block, row.block.kind is BlockKind.CODE
    return ExpressionReader(lambda name, at: symbols.bound(name, block.index, block.section, at, code=code), row.locate)


def _cells(rows: Sequence[Row]) -> Mapping[int, tuple[Node, ...]]:
    cells: dict[int, tuple[Node, ...]] = {}
    for row in rows:
        if row.block.cell is not None and row.asserted:
            cells[row.block.index] = (*cells.get(row.block.index, ()), *row.nodes)
    return cells


def _commented(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """`world = nodes * gpus  # 128`: a comment that is one amount states the result; any other begins another clause."""
    out: list[Node] = []
    for at, node in enumerate(nodes):
        if node.text != "#":
            out.append(node)
            continue
        end = next((position for position in range(at + 1, len(nodes)) if nodes[position].kind is ItemKind.STOP), len(nodes))
        comment = [each for each in nodes[at + 1 : end] if each.text not in equation_words()["signs"]]
        amounts = [each for each in comment if each.is_number]
        alone = len(amounts) == 1 and comment[0] is amounts[0] and len(comment) <= 2 and not any(each.is_group for each in comment)
        if alone:
            out.append(replace(node, kind=ItemKind.CUE, text="=", word="#", tags=frozenset({"equals"})))
        else:
            out.append(replace(node, kind=ItemKind.STOP))
    return tuple(out)


def _equation(found: Found, row: Row, flat: Sequence[Node], told: Sequence[Use]) -> Equation:
    before = [use for use in told if use.place is not None and found.start - _LOOKED_BACK <= use.place.start < found.start]
    return Equation(
        found.left, found.right, found.sign, found.approximate, row.asserted, row.block.index, found.start, found.end,
        frozenset(_remarks(found, row, flat)), tuple(before[-_MOST_BEFORE:]), found.otherwise,
    )  # fmt: skip


def _between(flat: Sequence[Node], start: int, end: int) -> Sequence[Node]:
    first = bisect_left(flat, start, key=lambda node: node.start)
    return flat[first : bisect_left(flat, end, first, key=lambda node: node.start)]


def _said(flat: Sequence[Node], start: int, end: int, words: str) -> bool:
    known = equation_words()[words]
    return any(
        node.word in known or node.text in known or (node.quantity is not None and node.quantity.unit_text in known)
        for node in _between(flat, start, end)
    )


def _remarks(found: Found, row: Row, flat: Sequence[Node]) -> Iterator[str]:
    left = [use.place for use in uses(found.left) if use.place is not None]
    right = [use.place for use in uses(found.right) if use.place is not None]
    if not left or not right:
        return
    behind, claimed = max(place.end for place in left), min(place.start for place in right)
    if behind <= claimed and _said(flat, behind, claimed, "shapes") and all(not use.amount.unit_text for use in uses(found.left)):
        yield "shape"
    if _said(flat, found.start - _CLOSE, found.end + _CLOSE, "both_ways"):
        yield "both ways"
    sign = row.text[claimed - 1 : claimed]
    if (sign and sign in "+-−") or _said(flat, found.start - _NEAR, found.end + _NEAR, "grows"):
        yield "grows"
    after = _between(flat, found.end, found.end + _CLOSE)[:2]
    if len(after) == 2 and (after[0].word == "per" or after[0].text == "/") and (after[1].is_number or _many(after[1])):
        yield "many"
    if any(one.word == "per" and (two.is_number or _many(two)) for one, two in _pairs(_between(flat, found.start - _LOOKED_BACK, found.start))):
        yield "many"
    if behind <= claimed and _said(flat, behind, claimed, "bits"):
        yield "bits"
    last = max(left, key=lambda place: place.start)
    following = _between(flat, last.end, last.end + _CLOSE)[:2]
    number = next((node for node in flat if node.start <= last.start < node.end), None)
    printed = number.quantity.unit_text if number is not None and number.quantity is not None else ""
    if printed in equation_words()["lengths"] or any(node.word in equation_words()["lengths"] for node in following):
        yield "length"
    if row.block.kind is not BlockKind.CODE and found.sign is Sign.WORD and any(
        span.start <= place.start < span.end for span in row.block.code for place in (*left, *right)
    ):
        yield "printed"
    if any(row.text[place.end : place.end + 1].isalpha() for place in right if not row.text[place.end - 1].isalpha()):
        yield "glued"


def _pairs(nodes: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    return zip(nodes, nodes[1:], strict=False)


def _many(node: Node) -> bool:
    return node.word in equation_words()["many"] or node.text in equation_words()["many"]


def _unreadable(found: Found, row: Row, flat: Sequence[Node]) -> bool:
    """Whether the computation is a part of something longer that was not read: an exponent, an argument, a digit group."""
    text = row.text
    if any(word in text[found.start : found.end] for word in equation_words()["rounds"]):
        return True
    before = text[: found.start].rstrip("$€£ ")
    axis = any(node.start == node.end == found.start for node in _between(flat, found.start, found.start + 1))
    if before[-1:] in ("-", "–", "—") and text[found.start - 1 : found.start] != " " and before[-2:-1].isalnum() and not axis:
        return True  # "top-8 × 4", but not "EP-8 × TP-4"
    left = [use.place for use in uses(found.left) if use.place is not None]
    behind = text[max((place.end for place in left), default=0) :].lstrip()
    noun = len(behind) - len(behind.lstrip("".join(dict.fromkeys(each for each in behind[:8] if "\u4e00" <= each <= "\u9fff"))))
    if noun >= _CHINESE_NOUN and not only_multiplies(found.left) and found.sign is not Sign.BRACKET:
        return True  # four characters are more than what a number counts
    following = _between(flat, found.end, found.end + 2)
    claim = found.right if isinstance(found.right, Use) else None
    if claim is not None and not claim.amount.unit_text and following and following[0].quantity is not None:
        return following[0].text[:3].isdigit() and not following[0].text[3:4].isdigit()  # "= 104 857"
    return False
