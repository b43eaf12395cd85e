"""Send a plan: new comments first, so that nothing is lost when something fails half way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stratlint.review.body import Author
from stratlint.review.client import Client
from stratlint.review.comments import Comment
from stratlint.review.earlier import Earlier
from stratlint.review.plan import (
    Draft,
    Plan,
    Request,
    first_review,
    further_review,
    single_comment,
    summary_edit,
)
from stratlint.review.problems import Refused

_OUTSIDE = 422
_GONE = 404


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did."""

    posted: int
    changed: int
    moved: int


def requests_for(draft: Draft, plan: Plan, earlier: Earlier, author: Author) -> tuple[Request, ...]:
    """Everything that `send` sends when GitHub takes all of it."""
    if not any(each.first for each in earlier.reviews):
        says_something = draft.shown or draft.listed or any(each.asked.offer for each in draft.examined)
        opening = (first_review(draft, plan.new, author),) if says_something else ()
        return (*opening, *plan.changes)
    opening = (further_review(plan.new, author),) if plan.new else ()
    closing = summary_edit(draft, earlier, author)
    return (*opening, *plan.changes, *((closing,) if closing else ()))


def send(client: Client, draft: Draft, plan: Plan, earlier: Earlier, author: Author) -> Sent:
    """Carry it out.

    A review with one comment that GitHub takes to be outside the diff is refused as a whole (422) and it is not said
    which one it is. Then each goes up on its own, and those that are refused again into the body.
    """
    requests = requests_for(draft, plan, earlier, author)
    try:
        for request in requests:
            _sent(client, request)
        return Sent(len(plan.new), len(plan.changes), 0)
    except Refused as problem:
        if problem.status != _OUTSIDE or not plan.new:
            raise
    refused = _one_by_one(client, plan.new, author)
    moved = draft.without(refused)
    if not any(each.first for each in earlier.reviews):
        _sent(client, first_review(moved, (), author))
    for request in plan.changes:
        _sent(client, request)
    closing = summary_edit(moved, earlier, author)
    if closing is not None:
        _sent(client, closing)
    return Sent(len(plan.new) - len(refused), len(plan.changes), len(refused))


def _one_by_one(client: Client, comments: Sequence[Comment], author: Author) -> list[Comment]:
    refused = []
    for comment in comments:
        try:
            _sent(client, single_comment(comment, author))
        except Refused as problem:
            if problem.status != _OUTSIDE:
                raise
            refused.append(comment)
    return refused


def _sent(client: Client, request: Request) -> None:
    try:
        client.send(request.method, request.path, request.body)
    except Refused as problem:
        # Somebody else removed it: as wanted, or the next run posts it again.
        if problem.status != _GONE or request.method not in ("DELETE", "PATCH"):
            raise
