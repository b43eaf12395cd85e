"""Facts: claims whose quantity kind, scope, modality and scenario are resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stratlint.claims.claim import ClaimSet, grouped
from stratlint.claims.interval import Interval
from stratlint.document import Document, Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: what may be compared with what depends on it.

    `variant` names the table column or row that describes one configuration among several ("" elsewhere).
    """

    section: int
    block: int
    sentence: int
    table: int = -1
    row: int = -1
    column: int = -1
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One resolved number.

    `interval` is in base units (bytes, seconds, FLOP, …; counts as they are). `claim` indexes
    `ClaimSet.numbers`. `how` says what decided the kind: noun, lead, label, header, name, key, catalog, given.
    `origin` is "" for the document itself, else where the fact comes from (a catalog entry, a given).
    """

    index: int
    kind: str
    claim: int
    span: Span
    text: str
    interval: Interval
    measure: str
    unit: str
    scope: str
    modality: str
    place: Place
    how: str
    exact: bool
    verdict: str
    approximate: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A device, a model, a precision or a strategy named in the text."""

    kind: str
    name: str
    text: str
    span: Span
    place: Place
    modality: str


@dataclass(frozen=True, slots=True, eq=False)
class FactSet:
    """All that is known of a document. `unresolved` maps a number's index to the reason it has no kind.

    `givens` are facts from outside the text (see `givens.py`). They are kept apart: no check takes them for claims of
    the document, only `premises.lookup` falls back on them.
    """

    claims: ClaimSet
    facts: tuple[Fact, ...]
    mentions: tuple[Mention, ...]
    unresolved: Mapping[int, str]
    givens: tuple[Fact, ...] = ()
    _by_kind: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False)
    _by_claim: Mapping[int, tuple[Fact, ...]] = field(init=False, repr=False)
    _by_block: Mapping[int, tuple[Fact, ...]] = field(init=False, repr=False)
    _by_sentence: Mapping[tuple[int, int], tuple[Fact, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_kind", grouped(self.facts, lambda fact: fact.kind))
        object.__setattr__(self, "_by_claim", grouped(self.facts, lambda fact: fact.claim))
        object.__setattr__(self, "_by_block", grouped(self.facts, lambda fact: fact.place.block))
        by_sentence = grouped(self.facts, lambda fact: (fact.place.block, fact.place.sentence))
        object.__setattr__(self, "_by_sentence", by_sentence)

    @property
    def document(self) -> Document:
        """The document."""
        return self.claims.document

    def of_kind(self, *kinds: str) -> tuple[Fact, ...]:
        """Facts of any of *kinds*, in document order."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        found = [fact for kind in dict.fromkeys(kinds) for fact in self._by_kind.get(kind, ())]
        return tuple(sorted(found, key=lambda fact: fact.index))

    def of_claim(self, claim: int) -> tuple[Fact, ...]:
        """What was made of one number."""
        return self._by_claim.get(claim, ())

    def in_block(self, block: int) -> tuple[Fact, ...]:
        """Facts that stand in a block, in document order."""
        return self._by_block.get(block, ())

    def in_sentence(self, block: int, sentence: int) -> tuple[Fact, ...]:
        """Facts that stand in one sentence of a block, in document order."""
        return self._by_sentence.get((block, sentence), ())
