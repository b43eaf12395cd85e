"""The settings of a run and of each file: configuration files, the environment, then the command line on top."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from stratlint.cli.options import listed
from stratlint.cli.outcome import Usage
from stratlint.config import loading
from stratlint.config.loading import Loaded
from stratlint.config.settings import Settings
from stratlint.rules.successors import resolved

COMMAND_LINE = "the command line"


class Configuration:
    """Answers which settings hold where. The nearest file wins for each document; the run has those of *folder*, or of the cwd."""

    def __init__(self, arguments: argparse.Namespace, folder: Path | None = None) -> None:
        self._arguments = arguments
        self._by_folder: dict[Path, Loaded] = {}
        self._by_file: dict[Path | None, Loaded] = {}
        self._files, self._inline = _split(arguments.config or ())
        if not arguments.isolated:
            self._from_environment()
        self.run = self.for_folder(folder or Path.cwd())
        self.settings = self.run.settings

    def for_folder(self, folder: Path) -> Loaded:
        """What holds for the documents of *folder*."""
        folder = folder.absolute()
        if folder not in self._by_folder:
            self._by_folder[folder] = self._with_overrides(self._start(folder))
        return self._by_folder[folder]

    def loaded(self) -> tuple[Loaded, ...]:
        """Every configuration that was used, to have its rule names checked."""
        return tuple(self._by_folder.values())

    def _start(self, folder: Path) -> Loaded:
        if self._files:
            return loading.load(self._files[-1])
        if self._arguments.isolated:
            return Loaded()
        path = loading.find(folder)
        if path not in self._by_file:
            self._by_file[path] = loading.load(path) if path else Loaded()
        return self._by_file[path]

    def _from_environment(self) -> None:
        if not self._files and (named := os.environ.get("STRATLINT_CONFIG")):
            if not Path(named).is_file():
                raise Usage(f"STRATLINT_CONFIG names {named}, which is not a file")
            self._files = (Path(named),)

    def _with_overrides(self, loaded: Loaded) -> Loaded:
        form = "" if self._arguments.isolated else os.environ.get("STRATLINT_OUTPUT_FORMAT", "")
        if form:
            loaded = replace(loaded, settings=replace(loaded.settings, output_format=form))
        for text in self._inline:
            loaded = loading.override(loaded, text, "--config")
        return _with_arguments(loaded, self._arguments)


def _split(values: tuple[str, ...] | list[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """`--config` takes files and settings; what exists as a file is one, though its name has a `=`."""
    files: list[Path] = []
    inline: list[str] = []
    for value in values:
        if Path(value).is_file():
            files.append(Path(value))
        elif "=" in value:
            inline.append(value)
        else:
            raise Usage(f"--config {value} is neither a file nor `key = value`")
    if len(files) > 1:
        raise Usage("--config names two files; let one `extend` the other")
    return tuple(files), tuple(inline)


def _with_arguments(loaded: Loaded, arguments: argparse.Namespace) -> Loaded:
    settings = _selected(loaded.settings, arguments)
    given: dict[str, Any] = {
        name: value
        for name in ("fail_on", "min_coverage", "force_exclude", "respect_gitignore", "output_format")
        if (value := getattr(arguments, name, None)) is not None
    }
    named = [
        (selector, COMMAND_LINE, 0)
        for option in ("select", "extend_select", "ignore")
        for selector in listed(getattr(arguments, option, None))
    ]
    for path in getattr(arguments, "given", None) or ():
        if not Path(path).is_file():
            raise Usage(f"--given {path}: no such file")
    settings = replace(
        settings,
        **given,
        givens=(*settings.givens, *(str(Path(each).absolute()) for each in getattr(arguments, "given", None) or ())),
        ignores=not getattr(arguments, "no_ignores", False),
        readings=getattr(arguments, "readings", None) or "",
        only_readings=getattr(arguments, "only_readings", False),
        committed_readings=not arguments.isolated,
    )
    return replace(loaded, settings=settings, selectors=(*loaded.selectors, *named))


def _selected(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Who selects on the command line asks for exactly that; who extends it overrules the file's `ignore` there."""
    select = listed(getattr(arguments, "select", None))
    extend = listed(getattr(arguments, "extend_select", None))
    ignore = listed(getattr(arguments, "ignore", None))
    if select:
        settings = replace(settings, select=select, extend_select=(), ignore=())
    return replace(
        settings,
        extend_select=(*settings.extend_select, *extend),
        ignore=(*(each for each in settings.ignore if resolved([each]).isdisjoint(resolved(extend))), *ignore),
    )
