"""JSON, and what is written like it (comments, bare words, flow mappings of YAML): keys with their path as labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from stratlint.document.blocks import Block
from stratlint.document.layouts.cells import CellRole
from stratlint.document.layouts.commands import options
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.raw import Slot, slot
from stratlint.document.layouts.words import in_list

_DEEPEST = 64
_TOKEN = re.compile(
    r'"(?P<double>(?:[^"\\\n]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'"
    r"|(?P<comment>//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|(?:(?<=\s)|\A)\#[^\n]*+)"
    r"|(?P<sign>[{}\[\]:,])"
    r"|(?P<word>[^\s{}\[\]:,\"'][^\n{}\[\]:,\"']*+|[\"'])"
)
_KEY = re.compile(r"""["'][^"'\n]{1,80}["']\s{0,20}:""")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "scalar", "comment" or the sign
    start: int
    end: int


@dataclass(slots=True)
class _Frame:
    """An object or array that is open."""

    is_object: bool
    group: int
    label: Slot
    """The key it stands under; an empty slot without one."""
    key: Slot | None = None
    scalars: list[Slot] = field(default_factory=list)
    inside: int = -1
    """The group for the objects of an array, once there is one."""


def looks_like_json(text: str) -> bool:
    """Whether a text begins like a JSON value that has keys."""
    return text.lstrip()[:1] in ("{", "[") and _KEY.search(text) is not None


def read_object(block: Block, start: int, end: int, outline: Outline, group: int, label: Slot | None = None) -> int:
    """Add the values of the objects in a range of a block to a group; returns where the reading stopped.

    With a ``label`` (a key outside) only the one value that begins at ``start`` is read.
    """
    tokens, stopped = _tokens(block, start, end, one=label is not None)
    _Reader(block, tokens, outline, group, label).read()
    return stopped


def _tokens(block: Block, start: int, end: int, *, one: bool) -> tuple[list[_Token], int]:
    text = block.text
    out: list[_Token] = []
    depth = 0
    position = start
    for found in _TOKEN.finditer(text, start, end):
        kind = found.lastgroup
        position = found.end()
        if kind == "comment":
            out.append(_Token("comment", found.start() + len(found[0]) - len(found[0].lstrip("/*#")), found.end()))
        elif kind == "sign":
            out.append(_Token(found[0], found.start(), found.end()))
            depth += (found[0] in "{[") - (found[0] in "}]")
            if one and depth <= 0:
                break
        elif kind == "word":
            first, last = found.span()
            if (hash_at := text.find(" #", first, last)) >= 0:
                last = hash_at
            out.append(_Token("scalar", first, last))
        else:
            out.append(_Token("scalar", *found.span(kind or 0)))
    return out, position


class _Reader:
    """Walks over the tokens with a stack of open objects and arrays."""

    def __init__(self, block: Block, tokens: Sequence[_Token], outline: Outline, group: int, label: Slot | None) -> None:
        self.block = block
        self.tokens = tokens
        self.outline = outline
        self.group = group
        self.outside = label
        self.stack: list[_Frame] = []
        self.none = slot(block, 0, 0)
        self.last: tuple[int, Slot, Slot] | None = None
        """The value that was read last, with its group and key."""

    def read(self) -> None:
        several = self.outside is None and self._top_objects() > 1
        for place, token in enumerate(self.tokens):
            top = self.stack[-1] if self.stack else None
            if token.kind in "{[":
                if len(self.stack) >= _DEEPEST:
                    return
                self._open(token.kind == "{", place, apart=several and top is None)
            elif token.kind in "}]":
                if top is not None:
                    self._close()
            elif token.kind == "scalar" and top is not None:
                self._scalar(top, place, slot(self.block, token.start, token.end))
            elif token.kind == "comment":
                self._remark(token)
            elif token.kind == "," and top is not None:
                top.key = None

    def _top_objects(self) -> int:
        depth = count = 0
        for token in self.tokens:
            if token.kind in ("{", "["):
                count += depth == 0 and token.kind == "{"
                depth += 1
            elif token.kind in ("}", "]"):
                depth = max(depth - 1, 0)
        return count

    def _open(self, is_object: bool, place: int, *, apart: bool) -> None:
        if not self.stack:
            label = self.outside or self.none
            group = self.group
            if self.outside is not None and is_object:
                group = self.outline.group(group, label.label)
            elif apart:
                group = self.outline.group(group, self._name(place), apart=True)
            self.stack.append(_Frame(is_object, group, label))
            return
        top = self.stack[-1]
        if top.is_object:
            label = top.key or self.none
            group = self.outline.group(top.group, label.label) if is_object else top.group
            # Scalars of an array are values of the object around it, under the array's key.
            self.stack.append(_Frame(is_object, group if is_object else top.group, label))
            return
        group = self._inside(top)
        if is_object:
            group = self.outline.group(group, self._name(place), apart=True)
        self.stack.append(_Frame(is_object, group, top.label if is_object else self.none))

    def _inside(self, array: _Frame) -> int:
        """The group for the objects of an array: below the array's key."""
        if array.inside < 0:
            array.inside = self.outline.group(array.group, array.label.label)
        return array.inside

    def _name(self, place: int) -> str:
        """What an object in an array is called, by its first key."""
        following = self.tokens[place + 1 : place + 4]
        if [token.kind for token in following] != ["scalar", ":", "scalar"]:
            return ""
        key, _, value = following
        if not in_list("names", self.block.text[key.start : key.end]):
            return ""
        return slot(self.block, value.start, value.end).label

    def _scalar(self, top: _Frame, place: int, said: Slot) -> None:
        if not top.is_object:
            top.scalars.append(said)
        elif place + 1 < len(self.tokens) and self.tokens[place + 1].kind == ":":
            top.key = said
        elif top.key is not None:
            self.outline.add(top.group, top.key, said)
            self.last = (top.group, top.key, said)
            top.key = None

    def _remark(self, token: _Token) -> None:
        """A comment in the line of a value is a remark on it."""
        if self.last is None:
            return
        group, key, value = self.last
        if "\n" not in self.block.text[value.end : token.start]:
            self.outline.add(group, key, slot(self.block, token.start, token.end), CellRole.NOTE)

    def _close(self) -> None:
        frame = self.stack.pop()
        if self.stack and self.stack[-1].is_object:
            self.stack[-1].key = None
        if frame.is_object or not frame.scalars:
            return
        add_scalars(self.block, frame.scalars, frame.label, self.outline, frame.group)


def add_scalars(block: Block, scalars: Sequence[Slot], label: Slot, outline: Outline, group: int) -> None:
    """The scalars of an array: options of a command, or one value from the first to the last."""
    if any(each.text.startswith("--") for each in scalars):
        inside = outline.group(group, label.label, apart=True)
        for name, value in options(scalars):
            outline.add(inside, name, value)
    elif label.text:
        outline.add(group, label, slot(block, scalars[0].start, scalars[-1].end))
