"""A run of text with ranges wrapped around parts of it: emphasis, marks, spans of evidence.

Ranges may nest and overlap in any way; the output is always properly nested, because a range that closes
inside another one makes the inner ones close and open again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from stratlint.report.page.escape import text as escape


@dataclass(frozen=True, slots=True)
class Range:
    """Wrap `[start, end)` in `opening` … `closing`; when it must be split, later pieces open with `again` (no id).

    `after` follows the last piece.
    """

    start: int
    end: int
    opening: str
    closing: str
    again: str
    after: str = ""

    def at(self, start: int, end: int) -> Range:
        """The same wrapping around another range: how a range in the source becomes one in a block."""
        return replace(self, start=start, end=end)


def plain(tag: str, start: int, end: int) -> Range:
    """A range with a bare tag."""
    return Range(start, end, f"<{tag}>", f"</{tag}>", f"<{tag}>")


def merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping and nested ranges joined, so that one layer is never more than one element deep."""
    current: tuple[int, int] | None = None
    for start, end in sorted(ranges):
        if current is None or start > current[1]:
            if current is not None:
                yield current
            current = (start, end)
        else:
            current = (current[0], max(current[1], end))
    if current is not None:
        yield current


_BLANKED = re.compile(" +")
_SHORT_LINE = 60


def shown(content: str, masked: str) -> list[tuple[int, int]]:
    """The parts of *masked* to show: all of it but the blanks that stand for markup in *content*."""
    if content == masked:
        return [(0, len(content))]
    parts: list[tuple[int, int]] = []
    position = 0
    for run in _BLANKED.finditer(masked):
        for hidden, group in groupby(range(*run.span()), key=lambda index: content[index] not in " \n"):
            if hidden:
                indices = list(group)
                parts.append((position, indices[0]))
                position = indices[-1] + 1
    parts.append((position, len(masked)))
    return [(start, end) for start, end in parts if start < end]


def reflowed(content: str, masked: str) -> str:
    """*masked* with those line ends made spaces that only wrap prose: after a long line, before a plain word.

    Reports also put one statement a line (`✅ Memory: …`) and rely on viewers that keep the lines apart.
    """
    lines = content.split("\n")
    if len(lines) == 1:
        return masked
    out = list(masked)
    position = -1
    for line, following in pairwise(lines):
        position += len(line) + 1
        wraps = len(line) >= _SHORT_LINE and not line.endswith(("  ", "\\")) and following.lstrip()[:1].isalnum()
        if wraps:
            out[position] = " "
    return "".join(out)


def _pieces(masked: str, parts: list[tuple[int, int]], cuts: list[int]) -> Iterator[tuple[int, str]]:
    """Escaped text between consecutive *cuts*, skipping what is not shown: (where the piece ends, its HTML)."""
    index = 0
    previous = 0
    for cut in cuts:
        out: list[str] = []
        while index < len(parts):
            start, end = parts[index]
            first, last = max(start, previous), min(end, cut)
            if first < last:
                out.append(escape(masked[first:last]))
            if end > cut:
                break
            index += 1
        previous = cut
        yield cut, "".join(out)


def wrap(content: str, masked: str, ranges: Iterable[Range], *, breaks: bool = False) -> str:
    """*masked* escaped, the blanks of markup left out, every range wrapped around its part.

    With *breaks*, line ends become `<br>`. Time is linear in the text and in the ranges times their nesting.
    """
    if len(masked) != len(content):
        masked = content
    inside = sorted(
        (each for each in ranges if 0 <= each.start < each.end <= len(content)),
        key=lambda each: (each.start, -each.end),
    )
    cuts = sorted({0, len(content), *(each.start for each in inside), *(each.end for each in inside)})
    out: list[str] = []
    stack: list[Range] = []
    waiting = 0
    for cut, piece in _pieces(masked, shown(content, masked), cuts):
        out.append(piece.replace("\n", "<br>\n") if breaks else piece)
        out.extend(_close(stack, cut))
        while waiting < len(inside) and inside[waiting].start == cut:
            stack.append(inside[waiting])
            out.append(inside[waiting].opening)
            waiting += 1
    return "".join(out)


def _close(stack: list[Range], position: int) -> Iterator[str]:
    """End tags for the ranges that end at *position*, and start tags for those closed only to get at them."""
    ending = next((index for index, each in enumerate(stack) if each.end <= position), None)
    if ending is None:
        return
    popped = stack[ending:]
    del stack[ending:]
    for each in reversed(popped):
        yield each.closing
        if each.end <= position:
            yield each.after
    for each in popped:
        if each.end > position:
            stack.append(each)
            yield each.again
