"""Compound labels and cells: ``8 / 4 / 2`` under ``TP / PP / DP``, and the unit that a label carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stratlint.document.layouts.cells import Place
from stratlint.document.layouts.raw import Slot, leads_with_number
from stratlint.document.layouts.words import is_magnitude, is_spelled_unit, is_thing, is_unit, is_unit_mark, says_nothing

_MOST_PARTS = 8
_LONGEST = 120  # characters of a label or cell that is looked at

# Signs that join the parts of a label, the more telling first; those of one family may stand for another in the cell.
_FAMILIES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("list", re.compile(r"\s*/\s*"), re.compile(r"\s*/\s*")),
    (
        "list",
        re.compile(r"\s*[×✕·∙⋅]\s*|\s+[x*]\s+|(?<=[A-Z0-9)])[x*](?=[A-Z0-9(])"),
        re.compile(r"\s*[×✕·∙⋅]\s*|\s*(?<=[\d\s])[x*](?=[\d\s])\s*"),
    ),
    ("list", re.compile(r"\s*\|\s*"), re.compile(r"\s*\|\s*")),
    ("list", re.compile(r",\s+|、|，\s*"), re.compile(r",\s+|、|，\s*")),
    ("change", re.compile(r"\s*(?:→|⇒|->|=>)\s*"), re.compile(r"\s*(?:→|⇒|->|=>)\s*")),
    ("ratio", re.compile(r"\s*:\s*"), re.compile(r"\s*:\s*")),
    ("sum", re.compile(r"\s*\+\s*"), re.compile(r"\s*\+\s*")),
    ("dash", re.compile(r"(?<=\w)[-–](?=\w)"), re.compile(r"(?<=\d)[-–](?=\d)")),
)
# What a label and a cell must hold at the least, to spare the most of them a closer look.
_JOINS = re.compile(r"[/×✕·∙⋅|,、，→⇒:+*>–-]|(?<=[A-Z0-9)\s])x(?=[A-Z0-9(\s])")
_JOINED = re.compile(r"\d.*[/×✕·∙⋅|,、，→⇒:+*>x–-]|[/×✕·∙⋅|,、，→⇒:+*>x–-].*\d")
_LETTER = re.compile(r"[^\W\d_]")
_END_BRACKET = re.compile(r"\s*([(\[（])([^()\[\]（）]*)[)\]）]\s*$")
_EQUALS = re.compile(r"\s*=\s*")
_UNIT_BEHIND = re.compile(r"\d\s?([^\W\d][^\d()]{0,20})$")
_BRACKETED = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_SCOPE = re.compile(r"per\b|each\b|每", re.I)
_PER_WHAT = re.compile(r"(?:^|\s)(\S+/\S+) per \w+$")
_LAST_WORDS = re.compile(r"(\S+)\s+(\S+)$")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a compound cell: its label (with the place of that in the header), its text, the unit behind the last."""

    label: str
    label_at: Place
    around: str
    """The label without the bracket that names the parts, "" where the label itself is compound."""
    value: Slot
    unit: str = ""
    unit_at: Place | None = None


def parts_of(label: Slot, cell: Slot) -> tuple[Part, ...]:
    """The parts of a compound cell with a label each; () unless label and cell have as many.

    Behind ``=`` the whole label names the rest: ``8 × 4 × 2 = 64`` has four parts below ``TP × PP × DP``.
    """
    if len(label.text) > _LONGEST or len(cell.text) > _LONGEST or not _JOINS.search(label.text) or not _JOINED.search(cell.text):
        return ()
    text, around, base = label.text, "", 0
    bracket = _END_BRACKET.search(text)
    if bracket is not None:
        outer, inner = text[: bracket.start()], bracket[2]
        if not _is_compound(outer) and _is_compound(inner) and not is_unit(inner):
            around, text, base = outer.strip(), inner, bracket.start(2)
        else:
            text = outer
    equals = _EQUALS.search(cell.text)
    body = cell.text[: equals.start()] if equals else cell.text
    for family, names_sign, _ in _FAMILIES:
        names = _split(names_sign, text)
        if len(names) < 2:
            continue
        if not _name_parts(names, text, family):
            return ()
        values = _values(family, body, len(names))
        if not values:
            return ()
        found = [
            Part(name, Place(label.block, label.start + base + start, label.start + base + end), around, cell.cut(*value))
            for (name, start, end), value in zip(_completed(names), values, strict=True)
        ]
        if equals is not None:
            whole = Place(label.block, label.start, label.end)
            found.append(Part(label.label, whole, "", cell.cut(equals.end(), len(cell.text))))
        return _with_unit(found, len(names))
    return ()


def _is_compound(text: str) -> bool:
    return any(len(names) > 1 and _name_parts(names, text, family) for family, sign, _ in _FAMILIES if (names := _split(sign, text)))


