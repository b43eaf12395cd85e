"""On which line a key of a TOML file stands. `tomllib` gives values without places, so this reads the lines again.

Only error messages depend on it: a key that hides in an inline table is placed at the table that holds it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)(.*?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*=""")
Step = str | int


def line_of(text: str, steps: Sequence[Step], value: str | None = None) -> int:
    """The 1-based line of the key at *steps* (of *value* in its list, if given), or of the nearest table that holds it.

    >>> line_of('[tool.stratlint]\\nselect = ["a",\\n  "b"]', ["tool", "stratlint", "select"], "b")
    3
    """
    lines = text.splitlines()
    wanted = tuple(steps)
    best, best_depth = 1, -1
    for number, path in _keys(lines):
        depth = len(path)
        if path == wanted[:depth] and depth > best_depth:
            best, best_depth = number, depth
    return _line_of_value(lines, best, value) if value is not None else best


def _keys(lines: Sequence[str]) -> list[tuple[int, tuple[Step, ...]]]:
    """Every header and key line with its full path; numbers count the elements of arrays of tables."""
    found: list[tuple[int, tuple[Step, ...]]] = []
    table: tuple[Step, ...] = ()
    counts: dict[tuple[Step, ...], int] = {}
    quote = ""
    for number, line in enumerate(lines, 1):
        opened = quote
        quote = _open_quote(line, quote)
        if opened:
            continue
        if header := _HEADER.match(line):
            table = _resolved(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.append((number, table))
        elif key := _KEY.match(line):
            found.append((number, (*table, *_parts(key[1]))))
    return found


def _resolved(parts: tuple[Step, ...], counts: dict[tuple[Step, ...], int]) -> tuple[Step, ...]:
    """A header below an array of tables speaks of its latest element."""
    path: tuple[Step, ...] = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if path in counts and index + 1 < len(parts):
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> tuple[Step, ...]:
    try:
        table = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted.strip(),)
    if not table:  # "[#]": a comment, no key
        return (dotted.strip(),)
    parts: list[Step] = []
    inner: object = table
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        parts.append(name)
    return tuple(parts)


def _open_quote(line: str, quote: str) -> str:
    """The triple quote that is still open at the end of *line*."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quote:
            quote = mark
        elif quote == mark:
            quote = ""
    return quote


def _line_of_value(lines: Sequence[str], start: int, value: str) -> int:
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if number > start and (_HEADER.match(line) or _KEY.match(line)):
            break
        if f'"{value}"' in line or f"'{value}'" in line:
            return number
    return start
