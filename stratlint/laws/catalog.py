"""Published figures: a record that is right in several fields of a device or model is held to the catalog in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded
from stratlint.meaning.described import Described
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.published import Figure
from stratlint.meaning.statement import Term

FAMILY = "catalog"
# So many other fields have to agree with the entry, before it is surely meant.
_FEWEST, _MOST_WRONG = 2, 1
# Named right by the record, one other field is enough where the wrong amount is the figure of something else.
_FEWEST_BESIDE = 1
# Nobody calls an amount wrong that is so near to the published one.
_ROUNDED = 0.05
# Fields of a device that nobody sets or derates without a word.
_PLAIN = ("memory", "memory bandwidth")
# What one may set otherwise, or print of another variant: these only show what is described.
# What a device does without its matrix units.
_PLAIN_PEAKS = frozenset({"dense fp32 peak"})
_ADJUSTABLE = ("power", "peak", "parameters", "vocabulary")


def proposals(page: Page) -> Iterator[Proposal]:
    """The figures that the page's records state of a published device or model."""
    for record in page.described:
        if record.asserted:
            yield from _of_record(record)


def _of_record(record: Described) -> Iterator[Proposal]:
    others = record.others or (None,) * len(record.fields)
    usable = [
        (term, figures, other)
        for (term, figures), other in zip(record.fields, others, strict=True)
        if not bounded(term) and not term.amount.approximate
    ]
    right = {_what(figures) for term, figures, _ in usable if _fits(term, figures)}
    wrong = {_what(figures) for term, figures, other in usable if other is None or not _nearly(term, figures)} - right
    if len(wrong) > _MOST_WRONG:
        return  # another variant, or something else
    for term, figures, other in usable:
        further = len(right - {_what(figures)})
        if _fits(term, figures):
            if further >= (_FEWEST if other is None or not record.near else _FEWEST_BESIDE):
                yield _held(record, term, figures, "")
        elif _what(figures) in right:
            continue  # of one name the record has another value right
        elif other is None:
            if further >= _FEWEST and not figures[0].field.endswith(_ADJUSTABLE):
                yield _held(record, term, figures, "")
        elif further >= _fewest(record, other) and _contradicts(term, figures, doubled=bool(other)):
            if other and not _plainer(term, figures, other[0]):
                yield _held(record, term, figures, f"; this is the {other[0].field} of {other[0].name}")
            elif not other and record.beside and figures[0].field in _PLAIN and not _left_of(term, figures):
                yield _held(record, term, figures, "")


def _fewest(record: Described, others: Sequence[Figure]) -> int:
    """How many other fields have to be right: fewer where the device is named right there, and the amount is somebody's figure."""
    if record.alone:
        return 0
    return _FEWEST_BESIDE if record.near and others else _FEWEST


def _what(figures: Sequence[Figure]) -> str:
    return figures[0].field


def _contradicts(term: Term, figures: Sequence[Figure], *, doubled: bool) -> bool:
    """Whether no figure of the device may be meant: none within a rounding, no several devices together, nothing that one may set.

    *doubled*: twice a peak is a known slip (with sparsity), and not two devices.
    """
    if _nearly(term, figures) or _what(figures) == "power":
        return False
    most = 2 if doubled and _what(figures).endswith("peak") else 1
    return all(_times(term, figure) <= most for figure in figures)


def _plainer(term: Term, figures: Sequence[Figure], other: Figure) -> bool:
    """Whether a peak is a lower one of the same device: many tables give what it does without its matrix units."""
    lower = all(_value(term, figure) < figure.value for figure in figures)
    return lower and _what(figures).endswith("peak") and other.name == figures[0].name and other.field in _PLAIN_PEAKS


def _left_of(term: Term, figures: Sequence[Figure]) -> bool:
    """Whether an amount of memory may be what is left of it: less than a device has, and no slip of its digits."""
    if _what(figures) != "memory" or _value(term, figures[0]) > min(figure.value for figure in figures):
        return False
    printed = sorted(f"{term.amount.value:g}")
    return all(sorted(f"{figure.value / term.amount.first.factor:g}") != printed for figure in figures)


def _nearly(term: Term, figures: Sequence[Figure]) -> bool:
    return any(abs(_value(term, figure) / figure.value - 1) <= _ROUNDED for figure in figures)


def _times(term: Term, figure: Figure) -> int:
    """How many of a figure an amount is, 1 where it is no whole multiple."""
    times = _value(term, figure) / figure.value
    return round(times) if round(times) > 1 and abs(times / round(times) - 1) <= _ROUNDED / 2 else 1


def _value(term: Term, figure: Figure) -> float:
    """An amount in the base unit of a figure."""
    return next((each.nominal for each in term.amount.readings if each.hard == figure.dimensions), term.amount.first.nominal)


def _held(record: Described, term: Term, figures: Sequence[Figure], further: str) -> Proposal:
    uses = [Use(figure.as_amount(term.amount), None, f"published {figure.field} of {figure.name}") for figure in figures]
    why = f"the other values are those of {record.name}{further}"
    return Proposal(term.use, Relation.EQUALS, uses[0], Source.CATALOG, FAMILY, why, otherwise=tuple(uses[1:]))


def _fits(term: Term, figures: Sequence[Figure]) -> bool:
    return any(figure.is_amount(term.amount) for figure in figures)
