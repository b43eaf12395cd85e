"""The suggested repairs of a run as a unified patch, for `git apply`; nothing is rewritten here."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stratlint.document import Document
    from stratlint.report.outcome import DocumentReport, Report
    from stratlint.rules.finding import Suggestion


def patch(report: Report, *, readable: bool) -> str:
    """One patch over all documents. *readable*: for a terminal, where a document's escapes must not act."""
    text = "".join(line for document in report.documents for line in _document(document))
    if not readable:
        return text
    from stratlint.report.escaping import printable

    return "".join(f"{printable(line)}\n" for line in text.split("\n")[:-1])


def repaired(document: Document, suggestions: list[Suggestion]) -> str:
    """The text with all suggestions carried out; of two that overlap the first stands."""
    parts: list[str] = []
    at = 0
    for each in sorted(set(suggestions), key=lambda each: (each.start, each.end, each.replacement)):
        if each.start < at:
            continue
        parts += (document.text[at : each.start], each.replacement)
        at = each.end
    return "".join((*parts, document.text[at:]))


def _document(report: DocumentReport) -> Iterator[str]:
    suggestions = [each.suggestion for each in report.findings if each.suggestion is not None]
    if report.document is None or not suggestions:
        return
    before = _lines(report.document.text)
    after = _lines(repaired(report.document, suggestions))
    name = PurePath(report.path).as_posix()
    for line in difflib.unified_diff(before, after, _quoted(f"a/{name}"), _quoted(f"b/{name}")):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as git sees them: only `\\n` ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _quoted(name: str) -> str:
    """A name as git quotes it when it has to."""
    data = name.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in data):
        return name
    return (
        '"' + "".join(f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}" for byte in data) + '"'
    )
