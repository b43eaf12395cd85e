"""The rules in force: the built-in ones and the user's own files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from stratlint.rules.rule import Rule, RuleError, RuleSet, builtin_rule_files, load_rule_files

__all__ = ["Rule", "RuleError", "RuleSet", "load_rules"]


def load_rules(extra: Sequence[Path] = ()) -> RuleSet:
    """All built-in rules, then those of the *extra* files, which are read again only when they change.

    Raises:
        RuleError: a file or a rule in it cannot be used.
    """
    own = tuple(Path(path) for path in extra)
    return _load(own, tuple(_changed(path) for path in own))


@lru_cache(maxsize=8)
def _load(own: tuple[Path, ...], _changed: tuple[int, ...]) -> RuleSet:
    return load_rule_files((*builtin_rule_files(), *own))


def _changed(path: Path) -> int:
    """When a file changed last; 0 for one that is not there, which loading will say."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
