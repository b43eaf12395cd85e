"""The head of the page: one sentence, the coverage bar, the counts, the documents; and the tool bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.page.escape import attribute, plural, text
from stratlint.report.paths import shown_path
from stratlint.report.summary import counted_apart, severity_counts, silenced_count
from stratlint.rules.finding import Coverage

_NAMES = (("v", "verified"), ("c", "contradicted"), ("b", "consistent"), ("i", "implausible"), ("n", "not checked"))


def shares(coverage: Coverage) -> tuple[tuple[str, str, int], ...]:
    """(letter, name, count) of claims by status; what has no verdict is not checked, whatever the reasons add up to."""
    counts = (coverage.verified, coverage.contradicted, coverage.consistent, coverage.implausible)
    missed = max(0, coverage.claims - sum(counts), sum(coverage.not_checked.values()))
    return tuple((letter, name, count) for (letter, name), count in zip(_NAMES, (*counts, missed), strict=True))


def percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all; with a blank that does not break."""
    return f"{100 * part // whole}\u00a0%" if whole else "–"


def bar(coverage: Coverage, css: str) -> str:
    """Counts as one stacked bar. SVG attributes, because the page's policy forbids inline styles."""
    parts = shares(coverage)
    total = sum(count for _, _, count in parts) or 1
    described = ", ".join(f"{count:,} {name}" for _, name, count in parts)
    rectangles: list[str] = []
    left = 0.0
    for letter, _, count in parts:
        if count:
            # One status must not vanish beside thousands of another: at least half a percent is drawn.
            width = max(0.5, 100 * count / total)
            rectangles.append(f'<rect class="{letter}" x="{left:.2f}" width="{width:.2f}" height="1"/>')
            left += width
    span = f"{max(left, 1.0):.2f}"
    return (
        f'<svg class="{css}" viewBox="0 0 {span} 1" preserveAspectRatio="none" role="img"'
        f' aria-label="{described}">{"".join(rectangles)}</svg>'
    )


def head(report: Report, options: RenderOptions) -> str:
    """The head of the page."""
    coverage = report.coverage
    items = "".join(f'<li><span class="key {letter}"><b>{count:,}</b> {name}</span></li>' for letter, name, count in shares(coverage))
    several = len(report.documents) != 1
    return (
        '<header class="head" id="top">'
        f'<p class="brand">stratlint {text(options.version)} · the numbers, recomputed</p>'
        f'<h1>{text(title(report, options))}</h1><p class="lead">{_sentence(report)}</p>{bar(coverage, "cov")}'
        f'<ul class="legend" aria-label="counts by status">{items}</ul>{_reasons(coverage)}'
        f"{_documents(report.documents, options) if several else ''}</header>\n"
    )


def title(report: Report, options: RenderOptions) -> str:
    """The document's path, or how many there are."""
    if len(report.documents) == 1:
        return shown_path(report.documents[0].path, options) or "document"
    return plural(len(report.documents), "document")


def _sentence(report: Report) -> str:
    cover = report.coverage
    counts = severity_counts(report)
    nouns = (("error", "error"), ("warning", "warning"), ("info", "remark"))
    unread = f" <strong>{plural(len(report.unread), 'document')} could not be read.</strong>" if report.unread else ""
    if not cover.seen:
        return f"No numbers were seen, so nothing was checked.{unread}"
    # Findings, not numbers: one finding may be about several numbers, and one about a comment is about none.
    found = ", ".join(plural(counts[name], noun) for name, noun in nouns if counts[name]) or "No findings"
    silenced = f", {silenced_count(report):,} silenced" if silenced_count(report) else ""
    apart = counted_apart(cover)
    return (
        f"<strong>{found}</strong>{silenced}. {plural(cover.recomputed, 'number').capitalize()} of {cover.claims:,} "
        f"{'was' if cover.recomputed == 1 else 'were'} recomputed; {percent(cover.understood, cover.claims)} were understood"
        f"{f'; counted apart: {apart}' if apart else ''}.{unread}"
    )


def _reasons(coverage: Coverage) -> str:
    listed = sorted(coverage.not_checked.items(), key=lambda item: (-item[1], item[0]))
    if not listed:
        return ""
    rows = "".join(f"<li>{count:,} × {text(reason)}</li>" for reason, count in listed)
    return (
        f'<details class="why"><summary>Why {plural(sum(coverage.not_checked.values()), "number")} '
        f"went unchecked</summary><ul>{rows}</ul></details>"
    )


def _documents(documents: Sequence[DocumentReport], options: RenderOptions) -> str:
    if not documents:
        return '<p class="trouble">No documents were read.</p>'
    header = "".join(
        f'<th scope="col"{css}>{name}</th>'
        for name, css in (
            ("document", ""),
            ("", ""),
            ("findings", ' class="num"'),
            ("numbers", ' class="num"'),
            ("recomputed", ' class="num"'),
        )
    )
    rows = "".join(_document_row(index, each, options) for index, each in enumerate(documents))
    return f'<nav class="docs" aria-label="documents"><table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></nav>'


def _document_row(index: int, report: DocumentReport, options: RenderOptions) -> str:
    cover = report.coverage
    path = shown_path(report.path, options) or "document"
    name = f'<th scope="row"><a href="#d{index + 1}">{text(path)}</a></th>'
    if report.error:
        return f'<tr>{name}<td colspan="4">could not be read</td></tr>'
    return (
        f'<tr>{name}<td>{bar(cover, "mini")}</td><td class="num">{len(report.findings):,}</td>'
        f'<td class="num">{cover.claims:,}</td><td class="num">{percent(cover.recomputed, cover.claims)}</td></tr>'
    )


def toolbar(report: Report, rules: Mapping[str, int], readers: Mapping[str, int]) -> str:
    """Filters and the stepper; hidden until the script, which they need, shows them. Of *readers* each can be seen alone."""
    toggles = "".join(
        f'<label><input type="checkbox" name="status" value="{letter}" checked><span class="key {letter}">{name}</span></label>'
        for letter, name in _NAMES
    )
    severities = sorted({finding.severity for finding in report.findings}, key=lambda each: each.rank)
    return (
        '<section class="bar" id="bar" aria-label="filter and findings" hidden><div class="wrap">'
        f"{toggles}"
        f"{_select('severity', ((each.value, each.value) for each in severities))}"
        f"{_select('rule', ((str(number), name) for name, number in rules.items()))}"
        f"{_select('reader', ((str(number), f'only {name}') for name, number in readers.items())) if readers else ''}"
        '<span class="push"><output id="where" aria-live="polite"></output>'
        '<button type="button" id="prev" aria-label="previous finding (p)" title="previous finding (p)">↑</button>'
        '<button type="button" id="next" aria-label="next finding (n)" title="next finding (n)">↓</button></span>'
        "</div></section>\n"
    )


def _select(name: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{attribute(value)}">{attribute(label)}</option>' for value, label in options)
    return f'<label><span class="vh">{name}</span><select name="{name}"><option value="">every {name}</option>{listed}</select></label>'
