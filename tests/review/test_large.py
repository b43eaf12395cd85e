"""Large pull requests: pages, many documents, the API's own limit."""

from __future__ import annotations

import time

from github_server import GitHub


def test_two_hundred_files(github: GitHub, run) -> None:
    for number in range(210):
        wrong = "Weights: 30B × 2 bytes = 80 GB\n" if number % 3 == 0 else "Weights: 30B × 2 bytes = 60 GB\n"
        github.set(f"docs/plan-{number:03}.md", "# Plan\n", f"# Plan\n\n{wrong}")
    begin = time.monotonic()
    result = run()
    took = time.monotonic() - begin
    assert result.code == 1, result.err
    pages = [each.query["page"] for each in github.seen if each.path.endswith("/files")]
    assert pages == ["1", "2", "3"]
    assert len(github.reviews) == 1 and len(github.comments) == 50
    assert "70 errors" in github.reviews[0]["body"]
    assert github.reviews[0]["body"].count("plain=1") == 20
    assert took < 60
    github.seen.clear()
    run()
    assert github.writes == []


def test_old_comments_over_several_pages(github: GitHub, run) -> None:
    for _ in range(150):
        github.foreign("comment", "words")
        github.foreign("review", "words")
    github.set("plan.md", "# Plan\n", "# Plan\n\nWeights: 30B × 2 bytes = 80 GB\n")
    run()
    github.seen.clear()
    run()
    assert github.writes == []
    assert [each.query["page"] for each in github.seen if each.path.endswith("/comments")] == ["1", "2"]


def test_more_files_than_the_api_lists(github: GitHub, run) -> None:
    github.set("plan.md", "# Plan\n", "# Plan\n\nWeights: 30B × 2 bytes = 80 GB\n")
    github.changed_files = 4_321
    run()
    assert "first 3,000 of 4,321 changed files" in github.reviews[0]["body"]


def test_a_long_document(github: GitHub, run) -> None:
    lines = [f"Part {number} needs 7 × {number} = {7 * number} boxes." for number in range(2, 1_200)]
    old = "\n".join(lines) + "\n"
    github.set("plan.md", old, old.replace("7 × 700 = 4900", "7 × 700 = 4990"))
    run()
    (comment,) = github.comments
    assert comment["line"] == 699
