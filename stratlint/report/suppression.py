"""Suppressions in HTML comments: with the rules named, a reason, and a place at any of a finding's locations.

    <!-- stratlint: ignore[rule-a, rule-b]: reason -->      this line, this cell's row, or the block that follows
    <!-- stratlint: ignore[rule]@76.11GB: reason -->        lapses when the number changes
    <!-- stratlint: disable[rule]: reason -->  …  <!-- stratlint: enable[rule] -->
    <!-- stratlint: file-ignore[rule]: reason -->

There is no blanket form. What is unused, unknown or without a reason becomes a finding itself.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from stratlint.config.errors import suggestion
from stratlint.config.settings import Settings
from stratlint.document.blocks import BlockKind, Comment, Document, Span
from stratlint.rules.finding import Finding, Location, Severity

UNUSED = "unused-suppression"
UNKNOWN = "unknown-suppression"
UNREASONED = "unreasoned-suppression"
OWN = frozenset({UNUSED, UNKNOWN, UNREASONED})
VERBS = ("ignore", "disable", "enable", "file-ignore")

_ADDRESSED = re.compile(r"\s*stratlint\s*:(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"\s*([\w-]+)\s*\[([^\]]*)\]\s*(?:@\s*([^:]*?)\s*)?(?::(.*))?\s*", re.DOTALL)


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


@dataclass(slots=True)
class _Use:
    """Which rules of a directive have silenced something, and which would have but for their value."""

    used: set[str] = field(default_factory=set)
    lapsed: set[str] = field(default_factory=set)


def apply(
    document: Document,
    findings: Sequence[Finding],
    known_rules: Collection[str],
    settings: Settings,
    active_rules: Collection[str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings that stand, those about the suppressions included, and findings that are silenced."""
    gone, about = judge(document, findings, known_rules, settings, active_rules)
    kept = [finding for finding, silenced in zip(findings, gone, strict=True) if not silenced]
    dropped = tuple(finding for finding, silenced in zip(findings, gone, strict=True) if silenced)
    return tuple(sorted([*kept, *about], key=lambda each: each.location.start)), dropped


def judge(
    document: Document,
    findings: Sequence[Finding],
    known_rules: Collection[str],
    settings: Settings,
    active_rules: Collection[str] | None = None,
) -> tuple[tuple[bool, ...], tuple[Finding, ...]]:
    """For each finding whether it is silenced, and the findings about the suppressions themselves.

    *active_rules* are the rules that were evaluated: a suppression of another one is not called unused.
    """
    if not settings.ignores or "stratlint" not in document.text:
        return (False,) * len(findings), ()
    directives, mistakes = read(document)
    index = _Index(document.path, directives)
    gone = tuple(index.silences(finding) for finding in findings)
    active = known_rules if active_rules is None else active_rules
    about = [
        *_mistaken(document, mistakes),
        *_unknown(document, directives, known_rules),
        *(_unreasoned(document, directives) if settings.require_reason else ()),
        *_unused(document, directives, index.uses, known_rules, active),
        *_stray(document, directives, known_rules),
    ]
    # A second round for findings about suppressions: what silences those is not asked for its own use.
    standing = [each for each in about if (active_rules is None or each.rule in active) and not index.silences(each)]
    return gone, tuple(standing)


def read(document: Document) -> tuple[tuple[Directive, ...], tuple[Mistake, ...]]:
    """Every comment that is addressed to us, understood or not."""
    directives: list[Directive] = []
    mistakes: list[Mistake] = []
    for comment in document.comments:
        addressed = _ADDRESSED.fullmatch(comment.text)
        if addressed is None:
            continue
        made = _parsed(comment, addressed[1])
        if isinstance(made, Mistake):
            mistakes.append(made)
        else:
            directives.append(made)
    return tuple(_placed(document, directives)), tuple(mistakes)


