"""Options of commands (``--nodes 4``, ``--tp=8``, ``-n 64``) and assignments of the environment (``NNODES=4``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stratlint.document.blocks import Block
from stratlint.document.layouts.cells import CellRole
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.raw import Slot, slot

_OPTION = re.compile(
    r"(?<![^\s\"'(\[])(?P<name>--?[A-Za-z][\w.-]*+)(?:=|[ \t]++)"
    r"(?:\"(?P<double>[^\"\n]*+)\"|'(?P<single>[^'\n]*+)'|(?P<word>-?\d[^\s|;&>\"'\\]*+|[^\s\"'\\|;&><#=-][^\s|;&>\"'\\]*+))"
)
_LEAD = re.compile(r"\s*(?:[$>#]\s+|(?:export|set|setenv|env|declare|local|readonly|ENV|ARG|sudo)\s+)*")
_ASSIGNED = re.compile(
    r"(?P<name>[A-Za-z_]\w*)=(?:\"(?P<double>[^\"\n]*+)\"|'(?P<single>[^'\n]*+)'|(?P<word>[^\s\"';&|]++))[ \t;]*+(?:\\\n)?\s*"
)
_DIRECTIVE = re.compile(r"\s*#(?:SBATCH|PBS|BSUB|\$)\s")
_COMMENT = re.compile(r"\s*#")
_REMARK = re.compile(r"(?<=\s)#\s+(?=\S)")
HAS_OPTION = re.compile(r"(?:^|\s)--[A-Za-z][\w-]*[= ]")


def read_commands(block: Block, start: int, end: int, outline: Outline) -> None:
    """Add options and assignments of every command in a range of lines; a command is a record of its own."""
    shared = Fresh(outline)
    for first, last in _commands(block, start, end):
        text = block.text
        directive = _DIRECTIVE.match(text, first, last)
        if directive is None and _COMMENT.match(text, first, last):
            continue
        position = first
        remark = None if directive is not None else _REMARK.search(text, first + 1, last)
        note = slot(block, remark.end(), last) if remark is not None else None
        last = remark.start() if remark is not None else last
        lead = _LEAD.match(text, first, last)
        if lead is not None:
            position = lead.end()
        assigned: list[tuple[Slot, Slot]] = []
        while (found := _ASSIGNED.match(text, position, last)) is not None:
            if not found[found.lastgroup or 0].startswith("$"):  # "TP=${10}" hands on what the caller gives
                assigned.append((slot(block, *found.span("name")), _value(block, found)))
            position = found.end()
        found_options = [
            (slot(block, found.start("name") + len(found["name"]) - len(found["name"].lstrip("-")), found.end("name")), value)
            for found in _OPTION.finditer(text, position, last)
            if (value := _value(block, found)).text and (found["name"].startswith("--") or value.text[:1].isdigit())
        ]
        named = (*assigned, *found_options)
        if directive is None and (found_options or text[position:last].strip()):
            group = outline.group(0, "", apart=True)
            for name, value in named:
                outline.add(group, name, value)
        else:
            for name, value in named:
                shared.add(name, value)
            group = shared.group
        if note is not None and len(named) == 1:
            outline.add(group, named[0][0], note, CellRole.NOTE)


def options(words: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Names and values of the options among the words of a command."""
    for place, word in enumerate(words):
        if not word.text.startswith("-") or word.text[1:2].isdigit():
            continue
        name = len(word.text) - len(word.text.lstrip("-"))
        sign = word.text.find("=")
        if sign > 0:
            yield word.cut(name, sign), word.cut(sign + 1, len(word.text))
        elif (blank := word.text.find(" ")) > 0:
            yield word.cut(name, blank), word.cut(blank, len(word.text))
        elif place + 1 < len(words) and not words[place + 1].text.startswith("--"):
            yield word.cut(name, len(word.text)), words[place + 1]


class Fresh:
    """Adds values to a group until a name comes again: then a new record begins."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.group = 0
        self.seen: set[str] = set()

    def add(self, name: Slot, value: Slot) -> None:
        if name.text in self.seen:
            self.group = self.outline.group(0, "", apart=True)
            self.seen.clear()
        self.seen.add(name.text)
        self.outline.add(self.group, name, value)


def _value(block: Block, found: re.Match[str]) -> Slot:
    return slot(block, *found.span(found.lastgroup or 0))


def _commands(block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of logical lines: a line that ends with a backslash goes on in the next."""
    first = position = start
    while position < end:
        stop = block.text.find("\n", position, end)
        stop = end if stop < 0 else stop
        if not block.text[max(position, stop - 80) : stop].rstrip().endswith("\\"):
            yield first, stop
            first = stop + 1
        position = stop + 1
    if first < end:
        yield first, end
