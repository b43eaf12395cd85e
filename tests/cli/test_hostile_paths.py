"""Every kind of thing that a path can name: refused with a reason or read, never a hang, never an injection."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stratlint.cli import reading

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file types")


@pytest.fixture
def good(project: Path) -> Path:
    """A document with one error, checked beside whatever else is named."""
    (project / "good.md").write_text("It is 12 WRONG\n")
    return project


def refused(run, path: str, why: str) -> None:
    """*path* is refused for *why*, the good document is checked, the exit code is 2."""
    result = run("check", "--output-format", "concise", path, "good.md")
    assert result.code == 2
    assert why in result.err
    assert "good.md:1:7: error" in result.out


@posix
def test_a_pipe_is_not_opened(run, good):
    """Opening a pipe without a writer would block for ever."""
    os.mkfifo(good / "pipe.md")

    refused(run, "pipe.md", "pipe.md: is a pipe, which could block for ever; send it to standard input")
    refused(run, ".", "pipe.md: is a pipe")


@posix
def test_a_socket(run, good):
    """A socket is no document."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.md")
        refused(run, "s.md", "s.md: is a socket, not a document")


@posix
def test_a_device(run, good):
    """`/dev/zero` has no end."""
    refused(run, "/dev/zero", "/dev/zero: is a device, not a document")
    refused(run, "/dev/null", "/dev/null: is a device, not a document")


def test_missing(run, good):
    """No such file, an empty name, a NUL in the name, a file as a folder."""
    refused(run, "absent.md", "absent.md: no such file")
    refused(run, "", ": no such file")
    refused(run, "a\0b.md", "a\\x00b.md: is not a path")
    refused(run, "good.md/x.md", "not a directory")
    refused(run, "x" * 5000, "file name too long")


@posix
def test_links(run, good):
    """A dangling link and a loop are refused; a link to a file is read; links to folders are not followed in a walk."""
    (good / "dangling.md").symlink_to("nowhere.md")
    refused(run, "dangling.md", "dangling.md: no such file")
    refused(run, ".", "dangling.md: no such file")
    (good / "dangling.md").unlink()
    (good / "loop.md").symlink_to("loop.md")
    refused(run, "loop.md", "too many levels of symbolic links")
    (good / "loop.md").unlink()
    (good / "round").mkdir()
    (good / "round" / "up").symlink_to("..")
    (good / "round" / "link.md").symlink_to("../good.md")

    assert run("check", "--show-files", ".").out == "good.md\nround/link.md\n"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_unreadable(run, good):
    """A file or folder without permission."""
    (good / "secret.md").write_text("1")
    (good / "secret.md").chmod(0)
    refused(run, "secret.md", "secret.md: permission denied")
    (good / "closed").mkdir()
    (good / "closed").chmod(0)
    refused(run, ".", "closed: permission denied")


def test_unreadable_whoever_runs_this(run, good, monkeypatch):
    """The same as the system would say it, for runs as root."""
    (good / "secret.md").write_text("1")
    real = os.open

    def deny(path, *arguments, **options):
        if path == "secret.md":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    monkeypatch.setattr(reading.os, "open", deny)
    refused(run, "secret.md", "secret.md: permission denied")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.md", "a b.md"),
        ("\x1b[31mred.md", "\\x1b[31mred.md"),
        ("::error::x.md", "./::error::x.md"),
        ("[bold]x.md", "[bold]x.md"),
        ("-dash.md", "-dash.md"),
        ("a:1:2.md", "a:1:2.md"),
        ("\u202egnp.md", "\\u202egnp.md"),
        ("ü ✅.md", "ü ✅.md"),
    ],
)
@posix
def test_odd_names_are_printed_safely(run, good, name, shown):
    """No name moves the cursor, colours, breaks a line or gives a command to a build server."""
    (good / name).write_text("It is 1 WRONG\n")
    result = run("check", "--output-format", "concise", "--", name)

    assert result.code == 1
    assert result.out.startswith(f"{shown}:1:7: error[")
    listed = run("check", "--show-files", ".")
    assert listed.out.count("\n") == 2 and "\x1b" not in listed.out
    missing = run("check", "--", f"{name}.absent")
    assert missing.err.count("\n") == 1 and "\x1b" not in missing.err


@posix
def test_a_name_that_is_no_utf8(good):
    """Bytes survive from the command line to the output, in a real process with a real stream."""
    name = b"caf\xe9.md"
    Path(os.fsdecode(name)).write_text("no numbers, which is said\n")
    done = subprocess.run(
        [sys.executable, "-m", "stratlint", "check", "--show-files", os.fsdecode(name), os.fsdecode(b"x\xff.md")],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert done.returncode == 2
    assert done.stdout == b"caf\\udce9.md\n"
    assert done.stderr == b"stratlint: error: x\\udcff.md: no such file or directory\n"


def test_too_large(run, good):
    """A file above the limit is refused before it fills the memory; the limit is a setting."""
    (good / "big.md").write_text("x" * 2001)

    assert run("check", "--config", "max-file-size = 2000", "big.md").code == 2
    refused_by_setting = run("check", "--config", 'max-file-size = "2 kB"', "big.md")
    assert "big.md: larger than 2,000 bytes; raise `max-file-size` to read it" in refused_by_setting.err
    assert run("check", "--config", "max-file-size = 2001", "big.md").code == 0
    assert run("check", "--config", "max-file-size = 2000", "-", stdin=b"x" * 2001).code == 2


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"caf\xe9", b"\x80\x81"])
def test_undecodable(run, good, data):
    """Bytes that are no text are that file's error."""
    (good / "binary.md").write_bytes(data)
    result = run("check", "--output-format", "concise", "binary.md", "good.md")

    assert result.code == 2 and "binary.md: not valid UTF-" in result.err and "good.md:1:7" in result.out


def test_closed_standard_input(run, good, monkeypatch):
    """`stratlint check - <&-`."""
    from stratlint.cli import main

    monkeypatch.setattr(sys, "stdin", None)

    assert main(["check", "-"]) == 2


@posix
def test_a_pipe_that_appears_after_the_search(good, monkeypatch):
    """The path is looked at again once it is open, and opening never blocks."""
    os.mkfifo(good / "late.md")
    done = []
    thread = threading.Thread(target=lambda: done.append(_why(good / "late.md")), daemon=True)
    thread.start()
    thread.join(5)

    assert done and "is a pipe" in done[0]


def _why(path: Path) -> str:
    try:
        reading.read_file(str(path), 10)
    except reading.Unreadable as problem:
        return str(problem)
    return ""


def test_json_carries_the_unread(run, good):
    """Machine formats say what was not read, too."""
    result = run("check", "--output-format", "json", "absent.md", "good.md")

    assert result.code == 2 and "absent.md" in json.dumps(json.loads(result.out))
