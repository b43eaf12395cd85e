"""The second run and those after it: the earlier review is brought up to date, never repeated."""

from __future__ import annotations

from github_server import GitHub

ONE = "Weights: 30B × 2 bytes = 80 GB\n"
OTHER = "We have 512 × 600 TFLOPS = 307.2 TFLOPS.\n"
START = "# Plan\n\nWords.\n"
BOTH = START + "\n" + ONE + "\n" + OTHER


def posted(github: GitHub, run, text: str = BOTH) -> None:
    """A first run whose requests are forgotten."""
    github.set("plan.md", START, text)
    run()
    github.seen.clear()


def bodies(github: GitHub) -> str:
    return "\n".join(each["body"] for each in github.comments)


def test_nothing_changed_nothing_is_sent(github: GitHub, run) -> None:
    posted(github, run)
    result = run()
    assert github.writes == []
    assert result.code == 1
    assert "2 kept" in result.err


def test_comments_follow_their_lines(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", BOTH.replace("Words.\n", "Words.\n\nMore words.\n"))
    run()
    assert [each.method for each in github.writes if each.method != "PATCH"] == []
    assert [each["line"] for each in github.comments] == [7, 9]
    assert all("#L7" in each["body"] or "#L9" in each["body"] for each in github.comments)


def test_one_number_changes(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", BOTH.replace("80 GB", "90 GB"))
    run()
    assert sorted(each.method for each in github.writes) == ["DELETE", "POST"]
    assert len(github.comments) == 2
    assert "claims 90 GB" in bodies(github) and "claims 80 GB" not in bodies(github)
    assert "2 errors" in github.reviews[0]["body"]


def test_one_is_repaired(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", BOTH.replace("80 GB", "60 GB"))
    run()
    assert [each.method for each in github.writes] == ["DELETE", "PUT"]
    assert len(github.comments) == 1
    assert "stratlint: 1 error" in github.reviews[0]["body"]


def test_all_are_repaired_and_the_review_is_emptied(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", START + "\nFine.\n")
    assert run().code == 0
    assert github.comments == []
    assert [each.method for each in github.writes] == ["DELETE", "DELETE", "PUT"]
    assert "no findings" in github.reviews[0]["body"]
    github.seen.clear()
    run()
    assert github.writes == []


def test_new_ones_come_in_a_further_review(github: GitHub, run) -> None:
    posted(github, run, START + "\n" + ONE)
    github.commit("plan.md", BOTH)
    run()
    assert [each.method for each in github.writes] == ["POST", "PUT"]
    assert len(github.reviews) == 2 and len(github.comments) == 2
    assert "1 new finding" in github.reviews[1]["body"]
    assert "2 errors" in github.reviews[0]["body"]
    github.commit("plan.md", START + "\n" + ONE)
    run()
    assert "settled" in github.reviews[1]["body"]
    github.seen.clear()
    run()
    assert github.writes == []


def test_a_review_after_everything_was_settled(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", START + "\nFine.\n")
    run()
    github.commit("plan.md", BOTH)
    run()
    assert len(github.comments) == 2
    assert "2 errors" in github.reviews[0]["body"]


def test_an_answered_comment_stays_and_says_that_it_is_settled(github: GitHub, run) -> None:
    posted(github, run)
    github.reply(github.comments[0]["id"])
    github.commit("plan.md", START + "\nFine.\n")
    run()
    assert len(github.comments) == 2
    assert "Settled" in github.comments[0]["body"]
    github.seen.clear()
    run()
    assert github.writes == []


def test_a_comment_that_somebody_edited_is_restored(github: GitHub, run) -> None:
    posted(github, run)
    github.comments[0]["body"] += "\nedited"
    run()
    assert [each.method for each in github.writes] == ["PATCH"]


def test_line_ends_that_the_server_changed_do_not_matter(github: GitHub, run) -> None:
    posted(github, run)
    for each in (*github.comments, *github.reviews):
        each["body"] = each["body"].replace("\n", "\r\n")
    run()
    assert github.writes == []


def test_marks_of_others_are_not_believed(github: GitHub, run) -> None:
    """The author of a change must not silence the bot by copying its comments."""
    posted(github, run)
    review, comments = github.reviews[0], list(github.comments)
    github.reviews.clear()
    github.comments.clear()
    github.foreign("review", review["body"])
    for each in comments:
        github.foreign("comment", each["body"], line=each["line"])
    result = run()
    assert "2 comments posted" in result.err
    assert len(github.comments) == 4


def test_a_person_with_a_token_is_told_from_other_people(github: GitHub, run) -> None:
    github.login, github.app = "alice", False
    posted(github, run)
    github.foreign("review", github.reviews[0]["body"], "mallory")
    github.foreign("comment", github.comments[0]["body"], "mallory", line=5)
    github.commit("plan.md", START + "\nFine.\n")
    run()
    assert [each["user"]["login"] for each in github.comments] == ["mallory"]


def test_two_bots_keep_out_of_each_others_way(github: GitHub, run) -> None:
    posted(github, run)
    run("--name", "second")
    assert len(github.comments) == 4
    github.commit("plan.md", START + "\nFine.\n")
    run()
    assert len(github.comments) == 2
    assert all("name=second" in each["body"] for each in github.comments)


def test_duplicates_of_a_race_are_removed(github: GitHub, run) -> None:
    posted(github, run)
    github.comments.append({**github.comments[0], "id": 999})
    run()
    assert [(each.method, each.path[-3:]) for each in github.writes] == [("DELETE", "999")]


def test_a_comment_that_is_gone_already(github: GitHub, run, monkeypatch) -> None:
    posted(github, run)
    original = github._own
    monkeypatch.setattr(
        github,
        "_own",
        lambda things, number: (things.clear(), original(things, number))[1] if things is github.comments else original(things, number),
    )
    github.commit("plan.md", START + "\nFine.\n")
    assert run().code == 0


def test_a_newer_commit_is_left_to_its_own_run(github: GitHub, run, monkeypatch) -> None:
    github.set("plan.md", START, BOTH)
    original = github._get_reviews

    def pushed(*arguments):
        github.version += 1
        return original(*arguments)

    monkeypatch.setitem(github._operations, "GET /pulls/{pull_number}/reviews", lambda _, *rest: pushed(*rest))
    result = run()
    assert github.writes == []
    assert "newer commit" in result.err and result.code == 1


def test_dry_run_of_an_update(github: GitHub, run) -> None:
    posted(github, run)
    github.commit("plan.md", BOTH.replace("80 GB", "60 GB"))
    result = run("--dry-run")
    assert '"method": "DELETE"' in result.out and '"method": "PUT"' in result.out
    assert github.writes == []
