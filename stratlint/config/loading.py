"""Find and read the configuration: the nearest file wins, `extend` names its base, nothing else is merged."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stratlint.config.errors import ConfigError
from stratlint.config.positions import Step
from stratlint.config.settings import Kind, Settings, options
from stratlint.config.values import Source, read_table

FILE_NAMES = (".stratlint.toml", "stratlint.toml", "pyproject.toml")
_PYPROJECT = ("tool", "stratlint")
_MAX_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and where each came from.

    `origins` maps an option (`assumptions.gigabyte`) to `file:line`; `selectors` are all the rules that were named,
    with file and line, to be checked once the rules are known (own rule files are settings themselves).
    """

    settings: Settings = field(default_factory=Settings)
    files: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    selectors: tuple[tuple[str, str, int], ...] = ()


def discover(folder: Path) -> Loaded:
    """The configuration for documents in *folder*: the nearest file, or the defaults."""
    path = find(folder)
    return load(path) if path else Loaded()


def find(folder: Path) -> Path | None:
    """The nearest configuration file at or above *folder*, not above the root of its repository."""
    start = folder.absolute()
    for parent in (start, *start.parents):
        if (path := find_in(parent)) or is_repository(parent):
            return path
    return None


def find_in(folder: Path) -> Path | None:
    """The configuration file in this very folder."""
    for name in FILE_NAMES:
        candidate = folder / name
        if candidate.is_file() and (name != "pyproject.toml" or _has_table(candidate)):
            return candidate
    return None


def is_repository(folder: Path) -> bool:
    """Whether *folder* is the root of a repository (`.git` is a file in a worktree)."""
    return (folder / ".git").exists()


def load(path: Path) -> Loaded:
    """Read one configuration file and what it extends.

    Raises:
        ConfigError: with file and line.
    """
    loaded = _load(path, ())
    return replace(loaded, settings=replace(loaded.settings, root=str(path.absolute().parent)))


