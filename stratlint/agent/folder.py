"""The one folder that an agent's tools work in: what it names has to lie below, whatever links and `..` say."""

from __future__ import annotations

import os
from pathlib import Path

from stratlint.cli.files import reason, refusal
from stratlint.config.loading import is_repository


class Refusal(ValueError):  # noqa: N818 - a property of the request
    """Why a request is not carried out, in words for the agent."""


class Folder:
    """A folder, as it was when the server started. `project`: the repository around it, which keeps the readings; else itself."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.project = next((each for each in (self.path, *self.path.parents) if is_repository(each)), self.path)

    def file(self, name: str) -> str:
        """The path of an existing file, relative to the folder and without links.

        Raises:
            Refusal: it lies elsewhere, is hidden, or is no regular file.
        """
        found = self._inside(name)
        shown = found.relative_to(self.path)
        try:
            why = refusal(os.stat(found).st_mode)  # noqa: PTH116 - the cheapest call
        except OSError as problem:
            why = reason(problem)
        if why:
            raise Refusal(f"{name!r:.200}: {why}")
        return str(shown)

    def may_write(self, path: Path) -> Path:
        """*path* again, if a file of readings may be written there.

        Raises:
            Refusal: it lies outside of the project, or something else than a file is there.
        """
        absolute = Path(os.path.normpath(self.path / path))
        if absolute == self.project or not all(each.is_relative_to(self.project) for each in (absolute, absolute.parent.resolve())):
            raise Refusal(f"the file of readings would be {path}, outside of the project")
        if absolute.is_symlink() or (absolute.exists() and not absolute.is_file()):
            raise Refusal(f"{path} is no regular file")
        return absolute

    def _inside(self, name: str) -> Path:
        try:
            found = (self.path / name).resolve()
        except (OSError, ValueError, RuntimeError):
            raise Refusal(f"{name!r:.200}: is not a path") from None
        if not found.is_relative_to(self.path) or found == self.path:
            raise Refusal(f"{name!r:.200}: only files below the working directory are read")
        if any(part.startswith(".") for part in found.relative_to(self.path).parts):
            raise Refusal(f"{name!r:.200}: hidden files and folders are not read")
        return found
