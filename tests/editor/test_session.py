"""A session as an author has it, over real standard input and output, with the capabilities of three real editors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

EDITORS = ["visual-studio-code", "neovim@v0.11", "emacs"]  # positions in UTF-16, UTF-8 and UTF-32
SLIP, PASSED, UNREASONED = "magnitude-slip", "failing-comparison-passed", "unreasoned-suppression"
Edit = Callable[..., Any]


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


@pytest.mark.parametrize("like", EDITORS)
def test_an_author_reads_mends_and_waives(edit: Edit, folder: Path, like: str) -> None:
    async def session(editor: Any) -> None:
        slip, passed = await editor.open("plan.md")
        assert codes([slip, passed]) == [SLIP, PASSED]
        assert [editor.of("plan.md", each.range) for each in (slip, passed)] == ["8.6 TFLOP per layer", "52.4 GB"]
        assert {(each.severity, each.source) for each in (slip, passed)} == {(types.DiagnosticSeverity.Error, "stratlint")}
        assert passed.message.startswith("marked as passed, but 52.4 GB is more than 48 GB per GPU")

        shown = await editor.hover("plan.md", "52.4")
        for told in ("memory in use", "**contradicted**", PASSED, "52.4 GB is more than 48 GB per GPU", "- from line 3: 64 (GPUs)"):
            assert told in shown
        assert await editor.definitions("plan.md", "52.4") == [(editor.uri("plan.md"), "64"), (editor.uri("plan.md"), "48 GB per GPU")]

        repair = (await editor.actions("plan.md", "8.6 TFLOP"))["Replace `8.6 TFLOP per layer` by `8.6 GFLOP per layer`"]
        assert (repair.kind, repair.is_preferred, codes(list(repair.diagnostics or []))) == ("quickfix", True, [SLIP])
        editor.apply(repair)
        assert codes(await editor.diagnostics("plan.md")) == [PASSED]

        actions = await editor.actions("plan.md", "52.4")
        assert list(actions) == ["Waive `failing-comparison-passed` here, with a reason"]  # nothing says which of the two is wrong
        editor.apply(*actions.values())
        assert codes(await editor.diagnostics("plan.md")) == [UNREASONED]
        editor.type_over("plan.md", ":  -->", ": the hosts are full in May only -->")
        assert await editor.diagnostics("plan.md") == []

    edit(folder, session, like=like)


@pytest.mark.parametrize(("like", "end"), list(zip(EDITORS, ["\r\n", "\n", "\r\n"], strict=True)))
def test_places_are_right_beyond_ascii(edit: Edit, folder: Path, like: str, end: str) -> None:
    """Emoji are two units of UTF-16 and four of UTF-8; neither a form feed nor U+2028 ends a line for an editor."""
    wrong = "2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOP per layer"
    text = f"# 方案 🚀{end}{end}页\x0c面\u2028和 \U0001f469\u200d\U0001f4bb é: 🧮 {wrong} 🧮{end}{end}Räcke: 8{end}"

    async def session(editor: Any) -> None:
        (found,) = await editor.open("plan.md", text)
        assert editor.of("plan.md", found.range) == "8.6 TFLOP per layer"
        editor.type_over("plan.md", "🧮 2", "🧮🧮 2")
        editor.type_over("plan.md", "🚀", "")
        editor.type_over("plan.md", "Räcke: 8", "Räcke 🏢: 8\U0001f600")
        (found,) = await editor.diagnostics("plan.md")
        assert editor.of("plan.md", found.range) == "8.6 TFLOP per layer"
        repair, *_ = (await editor.actions("plan.md", "8.6 TFLOP per layer")).values()
        editor.apply(repair)
        assert await editor.diagnostics("plan.md") == []
        assert "= 8.6 GFLOP per layer 🧮" in editor.texts[editor.uri("plan.md")]

    edit(folder, session, like=like)


def test_premises_are_related_places_where_the_editor_shows_them_and_lines_where_it_does_not(edit: Edit, folder: Path) -> None:
    async def beside(editor: Any) -> None:
        _, passed = await editor.open("plan.md")
        related = [(each.message, editor.of("plan.md", each.location.range)) for each in passed.related_information or []]
        assert related == [("64 (GPUs)", "64"), ("48 GB per GPU (available)", "48 GB per GPU")]
        assert "line 3" not in passed.message

    async def within(editor: Any) -> None:
        _, passed = await editor.open("plan.md")
        assert not passed.related_information
        assert "line 3: 64 (GPUs)" in passed.message.split("\n")

    edit(folder, beside, like="visual-studio-code")
    edit(folder, within, like="emacs")


def test_the_whole_text_may_be_sent_anew(edit: Edit, folder: Path, plan: str) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        editor.replace_all("plan.md", plan.replace("TFLOP", "GFLOP"))
        assert codes(await editor.diagnostics("plan.md")) == [PASSED]

    edit(folder, session)


def test_of_many_changes_the_last_is_checked(edit: Edit, folder: Path) -> None:
    """Typing is faster than a check: what is overtaken is never shown, and versions never go back."""

    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        for before, after in ((f"{each} GB needed", f"{each - 1} GB needed") for each in range(90, 50, -1)):
            editor.type_over("plan.md", before if before in editor.texts[editor.uri("plan.md")] else "52.4 GB needed", after)
            await asyncio.sleep(0.01)
        found = await editor.diagnostics("plan.md")
        assert "50 GB is more than 48 GB per GPU" in found[-1].message
        assert editor.order == sorted(editor.order)
        assert len(editor.order) < 20

    edit(folder, session)


def test_what_is_asked_is_answered_for_the_text_of_that_moment(edit: Edit, folder: Path) -> None:
    """A question right after a change waits for its check, not for the pause of the author."""

    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        editor.type_over("plan.md", "52.4 GB", "🧮 51 GB")
        assert "51 GB" in await editor.hover("plan.md", "51 GB")
        editor.type_over("plan.md", "# Plan\n", "# Plan\n\nIn short:\n")
        assert "Replace `8.6 TFLOP per layer` by `8.6 GFLOP per layer`" in await editor.actions("plan.md", "8.6 TFLOP")
        assert await editor.definitions("plan.md", "51 GB") != []

    edit(folder, session)


def test_every_number_is_explained(edit: Edit, folder: Path) -> None:
    text = "# Racks\n\nThere are 3 racks with 8 GPUs each, 24 GPUs in total. The glorb is 17.\n"

    async def session(editor: Any) -> None:
        assert await editor.open("plan.md", text) == []
        verified = await editor.hover("plan.md", "24 GPUs")
        assert "**verified**" in verified
        assert "3 × 8 GPUs = 24 GPUs" in verified
        assert "- from line 3: 8 GPUs" in verified.split("\n")
        assert [found for _, found in await editor.definitions("plan.md", "24 GPUs")] == ["3", "8 GPUs"]
        unknown = await editor.hover("plan.md", "17.")
        assert "meaning unknown" in unknown
        assert "**not checked**: no known word says what it measures" in unknown
        assert await editor.hover("plan.md", "glorb") == ""
        assert await editor.definitions("plan.md", "glorb") == []
        assert await editor.actions("plan.md", "glorb") == {}

    edit(folder, session)


def test_markup_of_a_document_is_text_in_a_hover(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md", "- **[x](command:evil)** <img src=x> Total use: 12 GB\n")
        assert "](command" not in (shown := await editor.hover("plan.md", "12 GB"))
        assert "<img" not in shown

    edit(folder, session)


def test_plain_text_for_editors_that_render_no_markdown(edit: Edit, folder: Path) -> None:
    plain = types.TextDocumentClientCapabilities(hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText]))

    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        shown = await editor.hover("plan.md", "52.4")
        assert "**" not in shown
        assert "- from line 3: 64 (GPUs)" in shown.split("\n")

    edit(folder, session, capabilities=types.ClientCapabilities(text_document=plain))


def test_the_cursor_goes_where_the_reason_is_to_be_written(edit: Edit, folder: Path) -> None:
    """By a snippet where the editor has those in edits, else by a command that shows the place."""

    async def shown(editor: Any) -> None:
        await editor.open("plan.md")
        (waive,) = (await editor.actions("plan.md", "52.4")).values()
        editor.apply(waive)
        assert waive.command is not None
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams(waive.command.command, arguments=waive.command.arguments)
        )
        await editor.until(lambda: editor.client.shown_documents)
        (asked,) = editor.client.shown_documents
        assert asked.uri == editor.uri("plan.md")
        line = editor.texts[editor.uri("plan.md")].split("\n")[asked.selection.start.line]
        assert line[: asked.selection.start.character].endswith("ignore[failing-comparison-passed]@52.4 GB: ")

    async def snippet(editor: Any) -> None:
        await editor.open("plan.md")
        (waive,) = (await editor.actions("plan.md", "52.4")).values()
        (change,) = waive.edit.document_changes
        (made,) = change.edits
        assert made.snippet.value == " <!-- stratlint: ignore[failing-comparison-passed]@52.4 GB: $0 -->"
        assert waive.command is None

    edit(folder, shown)
    able = types.WorkspaceEditClientCapabilities(document_changes=True, snippet_edit_support=True)
    edit(folder, snippet, capabilities=types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(workspace_edit=able)))


def test_actions_of_another_kind_are_not_offered(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        assert await editor.actions("plan.md", "52.4", only=["refactor", "source.fixAll"]) == {}
        assert await editor.actions("plan.md", "52.4", only=["quickfix"]) != {}

    edit(folder, session)


def test_findings_go_with_the_document(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        assert await editor.next_diagnostics("plan.md", lambda: editor.close("plan.md")) == []
        assert await editor.hover("plan.md", "52.4") == ""
        assert len(await editor.open("plan.md")) == 2

    edit(folder, session)
