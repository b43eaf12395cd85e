"""Plain text tables whose columns line up at display width (a `✅` takes two cells)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Terminal cells of a printable text."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character) or character in "\u200c\u200d\ufe0e\ufe0f"
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def shortened(text: str, limit: int) -> str:
    """*text* in at most *limit* cells."""
    if width(text) <= limit:
        return text
    kept = ""
    used = 1
    for character in text:
        used += width(character)
        if used > limit:
            break
        kept += character
    return f"{kept}…"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], limit: int = 44) -> str:
    """Header and rows with two spaces between columns; the last column is as long as it is."""
    last = len(header) - 1
    cells = [[text if at == last else shortened(text, limit) for at, text in enumerate(row)] for row in (header, *rows)]
    widths = [max(width(row[at]) for row in cells) for at in range(last)]
    return "".join(
        "  ".join((*(text + " " * (size - width(text)) for text, size in zip(row, widths, strict=False)), row[last])).rstrip() + "\n"
        for row in cells
    )
