"""From what is there and what should be there to what has to be sent. Nothing is sent here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stratlint.review.body import Author, comment_body, more_body, more_settled_body, resolved_body, summary_body
from stratlint.review.comments import Comment, Place
from stratlint.review.earlier import Earlier, OldComment
from stratlint.review.examine import Examined
from stratlint.review.marks import RESOLVED

_COMMIT = re.compile(r"/blob/[0-9a-f]{40,64}/")


@dataclass(frozen=True, slots=True)
class Request:
    """A write: its path from the API's root on."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a run wants to say: comments at lines, findings for the body, notes."""

    shown: tuple[Comment, ...]
    listed: tuple[Comment, ...]
    examined: tuple[Examined, ...]
    notes: tuple[str, ...] = ()

    def without(self, refused: Sequence[Comment]) -> Draft:
        """The same with comments that GitHub does not take at their lines in the body."""
        kept = tuple(each for each in self.shown if each not in refused)
        return Draft(kept, (*refused, *self.listed), self.examined, self.notes)


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to change. *new* go up as one review; *changes* are edits and removals of what is there."""

    new: tuple[Comment, ...]
    changes: tuple[Request, ...]
    kept: int


def plan(draft: Draft, earlier: Earlier, author: Author) -> Plan:
    """Keep what says the same at the same place, edit what says something else there, replace what has moved."""
    wanted = {each.key: each for each in draft.shown}
    stale: list[OldComment] = []
    edited: list[Request] = []
    kept: set[str] = set()
    for old in earlier.comments:
        comment = wanted.get(old.key)
        if comment is None or old.key in kept or not _stands_at(old, comment.place):
            stale.append(old)
            continue
        kept.add(old.key)
        body = comment_body(comment, author)
        if not _same(body, old.body):
            edited.append(Request("PATCH", _comment_path(author, old.id), {"body": body}))
    removed = [request for old in stale if (request := _settled(old, author)) is not None]
    new = tuple(each for each in draft.shown if each.key not in kept)
    return Plan(new, (*edited, *removed, *_emptied(earlier, stale, author)), len(kept))


def first_review(draft: Draft, comments: Sequence[Comment], author: Author) -> Request:
    """The review with the summary, and the *comments* that it brings along."""
    body = summary_body(draft.shown, draft.listed, draft.examined, draft.notes, author)
    return _review(body, comments, author)


def further_review(comments: Sequence[Comment], author: Author) -> Request:
    """A review for what is new since the first one."""
    return _review(more_body(len(comments), author), comments, author)


def single_comment(comment: Comment, author: Author) -> Request:
    """A comment on its own, to learn whether GitHub takes it."""
    return Request("POST", f"{author.pull.path}/comments", {**_positioned(comment, author), "commit_id": author.pull.head})


def summary_edit(draft: Draft, earlier: Earlier, author: Author) -> Request | None:
    """Bring the summary of the first review up to date; None when it is."""
    old = next((each for each in earlier.reviews if each.first), None)
    body = summary_body(draft.shown, draft.listed, draft.examined, draft.notes, author)
    if old is None or _same(body, old.body):
        return None
    return Request("PUT", f"{author.pull.path}/reviews/{old.id}", {"body": body})


def _emptied(earlier: Earlier, stale: Sequence[OldComment], author: Author) -> list[Request]:
    """Further reviews (and a second first one, of two runs at once) that have no comment left say so."""
    gone = {each.id for each in stale}
    alive = {each.review for each in earlier.comments if each.id not in gone}
    body = more_settled_body(author)
    first = next((each.id for each in earlier.reviews if each.first), 0)
    return [
        Request("PUT", f"{author.pull.path}/reviews/{each.id}", {"body": body})
        for each in earlier.reviews
        if each.id != first and each.id not in alive and not _same(each.body, body)
    ]


def _review(body: str, comments: Sequence[Comment], author: Author) -> Request:
    listed = [_positioned(each, author) for each in comments]
    return Request(
        "POST",
        f"{author.pull.path}/reviews",
        {"commit_id": author.pull.head, "event": "COMMENT", "body": body, "comments": listed},
    )


def _positioned(comment: Comment, author: Author) -> dict[str, Any]:
    place = comment.place
    if place is None:
        raise ValueError("a comment in the body has no lines")
    position: dict[str, Any] = {"path": place.path, "line": place.last, "side": "RIGHT"}
    if place.first < place.last:
        position |= {"start_line": place.first, "start_side": "RIGHT"}
    return {**position, "body": comment_body(comment, author)}


def _settled(old: OldComment, author: Author) -> Request | None:
    """A comment that nobody answered is removed; others may not lose what they refer to."""
    if not old.answered:
        return Request("DELETE", _comment_path(author, old.id))
    body = resolved_body(author)
    return None if old.key == RESOLVED or _same(old.body, body) else Request("PATCH", _comment_path(author, old.id), {"body": body})


def _comment_path(author: Author, number: int) -> str:
    return f"/repos/{author.pull.repository}/pulls/comments/{number}"


def _stands_at(old: OldComment, place: Place | None) -> bool:
    return place is not None and (old.path, old.first, old.last) == (place.path, place.first, place.last)


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(body: str) -> str:
    """Without what a server may change in passing, and the commit of links: an old one shows the same lines."""
    return _COMMIT.sub("/blob/", body.replace("\r\n", "\n").rstrip())
