"""Each finding with its source lines, the computation and the readings tried: the default in files and pipes.

The layout is rustc's and zizmor's. Document text is escaped before it goes to rich, so that nothing in a document can
colour, move or hide anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from stratlint.document import Document
from stratlint.report.console import BLUE, SEVERITY, console, shown, tagged, wrapped, written
from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.evidence import adds, own_computation, reading_lines, source_lines
from stratlint.report.excerpt import Mark, excerpt
from stratlint.report.lines import Line
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.pointers import pointer_rows
from stratlint.report.summary import summary
from stratlint.rules.finding import Finding, Location

_GUTTER = f"bold {BLUE}"
_RELATED = BLUE
_RELATED_SHOWN = 12
_READINGS_SHOWN = 8
# What a mark itself says: the claim is what the headline is about, and the others are what it follows from.
_PLAIN_ROLES = frozenset({"claim", "premise"})


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    to = console(options)
    for document in report.documents:
        for block in _document(document, options):
            for line in block:
                to.print(line, soft_wrap=True)
            to.print()
    return written(to) + shown(summary(report, options), options)


def _document(document: DocumentReport, options: RenderOptions) -> Iterator[Iterator[Text]]:
    path = terminal_path(document.path)
    if document.error:
        yield _headline(Line(f"{path}: cannot be read: {terminal(document.error)}", tag="error: ", style="error"), options)
    first_of_root: dict[str, int] = {}
    for finding in document.findings:
        earlier = first_of_root.setdefault(finding.root, finding.location.line) if finding.root else 0
        yield _finding(finding, document.document, options, earlier)
    if options.verbose and document.notes:
        notes = [Line(f"{path}: {terminal(note)}", tag="note: ", style="info") for note in document.notes]
        yield (line for note in notes for line in _headline(note, options))


def _headline(line: Line, options: RenderOptions) -> Iterator[Text]:
    """What is wrong, in bold."""
    text = tagged(line)
    text.stylize("bold", len(line.tag))
    yield from wrapped(text, options.wrap_width, hang=2)


def _finding(finding: Finding, document: Document | None, options: RenderOptions, earlier: int) -> Iterator[Text]:
    """Headline, place, source lines, then the evidence as `= word: …` lines."""
    place = finding.location
    marks, beside = _marks(finding, document, options)
    severity = finding.severity.value
    page = options.rule(finding.rule).link if options.hyperlinks else ""
    yield from _headline(Line(terminal(finding.message), tag=f"{severity}[{terminal(finding.rule)}]: ", style=severity, link=page), options)
    room = max(options.width, 40) - len(str(max(place.end_line, *(each.line for each in finding.related), 1))) - 3
    rows = excerpt(document, marks, room) if document is not None else []
    pad = " " * max((len(str(row.line)) for row in rows), default=len(str(place.line)))
    yield Text.assemble(pad, ("--> ", _GUTTER), f"{terminal_path(place.path)}:{place.line}:{place.column}")
    if rows:
        yield Text(f"{pad} |", _GUTTER)
    previous = rows[0].line if rows else 0
    for row in rows:
        if row.line > previous + 1:
            yield Text("...", _GUTTER)
        previous = row.line
        yield Text.assemble((f"{row.line:>{len(pad)}} |", _GUTTER), f" {row.text}".rstrip())
        for below in pointer_rows(row.pointers, room, SEVERITY[severity], _RELATED):
            yield Text.assemble((f"{pad} |", _GUTTER), " ", below)
    if rows:
        yield Text(f"{pad} |", _GUTTER)
    for word, text in _evidence(finding, beside, options, earlier):
        yield from wrapped(Text.assemble((f"{word}: ", "bold"), text), options.wrap_width, Text.assemble(pad, (" = ", _GUTTER)), hang=2)


def _marks(finding: Finding, document: Document | None, options: RenderOptions) -> tuple[list[Mark], list[Location]]:
    """Places to point at in this document, and the premises that stand elsewhere."""
    place = finding.location
    related = [each for each in finding.related if _range(each) != _range(place)]
    if document is None:
        return [], related
    own = Mark(place.start, place.end, _label(place, finding), primary=True)
    here = [each for each in related if each.path == place.path and each.line]
    beside = [each for each in related if each.path != place.path or not each.line]
    shown = here if options.verbose else here[:_RELATED_SHOWN]
    return [own, *(Mark(each.start, each.end, _label(each, finding)) for each in shown)], beside


def _label(place: Location, finding: Finding) -> str:
    """Its part, unless the mark says it; at the claim what was computed for it, unless the headline says that."""
    role = terminal(place.role)
    plain = not any(map(str.isalnum, role)) or (role in _PLAIN_ROLES and (role != "claim" or not finding.moved))
    new = place is finding.claim and bool(finding.computed) and adds(finding, finding.computed)
    return "; ".join(part for part in ("" if plain else role, f"computed: {terminal(finding.computed)}" if new else "") if part)


def _range(place: Location) -> tuple[str, int, int]:
    return place.path, place.start, place.end


def _evidence(finding: Finding, beside: list[Location], options: RenderOptions, earlier: int) -> Iterator[tuple[str, str]]:
    for each in beside:
        yield "given", _given(each)
    hidden = sum(1 for each in finding.related if each.path == finding.location.path and each.line) - _RELATED_SHOWN
    if hidden > 0 and not options.verbose:
        yield "given", f"{hidden:,} more premises (--verbose shows them)"
    if worked_out := own_computation(finding):
        yield "computed", terminal(worked_out)
    tried = reading_lines(finding)
    shown = tried if options.verbose else tried[:_READINGS_SHOWN]
    for line in shown:
        yield "reading", terminal(line)
    if len(shown) < len(tried):
        yield "reading", f"{len(tried) - len(shown):,} more readings (--verbose shows them)"
    for word, text in source_lines(finding):
        yield word, terminal(text)
    if finding.flips_verdict:
        yield "verdict", "the document's own verdict flips"
    if earlier and earlier != finding.location.line:
        yield "note", f"follows from the same number as the finding at line {earlier}"
    if finding.suggestion is not None:
        replaced = f"`{terminal(finding.location.text)}`"
        if (finding.suggestion.start, finding.suggestion.end) != (finding.location.start, finding.location.end):
            replaced = f"{finding.suggestion.line}:{finding.suggestion.column}-{finding.suggestion.end_column}"
        yield "suggestion", f"replace {replaced} by `{terminal(finding.suggestion.replacement)}`"
    page = options.rule(finding.rule).web
    link = f"see {page}" if page and not options.hyperlinks else ""
    advice = "" if finding.suggestion is not None else terminal(finding.help)
    help_text = "; ".join(part for part in (advice, terminal(link)) if part)
    if help_text:
        yield "help", help_text
    if options.verbose and finding.confidence:
        yield "confidence", terminal(finding.confidence)


def _given(place: Location) -> str:
    role = f" ({terminal(place.role)})" if place.role else ""
    where = f", {terminal_path(place.path)}:{place.line}:{place.column}" if place.path and place.line else ""
    return f"{terminal(place.text)}{role}{where}"
