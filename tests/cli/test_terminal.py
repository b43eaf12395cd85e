"""What people at a terminal see, in real processes: progress, colour, closed pipes, interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")
HERE = Path(__file__).parent

# The small engine of these tests, slowed down, in a process of its own.
SLOW = """
import pathlib, sys, time, types
sys.path.insert(0, {here!r})
import conftest
def slow(document, settings):
    pathlib.Path(document.path + ".seen").touch()
    time.sleep(0.2)
    return conftest.fake_check(document, settings)
checking = types.ModuleType("stratlint.checking"); checking.check_document = slow
registry = types.ModuleType("stratlint.rules.registry"); registry.load_rules = lambda extra=(): conftest.FakeRules()
sys.modules["stratlint.checking"] = checking; sys.modules["stratlint.rules.registry"] = registry
from stratlint.cli import main
sys.exit(main(sys.argv[1:]))
"""


def command(*argv: str) -> list[str]:
    """The slow command line."""
    return [sys.executable, "-c", SLOW.format(here=str(HERE)), *argv]


def environment(**extra: str) -> dict[str, str]:
    """An environment that finds the package whatever the working directory is."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "TERM": "xterm", **extra}


@pytest.fixture
def documents(project: Path) -> Path:
    """Eight documents, 1.6 seconds of work."""
    for number in range(8):
        (project / f"{number}.md").write_text(f"It is {number} WRONG.\n")
    return project


def on_terminal(argv: list[str], stream: str = "stderr", **extra: str) -> str:
    """What the command writes to a terminal on one of its streams."""
    parent, child = pty.openpty()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, stream: child}
    with subprocess.Popen(argv, **streams, env=environment(**extra)) as process:
        os.close(child)
        out = b""
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:
                break
            if not part:
                break
            out += part
        process.wait()
    os.close(parent)
    return out.decode()


def test_progress_on_a_terminal_only(documents):
    """A bar for those who wait, on standard error; none in pipes, none with -q."""
    assert "checking" in on_terminal(command("check", "-j1"))
    assert on_terminal(command("check", "-j1", "-q")) == ""
    piped = subprocess.run(command("check", "-j1"), capture_output=True, text=True, check=False, env=environment())
    assert (piped.returncode, piped.stderr) == (1, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves(project, unbuffered):
    """`| head -1`: 141, and not a word on standard error."""
    (project / "a.md").write_text("".join(f"There are {n} apples.\n\n" for n in range(20_000)))
    script = '"$0" -c "$1" claims a.md --output-format jsonl | head -1 >/dev/null; echo ${PIPESTATUS[0]}'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, SLOW.format(here=str(HERE))],
        capture_output=True,
        text=True,
        check=False,
        env=environment(PYTHONUNBUFFERED=unbuffered),
    )

    assert (done.stdout, done.stderr) == ("141\n", "")


def _as_from_a_terminal() -> None:
    """What starts in the background ignores Ctrl-C, and hands that on: a runner of these tests in the background, too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt(documents, jobs):
    """Ctrl-C in the middle: 130, no traceback from any process."""
    for number in range(8, 96):  # far more work than a busy machine can finish before it is interrupted
        (documents / f"{number}.md").write_text(f"It is {number} WRONG.\n")
    with subprocess.Popen(
        command("check", "-j", jobs),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
        preexec_fn=_as_from_a_terminal,
    ) as process:
        # Not before it works: an interrupt while Python itself starts is Python's.
        patience = time.monotonic() + 60
        while not (documents / "0.md.seen").exists() and time.monotonic() < patience:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (130, b"", b"")


def test_rule_names_link_to_their_page(documents):
    """On a terminal: to the file that the rule stands in, or to the address that the configuration gives."""
    pages = ("--config", 'rule-pages = "https://example.com/r/{rule}"')
    plain, configured = (on_terminal(command("check", "0.md", *more), "stdout") for more in ((), pages))

    assert "\x1b]8;;file:///" in plain and "/rules/arithmetic.yaml\x1b\\" in plain
    assert "\x1b]8;;https://example.com/r/product-mismatch\x1b\\" in configured
    assert "\x1b]8;;" not in on_terminal(command("check", "0.md"), "stdout", NO_COLOR="1")
