"""The language server of `stratlint lsp`, over standard input and output: which message is answered how."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from stratlint.config.version import installed_version
from stratlint.editor.actions import REASON, Able, code_actions
from stratlint.editor.addresses import path_of
from stratlint.editor.desk import Desk
from stratlint.editor.diagnostics import Shown, diagnostics
from stratlint.editor.hover import hover
from stratlint.editor.page import INTERNAL, Page, Text, checked
from stratlint.editor.places import definitions, offset
from stratlint.editor.positions import Change, Place, changed
from stratlint.editor.project import Options, depends_on
from stratlint.report.escaping import printable

_WATCHED = "**/*.{toml,yaml,yml,json,jsonl,md,markdown}"
_WARM_UP = "Racks: 3 × 8 = 25 GPUs\n"
# Threads of macOS have half a megabyte, which nested text may need.
_STACK = 16 << 20


class Server(LanguageServer):
    """The server with what the client told it, and the documents that it has open."""

    def __init__(self, options: Options) -> None:
        super().__init__("stratlint", installed_version(), text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.options = options
        self.shown = Shown()
        self.able = Able()
        self.markup = types.MarkupKind.Markdown
        self.links = False
        self.stopped = False
        # The library would keep texts, too, with lines that end where no editor ends them, and cut the places of changes to those.
        for each in (types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE):
            self.protocol.fm.builtin_features.pop(each)
        self._desk: Desk | None = None
        self._logged: dict[str, frozenset[str]] = {}

    @property
    def desk(self) -> Desk:
        """Made with the first message: it belongs to the event loop."""
        if self._desk is None:
            self._desk = Desk(self.check, self.publish)
        return self._desk

    @property
    def encoding(self) -> str:
        """The units of positions that client and server agreed on."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def check(self, text: Text) -> Page:
        """Check one version of a document, in a thread."""
        folders = [path_of(each.uri) for each in self.workspace.folders.values()] or [path_of(self.workspace.root_uri or "")]
        options = Options(self.options.config, self.options.isolated, tuple(each for each in folders if each is not None))
        return checked(text, options, self.encoding)

    def publish(self, page: Page) -> None:
        """Show the diagnostics of a page, and log what could not be evaluated; once while it stays the same."""
        text = page.text
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(text.uri, diagnostics(page, self.shown), text.version))
        told = {printable(str(each)) for each in page.failures}
        if page.problem is not None:
            told.add(printable(page.problem.message))
        known, self._logged[text.uri] = self._logged.get(text.uri, frozenset()), frozenset(told)
        for each in sorted(told - known):
            self.log(f"{printable(text.uri)}: {each}", defect=page.problem is None or page.problem.code == INTERNAL)

    def forget(self, uri: str) -> None:
        """A document was closed: it has no diagnostics any more."""
        self.desk.close(uri)
        self._logged.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def leave(self) -> None:
        """Check nothing any more."""
        if self._desk is not None:
            self._desk.end()

    def log(self, message: str, *, defect: bool) -> None:
        """A line in the client's log."""
        kind = types.MessageType.Error if defect else types.MessageType.Warning
        self.window_log_message(types.LogMessageParams(kind, message))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What a message of the client could not be answered for goes to its log, not into its author's face."""
        self.log(f"{getattr(source, '__name__', source)}: {printable(str(error))}", defect=True)


def build(options: Options) -> Server:
    """The server, not yet running."""
    server = Server(options)
    _synchronised(server)
    _answering(server)
    return server


def serve(options: Options) -> bool:
    """Serve until the client leaves; whether it took its leave, rather than being gone."""
    server = build(options)
    threading.stack_size(_STACK)
    before = sys.stdout
    with open(os.dup(before.fileno()), "wb") as protocol:  # noqa: PTH123 - a descriptor; the library closes what it is given
        sys.stdout = sys.stderr  # whoever prints must not print into the protocol
        try:
            server.start_io(sys.stdin.buffer, protocol)
        finally:
            sys.stdout = before
            server.leave()
    return server.stopped


