"""Readings that lie beside the project: used without being named, bound to the text that they were read from, and hiding nothing."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from stratlint.cli import main
from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, save_file

# What relates these numbers only a reader knows who was there: our own never will.
PAGE = "# Fair\n\nAda had 17, Bob asked for 24. Nobody expected 418.\n\n## Later\n\nThey met 3 friends and 11 others.\n"
WRONG = Reading(3, "418", "=", "17 × 24", "product", "boxes of Ada, each as full as Bob asked")
DOUBT = Objection(3, "418", "quoted from the old plan")
FILE = Path(".stratlint/readings/docs/plan.md.yaml")
PROVED = "wrong-product"


def write(page: str, *readings: Reading, objections: tuple[Objection, ...] = (), reader: str = "openai:some-model") -> None:
    """The page, and readings of its first block as it is now."""
    Path("docs").mkdir(exist_ok=True)
    Path("docs/plan.md").write_text(page, encoding="utf-8")
    keep(page, *readings, objections=objections, reader=reader)


def keep(page: str, *readings: Reading, objections: tuple[Objection, ...] = (), reader: str = "openai:some-model") -> None:
    block = page_blocks(parse(page))[0]
    save_file(ReadingsFile((BlockReadings(block.hash, block.first, readings, objections),), "1", reader), FILE)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main([*argv])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def findings(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict]:
    _, out, _ = run(capsys, "check", "docs/plan.md", "--output-format", "jsonl", *argv)
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STRATLINT_CONFIG", raising=False)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_readings_beside_the_project_are_judged(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG)
    code, out, err = run(capsys, "check", "docs/plan.md")
    assert code == 1
    assert f"error[{PROVED}]: claims 418, but 17 × 24 = 408" in out
    assert "read by: openai:some-model (.stratlint/readings/docs/plan.md.yaml:8): boxes of Ada" in out
    assert "stale" not in err


def test_isolated_ignores_them(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG)
    assert run(capsys, "check", "docs/plan.md", "--isolated")[0] == 0


def test_readings_that_are_named_are_used_instead(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG)
    Path("none.jsonl").write_text("", encoding="utf-8")
    assert run(capsys, "check", "docs/plan.md", "--readings", "none.jsonl")[0] == 0
    code, out, _ = run(capsys, "check", "docs/plan.md", "--isolated", "--readings", str(FILE))
    assert code == 1 and "read by: openai:some-model" in out
    assert run(capsys, "check", "docs/plan.md", "--isolated", "--readings", str(FILE.parent), "--only-readings")[0] == 1


def test_the_folder_is_the_configurations(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG)
    Path(".stratlint/readings").rename("read")
    Path("stratlint.toml").write_text('readings-dir = "read"\n', encoding="utf-8")
    assert run(capsys, "check", "docs/plan.md")[0] == 1
    os.chdir("docs")
    assert run(capsys, "check", "plan.md")[0] == 1


def test_plain_lines_lie_there_too(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE)
    FILE.unlink()
    line = {"line": 3, "claim": "418", "op": "=", "expr": "17 × 24"}
    FILE.with_suffix(".jsonl").write_text(json.dumps(line), encoding="utf-8")
    (found,) = findings(capsys)
    assert found["read_by"] == {"reader": "", "file": ".stratlint/readings/docs/plan.md.jsonl", "line": 1, "why": ""}


def test_standard_input_has_those_of_its_name(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    write(PAGE, WRONG)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert run(capsys, "check", "-", "--stdin-filename", "docs/plan.md")[0] == 1


def test_a_block_keeps_its_readings_wherever_it_moves(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG)
    Path("docs/plan.md").write_text(f"# Before\n\nSomething else.\n\n{PAGE}", encoding="utf-8")
    (found,) = findings(capsys)
    assert (found["line"], found["read_by"]["line"]) == (7, 8)


def test_readings_of_a_changed_block_are_stale_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG, objections=(DOUBT,))
    Path("docs/plan.md").write_text(PAGE.replace("asked", "begged"), encoding="utf-8")
    code, _, err = run(capsys, "check", "docs/plan.md")
    assert code == 0
    assert f"docs/plan.md: 2 readings of {FILE} are stale" in err
    _, out, _ = run(capsys, "check", "docs/plan.md", "--output-format", "json")
    assert json.loads(out)["documents"][0]["readings"] == {
        "file": str(FILE), "reader": "openai:some-model", "judged": 0, "stale": 2, "rejected": [],
    }  # fmt: skip


def test_a_line_beyond_the_block_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    """Line 7 of the page has a claim, but the block ends at line 4."""
    write(PAGE, Reading(7, "11", "=", "3"))
    code, _, err = run(capsys, "check", "docs/plan.md")
    assert code == 0
    assert "1 reading not judged: a line that its block does not have" in err


def test_a_broken_file_is_said_and_the_page_is_checked_without_it(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE + "\n## Power\n\nPower: 4 kW × 3 = 15 kW\n")
    FILE.write_text("version: 1\nblocks:\n- {hash: nothing, first: 1, readings: []}\n", encoding="utf-8")
    code, out, err = run(capsys, "check", "docs/plan.md")
    assert code == 2
    assert f"docs/plan.md: {FILE}:3: `hash` is 16 hexadecimal digits, not 'nothing'" in err
    assert "defect" not in err
    assert "15 kW" in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_blocks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE)
    FILE.unlink()
    os.mkfifo(FILE)
    code, _, err = run(capsys, "check", "docs/plan.md")
    assert (code, "is not a regular file" in err) == (2, True)


def test_links_lead_out_of_the_folder_nowhere(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(PAGE)
    FILE.unlink()
    Path("secret").write_text("version: 1\nblocks: a secret\n", encoding="utf-8")
    FILE.symlink_to(tmp_path / "secret")
    code, _, err = run(capsys, "check", "docs/plan.md")
    assert (code, "leads out of" in err, "`blocks`" in err) == (2, True, False)


def test_no_yaml_is_loaded_for_a_page_without_readings() -> None:
    write(PAGE)
    FILE.unlink()
    code = "import sys\nfrom stratlint.cli import main\nmain(['check', 'docs/plan.md'])\nprint([n for n in sys.modules if n in "
    code += "('yaml', 'stratlint.readers.attached', 'stratlint.meaning.readings', 'stratlint.meaning.objections')])"
    import sys

    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_objection_is_shown_with_both_reasons_and_lowers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG, objections=(DOUBT,))
    (found,) = findings(capsys)
    assert (found["severity"], found["disputed"][0]["why"], found["disputed"][0]["line"]) == ("error", "quoted from the old plan", 10)
    code, out, _ = run(capsys, "check", "docs/plan.md", "--output-format", "concise")
    assert code == 1
    assert "but 17 × 24 = 408" in out and "disputed by openai:some-model" in out and "1 disputed" in out


@pytest.mark.parametrize(
    "doubt", [Objection(3, "24", "a premise only"), Objection(7, "418", "elsewhere"), Objection(3, "419", "another number")]
)
def test_an_objection_to_something_else_disputes_nothing(doubt: Objection, capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG, objections=(doubt,))
    (found,) = findings(capsys)
    assert found["disputed"] == []


def test_the_configuration_may_make_disputed_errors_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG, objections=(DOUBT,))
    Path("stratlint.toml").write_text('disputed = "warning"\n', encoding="utf-8")
    code, out, _ = run(capsys, "check", "docs/plan.md")
    assert code == 0
    assert f"warning[{PROVED}]" in out


def test_readings_hide_no_finding_of_our_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A reading that contradicts a premise would make what rests on it no finding of its own."""
    page = "# A\n\nThere are 17 racks and 9 spares.\n\nThe weights take 40 GB and the cache 25 GB, 80 GB in total.\n"
    write(page)
    (own,) = findings(capsys)
    hiding = (Reading(5, "25 GB", "=", "17 × 9"), Reading(5, "80 GB", "=", "17 × 9"), Reading(5, "40 GB", "=", "17 + 9"))
    for hostile in (*((each,) for each in hiding), hiding):
        keep(page, *hostile)
        assert own["fingerprint"] in {each["fingerprint"] for each in findings(capsys) if each["read_by"] is None}


