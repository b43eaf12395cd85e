"""Patches: the lines that were changed, the lines that take comments, and the two ways to count lines."""

from __future__ import annotations

import difflib

import pytest
from github_state import lines_of as split
from github_state import right_lines
from hypothesis import given
from hypothesis import strategies as st

from stratlint.document import parse
from stratlint.report.difference import MalformedDiff
from stratlint.review.patch import Lines, Patch, compare, everything, parse_diff, parse_patch

TRICKY = ["a", "b", "", "@@ -1 +1 @@", "--- x", "+++ y", "diff --git", "\\ x"]
TEXTS = st.lists(st.sampled_from(TRICKY), max_size=40).map(lambda lines: "".join(f"{line}\n" for line in lines))


def patch_of(old: str, new: str) -> str:
    return "\n".join(list(difflib.unified_diff(split(old), split(new), lineterm=""))[2:])


def lines_of(ranges) -> list[int]:
    return [line for first, last in ranges for line in range(first, last + 1)]


@given(TEXTS, TEXTS)
def test_hunks_are_the_lines_that_github_shows(old: str, new: str) -> None:
    text = patch_of(old, new)
    if not text:
        return
    patch = parse_patch(text)
    shown = right_lines(text)
    assert lines_of(patch.hunks) == sorted(shown)
    for line, hunk in shown.items():
        first, last = patch.hunk_of(line) or (0, 0)
        assert {shown[each] for each in range(first, last + 1)} == {hunk}
    assert set(lines_of(patch.changed)) <= set(shown)
    if patch.changed:
        assert parse_diff(f"diff --git a/x b/x\n--- a/x\n+++ b/x\n{text}\n") == {"x": patch}


@given(TEXTS, TEXTS)
def test_comparing_contents_finds_lines_that_make_up_the_difference(old: str, new: str) -> None:
    changed = set(lines_of(compare(old, new).changed))
    kept = [line for number, line in enumerate(new.split("\n"), 1) if number not in changed]
    remaining = iter(old.split("\n"))
    assert all(any(line == other for other in remaining) for line in kept)
    assert compare(new, new) == Patch()


@given(st.text(alphabet="ab\r\n ", max_size=60))
def test_lines_of_git_and_ours(text: str) -> None:
    document = parse(text, "x.md")
    lines = Lines(document)
    for offset in range(len(text)):
        assert lines.of_git(offset) == text.count("\n", 0, offset) + 1
        ((first, last),) = lines.ours([(lines.of_git(offset),) * 2])
        assert first <= document.position(offset)[0] <= last
    for number, line in enumerate(text.split("\n"), 1):
        assert lines.text(number, number)[1] == line


def test_first_changed_and_hunk_of() -> None:
    patch = Patch(((3, 5), (9, 9)), ((1, 7), (8, 12)))
    assert [patch.first_changed(*each) for each in ((1, 2), (1, 3), (4, 9), (6, 8), (6, 20), (10, 12))] == [
        None,
        3,
        4,
        None,
        9,
        None,
    ]
    assert [patch.hunk_of(line) for line in (0, 1, 7, 8, 12, 13)] == [None, (1, 7), (1, 7), (8, 12), (8, 12), None]


def test_what_is_no_patch() -> None:
    with pytest.raises(MalformedDiff):
        parse_patch("@@ -1,3 +1,9 @@\n a\n")
    with pytest.raises(MalformedDiff):
        parse_patch("@@ nonsense @@\n a\n")
    assert parse_diff("nonsense\n") == {}
    assert everything("a\nb").changed == ((1, 2),)
