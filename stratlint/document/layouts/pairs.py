"""Label → value pairs on one line: ``Label: value``, ``name = value``, ``a = 1, b = 2``, ``Label — 8``, ``Label ..... 8``."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from stratlint.document.blocks import Block, Span
from stratlint.document.layouts.compound import parts_of
from stratlint.document.layouts.raw import Slot, is_amount, leads_with_number, slot

_REACH = 120  # characters within which a label ends
_LONGEST_SPLIT = 2000  # characters of a line that is looked at for several pairs

# The sign between label and value, and brackets, inside which there is none.
_SIGN = re.compile(
    r"[(\[{（【]|[)\]}）】]"
    r"|(?P<colon>:(?=\s|\Z)|：|(?<=[\u2e80-\uffef]):|(?<=[^\W\d]):(?=[~≈]?\d))"
    r"|(?P<equals>:=|(?<![<>=!:≈~+*/-])=(?![=>~])|≈)"
)
_LEADER = re.compile(r"\s*(?:\.\s?){3,}\s*|\s*…{2,}\s*|\s+·{3,}\s+|\s*_{4,}\s*|\s*\.{2}\s(?=\S+\Z)")
_DASH = re.compile(r"\s+(?:—|–|-{1,2}|→|->|=>)\s+")
_BREAK = re.compile(r"[(\[{（【]|[)\]}）】]|(?P<break>,(?!\d)|(?<!\d),|[;；，、]|\s\|\s|\s[·•]\s)")
_OPENING = frozenset("([{（【")
_LETTER = re.compile(r"[^\W\d_]")
_OPERATOR = re.compile(r"[×÷·∙*+^<>≤≥≈→]|\s[-–/]\s")
_SENTENCE = re.compile(r"[.?!。？！]\s")
_CLAUSE = re.compile(r"[，。；、？]|,\s")
_IN_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_EDGE = " \t*_`|$"
_SIGNS = re.compile(r"[=:：≈]")
_FEW_WORDS = 4
_MOST_LABELS = 40  # strong labels of one line
_BETWEEN = " ,;|·•/"
_TIGHT = re.compile(r"([^\W\d][\w.-]{0,40})=([^\s/,;=]{1,60})")
_TIGHT_LINE = re.compile(r"(?:[^\W\d][\w.-]{0,40}=[^\s/,;=]{1,60}(?:[ \t]+|\s*/\s*)){1,60}[^\W\d][\w.-]{0,40}=[^\s/,;=]{1,60}")
# A second assignment inside a sentence: "L = 80 layers and p = 8 stages".
_RUNS_ON = re.compile(r"[^=]*[^\W\d]\s+[^\W\d]\w*\s*=")


class Where(Enum):
    """The sort of line: a list item, a line of a paragraph, a line of a fence."""

    ITEM = 10
    LINE = 6
    FENCE = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with its value; ``inner`` are the pairs that the value consists of (``Layout: TP=8, PP=4``)."""

    label: Slot
    value: Slot
    inner: tuple[Pair, ...] = ()
    assigned: bool = False
    """Whether ``=`` stands between them."""


def pairs_of(block: Block, start: int, end: int, where: Where) -> tuple[Pair, ...]:
    """The pairs of a line (or of an item's text that goes on over several lines); () if it is none.

    More than one if the whole line is pairs with commas, semicolons, bars or dots between them.
    """
    line = slot(block, start, end)
    if not line.text:
        return ()
    strong = _strong_labels(block, line, where)
    if strong:
        return strong
    first = _pair(line, where)
    if first is None:
        return ()
    if len(line.text) > _LONGEST_SPLIT:
        return (first,)
    several = _several(line, where)
    if several:
        return several
    inner = _several(first.value, where) if first.value.text else ()
    return (Pair(first.label, first.value, inner, first.assigned),)


def _strong_labels(block: Block, line: Slot, where: Where) -> tuple[Pair, ...]:
    """The pairs of a line with several strong labels: ``**Nodes:** 3 **GPUs:** 24``."""
    first = bisect_left(block.strong, line.start, key=_start)
    starts: list[int] = []
    for span in block.strong[first : first + _MOST_LABELS]:
        if span.start >= line.end:
            break
        if block.text[span.end - 1] in ":：" or block.text[span.end : span.end + 4].lstrip(" ")[:1] in (":", "："):
            starts.append(span.start)
    if len(starts) < 2 or block.text[line.start : starts[0]].strip():
        return ()
    out: list[Pair] = []
    for start, end in pairwise([*starts, line.end]):
        pair = _pair(slot(block, start, end), where)
        if pair is None or not pair.value.text:
            return ()
        out.append(Pair(pair.label, pair.value.cut(0, len(pair.value.text.rstrip(_BETWEEN)))))
    return tuple(out)


def leader_pair(block: Block, start: int, end: int) -> Pair | None:
    """A label and a value with a dotted leader between them."""
    line = slot(block, start, end)
    found = _LEADER.search(line.text[: 2 * _REACH])
    if found is None:
        return None
    label, value = line.cut(0, found.start()), line.cut(found.end(), len(line.text))
    return Pair(label, value) if _is_label(label, Where.ITEM) and value.text else None


