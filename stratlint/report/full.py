"""The default format: each finding with its source lines, the computation and the readings tried.

The layout is rustc's and zizmor's. Everything goes through rich as `Text` objects: markup and highlighting are off,
document text is escaped before, so that nothing in a document can colour, move or hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from stratlint.document import Document
from stratlint.report.escaping import terminal, terminal_path
from stratlint.report.evidence import own_computation, reading_lines, source_lines
from stratlint.report.excerpt import Mark, Pointer, Row, excerpt
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.summary import summary_lines
from stratlint.rules.finding import Finding, Location

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_GUTTER = "bold blue"
_RELATED = "blue"
_RELATED_SHOWN = 12
_READINGS_SHOWN = 8
# rich numbers its hyperlinks at random; terminals need no id for links of one line, and output must not vary.
_LINK_ID = re.compile(r"\x1b\]8;id=[^;\x1b]*;")


def render(report: Report, options: RenderOptions) -> str:
    """The report in this format."""
    out = StringIO()
    console = Console(
        file=out,
        force_terminal=options.color,
        color_system="standard" if options.color else None,
        no_color=not options.color,
        force_jupyter=False,
        legacy_windows=False,
        width=max(options.width, 40),
        height=25,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,
    )
    for document in report.documents:
        for block in _document(document, options):
            console.print(Text("\n").join(block), end="\n\n")
    for line in summary_lines(report, options):
        console.print(Text(line))
    return _LINK_ID.sub("\x1b]8;;", out.getvalue())


def _document(document: DocumentReport, options: RenderOptions) -> Iterator[list[Text]]:
    if document.error:
        yield [_headline("error", terminal_path(document.path), f"cannot be read: {terminal(document.error)}")]
    first_of_root: dict[str, int] = {}
    for finding in document.findings:
        earlier = first_of_root.setdefault(finding.root, finding.location.line) if finding.root else 0
        yield list(_finding(finding, document.document, options, earlier))
    if options.verbose and document.notes:
        path = terminal_path(document.path)
        yield [_headline("info", path, terminal(note), word="note") for note in document.notes]


def _headline(severity: str, subject: str, message: str, word: str = "") -> Text:
    return Text.assemble((word or severity, _STYLES[severity]), ": ", subject, ": ", (message, "bold"))


def _finding(finding: Finding, document: Document | None, options: RenderOptions, earlier: int) -> Iterator[Text]:
    """Headline, place, source lines, then the evidence as `= word: …` lines."""
    place = finding.location
    marks, beside = _marks(finding, document, options)
    room = max(options.width, 40) - len(str(max(place.end_line, *(each.line for each in finding.related), 1))) - 3
    rows = excerpt(document, marks, room) if document is not None else []
    pad = " " * max((len(str(row.line)) for row in rows), default=len(str(place.line)))
    yield Text.assemble(_rule(finding, options), ": ", (terminal(finding.message), "bold"))
    yield Text.assemble(pad, ("--> ", _GUTTER), f"{terminal_path(place.path)}:{place.line}:{place.column}")
    if rows:
        yield Text(f"{pad} |", _GUTTER)
    previous = rows[0].line if rows else 0
    for row in rows:
        if row.line > previous + 1:
            yield Text("...", _GUTTER)
        previous = row.line
        yield from _source(row, pad, _STYLES[finding.severity.value])
    if rows:
        yield Text(f"{pad} |", _GUTTER)
    for word, text in _evidence(finding, beside, options, earlier):
        yield Text.assemble(pad, (" = ", _GUTTER), (f"{word}: ", "bold"), text)


def _rule(finding: Finding, options: RenderOptions) -> Text:
    style = Style.parse(_STYLES[finding.severity.value])
    page = options.rule(finding.rule)
    # On a terminal of this machine, a rule without a page on the web still has the file that it can be read in.
    link = page.help_uri if _is_web(page.help_uri) else page.file_uri
    linked = style + Style(link=link) if options.color and options.hyperlinks and link else style
    return Text.assemble((f"{finding.severity.value}[", style), (terminal(finding.rule), linked), ("]", style))


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
    """Its part; at the claim, what was computed for it, too."""
    computed = f"computed: {terminal(finding.computed)}" if finding.computed and place is finding.claim else ""
    return "; ".join(part for part in (terminal(place.role), computed) if part)


def _range(place: Location) -> tuple[str, int, int]:
    return place.path, place.start, place.end


def _source(row: Row, pad: str, style: str) -> Iterator[Text]:
    yield Text.assemble((f"{row.line:>{len(pad)}} |", _GUTTER), f" {row.text}".rstrip())
    for pointer in row.pointers:
        yield Text.assemble((f"{pad} |", _GUTTER), " ", *_pointer(pointer, style))


def _pointer(pointer: Pointer, style: str) -> list[str | tuple[str, str]]:
    sign, shown = ("^", style) if pointer.primary else ("-", _RELATED)
    label = f" {pointer.label}" if pointer.label else ""
    return [" " * pointer.indent, (sign * pointer.width + label, shown)]


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
    page = options.rule(finding.rule).help_uri
    link = f"see {page}" if _is_web(page) and not (options.color and options.hyperlinks) else ""
    help_text = "; ".join(part for part in (terminal(finding.help), terminal(link)) if part)
    if help_text:
        yield "help", help_text
    if options.verbose and finding.confidence:
        yield "confidence", terminal(finding.confidence)


def _given(place: Location) -> str:
    role = f" ({terminal(place.role)})" if place.role else ""
    where = f", {terminal_path(place.path)}:{place.line}:{place.column}" if place.path and place.line else ""
    return f"{terminal(place.text)}{role}{where}"


def _is_web(link: str) -> bool:
    return link.startswith(("https://", "http://")) and link == terminal(link) and " " not in link
