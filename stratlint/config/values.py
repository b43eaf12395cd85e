"""A TOML value into the value of a setting, by its kind; anything else is a `ConfigError` at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from stratlint.config.errors import ConfigError, suggestion
from stratlint.config.positions import Step, line_of
from stratlint.config.settings import Kind, Option, options
from stratlint.rules.finding import Severity


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table of settings comes from: a file, the command line, an environment variable, front matter."""

    name: str
    text: str = ""
    folder: Path = Path()
    prefix: tuple[Step, ...] = ()

    def error(self, message: str, steps: tuple[Step, ...], value: str | None = None) -> ConfigError:
        """The error at the key that *steps* lead to."""
        return ConfigError(message, self.name, self.line(steps, value))

    def line(self, steps: tuple[Step, ...], value: str | None = None) -> int:
        """The line of a key; 0 when the source has no lines."""
        return line_of(self.text, (*self.prefix, *steps), value) if self.text else 0


def read_table(source: Source, steps: tuple[Step, ...], raw: object, table: type[Any], start: Any) -> Any:
    """*start* with the options that *raw* sets."""
    if not isinstance(raw, Mapping):
        raise source.error(f"{_spell(steps)} must be a table, not {_type_name(raw)}", steps)
    known = {option.key: option for option in options(table)}
    changes: dict[str, Any] = {}
    for key, value in raw.items():
        here = (*steps, str(key))
        option = known.get(str(key))
        if option is None:
            raise source.error(f'unknown key "{key}"{_within(steps)}{suggestion(str(key), known)}', here)
        changes[option.field] = read_value(source, here, value, option, getattr(start, option.field))
    for option in known.values():
        if option.required and not (changes.get(option.field) or getattr(start, option.field)):
            raise source.error(f'"{option.key}" is missing{_within(steps)}', steps)
    return replace(start, **changes)


def read_value(source: Source, steps: tuple[Step, ...], raw: object, option: Option, inherited: Any) -> Any:
    """The value of one option; tables are merged into what is *inherited*, everything else replaces it."""
    return _READERS[option.kind](_Place(source, steps, option, inherited), raw)


@dataclass(frozen=True, slots=True)
class _Place:
    source: Source
    steps: tuple[Step, ...]
    option: Option
    inherited: Any

    def wrong(self, expected: str, raw: object, value: str | None = None) -> ConfigError:
        return self.source.error(f'"{_spell(self.steps)}" must be {expected}, not {_shown(raw)}', self.steps, value)


