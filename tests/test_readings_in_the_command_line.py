"""`stratlint check PLAN --readings FILE`: the relations that somebody else read, from the command line to the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stratlint.cli import main

PAGE = "# Plant\n\nThe hall has 17 rows of 24 cabinets, 418 cabinets in all.\n\nEach has 3 fans.\n"
READING = {"line": 3, "claim": "418", "op": "=", "expr": "17 × 24", "why": "rows of cabinets"}
STRAY = {"line": 3, "claim": "418", "op": "=", "expr": "19 × 22", "why": "none of these stand on the page"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.md").write_text(PAGE, encoding="utf-8")
    write(tmp_path / "read" / "plan.jsonl", READING, STRAY)
    return tmp_path


def write(path: Path, *entries: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main([*argv, "--isolated"])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_reading_becomes_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--output-format", "concise")
    assert code == 1
    assert "error[wrong-product] claims 418, but 17 × 24 = 408 (off by 2.5 %)" in out
    assert "plan.md: 1 reading not judged: a number that is not on the page" in err


def test_details_of_what_was_not_judged_with_verbose(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "-v")
    assert "read/plan.jsonl:2: '19' is neither on the page nor a constant here nor a figure of the catalog" in err


def test_a_line_that_is_no_reading_leaves_the_others_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "read" / "plan.jsonl", {"line": 3, "claim": "418", "expr": "17 × 24"}, READING, READING | {"op": "~"})
    code, out, err = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--output-format", "concise", "-v")
    assert code == 1
    assert "error[wrong-product] claims 418, but 17 × 24 = 408" in out
    assert "read/plan.jsonl:1: lacks `op`" in err
    assert "read/plan.jsonl:3: `op` is one of" in err


def test_quiet_says_nothing_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "-q")
    assert err == ""


def test_a_folder_has_a_file_for_each_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.md").write_text(PAGE, encoding="utf-8")
    code, out, err = run(capsys, "check", ".", "--readings", "read", "--only-readings", "--output-format", "concise")
    assert code == 1
    assert "plan.md:3" in out
    assert "other.md:3" not in out
    assert "other.md: 1 reading not judged: there is no file of readings" in err


def test_a_file_lies_in_the_folder_as_its_document_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page of that name in another folder has none of its readings."""
    for place in ("docs/one", "docs/two"):
        (folder / place).mkdir(parents=True)
        (folder / place / "site.md").write_text(PAGE, encoding="utf-8")
    (folder / "read" / "two").mkdir()
    write(folder / "read" / "two" / "site.jsonl", READING)
    _, out, _ = run(capsys, "check", "docs", "--readings", "read", "--only-readings", "--output-format", "concise")
    assert "docs/two/site.md:3" in out
    assert "docs/one/site.md:3" not in out


def test_only_readings_leaves_every_other_finding_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.md").write_text(PAGE + "\nWeights: 30B × 2 bytes = 80 GB\n", encoding="utf-8")
    _, with_all, _ = run(capsys, "check", "plan.md", "--readings", "read", "--output-format", "concise")
    _, alone, _ = run(capsys, "check", "plan.md", "--readings", "read", "--only-readings", "--output-format", "concise")
    assert ("80 GB" in with_all, "80 GB" in alone) == (True, False)


