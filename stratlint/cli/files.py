"""From the paths of a command line to the documents to read. Nothing is opened here, so nothing can hang."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stratlint.cli.configuration import Configuration
from stratlint.cli.ignored import ignored_by_git
from stratlint.config.loading import is_repository
from stratlint.config.patterns import matches
from stratlint.config.selection import relative_to_root
from stratlint.config.settings import Settings, excluded_patterns

STDIN = "-"
STDIN_NAME = "<stdin>"
# Documents in another markup. Of plain text it is not known that it is a document at all: it is only told where there is nothing else.
_OTHER_MARKUP = (".adoc", ".asciidoc", ".ipynb", ".org", ".rst", ".tex")
_PLAIN = ".txt"
_NOTEBOOK = ".ipynb"


@dataclass(frozen=True, slots=True)
class Input:
    """A document to read: the path that it is reported under and what holds for it."""

    path: str
    settings: Settings
    stdin: bool = False


@dataclass(slots=True)
class Found:
    """Documents in the order named, what could not be read with the reason, folders without any, how many were left out, and the
    `folders` that were searched.

    *notes* tell of files in other markup than Markdown, once for each suffix.
    """

    inputs: list[Input] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    excluded: int = 0
    empty: list[tuple[str, str]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_documents(paths: Sequence[str], configuration: Configuration, *, exclude: Sequence[str] = (), stdin_name: str = "") -> Found:
    """Every document that *paths* name; a document that is named twice is read once."""
    finder = _Finder(configuration, tuple(exclude))
    for path in paths or (".",):
        finder.add(path, stdin_name)
    finder.conclude()
    return finder.found


def refusal(mode: int) -> str:
    """Why a path of this file type is not read; "" for a regular file."""
    if stat.S_ISREG(mode):
        return ""
    kinds = (
        (stat.S_ISDIR, "is a directory"),
        (stat.S_ISFIFO, "is a pipe, which could block for ever; send it to standard input: … | stratlint check -"),
        (stat.S_ISSOCK, "is a socket, not a document"),
        (stat.S_ISCHR, "is a device, not a document"),
        (stat.S_ISBLK, "is a device, not a document"),
    )
    return next((text for test, text in kinds if test(mode)), "is not a regular file")


def reason(problem: OSError) -> str:
    """An operating system error in words."""
    return (problem.strerror or str(problem) or "cannot be read").lower()


class _Finder:
    def __init__(self, configuration: Configuration, exclude: tuple[str, ...]) -> None:
        self.found = Found()
        self._configuration = configuration
        self._exclude = exclude
        self._seen: set[str] = set()
        self._skipped: dict[str, str] = {}
        self._named: Counter[str] = Counter()
        self._notebooks: list[str] = []

    def conclude(self) -> None:
        """Tell once for each suffix what was not read, or read as what it is not."""
        if self._notebooks:
            more = f" (and {len(self._notebooks) - 1:,} more)" if len(self._notebooks) > 1 else ""
            why = "notebooks are not read; `jupyter nbconvert --to markdown` writes what can be"
            self.found.refused.append((f"{self._notebooks[0]}{more}", why))
        told = Counter(suffix for suffix in self._skipped.values() if suffix != _PLAIN)
        if told and self.found.inputs:
            self.found.notes.append(f"not read, because it is no Markdown: {_counted(told)}")
        if self._named:
            self.found.notes.append(f"read as Markdown, which it is not: {_counted(self._named)}")

    def add(self, path: str, stdin_name: str) -> None:
        if path == STDIN:
            self._add_stdin(stdin_name)
            return
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - names that are no UTF-8 and the cheapest call
        except (OSError, ValueError) as problem:
            why = reason(problem) if isinstance(problem, OSError) else "is not a path"
            self.found.refused.append((path, why))
            return
        if stat.S_ISDIR(mode):
            self._add_directory(path)
        elif why := refusal(mode):
            self.found.refused.append((path, why))
        else:
            self._add_named(path)

    def _add_stdin(self, name: str) -> None:
        folder = Path(name).parent if name else Path()
        settings = self._configuration.for_folder(folder if folder.is_dir() else Path()).settings
        if name and settings.force_exclude and self._is_excluded(name, settings):
            self.found.excluded += 1
        elif STDIN not in self._seen:
            self._seen.add(STDIN)
            self.found.inputs.append(Input(name or STDIN_NAME, settings, stdin=True))

    def _add_named(self, path: str) -> None:
        settings = self._configuration.for_folder(Path(path).parent).settings
        if settings.force_exclude and self._is_excluded(path, settings):
            self.found.excluded += 1
        else:
            foreign = _suffix(path) in _OTHER_MARKUP and not matches(relative_to_root(settings, path), settings.include)
            self._named.update([_suffix(path)] if foreign and _suffix(path) != _NOTEBOOK else [])
            self._append(path, settings)

    def _add_directory(self, top: str) -> None:
        before = len(self.found.inputs), self.found.excluded, len(self.found.refused)
        skipped: list[str] = []
        level = [(top, _repository_of(top))]
        matched: list[tuple[str, Settings]] = []
        while level:
            folders: list[tuple[str, str]] = []
            files: list[tuple[str, str, Settings]] = []
            others: list[tuple[str, str]] = []
            for folder, repository in level:
                self._list(folder, repository, folders, files, others)
            gone = self._ignored([*folders, *((path, repository) for path, repository, _ in files), *others])
            skipped += (path for path, _ in others if path not in gone)
            matched.extend((path, settings) for path, _, settings in files if path not in gone)
            level = [each for each in folders if each[0] not in gone]
        self._skipped.update((os.path.abspath(path), _suffix(path)) for path in skipped)  # noqa: PTH100
        for path, settings in sorted(matched, key=lambda each: Path(each[0]).parts):
            self._append(path, settings)
        if before == (len(self.found.inputs), self.found.excluded, len(self.found.refused)) and not matched:
            searched = self._configuration.for_folder(Path(top)).settings.include
            there = Counter(map(_suffix, skipped))
            self.found.empty.append((top, f"{no_document(searched)}{f'; there is {_counted(there)}' if there else ''}"))

    def _list(
        self,
        folder: str,
        repository: str,
        folders: list[tuple[str, str]],
        files: list[tuple[str, str, Settings]],
        others: list[tuple[str, str]],
    ) -> None:
        """Sort one folder's entries into folders to descend into, files that are documents, and documents in another markup."""
        self.found.folders.append(folder)
        settings = self._configuration.for_folder(Path(folder)).settings
        try:
            entries = list(_entries(folder))
        except OSError as problem:
            self.found.refused.append((folder, reason(problem)))
            return
        for entry in entries:
            path = entry.path.removeprefix(f".{os.sep}")
            # Links to folders are not followed: no loops, and nothing is read under two names.
            if entry.is_dir(follow_symlinks=False):
                if entry.name.startswith("."):
                    continue
                if self._is_excluded(path, settings, folder=True):
                    # What everybody leaves out is nobody's decision: an excluded node_modules alone is nothing read.
                    self.found.excluded += not matches(entry.name, Settings().exclude, folder=True)
                else:
                    folders.append((path, path if is_repository(Path(path)) else repository))
            elif matches(relative_to_root(settings, path), settings.include) and not _is_folder(entry):
                if self._is_excluded(path, settings):
                    self.found.excluded += 1
                else:
                    files.append((path, repository, settings))
            elif _suffix(path) in (*_OTHER_MARKUP, _PLAIN) and not self._is_excluded(path, settings):
                others.append((path, repository))

    def _ignored(self, paths: list[tuple[str, str]]) -> set[str]:
        if not self._configuration.settings.respect_gitignore:
            return set()
        by_repository: dict[str, list[str]] = {}
        for path, repository in paths:
            # A nested repository is asked about by its parent's rules no more.
            if repository and path != repository:
                by_repository.setdefault(repository, []).append(path)
        return {each for repository, paths in by_repository.items() for each in ignored_by_git(repository, paths)}

    def _is_excluded(self, path: str, settings: Settings, *, folder: bool = False) -> bool:
        here, typed = relative_to_root(settings, path), Path(os.path.relpath(path)).as_posix()
        return matches(here, excluded_patterns(settings), folder=folder) or matches(typed, self._exclude, folder=folder)

    def _append(self, path: str, settings: Settings) -> None:
        key = os.path.abspath(path)  # noqa: PTH100 - lexical on purpose, a link is a document of its own
        if key in self._seen:
            return
        self._seen.add(key)
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116
        except OSError as problem:
            self.found.refused.append((path, reason(problem)))
            return
        if why := refusal(mode):
            self.found.refused.append((path, why))
        elif _suffix(path) == _NOTEBOOK:
            self._notebooks.append(path)
        else:
            self.found.inputs.append(Input(path, settings))


def no_document(include: Sequence[str]) -> str:
    """Why a folder is nothing to check."""
    return f"no document in it (searched for {', '.join(include)})"


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122 - names that are no UTF-8, and many of them


def _counted(suffixes: Counter[str]) -> str:
    """`3 .rst files, 1 .ipynb file`."""
    return ", ".join(f"{count:,} {suffix} file{'' if count == 1 else 's'}" for suffix, count in sorted(suffixes.items()))


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from entries


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _repository_of(folder: str) -> str:
    """The root of the repository that *folder* lies in, or ""."""
    here = Path(folder).absolute()
    return next((str(each) for each in (here, *here.parents) if is_repository(each)), "")
