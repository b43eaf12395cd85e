"""Which version this is, and whether a requirement such as `>=0.1,<1` admits it."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|~=|>|<)?\s*v?(\d+(?:\.\d+)*)\s*")


def installed_version() -> str:
    """The version of the package that runs, installed or not."""
    from stratlint import __version__

    return __version__


def satisfies(version: str, requirement: str) -> bool | None:
    """Whether *version* meets every clause of *requirement*; None when that is malformed.

    >>> satisfies("0.1.0", ">=0.1,<1"), satisfies("0.1.0", "~=0.2"), satisfies("0.1.0", "new")
    (True, False, None)
    """
    clauses = [_CLAUSE.fullmatch(clause) for clause in requirement.split(",")]
    if not all(clauses):
        return None
    have = _numbers(version)
    return all(_meets(have, clause[1] or "==", clause[2]) for clause in clauses if clause)


def _meets(have: tuple[int, ...], operator: str, wanted: str) -> bool:
    bound = _numbers(wanted)
    if operator == "~=":
        prefix = tuple(int(part) for part in wanted.split("."))[:-1]
        return have >= bound and have[: len(prefix)] == prefix
    return {
        ">=": have >= bound,
        "<=": have <= bound,
        "==": have == bound,
        "!=": have != bound,
        ">": have > bound,
        "<": have < bound,
    }[operator]


def _numbers(version: str) -> tuple[int, ...]:
    """The release segment, padded, so that 0.1 equals 0.1.0."""
    release = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in release[0].split(".")] if release else []
    return tuple(parts + [0] * (6 - len(parts)))