def test_the_ledger_shows_what_a_reading_recomputed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "read" / "plan.jsonl", READING | {"claim": "24", "expr": "408 ÷ 17"}, READING)
    code, out, _ = run(capsys, "claims", "plan.md", "--readings", "read", "--only-readings", "--output-format", "json")
    statuses = {entry["text"]: entry["status"] for entry in json.loads(out)}
    assert code == 0
    assert [status for text, status in statuses.items() if text.startswith("418")] == ["contradicted"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--readings", "none.jsonl"), "--readings none.jsonl: no such file or folder"),
        (("--only-readings",), "--only-readings needs --readings"),
        (("--readings", "broken.jsonl"), "broken.jsonl:1: lacks `op`"),
        (("second.md", "--readings", "read/plan.jsonl"), "is one file, for one document"),
    ],
)
def test_what_cannot_be_used_stops_the_run(argv: tuple[str, ...], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "second.md").write_text(PAGE, encoding="utf-8")
    write(folder / "broken.jsonl", {"line": 3, "claim": "418", "expr": "17 × 24"})
    code, out, err = run(capsys, "check", "plan.md", *argv)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_standard_input_takes_a_file_of_readings(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    code, out, _ = run(capsys, "check", "-", "--readings", "read/plan.jsonl", "--only-readings", "--output-format", "concise")
    assert code == 1
    assert "wrong-product" in out


@pytest.mark.parametrize(
    ("page", "expr", "right", "wrong"),
    [
        # 0.8 may be 0.75 to 0.85, but not both at once
        (
            "With a hit rate of 0.8 and 3 tries that is (1 - h^3) / (1 - h) = {} probes.\n",
            "(1 − 0.8 × 0.8 × 0.8) ÷ (1 − 0.8)", "2.4", "3.4",
        ),
        # "per million" is a million
        ("The run labels 24M images for $8,160. That is {} per million images.\n", "$8,160 ÷ 24M × 1,000,000", "$340", "$0.34"),
    ],
    ids=["a number that stands several times is one number", "per million grounds a million"],
)  # fmt: skip
def test_what_a_reading_says_is_recomputed(
    folder: Path, capsys: pytest.CaptureFixture[str], page: str, expr: str, right: str, wrong: str
) -> None:
    for value, code in ((right, 0), (wrong, 1)):
        (folder / "plan.md").write_text(page.format(value), encoding="utf-8")
        write(folder / "read" / "plan.jsonl", {"line": 1, "claim": value, "op": "=", "expr": expr})
        assert run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--only-readings")[0] == code


def test_what_is_wrong_with_and_without_a_wrong_premise_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shelves are 24 × 30 = 720, not 740. A total of 1,020 follows from 740 and is told with it; 1,000 from 720; 1,130 from neither."""
    page = "24 halls have 30 shelves each, 740 in all.\n\nWith the 280 old ones there are {} shelves.\n"
    shelves = {"line": 1, "claim": "740", "op": "=", "expr": "24 × 30"}
    for value, told in (("1,020", 1), ("1,000", 1), ("1,130", 2)):
        (folder / "plan.md").write_text(page.format(value), encoding="utf-8")
        write(folder / "read" / "plan.jsonl", shelves, {"line": 3, "claim": value, "op": "=", "expr": "740 + 280"})
        _, out, _ = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--only-readings", "--output-format", "concise")
        assert out.count("error[") == told


def test_what_our_own_reader_doubts_a_reading_may_prove(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = "| Setting | Value |\n|---|---|\n| TP | 8 |\n| PP | 2 |\n\n```bash\nserve --tensor-parallel-size 4 --model m\n```\n"
    (folder / "plan.md").write_text(page, encoding="utf-8")
    alone = run(capsys, "check", "plan.md", "--output-format", "concise")[1]
    write(folder / "read" / "plan.jsonl", {"line": 7, "claim": "4", "op": "=", "expr": "8", "kind": "restated"})
    both = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--output-format", "concise")[1]
    assert "warning[command-differs-from-text]" in alone
    assert "error[" not in alone
    assert "error[stated-twice] claims 4" in both


def test_the_digits_of_a_format_are_no_number_of_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.md").write_text("The 8 pumps run.\n\n```bash\nserve --dtype bf16\n```\n", encoding="utf-8")
    write(folder / "read" / "plan.jsonl", {"line": 1, "claim": "8", "op": "=", "expr": "16", "kind": "restated"})
    code, _, err = run(capsys, "check", "plan.md", "--readings", "read/plan.jsonl", "--only-readings")
    assert (code, "not on the page" in err) == (0, True)
