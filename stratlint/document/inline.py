"""Inline markup, blanked in place: a copy of the content, of the same length, in which only what is said is left.

One scan from left to right, linear in the length: every search for a closing delimiter either succeeds and is not
repeated, or is remembered as hopeless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from stratlint.document.blocks import Span
from stratlint.document.emphasis import Run, delimiter_run, resolve
from stratlint.document.html import ENTITY, TAG, Edit, apply, blank, comment_end, entity_edit, tag_edit

_SPECIAL = re.compile(r"[\\`<\[\]*_$&]|~~|!\[|\bhttps?://|\bwww\.", re.IGNORECASE)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_RUN = re.compile(r"`++|\*++|_++|~++")
_BACKTICKS = re.compile(r"`++")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x20]*+|[\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++)>")
_URL = re.compile(r"(?:https?://|www\.)[!#-;=?-Z^_a-z~|]++", re.IGNORECASE)
_URL_TAIL = "?!.,:*_~'\";"
_PARENTHESES = r"\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+\))*+\)"
_DESTINATION = re.compile(
    rf"\(\s*+(?:<(?:[^<>\n\\]|\\.)*+>|(?:[^\s()\\<]|\\.)(?:[^\s()\\]|\\.|{_PARENTHESES})*+)?+"
    r"(?:\s++(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+\s*+\)",
    re.DOTALL,
)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]]++\]:?")
_TASK = re.compile(r"\[[ xX]\](?=\s)")
_DOLLAR = re.compile(r"\\.|\$++", re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_MATHEMATICAL = re.compile(r"[\\^_={}<>+*×·]")
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Masked:
    """Text of a content, and what of it was struck, code, math, strong or a comment (content coordinates)."""

    text: str
    struck: tuple[Span, ...] = ()
    code: tuple[Span, ...] = ()
    math: tuple[Span, ...] = ()
    strong: tuple[Span, ...] = ()
    comments: tuple[Span, ...] = ()


def mask(content: str, references: frozenset[str] = frozenset(), *, item_start: bool = False) -> Masked:
    """Blank the inline markup of a content.

    ``references`` are the normalised labels of the document's link definitions; ``item_start`` says that the content
    begins a list item, where ``[x]`` is a checkbox.
    """
    if not _SPECIAL.search(content):
        return Masked(content)
    return _Scan(content, references).run(item_start)


@dataclass(slots=True)
class _Scan:
    """State of one scan over a content."""

    content: str
    references: frozenset[str]
    edits: list[Edit] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)
    last_bracket: int = -1
    code: list[Span] = field(default_factory=list)
    math: list[Span] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)
    backticks: dict[int, list[int]] | None = None
    dollars: dict[int, tuple[int, int]] | None = None
    escapes: dict[int, int] | None = None
    hopeless: bool = False
    """No comment is closed any more."""

    def run(self, item_start: bool) -> Masked:
        content = self.content
        position = 0
        if item_start and (task := _TASK.match(content)):
            self.blank(0, task.end())
            position = task.end()
        while match := _SPECIAL.search(content, position):
            position = self.step(match.start(), match[0][0])
        emphasis = resolve(content, self.runs)
        for span in emphasis.markup:
            self.blank(span.start, span.end)
        return Masked(
            apply(content, self.edits),
            tuple(emphasis.struck),
            tuple(self.code),
            tuple(self.math),
            tuple(emphasis.strong),
            tuple(self.comments),
        )

    def blank(self, start: int, end: int) -> None:
        self.edits.append((start, end, blank(self.content[start:end])))

    def step(self, start: int, character: str) -> int:
        """Handle the special character at ``start``; returns where to go on."""
        match character:
            case "*" | "_" | "~":
                return self.delimiters(start)
            case "`":
                return self.code_span(start)
            case "[" | "!":
                return self.open_bracket(start)
            case "]":
                return self.close_bracket(start)
            case "<":
                return self.angle(start)
            case "\\":
                return self.backslash(start)
            case "$":
                return self.dollar(start)
            case "&":
                return self.entity(start)
        return self.url(start)

    def delimiters(self, start: int) -> int:
        found = _RUN.match(self.content, start)
        end = found.end() if found else start + 1
        if self.content[start] != "~" or end - start == 2:
            self.runs.append(delimiter_run(self.content, start, end))
        return end

    def code_span(self, start: int) -> int:
        """Blank both fences of a code span; a run of backticks that nothing closes is literal."""
        found = _BACKTICKS.match(self.content, start)
        inner = found.end() if found else start + 1
        length = inner - start
        if self.backticks is None:
            self.backticks = {}
            for run in _BACKTICKS.finditer(self.content):
                self.backticks.setdefault(run.end() - run.start(), []).append(run.start())
            for starts in self.backticks.values():
                starts.reverse()
        candidates = self.backticks.get(length, [])
        while candidates and candidates[-1] < inner:
            candidates.pop()
        if not candidates:
            return inner
        end = candidates[-1]
        self.blank(start, inner)
        self.blank(end, end + length)
        text = self.content[inner:end]
        # CommonMark strips one space on either side, which lets code begin or end with a backtick.
        if len(text) > 2 and text[0] in " \n" and text[-1] in " \n" and text.strip(" \n"):
            self.code.append(Span(inner + 1, end - 1))
        else:
            self.code.append(Span(inner, end))
        return end + length

    def open_bracket(self, start: int) -> int:
        if note := _FOOTNOTE.match(self.content, start):
            definition = start == 0 and note[0].endswith(":")
            end = note.end() if definition or not note[0].endswith(":") else note.end() - 1
            self.blank(start, end)
            return end
        self.brackets.append(start)
        self.last_bracket = start
        return start + (2 if self.content[start] == "!" else 1)

    def close_bracket(self, start: int) -> int:
        """Blank the brackets and the target if they make a link or an image; the text of the link stays."""
        if not self.brackets:
            return start + 1
        opening = self.brackets.pop()
        inner = opening + (2 if self.content[opening] == "!" else 1)
        target = _DESTINATION.match(self.content, start + 1)
        end = target.end() if target else self.reference_end(opening, inner, start)
        if end < 0:
            return start + 1
        self.blank(opening, inner)
        self.blank(start, end)
        return end

    def reference_end(self, opening: int, inner: int, close: int) -> int:
        """End of ``[text][label]``, ``[label][]`` or ``[label]`` whose label is defined; -1 if it is none of them."""
        if not self.references:
            return -1
        label = _LABEL.match(self.content, close + 1)
        if label and label[1]:
            return label.end() if self.is_reference(label[1]) else -1
        # A label holds no brackets and at most 999 characters, which also keeps deep nesting linear.
        nested = self.last_bracket != opening
        if nested or close - inner > 999 or not self.is_reference(self.content[inner:close]):
            return -1
        return label.end() if label else close + 1

    def is_reference(self, label: str) -> bool:
        return _SPACE.sub(" ", label.strip()).lower().upper() in self.references

    def angle(self, start: int) -> int:
        content = self.content
        if content.startswith("<!--", start):
            end = -1 if self.hopeless else comment_end(content, start)
            if end < 0:
                self.hopeless = True
                return start + 1
            self.comments.append(Span(start, end))
            self.blank(start, end)
            return end
        if link := _AUTOLINK.match(content, start):
            self.blank(start, link.end())
            return link.end()
        if tag := TAG.match(content, start):
            self.edits.append(tag_edit(start, tag[0]))
            return tag.end()
        return start + 1

    def backslash(self, start: int) -> int:
        """``\\(`` and ``\\[`` open math that is closed and looks like it; else this is an escape or just itself."""
        following = self.content[start + 1 : start + 2]
        if following and following in "([":
            if self.escapes is None:
                self.escapes = _escape_pairs(self.content)
            end = self.escapes.get(start, start + 2)
            inner = self.content[start + 2 : end]
            # Formatters escape brackets, too: "\\[2024/02\\]" is no formula, and a link is none.
            if _MATHEMATICAL.search(inner) and "](" not in inner:
                return self.formula(start, start + 2, end, end + 2)
        if following == "\n" or following in _PUNCTUATION:
            self.blank(start, start + 1)
            return start + 2
        return start + 1

    def formula(self, start: int, inner: int, inner_end: int, end: int) -> int:
        self.math.append(Span(inner, inner_end))
        self.blank(start, inner)
        self.blank(inner_end, end)
        return end

    def dollar(self, start: int) -> int:
        """``$…$`` and ``$$…$$`` if what is inside can be math and not a text between two prices."""
        if self.dollars is None:
            self.dollars = _dollar_pairs(self.content)
        width, end = self.dollars.get(start, (0, 0))
        if width == 2:
            return self.formula(start, start + 2, end, end + 2)
        if width == 1 and self.is_formula(start, end):
            return self.formula(start, start + 1, end, end + 1)
        return start + 1

    def is_formula(self, start: int, end: int) -> bool:
        content = self.content
        before, after = content[start - 1 : start], content[end + 1 : end + 2]
        inner = content[start + 1 : end]
        if not inner or inner[0].isspace() or inner[-1].isspace() or "`" in inner or inner.endswith("US"):
            return False
        if before.isalnum() or (after.isalnum() and ord(after) < 0x2E80):
            return False
        return not _SPACE.search(inner) or _MATHEMATICAL.search(inner) is not None

    def entity(self, start: int) -> int:
        if found := ENTITY.match(self.content, start):
            self.edits.append(entity_edit(start, found[0]))
            return found.end()
        return start + 1

    def url(self, start: int) -> int:
        """Blank a bare URL, less the punctuation that ends the sentence and a bracket it did not open."""
        found = _URL.match(self.content, start)
        if not found:
            return start + 1
        text = found[0]
        length = len(text)
        excess = text.count(")") - text.count("(")
        while length and (text[length - 1] in _URL_TAIL or (text[length - 1] == ")" and excess > 0)):
            excess -= text[length - 1] == ")"
            length -= 1
        self.blank(start, start + length)
        return start + max(length, 1)


def _dollar_pairs(content: str) -> dict[int, tuple[int, int]]:
    """For every dollar run that the next one may close: its start -> (its length, start of the closing run)."""
    runs = [found for found in _DOLLAR.finditer(content) if found[0][0] == "$"]
    pairs: dict[int, tuple[int, int]] = {}
    for run, following in pairwise(runs):
        width = run.end() - run.start()
        if width <= 2 and width == following.end() - following.start():
            pairs[run.start()] = (width, following.start())
    return pairs


def _escape_pairs(content: str) -> dict[int, int]:
    """For every ``\\(`` or ``\\[`` that the next of its kind closes: its start -> the start of that one."""
    pairs: dict[int, int] = {}
    opened = {"()": -1, "[]": -1}
    for found in _ESCAPE.finditer(content):
        kind = "()" if found[0][1] in "()" else "[]"
        if found[0][1] == kind[0]:
            opened[kind] = found.start()
        elif found[0][1] == kind[1]:
            if opened[kind] >= 0:
                pairs[opened[kind]] = found.start()
            opened[kind] = -1
    return pairs
