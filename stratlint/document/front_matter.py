"""YAML front matter: found only at the very start, loaded without trusting it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_CHARACTERS = 64 * 1024
MAX_DEPTH = 32

_FENCED = re.compile(r"---[ \t]*\n(?P<yaml>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIRST_KEY = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:[\w.-][\w .-]*|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?:[ \t\n])")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter between ``start`` and ``end`` (inner YAML) of a text; it occupies the text up to ``whole``."""

    start: int
    end: int
    whole: int
    values: dict[str, object]
    note: str = ""


def find_front_matter(text: str) -> FrontMatter | None:
    """Front matter at the start of a text with LF line ends, or None.

    Two thematic breaks around a paragraph look the same, so it must begin with a key or say nothing. What is wrong
    with it ends up in ``note``; it never raises.
    """
    if not text.startswith("---"):
        return None
    found = _FENCED.match(text)
    if not found:
        return None
    inner = found["yaml"]
    start, end = found.span("yaml")
    if not inner.strip():
        # Only "---" right below "---" is empty front matter; with blank lines these are two thematic breaks.
        return None if inner else FrontMatter(start, end, found.end(), {})
    if not _FIRST_KEY.match(inner):
        return None
    try:
        return FrontMatter(start, end, found.end(), _load(inner))
    except _RefusedError as error:
        return FrontMatter(start, end, found.end(), {}, f"front matter not used: {error}")


class _RefusedError(Exception):
    """The YAML is not going to be loaded; the message says why."""


def _load(text: str) -> dict[str, object]:
    import yaml  # 15 ms, and most documents have no front matter

    loader: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if len(text) > MAX_CHARACTERS:
        raise _RefusedError(f"it is longer than {MAX_CHARACTERS // 1024} KiB")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _RefusedError("it uses YAML anchors or aliases")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise _RefusedError(f"it is nested more than {MAX_DEPTH} levels deep")
        values = yaml.load(text, Loader=loader)
    except _RefusedError:
        raise
    except yaml.MarkedYAMLError as error:
        line = f" in its line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise _RefusedError(f"not valid YAML{line}: {error.problem or 'unreadable'}") from None
    except Exception as error:  # impossible dates, integers of 10,000 digits, characters YAML does not allow, …
        raise _RefusedError(f"not valid YAML: {type(error).__name__}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise _RefusedError("it is not a mapping")
    return {str(key): value for key, value in values.items()}
