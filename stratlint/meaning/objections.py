"""Where the numbers stand that somebody objects to findings on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.claims.amount import amount_of
from stratlint.document import Span
from stratlint.document.lines import line_starts
from stratlint.meaning.occurrences import Occurrences
from stratlint.meaning.transcription import TranscriptionError, read_claim


def objected(claim: str, line: int, page: Occurrences) -> tuple[Span, ...]:
    """The places in a line of the page that state *claim*: a number, or else its very words; () where the line has neither."""
    try:
        stated = amount_of(read_claim(claim))
    except TranscriptionError:
        return tuple(_verbatim(claim, line, page))
    return tuple(each.place.span for each in page.of(stated) if each.place.line == line)


def _verbatim(claim: str, line: int, page: Occurrences) -> Iterator[Span]:
    text, words = page.claims.document.text, claim.strip()
    starts = [*line_starts(text), len(text)]
    if not words or not 0 < line < len(starts):
        return
    begins, ends = (r"\b" if words[at].isalnum() else "" for at in (0, -1))
    for match in re.compile(begins + re.escape(words) + ends).finditer(text, starts[line - 1], starts[line]):
        yield Span(match.start(), match.end())
