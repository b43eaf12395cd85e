"""An answer held against the page: numbers that are not there are dropped, lines put right, each entry given to its block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from stratlint.claims.amount import amount_of
from stratlint.claims.claim import ClaimSet
from stratlint.meaning.entries import Entry
from stratlint.meaning.occurrences import Occurrences, nearest
from stratlint.meaning.readings import readings_of
from stratlint.meaning.transcription import TranscriptionError, read_claim
from stratlint.readers.answer import Answer
from stratlint.readers.blocks import PageBlock
from stratlint.readers.file import BlockReadings, Objection, Reading

T = TypeVar("T", Reading, Objection)
_MOST_PER_LINE = 30
_MOST_AT_LEAST = 300
SURPLUS = "more than a page can have"
MALFORMED = "not of the asked form"
ELSEWHERE = "about lines that were not asked for"


@dataclass(frozen=True, slots=True)
class Grounded:
    """What an answer is worth: entries by the index of their block, what was dropped by reason, and how many lines were put right."""

    blocks: Mapping[int, BlockReadings]
    dropped: Mapping[str, int]
    moved: int


def grounded(answer: Answer, claims: ClaimSet, blocks: Sequence[PageBlock], lines: Iterable[int]) -> Grounded:
    """The entries of *answer* that are about the *lines* of the page and whose numbers it has."""
    return _Grounding(claims, blocks, frozenset(lines)).of(answer)


class _Grounding:
    def __init__(self, claims: ClaimSet, blocks: Sequence[PageBlock], lines: frozenset[int]) -> None:
        self._claims = claims
        self._blocks = blocks
        self._lines = lines
        self._block_of = {line: index for index, block in enumerate(blocks) for line in range(block.first, block.last + 1)}
        self._page = Occurrences(claims)
        self._dropped: Counter[str] = Counter()
        self._moved = 0

    def of(self, answer: Answer) -> Grounded:
        most = max(_MOST_AT_LEAST, _MOST_PER_LINE * len(self._lines))
        self._drop(MALFORMED, answer.malformed)
        self._drop(SURPLUS, max(0, len(answer.readings) - most) + max(0, len(answer.objections) - most))
        readings = self._judgeable(self._at_their_lines(answer.readings[:most]))
        objections = self._at_their_lines(answer.objections[:most])
        found = {}
        for index in sorted({self._block_of[line] for line in self._lines if line in self._block_of}):
            block = self._blocks[index]
            mine = tuple(_within(each, block) for each in readings if self._block_of[each.line] == index)
            against = tuple(_within(each, block) for each in objections if self._block_of[each.line] == index)
            found[index] = BlockReadings(block.hash, block.first, mine, against)
        return Grounded(found, dict(self._dropped), self._moved)

    def _at_their_lines(self, entries: Iterable[T]) -> list[T]:
        """The entries whose claim stands in what was asked for, each at a line that has it, in the order of the page."""
        out: dict[T, None] = {}
        for entry in entries:
            line = self._line(entry)
            if line is None:
                continue
            self._moved += line != entry.line
            out[replace(entry, line=line)] = None
        return sorted(out, key=lambda each: each.line)

    def _line(self, entry: Reading | Objection) -> int | None:
        """The line of the claim: the one that is named, else the nearest of its block, else of all that were asked for."""
        try:
            stated = amount_of(read_claim(entry.claim))
        except TranscriptionError:
            self._drop("no relation between numbers")
            return None
        standing = [each.place.line for each in nearest(self._page.of(stated), entry.line, stated)]
        if not standing:
            self._drop("a claim that is not on the page")
            return None
        asked = [line for line in standing if line in self._lines and line in self._block_of]
        if entry.line in asked:
            return entry.line
        if not asked or (entry.line in standing and entry.line not in self._lines):
            self._drop(ELSEWHERE)
            return None
        here = self._block_of.get(entry.line)
        return next((line for line in asked if self._block_of[line] == here), asked[0])

    def _judgeable(self, readings: list[Reading]) -> list[Reading]:
        """Those that the judge takes: every number of theirs is on the page, a constant or a published figure."""
        entries = [Entry(at, each.line, each.claim, each.op, each.expr, each.kind, each.why) for at, each in enumerate(readings)]
        rejected = {each.number: each.reason for each in readings_of(entries, self._claims).rejected}
        for reason in rejected.values():
            self._drop(reason)
        return [each for at, each in enumerate(readings) if at not in rejected]

    def _drop(self, reason: str, count: int = 1) -> None:
        if count:
            self._dropped[reason] += count


def _within(entry: T, block: PageBlock) -> T:
    return replace(entry, line=entry.line - block.first + 1)