def test_the_ledger_says_who_read(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE.replace("418", "408"), Reading(3, "408", "=", "17 × 24"))
    _, out, _ = run(capsys, "claims", "docs/plan.md", "--output-format", "json")
    (entry,) = [each for each in json.loads(out) if each["text"].startswith("408")]
    assert (entry["status"], entry["read_by"]) == ("verified", "openai:some-model")
    assert "(read by openai:some-model)" in " ".join(run(capsys, "claims", "docs/plan.md")[1].split())


def test_the_page_marks_and_filters_what_only_the_second_reader_understood(capsys: pytest.CaptureFixture[str]) -> None:
    write(PAGE, WRONG, objections=(DOUBT,))
    _, out, _ = run(capsys, "check", "docs/plan.md", "--output-format", "html")
    assert '<option value="0">only openai:some-model</option>' in out
    assert out.count(' data-by="0"') >= 2  # the mark in the text and the card
    assert "<dt>read by</dt>" in out and "<dt>disputed by</dt>" in out
    FILE.unlink()
    _, out, _ = run(capsys, "check", "docs/plan.md", "--output-format", "html")
    assert ' data-by="' not in out


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> None:
    """The page and its readings with an objection, in the first commit."""
    (folder / ".git").rmdir()
    git("init", "-q", "-b", "main")
    Path("stratlint.toml").write_text('disputed = "warning"\n', encoding="utf-8")
    write(PAGE, WRONG, objections=(DOUBT,))
    git("add", ".")
    git("commit", "-q", "-m", "base")


