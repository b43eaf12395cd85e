"""Readings and objections that a pull request brings: judged and shown, and never a way past its gate."""

from __future__ import annotations

from pathlib import Path

import pytest
from github_server import GitHub

from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, dump_file

OLD = "# Fair\n\nAda had 17, Bob asked for 24.\n"
PAGE = "# Fair\n\nAda had 17, Bob asked for 24. Nobody expected 418.\n"
FILE = ".stratlint/readings/plan.md.yaml"
WRONG = Reading(3, "418", "=", "17 × 24", "product", "boxes, each as full as Bob asked")
DOUBT = Objection(3, "418", "quoted from the old plan")
LOWERS = 'disputed = "warning"\n'


def readings(page: str, *entries: Reading, objections: tuple[Objection, ...] = ()) -> str:
    block = page_blocks(parse(page))[0]
    return dump_file(ReadingsFile((BlockReadings(block.hash, block.first, entries, objections),), "1", "openai:some-model"))


def body(github: GitHub) -> str:
    sent = github.writes[0].body
    return "\n".join([sent["body"], *(each["body"] for each in sent["comments"])])


def test_the_readings_of_the_head_are_judged(github: GitHub, run, project: Path) -> None:
    """The working tree, the base branch's say, has others."""
    (project / FILE).parent.mkdir(parents=True)
    (project / FILE).write_text(readings(PAGE), encoding="utf-8")
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, readings(OLD), readings(PAGE, WRONG))
    assert run().code == 1
    assert "17 × 24" in body(github)
    assert "read by: openai\\:some-model" in body(github)


def test_those_that_the_pull_request_leaves_alone_are_the_working_trees(github: GitHub, run, project: Path) -> None:
    (project / FILE).parent.mkdir(parents=True)
    (project / FILE).write_text(readings(PAGE, WRONG), encoding="utf-8")
    github.set("plan.md", OLD, PAGE)
    assert run().code == 1
    assert run("--isolated").code == 0


def test_readings_that_it_removes_are_not_judged(github: GitHub, run, project: Path) -> None:
    (project / FILE).parent.mkdir(parents=True)
    (project / FILE).write_text(readings(PAGE, WRONG), encoding="utf-8")
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, readings(PAGE, WRONG), None)
    assert run().code == 0


def test_new_readings_of_an_unchanged_page_are_judged(github: GitHub, run) -> None:
    github.set("plan.md", PAGE, PAGE)
    github.set(FILE, readings(PAGE), readings(PAGE, WRONG))
    assert run().code == 1
    assert "plan.md?plain=1#L3" in body(github)


def test_readings_of_a_page_that_is_not_there_are_nothing(github: GitHub, run) -> None:
    github.set("plan.md", PAGE, PAGE)
    github.set(".stratlint/readings/other.md.yaml", readings(PAGE), readings(PAGE, WRONG))
    assert run().code == 0
    assert github.writes == []


def test_broken_readings_do_not_pass(github: GitHub, run) -> None:
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, None, "version: 2\nblocks: []\n")
    result = run()
    assert result.code == 2
    assert f"plan.md: {FILE}:1: `version` is 1" in result.err


@pytest.mark.parametrize(
    ("config", "base", "code"),
    [
        (None, readings(PAGE, WRONG, objections=(DOUBT,)), 1),
        (LOWERS, readings(PAGE, WRONG), 1),
        (LOWERS, None, 1),
        ("", readings(PAGE, WRONG, objections=(DOUBT,)), 1),
        (LOWERS, readings(PAGE, WRONG, objections=(DOUBT,)), 0),
    ],
)
def test_only_what_the_base_has_lowers(github: GitHub, run, project: Path, config: str | None, base: str | None, code: int) -> None:
    """Whatever the pull request's own configuration and readings say; the objection is shown in any case."""
    (project / "stratlint.toml").write_text(LOWERS, encoding="utf-8")
    github.set("stratlint.toml", config, LOWERS)
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, base, readings(PAGE, WRONG, objections=(DOUBT,)) + "\n")
    assert run().code == code
    assert "(disputed)" in body(github) and "quoted from the old plan" in body(github)


def test_what_was_false_where_the_pull_request_begins_is_told_and_not_counted(github: GitHub, run) -> None:
    """Its readings there are those of then; without them the finding would be new."""
    later = PAGE.replace("Nobody", "No one")
    github.set("plan.md", PAGE, f"{later}\n\nBut 30B × 2 bytes = 80 GB.\n")
    github.set(FILE, readings(PAGE, WRONG), readings(f"{later}\n\nBut 30B × 2 bytes = 80 GB.\n", WRONG))
    assert run().code == 1
    sent = github.writes[0].body
    assert len(sent["comments"]) == 1 and "60 GB" in sent["comments"][0]["body"]
    assert "Touched by this pull request, but findings before it, and not counted: 1" in sent["body"]
    assert "plan.md, line 3" in sent["body"] and "17 × 24" in sent["body"]
    assert "1 error" in sent["body"] and "2 errors" not in sent["body"]


def test_a_pull_request_that_only_touches_what_was_false_passes(github: GitHub, run) -> None:
    """No comment, no review, exit code 0; with a document at the head alone it would be a finding."""
    wrong = "# Plan\n\n- Weights: 30B × 2 bytes = 80 GB\n"
    github.set("plan.md", wrong, wrong.replace("Weights", "The weights"))
    assert run().code == 0
    assert github.writes == []
    github.set("other.md", None, wrong)
    assert run().code == 1
