"""The page: one self-contained HTML file, the documents with every number marked and its derivation beside it.

The shell is a template that escapes what it is given; everything else from outside passes `page.escape`. The content
security policy allows the page's own style and script by their hashes and nothing else, no network included. Without
JavaScript all of it can be read and every link works; the script adds filters, keys and what shows on hover.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from markupsafe import Markup

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
from stratlint.report.page.places import Atlas, Places, plan
from stratlint.report.page.summary import STATUSES, filters, head, rows, title
from stratlint.report.page.template import asset, rendered
from stratlint.report.paths import shown_path
from stratlint.rules.finding import Location, Severity

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M2 5h12M2 11h12' stroke='%231b6e3c' stroke-width='3'/%3E%3C/svg%3E"
)


def render(report: Report, options: RenderOptions) -> str:
    """The whole run as one HTML file."""
    rules = {name: number for number, name in enumerate(sorted(_rule_names(report)))}
    readers = {name: number for number, name in enumerate(sorted(_reader_names(report)))}
    places = _all_places(report, readers)
    bodies = [_body(document, each) for document, each in zip(report.documents, places, strict=True)]
    atlas = Atlas(places)
    several = len(places) > 1
    articles = [
        _article(
            document,
            body,
            Context(each.prefix, document.path, partial(atlas.find, each), rules, options, frozenset(each.carded), readers),
            several=several,
        )
        for document, each, body in zip(report.documents, places, bodies, strict=True)
    ]
    return rendered(
        "page.html.j2",
        policy=Markup(policy()),
        icon=Markup(_ICON),
        style=Markup(asset("style.css")),
        script=Markup(asset("script.js")),
        version=options.version,
        title=title(report, options),
        head=head(report),
        statuses=STATUSES,
        filters=filters(report, rules, readers),
        documents=rows(report.documents, options) if len(report.documents) != 1 else None,
        articles=articles,
    )


def policy() -> str:
    """The content security policy: nothing but the page's own style and script (and its icon)."""
    script, style = (_source_hash(asset(name)) for name in ("script.js", "style.css"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _source_hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


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


def _article(report: DocumentReport, body: str, context: Context, *, several: bool) -> dict[str, Any]:
    """A document and, beside it, what was found; no body for one that could not be read."""
    return {
        "id": context.prefix,
        "heading": (shown_path(report.path, context.options) or "document") if several else "",
        "counts": counts_line(report),
        "notes": Markup(document_notes(report)),
        "body": None if report.document is None else Markup(body),
        "language": _language(report.document.text) if report.document is not None else "",
        "findings": Markup(findings_section(report, context) + accepted_section(report, context)),
        "numbers": Markup(numbers_section(report, context)),
    }


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
