"""`--diff-base` says of a change only what is true: what it made false, what was false already, what stood accepted.

With the real reader, on real repositories: the version at the base is judged as the one of now is.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stratlint.cli import main
from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Reading, ReadingsFile, save_file

pytestmark = pytest.mark.usefixtures("needs_git")
PLAN = "# Plan\n\nThe cluster has 4 nodes with 8 GPUs per node.\n\n## Size\n\n- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 32\n"
MEMORY = "\n## Memory\n\n- Weights: 30B × 2 bytes = 80 GB\n"


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "x")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("STRATLINT_CONFIG", "STRATLINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    git("init", "-q", "-b", "main", ".")
    return tmp_path


def base(text: str, name: str = "plan.md") -> None:
    """The document as `main` has it; work goes on in a branch."""
    Path(name).write_text(text, encoding="utf-8")
    commit()
    git("checkout", "-q", "-b", "work")


class Checked:
    """What `check --diff-base main` says."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str) -> None:
        capsys.readouterr()
        self.code = main(["check", "--diff-base", "main", "--output-format", "json", *argv])
        captured = capsys.readouterr()
        self.err = captured.err
        data = json.loads(captured.out)
        self.summary: dict[str, Any] = data["summary"]
        documents = [each for each in data["documents"] if "findings" in each]
        self.new = [(row["rule"], row["line"], row["message"]) for each in documents for row in each["findings"]]
        self.already = [(row["rule"], row["line"], row["text"]) for each in documents for row in each["already"]]


def test_a_premise_that_makes_a_line_false(capsys: pytest.CaptureFixture[str]) -> None:
    base(PLAN)
    Path("plan.md").write_text(PLAN.replace("Nodes: 4", "Nodes: 3"), encoding="utf-8")
    checked = Checked(capsys)

    assert checked.code == 1
    assert any("this change of line 7 makes line 9 false" in message for _, _, message in checked.new)
    assert checked.already == []


