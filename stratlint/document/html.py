"""HTML in Markdown: tags and comments are blanked, entities become their character; lengths never change."""

from __future__ import annotations

import html as entities
import re

from stratlint.document.blocks import Span

Edit = tuple[int, int, str]
"""Replace ``content[start:end]`` by a text of the same length."""

_ATTRIBUTE = (
    r"(?:\s++[A-Za-z_:][A-Za-z0-9:._-]*+"
    r"(?:\s*+=\s*+(?:[^\"'=<>`\x00-\x20]++|'[^']*+'|\"[^\"]*+\")|(?!\s*+=)))"
)
_OPEN_TAG = rf"<[A-Za-z][A-Za-z0-9-]*+{_ATTRIBUTE}*+\s*+/?>"
_CLOSE_TAG = r"</[A-Za-z][A-Za-z0-9-]*+\s*+>"
TAG = re.compile(rf"{_OPEN_TAG}|{_CLOSE_TAG}|<![A-Za-z][^<>]*+>")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Where a tag ends one piece of text and begins another: a reader must not run "8</td><td>16" together.
_BREAK = re.compile(r"<(?:br|/(?:td|th|tr|li|p|div|h[1-6]|dt|dd|summary|caption|option|pre|blockquote))\b", re.IGNORECASE)
_SPECIAL = re.compile(r"[<&]")
_HIDDEN = re.compile(r"<(script|style)\b", re.IGNORECASE)
_NOT_NEWLINE = re.compile(r"[^\n]")


def blank(text: str) -> str:
    """Spaces instead of everything but line feeds."""
    return _NOT_NEWLINE.sub(" ", text) if "\n" in text else " " * len(text)


def tag_edit(start: int, tag: str) -> Edit:
    """Blank a tag that begins at ``start``, with a line feed in front where it separates texts."""
    blanked = blank(tag)
    if _BREAK.match(tag):
        blanked = "\n" + blanked[1:]
    return start, start + len(tag), blanked


def entity_edit(start: int, entity: str) -> Edit:
    """The character an entity stands for, then spaces; just spaces if that is a digit, a line end or unknown."""
    character = entities.unescape(entity)
    if len(character) != 1 or character.isdecimal() or character.isspace() or not character.isprintable():
        character = " "
    return start, start + len(entity), character.ljust(len(entity))


def comment_end(content: str, start: int) -> int:
    """End of the comment that begins at ``start`` (its ``<!--``), delimiter included; -1 if it is never closed."""
    for short in ("<!-->", "<!--->"):  # CommonMark: both are whole comments
        if content.startswith(short, start):
            return start + len(short)
    end = content.find("-->", start + 4)
    return end + 3 if end >= 0 else -1


def apply(content: str, edits: list[Edit]) -> str:
    """The content with the edits made; the first of two that overlap wins."""
    if not edits:
        return content
    edits.sort()
    parts: list[str] = []
    done = 0
    for start, end, replacement in edits:
        if start >= done:
            parts += (content[done:start], replacement)
            done = end
    parts.append(content[done:])
    return "".join(parts)


def mask_html(content: str) -> tuple[str, tuple[Span, ...], bool]:
    """Readable text of an HTML block, its comments (content coordinates), and whether a comment is never closed."""
    edits: list[Edit] = []
    comments: list[Span] = []
    unclosed = False
    position = 0
    while match := _SPECIAL.search(content, position):
        start = match.start()
        position = start + 1
        if content[start] == "&":
            if found := ENTITY.match(content, start):
                edits.append(entity_edit(start, found[0]))
                position = found.end()
            continue
        if content.startswith("<!--", start):
            end = comment_end(content, start)
            unclosed = end < 0
            position = len(content) if unclosed else end
            comments.append(Span(start, position))
            edits.append((start, position, blank(content[start:position])))
        elif found := _HIDDEN.match(content, start):
            close = re.compile(rf"</{found[1]}\s*>", re.IGNORECASE).search(content, start)
            position = close.end() if close else len(content)
            edits.append((start, position, blank(content[start:position])))
        elif found := TAG.match(content, start):
            edits.append(tag_edit(start, found[0]))
            position = found.end()
    return apply(content, edits), tuple(comments), unclosed
