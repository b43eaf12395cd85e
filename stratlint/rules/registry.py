"""The rules in force: the built-in ones and the user's own files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from stratlint.rules.rule import Rule, RuleError, RuleSet, builtin_rule_files, load_rule_files

__all__ = ["Rule", "RuleError", "RuleSet", "load_rules"]


@lru_cache(maxsize=8)
def _load(paths: tuple[Path, ...]) -> RuleSet:
    return load_rule_files(paths)


def load_rules(extra: Sequence[Path] = ()) -> RuleSet:
    """All built-in rules, then those of the *extra* files.

    Raises:
        RuleError: a file or a rule in it cannot be used.
    """
    return _load((*builtin_rule_files(), *(Path(path) for path in extra)))
