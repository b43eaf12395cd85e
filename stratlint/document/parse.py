"""Markdown text to a ``Document``."""

from __future__ import annotations

from stratlint.document.blocks import BOM, Document
from stratlint.document.dialects import readable
from stratlint.document.lines import normalise


def parse(text: str, path: str = "-") -> Document:
    """Read a Markdown document. Never raises, whatever the text; what could not be read is told in ``notes``.

    ``path`` is only a label, but for its suffix, which says what else than Markdown is in it (``dialects``). NUL characters are replaced
    by U+FFFD, which keeps every offset.
    """
    from stratlint.document.builder import Builder  # markdown-it takes 35 ms to import

    notes: list[str] = []
    if "\0" in text:
        notes.append(f"{text.count(chr(0))} NUL characters read as U+FFFD")
        text = text.replace("\0", "\ufffd")
    marked = text.startswith(BOM)
    normal, shifts = normalise(text[1:] if marked else text)
    normal = readable(normal, path)
    if marked:
        shifts = [shift + 1 for shift in shifts] if shifts else [1] * (normal.count("\n") + 1)
    builder = Builder(normal, shifts, notes)
    return builder.document(path, text)
