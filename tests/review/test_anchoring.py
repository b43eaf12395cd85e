"""Comments stand on lines of the diff, with an engine whose evidence lies where the test wants it."""

from __future__ import annotations

import pytest
from github_server import GitHub

pytestmark = pytest.mark.usefixtures("engine")


def numbered(count: int, **lines: str) -> str:
    """A document of *count* lines, some of which say something (`at_5="…"`)."""
    return "".join(f"{lines.get(f'at_{line}', f'Line {line}.')}\n" for line in range(1, count + 1))


def comments(github: GitHub) -> list[dict]:
    return github.writes[0].body["comments"]


def test_a_changed_premise_far_from_the_claim(github: GitHub, run) -> None:
    old = numbered(90, at_78="{claim 80 GB}", at_20="The {premise 1}.")
    github.set("plan.md", old, old.replace("The {", "Our {"))
    run()
    (comment,) = comments(github)
    assert comment["line"] == 20
    assert "this change of line 20 makes line 78 false\\: claims 80 GB" in comment["body"]
    assert f"[line 78](https://github.com/octo/plans/blob/{github.head}/plan.md?plain=1#L78)" in comment["body"]


def test_a_claim_over_several_lines(github: GitHub, run) -> None:
    github.set("plan.md", numbered(30), numbered(30, at_10="{claim", at_11="80 GB", at_12="}"))
    run()
    (comment,) = comments(github)
    assert (comment["start_line"], comment["line"], comment["start_side"]) == (10, 12, "RIGHT")


def test_a_long_claim_is_cut_to_the_hunk(github: GitHub, run) -> None:
    """Lines 10 to 40, of which line 25 was changed: the diff shows 22 to 28."""
    old = numbered(60, at_10="{claim", at_40="}")
    github.set("plan.md", old, old.replace("Line 25.", "Line changed."))
    run()
    (comment,) = comments(github)
    assert (comment["start_line"], comment["line"]) == (22, 28)


def test_a_claim_in_context_lines_only_is_not_new(github: GitHub, run) -> None:
    old = numbered(30, at_10="{claim 80 GB}")
    github.set("plan.md", old, old.replace("Line 12.", "Line changed."))
    assert run().code == 0
    assert github.writes == []


def test_a_repair_elsewhere_is_told_but_not_offered(github: GitHub, run) -> None:
    old = numbered(60, at_10="{premise}", at_40="{claim 80 GB} {repair 60 GB}")
    github.set("plan.md", old, old.replace("{premise}", "A {premise}"))
    run()
    (comment,) = comments(github)
    assert comment["line"] == 10
    assert "```suggestion" not in comment["body"]
    assert "suggestion: line 40: 60 GB" in comment["body"]


def test_a_repair_within_a_longer_claim_takes_its_line(github: GitHub, run) -> None:
    github.set("plan.md", numbered(30), numbered(30, at_10="{claim", at_12="x {repair 60 GB} y}", at_14="}"))
    run()
    (comment,) = comments(github)
    assert comment["line"] == 12 or "```suggestion" not in comment["body"]


def test_without_a_patch_the_whole_diff_is_asked_for(github: GitHub, run) -> None:
    github.set("plan.md", numbered(30), numbered(30, at_10="{claim 80 GB}"))
    github.set("other.md", numbered(5), numbered(6))
    github.without_patch = {"plan.md", "other.md"}
    run()
    assert [each["line"] for each in comments(github)] == [10]
    assert sum(each.headers["Accept"] == "application/vnd.github.diff" for each in github.seen) == 1


@pytest.mark.parametrize("renamed", [False, True])
def test_without_any_diff_the_contents_are_compared_and_the_body_tells(github: GitHub, run, renamed: bool) -> None:
    old = numbered(300, at_100="{claim 70 GB}")
    github.set("plan.md", old, old.replace("Line 250.", "{claim 80 GB}"))
    github.without_patch = {"plan.md"}
    github.diff_refused = True
    if renamed:
        github.renamed["plan.md"] = "docs/old plan.md"
    result = run()
    assert result.code == 1, result.err
    assert comments(github) == []
    body = github.writes[0].body["body"]
    assert "claims 80 GB" in body and "plan.md?plain=1#L250" in body and "70 GB" not in body


def test_a_new_file_without_a_diff(github: GitHub, run) -> None:
    github.set("plan.md", None, numbered(30, at_10="{claim 80 GB}"))
    github.without_patch = {"plan.md"}
    github.diff_refused = True
    run()
    assert comments(github) == []
    assert "plan.md?plain=1#L10" in github.writes[0].body["body"]


def test_many_findings_are_capped_and_the_rest_listed(github: GitHub, run) -> None:
    github.set("plan.md", "", "".join(f"{{claim {line} GB}}\n" for line in range(200)))
    run()
    assert len(comments(github)) == 50
    body = github.writes[0].body["body"]
    assert "200 errors" in body and "50 of 200 at their lines" in body
    assert body.count("plain=1#L") == 150


def test_the_body_stays_within_its_limit(github: GitHub, run) -> None:
    github.set("plan.md", "", "".join(f"{{claim {line} GB {'@' * 300}}}\n" for line in range(600)))
    run("--max-comments", "1")
    body = github.writes[0].body["body"]
    assert len(body) <= 65_536
    assert "more findings" in body


def test_each_root_comes_before_its_repetitions(github: GitHub, run) -> None:
    text = "{claim 1 root=a}\n{claim 2 root=a}\n{claim 3 root=a}\n{claim 4 root=b}\n{claim 5}\n"
    github.set("plan.md", "", text)
    run("--max-comments", "3")
    assert [each["line"] for each in comments(github)] == [1, 4, 5]


def test_equal_claims_stay_apart(github: GitHub, run) -> None:
    github.set("plan.md", "", "{claim 1}\n{claim 1}\n")
    github.set("copy.md", "", "{claim 1}\n{claim 1}\n")
    run()
    assert len({each["body"].splitlines()[0] for each in comments(github)}) == 4


def test_a_removed_premise_line_points_nowhere(github: GitHub, run) -> None:
    old = numbered(30, at_10="{claim 80 GB}", at_20="gone {premise}")
    github.set("plan.md", old, old.replace("gone {premise}\n", ""))
    assert run().code == 0
    assert github.writes == []
