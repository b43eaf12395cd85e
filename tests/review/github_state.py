"""A GitHub of one repository and one pull request: its state and its operations (`github_server` has the HTTP).

It answers as the real one where the review bot can tell the difference: comments outside the diff are refused, lists
come in pages, only authors edit, an app's token has no user, lines of comments move with the branch or get outdated.
Requests and answers are held against the OpenAPI description; what does not fit is in `violations`.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import unquote

import github_contract as contract

TOKEN = "ghs_S3cretTokenOfTheTests0123456789"
REPOSITORY = "octo/plans"
NUMBER = 7
_LIMIT = 65_536


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class Fault:
    """An answer in place of the real one; *after* lets the request take effect and answers this all the same."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "fault"
    times: int = 1
    after: bool = False


class Problem(Exception):  # noqa: N818 - named for what it is to the client
    """An error answer."""

    def __init__(self, status: int, message: str, *errors: str) -> None:
        self.status = status
        self.errors = errors
        super().__init__(message)


class GitHub:
    """The state and the operations."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.reviews: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.files: dict[str, tuple[str | None, str | None]] = {}
        self.binary: dict[str, bytes] = {}
        self.renamed: dict[str, str] = {}
        self.without_patch: set[str] = set()
        self.diff_refused = False
        self.refused_lines: set[tuple[str, int]] = set()
        self.login = "plan-review[bot]"
        self.app = True
        self.permissions = "write"
        self.changed_files: int | None = None
        self.full_name = REPOSITORY
        self.version = 1
        self._next = 100

    # -- what a test does to it ------------------------------------------------------------------------------------

    def set(self, path: str, old: str | None, new: str | None) -> None:
        """A file before and after the pull request."""
        self.files[path] = (old, new)

    def commit(self, path: str, new: str) -> None:
        """A further commit on the branch: comments follow their line, or are outdated when it changed."""
        old, before = self.files[path]
        self.files[path] = (old, new)
        self.version += 1
        places = _moved(before or "", new)
        shown = right_lines(self._patch(path) or "")
        for comment in self.comments:
            if comment["path"] != path or comment["line"] is None:
                continue
            last = places.get(comment["line"])
            first = places.get(comment["start_line"]) if comment["start_line"] else None
            gone = last not in shown or (comment["start_line"] and first is None)
            comment["line"] = None if gone else last
            comment["start_line"] = None if gone else first

    def reply(self, comment: int, login: str = "alice") -> None:
        """Somebody answers a comment."""
        of = next(each for each in self.comments if each["id"] == comment)
        self.comments.append({**of, "id": self._number(), "in_reply_to_id": comment, "body": "Really?", "user": _user(login, "User")})

    def foreign(self, kind: str, body: str, login: str = "mallory", **more: Any) -> None:
        """A review or comment of somebody else."""
        if kind == "review":
            self.reviews.append({"id": self._number(), "body": body, "user": _user(login, "User")})
        else:
            self.comments.append(
                {
                    "id": self._number(),
                    "body": body,
                    "user": _user(login, "User"),
                    "path": "plan.md",
                    "line": 1,
                    "start_line": None,
                    "side": "RIGHT",
                    "pull_request_review_id": 1,
                    **more,
                }
            )

    @property
    def head(self) -> str:
        return hashlib.sha1(f"head {self.version}".encode()).hexdigest()

    @property
    def base(self) -> str:
        return hashlib.sha1(b"base").hexdigest()

    @property
    def writes(self) -> list[Seen]:
        """The requests that change something."""
        return [each for each in self.seen if each.method != "GET"]

    # -- operations --------------------------------------------------------------------------------------------------
    def answer(self, operation: contract.Operation, seen: Seen) -> tuple[int, Any]:
        """Status and data."""
        parameters = {name: unquote(value) for name, value in operation.parameters.items()}
        if operation.template != "/user" and f"{parameters['owner']}/{parameters['repo']}" not in (REPOSITORY, self.full_name):
            raise Problem(404, "Not Found")
        if seen.method != "GET" and self.permissions != "write":
            raise Problem(403, "Resource not accessible by integration")
        name = f"{seen.method} {operation.template.removeprefix('/repos/{owner}/{repo}')}"
        return self._operations[name](self, parameters, seen)

    def _get_user(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        if self.app:
            raise Problem(403, "Resource not accessible by integration")
        return 200, contract.sample("private-user", login=self.login, type="User", user_view_type="private")

    def _get_pull(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        if int(parameters["pull_number"]) != NUMBER:
            raise Problem(404, "Not Found")
        data = contract.sample("pull-request", number=NUMBER)
        data["head"] = {**data["head"], "sha": self.head}
        repository = {**data["base"]["repo"], "full_name": self.full_name, "html_url": f"https://github.com/{self.full_name}"}
        data["base"] = {**data["base"], "sha": self.base, "repo": repository}
        data["changed_files"] = len(self.files) if self.changed_files is None else self.changed_files
        return 200, data

    def diff(self) -> str:
        """The pull request in the diff media type."""
        if self.diff_refused:
            raise Problem(406, "Sorry, the diff exceeded the maximum number of lines (20000)")
        parts = []
        for path in sorted(self.files):
            parts.append(f"diff --git a/{path} b/{path}\nindex 1..2 100644\n--- a/{path}\n+++ b/{path}\n")
            parts.append((self._patch(path) or "") + "\n")
        return "".join(parts)

    def _get_files(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        return 200, [self._entry(path) for path in sorted(self.files)][:3000]

    def _get_blob(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        for path in self.files:
            if self._name(path) == parameters["file_sha"]:
                return 200, contract.sample("blob", content=_base64(self._data(path)), encoding="base64")
        raise Problem(404, "Not Found")

    def _get_contents(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        path, ref = parameters["path"], seen.query.get("ref", "")
        for name, (old, _) in self.files.items():
            there = old if ref == self.base and self.renamed.get(name, name) == path else None
            data = self._data(name) if ref == self.head and name == path else (there or "").encode()
            if data:
                content = contract.sample(
                    "content-file",
                    type="file",
                    encoding="base64",
                    path=path,
                    size=len(data),
                    content=_base64(data),
                    sha=_blob(data),
                    name=path.split("/")[-1],
                )
                return 200, content
        raise Problem(404, "Not Found")

    def _get_compare(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        if parameters["basehead"] != f"{self.base}...{self.head}":
            raise Problem(404, "Not Found")
        data = contract.sample("commit-comparison")
        data["merge_base_commit"] = {**data["merge_base_commit"], "sha": self.base}
        return 200, data

    def _get_reviews(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        return 200, [self._review(each) for each in self.reviews]

    def _post_review(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        body = seen.body
        if body.get("event") == "COMMENT" and not body.get("body"):
            raise Problem(422, "Validation Failed", "body is required")
        self._check_commit(body)
        self._check_length(body.get("body", ""))
        for comment in body.get("comments", ()):
            self._check_place(comment)
        review = {"id": self._number(), "body": body["body"], "user": self._me()}
        for comment in body.get("comments", ()):
            self._add(comment, review["id"])
        self.reviews.append(review)
        return 200, self._review(review)

    def _put_review(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        review = self._own(self.reviews, int(parameters["review_id"]))
        self._check_length(seen.body["body"])
        review["body"] = seen.body["body"]
        return 200, self._review(review)

    def _get_comments(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        return 200, [self._comment(each) for each in self.comments]

    def _post_comment(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        self._check_commit(seen.body)
        self._check_place(seen.body)
        review = {"id": self._number(), "body": "", "user": self._me()}
        self.reviews.append(review)
        return 201, self._comment(self._add(seen.body, review["id"]))

    def _patch_comment(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        comment = self._own(self.comments, int(parameters["comment_id"]))
        self._check_length(seen.body["body"])
        comment["body"] = seen.body["body"]
        return 200, self._comment(comment)

    def _delete_comment(self, parameters: dict[str, str], seen: Seen) -> tuple[int, Any]:
        self.comments.remove(self._own(self.comments, int(parameters["comment_id"])))
        return 204, None

    _operations: ClassVar[dict[str, Callable[[GitHub, dict[str, str], Seen], tuple[int, Any]]]] = {
        "GET /user": _get_user,
        "GET /pulls/{pull_number}": _get_pull,
        "GET /pulls/{pull_number}/files": _get_files,
        "GET /git/blobs/{file_sha}": _get_blob,
        "GET /contents/{path}": _get_contents,
        "GET /compare/{basehead}": _get_compare,
        "GET /pulls/{pull_number}/reviews": _get_reviews,
        "POST /pulls/{pull_number}/reviews": _post_review,
        "PUT /pulls/{pull_number}/reviews/{review_id}": _put_review,
        "GET /pulls/{pull_number}/comments": _get_comments,
        "POST /pulls/{pull_number}/comments": _post_comment,
        "PATCH /pulls/comments/{comment_id}": _patch_comment,
        "DELETE /pulls/comments/{comment_id}": _delete_comment,
    }

    # -- parts -------------------------------------------------------------------------------------------------------
    def _number(self) -> int:
        self._next += 1
        return self._next

    def _me(self) -> dict[str, Any]:
        return _user(self.login, "Bot" if self.app else "User")

    def _own(self, things: list[dict[str, Any]], number: int) -> dict[str, Any]:
        found = next((each for each in things if each["id"] == number), None)
        if found is None:
            raise Problem(404, "Not Found")
        if found["user"]["login"] != self.login:
            raise Problem(403, "Resource not accessible by integration")
        return found

    def _check_commit(self, body: dict[str, Any]) -> None:
        if body.get("commit_id", self.head) != self.head:
            raise Problem(422, "Unprocessable Entity", "commit_id is not part of the pull request")

    def _check_length(self, body: str) -> None:
        if len(body) > _LIMIT:
            raise Problem(422, "Validation Failed", f"body is too long (maximum is {_LIMIT} characters)")

    def _check_place(self, comment: dict[str, Any]) -> None:
        self._check_length(comment["body"])
        path, line = comment["path"], comment.get("line")
        if path not in self.files or path in self.refused_lines:
            raise Problem(422, "Unprocessable Entity", "Path could not be resolved")
        hunks = right_lines(self._patch(path) or "")
        first = comment.get("start_line", line)
        if comment.get("side") != "RIGHT" or line not in hunks or (path, line) in self.refused_lines:
            raise Problem(422, "Unprocessable Entity", "Line could not be resolved")
        if "start_line" in comment and (hunks.get(first) != hunks[line] or first >= line):
            raise Problem(422, "Unprocessable Entity", "start_line must be part of the same hunk as the line.")

    def _add(self, comment: dict[str, Any], review: int) -> dict[str, Any]:
        stored = {
            "id": self._number(),
            "body": comment["body"],
            "path": comment["path"],
            "line": comment["line"],
            "start_line": comment.get("start_line"),
            "side": "RIGHT",
            "user": self._me(),
            "pull_request_review_id": review,
        }
        self.comments.append(stored)
        return stored

    def _entry(self, path: str) -> dict[str, Any]:
        old, new = self.files[path]
        patch = self._patch(path)
        added = len(re.findall(r"^\+", patch or "", re.MULTILINE))
        status = "added" if old is None else "removed" if new is None and path not in self.binary else "modified"
        data = contract.sample("diff-entry", filename=path, status=status, sha=self._name(path), additions=added, changes=added)
        if path in self.renamed:
            data |= {"status": "renamed", "previous_filename": self.renamed[path]}
        if patch is not None and path not in self.without_patch:
            data["patch"] = patch
        return data

    def _data(self, path: str) -> bytes:
        return self.binary.get(path, (self.files[path][1] or "").encode())

    def _name(self, path: str) -> str:
        return _blob(self._data(path))

    def _patch(self, path: str) -> str | None:
        old, new = self.files[path]
        lines = list(difflib.unified_diff(lines_of(old or ""), lines_of(new or ""), n=3, lineterm=""))
        return "\n".join(lines[2:]) or None

    def _review(self, stored: dict[str, Any]) -> dict[str, Any]:
        return contract.sample(
            "pull-request-review", id=stored["id"], body=stored["body"], user=stored["user"], state="COMMENTED", commit_id=self.head
        )

    def _comment(self, stored: dict[str, Any]) -> dict[str, Any]:
        data = contract.sample("pull-request-review-comment", **stored)
        # The real one answers null there, which its description (integer) does not say.
        for name in ("line", "start_line"):
            if data[name] is None:
                del data[name]
        return data


def _user(login: str, kind: str) -> dict[str, Any]:
    return contract.sample("simple-user", login=login, type=kind)


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def right_lines(patch: str) -> dict[int, int]:
    """Lines of the new version that the patch shows, each with the number of its hunk."""
    found: dict[int, int] = {}
    hunk = at = 0
    for line in patch.split("\n"):
        header = re.match(r"@@ -\d+(?:,\d+)? \+(\d+)", line)
        if header:
            hunk, at = hunk + 1, int(header[1])
        elif line[:1] in ("+", " "):
            found[at] = hunk
            at += 1
    return found


def _moved(before: str, after: str) -> dict[int, int]:
    """Where the lines that stayed the same are now."""
    matcher = difflib.SequenceMatcher(None, lines_of(before), lines_of(after), autojunk=False)
    return {old + step + 1: new + step + 1 for old, new, size in matcher.get_matching_blocks() for step in range(size)}
