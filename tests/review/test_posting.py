"""A review is posted: what it says, and where."""

from __future__ import annotations

import json
from pathlib import Path

from github_server import TOKEN, GitHub

CLEAN = "# Plan\n\nNothing here.\n"
WRONG = "# Plan\n\nNothing here.\n\nWeights: 30B × 2 bytes = 80 GB\n"
# Another line rests on the operands: the result alone can be mended.
SLIP = "# Plan\n\nThe cluster gives 512 × 600 TFLOPS = 307.2 TFLOPS in total.\n\nA node gives 8 × 600 TFLOPS = 4.8 PFLOPS.\n"


def test_posts_one_review_with_a_comment_at_the_line(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG)
    result = run()
    assert result.code == 1, result.err
    (request,) = github.writes
    assert (request.method, request.path) == ("POST", "/repos/octo/plans/pulls/7/reviews")
    assert request.body["commit_id"] == github.head
    assert request.body["event"] == "COMMENT"
    (comment,) = request.body["comments"]
    assert (comment["path"], comment["line"], comment["side"]) == ("plan.md", 5, "RIGHT")
    assert "start_line" not in comment
    assert "80 GB" in comment["body"] and "30B × 2 bytes" in comment["body"]
    assert "stratlint: 1 error" in request.body["body"]
    assert "verified" in request.body["body"]


def test_nothing_is_posted_when_nothing_is_wrong(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, "# Plan\n\nWeights: 30B × 2 bytes = 60 GB\n")
    result = run()
    assert result.code == 0, result.err
    assert github.writes == []


def test_old_contradictions_are_nobodys_business(github: GitHub, run) -> None:
    github.set("plan.md", WRONG, WRONG + "\nMore words.\n")
    assert run().code == 0
    assert github.writes == []


def test_a_repair_is_a_suggestion_block_for_the_whole_line(github: GitHub, run) -> None:
    github.set("plan.md", "# Plan\n", SLIP)
    run()
    (comment,) = github.writes[0].body["comments"]
    assert "\n\n```suggestion\nThe cluster gives 512 × 600 TFLOPS = 307.2 PFLOPS in total.\n```\n" in comment["body"]


def test_a_new_file_is_changed_as_a_whole(github: GitHub, run) -> None:
    github.set("docs/new plan.md", None, WRONG)
    run()
    (comment,) = github.writes[0].body["comments"]
    assert (comment["path"], comment["line"]) == ("docs/new plan.md", 5)


def test_files_that_are_no_documents_are_not_read(github: GitHub, run) -> None:
    github.set("plan.py", "", "x = '30B × 2 bytes = 80 GB'\n")
    github.set("gone.md", WRONG, None)
    github.set("node_modules/a.md", "", WRONG)
    assert run().code == 0
    assert not any("blobs" in each.path for each in github.seen)


def test_paths_narrow_it(github: GitHub, run) -> None:
    github.set("a/plan.md", CLEAN, WRONG)
    github.set("ab/plan.md", CLEAN, WRONG)
    run("a")
    assert [each["path"] for each in github.writes[0].body["comments"]] == ["a/plan.md"]


def test_contents_come_from_the_working_tree_when_it_is_at_the_head(github: GitHub, run, project: Path) -> None:
    github.set("docs/plan.md", CLEAN, WRONG)
    (project / "docs").mkdir()
    (project / "docs/plan.md").write_bytes(WRONG.encode())
    assert run().code == 1
    assert not any("blobs" in each.path for each in github.seen)


def test_other_contents_of_the_working_tree_do_not_count(github: GitHub, run, project: Path) -> None:
    github.set("plan.md", CLEAN, WRONG)
    (project / "plan.md").write_text("something else\n")
    assert run().code == 1
    assert any("blobs" in each.path for each in github.seen)


def test_the_configuration_of_the_checkout_holds(github: GitHub, run, project: Path) -> None:
    github.set("plan.md", CLEAN, WRONG)
    (project / "stratlint.toml").write_text('ignore = ["arithmetic"]\n')
    assert run().code == 0
    (project / "stratlint.toml").write_text('exclude = ["plan.md"]\n')
    assert run().code == 0
    assert github.writes == []


def test_waivers_in_the_document_hold(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG.replace("80 GB", "80 GB <!-- stratlint: ignore[wrong-product]: agreed -->"))
    result = run("--dry-run")
    assert "80 GB" not in result.out


def test_dry_run_prints_and_only_reads(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG)
    result = run("--dry-run")
    assert result.code == 1
    assert {each.method for each in github.seen} == {"GET"}
    plan = json.loads(result.out)
    assert plan["repository"] == "octo/plans" and plan["pull"] == 7 and plan["head"] == github.head
    (request,) = plan["requests"]
    assert request["method"] == "POST" and request["body"]["comments"][0]["line"] == 5


def test_dry_run_needs_no_token(github: GitHub, run, monkeypatch) -> None:
    github.set("plan.md", CLEAN, WRONG)
    monkeypatch.delenv("GITHUB_TOKEN")
    assert run("--dry-run").code == 1
    assert all("Authorization" not in each.headers for each in github.seen)


def test_dry_run_without_a_token_after_a_review(github: GitHub, run, monkeypatch) -> None:
    github.set("plan.md", CLEAN, WRONG)
    run()
    monkeypatch.delenv("GITHUB_TOKEN")
    assert json.loads(run("--dry-run").out)["kept"] == 1


def test_the_token_is_sent_and_never_said(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG)
    run()
    assert all(each.headers["Authorization"].endswith(TOKEN) for each in github.seen)
    assert all(TOKEN not in json.dumps(each.body) + each.path for each in github.seen)


def test_fail_on_never(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG)
    assert run("--fail-on", "never").code == 0
    assert len(github.writes) == 1


def test_one_unreadable_document_stops_no_other(github: GitHub, run) -> None:
    github.set("bad.md", "x\n", "changed\n")
    github.binary["bad.md"] = b"caf\xe9: 3 GB\n"
    github.set("plan.md", CLEAN, WRONG)
    result = run()
    assert result.code == 2
    assert "bad.md" in result.err
    assert len(github.writes[0].body["comments"]) == 1
    assert "was not checked" in github.writes[0].body["body"]


def test_windows_line_ends_and_lone_carriage_returns_keep_gits_lines(github: GitHub, run) -> None:
    old = "# Plan\r\rold Mac\r\nhere\r\n"
    github.set("plan.md", old, old + "\r\nWe have 512 × 600 TFLOPS = 307.2 TFLOPS.\r\n\r\nA node has 8 × 600 TFLOPS = 4.8 PFLOPS.\r\n")
    run()
    (comment,) = github.writes[0].body["comments"]
    assert comment["line"] == 4
    assert "```suggestion\nWe have 512 × 600 TFLOPS = 307.2 PFLOPS.\n```" in comment["body"]


def test_target_from_the_environment(github: GitHub, server, run, project: Path, monkeypatch) -> None:
    github.set("plan.md", CLEAN, WRONG)
    event = project / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}, "repository": {"full_name": "octo/plans"}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_API_URL", server.url)
    assert run(target=False).code == 1
    assert len(github.reviews) == 1


def test_a_renamed_repository_is_written_to_by_its_new_name(github: GitHub, run) -> None:
    github.set("plan.md", CLEAN, WRONG)
    github.full_name = "octo/strategies"
    assert run().code == 1
    assert github.writes[0].path.startswith("/repos/octo/strategies/")
