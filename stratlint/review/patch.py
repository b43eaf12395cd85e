"""The lines of a pull request's diff: which were changed, and on which GitHub takes comments."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from stratlint.document import Document
from stratlint.report.difference import MalformedDiff, changed_lines

_HEADER = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_NAME = "+++ b/patch\n"
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """Ranges of lines of the new version, inclusive and sorted; a line is what `\\n` ends.

    *hunks* are the lines that the diff shows, changed or not: a comment must stand on lines of one of them. Without
    hunks, nothing of the file can be commented, whatever was *changed*.
    """

    changed: tuple[Range, ...] = ()
    hunks: tuple[Range, ...] = ()

    def hunk_of(self, line: int) -> Range | None:
        """The hunk that shows *line*."""
        at = bisect_right(self.hunks, (line, 1 << 62)) - 1
        return self.hunks[at] if at >= 0 and self.hunks[at][1] >= line else None

    def first_changed(self, first: int, last: int) -> int | None:
        """The first changed line of *first* to *last*."""
        at = bisect_left(self.changed, first, key=lambda each: each[1])
        if at < len(self.changed) and self.changed[at][0] <= last:
            return max(first, self.changed[at][0])
        return None


def parse_patch(patch: str) -> Patch:
    """The `patch` of a file, as the API gives it: hunks without a file header.

    Raises:
        MalformedDiff: it is none, or is cut off.
    """
    return Patch(_ranges(line for _, line in changed_lines(_NAME + patch)), _hunks(patch))


def parse_diff(diff: str) -> dict[str, Patch]:
    """The files of a whole diff that have added lines, by their new name; those that cannot be read are left out."""
    found: dict[str, Patch] = {}
    # Lines of content begin with a blank, a sign or a backslash, so this is a file's first line.
    for part in re.split(r"^(?=diff )", diff, flags=re.MULTILINE):
        try:
            lines = list(changed_lines(part))
        except MalformedDiff:
            continue
        if lines:
            found[lines[0][0].removeprefix("b/")] = Patch(_ranges(line for _, line in lines), _hunks(part))
    return found


def compare(old: str, new: str) -> Patch:
    """What changed between two versions, when GitHub shows no diff of them: nothing can be commented."""
    before, after = old.split("\n"), new.split("\n")
    same = 0
    for same, (one, other) in enumerate(zip(before, after, strict=False)):  # noqa: B007
        if one != other:
            break
    else:
        same = min(len(before), len(after))
    # Without their common start, so that a remark in a long document costs little.
    matcher = difflib.SequenceMatcher(None, before[same:], after[same:], autojunk=True)
    added = ((start, end) for kind, _, _, start, end in matcher.get_opcodes() if kind in ("insert", "replace"))
    return Patch(_ranges(same + line + 1 for start, end in added for line in range(start, end)))


def everything(text: str) -> Patch:
    """A new file whose diff GitHub does not show."""
    return Patch(((1, text.count("\n") + 1),))


class Lines:
    """Two ways to count the lines of a document: git's, by `\\n`, and ours, where a lone `\\r` ends one as well."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._ends = [match.end() for match in re.finditer("\n", document.text)]

    def of_git(self, offset: int) -> int:
        """Git's number of the line that *offset* is in."""
        return bisect_right(self._ends, offset) + 1

    def text(self, first: int, last: int) -> tuple[int, str]:
        """Git's lines *first* to *last* without their last line end, and where they begin."""
        start = self._ends[first - 2] if first > 1 else 0
        end = self._ends[last - 1] - 1 if last <= len(self._ends) else len(self._document.text)
        return start, self._document.text[start:end]

    def ours(self, ranges: Iterable[Range]) -> tuple[Range, ...]:
        """The same lines in our numbers."""
        return tuple((self._first(first), self._last(last)) for first, last in ranges)

    def _first(self, line: int) -> int:
        return self._at(self._ends[line - 2] if 1 < line <= len(self._ends) + 1 else 0 if line == 1 else None)

    def _last(self, line: int) -> int:
        return self._at(self._ends[line - 1] - 1 if line <= len(self._ends) else len(self._document.text))

    def _at(self, offset: int | None) -> int:
        text = self._document.text
        return self._document.position(len(text) if offset is None else offset)[0]


def _hunks(patch: str) -> tuple[Range, ...]:
    """What the headers say. A hunk that only removes lines at the top shows none of the new version."""
    headers = (_HEADER.match(line) for line in patch.split("\n") if line.startswith("@@ "))
    spans = ((int(each[1]), int(each[2] or 1)) for each in headers if each)
    return tuple((start, start + count - 1) for start, count in spans if count)


def _ranges(lines: Iterable[int]) -> tuple[Range, ...]:
    found: list[Range] = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return tuple(found)
