"""Hidden comments at the start of what the bot writes: by these it finds its own reviews and comments again.

They stand at the very start, where no text of a document can, so nobody's Markdown can forge one in our comments;
who wrote a comment is checked as well (see `earlier`).
"""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MARK = re.compile(r"<!-- stratlint:(review|more|finding) v1 name=([A-Za-z0-9._-]{1,40})(?: ([0-9a-f]{32}|resolved))? -->")
REVIEW, MORE, FINDING = "review", "more", "finding"
RESOLVED = "resolved"


def is_name(text: str) -> bool:
    """Whether a bot can go by this name; two of them on one pull request keep out of each other's way."""
    return _NAME.fullmatch(text) is not None


def mark(kind: str, name: str, key: str = "") -> str:
    """The first line of a review's or comment's body."""
    return f"<!-- stratlint:{kind} v1 name={name}{' ' if key else ''}{key} -->"


def read_mark(body: str, name: str) -> tuple[str, str] | None:
    """Kind and key of a body that the bot of this *name* wrote; None for any other."""
    match = _MARK.match(body)
    return (match[1], match[3] or "") if match and match[2] == name else None
