"""Who speaks, and of when: whether a statement asserts anything about the plan as it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from stratlint.meaning.statement import Item
from stratlint.resources import data_folder, read_yaml


def voice_of(items: Sequence[Item]) -> tuple[bool, bool]:
    """Whether a statement is asserted at all, and whether it speaks of the present."""
    tags = frozenset[str]().union(*(item.tags for item in items))
    return "denied" not in tags, "other_time" not in tags


def denied_heading(path: Sequence[str]) -> bool:
    """Whether any heading above says that nothing under it is asserted."""
    return any(_denies(title) for title in path)


@cache
def _denies(title: str) -> bool:
    words = title.lower()
    return any(phrase in words for phrase in map(str, read_yaml(data_folder("grammar") / "lexicon" / "voice.yaml")["headings"]))
