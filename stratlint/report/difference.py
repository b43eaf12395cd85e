"""Which lines a unified diff changes, of which files."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|.)")
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_EVERY_LINE = ((1, 1 << 62),)


class MalformedDiff(ValueError):  # noqa: N818 - named for what it reports
    """The text is no unified diff; the message names the line."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed lines: absolute path → sorted ranges of lines (inclusive) in the new version of the file."""

    files: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def touches(self, path: str, first: int, last: int) -> bool:
        """Whether any of the lines *first* to *last* was changed."""
        ranges = self.files.get(os.path.realpath(path), ())
        at = bisect_right(ranges, (last, 1 << 62)) - 1
        return at >= 0 and ranges[at][1] >= first

    def touches_any(self, path: str) -> bool:
        """Whether any line of the file was changed, or of a file in the folder."""
        real = os.path.realpath(path)
        return real in self.files or any(each.startswith(f"{real}{os.sep}") for each in self.files)


def whole(paths: Iterable[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """New files, all of whose lines are changed."""
    return {os.path.realpath(path): _EVERY_LINE for path in paths}


def changes(diff: str, folder: Path, strip: bool = True) -> Changes:
    """The changed lines of a unified diff whose paths are relative to *folder*.

    *strip* takes the `b/` off that git puts before them; it is kept when only the path with it exists.

    Raises:
        MalformedDiff: there is text but nothing of a diff in it, or a hunk is cut off.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for name, line in changed_lines(diff):
        ranges = found.setdefault(os.path.realpath(_located(name, folder, strip)), [])
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return Changes({path: tuple(sorted(ranges)) for path, ranges in found.items()})


def changed_lines(diff: str) -> Iterator[tuple[str, int]]:
    """Each added line of a unified diff with the name after `+++`, which may be quoted and may carry a time stamp."""
    # Only "\n" ends a line of a diff: a "\r" belongs to the document's own line end.
    lines = iter(enumerate(diff.removesuffix("\n").split("\n"), 1))
    name: str | None = None
    seen = False
    for number, line in lines:
        if line.startswith("+++ "):
            name = _name(line[4:])
            seen = True
        elif line.startswith("diff "):
            name = None
            seen = True
        elif line.startswith("@@ "):
            hunk = _HUNK.match(line)
            if hunk is None or name is None:
                raise MalformedDiff(f"line {number} of the diff is no hunk header")
            yield from ((name, added) for added in _hunk(lines, hunk, number))
    if not seen and diff.strip():
        raise MalformedDiff("this is no unified diff")


def _hunk(lines: Iterator[tuple[int, str]], header: re.Match[str], start: int) -> Iterator[int]:
    """Line numbers of the added lines; counts them out, so that a removed `-- x` is not taken for a file header."""
    old_left = int(header[1] or 1)
    at = int(header[2])
    new_left = int(header[3] or 1)
    while old_left > 0 or new_left > 0:
        number, line = next(lines, (0, None))
        if line is None:
            raise MalformedDiff(f"the hunk at line {start} of the diff is cut off")
        if line.startswith("+"):
            yield at
            at += 1
            new_left -= 1
        elif line.startswith("-"):
            old_left -= 1
        elif line.startswith(" ") or line in ("", "\r"):
            # Some tools strip the blank of an empty context line.
            at += 1
            old_left -= 1
            new_left -= 1
        elif not line.startswith("\\"):
            raise MalformedDiff(f"line {number} of the diff is no part of its hunk")


def _name(text: str) -> str:
    text = text.rstrip("\r")
    quoted = _QUOTED.match(text)
    name = _unquoted(quoted[1]) if quoted else text.partition("\t")[0]
    return "" if name == "/dev/null" else name


def _unquoted(text: str) -> str:
    r"""A name as git quotes it: `\303\244` are bytes of UTF-8, `\t` and friends are C's."""
    out = bytearray()
    at = 0
    for match in _ESCAPE.finditer(text):
        out += os.fsencode(text[at : match.start()])
        code = match[1]
        out += bytes([int(code, 8) & 0xFF]) if code[0] in "01234567" else _escaped(code)
        at = match.end()
    return os.fsdecode(bytes(out + os.fsencode(text[at:])))


def _escaped(code: str) -> bytes:
    return bytes([_ESCAPES[code]]) if code in _ESCAPES else os.fsencode(code)


def _located(name: str, folder: Path, strip: bool) -> Path:
    """Where a name of the diff lies: `b/docs/x.md` is `docs/x.md` unless only the former exists (`--no-prefix`)."""
    plain = folder / name
    if not strip or "/" not in name:
        return plain
    stripped = folder / name.split("/", 1)[1]
    return plain if plain.exists() and not stripped.exists() else stripped
