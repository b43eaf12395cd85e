"""What a reader is asked: the instructions, examples and the schema of the answer, which are data in `grammar/reader/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True)
class Prompt:
    """The instructions with the examples, and how much of a page goes with them at once.

    `digest` is that of the text, `recorded` the one that its version had when it was given.
    """

    version: str
    instructions: str
    schema: Mapping[str, Any]
    page_lines: int
    page_characters: int
    context_lines: int
    line_characters: int
    digest: str
    recorded: str


@cache
def prompt() -> Prompt:
    """The prompt as installed."""
    folder = data_folder("grammar") / "reader"
    about = read_yaml(folder / "prompt.yaml")
    schema = json.loads((folder / "answer.schema.json").read_text(encoding="utf-8"))
    instructions = (folder / "instructions.md").read_text(encoding="utf-8")
    parts = [instructions, *(_example(each) for each in read_yaml(folder / "examples.yaml"))]
    text = "\n".join(parts)
    digest = blake2b(f"{text}\0{json.dumps(schema, sort_keys=True)}".encode(), digest_size=8).hexdigest()
    return Prompt(
        about["version"], text, schema, about["page-lines"], about["page-characters"], about["context-lines"], about["line-characters"],
        digest, about["digest"],
    )  # fmt: skip


def numbered(number: int, line: str) -> str:
    """A line of a page as it is sent."""
    return f"{number}: {line}"


def _example(example: Mapping[str, Any]) -> str:
    lines = [numbered(number, line) for number, line in enumerate(example["page"].splitlines(), 1)]
    answer = example["answer"]
    parts = [f'"{key}": [\n{_entries(answer[key])}]' for key in ("readings", "objections")]
    return "\n".join(["## Example", "", *lines, "", "Answer:", "", f"{{{', '.join(parts)}}}", ""])


def _entries(entries: list[Mapping[str, Any]]) -> str:
    return ",\n".join(json.dumps(each, ensure_ascii=False) for each in entries) + ("\n" if entries else "")
