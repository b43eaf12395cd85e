"""What holds for a document of the editor: the settings that `check` would use for it, and whether it is left out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stratlint.cli.configuration import Configuration
from stratlint.config.loading import FILE_NAMES, Loaded, is_repository
from stratlint.config.patterns import matches
from stratlint.config.selection import check_selectors, families_of, relative_to_root
from stratlint.config.settings import Settings, excluded_patterns
from stratlint.rules.registry import load_rules


@dataclass(frozen=True, slots=True)
class Options:
    """`--config` and `--isolated` of the server, and the folders that the editor has open."""

    config: tuple[str, ...] = ()
    isolated: bool = False
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Settings with the folder that they start from; `files` are what they were made of, besides rules and readings."""

    settings: Settings
    files: tuple[str, ...] = ()


def project_of(path: Path | None, options: Options) -> Project:
    """What holds for the document at *path*, read anew: a file that changed counts at once. None: a document without a place.

    Raises:
        ConfigError, Usage, RuleError: the configuration or what it names cannot be used; the message says where.
    """
    folder = path.parent if path is not None else next(iter(options.folders), Path.cwd())
    arguments = argparse.Namespace(config=list(options.config) or None, isolated=options.isolated)
    loaded = Configuration(arguments, folder).run
    settings = loaded.settings if loaded.settings.root else replace(loaded.settings, root=str(_root(folder, options.folders)))
    if path is None:  # nobody reads for it, and nothing is recorded of it
        settings = replace(settings, committed_readings=False, baseline="")
    _check_selectors(loaded)
    return Project(settings, loaded.files)


def is_left_out(path: Path | None, settings: Settings) -> bool:
    """Whether a search of the project would not read the document: what is excluded has no findings in the editor either."""
    return path is not None and matches(relative_to_root(settings, str(path)), excluded_patterns(settings))


def depends_on(project: Project, changed: Path) -> bool:
    """Whether a changed file may change what is said of the project's documents."""
    if changed.name in FILE_NAMES:
        return True
    settings = project.settings
    named = (*project.files, *settings.rules, *settings.givens, settings.baseline)
    readings = Path(settings.root, settings.readings_dir)
    return changed.is_relative_to(readings) or any(each and Path(each).absolute() == changed for each in named)


def _root(folder: Path, folders: Sequence[Path]) -> Path:
    """Where paths start that no configuration gives a root: the open folder around the document, else its repository or folder."""
    around = [each for each in folders if folder.is_relative_to(each)]
    if around:
        return max(around, key=lambda each: len(each.parts))
    return next((each for each in (folder, *folder.parents) if is_repository(each)), folder)


def _check_selectors(loaded: Loaded) -> None:
    if loaded.selectors:
        families = load_rules(tuple(Path(each) for each in loaded.settings.rules)).families
        check_selectors(loaded.selectors, families_of(families))
