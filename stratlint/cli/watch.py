"""`stratlint check --watch`: check again whenever something that the last check read has changed.

The file system is asked twice a second, rather than told of events: that works alike on every system, in mounted and network
folders and for editors that save by renaming, needs no further package, and costs a look at each document and folder. Folders are walked
anew only when one of them changed.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stratlint.cli import examine
from stratlint.cli.configuration import Configuration
from stratlint.cli.files import STDIN, Found
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.run import find
from stratlint.cli.streams import Streams
from stratlint.config.errors import ConfigError
from stratlint.config.loading import FILE_NAMES, is_repository

INTERVAL_SECONDS = 0.5
# An editor may write a file in several steps: what changed must stand still for a moment, but is not waited for for ever.
_STILL_SECONDS = 0.05
_STEPS_AT_MOST = 20
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What a check depends on, as it was at one moment: a stamp for each file (None: not there) and for each folder that was searched.

    `documents` counts the documents among the files.
    """

    files: Mapping[str, Stamp]
    folders: Mapping[str, Stamp]
    documents: int

    def now(self) -> Watched:
        """The same files and folders as they are now."""
        return Watched(_stamps(self.files), _stamps(self.folders), self.documents)


def watch(check: Callable[[], object], arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry out *check* now and after every change, until Ctrl-C; the exit code.

    Raises:
        Usage: the command line asks for what cannot be done again.
    """
    _require_repeatable(arguments)
    seen = Watched({}, {}, 0)
    try:
        while True:
            # Before the check: what changes while it runs is a change.
            seen = look(arguments, seen)
            _clear(streams)
            _carry_out(check, streams)
            _say(seen, arguments, streams)
            seen = _changed(arguments, seen)
    except KeyboardInterrupt:  # the ordinary end
        if streams.err.isatty():
            streams.err.write("\n")
        return CLEAN


def look(arguments: argparse.Namespace, before: Watched) -> Watched:
    """Everything that a check with these *arguments* reads.

    While the configuration is broken nobody knows what it names: then all that was watched *before* still is.
    """
    own = _written(arguments)
    try:
        configuration = Configuration(arguments)
        found = find(arguments, configuration)
    except (Usage, ConfigError, OSError) as problem:
        broken = [problem.path] if isinstance(problem, ConfigError) and problem.path else []
        folders = {*before.folders, *_above(arguments, ())}
        return Watched(_stamps({*before.files, *broken, *_configurations(arguments, folders)}), _stamps(folders), before.documents)
    found.inputs = [each for each in found.inputs if os.path.abspath(each.path) not in own]  # noqa: PTH100
    readings = list(_readings(configuration, found))
    folders = {*_above(arguments, found.folders), *_folders_of_rules(configuration), *(folder for folder, _ in readings)}
    named = {*_documents(found), *_named(arguments, configuration), *(file for _, files in readings for file in files)}
    return Watched(_stamps({*named, *_configurations(arguments, folders)}), _stamps(folders), len(found.inputs))


def _changed(arguments: argparse.Namespace, seen: Watched) -> Watched:
    """Wait until what was *seen* is no more; what is there instead."""
    while True:
        time.sleep(INTERVAL_SECONDS)
        now = seen.now()
        if now.files == seen.files and now.folders != seen.folders:
            # Something came or went: a document, or an editor's own file, which is nobody's business.
            now = look(arguments, seen)
            if now.files == seen.files:
                seen = now
        if now.files != seen.files:
            return _still(now)


def _still(now: Watched) -> Watched:
    for _ in range(_STEPS_AT_MOST):
        time.sleep(_STILL_SECONDS)
        later = now.now()
        if later == now:
            break
        now = later
    return now


def _carry_out(check: Callable[[], object], streams: Streams) -> None:
    # A rule file of one's own may be what changed.
    examine.rule_set.cache_clear()
    examine.families.cache_clear()
    try:
        check()
    except (Usage, ConfigError) as problem:
        streams.problem(str(problem))
    except BrokenPipeError:
        raise
    except Exception as problem:  # a defect ends no watch: the next version of the page may do without it
        streams.problem(f"{examine.internal(problem)}{examine.DEFECT}")
    streams.flush()


def _clear(streams: Streams) -> None:
    if streams.out.isatty() and os.environ.get("TERM") != "dumb":
        streams.out.write(_CLEAR)


def _say(seen: Watched, arguments: argparse.Namespace, streams: Streams) -> None:
    if not arguments.quiet:
        count = f"{seen.documents:,} {'document' if seen.documents == 1 else 'documents'}"
        streams.note(f"checked at {time.strftime('%H:%M:%S')}; watching {count}, Ctrl-C ends")
    streams.flush()


def _require_repeatable(arguments: argparse.Namespace) -> None:
    if STDIN in arguments.paths or arguments.diff == STDIN:
        raise Usage("--watch cannot read standard input again; name files or folders")
    if arguments.show_files:
        raise Usage("--watch and --show-files exclude each other")


def _written(arguments: argparse.Namespace) -> set[str]:
    """What a check writes: a document that it finds changed whenever it ran would keep it running."""
    reports = (each.partition("=")[2] for each in arguments.report or ())
    return {os.path.abspath(path) for path in (arguments.output_file, *reports) if path}  # noqa: PTH100 - as everywhere here


def _documents(found: Found) -> Iterator[str]:
    yield from (os.path.abspath(path) for path in (*(each.path for each in found.inputs), *(path for path, _ in found.refused)))  # noqa: PTH100


def _named(arguments: argparse.Namespace, configuration: Configuration) -> Iterator[str]:
    """The configurations of this run, and the files that they and the command line name."""
    named = [arguments.baseline, arguments.diff, configuration.settings.readings, *(arguments.given or ())]
    for loaded in configuration.loaded():
        named += [*loaded.files, *loaded.settings.givens, *loaded.settings.rules, loaded.settings.baseline]
    yield from (os.path.abspath(path) for path in named if path)  # noqa: PTH100


def _folders_of_rules(configuration: Configuration) -> Iterator[str]:
    """A configuration may name a folder: a rule file that appears in it is one of its rules."""
    yield from (str(Path(rules).parent) for loaded in configuration.loaded() for rules in loaded.settings.rules)


def _readings(configuration: Configuration, found: Found) -> Iterator[tuple[str, list[str]]]:
    """The folders in which readings lie, each with its files; also a folder that is not there yet."""
    from stratlint.transcripts import project_root

    beside = {str(project_root(each.settings) / each.settings.readings_dir) for each in found.inputs if each.settings.committed_readings}
    for top in {configuration.settings.readings} if configuration.settings.readings else beside:
        yield os.path.abspath(top), []  # noqa: PTH100
        for folder, _, names in os.walk(os.path.abspath(top)):  # noqa: PTH100
            yield folder, [str(Path(folder, name)) for name in names]


def _above(arguments: argparse.Namespace, folders: Iterable[str]) -> Iterator[str]:
    """The *folders* of the documents and those above, up to the root of the repository: a configuration may appear in any of them."""
    starts = {Path.cwd(), *(Path(each).absolute() for each in folders)}
    starts |= {path if path.is_dir() else path.parent for path in (Path(each).absolute() for each in arguments.paths)}
    known: set[Path] = set()
    for start in starts:
        for folder in (start, *start.parents):
            if folder in known:
                break
            known.add(folder)
            if is_repository(folder):
                break
    yield from map(str, known)


def _configurations(arguments: argparse.Namespace, folders: Iterable[str]) -> Iterator[str]:
    """The configuration files in these folders."""
    if not arguments.isolated:
        paths = (Path(folder, name) for folder in folders for name in FILE_NAMES)
        yield from (str(path) for path in paths if path.is_file())


def _stamps(paths: Iterable[str]) -> dict[str, Stamp]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 - the cheapest call
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
