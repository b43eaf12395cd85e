"""What a pull request changes: its documents with their patches, and their contents at the head commit."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from stratlint.cli.reading import Unreadable, read_file
from stratlint.report.difference import MalformedDiff
from stratlint.review.client import Client
from stratlint.review.patch import Patch, compare, everything, parse_diff, parse_patch
from stratlint.review.problems import Refused, ReviewProblem

# The API lists no more of them.
MOST_FILES = 3_000
# Content that the API does not hand out: gone, a submodule, or too large for it.
NO_CONTENT = (403, 404, 422)
UNCHANGED = "unchanged"
_DIFF = "application/vnd.github.diff"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request at one moment."""

    repository: str
    number: int
    head: str
    base: str
    changed_files: int
    url: str

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/repos/{self.repository}/pulls/{self.number}"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file as the API lists it. *patch* is None when GitHub does not show it (too large, or binary)."""

    path: str
    status: str
    blob: str
    additions: int
    patch: str | None
    previous: str


class Change:
    """A pull request's files and their contents."""

    def __init__(self, client: Client, pull: Pull, root: Path) -> None:
        self._client = client
        self._pull = pull
        self._root = root
        self._whole: dict[str, Patch] | None = None
        self._fork_point = ""

    def files(self, wanted: Callable[[str], bool], always: Callable[[str], bool] = lambda path: False) -> Iterator[ChangedFile]:
        """The files that have added lines and whose path is *wanted*; those that are *always* also without, and removed ones."""
        for item in self._client.pages(f"{self._pull.path}/files"):
            file = _file(item)
            if always(file.path) or (file.status != "removed" and file.additions and wanted(file.path)):
                yield file

    def unchanged(self, path: str) -> ChangedFile:
        """A file that the pull request leaves as it is."""
        return ChangedFile(path, UNCHANGED, "", 0, "", "")

    def at_base(self, path: str, limit: int) -> bytes | None:
        """What a file is in the branch that the pull request goes to; None where it is not there."""
        try:
            return self._at(path, self._pull.base, limit)
        except Unreadable:
            return None
        except Refused as problem:
            if problem.status not in NO_CONTENT:
                raise
            return None

    def at_fork(self, path: str, limit: int) -> bytes:
        """The bytes of a file where the pull request begins, which is where its diff begins.

        Raises:
            Unreadable: there are none, or too many.
        """
        return self._at(path, self._merge_base(), limit)

    def content(self, file: ChangedFile, limit: int) -> bytes:
        """The bytes at the head commit: the working tree's when they are the same, else the API's.

        Raises:
            Unreadable: there are none, or too many.
        """
        local = self._local(file, limit)
        if local is not None:
            return local
        if file.blob:
            return self._blob(file.blob, limit)
        return self._at(file.path, self._pull.head, limit)

    def patch(self, file: ChangedFile, new: Callable[[], str], decode: Callable[[bytes], str], limit: int) -> Patch:
        """The changed lines: from the file's own patch, else from the whole diff, else from the contents."""
        if file.patch is not None:
            try:
                return parse_patch(file.patch)
            except MalformedDiff:
                pass
        shown = self._diff().get(file.path)
        if shown is not None:
            return shown
        if file.status == "added":
            return everything(new())
        old = self.at_fork(file.previous or file.path, limit)
        return compare(decode(old), new())

    def _diff(self) -> dict[str, Patch]:
        """All files' patches. GitHub refuses a diff that is too large (406), or answers 422 or 5xx to a huge one."""
        if self._whole is None:
            try:
                self._whole = parse_diff(self._client.get(self._pull.path, accept=_DIFF).text)
            except ReviewProblem as problem:
                if isinstance(problem, Refused) and problem.status not in (406, 422):
                    raise
                self._whole = {}
        return self._whole

    def _merge_base(self) -> str:
        if not self._fork_point:
            span = f"{self._pull.base}...{self._pull.head}"
            path = f"/repos/{self._pull.repository}/compare/{quote(span, safe='.')}"
            data = self._client.get(path, {"per_page": 1}).data
            self._fork_point = _text(_part(data, "merge_base_commit"), "sha")
        return self._fork_point

    def _local(self, file: ChangedFile, limit: int) -> bytes | None:
        """The file of the working tree, when git would give it the same name as the head's."""
        parts = PurePosixPath(file.path).parts
        if not file.blob or ".." in parts or PurePosixPath(file.path).is_absolute():
            return None
        try:
            data = read_file(str(self._root.joinpath(*parts)), limit)
        except (Unreadable, ValueError):
            return None
        return data if blob_name(data) == file.blob else None

    def _blob(self, name: str, limit: int) -> bytes:
        path = f"/repos/{self._pull.repository}/git/blobs/{quote(name, safe='')}"
        return _decoded(self._client.get(path).data, limit)

    def _at(self, path: str, commit: str, limit: int) -> bytes:
        url = f"/repos/{self._pull.repository}/contents/{quote(path, safe='/')}"
        data = self._client.get(url, {"ref": commit}).data
        if _part(data).get("encoding") == "base64":
            return _decoded(data, limit)
        # Contents above 1 MB are left out there.
        return self._blob(_text(data, "sha"), limit)


def read_pull(client: Client, repository: str, number: int) -> Pull:
    """Ask for the pull request. Its own name of the repository is used from then on: this one may be an old one."""
    data = client.get(f"/repos/{repository}/pulls/{number}").data
    base, head = _part(data, "base"), _part(data, "head")
    home = _part(base, "repo")
    changed = _part(data).get("changed_files")
    return Pull(
        repository=_text(home, "full_name"),
        number=number,
        head=_text(head, "sha"),
        base=_text(base, "sha"),
        changed_files=changed if isinstance(changed, int) else 0,
        url=_text(home, "html_url"),
    )


def blob_name(data: bytes) -> str:
    """What git calls these bytes; repositories with SHA-256 names are never found in the working tree."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _file(item: Any) -> ChangedFile:
    data = _part(item)
    patch, blob, previous = data.get("patch"), data.get("sha"), data.get("previous_filename")
    additions = data.get("additions")
    return ChangedFile(
        path=_text(data, "filename"),
        status=_text(data, "status"),
        blob=blob if isinstance(blob, str) else "",
        additions=additions if isinstance(additions, int) else 0,
        patch=patch if isinstance(patch, str) else None,
        previous=previous if isinstance(previous, str) else "",
    )


def _decoded(data: Any, limit: int) -> bytes:
    content = _text(data, "content")
    # Four characters hold three bytes; line ends come on top.
    if len(content) > limit * 3 // 2 + 1024:
        raise Unreadable(f"larger than {limit:,} bytes; raise `max-file-size` to read it")
    try:
        return base64.b64decode(content) if data.get("encoding") == "base64" else content.encode()
    except (binascii.Error, ValueError):
        raise Unreadable("GitHub's answer holds no file") from None


def _part(data: Any, name: str = "") -> dict[str, Any]:
    part = data.get(name) if name and isinstance(data, dict) else data
    if not isinstance(part, dict):
        raise ReviewProblem(f"GitHub's answer lacks {name or 'an object'}: is the API URL right?")
    return part


def _text(data: Any, name: str) -> str:
    value = _part(data).get(name)
    if not isinstance(value, str):
        raise ReviewProblem(f"GitHub's answer lacks {name}: is the API URL right?")
    return value
