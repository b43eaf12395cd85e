"""The file of readings of one document, `.stratlint/readings/PLAN.md.yaml`: what is in it, reading it and writing it.

Its format is `grammar/readings-file.schema.json`; whatever breaks it is refused with the line of the file.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from stratlint.meaning.proposal import OPERATORS
from stratlint.readers.blocks import PageBlock

if TYPE_CHECKING:
    from yaml.nodes import Node

VERSION = 1
LONGEST_TEXT = 2_000
_LARGEST_FILE = 16 << 20
_HASH = re.compile(r"[0-9a-f]{16}")
_WHOLE = re.compile(r"[1-9]\d{0,8}")
# What YAML 1.1 cannot hold as it is in double quotes, or takes for the end of a line; and what nobody sees who reviews the file.
_UNPRINTABLE = re.compile(
    "[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    "|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class ReadingsFileError(ValueError):
    """A file of readings that cannot be used; the message is `file:line: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A relation as transcribed: the `claim` stands to the expression `expr` as `op` says.

    `line` counts from 1 within the block; `number` is the line in the file, 0 for a reading that comes from none.
    """

    line: int
    claim: str
    op: str
    expr: str
    kind: str = ""
    why: str = ""
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why findings on a number should not be believed ("quoted and corrected below"). `line` and `number` as in a reading."""

    line: int
    claim: str
    why: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class BlockReadings:
    """What was read of one block of the page. `first`: the line where it began then; only `hash` finds it again."""

    hash: str
    first: int
    readings: tuple[Reading, ...] = ()
    objections: tuple[Objection, ...] = ()
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ReadingsFile:
    """All readings of a page, in its order.

    `prompt` is the version of the instructions that were followed, "" by hand; `reader` who read, a model or a person.
    """

    blocks: tuple[BlockReadings, ...] = ()
    prompt: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Readings found again on a page: each with the block it is of; the stale ones, whose block is gone; blocks without any."""

    found: tuple[tuple[BlockReadings, PageBlock], ...]
    stale: tuple[BlockReadings, ...]
    unread: tuple[PageBlock, ...]


def placed(blocks: Iterable[BlockReadings], page: Iterable[PageBlock]) -> Placed:
    """Which readings belong to which block of the *page*: by hash; blocks with the same text take theirs in the order of the page."""
    waiting: dict[str, list[BlockReadings]] = {}
    for entry in blocks:
        waiting.setdefault(entry.hash, []).append(entry)
    found: list[tuple[BlockReadings, PageBlock]] = []
    unread: list[PageBlock] = []
    for block in page:
        entries = waiting.get(block.hash)
        if entries:
            found.append((entries.pop(0), block))
        else:
            unread.append(block)
    stale = sorted((entry for entries in waiting.values() for entry in entries), key=lambda each: each.number)
    return Placed(tuple(found), tuple(stale), tuple(unread))


def readings_path(folder: Path, document: str) -> Path | None:
    """The file of readings in *folder* of a document; its path is relative to the project, with forward slashes. None outside of it."""
    inside = PurePosixPath(document)
    if not inside.parts or inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
        return None
    return folder.joinpath(*inside.parts[:-1], f"{inside.name}.yaml")


def load_file(path: Path) -> ReadingsFile:
    """Read a file of readings.

    Raises:
        ReadingsFileError: it cannot be read, or is not of the format.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except OSError as problem:
        raise ReadingsFileError(f"{path}: {(problem.strerror or str(problem)).lower()}") from None
    return parse_file(content, str(path))


def parse_file(content: bytes, name: str) -> ReadingsFile:
    """The readings that the *content* of a file holds; *name* is how errors call it.

    Raises:
        ReadingsFileError: it is not of the format.
    """
    if len(content) > _LARGEST_FILE:
        raise ReadingsFileError(f"{name}: larger than {_LARGEST_FILE >> 20} MiB, which no file of readings is")
    import yaml

    # Composed, not constructed: what is written as `92` or `=` is wanted as text, and every entry with its line.
    try:
        node = yaml.compose(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise ReadingsFileError(f"{name}:{line}: is not YAML: {problem.problem or 'it cannot be parsed'}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as problem:
        raise ReadingsFileError(f"{name}:1: is not YAML: {' '.join(str(problem).split())[:120]}") from None
    return _Reader(name).file(node)


def dump_file(readings: ReadingsFile) -> str:
    """The text of the file; one line a reading, so that differences are read with ease. `parse_file` gives *readings* back."""
    lines = [f"version: {VERSION}", f"prompt: {_quoted(readings.prompt)}", f"reader: {_quoted(readings.reader)}"]
    lines.append("blocks:" if readings.blocks else "blocks: []")
    for block in readings.blocks:
        lines += [f"  - hash: {_quoted(block.hash)}", f"    first: {block.first}"]
        lines.append("    readings:" if block.readings else "    readings: []")
        lines += [f"      - {_flow(each.line, _texts(each))}" for each in block.readings]
        if block.objections:
            lines.append("    objections:")
            lines += [f"      - {_flow(each.line, {'claim': each.claim, 'why': each.why})}" for each in block.objections]
    return "\n".join(lines) + "\n"


def save_file(readings: ReadingsFile, path: Path) -> None:
    """Write the file at once or not at all: a killed run leaves the one from before.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(dump_file(readings))
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _texts(reading: Reading) -> dict[str, str]:
    texts = {"claim": reading.claim, "op": reading.op, "expr": reading.expr, "kind": reading.kind, "why": reading.why}
    return {key: text for key, text in texts.items() if text or key not in ("kind", "why")}


def _flow(line: int, texts: dict[str, str]) -> str:
    return f"{{line: {line}, {', '.join(f'{key}: {_quoted(text)}' for key, text in texts.items())}}}"


def _quoted(text: str) -> str:
    """JSON's string is YAML's, except for a few characters."""
    return _UNPRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Reader:
    """Checks the nodes of one file, each once: an alias would let a small file be an endless one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[int] = set()

    def file(self, node: Node | None) -> ReadingsFile:
        if node is None:
            raise ReadingsFileError(f"{self._name}:1: is empty; it starts with `version: {VERSION}`")
        entries = self._mapping(node, "the file", required=("version", "blocks"), optional=("prompt", "reader"))
        version = self._text(entries["version"], "version")
        if version != str(VERSION):
            raise self._error(entries["version"], f"`version` is {VERSION}, not {version!r:.40}; a later stratlint may know it")
        prompt, reader = (self._text(entries[key], key) if key in entries else "" for key in ("prompt", "reader"))
        return ReadingsFile(tuple(self._block(each) for each in self._list(entries["blocks"], "blocks")), prompt, reader)

    def _block(self, node: Node) -> BlockReadings:
        entries = self._mapping(node, "a block", required=("hash", "first", "readings"), optional=("objections",))
        digits = self._text(entries["hash"], "hash")
        if not _HASH.fullmatch(digits):
            raise self._error(entries["hash"], f"`hash` is 16 hexadecimal digits, not {digits!r:.40}")
        readings = tuple(self._reading(each) for each in self._list(entries["readings"], "readings"))
        against = self._list(entries["objections"], "objections") if "objections" in entries else []
        objections = tuple(self._objection(each) for each in against)
        return BlockReadings(digits, self._number(entries["first"], "first"), readings, objections, _line(node))

    def _reading(self, node: Node) -> Reading:
        entries = self._mapping(node, "a reading", required=("line", "claim", "op", "expr"), optional=("kind", "why"))
        op = self._text(entries["op"], "op")
        if op not in OPERATORS:
            raise self._error(entries["op"], f"`op` is one of {', '.join(OPERATORS)}, not {op!r:.40}")
        texts = {key: self._text(each, key) for key, each in entries.items() if key not in ("line", "op")}
        return Reading(self._number(entries["line"], "line"), op=op, number=_line(node), **texts)

    def _objection(self, node: Node) -> Objection:
        entries = self._mapping(node, "an objection", required=("line", "claim", "why"))
        texts = {key: self._text(each, key) for key, each in entries.items() if key != "line"}
        return Objection(self._number(entries["line"], "line"), number=_line(node), **texts)

    def _mapping(self, node: Node, what: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Node]:
        self._once(node)
        if _kind(node) != "mapping":
            raise self._error(node, f"{what} is a table with {', '.join(required)}")
        entries: dict[str, Node] = {}
        for key, value in self._pairs(node):
            if key not in (*required, *optional):
                raise self._error(value, f"{what} has no `{key[:40]}`, only {', '.join((*required, *optional))}")
            if key in entries:
                raise self._error(value, f"`{key}` stands twice in {what}")
            entries[key] = value
        for key in required:
            if key not in entries:
                raise self._error(node, f"{what} lacks `{key}`")
        return entries

    def _pairs(self, node: Node) -> Iterator[tuple[str, Node]]:
        for key, value in node.value:
            yield self._text(key, "a key"), value

    def _list(self, node: Node, what: str) -> list[Node]:
        self._once(node)
        if _kind(node) != "sequence":
            raise self._error(node, f"`{what}` is a list")
        items: list[Node] = node.value
        return items

    def _text(self, node: Node, what: str) -> str:
        self._once(node)
        if _kind(node) != "scalar":
            raise self._error(node, f"`{what}` is a text")
        text: str = node.value
        if len(text) > LONGEST_TEXT:
            raise self._error(node, f"`{what}` is longer than {LONGEST_TEXT:,} characters")
        return text

    def _number(self, node: Node, what: str) -> int:
        text = self._text(node, what)
        if not _WHOLE.fullmatch(text):
            raise self._error(node, f"`{what}` is the number of a line, from 1, not {text!r:.40}")
        return int(text)

    def _once(self, node: Node) -> None:
        if id(node) in self._seen:
            raise self._error(node, "aliases (`*name`) are not used in files of readings")
        self._seen.add(id(node))

    def _error(self, node: Node, message: str) -> ReadingsFileError:
        return ReadingsFileError(f"{self._name}:{_line(node)}: {message}")


def _kind(node: Node) -> str:
    """Of its three kinds; the classes would have to be imported where the file is only written."""
    return str(getattr(node, "id", ""))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