def mentions(text: str, value: str) -> bool:
    """Whether *text* contains *value* as a whole number with its unit, whatever the spaces, commas and emphasis.

    >>> mentions("**76.11 GB** total", "76.11GB"), mentions("176.11 GB", "76.11GB"), mentions("1,024 GPUs", "1024")
    (True, False, True)
    """
    characters = re.sub(r"[\s,*_`]", "", value)
    if not characters:
        return True
    parts = [re.escape(characters[0])]
    for before, after in pairwise(characters):
        grouped = before.isdigit() and after.isdigit()
        parts.append(r"(?:[,\s'](?=\d{3}(?!\d)))?" if grouped else r"[\s*_`]*")
        parts.append(re.escape(after))
    head = r"(?<!\d)(?<!\d[.,])" if characters[0].isdigit() else r"(?<!\w)"
    tail = r"(?!\d|[.,]\d)" if characters[-1].isdigit() else r"(?!\w)"
    return re.search(head + "".join(parts) + tail, text) is not None


def _parsed(comment: Comment, body: str) -> Directive | Mistake:
    found = _DIRECTIVE.fullmatch(body)
    if found is None:
        verb = re.match(r"\s*([\w-]*)", body)
        word = verb[1] if verb else ""
        if word in VERBS:
            return Mistake(comment, f"`{word}` has to name its rules: {word}[rule-name]: reason")
        return Mistake(comment, f"not understood{suggestion(word, VERBS)}; write ignore[rule-name]: reason")
    verb_name, named, value, reason = found[1], found[2], found[3] or "", (found[4] or "").strip()
    if verb_name not in VERBS:
        return Mistake(comment, f"`{verb_name}` is no suppression{suggestion(verb_name, VERBS)}")
    rules = tuple(dict.fromkeys(rule.strip() for rule in named.split(",") if rule.strip()))
    if not rules:
        return Mistake(comment, f"`{verb_name}[]` names no rule; there is no suppression of everything")
    if found[3] is not None and not value:
        return Mistake(comment, "`@` without the value that the suppression is bound to")
    return Directive(comment, verb_name, rules, value, reason)


def _placed(document: Document, directives: Sequence[Directive]) -> list[Directive]:
    """Each directive with the ranges it covers; `enable` only ends ranges and covers nothing itself.

    Rules of one `disable` may be enabled again at different places: it becomes one directive a rule.
    """
    placed: list[Directive] = []
    enabled: dict[str, int] = {}
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
            placed.append(replace(each, covers=tuple(_ignored_ranges(document, each.comment))))
    return placed[::-1]


def _ignored_ranges(document: Document, comment: Comment) -> Iterator[Span]:
    """The line that the comment stands on; alone on its lines, the block around it or after it."""
    first, column = document.position(comment.span.start)
    last, end_column = document.position(comment.span.end)
    before, after = document.line_text(first)[: column - 1], document.line_text(last)[end_column - 1 :]
    if not _ALONE.fullmatch(_OTHER_COMMENTS.sub("", before + after)):
        yield Span(comment.span.start - len(before), comment.span.end + len(after) + 1)
    elif comment.block >= 0:
        yield from _block_ranges(document, comment.block)


_OTHER_COMMENTS = re.compile(r"<!--.*?-->")
# Nothing but quote and list marks.
_ALONE = re.compile(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[\s>]*)?")


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


