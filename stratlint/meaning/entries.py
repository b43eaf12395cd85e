"""Files of readings in JSON lines, one object a line: `line`, `claim`, `op`, `expr`, and `kind` and `why` in the reader's words.

The format is `grammar/readings.schema.json`. A line that is none is left out and told; a file without any line that is one is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePath

from stratlint.meaning.proposal import OPERATORS, RELATIONS

_REQUIRED = ("line", "claim", "op", "expr")
_OPTIONAL = ("kind", "why")
_LONGEST_LINE = 100_000
MALFORMED = "a line that is no reading"


class ReadingsError(ValueError):
    """A file of readings that cannot be used; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file of readings. `number` is the line in that file, `line` the one of the page."""

    number: int
    line: int
    claim: str
    op: str
    expr: str
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A reading that is not used: its line in the file, the sort of reason (to be counted) and what exactly is wrong."""

    number: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Entries:
    """The lines of a file: those that are readings, and those that are none."""

    entries: tuple[Entry, ...] = ()
    malformed: tuple[Rejection, ...] = ()


def parse_entries(content: bytes, name: str) -> Entries:
    """The entries in the *content* of a file; *name* is how errors call it.

    Raises:
        ReadingsError: it is no text, or no line of it is an entry.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadingsError(f"{name}: is not UTF-8") from None
    entries: list[Entry] = []
    malformed: list[Rejection] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(number, line.rstrip("\r")))
        except _MalformedError as problem:
            malformed.append(Rejection(number, MALFORMED, str(problem)))
    if malformed and not entries:
        raise ReadingsError(f"{name}:{malformed[0].number}: {malformed[0].detail}")
    return Entries(tuple(entries), tuple(malformed))


def file_for(readings: Path, document: str) -> Path | None:
    """The file of readings of a document: *readings* itself, or in that folder `NAME.md.yaml`, `NAME.md.jsonl` or `NAME.jsonl`.

    It lies there as the document does in its folders, all of them or the innermost ones, or by its bare name: `docs/sub/plan.md` has
    `docs/sub/plan.jsonl`, else `sub/plan.jsonl`, else `plan.jsonl`.
    """
    if not readings.is_dir():
        return readings
    path = PurePath(document)
    folders = [each for each in path.parent.parts if each not in (path.anchor, ".")]
    if ".." in folders:
        folders = folders[len(folders) - folders[::-1].index("..") :]
    for outermost in range(len(folders) + 1):
        folder = readings.joinpath(*folders[outermost:])
        for name in (f"{path.name}.yaml", f"{path.name}.jsonl", f"{path.stem}.jsonl"):
            if (folder / name).is_file():
                return folder / name
    return None


class _MalformedError(ValueError):
    """A line that is no entry; the message says why."""


def _entry(number: int, line: str) -> Entry:
    if len(line) > _LONGEST_LINE:
        raise _MalformedError(f"longer than {_LONGEST_LINE:,} characters")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _MalformedError(f"is not JSON ({str(error)[:80]})") from None
    if not isinstance(data, dict):
        raise _MalformedError(f"is not an object with {', '.join(_REQUIRED)}")
    for key in _REQUIRED:
        if key not in data:
            raise _MalformedError(f"lacks `{key}`")
    at = data["line"]
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at < 10**9:
        raise _MalformedError("`line` is the number of a line, from 1")
    for key in (*_REQUIRED[1:], *_OPTIONAL):
        if not isinstance(data.get(key, ""), str):
            raise _MalformedError(f"`{key}` is a text")
    if data["op"] not in RELATIONS:
        raise _MalformedError(f"`op` is one of {', '.join(OPERATORS)}, not {data['op']!r:.40}")
    return Entry(number, at, data["claim"], data["op"], data["expr"], data.get("kind", ""), data.get("why", ""))
