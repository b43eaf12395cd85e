"""What people at a terminal see, in real processes: progress, colour, closed pipes, interrupts."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
pty = pytest.importorskip("pty")
HERE = Path(__file__).parent
FIXTURE = str(HERE.parents[1] / "fixtures" / "generated_strategy.md")

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
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")}
    return {**inherited, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "TERM": "xterm", **extra}


@pytest.fixture
def documents(project: Path) -> Path:
    """Eight documents, 1.6 seconds of work."""
    for number in range(8):
        (project / f"{number}.md").write_text(f"It is {number} WRONG.\n")
    return project


def on_terminal(argv: list[str], stream: str = "stderr", columns: int = 80, **extra: str) -> str:
    """What the command writes to a terminal on one of its streams."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
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


@pytest.mark.parametrize("columns", [40, 80])
def test_progress_leaves_nothing_on_the_terminal(documents, columns):
    """Every line that the bar drew is erased, and the cursor is shown again: what comes next begins where the bar did."""
    written = on_terminal(command("check", "-j1"), columns=columns)

    assert "checking" in written
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == 1
    assert [line for line in screen(written) if line] == []


def screen(written: str) -> list[str]:
    """What is left of output that moves the cursor up, to the start of the line, and erases lines."""
    lines, row = [""], 0
    for text, move in re.findall(r"([^\x1b\r\n]*)(\x1b\[[0-9;?]*[A-Za-z]|\r|\n|$)", written):
        lines[row] += text
        if move == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif move == "\x1b[1A":
            row -= 1
        elif move == "\x1b[2K":
            lines[row] = ""
        elif move == "\r" and text:
            continue  # what is written next replaces it, or erases it first
    return lines


def plain(written: str) -> list[str]:
    """The lines of a terminal without colours and links."""
    without = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", written)
    return without.replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(
    "argv",
    [
        ("check", FIXTURE),
        ("check", FIXTURE, "--output-format", "full", "-v", "--statistics"),
        ("claims", FIXTURE),
        ("rules",),
    ],
)
def test_no_line_is_wider_than_the_terminal(argv, columns):
    """At 60, 80 and 120 columns; only the path of a file, which is to be copied, is never broken."""
    lines = plain(on_terminal([sys.executable, "-m", "stratlint", *argv], "stdout", columns))

    assert len(lines) > 10
    assert [line for line in lines if cell_len(line) > columns and FIXTURE not in line] == []


def test_the_default_is_a_line_a_finding_on_a_terminal_and_the_evidence_elsewhere(tmp_path):
    """A format that is asked for, on the command line or in a configuration, is used on a terminal, too."""
    argv = [sys.executable, "-m", "stratlint", "check", "--isolated", FIXTURE]
    short, whole = "  19:30  error[wrong-quotient] claims 8, but 24 ÷ 4 = 6 (off by 33 %)", "error[wrong-quotient]: claims 8, but"
    terminal = "\n".join(plain(on_terminal(argv, "stdout", 120)))
    piped = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment()).stdout
    asked = "\n".join(plain(on_terminal([*argv, "--output-format", "full"], "stdout", 120)))

    assert short in terminal and whole not in terminal
    assert short not in piped and whole in piped
    assert whole in asked
    assert terminal.rstrip().endswith("8 errors, 1 warning in 1 document")


def test_text_is_wrapped_at_words(documents):
    """Each line goes on with a whole word, under the text of the first."""
    lines = plain(on_terminal([sys.executable, "-m", "stratlint", "check", "--isolated", FIXTURE], "stdout", 60))
    start = next(at for at, line in enumerate(lines) if line.startswith("  18:20  error[experts-per-gpu-mismatch]"))
    first, *more = lines[start : next(at for at, line in enumerate(lines) if line.startswith("  19:30"))]

    assert " ".join([first.rstrip(), *(line.strip() for line in more)]).startswith(
        "  18:20  error[experts-per-gpu-mismatch] claims 4 per GPU, but placing 32 experts in each of 24 layers on 64 GPUs gives 12 each "
    )
    assert more and all(line.startswith(" " * 9) and line[9] != " " for line in more)


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
    own, configured = (on_terminal(command("check", "0.md", *more), "stdout") for more in ((), pages))

    assert "\x1b]8;;file:///" in own and "/rules/arithmetic.yaml\x1b\\" in own
    assert "\x1b]8;;https://example.com/r/product-mismatch\x1b\\" in configured
    assert "\x1b]8;;" not in on_terminal(command("check", "0.md"), "stdout", NO_COLOR="1")
