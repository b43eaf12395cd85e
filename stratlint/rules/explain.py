"""A rule's page: what it checks, why that matters, and its examples with what the tool really says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent, wrap

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.givens import Sources, with_givens
from stratlint.facts.resolve import resolve
from stratlint.rules.checks import check_names, load_check
from stratlint.rules.engine import run_rules
from stratlint.rules.finding import Finding, Location, ReadingTried
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import Reading, Rule, RuleSet, Variable
from stratlint.rules.successors import code_of

_WIDTH = 100
BLIND = "What this rule cannot see"
_TOLERANCE = """
Printed digits mean what they can have been rounded or truncated from: half a unit of the last digit either way, a full
unit upwards from two digits on. Bare integers are exact, "~" grants 10 %. GB may be 10^9 or 2^30 bytes, K and M powers
of ten or of two. A claim is reported only if no reading of it fits.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a rule's page. `prose` reads as one paragraph, whatever its lines; otherwise each line stands as it is."""

    title: str
    lines: tuple[str, ...]
    prose: bool = False


def explain(rule: Rule, width: int = 0) -> str:
    """The page of *rule* as plain text, ending with a line end; in lines of at most *width* characters, 0: formulas and findings whole."""
    return "\n".join(_page(rule, width)) + "\n"


def summary_of(rule: Rule) -> str:
    """What *rule* reports, as a sentence."""
    return _sentence(rule.summary)


def sections(rule: Rule, width: int = 0) -> Iterator[Section]:
    """The parts of the page of *rule* below its head, those with nothing to say left out. The documentation site is made of them, too."""
    found = findings_of(rule, rule.contradicted)
    parts = (
        Section("Why it matters", tuple(_wrapped(rule.why, width)), prose=True),
        Section("What it checks", tuple(_checked(rule, width)), prose=not rule.variables and not rule.options),
        Section("Readings (one that fits is enough)", tuple(_all_hanging(_readings(rule.readings), width))),
        Section("Tolerance", tuple(_wrapped(_TOLERANCE, width)), prose=True),
        Section(BLIND, tuple(_wrapped(rule.limits, width)), prose=True),
        Section("What to do", tuple(_wrapped(_sentence(rule.help), width)), prose=True),
        Section("Contradicted", tuple(_example(rule.contradicted))),
        Section("What stratlint reports", tuple(_all_hanging(_output(found), width))),
        Section("Consistent", tuple(_example(rule.consistent))),
    )
    yield from (part for part in parts if part.lines)


def findings_of(rule: Rule, text: str) -> tuple[Finding, ...]:
    """What *rule* says of a document, with all other rules at work as in a real run."""
    facts, _ = with_givens(resolve(extract(parse(text, "example.md"))), Sources())
    together = RuleSet({**load_rules().rules, rule.name: rule})
    return tuple(finding for finding in run_rules(facts, together, {}).findings if finding.rule == rule.name)


def _page(rule: Rule, width: int) -> Iterator[str]:
    yield rule.name
    yield "=" * len(rule.name)
    yield ""
    yield from _wrapped(summary_of(rule), width)
    yield ""
    code = f"{code_of(rule.name)}, " if code_of(rule.name) else ""
    line = f"{code}{rule.severity.value}, family {rule.family}, defined in {rule.path}" + (", preview" if rule.preview else "")
    yield from _hanging(line, width)
    for section in sections(rule, width):
        yield from ("", section.title, "-" * len(section.title), *section.lines)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from wrap(" ".join(text.split()), width or _WIDTH, break_long_words=False, break_on_hyphens=False)


def _hanging(line: str, width: int) -> Iterator[str]:
    """A line whose further lines are indented by two more; 0: whole."""
    if not width:
        yield line
        return
    under = " " * (len(line) - len(line.lstrip()) + 2)
    yield from wrap(line, width, subsequent_indent=under, break_long_words=False, break_on_hyphens=False)


def _all_hanging(lines: Iterator[str], width: int) -> Iterator[str]:
    return (part for line in lines for part in _hanging(line, width))


def _checked(rule: Rule, width: int) -> Iterator[str]:
    for variable in rule.variables:
        line = f"  {variable.name:<12} {_variable(variable)}"
        yield from wrap(line, width or len(line), subsequent_indent=" " * 15, break_on_hyphens=False)
    if rule.when is not None:
        yield from _hanging(f"  only when {rule.when.source}", width)
    if not rule.variables and rule.check in check_names():
        described = (load_check(rule.check).__doc__ or "").strip()
        yield from _wrapped(described.split("\n\n")[0], width)
    for name, value in rule.options.items():
        shown = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
        yield from wrap(f"  {name}: {shown}", width or _WIDTH, subsequent_indent="    ")


def _variable(variable: Variable) -> str:
    parts = [" or ".join(variable.kinds)]
    if scopes := [scope or "no scope" for scope in variable.scopes]:
        parts.append(f"in scope {', '.join(scopes)}")
    if variable.modalities != ("asserted",):
        parts.append(", ".join(variable.modalities))
    if variable.near != "document":
        parts.append(f"in the same {variable.near}")
    if variable.default is not None:
        parts.append(f"{variable.default:g} when not stated")
    elif variable.optional:
        parts.append("optional")
    return "; ".join(parts)


def _readings(readings: tuple[Reading, ...]) -> Iterator[str]:
    for reading in readings:
        conditions = [f"needs {', '.join(reading.needs)}"] if reading.needs else []
        conditions += [f"only without {', '.join(reading.without)}"] if reading.without else []
        yield f"* {reading.name}" + (f" ({'; '.join(conditions)})" if conditions else "")
        yield f"    {reading.formula.source}"
        if reading.source:
            yield f"    source: {reading.source}"


def _example(text: str) -> Iterator[str]:
    yield from indent(text.rstrip("\n"), "    ", lambda line: bool(line.strip())).split("\n")


def _output(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        place = finding.location
        yield f"    {place.line}:{place.column}: {finding.severity.value}[{finding.rule}] {finding.message}"
        for other in finding.related:
            yield f"      given: {_place(other)}"
        if finding.formula:
            shown = not finding.computed or finding.computed in finding.formula
            yield f"      computed: {finding.formula}" + ("" if shown else f" -> {finding.computed}")
        for tried in finding.readings:
            yield f"      reading: {_tried(tried)}"
        if finding.suggestion is not None:
            yield f"      suggestion: {finding.suggestion.replacement}"


def _place(place: Location) -> str:
    where = f", line {place.line}" if place.line else ""
    return f"{' '.join(place.text.split())} ({place.role}{where})"


def _tried(tried: ReadingTried) -> str:
    return f"{tried.name}: {tried.formula} -> {tried.computed} ({'fits' if tried.fits else 'does not fit'})"


__all__ = ["BLIND", "Section", "explain", "findings_of", "sections", "summary_of"]