def _pair(line: Slot, where: Where) -> Pair | None:
    """The pair that a text is, or None; a label may have no value behind its colon."""
    text = line.text
    depth = 0
    for found in _SIGN.finditer(text, 0, min(len(text), _REACH)):
        if found.lastgroup is None:
            depth += 1 if found[0] in _OPENING else -1
            continue
        if depth > 0:
            continue
        label = _without_marks(line.cut(0, found.start()))
        if not _is_label(label, where):
            return None
        if found.lastgroup == "equals":
            # "≈" is a part of the value.
            value = _without_end(line.cut(found.start() if found[0] == "≈" else found.end(), len(text)))
            if not _is_name(label) and not parts_of(label, value):
                return None
            if not value.text or value.text.endswith((":", "：")) or _RUNS_ON.match(value.text[:_REACH]):
                return None
            return Pair(label, value, assigned=True)
        if found[0] == ":" and text[found.end() : found.end() + 1].isdigit() and not label.text.replace("_", "").isalnum():
            return None
        return Pair(label, _without_end(line.cut(found.end(), len(text))))
    return None if where is Where.LINE else _dashed(line, where)


def _dashed(line: Slot, where: Where) -> Pair | None:
    """``Weights — 20 GB``, and in a list ``**Weights** 20 GB``."""
    found = _DASH.search(line.text, 0, min(len(line.text), _REACH))
    if found is None:
        return None
    label, value = _without_marks(line.cut(0, found.start())), _without_end(line.cut(found.end(), len(line.text)))
    if leads_with_number(value.text) and _is_label(label, where) and not any(character.isdigit() for character in label.text):
        return Pair(label, value)
    return None


def strong_pair(block: Block, start: int, end: int) -> Pair | None:
    """A strong label at the begin of a line with an amount behind it: ``**Weights** 20 GB``."""
    line = slot(block, start, end)
    span = next((span for span in block.strong[:1] if span.start >= start and span.end <= line.end), None)
    if span is None or block.text[line.start : span.start].strip() or span.start > line.start + 4:
        return None
    label, value = slot(block, span.start, span.end), slot(block, span.end, end)
    return Pair(label, value) if _is_label(label, Where.ITEM) and not leads_with_number(label.text) and is_amount(value.text) else None


def _several(line: Slot, where: Where) -> tuple[Pair, ...]:
    """The pairs of a text that consists of two or more with breaks between them, else ()."""
    text = line.text
    if text.count("=") + text.count(":") + text.count("：") + text.count("≈") < 2:
        return ()
    tight = _tight(line)
    if tight:
        return tight
    pieces = _pieces(line)
    if len(pieces) < 2:
        return ()
    out: list[Pair] = []
    others = 0
    for number, piece in enumerate(pieces, 1):
        pair = _pair(piece, where)
        if pair is not None and pair.value.text and len(pair.label.text.split()) <= _FEW_WORDS:
            out.append(pair)
        elif number < len(pieces) or _SIGNS.search(piece.text) or len(piece.text.split()) > _FEW_WORDS:
            return ()
        else:
            others += 1
    # "B=16, S=2048, 4 stages": behind assignments, a short text more is none of them.
    assigned = sum(1 for pair in out if pair.assigned)
    if len(out) < 2 or 0 < assigned < len(out) or (others and not assigned):
        return ()
    return tuple(out)


def _pieces(line: Slot) -> list[Slot]:
    """The texts between commas, semicolons, bars and dots outside brackets."""
    pieces: list[Slot] = []
    start = depth = 0
    for found in _BREAK.finditer(line.text):
        if found.lastgroup is None:
            depth += 1 if found[0] in _OPENING else -1
        elif depth <= 0:
            pieces.append(line.cut(start, found.start()))
            start = found.end()
    pieces.append(line.cut(start, len(line.text)))
    return [piece for piece in pieces if piece.text]


def _tight(line: Slot) -> tuple[Pair, ...]:
    """Assignments without blanks in them, with blanks or slashes between them: ``TP=8 PP=4``, ``TP=8/PP=4``."""
    if not _TIGHT_LINE.fullmatch(line.text):
        return ()
    return tuple(Pair(line.cut(*found.span(1)), line.cut(*found.span(2)), assigned=True) for found in _TIGHT.finditer(line.text))


def _without_marks(label: Slot) -> Slot:
    """The label without code ticks, stars and bullets that may be left around it."""
    text = label.text
    start = len(text) - len(text.lstrip(_EDGE))
    return label.cut(start, len(text.rstrip(_EDGE))) if start < len(text) else label


def _without_end(value: Slot) -> Slot:
    """The value without the comma, semicolon or full stop that ends it."""
    return value.cut(0, len(value.text) - 1) if value.text.endswith((",", ";", ".", "。", "；", "，")) else value


def _is_label(label: Slot, where: Where) -> bool:
    """Whether a text can be a label: short, with a letter, no sentence before it ends."""
    text = label.text
    if not text or len(text) > 80 or len(text.split()) > where.value or "=" in text:
        return False
    return _LETTER.search(text) is not None and _SENTENCE.search(text) is None


def _is_name(label: Slot) -> bool:
    """Whether a label can stand before ``=``: a name of few words, not an expression."""
    plain = _IN_BRACKETS.sub(" ", label.text)
    if len(plain.split()) > _FEW_WORDS or _OPERATOR.search(plain) or _CLAUSE.search(plain):
        return False
    first = plain.lstrip("\"'`$#-\\ ")[:1]
    return first.isalpha() or first == "_"


def _start(span: Span) -> int:
    return span.start
