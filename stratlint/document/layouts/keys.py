"""YAML, TOML and INI read line by line, by their indent; never loaded, so that every place is exact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stratlint.document.blocks import Block
from stratlint.document.layouts.cells import CellRole
from stratlint.document.layouts.objects import add_scalars, read_object
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.raw import Slot, slot
from stratlint.document.layouts.words import in_list

_REACH = 160  # characters within which a key ends
_SIGN = re.compile(r"(?P<quote>\"[^\"\n]*\"|'[^'\n]*')?\s{0,40}(?:(?P<colon>:)(?=\s|\Z)|(?P<equals>=)(?!=))")
_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]=,]{1,80}?)\s*\]{1,2}\s*(?:#.*)?\Z")
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?\s*(?:#.*)?\Z")
_TAG = re.compile(r"(?:[!&][^\s]*\s+)+")
_HASH = re.compile(r"\s#\s*(?=\S)")
_SLASHES = re.compile(r"\s//\s*(?=\S)")
_MOST_LEVELS = 60


@dataclass(slots=True)
class _Level:
    """An open mapping: how deep its key is indented, its group, the key (None for an element of a list)."""

    indent: int
    group: int
    key: Slot | None
    scalars: list[Slot]


class KeyReader:
    """Reads lines of keys of a block into an outline."""

    def __init__(self, block: Block, outline: Outline, *, headers: bool) -> None:
        self.block = block
        self.outline = outline
        self.headers = headers
        """Whether ``[name]`` on a line of its own opens a section, as in TOML and INI."""
        self.base = 0
        self.levels: list[_Level] = []
        self.documents = 0

    def read(self, start: int, end: int) -> None:
        """Read the lines of a range."""
        text = self.block.text
        position = start
        skip_deeper = -1  # inside a block scalar: lines deeper than this are text
        while position < end:
            stop = text.find("\n", position, end)
            stop = end if stop < 0 else stop
            line = text[position:stop]
            bare = line.lstrip(" \t")
            indent = len(line) - len(bare)
            first, position = position, stop + 1
            if not bare or bare.startswith(("#", "//", ";", "%")):
                continue
            if skip_deeper >= 0 and indent > skip_deeper:
                continue
            skip_deeper = -1
            if bare.startswith("---"):
                self._document()
                continue
            if self.headers and (header := _HEADER.match(line)) is not None:
                self._header(header, first)
                continue
            after = self._line(first + indent, stop, end, indent)
            if after < 0:
                skip_deeper = indent
            elif after > stop:
                # A flow mapping went on over further lines.
                line_end = text.find("\n", after, end)
                position = (end if line_end < 0 else line_end) + 1
        self._close(-1)

    def _document(self) -> None:
        """``---`` between documents of one stream: the next is a record of its own."""
        self._close(-1)
        if self.outline.entries:
            self.documents += 1
            self.base = self.outline.group(0, "", apart=True)

    def _header(self, header: re.Match[str], line_start: int) -> None:
        self._close(-1)
        group = 0
        names = header[2].split(".") if "." in header[2] and " " not in header[2] else [header[2]]
        for place, name in enumerate(names[:_MOST_LEVELS]):
            last = place == len(names) - 1
            group = self.outline.group(group, name.strip("\"' "), apart=last and header[1] == "[[")
        self.base = group
        del line_start

    def _line(self, start: int, stop: int, end: int, indent: int) -> int:
        """Read a line from its first character on; returns where its value ended, -1 if a block scalar begins."""
        text = self.block.text
        dashes = 0
        while text.startswith("-", start) and (start + 1 >= stop or text[start + 1] in " \t"):
            self._close(indent, element=True)
            inner = start + 1
            while inner < stop and text[inner] in " \t":
                inner += 1
            if inner >= stop or dashes >= _MOST_LEVELS:
                return stop
            found = self._sign(inner, stop)
            if text.startswith("--", inner) or (found is None and text[inner] not in "{-"):
                self._scalar(inner, stop)
                return stop
            if text[inner] == "{":
                group = self.outline.group(self._group(), "", apart=True)
                return self._flow(inner, end, group)
            self._element(indent, inner, stop, found)
            indent += inner - start
            start = inner
            dashes += 1
        if not dashes:
            self._close(indent)
        found = self._sign(start, stop)
        if found is None:
            return stop
        key, value_start = found
        return self._value(key, value_start, stop, end, indent)

    def _sign(self, start: int, stop: int) -> tuple[Slot, int] | None:
        """The key that begins at an offset, and where its value begins."""
        text = self.block.text
        found = _SIGN.match(text, start, stop) if text[start] in "\"'" else _SIGN.search(text, start, min(stop, start + _REACH))
        if found is None:
            return None
        if found["quote"] is not None and found.start() == start:
            return slot(self.block, start + 1, found.end("quote") - 1), found.end()
        if text[start] in "[{\"'":
            return None
        key = slot(self.block, start, found.start() + (0 if found["quote"] is None else len(found["quote"])))
        return (key, found.end()) if key.text else None

    def _value(self, key: Slot, start: int, stop: int, end: int, indent: int) -> int:
        text = self.block.text
        while start < stop and text[start] in " \t":
            start += 1
        tag = _TAG.match(text, start, stop)
        if tag is not None:
            start = tag.end()
        group = self._group()
        if start >= stop or text[start] == "#":
            self.levels.append(_Level(indent, self.outline.group(group, key.label), key, []))
            return stop
        if _BLOCK_SCALAR.match(text[start : min(stop, start + 40)]):
            return -1
        if text[start] in "{[" and not text.startswith("[[", start):
            return read_object(self.block, start, end, self.outline, group, key)
        add_value(self.block, key, start, stop, self.outline, group)
        return stop

    def _flow(self, start: int, end: int, group: int) -> int:
        return read_object(self.block, start, end, self.outline, group, slot(self.block, start, start))

    def _element(self, indent: int, start: int, stop: int, found: tuple[Slot, int] | None) -> None:
        """Open the group of a list element that is a mapping."""
        name = ""
        if found is not None and in_list("names", found[0].text):
            name = slot(self.block, found[1], stop).label.strip("\"'")
        if len(self.levels) < _MOST_LEVELS:
            self.levels.append(_Level(indent, self.outline.group(self._group(), name, apart=True), None, []))
        del start

    def _scalar(self, start: int, stop: int) -> None:
        """A list element that is a mere value: its list's key labels it."""
        if self.levels and self.levels[-1].key is not None:
            self.levels[-1].scalars.append(_unquoted(self.block, start, stop))

    def _group(self) -> int:
        return self.levels[-1].group if self.levels else self.base

    def _close(self, indent: int, *, element: bool = False) -> None:
        """Close the levels that do not contain a line of this indent; a list may stand right below its key."""
        while self.levels:
            top = self.levels[-1]
            if top.indent < indent or (element and top.indent == indent and top.key is not None):
                return
            self.levels.pop()
            if top.scalars and top.key is not None:
                around = self.levels[-1].group if self.levels else self.base
                if any(each.text.startswith("--") for each in top.scalars):
                    add_scalars(self.block, top.scalars, top.key, self.outline, around)
                else:
                    for each in top.scalars:
                        self.outline.add(around, top.key, each)


def add_value(block: Block, key: Slot, start: int, stop: int, outline: Outline, group: int) -> None:
    """A scalar value with the remark behind it, if any."""
    value, note = value_and_note(block, start, stop, slashes=in_list("slashes", block.language))
    outline.add(group, key, value)
    if note is not None:
        outline.add(group, key, note, CellRole.NOTE)


def value_and_note(block: Block, start: int, stop: int, *, slashes: bool = False) -> tuple[Slot, Slot | None]:
    """The value on a line without quotes, and the comment behind it (begun by ``//`` if ``slashes``, else by ``#``)."""
    text = block.text
    note = None
    opened = text[start : start + 1]
    search = start
    if opened in ("'", '"') and opened:
        closing = text.find(opened, start + 1, stop)
        search = closing + 1 if closing >= 0 else start
    found = (_SLASHES if slashes else _HASH).search(text, max(search - 1, start), stop)
    if found is not None:
        note = slot(block, found.end(), stop)
        stop = found.start()
    return _unquoted(block, start, stop), note


def _unquoted(block: Block, start: int, stop: int) -> Slot:
    value = slot(block, start, stop)
    text = value.text.rstrip(",;")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return value.cut(1, len(text) - 1)
    return value.cut(0, len(text))
