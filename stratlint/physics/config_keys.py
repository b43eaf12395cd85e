"""Typed access to the keys of a Hugging Face config, with errors that name the key."""

from __future__ import annotations

from collections.abc import Mapping

# No width, count or vocabulary is larger; products of such values must stay ordinary numbers.
_LARGEST = 10**12


class ConfigError(ValueError):
    """A config.json that cannot be read as an architecture."""


class MissingKey(ConfigError):  # noqa: N818 - named for what it reports
    """A key the architecture cannot do without is absent; `key` is its name."""

    def __init__(self, architecture: str, key: str) -> None:
        self.key = key
        super().__init__(f"{architecture}: the config has no {key!r}")


class Keys:
    """A config of a known architecture. Absent and null are the same: null means "use the default"."""

    __slots__ = ("architecture", "values")

    def __init__(self, architecture: str, values: Mapping[str, object]) -> None:
        self.architecture = architecture
        self.values = values

    def _find(self, names: tuple[str, ...]) -> object:
        return next((self.values[name] for name in names if self.values.get(name) is not None), None)

    def _wrong(self, names: tuple[str, ...], wanted: str, value: object) -> ConfigError:
        shown = repr(value)
        return ConfigError(f"{self.architecture}: {names[0]!r} must be {wanted}, got {shown[:80]}")

    def optional(self, *names: str) -> int | None:
        """The first of these keys that is present, as an integer; None when all are absent."""
        value = self._find(names)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(names, "an integer", value)
        if abs(value) > _LARGEST:
            raise ConfigError(f"{self.architecture}: {names[0]!r} must be at most {_LARGEST:,}")
        return value

    def integer(self, *names: str, default: int | None = None, least: int = 0) -> int:
        """The first of these keys that is present (not below `least`), `default`, or `MissingKey` naming the first."""
        value = self.optional(*names)
        if value is not None:
            if value < least:
                raise self._wrong(names, f"at least {least}", value)
            return value
        if default is None:
            raise MissingKey(self.architecture, names[0])
        return default

    def flag(self, *names: str, default: bool) -> bool:
        """The first of these keys that is present, as a boolean."""
        value = self._find(names)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(names, "true or false", value)
        return value

    def text(self, name: str) -> str | None:
        """A string, or None when absent."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong((name,), "a string", value)
        return value

    def items(self, name: str) -> list[object] | None:
        """A list, or None when absent."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise self._wrong((name,), "a list", value)
        return value

    def integers(self, name: str) -> tuple[int, ...] | None:
        """A list of integers, or None when absent."""
        found = self.items(name)
        if found is None:
            return None
        numbers = tuple(item for item in found if isinstance(item, int) and not isinstance(item, bool))
        if len(numbers) != len(found):
            raise self._wrong((name,), "a list of integers", found)
        return numbers

    def section(self, name: str) -> Keys:
        """A nested mapping (empty when absent), whose errors still name the architecture."""
        value = self.values.get(name)
        if value is None:
            return Keys(f"{self.architecture}.{name}", {})
        if not isinstance(value, Mapping):
            raise self._wrong((name,), "a mapping", value)
        return Keys(f"{self.architecture}.{name}", value)