def _synchronised(server: Server) -> None:
    """Documents, folders and files as they come and go."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.shown, server.able = _shown(params.capabilities), _able(params.capabilities)
        server.markup, server.links = _markup(params.capabilities), _links(params.capabilities)

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        server.desk.warm_up(Text("", 0, _WARM_UP))
        if _has(server.client_capabilities, "workspace", "did_change_watched_files", "dynamic_registration"):
            watchers = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
            registration = types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watchers)
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    def shutdown(*_: object) -> None:
        server.stopped = True

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.desk.put(Text(document.uri, document.version, document.text), pause=False)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def edited(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        before = server.desk.text(uri)
        if before is not None:
            text = changed(before.text, map(_change, params.content_changes), server.encoding)
            server.desk.put(Text(uri, version, text), pause=True)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.desk.again(params.text_document.uri)  # a client that watches no files: settings may have changed since

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def touched(params: types.DidChangeWatchedFilesParams) -> None:
        _check_what_depends(server, [each.uri for each in params.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(_params: types.DidChangeConfigurationParams) -> None:
        server.desk.again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def moved(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.desk.again()


def _answering(server: Server) -> None:
    """What the client asks of a page; always of its latest version."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovering(params: types.HoverParams) -> types.Hover | None:
        page = await server.desk.page(params.text_document.uri)
        return hover(page, offset(page, params.position), server.markup) if page else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defining(params: types.DefinitionParams) -> list[types.LocationLink] | list[types.Location] | None:
        page = await server.desk.page(params.text_document.uri)
        links = definitions(page, offset(page, params.position)) if page else []
        if server.links:
            return links or None
        return [types.Location(each.target_uri, each.target_range) for each in links] or None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    async def acting(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        page = await server.desk.page(params.text_document.uri)
        return code_actions(page, params.range, params.context, server.shown, server.able) or None if page else None

    @server.command(REASON)
    def show_reason(uri: str, place: types.Position) -> None:
        selection = types.Range(place, place)
        server.window_show_document(types.ShowDocumentParams(uri, take_focus=True, selection=selection))


def _check_what_depends(server: Server, uris: Iterable[str]) -> None:
    """Check again what the changed files may have changed. What failed for its configuration depends on all of them."""
    paths = [path for uri in uris if (path := path_of(uri)) is not None]
    for page in server.desk.pages:
        if page.project is None or any(depends_on(page.project, path) for path in paths):
            server.desk.again(page.text.uri)


def _change(change: types.TextDocumentContentChangeEvent) -> Change:
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return Change(change.text)
    start, end = change.range.start, change.range.end
    return Change(change.text, Place(start.line, start.character), Place(end.line, end.character))


def _shown(capabilities: types.ClientCapabilities) -> Shown:
    related = _has(capabilities, "text_document", "publish_diagnostics", "related_information")
    return Shown(related, _has(capabilities, "text_document", "publish_diagnostics", "code_description_support"))


def _able(capabilities: types.ClientCapabilities) -> Able:
    return Able(
        versions=_has(capabilities, "workspace", "workspace_edit", "document_changes"),
        snippets=_has(capabilities, "workspace", "workspace_edit", "snippet_edit_support"),
        showing=_has(capabilities, "window", "show_document", "support"),
    )


def _markup(capabilities: types.ClientCapabilities) -> types.MarkupKind:
    """The first format that the client names and we have; Markdown where it names none."""
    document = capabilities.text_document
    named = document.hover.content_format if document and document.hover else None
    return next(iter(named or ()), types.MarkupKind.Markdown)


def _links(capabilities: types.ClientCapabilities) -> bool:
    return _has(capabilities, "text_document", "definition", "link_support")


def _has(capabilities: object, *names: str) -> bool:
    """Whether the client has a capability that lies so deep."""
    for name in names:
        capabilities = getattr(capabilities, name, None)
    return bool(capabilities)
