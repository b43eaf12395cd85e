"""The page: one self-contained HTML file, the documents with every number marked and its derivation beside it.

Everything from outside passes `page.escape`; the content security policy allows the page's own style and script by
their hashes and nothing else, no network included. Without JavaScript all of it can be read and every link works;
the script adds filters, keys and what shows on hover.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files

from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.page.body import placed_ids, render_body
from stratlint.report.page.details import (
    Context,
    accepted_section,
    counts_line,
    document_notes,
    findings_section,
    numbers_section,
)
from stratlint.report.page.escape import attribute, text
from stratlint.report.page.places import Atlas, Places, plan
from stratlint.report.page.summary import head, title, toolbar
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Location, Severity

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M2 5h12M2 11h12' stroke='%231b6e3c' stroke-width='3'/%3E%3C/svg%3E"
)
_STATUSES = (
    '<div hidden><span id="sv">verified</span><span id="sc">contradicted</span><span id="sb">consistent</span>'
    '<span id="si">implausible</span><span id="sn">not checked</span><span id="sp">premise of a finding</span></div>\n'
)
_FOOTER = (
    '<footer><div class="wrap">Underlines: solid verified, double contradicted, thin dashed consistent, thick dashed implausible, '
    "dotted not checked; › before what somebody else read. "
    '<span id="keys" hidden>Keys: <kbd>n</kbd> <kbd>p</kbd> next and previous finding, <kbd>Enter</kbd> '
    "its derivation, <kbd>Esc</kbd> back.</span></div></footer>\n"
)


def render(report: Report, options: RenderOptions) -> str:
    """The whole run as one HTML file."""
    rules = {name: number for number, name in enumerate(sorted(_rule_names(report)))}
    readers = {name: number for number, name in enumerate(sorted(_reader_names(report)))}
    places = _all_places(report, readers)
    bodies = [_body(document, each) for document, each in zip(report.documents, places, strict=True)]
    atlas = Atlas(places)
    articles = [
        _article(
            document,
            each,
            body,
            Context(each.prefix, document.path, partial(atlas.find, each), rules, options, frozenset(each.carded), readers),
            several=len(places) > 1,
        )
        for document, each, body in zip(report.documents, places, bodies, strict=True)
    ]
    return (
        f"{_opening(title(report, options))}<body>\n"
        f'<a class="skip" href="#main">Skip to the document</a>\n'
        f'<div class="wrap">{head(report, options)}</div>\n{toolbar(report, rules, readers)}'
        f'<main class="wrap" id="main">\n{"".join(articles)}</main>\n{_FOOTER}{_STATUSES}'
        f"<script>{asset('script.js')}</script>\n</body>\n</html>\n"
    )


@cache
def asset(name: str) -> str:
    """The style or the script, with LF line ends: the policy's hash is over exactly these characters."""
    content = files("stratlint.report.page").joinpath(name).read_text(encoding="utf-8")
    return content.replace("\r\n", "\n")


def policy() -> str:
    """The content security policy: nothing but the page's own style and script (and its icon)."""
    script, style = (_source_hash(asset(name)) for name in ("script.js", "style.css"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _source_hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _opening(name: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{attribute(name)} · stratlint</title>\n<link rel="icon" href="{_ICON}">\n'
        f"<style>{asset('style.css')}</style>\n</head>\n"
    )


def _rule_names(report: Report) -> set[str]:
    found = {finding.rule for finding in report.findings}
    return found | {entry.rule for document in report.documents for entry in document.ledger if entry.rule}


def _reader_names(report: Report) -> set[str]:
    """Whoever read what our own reader did not."""
    found = {finding.read_by.name for finding in report.findings if finding.read_by is not None}
    return found | {entry.read_by for document in report.documents for entry in document.ledger if entry.read_by}


def _all_places(report: Report, readers: Mapping[str, int]) -> list[Places]:
    """Marks per document, premises that findings of other documents have in it included."""
    foreign: dict[str, list[tuple[Location, str, Severity]]] = {}
    for number, document in enumerate(report.documents):
        for index, finding in enumerate(document.findings):
            for location in (finding.location, *finding.related):
                if location.path and location.path != document.path:
                    target = f"d{number + 1}f{index + 1}"
                    foreign.setdefault(location.path, []).append((location, target, finding.severity))
    return [plan(document, f"d{number + 1}", foreign.get(document.path, ()), readers) for number, document in enumerate(report.documents)]


def _body(report: DocumentReport, places: Places) -> str:
    if report.document is None:
        return ""
    body = render_body(report.document, places.ranges)
    places.placed.update(placed_ids(body))
    return body


def _article(report: DocumentReport, places: Places, body: str, context: Context, *, several: bool) -> str:
    """A document and, beside it, what was found."""
    name = places.prefix
    path = shown_path(report.path, context.options) or "document"
    heading = f'<h2 id="{name}h">{text(path)}</h2><p>{counts_line(report)}</p>' if several else ""
    label = f'aria-labelledby="{name}h"' if several else 'aria-label="document"'
    about = f", {attribute(path)}" if several else ""
    notes = document_notes(report)
    header = f"<header>{heading}{notes}</header>" if heading or notes else ""
    if report.document is None:
        return f'<article class="pair" id="{name}" {label}>{header}</article>\n'
    return (
        f'<article class="pair" id="{name}" {label}>{header}\n'
        f'<div class="doc" lang="{_language(report.document.text)}">\n{body}</div>\n'
        f'<aside class="side" tabindex="0" aria-label="findings and derivations{about}">'
        f"{findings_section(report, context)}{accepted_section(report, context)}{numbers_section(report, context)}"
        "</aside></article>\n"
    )


_SCRIPTS = (("ja", "\u3040", "\u30ff"), ("ko", "\uac00", "\ud7a3"), ("zh", "\u4e00", "\u9fff"))


def _language(sample: str) -> str:
    """The language of a document as far as its script tells; "en" where Latin letters prevail, "" for unknown."""
    letters = [character for character in sample[:5000] if character.isalpha()]
    if sum(character < "\u0250" for character in letters) * 2 >= len(letters):
        return "en"
    for code, first, last in _SCRIPTS:
        if sum(first <= character <= last for character in letters) * 10 > len(letters):
            return code
    return ""
