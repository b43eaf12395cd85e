"""The one folder that an agent's tools work in: what it names has to lie below, whatever links and `..` say."""

from __future__ import annotations

import os
from pathlib import Path

from stratlint.cli.files import reason, refusal


class Refusal(ValueError):  # noqa: N818 - a property of the request
    """Why a request is not carried out, in words for the agent."""


class Folder:
    """A folder, as it was when the server started."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

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
        """*path* again, if a file may be written there.

        Raises:
            Refusal: it lies elsewhere, or something else than a file is there.
        """
        absolute = Path(os.path.normpath(self.path / path))
        if not absolute.is_relative_to(self.path) or absolute == self.path or not absolute.parent.resolve().is_relative_to(self.path):
            raise Refusal(f"the file of readings would be {path}, outside of the working directory")
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
