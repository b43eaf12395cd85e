"""Bytes of a file to text."""

from __future__ import annotations

import codecs

# UTF-32 LE starts with the UTF-16 LE mark, so it is asked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableDocument(ValueError):  # noqa: N818 (what it is matters more than that it is an error)
    """The bytes are not text in an encoding we know. The message names the byte offset and what to do about it."""


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of the bytes, without its byte order mark, and notes about how it was read.

    UTF-8 is expected; UTF-8, UTF-16 and UTF-32 are recognised by their byte order mark.
    Raises ``UnreadableDocument`` for anything else, with the offset of the first byte that does not fit.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + len(mark)
        raise UnreadableDocument(_advice(data, offset, encoding)) from None
    notes = () if encoding == "utf-8" else (f"read as {encoding.upper()}, going by its byte order mark",)
    return text, notes


def _advice(data: bytes, offset: int, encoding: str) -> str:
    """Say where the bytes stop making sense, and the likeliest way out."""
    found = f"not valid {encoding.upper()}: byte 0x{data[offset]:02x} at byte offset {offset}"
    sample = data[:4096]
    if encoding == "utf-8" and sample.count(0) > len(sample) // 4:
        return f"{found}; it looks like UTF-16 without a byte order mark: save it as UTF-8"
    if encoding == "utf-8" and 0 in sample:
        return f"{found}; it looks like a binary file: leave it out of the check"
    return f"{found}; save the file as UTF-8 (for example: iconv -f WINDOWS-1252 -t UTF-8)"
