"""Files of givens: a mapping in YAML, TOML or JSON, a model's `config.json`, a specification in Markdown."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from stratlint.claims.extract import extract
from stratlint.document import UnreadableDocument, decode, parse
from stratlint.facts.fact import Fact
from stratlint.facts.given_models import architecture_facts, named_device, named_model
from stratlint.facts.given_values import Entry, GivenError, fact_of, outside_fact

_LIMIT = 4 << 20
_DEPTH = 8
_MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".qmd", ".rmd", ".txt", ""})
_MODEL_KEYS = frozenset({"model", "model_name", "architecture"})
_DEVICE_KEYS = frozenset({"device", "accelerator", "gpu", "gpu_model", "gpu_type", "hardware", "chip"})
# Keys that say something to a reader and nothing to us.
_REMARKS = frozenset({"note", "notes", "description", "comment", "source", "title", "name", "date", "author", "owner", "version", "url"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def facts_of_file(path: Path) -> tuple[Fact, ...]:
    """The givens of one file, read again only when it changes.

    Raises:
        GivenError: it cannot be used; the message names file, line and key.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise GivenError(f"{path}: cannot be read: {error.strerror or error}") from None
    return _facts_of_file(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _facts_of_file(path: Path, _changed: int, size: int) -> tuple[Fact, ...]:
    label = display(path)
    if size > _LIMIT:
        raise GivenError(f"{label}: larger than {_LIMIT >> 20} MiB")
    try:
        text, _ = decode(path.read_bytes())
    except OSError as error:
        raise GivenError(f"{label}: cannot be read: {error.strerror or error}") from None
    except UnreadableDocument as error:
        raise GivenError(f"{label}: {error}") from None
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return facts_of_entries(yaml_entries(text, label), lambda entry: f"given by {label}:{entry.line}", label)
    if suffix == ".toml":
        return facts_of_entries(_toml_entries(text, label), lambda entry: f"given by {label}:{entry.line}", label)
    if suffix == ".json":
        return _json_facts(text, label)
    if suffix in _MARKDOWN:
        return _markdown_facts(text, label)
    raise GivenError(f"{label}: givens are Markdown, YAML, TOML or JSON files")


def display(path: Path) -> str:
    """The path as a reader of the report knows it: below the working directory, or whole."""
    shown = os.path.relpath(path)
    return Path(shown).as_posix() if not shown.startswith("..") else path.as_posix()


def facts_of_entries(entries: Sequence[Entry], origin: Callable[[Entry], str], label: str) -> tuple[Fact, ...]:
    """The facts that *entries* state; `origin(entry)` says where one comes from.

    Raises:
        GivenError: an entry cannot be used.
    """
    facts: list[Fact] = []
    for entry in entries:
        try:
            facts += _entry_facts(entry, origin(entry))
        except GivenError as error:
            raise GivenError(f"{label}{f':{entry.line}' if entry.line else ''}: {error}") from None
    stated = {fact.kind for fact in facts if "in the catalog" not in fact.origin}
    return tuple(fact for fact in facts if "in the catalog" not in fact.origin or fact.kind not in stated)


def _entry_facts(entry: Entry, origin: str) -> tuple[Fact, ...]:
    key = entry.path[-1].lower().replace("-", "_")
    inside = entry.path[-2].lower().replace("-", "_") if len(entry.path) > 1 else ""
    if isinstance(entry.value, str):
        if key in _MODEL_KEYS or (key == "name" and inside in _MODEL_KEYS):
            return named_model(entry.value, origin)
        if key in _DEVICE_KEYS or (key == "name" and inside in _DEVICE_KEYS):
            return named_device(entry.value, origin)
        if key in _REMARKS:
            return ()
    if entry.value is None:
        return ()
    return (fact_of(entry, origin),)


def yaml_entries(text: str, label: str, within: str = "") -> tuple[Entry, ...]:
    """The leaves of a YAML mapping (of the one below the key *within*) with their lines and offsets.

    Raises:
        GivenError: it is no YAML, no mapping, or uses anchors.
    """
    try:
        events = yaml.parse(text, _LOADER)
        shared = any(isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) for event in events)
        root = None if shared else yaml.compose(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise GivenError(f"{label}{line}: not valid YAML: {error.problem or 'unreadable'}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise GivenError(f"{label}: not valid YAML: {type(error).__name__}") from None
    if shared:
        raise GivenError(f"{label}: it uses YAML anchors or aliases")
    if within:
        root = next((value for key, value in getattr(root, "value", ()) if key.value == within), None)
    if root is None:
        return ()
    if not isinstance(root, yaml.MappingNode):
        raise GivenError(f"{label}:{root.start_mark.line + 1}: givens are a mapping (`gpus: 64`)")
    return tuple(_leaves(root, (), label))


def _leaves(node: yaml.MappingNode, path: tuple[str, ...], label: str) -> Iterator[Entry]:
    for key, value in node.value:
        line = value.start_mark.line + 1
        name = str(key.value)
        if isinstance(value, yaml.MappingNode) and len(path) < _DEPTH:
            yield from _leaves(value, (*path, name), label)
        elif isinstance(value, yaml.ScalarNode):
            made = yaml.constructor.SafeConstructor().construct_object(value)
            yield Entry((*path, name), made, line, value.start_mark.index, value.end_mark.index)
        else:
            raise GivenError(f"{label}:{line}: `{name}` needs one number, not a list")


def _toml_entries(text: str, label: str) -> tuple[Entry, ...]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GivenError(f"{label}: not valid TOML: {error}") from None
    return tuple(_plain(data, (), _toml_lines(text)))


def _plain(data: Mapping[str, object], path: tuple[str, ...], lines: Mapping[str, int]) -> Iterator[Entry]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _plain(value, (*path, str(key)), lines)
        else:
            yield Entry((*path, str(key)), value, lines.get(str(key), 0))


def _toml_lines(text: str) -> Mapping[str, int]:
    """The first line on which each key is set; a message or an origin without a line is no harm."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, _ = line.partition("=")
        if equals:
            lines.setdefault(key.strip().strip("\"'").rpartition(".")[2], number)
    return lines


def _json_facts(text: str, label: str) -> tuple[Fact, ...]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GivenError(f"{label}: not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise GivenError(f'{label}: givens are a mapping (`{{"gpus": 64}}`)')
    if "architectures" in data or "model_type" in data:
        return _config_facts(data, label)
    # JSON is YAML, and YAML knows its lines.
    return facts_of_entries(yaml_entries(text, label), lambda entry: f"given by {label}:{entry.line}", label)


def _config_facts(data: Mapping[str, object], label: str) -> tuple[Fact, ...]:
    from stratlint.physics.configs import ConfigError, mtp_modules, read_config  # most runs have no model config

    try:
        architecture = read_config(data)
    except ConfigError as error:
        raise GivenError(f"{label}: {error}") from None
    context = data.get("max_position_embeddings")
    length = context if isinstance(context, int) and not isinstance(context, bool) else 0
    return tuple(architecture_facts(architecture, f"model config {label}", mtp=mtp_modules(data), context=length))


def _markdown_facts(text: str, label: str) -> tuple[Fact, ...]:
    """A specification: what it asserts without contradicting itself; its own `stratlint:` front matter, too."""
    from stratlint.facts.resolve import resolve  # the stage that also reads the documents

    document = parse(text, label)
    facts = resolve(extract(document)).facts
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.modality == "asserted" and not fact.place.variant and not fact.kind.startswith("range."):
            groups.setdefault((fact.kind, fact.scope), []).append(fact)
    found = []
    for members in groups.values():
        if all(other.interval.overlaps(one.interval) for one in members for other in members):
            best = min(members, key=lambda fact: (fact.interval.high - fact.interval.low, fact.span.start))
            found.append(_moved(best, f"given by {label}:{document.position(best.span.start)[0]}"))
    return tuple(found)


def _moved(fact: Fact, origin: str) -> Fact:
    return outside_fact(fact.kind, fact.interval, fact.text, origin, measure=fact.measure, scope=fact.scope, unit=fact.unit)
