"""`check --watch` as an author has it: a real process beside an editor, for documents, configuration, readings and rules."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WRONG, RIGHT = "# Plan\n\n8 × 8 = 80 GPUs\n", "# Plan\n\n8 × 8 = 64 GPUs\n"
PATIENCE_SECONDS = 60
# Several times what the watch takes to notice a change and to wait until it stands still.
QUIET_SECONDS = 1.5

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of another process is a signal")


class Watching:
    """A watch that runs; its output so far, all of both streams in one."""

    def __init__(self, folder: Path, *arguments: str, terminal: int | None = None) -> None:
        command = [sys.executable, "-m", "stratlint", "check", "--watch", "--output-format", "concise", "--color", "never", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if terminal is None else terminal,
            stderr=subprocess.STDOUT,
            env={**os.environ, "STRATLINT_CONFIG": "", "STRATLINT_OUTPUT_FORMAT": "", "PYTHONUNBUFFERED": "1"},
            preexec_fn=_with_interrupts,
        )
        self._parts: list[bytes] = []
        if terminal is None:
            assert self.process.stdout is not None
            threading.Thread(target=self._collect, args=(self.process.stdout.fileno(),), daemon=True).start()

    def _collect(self, descriptor: int) -> None:
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(descriptor, 65536):
                self._parts.append(part)

    @property
    def output(self) -> str:
        return b"".join(self._parts).decode("utf-8", "replace")

    @property
    def checks(self) -> list[str]:
        """What each finished check said."""
        return self.output.split("; watching ")[:-1]

    def after(self, change: Callable[[], object]) -> str:
        """What the check says that follows a change."""
        before = len(self.checks)
        change()
        return self.check(before + 1)

    def check(self, number: int) -> str:
        """What the check with this number says, once it is done."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(self.checks) < number:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < end, f"no check number {number}:\n{self.output}"
            time.sleep(0.02)
        return self.checks[number - 1]

    def is_quiet_after(self, change: Callable[[], object]) -> bool:
        """Whether a change leads to no check."""
        before = len(self.checks)
        change()
        time.sleep(QUIET_SECONDS)
        return len(self.checks) == before

    def interrupted(self) -> int:
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


def _with_interrupts() -> None:
    """A runner in the background ignores Ctrl-C, and its children would."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


Start = Callable[..., Watching]


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Start a watch in the project; none outlives its test."""
    started: list[Watching] = []

    def starter(*arguments: str, terminal: int | None = None) -> Watching:
        started.append(Watching(project, *arguments, terminal=terminal))
        return started[-1]

    yield starter
    for each in started:
        each.process.kill()
        each.process.wait()


def save(path: Path, text: str) -> None:
    """As careful editors save: another file that takes the name."""
    beside = path.with_name(f"{path.name}~")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def test_every_change_of_the_documents_is_followed_by_a_check_until_ctrl_c(project: Path, start: Start) -> None:
    plan, other = project / "plan.md", project / "notes" / "other.md"
    plan.write_text(WRONG, encoding="utf-8")
    watch = start(".")
    assert "plan.md:3:9: error[wrong-product]" in watch.check(1)
    assert "error[" not in watch.after(lambda: plan.write_text(RIGHT, encoding="utf-8"))
    assert "error[wrong-product]" in watch.after(lambda: save(plan, WRONG))
    other.parent.mkdir()
    assert "notes/other.md:3:9: error" in watch.after(lambda: save(other, WRONG))
    assert "plan.md" not in watch.after(plan.unlink)
    assert "notes/new.md:3:9: error" in watch.after(lambda: other.rename(other.with_name("new.md")))
    assert watch.interrupted() == 0
    assert "Traceback" not in watch.output


def test_configuration_rules_and_readings_are_watched_through_mistakes(project: Path, start: Start) -> None:
    """What cannot be used is named, with its line, and the watch goes on; repaired, it holds."""
    plan, config, rules = project / "plan.md", project / "stratlint.toml", project / "house.yaml"
    plan.write_text(f"{WRONG}\n- Racks: 3\n", encoding="utf-8")
    watch = start("plan.md")
    assert "error[wrong-product]" in watch.check(1)
    assert "stratlint.toml:2: not valid TOML" in watch.after(lambda: save(config, "ignore = [\n"))
    assert "error[wrong-product]" not in watch.after(lambda: save(config, 'ignore = ["wrong-product"]\n'))
    house = (
        "- name: racks-of-the-house\n  family: house\n  summary: too many racks\n  severity: error\n  check: relation\n"
        "  relates: {{nodes: cluster.nodes}}\n  readings: [{{name: room, formula: 'nodes <= {most}', source: house}}]\n"
        "  why: There is room for so many.\n  contradicted: x\n  consistent: x\n"
    )
    rules.write_text(house.format(most=4), encoding="utf-8")
    assert "error[" not in watch.after(lambda: save(plan, "- Nodes: 6\n"))
    assert "error[racks-of-the-house]" in watch.after(lambda: save(config, 'rules = ["house.yaml"]\n'))
    assert "house.yaml" in watch.after(lambda: save(rules, "- name: [\n"))
    assert "error[" not in watch.after(lambda: save(rules, house.format(most=8)))
    readings = project / ".stratlint" / "readings" / "plan.md.jsonl"
    readings.parent.mkdir(parents=True)
    entry = '{"line": 1, "claim": "6", "op": "=", "expr": "2 × 2"}\n'
    assert "1 reading not judged" in watch.after(lambda: save(readings, entry))
    assert watch.interrupted() == 0
    assert "Traceback" not in watch.output


def test_what_no_check_reads_starts_none(project: Path, start: Start) -> None:
    """An editor's own files, and the report that the check itself writes into the folder that it searches."""
    (project / "plan.md").write_text(WRONG, encoding="utf-8")
    watch = start(".", "--report", "markdown=report.md")
    assert "error[wrong-product]" in watch.check(1)
    assert watch.is_quiet_after(lambda: (project / ".plan.md.swp").write_text("8", encoding="utf-8"))
    assert (project / "report.md").is_file()


def test_a_terminal_is_cleared_before_each_check_and_a_pipe_is_not(project: Path, start: Start) -> None:
    import pty

    (project / "plan.md").write_text(WRONG, encoding="utf-8")
    ours, theirs = pty.openpty()
    watch = start("plan.md", terminal=theirs)
    os.close(theirs)
    threading.Thread(target=watch._collect, args=(ours,), daemon=True).start()
    assert watch.check(1).startswith("\x1b[H\x1b[2J\x1b[3J")
    assert watch.after(lambda: (project / "plan.md").write_text(RIGHT, encoding="utf-8")).count("\x1b[2J") == 1
    # As a terminal does it, for the group in front.
    assert watch.interrupted() == 0
    piped = start("plan.md")
    assert "\x1b" not in piped.check(1)


@pytest.mark.parametrize("arguments", [("-",), ("plan.md", "--diff", "-"), ("plan.md", "--show-files")])
def test_what_cannot_be_done_again_is_refused(project: Path, start: Start, arguments: tuple[str, ...]) -> None:
    (project / "plan.md").write_text(RIGHT, encoding="utf-8")
    watch = start(*arguments)
    assert watch.process.wait(PATIENCE_SECONDS) == 2
    time.sleep(0.1)
    assert "--watch" in watch.output