def test_a_premise_of_what_was_false_already(capsys: pytest.CaptureFixture[str]) -> None:
    """It was 40 for 4 nodes of 8, and is for 6: still false, not by this change, exit code 0."""
    wrong = PLAN.replace("32", "44").partition("The cluster")[0] + "- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 44\n"
    base(wrong)
    Path("plan.md").write_text(wrong.replace("Nodes: 4", "Nodes: 5"), encoding="utf-8")
    checked = Checked(capsys)

    assert checked.new == []
    assert ("44", 5) in {(text, line) for _, line, text in checked.already}
    assert checked.code == 0
    assert checked.summary["already"] == len(checked.already) and checked.summary["findings"]["total"] == 0


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(f"{PLAN}\nA line, and\n\nanother one.\n{MEMORY}", id="moved"),
        pytest.param((PLAN + MEMORY).replace("Weights:", "The weights:"), id="reworded"),
        pytest.param((PLAN + MEMORY).replace("## Memory", "## What memory is for"), id="another heading"),
        pytest.param((PLAN + MEMORY).replace("30B × 2 bytes", "30B × 2 B"), id="another spelling of a premise"),
        pytest.param((PLAN + MEMORY).replace("30B", "31B"), id="another premise in the line"),
        pytest.param(MEMORY + PLAN, id="moved up"),
        pytest.param((PLAN + MEMORY).replace("- Weights", "- Weights of\n  the model"), id="wrapped"),
    ],
)
def test_the_same_claim_stays_the_same(now: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines move, words and premises change: 80 GB was false and is."""
    base(PLAN + MEMORY)
    Path("plan.md").write_text(now, encoding="utf-8")
    checked = Checked(capsys)
    assert (checked.new, checked.code) == ([], 0)
    assert {text for _, _, text in checked.already} <= {"80 GB"}


@pytest.mark.parametrize(
    "now",
    [
        pytest.param((PLAN + MEMORY).replace("80 GB", "90 GB"), id="another number"),
        pytest.param(PLAN + MEMORY + "- Optimizer states: 20B × 2 bytes = 80 GB\n", id="one more with the same number"),
        pytest.param(
            PLAN + "\n## Cache\n\nEvery one of 16 sequences holds 3 GB, 16 × 3 GB = 80 GB of it\n", id="another statement instead"
        ),
    ],
)
def test_a_new_claim_is_new(now: str, capsys: pytest.CaptureFixture[str]) -> None:
    base(PLAN + MEMORY)
    Path("plan.md").write_text(now, encoding="utf-8")
    checked = Checked(capsys)
    assert (len(checked.new), checked.code) == (1, 1)


def test_a_renamed_document_is_compared_with_what_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    base(PLAN + MEMORY)
    Path("docs").mkdir()
    git("mv", "plan.md", "docs/the plan.md")
    Path("docs/the plan.md").write_text((PLAN + MEMORY).replace("Weights", "The weights"), encoding="utf-8")
    checked = Checked(capsys)
    assert (checked.new, checked.code) == ([], 0)
    assert [text for _, _, text in checked.already] == ["80 GB"]


def test_a_new_document_is_new_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    base(PLAN + MEMORY)
    Path("other.md").write_text(PLAN + MEMORY, encoding="utf-8")
    assert [rule for rule, _, _ in Checked(capsys).new] == ["wrong-product"]


def test_what_was_accepted_at_the_base_counts_when_the_comment_goes(capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise whoever takes a reviewed exception away, or lets it lapse, would pass."""
    waived = "# Plan\n\n- Weights: 30B × 2 bytes = 80 GB <!-- stratlint: ignore[wrong-product]: measured -->\n"
    base(waived)
    Path("plan.md").write_text(waived.partition(" <!--")[0] + "\n", encoding="utf-8")
    checked = Checked(capsys)
    assert (len(checked.new), checked.code) == (1, 1)


def test_a_warning_that_becomes_an_error_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    """At the base a rule of the same name was milder for this claim: it is judged by the settings of now, so by nothing but the page."""
    page = "# P\n\nEach GPU has {} GB of memory. The model takes 94 GB on each GPU, which fits.\n"
    base(page.format(96))
    Path("plan.md").write_text(page.format(80), encoding="utf-8")
    checked = Checked(capsys)
    assert checked.code == 1 and len(checked.new) == 1


def test_each_side_is_judged_with_its_own_readings(capsys: pytest.CaptureFixture[str]) -> None:
    """A reading that comes with the change makes its finding new; one that was there made it false already."""
    page = "# Fair\n\nAda had 17, Bob asked for 24. Nobody expected 418.\n"
    file = Path(".stratlint/readings/plan.md.yaml")
    wrong = Reading(3, "418", "=", "17 × 24", "product", "boxes of Ada, each as full as Bob asked")

    def keep(text: str) -> None:
        block = page_blocks(parse(text))[0]
        save_file(ReadingsFile((BlockReadings(block.hash, block.first, (wrong,)),), "1", "openai:some-model"), file)

    base(page)
    keep(page)
    checked = Checked(capsys)
    assert ([rule for rule, _, _ in checked.new], checked.code) == (["wrong-product"], 1)
    commit()
    git("checkout", "-q", "main")
    git("merge", "-q", "work")
    git("checkout", "-q", "work")
    later = page.replace("Nobody", "No one")
    Path("plan.md").write_text(later, encoding="utf-8")
    keep(later)
    checked = Checked(capsys)
    assert (checked.new, [text for _, _, text in checked.already], checked.code) == ([], ["418"], 0)


def test_each_side_is_judged_with_its_own_givens(capsys: pytest.CaptureFixture[str]) -> None:
    """A specification that changes with the page would otherwise have made the page false before."""
    Path("stratlint.toml").write_text('givens = ["spec.md"]\n', encoding="utf-8")
    Path("spec.md").write_text("# Given\n\n- GPUs per node: 8\n- Nodes: 4\n", encoding="utf-8")
    page = "# Plan\n\n- Total GPUs: 32\n"
    base(page)
    Path("spec.md").write_text("# Given\n\n- GPUs per node: 8\n- Nodes: 6\n", encoding="utf-8")
    Path("plan.md").write_text(page.replace("# Plan", "# The plan"), encoding="utf-8")
    checked = Checked(capsys, "plan.md")
    assert checked.already == []


def test_formats_that_count_leave_it_out_and_sarif_calls_it_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    base(PLAN + MEMORY)
    Path("plan.md").write_text((PLAN + MEMORY).replace("Weights", "The weights"), encoding="utf-8")
    formats = ("jsonl", "github", "gitlab", "rdjson", "checkstyle", "junit", "sarif", "markdown", "html")
    for name in formats:
        assert main(["check", "--diff-base", "main", "-q", "--output-format", name, "-o", f"out.{name}"]) == 0
    text = {name: Path(f"out.{name}").read_text(encoding="utf-8") for name in formats}
    assert text["jsonl"] == "" and "::" not in text["github"]
    assert json.loads(text["gitlab"]) == [] and json.loads(text["rdjson"])["diagnostics"] == []
    assert "<error" not in text["checkstyle"] and "<failure" not in text["junit"]
    (result,) = json.loads(text["sarif"])["runs"][0]["results"]
    assert result["baselineState"] == "unchanged"
    assert "Already there before this change, and not counted:" in text["markdown"]
    main(["check", "--diff-base", "main", "-q", "--output-format", "sarif", "--no-silenced", "-o", "bare.sarif"])
    assert json.loads(Path("bare.sarif").read_text(encoding="utf-8"))["runs"][0]["results"] == []