class _Index:
    """Directives by rule and place, so that many of them over many findings stay cheap."""

    def __init__(self, path: str, directives: Sequence[Directive]) -> None:
        self.uses = [_Use() for _ in directives]
        self._path = path
        self._directives = directives
        self._wide: dict[str, list[int]] = {}
        self._narrow: dict[str, list[tuple[int, int]]] = {}
        for number, directive in enumerate(directives):
            for rule in directive.rules:
                if directive.verb == "ignore":
                    ordered = self._narrow.setdefault(rule, [])
                    ordered.extend((span.start, number) for span in directive.covers)
                else:
                    self._wide.setdefault(rule, []).append(number)
        # Those before a block may cover more than those at a line's end, hence the widest is remembered.
        self._widest = max((span.end - span.start for each in directives if each.verb == "ignore"
                            for span in each.covers), default=0)
        for ordered in self._narrow.values():
            ordered.sort()

    def silences(self, finding: Finding) -> bool:
        """Whether some directive silences *finding*; every one that does is marked as used."""
        places = [each for each in (finding.location, *finding.related) if each.path == self._path]
        texts = [finding.claimed, finding.location.text, *(each.text for each in finding.related)]
        gone = False
        for number in self._near(finding.rule, places):
            directive, use = self._directives[number], self.uses[number]
            if not _covers(directive, places):
                continue
            if directive.value and not any(mentions(text, directive.value) for text in texts):
                use.lapsed.add(finding.rule)
                continue
            use.used.add(finding.rule)
            gone = True
        return gone

    def _near(self, rule: str, places: Iterable[Location]) -> Iterator[int]:
        yield from self._wide.get(rule, ())
        ordered = self._narrow.get(rule, [])
        for place in places if ordered else ():
            first = bisect_left(ordered, (place.start - self._widest, -1))
            until = bisect_left(ordered, (max(place.end, place.start + 1), -1))
            yield from (number for _, number in ordered[first:until])


def _covers(directive: Directive, places: Iterable[Location]) -> bool:
    return any(
        place.start < span.end and span.start < max(place.end, place.start + 1)
        for place in places
        for span in directive.covers
    )


def _mistaken(document: Document, mistakes: Iterable[Mistake]) -> Iterator[Finding]:
    for each in mistakes:
        yield _finding(document, each.comment, UNKNOWN, f"suppression {each.why}")


def _unknown(document: Document, directives: Iterable[Directive], known: Collection[str]) -> Iterator[Finding]:
    for directive in directives:
        for rule in directive.rules:
            if rule not in known:
                yield _finding(
                    document, directive.comment, UNKNOWN, f"`{rule}` is no rule{suggestion(rule, known)}", rule
                )


def _unreasoned(document: Document, directives: Iterable[Directive]) -> Iterator[Finding]:
    done: set[Span] = set()
    for each in directives:
        if not each.reason and each.verb != "enable" and each.comment.span not in done:
            done.add(each.comment.span)
            rules = ", ".join(each.rules)
            yield _finding(
                document, each.comment, UNREASONED, f"`{each.verb}[{rules}]` gives no reason",
                help="write why: …]: reason -->",
            )


def _unused(
    document: Document,
    directives: Sequence[Directive],
    uses: Sequence[_Use],
    known: Collection[str],
    active: Collection[str],
) -> Iterator[Finding]:
    for directive, use in zip(directives, uses, strict=True):
        for rule in directive.rules if directive.verb != "enable" else ():
            # What the suppression of a suppression's finding silences is not known in the first round.
            if rule in use.used or rule not in known or rule not in active or rule in OWN:
                continue
            if rule in use.lapsed:
                message = f"the suppression of `{rule}` was bound to {directive.value} and has lapsed"
            else:
                message = f"`{directive.verb}[{rule}]` silences nothing"
            yield _finding(document, directive.comment, UNUSED, message, rule)


def _stray(document: Document, directives: Iterable[Directive], known: Collection[str]) -> Iterator[Finding]:
    opened: set[str] = set()
    for directive in directives:
        if directive.verb == "disable":
            opened.update(directive.rules)
        for rule in directive.rules if directive.verb == "enable" else ():
            if rule not in opened and rule in known:
                message = f"`enable[{rule}]` ends no `disable[{rule}]`"
                yield _finding(document, directive.comment, UNUSED, message, rule)
            opened.discard(rule)


def _finding(
    document: Document, comment: Comment, rule: str, message: str, claimed: str = "", help: str = ""
) -> Finding:
    line, column = document.position(comment.span.start)
    end_line, end_column = document.position(comment.span.end)
    text = document.text[comment.span.start : comment.span.end]
    place = Location(
        document.path, comment.span.start, comment.span.end, line, column, end_line, end_column, "suppression", text
    )
    section = document.blocks[comment.block].section if comment.block >= 0 else 0
    return Finding(
        rule, Severity.WARNING, "high", message, place, claimed=claimed, help=help,
        section=document.heading_path(section),
    )
