"""Waivers: reviewed exceptions in the configuration, for a rule in some files, bound to a value, until a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from stratlint.config.patterns import matches
from stratlint.config.selection import relative_to_root
from stratlint.config.settings import Settings, Waiver
from stratlint.document import Document
from stratlint.document.lines import line_starts
from stratlint.report.outcome import DocumentReport
from stratlint.report.suppression import UNUSED, mentions
from stratlint.rules.finding import Finding, Location, Severity
from stratlint.rules.successors import meant_by, names_of

EXPIRED = "expired-suppression"


def expired(waiver: Waiver, today: date) -> bool:
    """Whether the waiver's last day is over."""
    return waiver.expires is not None and waiver.expires < today


def waive(
    path: str, findings: Sequence[Finding], asked: Sequence[bool], settings: Settings, today: date
) -> tuple[tuple[Waiver | None, ...], tuple[str, ...]]:
    """For each finding that is *asked* about the waiver that holds, and the waivers (by their place) that were used."""
    waivers = [
        each
        for each in settings.waivers
        if settings.ignores and not expired(each, today) and matches(relative_to_root(settings, path), [each.path])
    ]
    waived: list[Waiver | None] = []
    used: dict[str, None] = {}
    for finding, question in zip(findings, asked, strict=True):
        holding = [each for each in waivers if question and _holds(each, finding)]
        used.update(dict.fromkeys(each.where for each in holding))
        waived.append(holding[0] if holding else None)
    return tuple(waived), tuple(used)


def about_waivers(
    documents: Iterable[tuple[str, Settings]],
    used: Iterable[str],
    today: date,
    active: Mapping[str, frozenset[str]],
    sources: Mapping[str, Document],
) -> tuple[DocumentReport, ...]:
    """Findings about the waivers themselves, one report for each configuration file that has any.

    Only a waiver whose files were checked in this run, with its rule on, can be called unused; *documents* are the
    checked ones, *active* the rules that held for each, *sources* the configuration files by path.
    """
    counts = Counter(used)
    waivers: dict[str, Waiver] = {}
    tried: set[str] = set()
    for path, settings in documents:
        here = relative_to_root(settings, path)
        for waiver in settings.waivers if settings.ignores else ():
            waivers[waiver.where] = waiver
            if not active.get(path, frozenset()).isdisjoint(meant_by(waiver.rule)) and matches(here, [waiver.path]):
                tried.add(waiver.where)
    by_file: dict[str, list[Finding]] = {}
    for where, waiver in waivers.items():
        if expired(waiver, today):
            message = f"the waiver of `{waiver.rule}` for {waiver.path} expired on {waiver.expires}"
            _add(by_file, sources, waiver, EXPIRED, message)
        elif where in tried and not counts[where]:
            bound = f" for {waiver.claim}" if waiver.claim else ""
            message = f"the waiver of `{waiver.rule}`{bound} in {waiver.path} silences nothing"
            _add(by_file, sources, waiver, UNUSED, message)
    return tuple(DocumentReport(path, sources.get(path), tuple(findings)) for path, findings in sorted(by_file.items()))


def file_of(waiver: Waiver) -> str:
    """The configuration file that the waiver stands in; the command line's own name when it is from there."""
    return _place(waiver)[0]


def _holds(waiver: Waiver, finding: Finding) -> bool:
    if waiver.rule not in names_of(finding.rule):
        return False
    texts = (finding.claimed, finding.location.text, *(each.text for each in finding.related))
    return not waiver.claim or any(mentions(text, waiver.claim) for text in texts)


def _place(waiver: Waiver) -> tuple[str, int]:
    path, found, digits = waiver.where.rpartition(":")
    return (path, int(digits)) if found and digits.isdigit() else (waiver.where, 1)


def _add(by_file: dict[str, list[Finding]], sources: Mapping[str, Document], waiver: Waiver, rule: str, message: str) -> None:
    path, line = _place(waiver)
    source = sources.get(path)
    text = source.line_text(line) if source else waiver.rule
    start = line_starts(source.text)[line - 1] if source else 0
    place = Location(path, start, start + len(text), line, 1, line, len(text) + 1, "waiver", text)
    found = Finding(rule, Severity.WARNING, "high", message, place, claimed=waiver.claim, help=waiver.reason)
    by_file.setdefault(path, []).append(found)
