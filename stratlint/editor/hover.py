"""What is known of a number, as `claims` knows it: meaning, status, why, and the computation with its premises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol import types

from stratlint.editor.page import Page
from stratlint.editor.places import premises, span
from stratlint.report.escaping import markdown, printable
from stratlint.report.evidence import own_computation, premise, reading_lines, source_lines
from stratlint.report.meaning import UNKNOWN, meaning
from stratlint.rules.finding import Finding, LedgerEntry, Role, Status
from stratlint.rules.registry import load_rules

_MOST_PREMISES = 12


def hover(page: Page, at: int, kind: types.MarkupKind = types.MarkupKind.Markdown) -> types.Hover | None:
    """About the number at an offset; None where there is none."""
    entry = page.entry_at(at)
    if entry is None or page.report is None:
        return None
    finding = page.finding_of(entry)
    blocks = [each for each in (*_about(entry, kind), *_evidence(page, entry, finding, at, kind)) if each]
    value = ("\n\n" if kind == types.MarkupKind.Markdown else "\n").join(blocks)
    return types.Hover(types.MarkupContent(kind, value), span(page, entry.location.start, entry.location.end))


def _about(entry: LedgerEntry, kind: types.MarkupKind) -> Iterator[str]:
    """What it is, and what became of it."""
    text = _text(kind)
    known = meaning(entry)
    shown = " ".join(entry.location.text.split())
    what = {Role.OPERAND: "operand of a computation", Role.NAME: "part of a name"}.get(entry.role, "")
    if known != UNKNOWN:
        what = known
    yield f"{_strong(shown, kind)}: {text(what or 'meaning unknown')}"
    if entry.words:
        yield text(f"{'understood by' if entry.understood else 'unknown words'}: {entry.words}")
    if entry.role is not Role.CLAIM:
        return
    status = _strong(entry.status.value, kind)
    reason = f": {text(entry.reason)}" if entry.reason else ""
    yield f"{status}{reason}"


def _evidence(page: Page, entry: LedgerEntry, finding: Finding | None, at: int, kind: types.MarkupKind) -> Iterator[str]:
    text = _text(kind)
    if finding is not None:
        yield f"{text(finding.severity.value)} {_strong(finding.rule, kind)}: {text(finding.message)}"
        yield text(_summary(page, finding.rule))
        if worked_out := own_computation(finding):
            yield text(f"computed: {worked_out}")
        yield _listed([f"reading: {each}" for each in reading_lines(finding)], kind)
    elif entry.derivation:
        yield text(f"{'used in' if entry.status is Status.NOT_CHECKED else 'computed'}: {entry.derivation}")
    if entry.status is not Status.NOT_CHECKED:
        yield _listed(_premises(page, entry, at), kind)
    if finding is not None:
        yield _listed([f"{word}: {line}" for word, line in source_lines(finding)], kind)
        if finding.suggestion is not None:
            yield text(f"would fit: {finding.suggestion.replacement}")
        if finding.help:
            yield text(f"help: {finding.help}")
    elif entry.read_by:
        yield text(f"read by: {entry.read_by}")


def _premises(page: Page, entry: LedgerEntry, at: int) -> list[str]:
    path = page.report.path if page.report else ""
    found = premises(page, entry, at)
    lines = [f"from {premise(each, path)}" for each in found[:_MOST_PREMISES]]
    more = len(found) - _MOST_PREMISES
    return [*lines, f"from {more:,} more"] if more > 0 else lines


def _summary(page: Page, name: str) -> str:
    """What the rule reports; nothing for the rules about suppressions, whose message says it."""
    rules = load_rules(tuple(Path(each) for each in page.settings.rules))
    return f"The rule reports: {rules.get(name).summary}" if name in rules.names else ""


def _text(kind: types.MarkupKind) -> Callable[[str], str]:
    return _escaped if kind == types.MarkupKind.Markdown else printable


def _escaped(text: str) -> str:
    """As text of Markdown, for editors that show it as it is, too: what begins neither a link nor a quote needs no backslash."""
    return markdown(text).replace("\\: ", ": ").replace("\\>", ">")


def _strong(text: str, kind: types.MarkupKind) -> str:
    return f"**{_escaped(text)}**" if kind == types.MarkupKind.Markdown else printable(text)


def _listed(lines: list[str], kind: types.MarkupKind) -> str:
    return "\n".join(f"- {_text(kind)(each)}" for each in lines)
