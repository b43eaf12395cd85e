"""`editors/`: each set-up is well-formed, starts a command that exists, and is as short as its README says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stratlint.cli import main
from stratlint.cli.parser import parse

ROOT = Path(__file__).parents[2]
EDITORS = ROOT / "editors"
SHORT = 15


def test_every_set_up_is_in_the_readme_and_short() -> None:
    files = {path for path in EDITORS.rglob("*") if path.is_file() and path.name != "README.md"}
    readme = (EDITORS / "README.md").read_text(encoding="utf-8")
    linked = {EDITORS / name for name in re.findall(r"\]\(([\w./-]+)\)", readme)}
    assert linked == files
    tasks = EDITORS / "vscode" / "tasks.json"  # what a matcher needs has no short form
    assert [path.name for path in files - {tasks} if len(path.read_text(encoding="utf-8").splitlines()) > SHORT] == []


def test_vs_code_starts_the_server() -> None:
    settings = json.loads((EDITORS / "vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["glspc.server.command"] == "stratlint"
    assert parse(settings["glspc.server.commandArguments"]).command == "lsp"
    assert "markdown" in settings["glspc.server.languageId"]


def test_helix_starts_the_server() -> None:
    settings = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text(encoding="utf-8"))
    (server,) = settings["language-server"].items()
    assert (server[0], server[1]["command"], parse(server[1]["args"]).command) == ("stratlint", "stratlint", "lsp")
    assert [each["name"] for each in settings["language"] if "stratlint" in each["language-servers"]] == ["markdown"]


def test_neovim_starts_the_server() -> None:
    text = (EDITORS / "neovim" / "stratlint.lua").read_text(encoding="utf-8")
    command = re.findall(r"'([^']+)'", next(line for line in text.splitlines() if "cmd =" in line))
    assert (command[0], parse(command[1:]).command) == ("stratlint", "lsp")
    lua = shutil.which("lua5.4") or shutil.which("lua") or shutil.which("luajit")
    if lua is None:
        pytest.skip("no Lua on this machine: the set-up of Neovim is not loaded")
    script = f"local made = dofile('{EDITORS / 'neovim' / 'stratlint.lua'}'); print(made.cmd[2], made.filetypes[1], #made.root_markers)"
    done = subprocess.run([lua, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["lsp", "markdown", "4"]


def test_emacs_starts_the_server() -> None:
    path = EDITORS / "emacs" / "stratlint.el"
    assert '("stratlint" "lsp")' in path.read_text(encoding="utf-8")
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("no Emacs on this machine: the set-up of Emacs is not loaded")
    # What the file is for is put in its place where there is no Eglot, or no package for Markdown.
    stand_in = "(progn (unless (require 'eglot nil t) (defvar eglot-server-programs nil) (defun eglot-ensure ()) (provide 'eglot)))"
    asked = "(princ (cdr (car eglot-server-programs)))"
    done = subprocess.run(
        [emacs, "--batch", "-Q", "--eval", stand_in, "-l", str(path), "--eval", asked], capture_output=True, text=True, check=True
    )
    assert done.stdout == "(stratlint lsp)"


def matchers() -> list[dict[str, Any]]:
    (task,) = json.loads((EDITORS / "vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    found: list[dict[str, Any]] = task["problemMatcher"]
    return found


def problems(output: str) -> list[dict[str, str]]:
    """What VS Code makes of lines of output: the first matcher that fits takes each."""
    made = []
    for line in output.splitlines():
        for matcher in matchers():
            pattern = matcher["pattern"]
            if found := re.match(pattern["regexp"], line):
                made.append({name: found[number] for name, number in pattern.items() if isinstance(number, int)})
                break
    return made


def test_the_problem_matcher_reads_what_its_task_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every finding and every document that cannot be read, and nothing of the summary."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    shutil.copytree(ROOT / "fixtures", tmp_path / "some docs")
    (tmp_path / "odd [x] 1:2.md").write_text("2 × 3 = 7 GPUs\n", encoding="utf-8")
    (tmp_path / "latin.md").write_bytes(b"caf\xe9\n")
    (task,) = json.loads((EDITORS / "vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    printed = subprocess.run([sys.executable, "-m", "stratlint", *task["args"]], capture_output=True, check=False, encoding="utf-8").stdout
    assert main(["check", "--output-format", "jsonl", "-o", "findings.jsonl", "."]) == 2  # the one that is not UTF-8
    wanted = [json.loads(line) for line in Path("findings.jsonl").read_text(encoding="utf-8").splitlines()]
    read = problems(printed)
    unread = [each for each in read if "code" not in each]
    assert [(each["file"], each["severity"]) for each in unread] == [("latin.md", "error")]
    assert len(wanted) > 20
    found = [(each["file"], int(each["line"]), int(each["column"]), each["severity"], each["code"]) for each in read if "code" in each]
    rows = [each for each in wanted if "rule" in each]
    assert found == [(each["path"], each["line"], each["column"], each["severity"], each["rule"]) for each in rows]
    assert [each["message"] for each in read if "code" in each] == [each["message"] for each in rows]


def test_the_problem_matcher_works_in_the_engine_of_vs_code() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine: the matcher's pattern is tried in Python alone")
    line = "docs/plan.md:4:43: error[magnitude-slip] claims 8.6 TFLOP per layer: [too] large"
    script = f"console.log(JSON.stringify({json.dumps(line)}.match(new RegExp({json.dumps(matchers()[0]['pattern']['regexp'])})).slice(1)))"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["docs/plan.md", "4", "43", "error", "magnitude-slip", "claims 8.6 TFLOP per layer: [too] large"]
