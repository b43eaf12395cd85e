"""Where a waiver of a finding can stand, and what it says: `<!-- stratlint: ignore[rule]@value: reason -->`.

Whether a comment is one depends on what stands around it (a table, a fence, mathematics), so every place is tried: the text with
the comment in it is parsed, and the place is taken if the comment is read there and covers the finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from stratlint.document import Document, parse
from stratlint.report.directives import read
from stratlint.report.suppression import OWN, mentions
from stratlint.rules.finding import Finding

_UNFIT = (":", "--", "|", "<", ">", "`", "\n", "\r", "\\")
_LONGEST = 60
# How a comment is written; in MDX that of HTML is a mistake.
_HTML = ("<!-- ", " -->")
_COMMENTS = {".mdx": ("{/* ", " */}")}


@dataclass(frozen=True, slots=True)
class Waiver:
    """Insert `before` + a reason + `after` at `offset` of the text."""

    offset: int
    before: str
    after: str


def waiver(document: Document, finding: Finding) -> Waiver | None:
    """The waiver of a finding, its reason still to be written; None where no comment can stand for it."""
    if finding.rule in OWN or finding.location.path != document.path:
        return None
    return next((each for each in _places(document, finding) if _works(document, finding, each)), None)


def _places(document: Document, finding: Finding) -> Iterator[Waiver]:
    """At the end of the line, in its last cell, alone above the block, for the whole file at its end: the first that works is taken."""
    value = bound(finding)
    opening, tail = _COMMENTS.get(PurePath(document.path).suffix.lower(), _HTML)
    head = f"{opening}stratlint: ignore[{finding.rule}]{value}: "
    start, end = _line(document.text, finding.location.start)
    line = document.text[start:end]
    written = start + len(line.rstrip())
    yield Waiver(written, f" {head}", tail)
    if line.rstrip().endswith("|"):
        yield Waiver(written - 1, head, f"{tail} ")
    newline = "\r\n" if "\r\n" in document.text else "\n"
    for first in _first_lines(document, finding):
        text = document.text[first : _line(document.text, first)[1]]
        indent = text[: len(text) - len(text.lstrip(" \t>"))]
        yield Waiver(first, f"{indent}{head}", f"{tail}{newline}")
        yield Waiver(first, f"{indent}{head}", f"{tail}{newline}{indent.rstrip()}{newline}")
    last = len(document.text)
    gap = newline if document.text.endswith(("\n", "\r")) else newline * 2
    yield Waiver(last, f"{gap}{head.replace('ignore', 'file-ignore', 1)}", f"{tail}{newline}")


def bound(finding: Finding) -> str:
    """`@52.4 GB`: the value that the waiver lapses with, the shorter of claim and place; "" where neither can stand in a comment."""
    values = [" ".join(text.split()) for text in (finding.location.text, finding.claimed)]
    fitting = [each for each in values if any(map(str.isdigit, each)) and not any(mark in each for mark in _UNFIT) and mentions(each, each)]
    return f"@{min(fitting, key=len)}" if fitting and len(min(fitting, key=len)) <= _LONGEST else ""


def _first_lines(document: Document, finding: Finding) -> Iterator[int]:
    """Where the line of the claim begins, and that of its block: of a fence its opening line."""
    around = [
        segments[0].source
        for block in document.blocks
        if (segments := block.segments) and segments[0].source <= finding.location.start < segments[-1].source + segments[-1].length + 1
    ]
    for inner in around[-1:]:
        first, _ = _line(document.text, inner)
        if first:
            yield _line(document.text, first - 1)[0]
        yield first


def _line(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the line of an offset, without its line end."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [at for each in "\r\n" if (at := text.find(each, offset)) >= 0]
    return start, min(ends, default=len(text))


def _works(document: Document, finding: Finding, made: Waiver) -> bool:
    inserted = f"{made.before}{made.after}"
    text = f"{document.text[: made.offset]}{inserted}{document.text[made.offset :]}"
    start, end = ((each + len(inserted) if each >= made.offset else each) for each in (finding.location.start, finding.location.end))
    directives, _ = read(parse(text, document.path))
    return any(
        made.offset <= each.comment.span.start < made.offset + len(inserted)
        and finding.rule in each.rules
        and any(start < span.end and span.start < max(end, start + 1) for span in each.covers)
        for each in directives
    )
