"""Assignments in code, entries of dictionaries, keyword arguments of calls."""

from __future__ import annotations

import re

from stratlint.document.blocks import Block
from stratlint.document.layouts.cells import CellRole
from stratlint.document.layouts.commands import Fresh
from stratlint.document.layouts.keys import value_and_note
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.raw import slot

_NAME = re.compile(
    r"\s*(?:(?:export|const|let|var|final|static|auto|int|long|float|double|size_t|uint32_t|int64_t|constexpr|self\.|this\.|#define)\s*(?:\s|(?<=\.)))*"
    r"(?P<name>[^\W\d][\w.]{0,79}|\"[^\"\n]{1,80}\"|'[^'\n]{1,80}')"
    r"(?P<type>\s{0,8}:\s{0,8}[\w.\[\], |]{1,60}?(?=\s{0,8}=))?\s{0,40}(?P<sign>=(?![=>])|:=|:(?=\s))\s*"
)
_DEFINE = re.compile(r"\s*#define\s+(?P<name>\w{1,80})[ \t]+(?P<value>\S.*)")
_ARGUMENT = (
    r"[(,]\s{0,40}(?P<name>[^\W\d]\w{0,60})\s?=\s?(?:\"(?P<double>[^\"\n]{1,200})\"|'(?P<single>[^'\n]{1,200})'|(?P<word>-?\d[\w.*]{0,30}))"
)
_KEYWORD = re.compile(_ARGUMENT + r"(?=\s{0,8}[,)])")
_LAST_KEYWORD = re.compile(_ARGUMENT + r"(?=\s{0,8}(?:[,)]|\Z))")
_TOGETHER = re.compile(
    r"\s*(?P<names>[^\W\d]\w{0,79}(?:\s{0,8},\s{0,8}[^\W\d]\w{0,79}){1,15})\s{0,8}"
    r"=(?!=)\s{0,8}(?P<values>[^=#()\n]{1,200})"
)
_PIECE = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
_NEXT_ARGUMENT = re.compile(r",\s{0,40}(?=[^\W\d]\w{0,60}\s?=[^=])")


def read_code(block: Block, start: int, end: int, outline: Outline, *, slashes: bool) -> None:
    """Read lines of code; a name that is assigned again begins a new record. ``slashes`` begin comments if told so."""
    fresh = Fresh(outline)
    text = block.text
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        first, position = position, stop + 1
        defined = _DEFINE.match(text, first, stop)
        if defined is not None:
            fresh.add(slot(block, *defined.span("name")), slot(block, *defined.span("value")))
        else:
            _line(block, first, stop, fresh, outline, slashes=slashes)


def _line(block: Block, start: int, stop: int, fresh: Fresh, outline: Outline, *, slashes: bool) -> None:
    together = _TOGETHER.match(block.text, start, stop)
    if together is not None:
        _assigned_together(block, together, fresh)
        return
    found = _NAME.match(block.text, start, stop)
    if found is None:
        _keywords(block, start, stop, fresh)
        return
    quoted = found["name"][0] in "\"'"
    if found["sign"] == ":" and not quoted:
        return  # "if x:", annotations without a value
    label = slot(block, found.start("name") + quoted, found.end("name") - quoted)
    value, note = value_and_note(block, found.end(), stop, slashes=slashes)
    if not value.text:
        return
    if "(" in value.text and _keywords(block, value.start, value.end, fresh):
        return
    if "(" not in value.text:
        cut = _NEXT_ARGUMENT.search(value.text)
        if cut is not None:
            _keywords(block, value.start + cut.start(), value.end, fresh, open_end=True)
            value = value.cut(0, cut.start())
        elif value.text.endswith(")"):
            value = value.cut(0, len(value.text) - 1)
    if value.text[:1] in "([{" or value.text[-1:] in "([{":
        return
    fresh.add(label, value)
    if note is not None:
        outline.add(fresh.group, label, note, CellRole.NOTE)


def _assigned_together(block: Block, found: re.Match[str], fresh: Fresh) -> None:
    """``TP, PP = 4, 9``: each name has its value, if there are as many."""
    names, values = (list(_PIECE.finditer(block.text, *found.span(part))) for part in ("names", "values"))
    if len(names) == len(values):
        for name, value in zip(names, values, strict=True):
            fresh.add(slot(block, *name.span()), slot(block, *value.span()))


def _keywords(block: Block, start: int, stop: int, fresh: Fresh, *, open_end: bool = False) -> bool:
    """Add the keyword arguments in a range; whether there is one."""
    some = False
    for keyword in (_LAST_KEYWORD if open_end else _KEYWORD).finditer(block.text, start, stop):
        fresh.add(slot(block, *keyword.span("name")), slot(block, *keyword.span(keyword.lastgroup or "word")))
        some = True
    return some
