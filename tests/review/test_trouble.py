"""What goes wrong: limits, failures, refusals. Each ends in a bounded wait, a repetition or a clear error, code 2."""

from __future__ import annotations

import sys
import time
from email.utils import formatdate

import pytest
from github_server import TOKEN, Fault, GitHub

from stratlint.rules import engine

START = "# Plan\n"
WRONG = START + "\nWeights: 30B × 2 bytes = 80 GB\n\nWe have 512 × 600 TFLOPS = 307.2 TFLOPS.\n"
REVIEWS = r"/pulls/7/reviews$"


@pytest.fixture(autouse=True)
def change(github: GitHub) -> None:
    github.set("plan.md", START, WRONG)


# -- 422 ------------------------------------------------------------------------------------------------------------
def test_a_line_that_github_refuses_goes_into_the_body(github: GitHub, run) -> None:
    github.refused_lines = {("plan.md", 3)}
    result = run()
    assert result.code == 1
    assert [each["line"] for each in github.comments] == [5]
    first = next(each for each in github.reviews if each["body"])
    assert "2 errors" in first["body"] and "1 of 2 at their lines" in first["body"] and "80 GB" in first["body"]
    assert "1 in the review's body" in result.err


def test_the_same_when_there_is_a_review_already(github: GitHub, run) -> None:
    github.set("plan.md", START, START + "\nWe have 512 × 600 TFLOPS = 307.2 TFLOPS.\n")
    run()
    github.refused_lines = {("plan.md", 3)}
    github.commit("plan.md", WRONG)
    run()
    assert "80 GB" in github.reviews[0]["body"]
    assert len(github.comments) == 1


def test_refused_lines_are_tried_again_and_nothing_is_repeated(github: GitHub, run) -> None:
    github.refused_lines = {("plan.md", 3)}
    run()
    before = [each["body"] for each in github.reviews if each["body"]]
    run()
    assert [each["body"] for each in github.reviews if each["body"]] == before
    assert len(github.comments) == 1


def test_another_422_is_an_error(github: GitHub, run) -> None:
    run()
    github.commit("plan.md", START)
    github.faults = [Fault("PUT", "reviews", 422, message="Could not edit a dismissed review")]
    result = run()
    assert result.code == 2
    assert "Could not edit a dismissed review" in result.err


# -- rules ----------------------------------------------------------------------------------------------------------
def test_a_rule_that_fails_is_2_and_the_others_are_posted(github: GitHub, run, monkeypatch) -> None:
    real = engine.load_check

    def load(name: str) -> object:
        return (lambda *_: [][0]) if name == "world_size" else real(name)

    monkeypatch.setattr(engine, "load_check", load)
    result = run()
    assert result.code == 2
    assert "plan.md: rule `" in result.err and "failed with IndexError" in result.err
    assert [each["line"] for each in github.comments] == [3, 5]
    body = next(each["body"] for each in github.reviews if each["body"])
    assert "was not checked by all rules: rule" in body


# -- limits ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [403, 429])
def test_retry_after_is_obeyed(github: GitHub, run, waits, status: int) -> None:
    github.faults = [Fault("POST", REVIEWS, status, {"Retry-After": "7"}, "You have exceeded a secondary rate limit")]
    result = run()
    assert result.code == 1
    assert waits == [7.0]
    assert "waiting 7 seconds" in result.err
    assert len(github.reviews) == 1


def test_retry_after_as_a_date(github: GitHub, run, waits) -> None:
    github.faults = [Fault("GET", "files", 429, {"Retry-After": formatdate(time.time() + 90, usegmt=True)})]
    assert run().code == 1
    assert 85 <= waits[0] <= 91


def test_the_reset_of_the_window_is_waited_for(github: GitHub, run, waits) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 120)}
    github.faults = [Fault("GET", "files", 403, headers, "API rate limit exceeded for installation ID 1.")]
    assert run().code == 1
    assert 115 <= waits[0] <= 122


def test_a_window_that_is_too_long_is_an_error(github: GitHub, run, waits) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 3400)}
    github.faults = [Fault("GET", "files", 403, headers, "API rate limit exceeded")]
    result = run()
    assert result.code == 2 and waits == []
    assert "run it again later" in result.err


def test_the_last_request_of_a_window_is_followed_by_a_pause(github: GitHub, run, waits, monkeypatch) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 30)}
    import github_server

    original = github_server.Handler._write
    once = [headers]

    def write(self, status, data, more=None):
        original(self, status, data, {**(more or {}), **(once.pop() if once else {})})

    monkeypatch.setattr(github_server.Handler, "_write", write)
    assert run().code == 1
    assert len(waits) == 1 and 25 <= waits[0] <= 32


def test_a_secondary_limit_without_headers_waits_a_minute_then_two(github: GitHub, run, waits) -> None:
    github.faults = [Fault("POST", REVIEWS, 403, {}, "You have exceeded a secondary rate limit.", times=2)]
    assert run().code == 1
    assert waits == [60.0, 120.0]


def test_limits_without_end_are_an_error(github: GitHub, run, waits) -> None:
    github.faults = [Fault("POST", REVIEWS, 429, {"Retry-After": "1"}, "slow down", times=99)]
    result = run()
    assert result.code == 2 and len(waits) == 4
    assert "too many requests (slow down)" in result.err
    assert github.reviews == []


