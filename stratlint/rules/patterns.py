"""Regular expressions that are compiled when a page first needs them.

The rules have more than three hundred between them, and most pages never come to half of them; compiling all at
start-up would take longer than checking a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Pattern:
    """What `re.compile` returns, later: the methods of `re.Pattern` that rules use."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text, self._flags = text, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match anywhere in *text*."""
        return self._compiled.search(text)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The match at *start*."""
        return self._compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of all of *text*."""
        return self._compiled.fullmatch(text)

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """Every match from *start* on."""
        return self._compiled.finditer(text, start)

    def findall(self, text: str) -> list[str]:
        """What every match says (or its only group)."""
        return self._compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """*text* cut at every match."""
        return self._compiled.split(text)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """*text* with every match replaced."""
        return self._compiled.sub(replacement, text)
