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
from stratlint.document.blocks import Comment, Document, Span
from stratlint.report.directives import Directive, Mistake, read
from stratlint.rules.finding import Finding, Location, Severity
from stratlint.rules.successors import codes, names_of, note_on, successors

UNUSED = "unused-suppression"
UNKNOWN = "unknown-suppression"
UNREASONED = "unreasoned-suppression"
RENAMED = "renamed-suppression"
OWN = frozenset({UNUSED, UNKNOWN, UNREASONED, RENAMED})


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
    by, about = judge(document, findings, known_rules, settings, active_rules)
    kept = [finding for finding, directive in zip(findings, by, strict=True) if directive is None]
    dropped = tuple(finding for finding, directive in zip(findings, by, strict=True) if directive is not None)
    return tuple(sorted([*kept, *about], key=lambda each: each.location.start)), dropped


def judge(
    document: Document,
    findings: Sequence[Finding],
    known_rules: Collection[str],
    settings: Settings,
    active_rules: Collection[str] | None = None,
) -> tuple[tuple[Directive | None, ...], tuple[Finding, ...]]:
    """For each finding the directive that silences it, and the findings about the suppressions themselves.

    *active_rules* are the rules that were evaluated: a suppression of another one is not called unused.
    """
    if not settings.ignores or "stratlint" not in document.text:
        return (None,) * len(findings), ()
    directives, mistakes = read(document)
    index = _Index(document.path, directives)
    by = tuple(index.silencer(finding) for finding in findings)
    active = known_rules if active_rules is None else active_rules
    about = [
        *_mistaken(document, mistakes),
        *_unknown(document, directives, known_rules),
        *_renamed(document, directives, known_rules),
        *(_unreasoned(document, directives) if settings.require_reason else ()),
        *_unused(document, directives, index.uses, known_rules, active),
        *_stray(document, directives, known_rules),
    ]
    # A second round for findings about suppressions: what silences those is not asked for its own use.
    asked = [each for each in about if active_rules is None or each.rule in active]
    return by, tuple(each for each in asked if index.silencer(each) is None)


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


class _Index:
    """Directives by rule and place; those that silence the same are one, so that many of them stay cheap."""

    def __init__(self, path: str, directives: Sequence[Directive]) -> None:
        self._path = path
        self._directives = directives
        self._groups: dict[_Group, list[int]] = {}
        for number, directive in enumerate(directives):
            for rule in directive.rules:
                self._groups.setdefault(_Group(rule, directive.value, directive.covers), []).append(number)
        self._used: set[_Group] = set()
        self._lapsed: set[_Group] = set()
        # Ranges of lines and of files are not looked up by place; ends of lines are, and there may be many.
        self._wide: dict[str, list[_Group]] = {}
        self._narrow: dict[str, list[tuple[int, int, _Group]]] = {}
        for order, group in enumerate(self._groups):
            if len(group.covers) == 1 and group.covers[0].end - group.covers[0].start <= _NARROW:
                self._narrow.setdefault(group.rule, []).append((group.covers[0].start, order, group))
            else:
                self._wide.setdefault(group.rule, []).append(group)
        for ordered in self._narrow.values():
            ordered.sort(key=lambda each: each[:2])

    @property
    def uses(self) -> list[_Use]:
        """What each directive has done so far."""
        uses = [_Use() for _ in self._directives]
        for group, numbers in self._groups.items():
            for number in numbers:
                if group in self._used:
                    uses[number].used.add(group.rule)
                if group in self._lapsed:
                    uses[number].lapsed.add(group.rule)
        return uses

    def silencer(self, finding: Finding) -> Directive | None:
        """The first directive that silences *finding*; every one that does is marked as used."""
        places = [each for each in (finding.location, *finding.related) if each.path == self._path]
        texts = [finding.claimed, finding.location.text, *(each.text for each in finding.related)]
        first: int | None = None
        for group in (group for name in names_of(finding.rule) for group in self._near(name, places)):
            if not _covers(group.covers, places):
                continue
            if group.value and not any(mentions(text, group.value) for text in texts):
                self._lapsed.add(group)
                continue
            self._used.add(group)
            number = self._groups[group][0]
            first = number if first is None else min(first, number)
        return None if first is None else self._directives[first]

    def _near(self, rule: str, places: Iterable[Location]) -> Iterator[_Group]:
        yield from self._wide.get(rule, ())
        ordered = self._narrow.get(rule, [])
        for place in places if ordered else ():
            first = bisect_left(ordered, place.start - _NARROW, key=_start_of)
            until = bisect_left(ordered, max(place.end, place.start + 1), key=_start_of)
            yield from (group for *_, group in ordered[first:until])


@dataclass(frozen=True, slots=True)
class _Group:
    """All directives that silence this rule, for this value, in these ranges."""

    rule: str
    value: str
    covers: tuple[Span, ...]


_NARROW = 1 << 12


def _start_of(each: tuple[int, int, _Group]) -> int:
    return each[0]


def _covers(covers: Iterable[Span], places: Iterable[Location]) -> bool:
    return any(place.start < span.end and span.start < max(place.end, place.start + 1) for place in places for span in covers)


def _mistaken(document: Document, mistakes: Iterable[Mistake]) -> Iterator[Finding]:
    for each in mistakes:
        yield _finding(document, each.comment, UNKNOWN, f"suppression {each.why}")


def _unknown(document: Document, directives: Iterable[Directive], known: Collection[str]) -> Iterator[Finding]:
    for directive in directives:
        for rule in directive.rules:
            if rule not in known and rule not in successors():
                yield _finding(document, directive.comment, UNKNOWN, f"`{rule}` is no rule{suggestion(rule, (*known, *codes()))}", rule)


def _renamed(document: Document, directives: Iterable[Directive], known: Collection[str]) -> Iterator[Finding]:
    for directive in directives:
        for rule in directive.rules:
            if rule not in known and rule in successors():
                yield replace(_finding(document, directive.comment, RENAMED, note_on(rule), rule), severity=Severity.INFO)


def _unreasoned(document: Document, directives: Iterable[Directive]) -> Iterator[Finding]:
    done: set[Span] = set()
    for each in directives:
        if not each.reason and each.verb != "enable" and each.comment.span not in done:
            done.add(each.comment.span)
            rules = ", ".join(each.rules)
            yield _finding(
                document,
                each.comment,
                UNREASONED,
                f"`{each.verb}[{rules}]` gives no reason",
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
            meant = successors().get(rule, (rule,))
            if rule in use.used or rule in OWN or not any(each in known and each in active for each in meant):
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
            if rule not in opened and (rule in known or rule in successors()):
                message = f"`enable[{rule}]` ends no `disable[{rule}]`"
                yield _finding(document, directive.comment, UNUSED, message, rule)
            opened.discard(rule)


def _finding(document: Document, comment: Comment, rule: str, message: str, claimed: str = "", help: str = "") -> Finding:
    line, column = document.position(comment.span.start)
    end_line, end_column = document.position(comment.span.end)
    text = document.text[comment.span.start : comment.span.end]
    place = Location(document.path, comment.span.start, comment.span.end, line, column, end_line, end_column, "suppression", text)
    section = document.blocks[comment.block].section if comment.block >= 0 else 0
    return Finding(
        rule,
        Severity.WARNING,
        "high",
        message,
        place,
        claimed=claimed,
        help=help,
        section=document.heading_path(section),
    )
