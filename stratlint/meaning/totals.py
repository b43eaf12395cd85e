"""What labels say of sums: whether a value is plainly a part, a total plainly that of what stands there, and what else it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.document.grid import CellRole, GridCell
from stratlint.document.layouts.words import bare, counts_otherwise, holds_word, in_brackets, measures
from stratlint.meaning.labels import phrase_of_label
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.statement import Item, ItemKind, Term

# What a participle ends in.
_DONE = "ed"
_RANKS = frozenset({"mean", "q50", "q90", "q95", "q99", "q999"})
_NOTHING = frozenset[str]()


def roles_in_sums(cell: GridCell) -> frozenset[str]:
    """How the labels of a cell say that it stands to the others of its column or row, if it is not plainly one of them or their total.

    `qualified`: the total of some, `Total in use`. `reworked`: of something was done to, or of more than what stands there, `Total after
    tax`, `Total (all 19)`. `overlapping`: it is counted where others are counted, too, `Unique users`, `Copies (hidden)`. `ranked`: it is a
    percentile or a mean, and those of parts do not add up.
    """
    label = _label_of_total(cell)
    found = set[str]()
    if label:
        found |= {"qualified"} if phrase_of_label(label).head and not measures(label) else set()
        found |= {"reworked"} if _is_reworked(label) else set()
    labels = (*cell.row, *cell.column)
    if any(map(_overlaps, labels)):
        found.add("overlapping")
    if any(map(_ranks, labels)):
        found.add("ranked")
    return frozenset(found)


@lru_cache(maxsize=4096)
def _is_reworked(label: str) -> bool:
    """Whether a label of a total says more than what it is the total of; a participle at its end says what was done to it."""
    words = bare(label).split()
    done = [*words[-1:], *in_brackets(label).casefold().split()]
    told = any(word.endswith(_DONE) and not lexicon().tagged((word,), 0)[1] for word in done)
    return told or words[1:2] == ["+"] or holds_word("reworked", label) or counts_otherwise(label)


@lru_cache(maxsize=4096)
def _overlaps(label: str) -> bool:
    return holds_word("overlapping", label) or holds_word("aside_overlapping", in_brackets(label))


@lru_cache(maxsize=4096)
def _ranks(label: str) -> bool:
    phrase = phrase_of_label(label)
    asides = (lexicon().tags.get((word,), _NOTHING) for word in phrase.asides)
    return bool(phrase.tags.union(*asides) & _RANKS)


def _label_of_total(cell: GridCell) -> str:
    """The label that makes a cell a total, "" where none does."""
    if cell.row_role is CellRole.TOTAL and cell.row:
        return cell.row[-1]
    return cell.label if cell.column_role is CellRole.TOTAL else ""


def overlapping(items: Sequence[Item]) -> frozenset[str]:
    """Whether a cell says in brackets behind its value that it is counted where others are: `60 ms (hidden)`."""
    depth = 0
    aside: list[str] = []
    for item in items:
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        if depth > 0 and item.kind in (ItemKind.WORD, ItemKind.CUE):
            aside.append(item.word)
    told = _overlaps(f"({' '.join(aside)})") if aside else False
    return frozenset({"overlapping"}) if told else frozenset()


def allowances(cells: Sequence[GridCell], items_in: Callable[[int, int, int], Sequence[Item]]) -> Iterator[Term]:
    """The percentages that labels of totals name: `Total with 10 % reserve`; *items_in* reads a block between two content offsets."""
    for cell in cells:
        label = _label_of_total(cell)
        if any(map(str.isdigit, label)) and not _overlaps(label) and cell.label == label:
            found = items_in(cell.label_block, cell.label_start, cell.label_end)
            yield from (item.term for item in found if item.term is not None and item.term.amount.percent)


def excerpts(introductions: Mapping[int, str]) -> frozenset[int]:
    """The blocks of lists and tables whose *introductions* say that they leave something out: `The three largest of 19:`."""
    return frozenset(index for index, text in introductions.items() if holds_word("excerpts", text))
