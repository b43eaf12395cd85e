"""Labelled terms that stand together: the records and series of tables, lists and keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stratlint.claims.units import Dimensions
from stratlint.document.grid import CellRole, Layout
from stratlint.meaning.axes import split_words
from stratlint.meaning.launches import Standing
from stratlint.meaning.statement import Term


class Axis(StrEnum):
    """How the terms of a series stand to each other."""

    RECORD = "record"  # labelled values of one configuration: a row, a list, a block of keys
    SERIES = "series"  # values of one column, or of one list, that may add up
    ACROSS = "across"  # one quantity under several headings: before, after, change; measured, target


@dataclass(frozen=True, slots=True)
class Width:
    """A format of numbers and how many bytes one of them takes: 2 for "BF16"."""

    format: str
    size: float


@dataclass(frozen=True, slots=True)
class Group:
    """Labelled terms that stand together. `roles` and `marks` go with the terms one by one; `mark` is the verdict on all of them: "pass",
    "fail", and "doubtful" for a failure that may be of something else than a limit.

    `gaps` are the indices of terms of a series before which stands a number that could not be read as its cell's value.
    `holder` names whose record it is, in words, `kind` is the noun of those words ("node" for "Prefill node"); `sure` is False where
    the layout is a guess. `grid`: the index of its grid. `scope`: what its headings put below the line of all its amounts ("per GPU").
    `allowances`: the percentages in the labels of its totals ("with 10 % reserve"); `excerpt`: its introduction says that something is
    left out. `layout`: how its grid is set out, None for sentences. `above`: the block right above a series of which every value was
    read, else -1. `titled`: the words of its headings and caption that may say whose its amounts are, `labels` every word of the terms'
    labels, brackets included, `counts` how many of which things each label has in brackets ("Total (8 GPUs)"), `beside` the
    verdicts that stand in the lines of its terms. `width`: the bytes of a
    number in the one format that a cell of a record names.
    `standing`: whose the degrees are that a command or a configuration sets; `role`: the one part of a deployment that a record is of
    ("decode"). `recap`: its heading says that it was said elsewhere.
    """

    axis: Axis
    terms: tuple[Term, ...]
    roles: tuple[CellRole, ...]
    section: int
    grid: int
    scenario: tuple[str, ...]
    asserted: bool
    present: bool
    mark: str
    holder: tuple[str, ...] = ()
    sure: bool = True
    kind: str = ""
    gaps: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    scope: Dimensions = ()
    layout: Layout | None = None
    width: Width | None = None
    allowances: tuple[Term, ...] = ()
    excerpt: bool = False
    above: int = -1
    titled: frozenset[str] = frozenset()
    labels: tuple[frozenset[str], ...] = ()
    counts: tuple[tuple[str, float] | None, ...] = ()
    beside: tuple[str, ...] = ()
    standing: Standing = Standing.PLAN
    role: str = ""
    recap: bool = False

    @property
    def holder_words(self) -> frozenset[str]:
        """Every word of the labels that name whose record it is."""
        return frozenset(word.lower() for label in self.holder for word in split_words(label))

    @property
    def own_marks(self) -> tuple[str, ...]:
        """The mark of each term, "" where it has none."""
        return (*self.marks, *("" for _ in self.terms[len(self.marks) :]))

    @property
    def code(self) -> bool:
        """Whether it stands in a command or a configuration."""
        return self.layout in (Layout.KEYS, Layout.FLAGS)
