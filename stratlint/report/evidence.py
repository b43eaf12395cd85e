"""The evidence of a finding as plain lines, for formats that have one text field to put it in."""

from __future__ import annotations

import re
from dataclasses import replace

from stratlint.report.escaping import printable
from stratlint.rules.finding import Finding, Location, ReadBy, ReadingTried

_SHOWN = 12
# A formula without any of these only compares numbers.
_COMPUTES = re.compile(r"[+−×÷/^]|\d - \d")
_NUMBER = re.compile(r"\d[\d.]*")


def evidence_lines(finding: Finding) -> list[str]:
    """Premises, formula, readings, suggestion and help; each one printable line, long lists cut."""
    lines = [premise(each, finding.location.path) for each in finding.related[:_SHOWN]]
    if len(finding.related) > _SHOWN:
        lines.append(f"given: {len(finding.related) - _SHOWN:,} more premises")
    if worked_out := own_computation(finding):
        lines.append(f"computed: {worked_out}")
    lines += [f"reading: {line}" for line in reading_lines(finding)[:_SHOWN]]
    lines += [f"{word}: {line}" for word, line in source_lines(finding)]
    if finding.suggestion is not None:
        lines.append(f"suggestion: {finding.suggestion.replacement}")
    if finding.help:
        lines.append(f"help: {finding.help}")
    return [printable(line) for line in lines]


def source_lines(finding: Finding) -> list[tuple[str, str]]:
    """Who read the relation, and who objects to the finding, each with their reason; nothing for what our own reader found."""
    lines = [("read by", said(finding.read_by))] if finding.read_by is not None else []
    lines += [("disputed by", said(each.by)) for each in finding.disputed[:_SHOWN]]
    if len(finding.disputed) > _SHOWN:
        lines.append(("disputed by", f"{len(finding.disputed) - _SHOWN:,} more"))
    return lines


def said(by: ReadBy) -> str:
    """`openai:gpt (plan.md.yaml:8): two shards`; the file alone where it does not say who."""
    where = f"{by.file}:{by.line}" if by.file else ""
    who = f"{by.reader} ({where})" if by.reader and where else by.reader or where
    return f"{who}: {by.why}" if by.why else who


def told(finding: Finding) -> str:
    """The message, for formats that have one line for it all: `…; disputed by FILE:8: quoted`."""
    disputes = "".join(f"; disputed by {said(each.by)}" for each in finding.disputed)
    return f"{finding.message}{disputes}"


def premise(place: Location, path: str) -> str:
    """`line 11: 64 GB per GPU (limit)`; the file when it is another one, no place when it has none."""
    role = f" ({place.role})" if place.role else ""
    file = f"{place.path}, " if place.path != path else ""
    where = f"{file}line {place.line}" if place.path and place.line else "given"
    return f"{where}: {place.text}{role}"


def computation(finding: Finding) -> str:
    """The formula, and its result unless the formula shows it."""
    shown = not finding.computed or _digits(finding.computed) in _digits(finding.formula)
    return finding.formula if shown else f"{finding.formula} -> {finding.computed}"


def own_computation(finding: Finding) -> str:
    """The computation, "" where the message has it already: a finding says its thing once."""
    negated = finding.formula.startswith("not ")  # what must not be, and is
    return computation(finding) if finding.formula and not negated and adds(finding, finding.formula) else ""


def adds(finding: Finding, text: str) -> bool:
    """Whether a formula or a result says anything that the message does not: another number, or how it is computed."""
    message, plain = _digits(finding.message), _digits(text)
    compares = not _COMPUTES.search(plain) and all(number in message for number in _NUMBER.findall(plain))
    return plain not in message and not compares


def reading_lines(finding: Finding) -> list[str]:
    """The readings tried. One that gives what the finding says is only named, and left out when nobody else reads so."""
    own = _digits(finding.formula)
    lines = []
    for tried in finding.readings:
        formula = _digits(tried.formula)
        if own in (formula, _digits(f"{tried.formula} = {tried.computed}")):
            if tried.fits or tried.source:
                lines.append(_named(tried))
        elif own.startswith(f"{formula} = "):
            lines.append(reading(replace(tried, formula="")))
        else:
            lines.append(reading(tried))
    return lines


def _named(tried: ReadingTried) -> str:
    source = f" [{tried.source}]" if tried.source else ""
    return f"{tried.name} ({'fits' if tried.fits else 'does not fit'}){source}"


def _digits(text: str) -> str:
    """Without the separators of thousands, which one text has and the other not."""
    return text.replace(",", "")


def reading(tried: ReadingTried) -> str:
    """`name: formula -> value (fits) [source]`; a formula that ends in its value says it once."""
    source = f" [{tried.source}]" if tried.source else ""
    verdict = "fits" if tried.fits else "does not fit"
    if not tried.formula:
        return f"{tried.name}: {tried.computed} ({verdict}){source}"
    value = "" if says_its_value(tried) else f" -> {tried.computed}"
    return f"{tried.name}: {tried.formula}{value} ({verdict}){source}"


def says_its_value(tried: ReadingTried) -> bool:
    """Whether the formula is an equation that ends in the computed value, be it without the word for what is counted."""
    number = tried.computed.partition(" ")[0]
    return tried.formula.endswith(f"= {tried.computed}") or _digits(tried.formula).endswith(f"= {_digits(number)}")
