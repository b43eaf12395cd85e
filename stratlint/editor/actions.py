"""What an author can do about a finding: take the one repair that the arithmetic leaves, or waive it with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types

from stratlint.editor.diagnostics import Shown, diagnostic
from stratlint.editor.page import Page
from stratlint.editor.places import offset, position, span
from stratlint.editor.positions import Positions
from stratlint.editor.waiving import Waiver, waiver
from stratlint.report.escaping import printable
from stratlint.rules.finding import Finding

REASON = "stratlint.writeReason"
_KIND = types.CodeActionKind.QuickFix


@dataclass(frozen=True, slots=True)
class Able:
    """What the client can do: edits of a named version, snippets in them, and showing a place on demand."""

    versions: bool = False
    snippets: bool = False
    showing: bool = False


def code_actions(page: Page, asked: types.Range, context: types.CodeActionContext, shown: Shown, able: Able) -> list[types.CodeAction]:
    """The actions for the findings that a range touches, and for those that the client names; repairs first."""
    if context.only and not any(each in (_KIND, "") or _KIND.startswith(f"{each}.") for each in context.only):
        return []
    findings = _asked(page, asked, context.diagnostics)
    return [*_repairs(page, findings, shown, able), *_waivers(page, findings, shown, able)]


def _asked(page: Page, asked: types.Range, named: Iterable[types.Diagnostic]) -> list[Finding]:
    touched = page.findings_at(offset(page, asked.start), offset(page, asked.end))
    keys = {(each.code, _key(each.range)) for each in named}
    return [each for each in page.findings if each in touched or (each.rule, _key(_span(page, each))) in keys]


def _repairs(page: Page, findings: list[Finding], shown: Shown, able: Able) -> Iterator[types.CodeAction]:
    for finding in findings:
        repair = finding.suggestion
        if repair is None:
            continue
        edit = types.TextEdit(span(page, repair.start, repair.end), repair.replacement)
        old = page.text.text[repair.start : repair.end]
        title = f"Replace `{printable(old)}` by `{printable(repair.replacement)}`"
        yield types.CodeAction(title, _KIND, [diagnostic(page, finding, shown)], True, edit=_edit(page, edit, able))


def _waivers(page: Page, findings: list[Finding], shown: Shown, able: Able) -> Iterator[types.CodeAction]:
    document = page.report.document if page.report and page.settings.ignores else None
    if document is None:
        return
    for finding in findings:
        if (made := waiver(document, finding)) is not None:
            title = f"Waive `{finding.rule}` here, with a reason"
            edit, command = _waiving(page, made, able)
            yield types.CodeAction(title, _KIND, [diagnostic(page, finding, shown)], edit=edit, command=command)


def _waiving(page: Page, made: Waiver, able: Able) -> tuple[types.WorkspaceEdit, types.Command | None]:
    """The edit, with the cursor where the reason goes, as far as the client can: by a snippet, or by a command after it."""
    place = span(page, made.offset, made.offset)
    if able.snippets and able.versions:
        snippet = f"{_snippet(made.before)}$0{_snippet(made.after)}"
        return _edit(page, types.SnippetTextEdit(place, types.StringValue(snippet)), able), None
    edit = _edit(page, types.TextEdit(place, f"{made.before}{made.after}"), able)
    if not able.showing:
        return edit, None
    start = position(page, made.offset)
    inner = Positions(made.before, page.encoding).place(len(made.before))
    at = {"line": start.line + inner.line, "character": inner.character + (0 if inner.line else start.character)}
    return edit, types.Command("Write the reason", REASON, arguments=[page.text.uri, at])


def _edit(page: Page, edit: types.TextEdit | types.SnippetTextEdit, able: Able) -> types.WorkspaceEdit:
    if able.versions:
        document = types.OptionalVersionedTextDocumentIdentifier(page.text.uri, page.text.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])
    assert isinstance(edit, types.TextEdit)
    return types.WorkspaceEdit(changes={page.text.uri: [edit]})


def _snippet(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def _span(page: Page, finding: Finding) -> types.Range:
    return span(page, finding.location.start, finding.location.end)


def _key(place: types.Range) -> tuple[int, int, int, int]:
    return place.start.line, place.start.character, place.end.line, place.end.character
