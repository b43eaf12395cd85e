"""Completion scripts for bash, zsh and fish: shtab writes them from the parser, with the values that argparse does not know."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stratlint.config.selection import OWN_FAMILY, OWN_RULES

SHELLS = ("bash", "zsh", "fish")
# What metavars call a file or a folder.
_FILES = frozenset({"FILE", "DIR", "PATH", "CONFIG.json"})


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for one of `SHELLS`. The *parser* is used up: its actions get values that would refuse others."""
    import shtab

    for action in _actions(parser):
        if action.choices is not None:
            continue
        names = {*action.option_strings, str(action.metavar)}
        offered = next((values for name, values in _OFFERED.items() if name in names), None)
        if offered is not None:
            action.choices = offered()
        elif _takes_files(action):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return f"{shtab.complete(parser, shell).rstrip()}\n"


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument of the parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _actions(inner)


def _takes_files(action: argparse.Action) -> bool:
    return action.nargs != 0 and not _FILES.isdisjoint(str(action.metavar).split("|"))


def _formats() -> tuple[str, ...]:
    from stratlint.report import FORMATS

    return tuple(FORMATS)


def _rules() -> tuple[str, ...]:
    """The built-in ones, read without the engine: a shell that starts does not wait for it."""
    return tuple(sorted({str(entry["name"]) for entry in _entries()} | set(OWN_RULES)))


def _selectors() -> tuple[str, ...]:
    return (*_rules(), *sorted({str(entry["family"]) for entry in _entries()}), OWN_FAMILY, "ALL")


def _entries() -> Iterator[Mapping[str, Any]]:
    from stratlint.resources import data_folder, read_yaml

    for path in sorted(data_folder("rules").glob("*.yaml")):
        yield from read_yaml(path)


# What options and arguments (by their metavar) take that argparse does not know.
_OFFERED: Mapping[str, Callable[[], tuple[str, ...]]] = {
    "--output-format": _formats,
    "--select": _selectors,
    "--extend-select": _selectors,
    "--ignore": _selectors,
    "RULE": _rules,
}
