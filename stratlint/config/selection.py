"""Which rules hold for a file, and how severe their findings are there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from stratlint.config.errors import ConfigError, suggestion
from stratlint.config.patterns import matches
from stratlint.config.settings import Settings
from stratlint.rules.finding import Severity
from stratlint.rules.successors import codes, names_of, note_on, successors

ALL = "ALL"
# Findings about the check itself; they have no file in `rules/` but can be selected and ignored by name.
OWN_RULES: Mapping[str, str] = {
    "unused-suppression": "a suppression or waiver that silences nothing: the number changed, or it is right now",
    "unknown-suppression": "a suppression that names no known rule, or that is malformed",
    "unreasoned-suppression": "a suppression without a reason",
    "renamed-suppression": "a suppression that names a rule by a former name: it still holds, the new name is given",
    "expired-suppression": "a waiver whose last day has passed",
}
OWN_FAMILY = "suppression"
# Names that configurations may still have: an internal error was a finding once.
_FORMER = frozenset({"internal-error"})


def families_of(rules: Mapping[str, str]) -> dict[str, str]:
    """Rule name → family, the rules about the check itself included."""
    return {**dict.fromkeys(OWN_RULES, OWN_FAMILY), **rules}


def active_rules(settings: Settings, path: str, families: Mapping[str, str]) -> frozenset[str]:
    """The rules that hold for the file at *path*. *families* maps each known rule to its family.

    A selector by name beats one by family, which beats `ALL`; at equal rank `ignore` wins.
    """
    chosen = (*settings.select, *settings.extend_select)
    here = relative_to_root(settings, path)
    barred = {selector for pattern, selectors in settings.per_file_ignores.items() if matches(here, [pattern]) for selector in selectors}
    return frozenset(
        rule
        for rule, family in families.items()
        if _rank(chosen, rule, family) > _rank(settings.ignore, rule, family) and not _rank(barred, rule, family)
    )


def severity_of(settings: Settings, rule: str, family: str, own: Severity) -> Severity:
    """The severity that the configuration gives a rule, or the finding's *own*."""
    named = next((settings.severity[name] for name in names_of(rule) if name in settings.severity), None)
    return named or settings.severity.get(family, own)


def relative_to_root(settings: Settings, path: str) -> str:
    """*path* relative to the folder of the configuration (the working directory without one), with forward slashes."""
    root = settings.root or str(Path.cwd())
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # another drive on Windows
        return Path(path).as_posix()


def check_selectors(selectors: Iterable[tuple[str, str, int]], families: Mapping[str, str]) -> tuple[str, ...]:
    """Refuse a selector that names nothing; each comes with the file and line that it stands in. Returns notes on former names.

    Raises:
        ConfigError: at the first unknown one.
    """
    known = {ALL, *families, *families.values(), *codes(), *_FORMER}
    notes: list[str] = []
    for selector, path, line in selectors:
        if selector not in known and selector not in successors():
            raise ConfigError(f'unknown rule "{selector}"{suggestion(selector, known)}', path, line)
        if selector not in known:
            notes.append(f"{path}{f':{line}' if line else ''}: {note_on(selector)}")
    return tuple(dict.fromkeys(notes))


def _rank(selectors: Iterable[str], rule: str, family: str) -> int:
    """How specifically *selectors* name the rule: 3 by name, 2 by family, 1 by `ALL`, 0 not at all."""
    named = set(selectors)
    return 3 if not named.isdisjoint(names_of(rule)) else 2 if family in named else 1 if ALL in named else 0
