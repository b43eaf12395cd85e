"""Line ends: where lines begin in the source, and how line-end normalisation shifts offsets."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n?|\n")


def line_starts(text: str) -> list[int]:
    """Offset of the first character of every line; LF, CRLF and a lone CR end a line. Never empty."""
    starts = [0]
    starts.extend(match.end() for match in _LINE_END.finditer(text))
    return starts


def normalise(text: str) -> tuple[str, list[int] | None]:
    """The text with LF line ends, and per line what to add to an offset in it to get the offset in ``text``.

    ``None`` stands for "nothing to add anywhere", the common case.
    """
    if "\r" not in text:
        return text, None
    normal = _LINE_END.sub("\n", text)
    shifts: list[int] = []
    offset = 0
    starts = line_starts(text)
    for start in starts:
        shifts.append(start - offset)
        end = normal.find("\n", offset)
        offset = len(normal) if end < 0 else end + 1
    return normal, shifts
