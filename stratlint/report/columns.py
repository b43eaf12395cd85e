"""Columns in UTF-8 bytes, which some formats count in."""

from __future__ import annotations

from bisect import bisect_right

from stratlint.document import Document


class ByteColumns:
    """1-based byte columns of a document.

    It goes on from the nearest offset before that it was asked for, so that a thousand findings on one line of
    megabytes do not encode that line a thousand times.
    """

    def __init__(self, document: Document | None) -> None:
        self._document = document
        self._offsets: dict[int, list[int]] = {}
        self._bytes: dict[int, list[int]] = {}

    def column(self, offset: int) -> int | None:
        """The column of a source offset; None without the document's text."""
        if self._document is None:
            return None
        text = self._document.text
        offset = max(0, min(offset, len(text)))
        line, column = self._document.position(offset)
        offsets = self._offsets.setdefault(line, [offset - (column - 1)])
        counts = self._bytes.setdefault(line, [0])
        known = bisect_right(offsets, offset) - 1
        count = counts[known] + len(text[offsets[known] : offset].encode("utf-8", "surrogatepass"))
        if offsets[known] != offset:
            offsets.insert(known + 1, offset)
            counts.insert(known + 1, count)
        return count + 1
