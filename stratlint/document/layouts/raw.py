"""What all layouts share before it is known what their rows and columns mean: slots of text, and tables of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from stratlint.document.blocks import Block, BlockKind, Document, Span
from stratlint.document.layouts.cells import Layout, Place
from stratlint.document.layouts.words import names_table, says_nothing

_BLANKS = re.compile(r"\s+")
_LABEL_EDGE = " \t\n:：*_`|\u200b\ufeff"
# A leading amount: sign or bound, currency, digits. "Qwen2" and "H100" do not begin with one, "8 × 4" does.
_LEADS = re.compile(r"[~≈<>≤≥=±+−–\-(\[]{0,3}\s?(?:US)?[$€£¥]?\s?[+−-]?\.?\d")
# An amount and nothing else: numbers with signs between them and at most two short words behind.
_AMOUNT = re.compile(
    r"[~≈<>≤≥=±+−–\-(]{0,3}\s?(?:US)?[$€£¥]?\s?[+−-]?\.?\d[\d,.]*+(?:e[+-]?\d++)?+"
    r"(?:\s*+[/×x*:→–~-]\s*+\.?\d[\d,.]*+(?:e[+-]?\d++)?+)*+"
    r"[\s-]?(?:[^\W\d]|[%°$€£¥/µ²³⁻¹])*+(?:\s(?:[^\W\d]|[%/·])++)?+\s*\)?[.;]?$"
)
_LONGEST_AMOUNT = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A text of a layout: its place in a block, without blanks at either end, and what it reads."""

    block: int
    start: int
    end: int
    text: str
    strong: bool = False
    header: bool = False
    indent: int = 0
    """How deep the text is indented inside its column, in blanks (or markers that stand for them)."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.block, self.start, self.end)

    @property
    def label(self) -> str:
        """The text as a label: single blanks, no closing colon."""
        return _BLANKS.sub(" ", self.text).strip(_LABEL_EDGE)

    @property
    def empty(self) -> bool:
        """Whether it says nothing, as a dash does."""
        return says_nothing(self.text)

    def cut(self, start: int, end: int) -> Slot:
        """The part between two offsets into its own text, without blanks at either end."""
        piece = self.text[start:end]
        lead = len(piece) - len(piece.lstrip())
        piece = piece.strip()
        return Slot(self.block, self.start + start + lead, self.start + start + lead + len(piece), piece, self.strong, self.header)


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows of slots, all of one length; None where the page has no cell. The first ``headers`` rows are headers."""

    rows: tuple[tuple[Slot | None, ...], ...]
    headers: int
    section: int
    layout: Layout
    caption: str = ""
    caption_block: int = -1


def slot(block: Block, start: int, end: int, *, header: bool = False, indent: int = 0) -> Slot:
    """The text of a block between two offsets, blanks at either end left out."""
    piece = block.text[start:end]
    inner = piece.strip()
    start += len(piece) - len(piece.lstrip())
    end = start + len(inner)
    return Slot(block.index, start, end, inner, _covered(block.strong, start, end), header, indent)


def leads_with_number(text: str) -> bool:
    """Whether a text begins with an amount."""
    return _LEADS.match(text) is not None


def is_amount(text: str) -> bool:
    """Whether a text is an amount with its unit, or a few amounts with signs between them, and nothing else."""
    return len(text) <= _LONGEST_AMOUNT and _AMOUNT.match(text) is not None


def caption_of(document: Document, block: Block) -> tuple[str, int]:
    """The paragraph right before a block if it introduces it, with its index; ("", -1) if there is none.

    It introduces the block if it ends with a colon, is all strong, or begins like the caption of a table.
    """
    index = block.index - 1
    if index < 0:
        return "", -1
    before = document.blocks[index]
    if before.kind is not BlockKind.PARAGRAPH or before.section != block.section:
        return "", -1
    text = _BLANKS.sub(" ", before.text).strip()
    whole = slot(before, 0, len(before.content))
    if text.endswith((":", "：")) or whole.strong or names_table(text):
        return text, index
    return "", -1


def _covered(spans: tuple[Span, ...], start: int, end: int) -> bool:
    """Whether one of the (sorted) spans covers the range, a colon behind it aside."""
    if not spans or end <= start:
        return False
    position = bisect_right(spans, start, key=_start) - 1
    return position >= 0 and spans[position].end >= end - 1


def _start(span: Span) -> int:
    return span.start
