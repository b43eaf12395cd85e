"""markdown-it's block parser, made to tell where each leaf block's lines begin and end.

markdown-it knows columns only while a rule runs: block quotes and lists move the line marks and put them back. So the
leaf rules are wrapped; after one has run, the marks of its lines are kept in a ``Leaf``. Nothing else changes, with
four exceptions: nesting beyond a limit is read as text (markdown-it would silently drop the rest of the document),
``[^label]:`` is not a link definition, tables are not split into one token per cell (see ``_table``), and tables wider
than anyone can read are text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common import utils as markdown_it_utils
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    code,
    fence,
    heading,
    hr,
    html_block,
    lheading,
    list_block,
    paragraph,
    reference,
    table,
)
from markdown_it.token import Token

Rule = Callable[[StateBlock, int, int, bool], bool]

TRIMMED: str | None = getattr(markdown_it_utils, "MD_TRIM_CHARS", None)
"""What markdown-it takes from both ends of a line, for ``str.strip``: until version 4.3, all that Python calls white space."""

# Both limits are far above what people write and far below what makes time or the call stack grow: every lazily
# continued line of a quote is looked at once per level.
MAX_LEVEL = 120  # a list costs two levels, a quote one
MAX_QUOTES = 16
MAX_COLUMNS = 1000
MAX_COMPLETED_CELLS = 0x10000  # markdown-it's own limit on cells it adds to short rows

_ENV_LEAVES = "stratlint"
_BREAK = re.compile(r"(?:\*[* \t]*+|-[- \t]*+|_[_ \t]*+)")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(slots=True)
class Leaf:
    """Marks of a leaf block's lines in the normalised text, markers of containers and indent excluded."""

    first_line: int
    starts: list[int]
    ends: list[int]
    empty: int
    """Where content without any line would stand: the end of the block's first line."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A table cell before unescaping: its trimmed source, which begins at ``start`` of the normalised text."""

    raw: str
    start: int


@dataclass(frozen=True, slots=True)
class RawRow:
    """A table row on the (0-based) ``line``, which ends at ``end`` of the normalised text."""

    line: int
    end: int
    cells: list[RawCell]


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows of a table, header first; they may be shorter or longer than the header."""

    rows: list[RawRow]
    alignments: tuple[str, ...]


@dataclass(slots=True)
class Recording:
    """What the wrapped rules collect during one parse, keyed by the index of the token they pushed."""

    leaves: dict[int, Leaf] = field(default_factory=dict)
    tables: dict[int, RawTable] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    quotes: int = 0
    too_deep: int | None = None  # first line (0-based) whose nesting was refused
    too_wide: int | None = None  # first line (0-based) of a table that was refused


class _BlockParser(MarkdownIt):
    """Link targets are not our business: no normalising, which is slow and raises on lone surrogates."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        return url


def block_tokens(text: str, *, indented_code: bool = True) -> tuple[list[Token], Recording]:
    """Block tokens of a text with LF line ends, and the places of their content; without *indented_code*, indented lines are text."""
    parser = _parser(indented_code)
    recording = Recording()
    env: dict[str, object] = {_ENV_LEAVES: recording}
    tokens: list[Token] = []
    parser.block.parse(text, parser, env, tokens)
    references = env.get("references")
    if isinstance(references, dict):
        recording.references = frozenset(references)
    return tokens, recording


@cache
def _parser(indented_code: bool) -> MarkdownIt:
    parser = _BlockParser("commonmark").enable("table")
    if not indented_code:
        parser.disable("code")
    parser.options["maxNesting"] = 10 * MAX_LEVEL  # never reached: _container refuses first and loses nothing
    ruler = parser.block.ruler
    interrupts_text = ["paragraph", "reference"]
    interrupts_quote = [*interrupts_text, "blockquote"]
    interrupts_list = [*interrupts_quote, "list"]
    ruler.at("table", _table, {"alt": interrupts_text})
    ruler.at("code", _recorded(code), {"alt": []})
    ruler.at("fence", _recorded(fence, first="`~", skipped=1), {"alt": interrupts_list})
    ruler.at("blockquote", _blockquote, {"alt": interrupts_list})
    ruler.at("hr", _hr, {"alt": interrupts_list})
    ruler.at("list", _list, {"alt": interrupts_quote})
    ruler.at("reference", _reference, {"alt": []})
    ruler.at("html_block", _recorded(html_block, first="<"), {"alt": interrupts_quote})
    ruler.at("heading", _recorded(heading, first="#"), {"alt": interrupts_quote})
    ruler.at("lheading", _recorded(lheading), {"alt": []})
    ruler.at("paragraph", _recorded(paragraph), {"alt": []})
    return parser


