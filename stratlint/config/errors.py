"""The one error of this folder."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file and line and, where one is near, the right name."""

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        self.message = message
        self.path = path
        self.line = line
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return f"{place}{self.message}"

    def __reduce__(self) -> tuple[type[ConfigError], tuple[str, str, int]]:
        return (ConfigError, (self.message, self.path, self.line))


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the nearest known name, or nothing."""
    import difflib

    names = sorted(known)
    folded = {name.lower().replace("_", "-"): name for name in names}
    same = folded.get(wrong.lower().replace("_", "-"))
    near = [same] if same else difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
