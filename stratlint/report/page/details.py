"""The column beside a document: each finding with its computation, and what became of every other number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stratlint.report.evidence import says_its_value, source_lines
from stratlint.report.meaning import UNKNOWN, meaning
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Silenced, Silencer
from stratlint.report.page.escape import attribute, plural, text
from stratlint.report.page.places import LETTER, SEVERITY_LETTER, letter_of
from stratlint.report.page.unknown import NO_WORD, is_unknown, word_of
from stratlint.report.paths import shown_path
from stratlint.report.summary import stale_line
from stratlint.rules.finding import Finding, LedgerEntry, Location, ReadingTried, Role, Severity, Status, Suggestion

_EXCERPT = 90
_QUOTED = re.compile(r"`([^`]+)`")
_SPACE = re.compile(r"\s+")
_WORD = {Severity.ERROR: "contradicted", Severity.WARNING: "implausible", Severity.INFO: "remark"}
_BY = {Silencer.COMMENT: "in the document", Silencer.WAIVER: "by a waiver", Silencer.BASELINE: "in the baseline"}
# Only these may be linked: a rule's help address comes from a file that a user may have copied from anywhere.
_SAFE_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+\Z")


@dataclass(frozen=True, slots=True)
class Context:
    """What the cards of one document share. `find` leads from a location to an id; `rules` numbers the rules.

    `carded` are the numbers whose marks lead to a finding's card, so that they need no line of their own. `readers` numbers whoever
    else read.
    """

    prefix: str
    path: str
    find: Callable[[Location], str | None]
    rules: Mapping[str, int]
    options: RenderOptions
    carded: frozenset[int] = frozenset()
    readers: Mapping[str, int] = field(default_factory=dict)

    def by(self, name: str) -> str:
        """The attribute that says who read; "" for our own reader."""
        return f' data-by="{self.readers[name]}"' if name in self.readers else ""


def excerpt(value: str, limit: int = _EXCERPT) -> str:
    """*value* on one line, cut in the middle of nothing that matters."""
    line = _SPACE.sub(" ", value[: 4 * limit]).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def message(said: str) -> str:
    """A finding's message, what it quotes between backticks as code."""
    return _QUOTED.sub(r"<code>\1</code>", text(said))


def place(location: Location, context: Context) -> str:
    """`line 12`, with the path when it is another document's."""
    line = f"line {location.line}" if location.line else ""
    if location.path in ("", context.path):
        return line
    return f"{text(shown_path(location.path, context.options))} {line}".strip()


def link(location: Location, context: Context, label: str) -> str:
    """*label* (HTML) as a link to where *location* is marked, if it is."""
    target = context.find(location)
    return f'<a href="#{target}">{label}</a>' if target else label


def findings_section(report: DocumentReport, context: Context) -> str:
    """The findings in document order, each a card."""
    jump = f'<a class="jump" href="#{context.prefix}t">to the document</a>'
    if not report.findings:
        return f'<h3>Findings {jump}</h3><p class="none">None.</p>'
    cards = "\n".join(_card(index, finding, context) for index, finding in enumerate(report.findings))
    return f"<h3>Findings <span>{len(report.findings):,}</span>{jump}</h3>\n{cards}\n"


def accepted_section(report: DocumentReport, context: Context) -> str:
    """Findings that somebody accepted: what they say, and the reason that was given."""
    if not report.silenced:
        return ""
    rows = "\n".join(_accepted(each, context) for each in report.silenced)
    return _section("Accepted", len(report.silenced), f'<ol class="num">{rows}</ol>')


def _accepted(silenced: Silenced, context: Context) -> str:
    finding = silenced.finding
    where = link(finding.location, context, text(excerpt(finding.location.text, 40)) or "here")
    line = place(finding.location, context)
    reason = f": {text(excerpt(silenced.reason))}" if silenced.reason else ""
    letter = SEVERITY_LETTER[finding.severity]
    return (
        f'<li data-s="{letter}" data-r="{context.rules.get(finding.rule, -1)}">{where} '
        f'<span class="dim">{line}, {_rule_name(finding.rule, context.options)}</span> '
        f"{text(excerpt(finding.message))} <i>(accepted {_BY[silenced.by]}{reason})</i></li>"
    )


