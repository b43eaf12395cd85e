"""Which lines of a page go into one call: a page of usual length at once, a longer one by sections with what the page binds names to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from stratlint.claims.claim import ClaimSet
from stratlint.document import Document
from stratlint.meaning.groups import Axis
from stratlint.meaning.number_words import number_words
from stratlint.meaning.page import page_of
from stratlint.readers.blocks import PageBlock
from stratlint.readers.prompt import Prompt, numbered

_CHARACTERS_PER_TOKEN = 3
_TOKENS_PER_NUMBER = 28
_TOKENS_AROUND = 200
# A table of more rows is data; it binds no names.
_MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """The `lines` of a page to be transcribed in one call, and those of the rest that are shown with them; both in order, from 1."""

    lines: tuple[int, ...]
    context: tuple[int, ...] = ()

    @property
    def halves(self) -> tuple[Piece, ...]:
        """Two pieces of half the lines each, which show the other half, too; the piece itself, if it has one line."""
        middle = len(self.lines) // 2
        one, two = self.lines[:middle], self.lines[middle:]
        return tuple(Piece(mine, tuple(sorted((*self.context, *other)))) for mine, other in ((one, two), (two, one)) if mine)


def has_numbers(block: PageBlock) -> bool:
    """Whether there is anything to transcribe in a block."""
    text = "\n".join(block.lines)
    return any(character.isdigit() for character in text) or next(number_words(text), None) is not None


def pieces(claims: ClaimSet, wanted: Sequence[PageBlock], prompt: Prompt) -> tuple[Piece, ...]:
    """The calls that transcribe all lines of the *wanted* blocks of a page."""
    document = claims.document
    if not wanted:
        return ()
    if document.line_count <= prompt.page_lines and len(document.text) <= prompt.page_characters:
        lines = tuple(line for block in wanted for line in range(block.first, block.last + 1))
        return (Piece(lines, tuple(sorted(set(range(1, document.line_count + 1)) - set(lines)))),)
    bindings = _bindings(claims)
    return tuple(Piece(lines, _context(document, lines, bindings, prompt)) for lines in _chunks(document, wanted, prompt))


def text_of(piece: Piece, document: Document, prompt: Prompt) -> str:
    """What is sent of the page: its numbered lines, left-out ones marked, and which of them are to be transcribed."""
    out: list[str] = []
    last = 0
    for number in sorted({*piece.lines, *piece.context}):
        if number != last + 1:
            out.append("…")
        line = document.line_text(number)
        cut = line[: prompt.line_characters]
        out.append(numbered(number, cut if cut == line else f"{cut} …"))
        last = number
    if last < document.line_count:
        out.append("…")
    if set(range(1, document.line_count + 1)) <= set(piece.lines) | {n for n in piece.context if not document.line_text(n).strip()}:
        task = "Transcribe the whole page above."
    else:
        task = f"Transcribe {spans(piece.lines)} of the page above. The other lines are shown so that you can refer to their numbers."
    return "\n".join(["The page:", "", *out, "", task])


def spans(lines: Iterable[int]) -> str:
    """`lines 1-40 and 52`."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(lines), key=lambda each: each[1] - each[0])]
    names = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    word = "line" if len(names) == 1 and "-" not in names[0] else "lines"
    return f"{word} {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"{word} {names[0]}"


def expected_to_send(text: str, prompt: Prompt) -> int:
    """About how many tokens a call sends."""
    return (len(text) + len(prompt.instructions)) // _CHARACTERS_PER_TOKEN


def expected_to_receive(piece: Piece, claims: ClaimSet) -> int:
    """About how many tokens the answer has."""
    lines = set(piece.lines)
    numbers = sum(claims.document.position(number.span.start)[0] in lines for number in claims.numbers)
    return _TOKENS_AROUND + _TOKENS_PER_NUMBER * numbers


def _chunks(document: Document, wanted: Sequence[PageBlock], prompt: Prompt) -> Iterator[tuple[int, ...]]:
    """Lines for one call each: as many blocks as fit; a block that does not fit by parts."""
    waiting: list[int] = []
    size = 0
    for block in wanted:
        characters = sum(len(line) for line in block.lines)
        fits = len(block.lines) <= prompt.page_lines and characters <= prompt.page_characters
        if waiting and (not fits or len(waiting) + len(block.lines) > prompt.page_lines or size + characters > prompt.page_characters):
            yield tuple(waiting)
            waiting, size = [], 0
        if fits:
            waiting += range(block.first, block.last + 1)
            size += characters
        else:
            yield from _parts(document, block, prompt)
    if waiting:
        yield tuple(waiting)


def _parts(document: Document, block: PageBlock, prompt: Prompt) -> Iterator[tuple[int, ...]]:
    part: list[int] = []
    size = 0
    for number in range(block.first, block.last + 1):
        length = min(len(document.line_text(number)), prompt.line_characters)
        if part and (len(part) == prompt.page_lines or size + length > prompt.page_characters):
            yield tuple(part)
            part, size = [], 0
        part.append(number)
        size += length
    yield tuple(part)


def _context(document: Document, lines: tuple[int, ...], bindings: tuple[int, ...], prompt: Prompt) -> tuple[int, ...]:
    """Headers of tables that were cut, all headings, and bindings from the top of the page on, as far as there is room."""
    own = set(lines)
    headers = _headers(document, own)
    headings = [_line(document, section.block) for section in document.sections[1:]]
    chosen = dict.fromkeys(each for each in (*headers, *headings, *bindings) if each not in own)
    return tuple(sorted(list(chosen)[: prompt.context_lines]))


def _headers(document: Document, lines: set[int]) -> list[int]:
    """The header lines of the tables of which rows are among *lines*."""
    return [
        _line(document, table.rows[0][0]) for table in document.tables
        if table.rows and table.rows[0] and any(row and _line(document, row[0]) in lines for row in table.rows)
    ]  # fmt: skip


def _bindings(claims: ClaimSet) -> tuple[int, ...]:
    """The lines on which the page gives names their numbers: records of tables and lists with their headers, keys of configurations."""
    by_grid: dict[int, set[int]] = {}
    for group in page_of(claims).groups:
        if group.axis is Axis.RECORD:
            by_grid.setdefault(group.grid, set()).update(term.place.line for term in group.terms)
    found = {line for grid, lines in by_grid.items() if grid < 0 or len(lines) <= _MOST_ROWS for line in lines}
    return tuple(sorted({*found, *_headers(claims.document, found)}))


def _line(document: Document, block: int) -> int:
    return document.position(document.blocks[block].source_offset(0))[0]