def _recorded(rule: Rule, *, first: str = "", skipped: int = 0) -> Rule:
    """The rule, which then stores the marks of its lines but the first ``skipped`` (the opening line of a fence).

    It can only match a line that begins with one of the characters in ``first``, if there are any: asking here is
    cheaper, and every line of every paragraph is offered to every rule.
    """

    def recorded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if first and _first_character(state, start) not in first:
            return False
        pushed = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if not silent:
            if state.tokens[pushed].nesting == 1:  # heading_open, paragraph_open: the content follows
                pushed += 1
            lines = range(start + skipped, state.line)
            recording: Recording = state.env[_ENV_LEAVES]
            recording.leaves[pushed] = Leaf(
                start + skipped,
                [state.bMarks[line] + state.tShift[line] for line in lines],
                [state.eMarks[line] for line in lines],
                state.eMarks[start],
            )
        return True

    return recorded


def _first_character(state: StateBlock, line: int) -> str:
    position = state.bMarks[line] + state.tShift[line]
    return state.src[position] if position < len(state.src) else "\n"


def _hr(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule, at C speed for lines that are no break: "- - - - x" asks it again at every level of its lists."""
    position = state.bMarks[start] + state.tShift[start]
    found = _BREAK.match(state.src, position)
    return found is not None and found.end() == state.eMarks[start] and hr(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if _first_character(state, start) not in "-+*0123456789":
        return False
    if state.level < MAX_LEVEL:
        return list_block(state, start, end, silent)
    return _refuse(list_block, state, start, end)


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if _first_character(state, start) != ">":
        return False
    recording: Recording = state.env[_ENV_LEAVES]
    if state.level >= MAX_LEVEL or recording.quotes >= MAX_QUOTES:
        return _refuse(blockquote, state, start, end)
    recording.quotes += 1
    try:
        return blockquote(state, start, end, silent)
    finally:
        recording.quotes -= 1


def _refuse(rule: Rule, state: StateBlock, start: int, end: int) -> bool:
    """Say no, so that the line becomes a paragraph, and remember that the rule would have matched."""
    recording: Recording = state.env[_ENV_LEAVES]
    if recording.too_deep is None and rule(state, start, end, True):
        recording.too_deep = start
    return False


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False  # a footnote, which says something; a link definition does not
    return reference(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's table rule, with one token per table instead of three per cell, and cells that know their place.

    Recognition is left to markdown-it; the loop over the body is its loop.
    """
    if not table(state, start, end, True):
        return False
    recording: Recording = state.env[_ENV_LEAVES]
    header = _row(state, start)
    if len(header.cells) > MAX_COLUMNS:
        if recording.too_wide is None:
            recording.too_wide = start
        return False
    if silent:
        return True
    old_parent, state.parentType = state.parentType, "table"
    terminators = state.md.block.ruler.getRules("blockquote")
    rows = [header]
    completed = 0
    line = start + 2
    while line < end:
        if state.sCount[line] < state.blkIndent or any(rule(state, line, end, True) for rule in terminators):
            break
        if not _line(state, line).strip(TRIMMED) or state.is_code_block(line):
            break
        row = _row(state, line)
        completed += len(header.cells) - len(row.cells)
        if completed > MAX_COMPLETED_CELLS:
            break
        rows.append(row)
        line += 1
    recording.tables[len(state.tokens)] = RawTable(rows, _alignments(_line(state, start + 1)))
    token = state.push("table", "table", 0)
    token.map = [start, line]
    state.parentType = old_parent
    state.line = line
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _row(state: StateBlock, line: int) -> RawRow:
    """Cells of a row: split at every pipe without a backslash before it, outer pipes dropped."""
    text = _line(state, line)
    inner = text.lstrip(TRIMMED)
    start = state.bMarks[line] + state.tShift[line] + len(text) - len(inner)
    inner = inner.rstrip(TRIMMED)
    pieces = _UNESCAPED_PIPE.split(inner) if "\\" in inner else inner.split("|")
    if pieces and not pieces[0]:
        del pieces[0]
        start += 1
    if pieces and not pieces[-1]:
        del pieces[-1]
    cells = []
    for piece in pieces:
        raw = piece.lstrip(TRIMMED)
        cells.append(RawCell(raw.rstrip(TRIMMED), start + len(piece) - len(raw)))
        start += len(piece) + 1
    return RawRow(line, state.eMarks[line], cells)


def _alignments(delimiters: str) -> tuple[str, ...]:
    """Alignment of every column from the delimiter row, as in ``| :-- | --: | :-: | --- |``."""
    cells = [cell.strip(TRIMMED) for cell in delimiters.split("|")]
    return tuple(
        ("center" if cell[0] == ":" else "right") if cell[-1] == ":" else ("left" if cell[0] == ":" else "") for cell in cells if cell
    )