def _split(sign: re.Pattern[str], text: str) -> list[tuple[str, int, int]]:
    """The pieces between signs outside brackets, with their offsets; [] if one is empty or there are too many."""
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for found in sign.finditer(text):
        if text.count("(", start, found.start()) != text.count(")", start, found.start()):
            continue
        pieces.append((text[start : found.start()], start, found.start()))
        start = found.end()
    pieces.append((text[start:], start, len(text)))
    out = []
    for piece, first, last in pieces:
        lead = len(piece) - len(piece.lstrip())
        inner = piece.strip()
        if not inner:
            return []
        out.append((inner, first + lead, first + lead + len(inner)))
        del last
    return out if len(out) <= _MOST_PARTS else []


def _name_parts(names: list[tuple[str, int, int]], text: str, family: str) -> bool:
    """Whether the pieces of a label name a part each, so that ``GPUs/node`` and ``tokens/s`` do not."""
    if not all(_LETTER.search(name) and not _SCOPE.match(name) for name, _, _ in names):
        return False
    if family == "dash":
        return len(names) >= 2 and all(len(name) <= 6 for name, _, _ in names) and " " not in text
    if family == "list" and len(names) == 2 and "/" in text and " /" not in text:
        last = names[1][0]
        return not (is_unit(last) and not last.casefold().endswith("s")) and last.casefold() != "s"
    return True


def _values(family: str, text: str, count: int) -> list[tuple[int, int]]:
    """Ranges of the parts of a cell if there are as many as the label has, else []."""
    if "(" in text and _digits_in_brackets(text):
        return []
    for other, _, sign in _FAMILIES:
        if other != family:
            continue
        pieces = _split(sign, text)
        if len(pieces) == count:
            numeric = [leads_with_number(piece) for piece, _, _ in pieces]
            if any(numeric) and all(number or says_nothing(piece[0]) for number, piece in zip(numeric, pieces, strict=True)):
                return [(start, end) for _, start, end in pieces]
    return []


def _digits_in_brackets(text: str) -> bool:
    return any(any(character.isdigit() for character in found[1]) for found in _BRACKETED.finditer(text))


def _completed(names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The names, each with the last one's noun where that stands for all: "query / KV heads" are query heads, KV heads."""
    last = _LAST_WORDS.search(names[-1][0])
    if last is None or any(" " in name for name, _, _ in names[:-1]):
        return names
    return [(f"{name} {last[2]}", start, end) for name, start, end in names[:-1]] + names[-1:]


def _with_unit(parts: list[Part], count: int) -> tuple[Part, ...]:
    """The parts, with the unit behind the last one given to those that have none: "40 / 80 GB"."""
    last = parts[count - 1].value
    found = _UNIT_BEHIND.search(last.text)
    if found is None or not is_unit(found[1]):
        return tuple(parts)
    place = Place(last.block, last.start + found.start(1), last.start + found.end(1))
    return tuple(
        Part(part.label, part.label_at, part.around, part.value, found[1], place)
        if number < count - 1 and not _LETTER.search(part.value.text)
        else part
        for number, part in enumerate(parts)
    )


def unit_of(label: Slot | None) -> tuple[str, Place | None]:
    """The unit that a label carries, with its place: ``GB`` in brackets, after a comma, after *in*, or alone; "" for none."""
    span = None if label is None or len(label.text) > _LONGEST else _unit_span(label.text)
    if label is None or span is None:
        return "", None
    cut = label.cut(*span)
    return cut.text, cut.place


def unit_in(text: str) -> str:
    """The unit that the text of a label carries, "" for none."""
    span = _unit_span(text)
    return "" if span is None else text[slice(*span)]


@lru_cache(maxsize=4096)
def _unit_span(text: str) -> tuple[int, int] | None:
    """Where a label carries its unit."""
    # "(b) TP per layer" numbers a line; a bracket behind the label is about the label.
    ranges = [found.span(1) for found in _BRACKETED.finditer(text) if text[: found.start()].strip()]
    for start, end in reversed(ranges):
        stop = text.find(",", start, end)
        stop = end if stop < 0 else stop
        if (is_unit(text[start:stop]) and not is_thing(text[start:stop])) or is_magnitude(text[start:stop]):
            return start, stop
    if is_unit(text, counted=False) and (len(text) > 1 or not text.isalpha()):
        return 0, len(text)
    comma = text.rfind(", ")
    if comma >= 0 and is_unit(text[comma + 2 :]):
        return comma + 2, len(text)
    shared = _PER_WHAT.search(text)
    if shared is not None and is_spelled_unit(shared[1]):
        return shared.span(1)
    words = _LAST_WORDS.search(text)
    named = words is not None and words[1].strip(".,~").isalpha()  # "33 GB" is an amount
    if words is not None and ((is_unit_mark(words[1]) and is_unit(words[2])) or (named and is_spelled_unit(words[2]))):
        return words.start(2), words.end(2)
    return None