def _card(index: int, finding: Finding, context: Context) -> str:
    letter, word = SEVERITY_LETTER[finding.severity], _WORD[finding.severity]
    if finding.severity is not Severity.INFO and finding.confidence not in ("", "high", "certain"):
        word = f"{word}, {finding.confidence} confidence"
    where = link(finding.location, context, place(finding.location, context) or "in the text")
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _rows(finding, context))
    name = f"{context.prefix}f{index + 1}"
    return (
        f'<article class="f {letter}" id="{name}" tabindex="-1" aria-labelledby="{name}h" data-s="{letter}"'
        f' data-v="{finding.severity.value}" data-r="{context.rules.get(finding.rule, -1)}"'
        f"{context.by(finding.read_by.name if finding.read_by else '')}>"
        f'<h4 id="{name}h"><span class="sev key {letter}">{index + 1} {text(word)}</span>'
        f'<span class="dim">{_rule_name(finding.rule, context.options)}</span>{where}</h4>'
        f'<p class="msg">{message(finding.message)}</p>'
        f'<details class="how" open><summary>how it was computed</summary><dl>{rows}</dl>{_help(finding)}</details></article>'
    )


def _rule_name(name: str, options: RenderOptions) -> str:
    rule = options.rule(name)
    summary = f' title="{attribute(rule.summary)}"' if rule.summary else ""
    if _SAFE_ADDRESS.match(rule.help_uri):
        return f'<a href="{attribute(rule.help_uri)}" rel="noreferrer"{summary}>{text(name)}</a>'
    return f"<span{summary}>{text(name)}</span>"


def _rows(finding: Finding, context: Context) -> Iterator[tuple[str, str]]:
    if finding.claimed:
        yield "claimed", text(excerpt(finding.claimed))
    if finding.computed:
        yield "computed", f"<strong>{text(finding.computed)}</strong>"
    if finding.formula:
        yield "formula", f'<code class="calc">{text(finding.formula)}</code>'
    if finding.related:
        items = "".join(f"<li>{_premise(each, context)}</li>" for each in finding.related)
        yield "from", f"<ul>{items}</ul>"
    if finding.readings:
        items = "".join(f"<li>{_reading(each)}</li>" for each in finding.readings)
        yield "readings", f"<ul>{items}</ul>"
    for word, line in source_lines(finding):
        yield word, text(line)
    if finding.suggestion is not None:
        yield "would fit", f"<code>{text(repaired(finding.location, finding.suggestion))}</code>"
    if finding.section:
        yield "section", f'<span class="dim">{text(" › ".join(finding.section[-2:]))}</span>'
    if finding.flips_verdict:
        yield "verdict", "a verdict of the document rests on this"


def repaired(at: Location, suggestion: Suggestion) -> str:
    """The claim as it would read, when the repair is a part of it; else the repair alone."""
    start, end = suggestion.start - at.start, suggestion.end - at.start
    if len(at.text) != at.end - at.start or not 0 <= start <= end <= len(at.text):
        return suggestion.replacement
    return excerpt(at.text[:start] + suggestion.replacement + at.text[end:])


def _premise(location: Location, context: Context) -> str:
    role = f'<span class="dim">{text(location.role)}</span> ' if location.role else ""
    where = place(location, context)
    suffix = f' <span class="dim">{where}</span>' if where else ""
    return f"{role}{link(location, context, text(excerpt(location.text)) or 'here')}{suffix}"


def _reading(reading: ReadingTried) -> str:
    css, word = ("ok", "fits") if reading.fits else ("no", "does not fit")
    source = f' <span class="dim">{text(reading.source)}</span>' if reading.source else ""
    formula = f"<code>{text(reading.formula)}</code>" if reading.formula else ""
    value = "" if formula and says_its_value(reading) else f"{' = ' if formula else ''}{text(reading.computed)}"
    return f'<span class="{css}"><span class="vh">{word}: </span>{text(reading.name)}</span>: {formula}{value}{source}'


def _help(finding: Finding) -> str:
    return f'<p class="help">{text(finding.help)}</p>' if finding.help else ""


def numbers_section(report: DocumentReport, context: Context) -> str:
    """Every number that leads to no finding: verified with its derivation, what is not understood by the word that is unknown,
    what is not checked by reason; operands and names, which claim nothing, come last."""
    rest = [(index, entry) for index, entry in enumerate(report.ledger) if index not in context.carded]
    parts: list[str] = []
    for status in (Status.CONTRADICTED, Status.IMPLAUSIBLE, Status.VERIFIED, Status.CONSISTENT):
        entries = [(index, entry) for index, entry in rest if entry.status is status]
        if entries:
            rows = "\n".join(_checked(index, entry, context) for index, entry in entries)
            parts.append(_section(status.value.capitalize(), len(entries), f'<ol class="num {LETTER[status]}">{rows}</ol>'))
    unjudged = [(index, entry) for index, entry in rest if entry.status is Status.NOT_CHECKED]
    claims = [each for each in unjudged if each[1].role is Role.CLAIM]
    parts.append(_grouped("Not understood", [each for each in claims if is_unknown(each[1])], word_of, context, UNKNOWN_NOTE))
    parts.append(_grouped("Not checked", [each for each in claims if not is_unknown(each[1])], _reason_of, context))
    parts.append(_grouped("Operands and names", [each for each in unjudged if each[1].role is not Role.CLAIM], _reason_of, context))
    return "".join(parts)