# -- failures -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_failures_of_the_server_are_tried_again(github: GitHub, run, waits, status: int) -> None:
    github.faults = [Fault("GET", "files", status, times=2)]
    assert run().code == 1
    assert waits == [1.0, 2.0]


def test_failures_without_end_are_an_error(github: GitHub, run, waits) -> None:
    github.faults = [Fault("GET", "files", 502, times=99)]
    result = run()
    assert result.code == 2 and waits == [1.0, 2.0, 4.0, 8.0]
    assert "GitHub answered 502" in result.err


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [502, 0])
def test_a_review_is_never_posted_twice(github: GitHub, run, after: bool, status: int) -> None:
    """The server (or the connection: 0) fails before or after it took the review; the bot cannot know which."""
    github.faults = [Fault("POST", REVIEWS, status, after=after)]
    assert run().code == 1
    assert len(github.reviews) == 1 and len(github.comments) == 2


def test_a_broken_connection_is_tried_again(github: GitHub, run) -> None:
    github.faults = [Fault("GET", "files", 0), Fault("GET", "blobs", 0)]
    assert run().code == 1
    assert len(github.reviews) == 1


def test_posts_that_always_fail_are_an_error(github: GitHub, run) -> None:
    github.faults = [Fault("POST", REVIEWS, 500, times=99)]
    result = run()
    assert result.code == 2
    assert sum(each.method == "POST" for each in github.seen) == 3


def test_singles_are_not_repeated_after_a_failure(github: GitHub, run) -> None:
    github.refused_lines = {("plan.md", 5)}
    github.faults = [Fault("POST", r"/pulls/7/comments$", 502, after=True)]
    run()
    assert [each["line"] for each in github.comments] == [3]


# -- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--repo", "octo/other"), "no such repository or pull request"),
        (("--pull", "8"), "no such repository or pull request"),
        (("--repo", "octo"), "written OWNER/NAME"),
        (("--repo", "octo/../../user"), "written OWNER/NAME"),
        (("--repo", "octo/.."), "written OWNER/NAME"),
        (("--pull", "0"), "not a positive"),
        (("--api-url", "http://api.example.com"), "unencrypted"),
        (("--api-url", "ftp://api.example.com"), "not the URL of an API"),
        (("--api-url", "https://user:pw@api.example.com"), "not the URL of an API"),
        (("--api-url", "https://[::1"), "not a URL"),
        (("--name", "a b"), "--name"),
        (("--select", "no-such-rule"), "unknown rule"),
    ],
)
def test_mistakes(github: GitHub, run, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert message in result.err
    assert github.writes == []


def test_no_token(run, monkeypatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    result = run()
    assert result.code == 2 and "set GITHUB_TOKEN" in result.err


@pytest.mark.parametrize("token", ["ghs_wrong", "ghs_wrong\n"])
def test_a_wrong_token(run, monkeypatch, token: str) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    result = run()
    assert result.code == 2 and "does not accept the token (Bad credentials)" in result.err
    assert "ghs_wrong" not in result.err


def test_a_token_that_is_none(run, monkeypatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "two words\r\nX-Evil: 1")
    result = run()
    assert result.code == 2 and "characters that no token has" in result.err and "Evil" not in result.err


def test_a_server_that_repeats_the_token(github: GitHub, run) -> None:
    github.faults = [Fault("POST", REVIEWS, 400, message=f"bad header {TOKEN}")]
    result = run()
    assert result.code == 2 and "***" in result.err


def test_a_token_that_may_only_read(github: GitHub, run) -> None:
    github.permissions = "read"
    result = run()
    assert result.code == 2
    assert "pull-requests: write" in result.err and "forks" in result.err


def test_nobody_there(run) -> None:
    result = run("--api-url", "http://127.0.0.1:9")
    assert result.code == 2 and "no connection to GitHub" in result.err


def test_something_else_there(github: GitHub, run, server) -> None:
    result = run("--api-url", f"{server.url}/api/v9")
    github.violations.clear()
    assert result.code == 2


def test_without_the_client_library(run, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "github", None)
    result = run()
    assert result.code == 2 and "pip install 'stratlint[github]'" in result.err


def test_with_a_client_library_of_old(run, monkeypatch) -> None:
    import github

    class Old:
        def __init__(self, **_: object) -> None:
            """A Github without its requester."""

    monkeypatch.setattr(github, "Github", Old)
    result = run()
    assert result.code == 2 and "too old" in result.err


def test_no_pull_request_at_all(run, server) -> None:
    result = run("--api-url", server.url, target=False)
    assert result.code == 2 and "no repository" in result.err
    result = run("--api-url", server.url, "--repo", "octo/plans", target=False)
    assert result.code == 2 and "no pull request" in result.err


@pytest.mark.parametrize("content", ["{", "[]", '{"pull_request": 3}', '{"issue": {"number": 7}}', "[" * 100_000])
def test_events_without_a_pull_request(run, project, monkeypatch, content: str) -> None:
    (project / "event.json").write_text(content)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(project / "event.json"))
    result = run("--repo", "octo/plans", target=False)
    assert result.code == 2 and ("holds no JSON" in result.err or "no pull request" in result.err)
