"""The readings that belong to a document: from a file of readings (by block) or plain JSON lines (by line of the page)."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from stratlint.document import Document
from stratlint.meaning.entries import Entries, Entry, ReadingsError, Rejection, parse_entries
from stratlint.readers.blocks import PageBlock, page_blocks
from stratlint.readers.file import BlockReadings, Objection, ReadingsFile, ReadingsFileError, parse_file, placed

LARGEST_FILE = 16 << 20
OUTSIDE = "a line that its block does not have"


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection at its place on the page. `number` is the line in the file; `key` is equal for the same objection to the same block."""

    number: int
    line: int
    claim: str
    why: str
    key: str


@dataclass(frozen=True, slots=True)
class Attached:
    """What a file of readings says of a page, with lines of the page. `file` is how messages call it.

    `stale` are the lines of the file with entries of blocks that the page no longer has: they are not judged. `outside` are entries
    that name a line beyond their block, `malformed` lines that are no entries.
    """

    file: str
    reader: str = ""
    entries: tuple[Entry, ...] = ()
    objections: tuple[Objected, ...] = ()
    stale: tuple[int, ...] = ()
    outside: tuple[Rejection, ...] = ()
    malformed: tuple[Rejection, ...] = ()


def read_content(path: Path, inside: Path | None = None) -> bytes:
    """The bytes of a file of readings; *inside* is a folder that a link may not lead out of.

    Raises:
        ReadingsError: it cannot be read, or is no plain file.
    """
    if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
        raise ReadingsError(f"{path}: is a link that leads out of {inside}")
    # Non-blocking: what is committed may be a pipe.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise ReadingsError(f"{path}: is not a regular file")
            content = stream.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise ReadingsError(f"{path}: {(problem.strerror or str(problem)).lower()}") from None
    if len(content) > LARGEST_FILE:
        raise ReadingsError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, which no file of readings is")
    return content


def parsed(content: bytes, file: str) -> ReadingsFile | Entries:
    """The *content* of a file of either format, by its name.

    Raises:
        ReadingsError: it is not of the format.
    """
    if file.endswith(".jsonl"):
        return parse_entries(content, file)
    try:
        return parse_file(content, file)
    except ReadingsFileError as problem:
        raise ReadingsError(str(problem)) from None


def attached(content: bytes, file: str, document: Document) -> Attached:
    """What a file says of *document*.

    Raises:
        ReadingsError: it is not of the format.
    """
    read = parsed(content, file)
    if isinstance(read, Entries):
        return Attached(file, entries=read.entries, malformed=read.malformed)
    return _attached(read, file, document)


def objection_keys(content: bytes, file: str) -> frozenset[str]:
    """The keys of all objections of a file; none of one that is not of the format."""
    try:
        read = parsed(content, file)
    except ReadingsError:
        return frozenset()
    if isinstance(read, Entries):
        return frozenset()
    return frozenset(_key(block, each) for block in read.blocks for each in block.objections)


def _attached(read: ReadingsFile, file: str, document: Document) -> Attached:
    found = placed(read.blocks, page_blocks(document))
    entries: list[Entry] = []
    objections: list[Objected] = []
    outside: list[Rejection] = []
    for block, page in found.found:
        for each in block.readings:
            line = _line(each.line, page)
            if line:
                entries.append(Entry(each.number, line, each.claim, each.op, each.expr, each.kind, each.why))
            else:
                outside.append(_rejected(each.number, each.line, page))
        for against in block.objections:
            line = _line(against.line, page)
            if line:
                objections.append(Objected(against.number, line, against.claim, against.why, _key(block, against)))
            else:
                outside.append(_rejected(against.number, against.line, page))
    stale = tuple(each.number for block in found.stale for each in block.readings)
    stale += tuple(each.number for block in found.stale for each in block.objections)
    return Attached(file, read.reader, tuple(entries), tuple(objections), tuple(sorted(stale)), tuple(outside))


def _line(within: int, page: PageBlock) -> int:
    """The line of the page; 0 for one that the block does not have."""
    line = page.first + within - 1
    return line if line <= page.last else 0


def _rejected(number: int, line: int, page: PageBlock) -> Rejection:
    return Rejection(number, OUTSIDE, f"line {line} of a block of {len(page.lines)} lines (from line {page.first} of the page)")


def _key(block: BlockReadings, each: Objection) -> str:
    return "\0".join((block.hash, str(each.line), each.claim, each.why))
