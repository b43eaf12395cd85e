"""Where a finding's comment stands, and the repair that it can offer there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stratlint.report.escaping import printable
from stratlint.review.examine import Examined, Remark
from stratlint.review.patch import Lines
from stratlint.rules.finding import Location

_LONGEST_REPAIR = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Lines *first* to *last* of the new version, all of them in one hunk of the diff."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What is to be said, and where; without a *place* it goes into the review's body. *repair* replaces the lines."""

    remark: Remark
    path: str
    line: int
    place: Place | None = None
    repair: str | None = None

    @property
    def key(self) -> str:
        """The finding's identity in the pull request."""
        return self.remark.key


def comments_of(examined: Examined) -> list[Comment]:
    """One comment a finding."""
    if examined.document is None:
        return []
    lines = Lines(examined.document)
    return [_comment(examined, remark, lines) for remark in examined.remarks]


def ranked(comments: list[Comment]) -> list[Comment]:
    """The gravest first, and before all repetitions: a comment for each root cause."""
    ordered = sorted(comments, key=_gravity)
    seen: set[tuple[str, str]] = set()
    first: list[Comment] = []
    again: list[Comment] = []
    for each in ordered:
        root = (each.path, each.remark.finding.root)
        (again if root[1] and root in seen else first).append(each)
        seen.add(root)
    return first + again


def _gravity(comment: Comment) -> tuple[int, bool, int, str, int]:
    finding = comment.remark.finding
    order = ("high", "medium", "low")
    confidence = order.index(finding.confidence) if finding.confidence in order else len(order)
    return finding.severity.rank, not finding.flips_verdict, confidence, comment.path, comment.line


def _comment(examined: Examined, remark: Remark, lines: Lines) -> Comment:
    first, last = _span(remark.finding.location, lines)
    # It was put at evidence in changed lines; a long one may begin above them, or end below their hunk.
    changed = examined.patch.first_changed(first, last)
    hunk = examined.patch.hunk_of(changed) if changed is not None else None
    if changed is None or hunk is None:
        return Comment(remark, examined.path, first if changed is None else changed)
    place = Place(examined.path, max(first, hunk[0]), min(last, hunk[1]))
    repaired = _repair(examined, remark, lines, place)
    if repaired is None:
        return Comment(remark, examined.path, changed, place)
    return Comment(remark, examined.path, changed, repaired[0], repaired[1])


def _span(place: Location, lines: Lines) -> tuple[int, int]:
    first = lines.of_git(place.start)
    # The end is exclusive: a place that ends with its line does not reach into the next one.
    return first, lines.of_git(max(place.start, place.end - 1))


def _repair(examined: Examined, remark: Remark, lines: Lines, place: Place) -> tuple[Place, str] | None:
    """The lines with the suggestion carried out, when it concerns lines of the comment only."""
    suggestion = remark.finding.suggestion
    if suggestion is None:
        return None
    first = lines.of_git(suggestion.start)
    last = lines.of_git(max(suggestion.start, suggestion.end - 1))
    if not place.first <= first <= last <= place.last:
        return None
    start, old = lines.text(first, last)
    new = old[: suggestion.start - start] + suggestion.replacement + old[suggestion.end - start :]
    # GitHub writes the line ends; what a reader cannot see is nothing to accept with a click.
    new = re.sub(r"\r(?=\n|\Z)", "", new)
    if len(new) > _LONGEST_REPAIR or printable(new) != " ".join(re.split(r"[\t\n]", new)):
        return None
    return Place(place.path, first, last), new
