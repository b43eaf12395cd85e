"""What can go wrong on the way to GitHub, in words for the user."""

from __future__ import annotations


class ReviewProblem(Exception):  # noqa: N818 - named for what it is to the user
    """Nothing more can be done; the text is for the user."""


class Refused(ReviewProblem):
    """GitHub answered with an error. *status* is its code, *detail* its own words."""

    def __init__(self, status: int, detail: str, message: str) -> None:
        self.status = status
        self.detail = detail
        super().__init__(message)


class Uncertain(ReviewProblem):
    """A write that must not be repeated blindly: the connection or the server broke, perhaps after doing it."""
