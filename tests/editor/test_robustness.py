"""Nothing that an editor sends ends the server, and nothing that fails is silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

SLIP, PASSED = "magnitude-slip", "failing-comparison-passed"
WRONG = "2 × 3 = 7 GPUs\n"
Edit = Callable[..., Any]


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


ADDRESSES = (
    "untitled:Untitled-1",
    "git:/plan.md?%7B%22ref%22%3A%22HEAD%22%7D",
    "vscode-notebook-cell:/a.ipynb#W0sZmlsZQ%3D%3D",
    "file:///no/such/folder/plan.md",
    "file:///tmp/%FF%FE%80.md",
    "file:///tmp/%00.md",
    "file:///" + "a/" * 3000 + "plan.md",
    "file:relative.md",
    "",
    "//",
)


def test_a_document_is_checked_wherever_it_is(edit: Edit, folder: Path) -> None:
    """Untitled, outside of the workspace, of another scheme, of a name that no file can have."""

    async def session(editor: Any) -> None:
        editor.uri = lambda name: name if name in ADDRESSES else (folder / name).as_uri()
        for address in ADDRESSES:
            assert codes(await editor.open(address, WRONG)) == ["wrong-product"], address
            editor.type_over(address, "7 GPUs", "6 GPUs")
            assert await editor.diagnostics(address) == [], address
            assert "verified" in await editor.hover(address, "6 GPUs"), address
            editor.close(address)
        assert codes(await editor.open("plan.md")) == [SLIP, PASSED]
        assert editor.log == []

    edit(folder, session)


def test_a_deleted_file_stays_what_the_editor_has(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        (folder / "plan.md").unlink()
        editor.touch("plan.md")
        editor.type_over("plan.md", "TFLOP", "GFLOP")
        assert codes(await editor.diagnostics("plan.md")) == [PASSED]

    edit(folder, session)


TEXTS = (
    *("", "\ufeff# A\n\n" + WRONG, "\x00\x01" * 99, "\ud800 " + WRONG, "\r\r\n\n\r" + WRONG),
    *("[" * 5_000, "| a |\n" * 50, "9" * 5_000, "`\n" * 999, "\x85\x1c\u2029" + WRONG),
)


def test_any_text_is_taken(edit: Edit, folder: Path) -> None:
    beyond = types.Range(types.Position(999, 9), types.Position(9999, 0))

    async def session(editor: Any) -> None:
        for number, text in enumerate(TEXTS):
            name = f"untitled:{number}"
            found = await editor.open(name, text)
            assert [editor.of(name, each.range) for each in found] == ["7 GPUs"] * text.count(WRONG), text[:9]
            editor.send(name, types.TextDocumentContentChangePartial(beyond, "\n"))
            await editor.diagnostics(name)
        assert editor.log == []

    edit(folder, session)


def test_a_document_that_is_too_large_says_so(edit: Edit, folder: Path) -> None:
    (folder / "stratlint.toml").write_text('max-file-size = "1 KiB"\n', encoding="utf-8")

    async def session(editor: Any) -> None:
        (found,) = await editor.open("plan.md", WRONG + "é" * 600)
        assert found.code == "unreadable-file"
        assert "larger than 1,024 bytes; raise `max-file-size`" in found.message
        editor.replace_all("plan.md", WRONG)
        assert len(await editor.diagnostics("plan.md")) == 1

    edit(folder, session)


BROKEN = """\
import sys
from stratlint.rules import engine
from stratlint.cli import main
checks = engine._checks
def broken(rule, transcript):
    print("noise on standard output")
    if rule.name == "magnitude-slip":
        raise TypeError("a defect of ours")
    return checks(rule, transcript)
engine._checks = broken
sys.exit(main(["lsp"]))
"""


def test_a_rule_that_fails_is_logged_once_and_the_others_judge(edit: Edit, folder: Path) -> None:
    """And what anybody prints to standard output does not end up in the protocol."""

    async def session(editor: Any) -> None:
        assert codes(await editor.open("plan.md")) == [PASSED]
        editor.type_over("plan.md", "# Plan", "# A plan")
        assert codes(await editor.diagnostics("plan.md")) == [PASSED]
        failed = [each for each in editor.client.log_messages if "magnitude-slip" in each.message]
        (message,) = failed
        assert message.type == types.MessageType.Error
        assert "rule `magnitude-slip`" in message.message
        assert "TypeError: a defect of ours" in message.message

    edit(folder, session, command=(sys.executable, "-c", BROKEN))


CRASHING = """\
import sys
import stratlint.editor.page as page
from stratlint.cli import main
check = page.check_document
def crashing(document, settings):
    if "boom" in document.text:
        raise RecursionError("too deep")
    return check(document, settings)
page.check_document = crashing
sys.exit(main(["lsp"]))
"""


def test_a_defect_of_ours_is_a_diagnostic_and_the_next_version_is_checked(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        (found,) = await editor.open("plan.md", f"boom\n\n{WRONG}")
        assert found.code == "internal-error"
        assert "RecursionError: too deep" in found.message
        await editor.until(lambda: any("RecursionError" in each for each in editor.log))
        editor.type_over("plan.md", "boom", "calm")
        assert len(await editor.diagnostics("plan.md")) == 1

    edit(folder, session, command=(sys.executable, "-c", CRASHING))


def message(**content: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


INITIALIZE = message(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}})
LEAVE = message(id=9, method="shutdown") + message(method="exit")


def raw(sent: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "stratlint", "lsp"], input=sent, capture_output=True, cwd=folder, timeout=240, check=False)


POSITION = {"textDocument": {"uri": "untitled:9"}, "position": {"line": 0, "character": 0}}
ODD = (
    b"Content-Length: 3\r\n\r\n{{{",
    b"Content-Length: 2\r\n\r\n\xff\xfe",
    b"nonsense\r\n\r\n",
    message(id=2, method="no/such/method", params={}),
    message(method="textDocument/didChange", params={"textDocument": {"uri": "untitled:1", "version": 2}, "contentChanges": []}),
    message(method="textDocument/didOpen", params={"textDocument": 7}),
    message(method="textDocument/didOpen", params={"textDocument": {"uri": "file://[/", "languageId": "", "version": 1, "text": ""}}),
    message(id=3, method="textDocument/hover", params=POSITION),
    message(id=4, method="workspace/executeCommand", params={"command": "rm"}),
    message(id=5, result=None),
)


def test_what_is_no_message_is_passed_over(folder: Path) -> None:
    done = raw(INITIALIZE + b"".join(ODD) + LEAVE, folder)
    assert done.returncode == 0, done.stderr
    for answered in (1, 2, 3, 4, 9):
        assert b'"id": %d' % answered in done.stdout, answered


def test_a_client_that_is_gone_takes_the_server_with_it(folder: Path) -> None:
    assert raw(INITIALIZE, folder).returncode == 2
    assert raw(INITIALIZE + message(method="exit"), folder).returncode == 2


def test_without_its_library_it_says_how_to_install_it(folder: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; from stratlint.cli import main; sys.exit(main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'stratlint[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="file names of any bytes")
def test_a_file_name_of_any_bytes_has_its_configuration(edit: Edit, folder: Path, plan: str) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe"))
    try:
        odd.mkdir()
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    (odd / "stratlint.toml").write_text('ignore = ["magnitude-slip"]\n', encoding="utf-8")

    async def session(editor: Any) -> None:
        editor.uri = lambda _: (odd / "plan.md").as_uri()
        assert codes(await editor.open("plan.md", plan)) == [PASSED]

    edit(folder, session)
