"""The places of raw amounts on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, Document
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import Raw


@dataclass(frozen=True, slots=True)
class Locator:
    """The place of a raw amount of one block."""

    document: Document
    block: Block
    numbers: Mapping[tuple[int, int], NumberClaim]

    def __call__(self, raw: Raw) -> Place:
        start = raw.quantity.number_start if raw.quantity is not None else raw.start
        number = self.numbers.get((self.block.index, start))
        span = self.block.source_span(raw.start, raw.end)
        line, _ = self.document.position(span.start)
        return Place(self.block.index, start, raw.end, span, line, number.index if number is not None else -1)
