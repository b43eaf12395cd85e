"""What the form of an equation and the words around it leave open: remarks that its judge asks for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

from stratlint.document import Block, BlockKind
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.proposal import Place, Use, uses
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.workings import Found
from stratlint.meaning.written import Sign

NEAR, CLOSE, LOOKED_BACK = 160, 60, 240
# Between the sides of a mesh: `2x4`.
_CROSSES = frozenset({"x", "X"})
# Words that say which way something changed, so that a result need not.
_CHANGES = frozenset({"change", "down", "altered"})


def between(flat: Sequence[Node], start: int, end: int) -> Sequence[Node]:
    """The nodes of a row that begin between two offsets."""
    first = bisect_left(flat, start, key=lambda node: node.start)
    return flat[first : bisect_left(flat, end, first, key=lambda node: node.start)]


def said(flat: Sequence[Node], start: int, end: int, words: str) -> bool:
    """Whether any word of a list of `equations.yaml` stands between two offsets."""
    known = equation_words()[words]
    return any(
        node.word.partition("/")[0] in known or node.text in known or (node.quantity is not None and node.quantity.unit_text in known)
        for node in between(flat, start, end)
    )


def remarks(found: Found, block: Block, text: str, flat: Sequence[Node]) -> Iterator[str]:
    """The remarks on an equation; *flat*: the leaves of its row, *text*: the prepared text of its block."""
    left = [use.place for use in uses(found.left) if use.place is not None]
    right = [use.place for use in uses(found.right) if use.place is not None]
    if not left or not right:
        return
    yield from _form_remarks(text, left)
    behind, claimed = max(place.end for place in left), min(place.start for place in right)
    if block.cell is not None:
        yield "cell"
    if behind <= claimed and all(not use.amount.unit_text for use in uses(found.left)) and said(flat, behind, claimed, "shapes"):
        yield "shape"
    if behind <= claimed and said(flat, behind, claimed, "bits"):
        yield "bits"
    if "^" in text[claimed : found.end] or any(said(flat, found.start, found.end + 2, words) for words in ("apiece", "below")):
        yield "power"
    if said(flat, found.start - CLOSE, found.end + CLOSE, "both_ways"):
        yield "both ways"
    sign = text[claimed - 1 : claimed]
    if (sign and sign in "+-−") or said(flat, found.start - NEAR, found.end + NEAR, "grows"):
        yield "grows"
    near = between(flat, found.start - NEAR, found.end + NEAR)
    if any(node.tags & _CHANGES or node.word in equation_words()["moves"] for node in near):
        yield "changes"
    told = text[max(found.start - LOOKED_BACK, 0) : found.start]
    if _per_many(between(flat, found.end, found.end + CLOSE)[:2]) or _told_per_many(told):
        yield "many"
    if _is_long(flat, max(left, key=lambda place: place.start)):
        yield "length"
    if (
        block.kind is not BlockKind.CODE
        and found.sign is Sign.WORD
        and any(span.start <= place.start < span.end for span in block.code for place in (*left, *right))
    ):
        yield "printed"
    pointing = equation_words()["pointing"]  # "263 ms = 7 × the 36 ms": so many times, rounded
    if any(sign.text == "×" and word.word in pointing for sign, word in pairwise(between(flat, found.start, found.end))):
        yield "ratio"
    if all(map(partial(_counts_named, flat), uses(found.left))):
        yield "counted"
    if any(text[place.end : place.end + 1].isalpha() for place in right if not text[place.end - 1].isalpha()):
        yield "glued"


def _form_remarks(text: str, left: Sequence[Place]) -> Iterator[str]:
    """Whether the operands stand in a list (`1/2/4`), a pair (`8K/1K`) or beside a slash, which may as well mean "at"."""
    printed = text[min(place.start for place in left) : max(place.end for place in left)]
    if "/" in printed and "÷" not in printed:
        yield "slash"
    ordered = sorted(left, key=lambda place: place.start)
    if len(ordered) > 1 and all(text[one.end : two.start] == "/" for one, two in pairwise(ordered)):
        yield "pair" if len(ordered) == 2 else "list"
    if len(ordered) > 1 and all(text[one.end : two.start] in _CROSSES for one, two in pairwise(ordered)):
        yield "mesh"


def _counts_named(flat: Sequence[Node], use: Use) -> bool:
    """Whether an operand says what it counts: `20 layers`, `4 all-reduce equivalents`."""
    amount, place = use.amount, use.place
    if place is None or amount.hard or amount.percent or amount.multiple or amount.magnitude != 1.0:
        return False
    near = between(flat, place.start - CLOSE, place.end + CLOSE)
    at = next((at for at, node in enumerate(near) if node.quantity is not None and node.quantity.number_start == place.start), None)
    if at is None:
        return False
    noun = near[at + 1] if at + 1 < len(near) else None
    named = noun is not None and noun.is_name and noun.kind is ItemKind.WORD and noun.word not in equation_words()["foreign"]
    return bool(amount.unit_text) or (named and noun is not None and noun.text.upper() not in equation_words().formats)


def _per_many(nodes: Sequence[Node]) -> bool:
    """`per million`, `/ 1,000`."""
    if len(nodes) != 2 or not (nodes[0].word == "per" or nodes[0].text == "/"):
        return False
    known, second = equation_words()["many"], nodes[1]
    return second.is_number or second.word in known or second.text in known


def _told_per_many(before: str) -> bool:
    """`cost per 1,000 requests` above the line."""
    words = [word.strip(":.()*").replace(",", "") for word in before.lower().split()]
    return any(one == "per" and two in equation_words()["many"] for one, two in pairwise(words))


def _is_long(flat: Sequence[Node], last: Place) -> bool:
    """Whether the last operand is so many epochs or steps."""
    lengths = equation_words()["lengths"]
    near = between(flat, last.start - CLOSE, last.start + 1)
    number = next((node for node in near if last.start < node.end), None)
    printed = number.quantity.unit_text if number is not None and number.quantity is not None else ""
    return printed in lengths or any(node.word in lengths for node in between(flat, last.end, last.end + CLOSE)[:2])