def change(page: str = PAGE, config: str = 'disputed = "warning"\n', objections: tuple[Objection, ...] = (DOUBT,)) -> None:
    write(page, WRONG, objections=objections)
    Path("stratlint.toml").write_text(config, encoding="utf-8")


OTHERWISE = PAGE.replace("Nobody", "No one")


@pytest.mark.usefixtures("repository")
def test_objections_of_the_base_lower_in_a_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "docs/plan.md", "--objections-from", "main")[0] == 0
    change(PAGE.replace("11 others", "12 others"))
    assert run(capsys, "check", "docs/plan.md", "--objections-from", "main")[0] == 0


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("option", ["--objections-from", "--diff-base"])
def test_objections_that_a_change_brings_along_lower_nothing(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(OTHERWISE)
    code, out, _ = run(capsys, "check", "docs/plan.md", option, "main", "--output-format", "concise")
    assert code == 1
    assert "disputed by" in out
    assert run(capsys, "check", "docs/plan.md")[0] == 0


@pytest.mark.usefixtures("repository")
def test_a_setting_that_a_change_brings_along_lowers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("stratlint.toml").unlink()
    git("commit", "-q", "-a", "-m", "no setting")
    change()
    assert run(capsys, "check", "docs/plan.md", "--objections-from", "main")[0] == 1
    assert run(capsys, "check", "docs/plan.md", "--objections-from", "main~1")[0] == 0


@pytest.mark.usefixtures("repository")
def test_of_a_diff_in_a_file_the_base_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    change(OTHERWISE)
    diff = subprocess.run(["git", "diff"], capture_output=True, check=True).stdout
    Path("d.diff").write_bytes(diff)
    assert run(capsys, "check", "docs/plan.md", "--diff", "d.diff")[0] == 1


@pytest.mark.usefixtures("repository")
def test_a_reading_that_a_change_brings_is_evidence_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The page is as it was, so that the finding is not in the diff but for its reading."""
    keep(PAGE)
    git("commit", "-q", "-a", "-m", "nothing read")
    change(objections=())
    code, out, _ = run(capsys, "check", "docs/plan.md", "--diff-base", "main", "--output-format", "concise")
    assert code == 1
    assert out.startswith("docs/plan.md:3:")


@pytest.mark.usefixtures("repository")
def test_a_commit_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "check", "docs/plan.md", "--objections-from", "nowhere")
    assert (code, "--objections-from nowhere: no such commit" in err) == (2, True)
