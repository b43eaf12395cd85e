"""What a user has configured for all repositories, in `stratlint/config.toml` of the configuration folder: who reads, and how.

A repository's own configuration cannot say this: it could send its readers' documents, and run programs, where its author likes.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratlint.config.errors import ConfigError, suggestion

_TABLE = "read"
_KEYS = {"reader": str, "base-url": str, "timeout": (int, float), "max-tokens": int}


@dataclass(frozen=True, slots=True)
class ReadDefaults:
    """The options of `stratlint read` when the command line does not give them; "" and 0 for those that are not set. Seconds, tokens."""

    reader: str = ""
    base_url: str = ""
    timeout: float = 0.0
    max_tokens: int = 0


def user_file() -> Path | None:
    """Where the user's own configuration is, there or not; None for a user without a home."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    try:
        # A relative one would be another in every repository.
        folder = Path(named) if named and Path(named).is_absolute() else Path.home() / ".config"
    except RuntimeError:
        return None
    return folder / "stratlint" / "config.toml"


def read_defaults() -> ReadDefaults:
    """The table `[read]` of the user's configuration.

    Raises:
        ConfigError: the file cannot be used.
    """
    path = user_file()
    if path is None or not path.is_file():
        return ReadDefaults()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise ConfigError(" ".join(str(problem).split()), str(path)) from None
    for key in raw:
        if key != _TABLE:
            raise ConfigError(f'unknown key "{key}"{suggestion(key, [_TABLE])}', str(path))
    table = raw.get(_TABLE, {})
    if not isinstance(table, dict):
        raise ConfigError(f'"{_TABLE}" must be a table', str(path))
    return ReadDefaults(**{key.replace("-", "_"): _checked(str(path), key, value) for key, value in table.items()})


def _checked(path: str, key: str, value: Any) -> Any:
    kind = _KEYS.get(key)
    if kind is None:
        raise ConfigError(f'unknown key "{key}" in "{_TABLE}"{suggestion(key, _KEYS)}', path)
    if isinstance(value, bool) or not isinstance(value, kind):  # type: ignore[arg-type]
        raise ConfigError(f'"{_TABLE}.{key}" must be {"a string" if kind is str else "a number"}', path)
    if not isinstance(value, str) and not 0 < value < float("inf"):
        raise ConfigError(f'"{_TABLE}.{key}" must be above zero', path)
    return value
