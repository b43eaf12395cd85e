"""What the bot posted on this pull request before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stratlint.review.client import Client
from stratlint.review.marks import FINDING, MORE, REVIEW, read_mark
from stratlint.review.problems import Refused
from stratlint.review.pull import Pull

# Nobody without a token (a wrong one was refused before); GitHub Actions' own may not ask who it is.
_NOT_A_USER = (401, 403, 404)


@dataclass(frozen=True, slots=True)
class OldReview:
    """A review of ours. *first* tells the one with the summary from those that followed."""

    id: int
    body: str
    first: bool


@dataclass(frozen=True, slots=True)
class OldComment:
    """A line comment of ours. *last* is 0 when GitHub calls it outdated: its lines left the diff or changed."""

    id: int
    review: int
    key: str
    body: str
    path: str
    first: int
    last: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """All of it, the oldest first."""

    reviews: tuple[OldReview, ...] = ()
    comments: tuple[OldComment, ...] = ()


def read_earlier(client: Client, pull: Pull, name: str) -> Earlier:
    """Find the reviews and comments of the bot of this *name*.

    Whoever comments can copy a mark. Believing a copy would let the author of a change silence the bot, so only what
    the token's own user wrote counts; where it has no user, what some bot wrote.
    """
    reviews = [each for each in client.pages(f"{pull.path}/reviews") if _kind(each, name) in (REVIEW, MORE)]
    items = list(client.pages(f"{pull.path}/comments"))
    marked = [each for each in items if _kind(each, name) == FINDING]
    if not reviews and not marked:
        return Earlier()
    login = _login(client)
    own = [each for each in reviews if _is_own(each, login) and each.get("state") != "PENDING"]
    answered = {each.get("in_reply_to_id") for each in items}
    comments = [_comment(each, answered, name) for each in marked if _is_own(each, login)]
    return Earlier(tuple(_review(each, name) for each in own), tuple(comments))


def _login(client: Client) -> str:
    try:
        login = client.get("/user").data.get("login")
    except Refused as problem:
        if problem.status not in _NOT_A_USER:
            raise
        return ""
    return login if isinstance(login, str) else ""


def _is_own(item: Mapping[str, Any], login: str) -> bool:
    user = item.get("user")
    if not isinstance(user, dict):
        return False
    return user.get("login") == login if login else user.get("type") == "Bot"


def _kind(item: Any, name: str) -> str:
    body = item.get("body") if isinstance(item, dict) else None
    found = read_mark(body, name) if isinstance(body, str) else None
    return found[0] if found else ""


def _review(item: Mapping[str, Any], name: str) -> OldReview:
    return OldReview(int(item["id"]), str(item["body"]), _kind(item, name) == REVIEW)


def _comment(item: Mapping[str, Any], answered: set[object], name: str) -> OldComment:
    mark = read_mark(str(item["body"]), name)
    last = item.get("line")
    last = last if isinstance(last, int) and item.get("side", "RIGHT") == "RIGHT" else 0
    first = item.get("start_line")
    review = item.get("pull_request_review_id")
    return OldComment(
        id=int(item["id"]),
        review=review if isinstance(review, int) else 0,
        key=mark[1] if mark else "",
        body=str(item["body"]),
        path=str(item.get("path", "")),
        first=first if isinstance(first, int) else last,
        last=last,
        answered=item["id"] in answered,
    )
