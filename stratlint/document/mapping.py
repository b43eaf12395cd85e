"""Content of a leaf block to the places of its characters in the source, by arithmetic only (never by searching)."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.document.blocks import Segment
from stratlint.document.markdown import TRIMMED, Leaf, RawCell


class Source:
    """The normalised text and the way back from its offsets to those of the source text."""

    __slots__ = ("shifts", "text")

    def __init__(self, text: str, shifts: Sequence[int] | None) -> None:
        self.text = text
        self.shifts = shifts

    def offset(self, line: int, normal: int) -> int:
        """Source offset of an offset of the normalised text that stands on the (0-based) line."""
        shifts = self.shifts
        return normal if shifts is None else normal + shifts[min(line, len(shifts) - 1)]


def text_segments(source: Source, leaf: Leaf, content: str) -> tuple[Segment, ...]:
    """Segments of a paragraph's or heading's content, which is its lines without indent, trimmed at both ends."""
    first = _first_said(source.text, leaf)
    body = source.text[leaf.starts[first] : leaf.ends[first]]
    start = leaf.starts[first] + len(body) - len(body.lstrip(TRIMMED))
    break_at = content.find("\n")
    if break_at < 0:
        return (Segment(0, source.offset(leaf.first_line + first, start), len(content)),)
    head = Segment(0, source.offset(leaf.first_line + first, start), break_at)
    return _joined(source, [head, *_suffixes(source, leaf, content, first + 1, break_at + 1)])


def code_segments(source: Source, leaf: Leaf, content: str) -> tuple[Segment, ...]:
    """Segments of code and HTML: every content line is a line of the source, perhaps less some indent."""
    segments = _suffixes(source, leaf, content, 0, 0)
    return _joined(source, segments) if segments else (_empty(source, leaf),)


def cell_segments(source: Source, line: int, cell: RawCell) -> tuple[str, tuple[Segment, ...]]:
    """A cell's content, where ``\\|`` stands for ``|``, with its segments."""
    start = source.offset(line, cell.start)
    if "\\|" not in cell.raw:
        return cell.raw, (Segment(0, start, len(cell.raw)),)
    parts = cell.raw.split("\\|")
    segments: list[Segment] = []
    written = 0
    for index, part in enumerate(parts):
        # Every part but the first begins with the pipe whose backslash is left out.
        length = len(part) + (1 if index else 0)
        if length:
            segments.append(Segment(written, start, length))
        written += length
        start += length + 1
    return "|".join(parts), tuple(segments)


def _first_said(text: str, leaf: Leaf) -> int:
    """Index of the first line with something left after trimming (a line may hold only, say, a form feed)."""
    for index, (start, end) in enumerate(zip(leaf.starts, leaf.ends, strict=True)):
        if text[start:end].strip(TRIMMED):
            return index
    return 0


def _suffixes(source: Source, leaf: Leaf, content: str, line: int, position: int) -> list[Segment]:
    """One segment a content line from ``position`` on: what follows its indent is what follows the line's mark."""
    segments: list[Segment] = []
    for index in range(line, len(leaf.starts)):
        if position > len(content):
            break
        end = content.find("\n", position)
        end = len(content) if end < 0 else end
        length = min(leaf.ends[index] - leaf.starts[index], end - position)
        text = content[position:end]
        indent = len(text) - len(text.lstrip(" \t"))
        if indent < len(text):
            length = min(length, len(text) - indent)
            segments.append(Segment(position + indent, source.offset(leaf.first_line + index, leaf.starts[index]), length))
        position = end + 1
    return segments


def _joined(source: Source, segments: list[Segment]) -> tuple[Segment, ...]:
    """Neighbours that are only a line feed apart on both sides become one segment with the line feed in it."""
    joined = [segments[0]]
    for segment in segments[1:]:
        last = joined[-1]
        gap = segment.content - last.content - last.length
        if source.shifts is None and gap == 1 and segment.source - last.source - last.length == 1:
            joined[-1] = Segment(last.content, last.source, last.length + 1 + segment.length)
        else:
            joined.append(segment)
    return tuple(joined)


def _empty(source: Source, leaf: Leaf) -> Segment:
    """The place of content without characters: where its first line begins, or the end of a fence's opening line."""
    if leaf.starts:
        return Segment(0, source.offset(leaf.first_line, leaf.starts[0]), 0)
    return Segment(0, source.offset(leaf.first_line - 1, leaf.empty), 0)
