"""An editor for `stratlint lsp`: the client of pytest-lsp, with the capabilities of a real editor, over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Union

import pytest

pytest.importorskip("pygls", reason="the protocol library is not installed: pip install 'stratlint[lsp]'")

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, LspSpecificationWarning, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from stratlint.editor.positions import Change, Place, Positions, changed

SECONDS = 240  # on a machine that does much else besides
COMMAND = (sys.executable, "-m", "stratlint", "lsp")
VS_CODE = "visual-studio-code"


class Editor:
    """One session: the documents as the editor has them, and what the server has said of each."""

    def __init__(self, client: LanguageClient, folder: Path, capabilities: types.ClientCapabilities) -> None:
        self.client = client
        self.folder = folder
        self.capabilities = capabilities
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.count: dict[str, int] = {}
        self.order: list[int | None] = []
        self.encoding = "utf-16"

    async def start(self) -> types.InitializeResult:
        folder = types.WorkspaceFolder(self.folder.as_uri(), self.folder.name)
        asked = types.InitializeParams(self.capabilities, root_uri=folder.uri, workspace_folders=[folder])
        result = await self.client.initialize_session(asked)
        self.encoding = str(getattr(result.capabilities.position_encoding, "value", result.capabilities.position_encoding))
        return result

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    async def open(self, name: str, text: str | None = None) -> list[types.Diagnostic]:
        """Open a document (with the file's text, or another that is not saved); its first diagnostics."""
        uri = self.uri(name)
        content = (self.folder / name).read_bytes().decode() if text is None else text
        self.texts[uri], self.versions[uri] = content, 1
        self.published.pop(uri, None)
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "markdown", self.versions[uri], content))
        )
        return await self.diagnostics(name)

    def send(self, name: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Tell a change, without waiting for what comes of it."""
        uri = self.uri(name)
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    def type_over(self, name: str, old: str, new: str) -> None:
        """Replace the first *old* by *new*, incrementally."""
        uri = self.uri(name)
        at = self.texts[uri].index(old)
        self.send(name, types.TextDocumentContentChangePartial(self.span(name, at, at + len(old)), new))
        self.texts[uri] = self.texts[uri].replace(old, new, 1)

    def replace_all(self, name: str, text: str) -> None:
        """The whole text anew, as clients do that know no ranges."""
        self.texts[self.uri(name)] = text
        self.send(name, types.TextDocumentContentChangeWholeDocument(text))

    async def diagnostics(self, name: str) -> list[types.Diagnostic]:
        """Those of the version that the editor has."""
        uri = self.uri(name)
        await self.until(lambda: uri in self.published and self.published[uri].version == self.versions[uri])
        return list(self.published[uri].diagnostics)

    async def next_diagnostics(self, name: str, act: Callable[[], Any]) -> list[types.Diagnostic]:
        """Those that come after something else than a change was done."""
        uri = self.uri(name)
        before = self.count.get(uri, 0)
        act()
        await self.until(lambda: self.count.get(uri, 0) > before)
        return list(self.published[uri].diagnostics)

    async def until(self, holds: Callable[[], object]) -> None:
        for _ in range(SECONDS * 50):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the server did not answer")

    def position(self, name: str, offset: int) -> types.Position:
        place = Positions(self.texts[self.uri(name)], self.encoding).place(offset)
        return types.Position(place.line, place.character)

    def span(self, name: str, start: int, end: int) -> types.Range:
        return types.Range(self.position(name, start), self.position(name, end))

    def of(self, name: str, place: types.Range) -> str:
        """The text at a range that the server sent."""
        text = self.texts[self.uri(name)]
        positions = Positions(text, self.encoding)
        start, end = (positions.offset(Place(each.line, each.character)) for each in (place.start, place.end))
        return text[start:end]

    async def hover(self, name: str, at: str) -> str:
        """What the editor shows over the first *at*."""
        asked = types.HoverParams(types.TextDocumentIdentifier(self.uri(name)), self.position(name, self.texts[self.uri(name)].index(at)))
        found = await self.client.text_document_hover_async(asked)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def definitions(self, name: str, at: str) -> list[tuple[str, str]]:
        """Where the first *at* leads: URI and text."""
        place = self.position(name, self.texts[self.uri(name)].index(at))
        asked = types.DefinitionParams(types.TextDocumentIdentifier(self.uri(name)), place)
        found: Any = await self.client.text_document_definition_async(asked) or []
        targets = [
            (getattr(each, "target_uri", ""), each.target_range) if hasattr(each, "target_uri") else (each.uri, each.range)
            for each in found
        ]
        return [(uri, self.of(uri, span)) for uri, span in targets]

    async def actions(self, name: str, at: str, only: list[str] | None = None) -> dict[str, types.CodeAction]:
        """The actions at the first *at*, by their titles."""
        start = self.texts[self.uri(name)].index(at)
        context = types.CodeActionContext([], only=only)
        asked = types.CodeActionParams(types.TextDocumentIdentifier(self.uri(name)), self.span(name, start, start + len(at)), context)
        found = await self.client.text_document_code_action_async(asked) or []
        return {each.title: each for each in found if isinstance(each, types.CodeAction)}

    def apply(self, action: types.CodeAction) -> None:
        """Carry out the edit of an action, as an editor does: it becomes a change of the document."""
        assert action.edit is not None
        edits = dict(action.edit.changes or {})
        for change in action.edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[change.text_document.uri]
            edits[change.text_document.uri] = [each for each in change.edits if isinstance(each, types.TextEdit)]
        for uri, made in edits.items():
            for each in sorted(made, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
                start, end = (Place(place.line, place.character) for place in (each.range.start, each.range.end))
                self.texts[uri] = changed(self.texts[uri], [Change(each.new_text, start, end)], self.encoding)
                self.send(uri, types.TextDocumentContentChangePartial(each.range, each.new_text))

    def close(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def save(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def touch(self, *names: str) -> None:
        """Tell that files changed."""
        events = [types.FileEvent(self.uri(name), types.FileChangeType.Changed) for name in names]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    @property
    def log(self) -> list[str]:
        return [each.message for each in self.client.log_messages]


Session = Callable[[Editor], Awaitable[None]]


def talk(
    folder: Path,
    session: Session,
    *argv: str,
    like: str = VS_CODE,
    capabilities: types.ClientCapabilities | None = None,
    command: tuple[str, ...] = COMMAND,
) -> Editor:
    """Start the server in *folder*, let the *session* talk with it, and take leave; the server ends with 0."""

    async def run() -> Editor:
        client = LanguageClient(converter_factory=_converter)
        editor = Editor(client, folder, capabilities or client_capabilities(like))

        def published(params: types.PublishDiagnosticsParams) -> None:
            editor.published[params.uri] = params
            editor.order.append(params.version)
            editor.count[params.uri] = editor.count.get(params.uri, 0) + 1

        # Answered already by the client itself; what is registered is of no interest to it.
        features = {**DEFAULT_CLIENT_FEATURES, types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published}
        features.setdefault(types.CLIENT_REGISTER_CAPABILITY, lambda _params: None)
        register_lsp_features(client, features)
        await client.start_io(command[0], *command[1:], *argv, cwd=folder, env=_environment())
        try:
            await editor.start()
            await session(editor)
            await client.shutdown_session()
            process = client._server
            assert process is not None
            assert process.returncode == 0
        finally:
            if client._server is not None and client._server.returncode is None:
                client._server.kill()
            await client.stop()
        return editor

    with warnings.catch_warnings():
        warnings.simplefilter("error", LspSpecificationWarning)
        return asyncio.run(asyncio.wait_for(run(), SECONDS))


def _converter() -> Any:
    """The client's converter, which takes a code action with a command to be run after its edit for that command alone."""
    made = default_converter()
    made.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007 - the hook is looked up by this very type
        lambda raw, _: made.structure(raw, types.Command if isinstance(raw.get("command"), str) else types.CodeAction),
    )
    return made


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("STRATLINT_")}


@pytest.fixture
def edit() -> Callable[..., Editor]:
    return talk


PLAN = """\
# Plan

- Total GPUs: 64, GPU memory: 48 GB
- Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOP per layer
- ✅ Memory check: 52.4 GB needed vs 48 GB per GPU available
"""


@pytest.fixture
def plan() -> str:
    return PLAN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    (made / ".git").mkdir()  # configurations above are nobody's
    (made / "plan.md").write_text(PLAN, encoding="utf-8")
    return made
