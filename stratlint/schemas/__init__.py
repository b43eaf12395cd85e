"""The published JSON Schemas (draft 2020-12): of what is printed, and of the files that stratlint reads and writes.

Each is complete in itself and describes exactly what this version prints. Its `$id` has the version of the format, which is raised when a
field is removed or changes its meaning; fields that are added leave it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stratlint.config import describe
from stratlint.resources import data_folder

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Published:
    """A schema: of what it is, the version of the format, and where its text is: a definition of `output.json`, or a file of `grammar/`."""

    summary: str
    version: int
    definition: str = ""
    file: str = ""


SCHEMAS: Mapping[str, Published] = MappingProxyType(
    {
        "json": Published("check --output-format json", 1, definition="report"),
        "jsonl": Published("check --output-format jsonl, a line", 1, definition="finding"),
        "claims": Published("claims --output-format json", 1, definition="ledger"),
        "claims-jsonl": Published("claims --output-format jsonl, a line", 1, definition="claim"),
        "rules": Published("rules --output-format json", 1, definition="rules"),
        "baseline": Published("a baseline", 1, definition="baseline"),
        "configuration": Published("stratlint.toml, or [tool.stratlint] of pyproject.toml", 1),
        "readings": Published("readings of a document, in YAML", 1, file="readings-file.schema.json"),
        "readings-jsonl": Published("readings of a document, a line of JSON", 1, file="readings.schema.json"),
    }
)


def schema(name: str) -> dict[str, Any]:
    """The schema called *name*.

    Raises:
        KeyError: there is none.
    """
    published = SCHEMAS[name]
    if published.definition:
        found = _of_output(published.definition)
    elif published.file:
        found = json.loads((data_folder("grammar") / published.file).read_text(encoding="utf-8"))
    else:
        found = describe.schema()
    return {"$schema": DIALECT, "$id": identifier(name), **{key: value for key, value in found.items() if key != "$schema"}}


def identifier(name: str) -> str:
    """The `$id` of a schema: a name that stays, and no address, which would have to be served for ever."""
    return f"urn:stratlint:schema:{name}:{SCHEMAS[name].version}"


def _of_output(name: str) -> dict[str, Any]:
    """A definition of `output.json` with all those that it refers to."""
    all_of_them = _definitions()
    needed: dict[str, None] = {}
    waiting = list(_references(all_of_them[name]))
    while waiting:
        each = waiting.pop()
        if each not in needed:
            needed[each] = None
            waiting += _references(all_of_them[each])
    return {**all_of_them[name], "$defs": {each: all_of_them[each] for each in all_of_them if each in needed}}


@cache
def _definitions() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((Path(__file__).parent / "output.json").read_text(encoding="utf-8"))
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value.removeprefix(_REFERENCE)
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)
