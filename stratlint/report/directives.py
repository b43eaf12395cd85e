"""Suppression comments: which are addressed to us, what they say, and which ranges of the document they cover."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.config.errors import suggestion
from stratlint.document.blocks import BlockKind, Comment, Document, Span
from stratlint.document.lines import line_starts
from stratlint.rules.successors import codes

VERBS = ("ignore", "disable", "enable", "file-ignore")

_ADDRESSED = re.compile(r"\s*stratlint\s*:(.*)", re.DOTALL)
# Written as to other tools; silence about it would leave its author to guess.
_NEARLY = re.compile(r"\s*stratlint[\s-]+(?:ignore|disable|enable|file-ignore)\b", re.IGNORECASE)
_DIRECTIVE = re.compile(r"([\w-]+)\s*\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Directive:
    """One understood comment. `covers` are the source ranges in which it silences `rules`."""

    comment: Comment
    verb: str
    rules: tuple[str, ...]
    value: str
    reason: str
    covers: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A comment that is addressed to us and cannot be followed."""

    comment: Comment
    why: str


def read(document: Document) -> tuple[tuple[Directive, ...], tuple[Mistake, ...]]:
    """Every comment that is addressed to us, understood or not."""
    directives: list[Directive] = []
    mistakes: list[Mistake] = []
    for comment in document.comments:
        addressed = _ADDRESSED.fullmatch(comment.text)
        if addressed is None:
            if _NEARLY.match(comment.text):
                mistakes.append(Mistake(comment, "lacks its colon: write `stratlint: ignore[rule-name]: reason`"))
            continue
        made = _parsed(comment, addressed[1])
        if isinstance(made, Mistake):
            mistakes.append(made)
        else:
            directives.append(made)
    return tuple(_placed(document, directives)), tuple(mistakes)


def _parsed(comment: Comment, body: str) -> Directive | Mistake:
    body = body.strip()
    found = _DIRECTIVE.match(body)
    rest = body[found.end() :].strip() if found else ""
    if found is None or (rest and rest[0] not in "@:"):
        word = re.match(r"[\w-]*", body)
        verb = word[0] if word else ""
        if verb in VERBS:
            return Mistake(comment, f"`{verb}` has to name its rules: {verb}[rule-name]: reason")
        return Mistake(comment, f"not understood{suggestion(verb, VERBS)}; write ignore[rule-name]: reason")
    verb, named = found[1], found[2]
    if verb not in VERBS:
        return Mistake(comment, f"`{verb}` is no suppression{suggestion(verb, VERBS)}")
    # A rule is one thing to its comments, whether they say its name or its code.
    rules = tuple(dict.fromkeys(codes().get(rule, rule) for each in named.split(",") if (rule := each.strip())))
    if not rules:
        return Mistake(comment, f"`{verb}[]` names no rule; there is no suppression of everything")
    value, _, reason = rest[1:].partition(":") if rest.startswith("@") else ("", "", rest[1:])
    if rest.startswith("@") and not value.strip():
        return Mistake(comment, "`@` without the value that the suppression is bound to")
    return Directive(comment, verb, rules, value.strip(), reason.strip())


def _placed(document: Document, directives: Sequence[Directive]) -> list[Directive]:
    """Each directive with the ranges it covers; `enable` only ends ranges and covers nothing itself.

    Rules of one `disable` may be enabled again at different places: it becomes one directive a rule.
    """
    placed: list[Directive] = []
    enabled: dict[str, int] = {}
    lines = _Lines(document)
    for each in reversed(directives):
        start = each.comment.span.start
        if each.verb == "enable":
            enabled.update(dict.fromkeys(each.rules, start))
            placed.append(each)
        elif each.verb == "disable":
            for rule in reversed(each.rules):
                covered = Span(start, enabled.get(rule, len(document.text) + 1))
                placed.append(replace(each, rules=(rule,), covers=(covered,)))
        elif each.verb == "file-ignore":
            placed.append(replace(each, covers=(Span(0, len(document.text) + 1),)))
        else:
            placed.append(replace(each, covers=tuple(_ignored_ranges(document, lines, each.comment))))
    return _without_repetition(placed[::-1])


def _without_repetition(directives: Sequence[Directive]) -> list[Directive]:
    """A `disable` of what is disabled already covers nothing (and will be called unused)."""
    until: dict[tuple[str, str], int] = {}
    made: list[Directive] = []
    for each in directives:
        if each.verb == "disable":
            key = (each.rules[0], each.value)
            if each.comment.span.start < until.get(key, 0):
                made.append(replace(each, covers=()))
                continue
            until[key] = each.covers[0].end
        made.append(each)
    return made


class _Lines:
    """Which lines hold nothing but comments; each is looked at once, however many comments it has."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._starts = line_starts(document.text)
        self._known: dict[tuple[int, int], tuple[Span, bool]] = {}
        self._comments = sorted((each.span.start, each.span.end) for each in document.comments)

    def around(self, comment: Comment) -> tuple[Span, bool]:
        """The lines of *comment*, and whether there is more on them than comments, quote and list marks."""
        first, _ = self._document.position(comment.span.start)
        last, _ = self._document.position(comment.span.end)
        if (first, last) not in self._known:
            end = self._starts[last] if last < len(self._starts) else len(self._document.text) + 1
            span = Span(self._starts[first - 1], end)
            self._known[first, last] = span, not _ALONE.fullmatch(self._besides_comments(span))
        return self._known[first, last]

    def _besides_comments(self, span: Span) -> str:
        parts: list[str] = []
        at = span.start
        for index in range(bisect_left(self._comments, (span.start, 0)), len(self._comments)):
            start, end = self._comments[index]
            if start >= span.end:
                break
            parts.append(self._document.text[at:start])
            at = end
        return "".join((*parts, self._document.text[at : span.end]))


def _ignored_ranges(document: Document, lines: _Lines, comment: Comment) -> Iterator[Span]:
    """The line that the comment stands on; alone on its lines, the block around it or after it."""
    span, shared = lines.around(comment)
    if shared:
        yield span
    elif comment.block >= 0:
        yield from _block_ranges(document, comment.block)


# Nothing but quote and list marks, and a byte order mark.
_ALONE = re.compile(r"[\s>\ufeff]*(?:(?:[-*+]|\d{1,9}[.)])[\s>]*)?")


def _block_ranges(document: Document, index: int) -> Iterator[Span]:
    block = document.blocks[index]
    if block.kind is BlockKind.CELL and block.cell is not None:
        cells = [cell for row in document.tables[block.cell.table].rows for cell in row if cell >= 0]
        spans = [span for cell in cells for span in _extent(document, cell)]
    else:
        spans = list(_extent(document, index))
    if spans:
        yield Span(min(span.start for span in spans), max(span.end for span in spans))


def _extent(document: Document, index: int) -> Iterator[Span]:
    segments = document.blocks[index].segments
    if segments:
        yield Span(segments[0].source, segments[-1].source + segments[-1].length)