UNKNOWN_NOTE = "Unknown words, and the numbers beside them. Say it in a known word, in a label or a column header, and they are checked."


def _section(name: str, count: int, inner: str) -> str:
    return f"<section><h3>{name} <span>{count:,}</span></h3>{inner}</section>\n"


def _reason_of(entry: LedgerEntry) -> str:
    return entry.reason or "no reason given"


def _grouped(
    name: str, entries: Sequence[tuple[int, LedgerEntry]], key: Callable[[LedgerEntry], str], context: Context, note: str = ""
) -> str:
    """A heading and, the commonest first, what the numbers have in common with the numbers; nothing without numbers."""
    groups: dict[str, list[tuple[int, LedgerEntry]]] = {}
    for index, entry in entries:
        groups.setdefault(key(entry), []).append((index, entry))
    if not groups:
        return ""
    by_size = sorted(groups.items(), key=lambda item: (item[0] == NO_WORD, -len(item[1]), item[0]))
    said = f'<p class="none">{note}</p>' if note else ""
    return _section(name, len(entries), said + "".join(_group(each, listed, context) for each, listed in by_size))


def _back(entry: LedgerEntry, context: Context) -> tuple[str, str]:
    """The number as a link back to its mark, and a class that says when there is none."""
    target = context.find(entry.location)
    label = text(excerpt(entry.location.text, 40)) or "number"
    if target is None:
        return f'{label} <span class="dim">{place(entry.location, context)}</span>', " lost"
    return f'<a href="#{target}">{label}</a>', ""


def _checked(index: int, entry: LedgerEntry, context: Context) -> str:
    back, lost = _back(entry, context)
    letter = LETTER[entry.status]
    read = f"read by {entry.read_by}" if entry.read_by else ""
    about = " · ".join(part for part in (_meaning(entry), entry.holder, read) if part)
    words = f' <span class="dim">{text(about)}</span>' if about else ""
    calculation = f"<code>{text(entry.derivation)}</code>" if entry.derivation else ""
    why = f' <span class="dim">{text(entry.reason)}</span>' if entry.reason else ""
    rule = context.rules.get(entry.rule)
    number = f' data-r="{rule}"' if rule is not None else ""
    css = f' class="{lost.strip()}"' if lost else ""
    number += context.by(entry.read_by)
    return f'<li{css} id="{context.prefix}n{index}" data-s="{letter}"{number}>{back}{words}{calculation}{why}</li>'


def _meaning(entry: LedgerEntry) -> str:
    words = meaning(entry)
    return "" if words == UNKNOWN else words


def _group(name: str, entries: list[tuple[int, LedgerEntry]], context: Context) -> str:
    rows = "\n".join(_unchecked(index, entry, context) for index, entry in entries)
    return (
        f'<details open><summary>{text(name)} <span class="dim">{len(entries):,}</span></summary>'
        f'<ul class="num flow">{rows}</ul></details>\n'
    )


def _unchecked(index: int, entry: LedgerEntry, context: Context) -> str:
    back, lost = _back(entry, context)
    unknown = is_unknown(entry)
    about = _meaning(entry)
    if unknown and not lost:
        about = ", ".join(part for part in (about, f"line {entry.location.line}" if entry.location.line else "") if part)
    words = f' <span class="dim">{text(about)}</span>' if about else ""
    return f'<li id="{context.prefix}n{index}" data-s="{letter_of(entry)}"{" data-u" if unknown else ""}>{back}{words}</li>'


def document_notes(report: DocumentReport) -> str:
    """What went wrong while reading, and remarks about the run."""
    trouble = f'<p class="trouble" role="alert">Not read: {text(report.error)}</p>' if report.error else ""
    trouble += "".join(f'<p class="trouble" role="alert">Not checked: {text(str(failure))}</p>' for failure in report.failures)
    notes = [*report.notes, *(report.document.notes if report.document else ())]
    if (used := report.readings) is not None:
        by = f" by {used.reader}" if used.reader else ""
        notes.append(f"{plural(used.judged, 'relation')} read{by} ({used.file})")
        notes += [stale_line(used)] if used.stale else []
    return trouble + "".join(f'<p class="note">{text(note)}</p>' for note in dict.fromkeys(notes))


def counts_line(report: DocumentReport) -> str:
    """One line under the document's name."""
    cover = report.coverage
    missed = sum(cover.not_checked.values())
    parts = (
        plural(cover.claims, "number"),
        f"{cover.verified:,} verified",
        f"{cover.contradicted:,} contradicted",
        f"{cover.consistent:,} consistent",
        f"{cover.implausible:,} implausible",
        f"{missed:,} not checked",
    )
    return " · ".join(parts)