def override(loaded: Loaded, text: str, name: str) -> Loaded:
    """*loaded* with `key = value` lines from the command line or the environment on top; paths are from here."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"`{text}` is not `key = value` in TOML: {_one_line(problem)}", name) from None
    return _merged(loaded, Source(name, "", Path()), raw)


def value_in(data: bytes, path: Path, key: str) -> object:
    """What a configuration file with this content says for a *key* of its own, without what it extends; None for nothing.

    Raises:
        ConfigError: it is not TOML.
    """
    raw: Mapping[str, Any] = _parsed(path, data.decode("utf-8", "replace"))
    return (_table_of_pyproject(raw) if path.name == "pyproject.toml" else raw).get(key)


def overlay(settings: Settings, table: object, name: str, allowed: tuple[str, ...] = ("assumptions", "hardware")) -> Settings:
    """*settings* with a table of a document's front matter on top; only the *allowed* keys may stand there.

    Raises:
        ConfigError: naming *name*.
    """
    if isinstance(table, Mapping):
        for key in table:
            if key not in allowed:
                raise ConfigError(f'"{key}" cannot be set here, only {", ".join(allowed)}', name)
    return _read(Source(name), table, settings)


def _load(path: Path, seen: tuple[Path, ...]) -> Loaded:
    resolved = path.resolve()
    if resolved in seen:
        circle = " → ".join(each.name for each in (*seen, resolved))
        raise ConfigError(f"`extend` goes in a circle: {circle}", _shown(path))
    text = _text(path)
    raw: Mapping[str, Any] = _parsed(path, text)
    prefix: tuple[Step, ...] = ()
    if path.name == "pyproject.toml":
        prefix = _PYPROJECT
        raw = _table_of_pyproject(raw)
    source = Source(_shown(path), text, path.absolute().parent, prefix)
    start = Loaded()
    extends = raw.get("extend")
    if isinstance(extends, str) and extends:
        base = source.folder / extends
        if not base.is_file():
            raise source.error(f'"extend" names {extends}, which is not a file', ("extend",))
        start = _load(base, (*seen, resolved))
    loaded = _merged(start, source, raw)
    _check_version(source, loaded.settings.required_version if "required-version" in raw else "")
    return replace(loaded, files=(str(path), *loaded.files))


def _merged(start: Loaded, source: Source, raw: Mapping[str, Any]) -> Loaded:
    settings = _read(source, raw, start.settings)
    origins = {key: _place(source, steps) for key, steps in _keys(raw)}
    return replace(
        start,
        settings=settings,
        origins={**start.origins, **origins},
        selectors=(*start.selectors, *_selectors(source, raw)),
    )


def _read(source: Source, raw: object, start: Settings) -> Settings:
    read: Settings = read_table(source, (), raw, Settings, start)
    return read


def _keys(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Step, ...]]]:
    kinds = {option.key: option.kind for option in options(Settings)}
    for key, value in raw.items():
        if kinds.get(key) in (Kind.TABLE, Kind.NAMED_TABLES, Kind.SEVERITIES, Kind.RULES_BY_PATTERN):
            yield from ((f"{key}.{inner}", (key, inner)) for inner in value)
        if kinds.get(key) is Kind.NAMED_TABLES:
            yield from ((f"{key}.{name}.{inner}", (key, name, inner)) for name in value for inner in value[name])
        yield key, (key,)


def _selectors(source: Source, raw: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    def at(selector: str, *steps: Step) -> tuple[str, str, int]:
        return selector, source.name, source.line(steps, selector)

    for key in ("select", "extend-select", "ignore"):
        yield from (at(each, key) for each in raw.get(key, ()))
    yield from ((rule, source.name, source.line(("severity", rule))) for rule in raw.get("severity", ()))
    for pattern, rules in raw.get("per-file-ignores", {}).items():
        yield from (at(each, "per-file-ignores", pattern) for each in rules)
    for index, waiver in enumerate(raw.get("waivers", ())):
        yield at(waiver["rule"], "waivers", index, "rule")


def _has_table(path: Path) -> bool:
    # A pyproject.toml of somebody else is not parsed: its mistakes are none of our business.
    try:
        text = _text(path)
    except ConfigError:
        return False
    return "stratlint" in text and _PYPROJECT[1] in _tool(_parsed(path, text))


def _tool(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = raw.get("tool", {})
    return tool if isinstance(tool, Mapping) else {}


def _table_of_pyproject(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    table: Mapping[str, Any] = _tool(raw).get("stratlint", {})
    return table


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ConfigError("larger than 4 MiB, which no configuration is", _shown(path))
        return data.decode("utf-8-sig")
    except OSError as problem:
        raise ConfigError(problem.strerror or "cannot be read", _shown(path)) from None
    except UnicodeDecodeError:
        raise ConfigError("not UTF-8", _shown(path)) from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = _one_line(problem)
        line = _line_in(message) or text.count("\n") + 1
        raise ConfigError(f"not valid TOML: {message}", _shown(path), line) from None
    except RecursionError:
        raise ConfigError("nested too deeply", _shown(path)) from None


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def _line_in(message: str) -> int:
    _, found, after = message.rpartition("at line ")
    digits = after.partition(",")[0]
    return int(digits) if found and digits.isdigit() else 0


def _place(source: Source, steps: tuple[Step, ...]) -> str:
    line = source.line(steps)
    return f"{source.name}:{line}" if line else source.name


def _shown(path: Path) -> str:
    """Relative to the working directory when it lies below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _check_version(source: Source, required: str) -> None:
    if not required:
        return
    from stratlint.config.version import installed_version, satisfies

    installed = installed_version()
    met = satisfies(installed, required)
    if met is None:
        raise source.error(f'"{required}" is not a version requirement such as ">=0.1,<1"', ("required-version",))
    if not met:
        raise source.error(f"this is stratlint {installed}, required is {required}", ("required-version",))
