"""`stratlint read` with a program as reader: what it is given, what may name it, and that a killed run goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stratlint.readers.file import BlockReadings, Reading, ReadingsFile, load_file, save_file
from stratlint.readers.prompt import prompt

ROOT = Path(__file__).parents[2]
TARGET = Path(".stratlint/readings/plan.md.yaml")
# Reads `number × number` products of a table row or a line, as a model would, and keeps what it was asked.
PROGRAM = r"""
import json, re, sys
asked = json.load(sys.stdin)
with open("asked.jsonl", "a") as log:
    log.write(json.dumps(asked) + "\n")
readings = []
for line in asked["page"].splitlines():
    found = re.match(r"(\d+): .*\| (\d+) \| (\d+) \| (\d+) \|", line)
    if found:
        readings.append(dict(line=int(found[1]), claim=found[4], op="=", expr=f"{found[2]} × {found[3]}", kind="product", why="row"))
json.dump({"readings": readings, "objections": []}, sys.stdout)
"""


@pytest.fixture
def reader(project: Path) -> str:
    """A program that reads, as `--reader` takes it."""
    (project / "reader.py").write_text(PROGRAM, encoding="utf-8")
    return f"command:{sys.executable} reader.py"


def program(project: Path, text: str) -> str:
    (project / "other.py").write_text(text, encoding="utf-8")
    return f"command:{sys.executable} other.py"


def asked(project: Path) -> list[dict[str, Any]]:
    log = project / "asked.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def test_a_program_gets_json_and_its_json_becomes_the_file(run: Any, project: Path, reader: str) -> None:
    assert run("read", "plan.md", "--reader", reader).code == 0
    (request,) = asked(project)
    assert request["version"] == 1 and request["instructions"] == prompt().instructions and request["schema"] == prompt().schema
    assert "\n5: | prefill | 6 | 8 | 48 |\n" in request["page"]
    file = load_file(TARGET)
    assert file.reader == reader and file.prompt == prompt().version
    assert [(each.line, each.claim, each.expr) for each in file.blocks[0].readings] == [(5, "48", "6 × 8"), (6, "90", "10 × 8")]


def test_what_did_not_change_is_not_sent_to_be_read(run: Any, project: Path, reader: str) -> None:
    run("read", "plan.md", "--reader", reader)
    before = load_file(TARGET)
    text = (project / "plan.md").read_text(encoding="utf-8").replace("40 GB", "41 GB")
    (project / "plan.md").write_text(text, encoding="utf-8")
    assert run("read", "plan.md", "--reader", reader).code == 0
    assert "Transcribe lines 8-11 of the page" in asked(project)[-1]["page"]
    assert load_file(TARGET).blocks[0] == before.blocks[0]
    assert run("read", "plan.md", "--reader", reader, "--force").code == 0
    assert "Transcribe the whole page" in asked(project)[-1]["page"]


def test_the_folder_of_readings_is_configurable(run: Any, project: Path, reader: str) -> None:
    (project / "stratlint.toml").write_text('readings-dir = "notes"\n', encoding="utf-8")
    (project / "docs").mkdir()
    (project / "plan.md").rename(project / "docs" / "plan.md")
    assert run("read", "docs", "--reader", reader).code == 0
    assert load_file(Path("notes/docs/plan.md.yaml")).blocks


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import sys; sys.exit('no network')", "exit code 1: no network"),
        ("print('nothing')", "no readings in JSON"),
        ("import os; os.abort()", "exit code -6"),
        ("print('[' * 20_000_000)", "longer than 16 MiB"),
    ],
)
def test_a_program_that_fails_is_told_in_one_line(run: Any, project: Path, text: str, message: str) -> None:
    done = run("read", "plan.md", "--reader", program(project, text))
    assert done.code == 2 and message in done.err
    assert "Traceback" not in done.err and not TARGET.exists()


@pytest.mark.skipif(os.name != "posix", reason="ends a group of processes")
def test_a_program_that_takes_too_long_is_ended_with_its_children(run: Any, project: Path) -> None:
    slow = "import subprocess, sys, pathlib; p = subprocess.Popen(['sleep', '60']); pathlib.Path('pid').write_text(str(p.pid)); p.wait()"
    started = time.monotonic()
    done = run("read", "plan.md", "--reader", program(project, slow), "--timeout", "1")
    assert done.code == 2 and "no answer within 1 s" in done.err
    assert time.monotonic() - started < 20
    child = int((project / "pid").read_text())
    deadline = time.monotonic() + 10  # a signal that was sent need not have arrived
    while (running := _runs(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running


def _runs(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_no_shell_sees_the_name_of_a_program(run: Any, project: Path) -> None:
    done = run("read", "plan.md", "--reader", f"command:{sys.executable} -c pass; touch owned")
    assert done.code == 2
    assert not (project / "owned").exists()


def test_a_repository_cannot_say_who_reads(run: Any, project: Path, reader: str) -> None:
    for text in (f'reader = "{reader}"\n', f'[read]\nreader = "{reader}"\n'):
        (project / "stratlint.toml").write_text(text, encoding="utf-8")
        done = run("read", "plan.md")
        assert done.code == 2 and "unknown key" in done.err
    (project / "stratlint.toml").unlink()
    assert "name who reads" in run("read", "plan.md").err
    assert asked(project) == []


def configure(project: Path, text: str) -> None:
    folder = project.parent / "config" / "stratlint"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")


def test_a_user_can_say_who_reads_for_all_repositories(run: Any, project: Path, reader: str) -> None:
    configure(project, f"[read]\nreader = {json.dumps(reader)}\nmax-tokens = 100_000\n")
    assert "name who reads" in run("read", "plan.md", "--isolated").err
    assert run("read", "plan.md").code == 0
    assert asked(project)[0]["max_tokens"] < 100_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[read]\nreeder = 'x'", 'unknown key "reeder" in "read"; did you mean "reader"?'),
        ("reader = 'x'", 'unknown key "reader"'),
        ("[read]\ntimeout = 'x'", '"read.timeout" must be a number'),
        ("[read]\ntimeout = -1", '"read.timeout" must be above zero'),
        ("read = 1", '"read" must be a table'),
        ("read = ", "config.toml: "),
    ],
)
def test_a_user_configuration_that_cannot_be_used_is_named(run: Any, project: Path, text: str, message: str) -> None:
    configure(project, text)
    done = run("read", "plan.md")
    assert done.code == 2 and message in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize("name", ["x", "openai:", "command: ", "command:no-such-program", "command:'", "https://example.com"])
def test_what_is_no_reader_is_refused(run: Any, project: Path, name: str) -> None:
    done = run("read", "plan.md", "--reader", name)
    assert done.code == 2 and done.err.count("\n") == 1


def test_readings_of_a_person_stay(run: Any, project: Path, reader: str) -> None:
    theirs = ReadingsFile((BlockReadings("0" * 16, 1, (Reading(1, "8", "=", "4 + 4"),)),), "", "Ada")
    save_file(theirs, TARGET)
    done = run("read", "plan.md", "--reader", reader)
    assert done.code == 2 and "its readings are by Ada; --force replaces them" in done.err
    assert load_file(TARGET) == theirs
    TARGET.write_text("version: 1\nblocks: x\n", encoding="utf-8")
    assert f"{TARGET}:2: `blocks` is a list" in run("read", "plan.md", "--reader", reader).err


@pytest.mark.skipif(os.name != "posix", reason="makes links")
def test_links_lead_neither_documents_out_nor_readings(run: Any, project: Path, reader: str) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("the code is 4711\n", encoding="utf-8")
    (project / "linked.md").symlink_to(outside / "secret.md")
    done = run("read", "linked.md", "--reader", reader)
    assert done.code == 2 and "linked.md: leads outside of the project and is not sent" in done.err
    (project / ".stratlint").symlink_to(outside)
    done = run("read", "plan.md", "--reader", reader)
    assert done.code == 2 and "leads outside of the project" in done.err
    (project / "stratlint.toml").write_text('readings-dir = "../outside"\n', encoding="utf-8")
    assert run("read", "plan.md", "--reader", reader).code == 2
    assert asked(project) == [] and [each.name for each in outside.iterdir()] == ["secret.md"]


def test_a_document_outside_the_project_has_no_place_for_readings(run: Any, project: Path, reader: str) -> None:
    (project.parent / "other.md").write_text("8 cards\n", encoding="utf-8")
    done = run("read", "../other.md", "--reader", reader)
    assert done.code == 2 and "is outside of the project" in done.err


@pytest.mark.skipif(os.name != "posix", reason="kills")
def test_a_killed_run_goes_on_where_it_was(project: Path, reader: str) -> None:
    """A page of three calls: the run is killed in its second; the next run asks for the last two only."""
    section = "| a | b | c |\n|---|---|---|\n" + "".join(f"| {n} | 2 | {2 * n} |\n" for n in range(200))
    (project / "plan.md").write_text("".join(f"# Part {n}\n\n{section}\n" for n in (1, 2, 3)), encoding="utf-8")
    waiting = "\nimport os, time\nparent = os.getppid()\nwhile os.path.exists('called') and os.getppid() == parent: time.sleep(0.1)\n"
    stuck = PROGRAM.replace("readings = []", f"readings = []{waiting}open('called', 'w').close()")
    (project / "reader.py").write_text(stuck, encoding="utf-8")
    command = [sys.executable, "-m", "stratlint", "read", "plan.md", "--reader", reader]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(asked(project)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    half = load_file(TARGET)
    assert len(half.blocks) == 1 and len(half.blocks[0].readings) > 100
    (project / "reader.py").write_text(PROGRAM, encoding="utf-8")
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
    tasks = [request["page"].splitlines()[-1].split(" of the page")[0] for request in asked(project)]
    assert tasks == [f"Transcribe lines {lines}" for lines in ("1-205", "206-410", "206-410", "411-615")]
    assert len(load_file(TARGET).blocks) == 3 and load_file(TARGET).blocks[0] == half.blocks[0]
