"""Names of rules that went, and the rules that report their defects now.

Configurations, suppressions, waivers and baselines may still hold them; they mean their successors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stratlint.resources import data_folder, read_yaml


@cache
def successors() -> Mapping[str, tuple[str, ...]]:
    """Former name → the rules that report its defects now, from `rules/successors.yaml`; () where nothing does."""
    path = data_folder("rules") / "judge" / "successors.yaml"
    return {str(name): tuple(map(str, rules)) for name, rules in (read_yaml(path) or {}).items()}


@cache
def _former() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for name, rules in successors().items():
        for rule in rules:
            names.setdefault(rule, []).append(name)
    return {rule: tuple(former) for rule, former in names.items()}


def names_of(rule: str) -> tuple[str, ...]:
    """A rule's name and the former ones that mean it."""
    return (rule, *_former().get(rule, ()))


def note_on(name: str) -> str:
    """What to tell somebody who still writes a former name; "" for any other."""
    if name not in successors():
        return ""
    now = " or ".join(f"`{rule}`" for rule in successors()[name])
    return f'rule "{name}" is now {now}' if now else f'rule "{name}" is no more, nothing replaces it'
