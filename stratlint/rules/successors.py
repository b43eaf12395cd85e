"""What rules are called besides their names: their codes, which stay when a name improves, and the names and codes of rules that went.

Configurations, suppressions, waivers and baselines may hold any of them; they mean the rules of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from stratlint.resources import data_folder, read_yaml


@cache
def successors() -> Mapping[str, tuple[str, ...]]:
    """Former name or retired code → the rules that report its defects now, from `rules/judge/`; () where nothing does."""
    former = _read("successors")
    return {str(name): tuple(map(str, rules)) for name, rules in {**former, **(_read("codes").get("retired") or {})}.items()}


@cache
def codes() -> Mapping[str, str]:
    """Code → the name of its rule, from `rules/judge/codes.yaml`; a team's own rules have none, their names are its own to keep."""
    return {str(code): str(rule) for code, rule in _read("codes")["codes"].items()}


@cache
def _code_of() -> Mapping[str, str]:
    return {rule: code for code, rule in codes().items()}


def code_of(rule: str) -> str:
    """The code of a rule; "" for one that has none."""
    return _code_of().get(rule, "")


@cache
def _former() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for name, rules in successors().items():
        for rule in rules:
            names.setdefault(rule, []).append(name)
    return {rule: tuple(former) for rule, former in names.items()}


def former_names(rule: str) -> tuple[str, ...]:
    """The names and codes of rules that went and that mean this one."""
    return _former().get(rule, ())


def names_of(rule: str) -> tuple[str, ...]:
    """All that means a rule: its name, its code, and what went and means it now."""
    code = code_of(rule)
    return (rule, *((code,) if code else ()), *former_names(rule))


def meant_by(name: str) -> tuple[str, ...]:
    """The rules that a name, a code or a former one means; the *name* itself where it is none of the latter two."""
    known = codes().get(name)
    return (known,) if known is not None else successors().get(name, (name,))


def resolved(names: Iterable[str]) -> frozenset[str]:
    """All *names* with the rules that they mean in their place."""
    return frozenset(rule for name in names for rule in meant_by(name))


def note_on(name: str) -> str:
    """What to tell somebody who still writes a former name; "" for any other."""
    if name not in successors():
        return ""
    now = " or ".join(f"`{rule}`" for rule in successors()[name])
    return f'rule "{name}" is now {now}' if now else f'rule "{name}" is no more, nothing replaces it'


def _read(name: str) -> Mapping[str, Any]:
    return read_yaml(data_folder("rules") / "judge" / f"{name}.yaml") or {}
