"""The evidence of a finding as plain lines, for formats that have one text field to put it in."""

from __future__ import annotations

from stratlint.report.escaping import printable
from stratlint.rules.finding import Finding, Location, ReadingTried

_SHOWN = 12


def evidence_lines(finding: Finding) -> list[str]:
    """Premises, formula, readings, suggestion and help; each one printable line, long lists cut."""
    lines = [premise(each, finding.location.path) for each in finding.related[:_SHOWN]]
    if len(finding.related) > _SHOWN:
        lines.append(f"given: {len(finding.related) - _SHOWN:,} more premises")
    if finding.formula:
        lines.append(f"computed: {computation(finding)}")
    lines += [f"reading: {reading(each)}" for each in finding.readings[:_SHOWN]]
    if finding.suggestion is not None:
        lines.append(f"suggestion: {finding.suggestion.replacement}")
    if finding.help:
        lines.append(f"help: {finding.help}")
    return [printable(line) for line in lines]


def premise(place: Location, path: str) -> str:
    """`line 11: 64 GB per GPU (limit)`; the file when it is another one, no place when it has none."""
    role = f" ({place.role})" if place.role else ""
    file = f"{place.path}, " if place.path != path else ""
    where = f"{file}line {place.line}" if place.path and place.line else "given"
    return f"{where}: {place.text}{role}"


def computation(finding: Finding) -> str:
    """The formula, and its result unless the formula shows it."""
    shown = not finding.computed or finding.computed in finding.formula
    return finding.formula if shown else f"{finding.formula} -> {finding.computed}"


def reading(tried: ReadingTried) -> str:
    """`name: formula -> value (fits) [source]`; a formula that ends in its value says it once."""
    source = f" [{tried.source}]" if tried.source else ""
    verdict = "fits" if tried.fits else "does not fit"
    value = "" if says_its_value(tried) else f" -> {tried.computed}"
    return f"{tried.name}: {tried.formula}{value} ({verdict}){source}"


def says_its_value(tried: ReadingTried) -> bool:
    """Whether the formula is an equation that ends in the computed value."""
    return tried.formula.endswith(f"= {tried.computed}")
