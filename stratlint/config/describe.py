"""The options described from their one declaration: effective values, JSON schema, starter file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from stratlint.config.loading import Loaded
from stratlint.config.settings import Kind, Option, Settings, options
from stratlint.rules.finding import Severity

_NESTED = (Kind.TABLE, Kind.NAMED_TABLES, Kind.TABLES)
_WIDTH = 100


def effective(loaded: Loaded) -> str:
    """Every option as TOML with where its value comes from; the output is a configuration file itself."""
    lines: list[str] = []
    tables: list[str] = []
    for option in options(Settings):
        value = getattr(loaded.settings, option.field)
        if option.kind in (Kind.SEVERITIES, Kind.RULES_BY_PATTERN) or option.kind in _NESTED:
            tables += _shown_tables(option, value, loaded.origins)
        else:
            lines.append(_line(option.key, value, _origin(option.key, value, option, loaded.origins)))
    return "".join(f"{line}\n" for line in (*lines, *tables))


def toml(value: Any) -> str:
    """A value as TOML on one line. JSON's string escapes are TOML's."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Severity):
        return json.dumps(value.value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of `stratlint.toml`; `stratlint.schemas` publishes it."""
    return {"title": "stratlint configuration", **_object(Settings)}


def starter(table: str = "") -> str:
    """A commented configuration: every option with its meaning and default, all commented out."""
    parts = ["# Configuration of stratlint. What is commented out is the default or an example.\n"]
    if table:
        parts.append(f"[{table}]\n")
    plain = [option for option in options(Settings) if not _is_table(option)]
    parts += [_starter_option(option) for option in plain]
    parts += [_starter_table(option, table) for option in options(Settings) if _is_table(option)]
    return "\n".join(parts)


def _is_table(option: Option) -> bool:
    return option.kind in (*_NESTED, Kind.SEVERITIES, Kind.RULES_BY_PATTERN)


def _line(key: str, value: Any, origin: str) -> str:
    if value is None:
        return f"# {key} is not set"
    return f"{key} = {toml(value)}  # {origin}"


def _origin(path: str, value: Any, option: Option, origins: Mapping[str, str]) -> str:
    if path in origins:
        return f"from {origins[path]}"
    return "default" if value == option.default else "from the command line"


def _shown_tables(option: Option, value: Any, origins: Mapping[str, str]) -> Iterator[str]:
    if option.kind is Kind.TABLE:
        assert option.table is not None
        yield f"\n[{option.key}]"
        for inner in options(option.table):
            held = getattr(value, inner.field)
            yield _line(inner.key, held, _origin(f"{option.key}.{inner.key}", held, inner, origins))
    elif option.kind is Kind.TABLES:
        for each in value:
            yield f"\n[[{option.key}]]  # from {each.where}"
            yield from _set_only(option, each)
    elif option.kind is Kind.NAMED_TABLES:
        for name, each in value.items():
            yield f"\n[{option.key}.{toml(name)}]  # from {origins.get(f'{option.key}.{name}', 'the command line')}"
            yield from _set_only(option, each)
    elif value:
        yield f"\n[{option.key}]"
        for name, each in value.items():
            yield _line(toml(name), each, f"from {origins.get(f'{option.key}.{name}', 'the command line')}")


def _set_only(option: Option, made: Any) -> Iterator[str]:
    assert option.table is not None
    for inner in options(option.table):
        held = getattr(made, inner.field)
        if held != inner.default:
            yield f"{inner.key} = {toml(held)}"


def _object(table: type[Any]) -> dict[str, Any]:
    declared = options(table)
    made: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {option.key: {**_type(option), "description": option.doc} for option in declared},
    }
    required = [option.key for option in declared if option.required]
    return {**made, "required": required} if required else made


def _type(option: Option) -> dict[str, Any]:
    strings = {"type": "array", "items": {"type": "string"}}
    kinds: dict[Kind, dict[str, Any]] = {
        Kind.FLAG: {"type": "boolean"},
        Kind.STRING: {"type": "string"},
        Kind.ADDRESS: {"type": "string", "pattern": r"^(https?://.*\{rule\}.*)?$"},
        Kind.PATH: {"type": "string"},
        Kind.STRINGS: strings,
        Kind.GLOBS: {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"[*?\[/]|[^.].*\."}},
        Kind.PATHS: strings,
        Kind.RULE_FILES: strings,
        Kind.RULES: strings,
        Kind.CHOICE: {"enum": list(option.choices)},
        Kind.CHOICES: {"type": "array", "minItems": 1, "items": {"enum": list(option.choices)}},
        Kind.NUMBER: {"type": "number", "minimum": 0},
        Kind.PERCENT: {"type": "number", "minimum": 0, "maximum": 100},
        Kind.SIZE: {"type": ["integer", "string"]},
        Kind.DATE: {"type": "string", "format": "date"},
        Kind.SEVERITIES: {"type": "object", "additionalProperties": {"enum": [each.value for each in Severity]}},
        Kind.RULES_BY_PATTERN: {"type": "object", "additionalProperties": strings},
    }
    if option.kind in _NESTED:
        assert option.table is not None
        inner = _object(option.table)
        if option.kind is Kind.TABLES:
            return {"type": "array", "items": inner}
        return inner if option.kind is Kind.TABLE else {"type": "object", "additionalProperties": inner}
    return kinds[option.kind]


def _starter_option(option: Option) -> str:
    value = option.example if option.example and not option.default else toml(option.default)
    choices = f" One of: {', '.join(option.choices)}." if option.choices else ""
    said = textwrap.wrap(f"{option.doc[:1].upper()}{option.doc[1:]}.{choices}", _WIDTH)
    return "".join(f"# {line}\n" for line in said) + f"# {option.key} = {value or toml('')}\n"


def _starter_table(option: Option, table: str) -> str:
    name = f"{table}.{option.key}" if table else option.key
    said = f"# {option.doc[:1].upper()}{option.doc[1:]}.\n"
    if option.table is None:
        return f"{said}# [{name}]\n# {option.example}\n"
    header = {Kind.TABLE: f"[{name}]", Kind.NAMED_TABLES: f'[{name}."our-gpu"]', Kind.TABLES: f"[[{name}]]"}[option.kind]
    lines = []
    for inner in options(option.table):
        value = inner.example or ("2027-01-31" if inner.kind is Kind.DATE else toml(inner.default))
        choices = f" ({', '.join(inner.choices)})" if inner.choices else ""
        lines.append(f"# {inner.key} = {value}  # {inner.doc}{choices}\n")
    return f"{said}# {header}\n{''.join(lines)}"