def _flag(place: _Place, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise place.wrong("true or false", raw)
    return raw


def _string(place: _Place, raw: object) -> str:
    if not isinstance(raw, str):
        raise place.wrong("a string", raw)
    return raw


def _strings(place: _Place, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise place.wrong("a list of strings", raw)
    for each in raw:
        if not isinstance(each, str):
            raise place.wrong("a list of strings", each)
    return tuple(raw)


_GLOB = re.compile(r"[*?\[/]|[^.].*\.")


def _globs(place: _Place, raw: object) -> tuple[str, ...]:
    """Patterns of files. `md` and `.md` name a file of just that name, and mean a suffix."""
    patterns = _strings(place, raw)
    if not patterns:
        raise place.wrong('a list of globs such as "*.md"', raw)
    for each in patterns:
        if not _GLOB.search(each):
            meant = f'; did you mean "*.{each.lstrip(".")}"?' if each.strip(".") else ""
            raise place.source.error(f'"{_spell(place.steps)}" takes globs such as "*.md", not {_shown(each)}{meant}', place.steps, each)
    return patterns


def _choice(place: _Place, raw: object) -> str:
    choices = place.option.choices
    if not isinstance(raw, str) or raw not in choices:
        near = suggestion(raw, choices) if isinstance(raw, str) else ""
        raise place.source.error(
            f'"{_spell(place.steps)}" must be one of {", ".join(choices)}, not {_shown(raw)}{near}',
            place.steps,
            raw if isinstance(raw, str) else None,
        )
    return raw


def _choices(place: _Place, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        raise place.wrong(f"a list of {', '.join(place.option.choices)}", raw)
    return tuple(_choice(place, each) for each in raw)


def _number(place: _Place, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw < float("inf"):
        raise place.wrong("a number that is not negative", raw)
    return float(raw)


def _percent(place: _Place, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= 100:
        raise place.wrong("a percentage from 0 to 100", raw)
    return float(raw)


_ADDRESS = re.compile(r"https?://[!-~]*\{rule\}[!-~]*")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]i?)?B?", re.IGNORECASE)
_SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}


def _size(place: _Place, raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return raw
    found = _SIZE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None or float(found[1]) <= 0:
        raise place.wrong('a size such as 1000000 or "64 MiB"', raw)
    return int(float(found[1]) * _SIZES[(found[2] or "").lower()])


def _address(place: _Place, raw: object) -> str:
    if not isinstance(raw, str) or (raw and not _ADDRESS.fullmatch(raw)):
        raise place.wrong('an address such as "https://example.com/rules/{rule}"', raw)
    return raw


def _date(place: _Place, raw: object) -> date:
    if isinstance(raw, datetime) or not isinstance(raw, date):
        raise place.wrong("a date such as 2027-01-31", raw)
    return raw


def _path(place: _Place, raw: object) -> str:
    text = _string(place, raw)
    return str(place.source.folder / text) if text else ""


def _paths(place: _Place, raw: object) -> tuple[str, ...]:
    return tuple(str(place.source.folder / each) for each in _strings(place, raw))


def _rule_files(place: _Place, raw: object) -> tuple[str, ...]:
    """Files as they are, folders as the YAML files in them."""
    files: list[str] = []
    for path in map(Path, _paths(place, raw)):
        if path.is_dir():
            files += [str(each) for each in sorted(path.iterdir()) if each.suffix in (".yaml", ".yml")]
        else:
            files.append(str(path))
    return tuple(files)


def _severities(place: _Place, raw: object) -> dict[str, Severity]:
    if not isinstance(raw, dict):
        raise place.wrong("a table of rule = severity", raw)
    levels = [severity.value for severity in Severity]
    for rule, level in raw.items():
        if level not in levels:
            near = suggestion(level, levels) if isinstance(level, str) else ""
            raise place.source.error(
                f'"{_spell((*place.steps, rule))}" must be one of {", ".join(levels)}, not {_shown(level)}{near}',
                (*place.steps, rule),
            )
    return {**place.inherited, **{rule: Severity(level) for rule, level in raw.items()}}


def _rules_by_pattern(place: _Place, raw: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        raise place.wrong("a table of pattern = rules", raw)
    read = {pattern: _strings(replace(place, steps=(*place.steps, pattern)), rules) for pattern, rules in raw.items()}
    return {**place.inherited, **read}


def _table(place: _Place, raw: object) -> Any:
    assert place.option.table is not None
    return read_table(place.source, place.steps, raw, place.option.table, place.inherited)


def _named_tables(place: _Place, raw: object) -> dict[str, Any]:
    table = place.option.table
    assert table is not None
    if not isinstance(raw, dict):
        raise place.wrong("a table of tables", raw)
    read = {
        name: read_table(place.source, (*place.steps, name), each, table, place.inherited.get(name, table())) for name, each in raw.items()
    }
    return {**place.inherited, **read}


def _tables(place: _Place, raw: object) -> tuple[Any, ...]:
    table = place.option.table
    assert table is not None
    if not isinstance(raw, list):
        raise place.wrong("an array of tables", raw)
    read = []
    for index, each in enumerate(raw):
        steps = (*place.steps, index)
        made = read_table(place.source, steps, each, table, table())
        line = place.source.line(steps)
        read.append(replace(made, where=f"{place.source.name}:{line}" if line else place.source.name))
    return (*place.inherited, *read)


_READERS: Mapping[Kind, Callable[[_Place, object], Any]] = {
    Kind.FLAG: _flag,
    Kind.STRING: _string,
    Kind.STRINGS: _strings,
    Kind.GLOBS: _globs,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.SIZE: _size,
    Kind.ADDRESS: _address,
    Kind.DATE: _date,
    Kind.PATH: _path,
    Kind.PATHS: _paths,
    Kind.RULE_FILES: _rule_files,
    Kind.RULES: _strings,
    Kind.SEVERITIES: _severities,
    Kind.RULES_BY_PATTERN: _rules_by_pattern,
    Kind.TABLE: _table,
    Kind.NAMED_TABLES: _named_tables,
    Kind.TABLES: _tables,
}


def _spell(steps: tuple[Step, ...]) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps) or "the configuration"


def _within(steps: tuple[Step, ...]) -> str:
    return f' in "{_spell(steps)}"' if steps else ""


def _type_name(raw: object) -> str:
    names = {bool: "a boolean", str: "a string", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(raw), "a date" if isinstance(raw, date) else type(raw).__name__)


def _shown(raw: object) -> str:
    """The value when it is short, else its type."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, (str, int, float)) and len(str(raw)) <= 40:
        return repr(raw) if isinstance(raw, str) else str(raw)
    return _type_name(raw)
