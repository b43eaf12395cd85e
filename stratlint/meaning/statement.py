"""What meaning hands to the laws: statements made of terms and cues. No text of the page goes beyond this point."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from stratlint.claims.amount import Amount, combined
from stratlint.claims.units import Dimensions
from stratlint.meaning.axes import Degree
from stratlint.meaning.proposal import Place, Use
from stratlint.records import quickly_built


class ItemKind(StrEnum):
    """The sort of a statement's item."""

    TERM = "term"
    CUE = "cue"  # a word or sign that relates; its tags say how
    WORD = "word"  # any other word
    SIGN = "sign"  # an arithmetic operator
    COMMA = "comma"  # also semicolons
    STOP = "stop"
    COLON = "colon"
    OPEN = "open"
    CLOSE = "close"
    MARK = "mark"  # a sign of success or failure


@dataclass(frozen=True, slots=True)
class Extent:
    """A range of numbered places: `first` to `last`, both included, of things called `noun` ("GPUs 0-31")."""

    noun: str
    first: float
    last: float


@quickly_built
@dataclass(frozen=True, slots=True)
class Term:
    """An amount of the page with what is known of its meaning.

    `noun`: what it counts ("device"), "" for measured amounts; `per`: the dimensions below its line that its words add ("per GPU",
    "8 GPUs each"); `name`: the content words that name it, singular; `tags`: its roles (total, each, used, limit, …). `elided`: it
    counts something that is not repeated ("eight to a node", "100 of them"). `label`: its name comes from a label or header.
    `whole`: it is the whole of an "of" ("12 of the 64 GPUs"). `optional`: its `per` may as well say what it is ("an answer of 800 tokens").
    `degree`: it is one of a parallel axis; `extent`: a range of numbered places. `unknown`: words of its name that may make it another
    instance ("spare GPUs"); `around`: such words elsewhere in its clause ("for login"),
    `scope`: those right by it. `key`: what it is called, in canonical words: terms of one key are called the same.
    `dimensions`: exponents of units and counted nouns, those of its words included.
    """

    amount: Amount
    place: Place
    noun: str = ""
    per: Dimensions = ()
    name: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    elided: bool = False
    label: bool = False
    whole: bool = False
    optional: bool = False
    degree: Degree | None = None
    extent: Extent | None = None
    unknown: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    scope: frozenset[str] = frozenset()
    key: frozenset[str] = frozenset()
    dimensions: Dimensions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = self.amount.first.dimensions
        dimensions: Dimensions = own or (((self.noun, 1.0),) if self.noun else ())
        if self.per:
            dimensions = combined(((dimensions, 1.0), (self.per, -1.0)))
        object.__setattr__(self, "dimensions", dimensions)

    @property
    def use(self) -> Use:
        """The term as an operand; "at most 5 ms" is bounded as "≤ 5 ms" is."""
        amount = self.amount
        if not amount.bound and self.tags & {"at_most", "at_least"}:
            amount = replace(amount, bound="≤" if "at_most" in self.tags else "≥")
        return Use(amount, self.place, " ".join(sorted(self.name)))


@quickly_built
@dataclass(frozen=True, slots=True)
class Item:
    """One item of a statement; `tags` for cues, marks ("pass" or "fail") and signs (the operator)."""

    kind: ItemKind
    tags: frozenset[str] = frozenset()
    term: Term | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A sentence, a list item, a line of a fence, a cell: its items in reading order.

    `asserted`: nothing denies it; `present`: it speaks of the plan as it is; `mark`: "pass", "fail" or "". `scenario` is a path of keys:
    statements of different scenarios are never compared. `introduces`: how many items the list has that follows right below its paragraph.
    `titled`: the words of its headings that may say whose its amounts are; `recap`: it only says again what the page says elsewhere.
    """

    items: tuple[Item, ...]
    block: int
    section: int
    order: int
    asserted: bool = True
    present: bool = True
    mark: str = ""
    scenario: tuple[str, ...] = ()
    list_path: tuple[int, ...] = ()
    heading: bool = False
    code: bool = False
    introduces: int = 0
    titled: frozenset[str] = frozenset()
    recap: bool = False
    terms: tuple[Term, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", tuple(item.term for item in self.items if item.term is not None))

    def tags(self) -> frozenset[str]:
        """All tags of its cues."""
        return frozenset().union(*(item.tags for item in self.items if item.kind is ItemKind.CUE)) if self.items else frozenset()
