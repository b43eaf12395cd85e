"""Sentences that describe a published device: its memory and bandwidth side by side, or one peak with its format and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.meaning.axes import split_words
from stratlint.meaning.data_sheets import OF_ONE, described_as
from stratlint.meaning.described import NOT_PLAIN, Described
from stratlint.meaning.published import Fields, device_of
from stratlint.meaning.sheet_words import UNITS, fields_named, unpublished
from stratlint.meaning.statement import Item, ItemKind, Statement, Term


def sheets_in_sentences(statements: Sequence[Statement], text: str) -> Iterator[Described]:
    """What sentences say of the one device that they name, or the whole page: "8 × H200 SXM (141 GB HBM3e, 4.8 TB/s)"."""
    of_page = device_of(text)
    for statement in statements:
        if statement.code or not (statement.asserted and statement.present):
            continue
        words = [item.word for item in statement.items if item.word]
        if unpublished(word.lower() for word in words):
            continue
        found = device_of(" ".join(words))
        if found is not None and found[0]:
            yield from _memory_of(statement, *found)
        if (found or of_page) and _PAIR not in (term.amount.value for term in statement.terms):
            yield from _peaks_of(statement, of_page)


def _memory_of(statement: Statement, name: str, own: Fields) -> Iterator[Described]:
    pairs = list(_side_by_side(statement.items, own))
    if len(pairs) == 1:
        fields = [(term, figures) for term, field in zip(pairs[0], _SIDE_BY_SIDE, strict=True) if (figures := own.get(field, ()))]
        if len(fields) == len(_SIDE_BY_SIDE):
            yield described_as(name, own, fields, True, beside=True, near=True)


_SIDE_BY_SIDE = ("memory", "memory bandwidth")
_LINKING = frozenset({"at", "and", "with", "@", "of"})
# Two devices have the peak that one has with sparsity.
_PAIR = 2.0


def _side_by_side(items: Sequence[Item], own: Fields) -> Iterator[tuple[Term, Term]]:
    """The memory of a device and its bandwidth, with nothing else between, and no other name behind them."""
    for index, item in enumerate(items):
        if item.term is None or fields_named(["memory"], item.term.amount.hard) != ("memory",) or not _plain(item.term):
            continue
        between: list[str] = []
        for at, other in enumerate(items[index + 1 :], index + 1):
            if other.term is not None:
                # In a list of values the words right behind one name it: "80 GB HBM3, 900 GB/s NVLink".
                words = [*between, *_named_behind(items, at)]
                if fields_named(["memory", *words], other.term.amount.hard) == ("memory bandwidth",) and _plain(other.term):
                    if words or not _of_another_field(other.term, own):
                        yield item.term, other.term
                break
            if other.kind in (ItemKind.WORD, ItemKind.CUE):
                if other.word and other.word.lower() not in _LINKING:
                    between.append(other.word)
            elif other.kind is not ItemKind.COMMA:
                break


def _named_behind(items: Sequence[Item], at: int) -> Iterator[str]:
    """The content words between an amount and the next sign or amount; those in brackets right behind it are of it, too."""
    for place, item in enumerate(items[at + 1 :]):
        if item.kind not in (ItemKind.WORD, ItemKind.CUE) and not (item.kind is ItemKind.OPEN and not place):
            return
        if item.word and "function" not in item.tags and "per" not in item.tags:
            yield item.word


def _of_another_field(term: Term, own: Fields) -> bool:
    """Whether an amount that nothing names is what the device has of something else in that unit: the bandwidth of its links."""
    return any(figure.is_amount(term.amount) for field in own.keys() - {"memory bandwidth"} for figure in own[field])


def _plain(term: Term) -> bool:
    return not term.tags & NOT_PLAIN and _unqualified(term)


def _unqualified(term: Term) -> bool:
    return not term.amount.approximate and term.per in ((), OF_ONE)


def _peaks_of(statement: Statement, of_page: tuple[str, Fields] | None) -> Iterator[Described]:
    """The peaks of which a clause tells nothing but device, format and kind: "the H200 has 1,979 TFLOPS dense in BF16"."""
    for at, item in enumerate(statement.items):
        if item.term is None or item.term.amount.hard != UNITS["operations per second"] or not _unqualified(item.term):
            continue  # what qualifies it in words is none of the words of a peak
        words = _clause(statement.items, at)
        found = device_of(" ".join(words))
        beside = found is not None
        found = found or of_page
        if found is None or not found[0]:
            continue
        name, own = found
        named = split_words(name.replace("-", " "))
        fields = fields_named([word for word in words if word not in named and device_of(word) is None], item.term.amount.hard)
        if len(fields) == 1 and (figures := own.get(fields[0], ())):
            sheet = described_as(name, own, [(item.term, figures)], True, beside=beside, near=True)
            if not beside and sheet.others:  # another device may be meant where the sentence names none
                sheet = replace(sheet, others=tuple(tuple(each for each in other if each in _all(own)) for other in sheet.others))
            yield replace(sheet, alone=True)


def _all(own: Fields) -> frozenset[object]:
    return frozenset(figure for figures in own.values() for figure in figures)


def _clause(items: Sequence[Item], at: int) -> list[str]:
    """The content words before and behind an amount, up to the next sign or amount; behind a comma those of a peak alone."""
    before: list[str] = []
    for item in reversed(items[:at]):
        if item.kind not in (ItemKind.WORD, ItemKind.CUE):
            break
        before.append(_content(item))
    behind: list[list[str]] = [[]]
    for item in items[at + 1 :]:
        if item.kind is ItemKind.COMMA and len(behind) == 1:
            behind.append([])
        elif item.kind in (ItemKind.WORD, ItemKind.CUE):
            behind[-1].append(_content(item))
        else:
            break
    further = [word for word in behind[1] if word] if len(behind) > 1 else []
    if further and not fields_named(further, UNITS["operations per second"]):
        further = []
    return [word for word in (*reversed(before), *behind[0], *further) if word]


def _content(item: Item) -> str:
    return item.word.lower() if item.word and not item.tags & {"function", "has", "equals", "per", "verb", "article"} else ""
