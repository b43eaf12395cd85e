"""Requests to GitHub's REST API by way of PyGithub: its connection, its authentication, our patience."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stratlint.review.problems import Refused, ReviewProblem, Uncertain
from stratlint.review.retrying import Pace, backoff, failure_pause, rate_limit_pause, spent
from stratlint.review.target import Target

if TYPE_CHECKING:
    from github.Requester import Requester

PER_PAGE = 100
# More pages than any list here has: 3,000 files are 30, and a review thread is never that long.
_MOST_PAGES = 200
_INSTALL = "the review bot needs a client library: pip install 'stratlint[github]'"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: headers in lower case and the text of the body."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def data(self) -> Any:
        """The body as JSON; None when it is empty."""
        try:
            return json.loads(self.text) if self.text else None
        except (ValueError, RecursionError):
            raise ReviewProblem("GitHub's answer is not JSON: is the API URL right?") from None


class Client:
    """A repository's part of the API. Paths are given from the API's root on and are already quoted."""

    def __init__(
        self,
        target: Target,
        pace: Pace | None = None,
        *,
        note: Callable[[str], None] = lambda text: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pace = pace or Pace()
        self._requester = _requester(target, self._pace)
        self._token = target.token
        self._note = note
        self._sleep = sleep
        self._clock = clock
        self._pause = 0.0

    def get(self, path: str, query: Mapping[str, object] | None = None, *, accept: str = "") -> Answer:
        """A GET request, repeated when that may help.

        Raises:
            Refused: the answer is an error.
        """
        return self._patiently("GET", path, query, None, accept)

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list, over all its pages."""
        for page in range(1, _MOST_PAGES + 1):
            answer = self.get(path, {"per_page": PER_PAGE, "page": page})
            items = answer.data
            if not isinstance(items, list):
                raise ReviewProblem(f"GitHub's answer to {path} is not a list: is the API URL right?")
            yield from items
            if 'rel="next"' not in answer.headers.get("link", ""):
                return

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """A write. Refusals for too many requests are waited out.

        Raises:
            Refused: the answer is an error.
            Uncertain: a POST failed in a way that leaves open whether it was carried out.
        """
        return self._patiently(method, path, None, body, "")

    def wait(self, attempt: int) -> None:
        """The pause before a failed run is tried again."""
        self._wait(backoff(attempt, self._pace), "GitHub failed")

    def _patiently(
        self, method: str, path: str, query: Mapping[str, object] | None, body: Mapping[str, object] | None, accept: str
    ) -> Answer:
        attempt = 0
        while True:
            if self._pause:
                self._wait(self._pause, "the rate limit is used up")
                self._pause = 0.0
            answer, problem = self._once(method, path, query, body, accept)
            if answer is not None and answer.status < 300:
                self._pause = spent(answer.headers, self._clock())
                return answer
            pause = self._pause_after(method, answer, attempt)
            attempt += 1
            if pause is None or attempt >= self._pace.attempts:
                raise self._problem(method, path, answer, problem)
            self._wait(pause, f"GitHub answered {answer.status}" if answer else problem)

    def _once(
        self, method: str, path: str, query: Mapping[str, object] | None, body: Mapping[str, object] | None, accept: str
    ) -> tuple[Answer | None, str]:
        """One request: its answer, or what kept it from being answered."""
        import requests

        headers = {"Accept": accept or "application/vnd.github+json"}
        parameters = dict(query or {})
        try:
            status, answered, text = self._requester.requestJson(method, path, parameters, headers, body)
        except requests.RequestException as problem:
            return None, f"no connection to GitHub ({type(problem).__name__})"
        except (RuntimeError, AssertionError) as problem:  # PyGithub on a redirection to elsewhere
            raise ReviewProblem(self._clean(f"GitHub redirects elsewhere: {problem}")) from None
        return Answer(status, {name.lower(): str(value) for name, value in answered.items()}, text), ""

    def _pause_after(self, method: str, answer: Answer | None, attempt: int) -> float | None:
        now = self._clock()
        if answer is None:
            return None if method == "POST" else backoff(attempt, self._pace)
        limited = rate_limit_pause(answer.status, answer.headers, _message(answer), attempt, now)
        if limited is not None:
            return limited
        return None if method == "POST" else failure_pause(answer.status, answer.headers, attempt, self._pace, now)

    def _wait(self, seconds: float, why: str) -> None:
        if seconds > self._pace.longest_wait:
            raise ReviewProblem(
                f"{why}: GitHub asks to wait {seconds:,.0f} seconds, longer than the {self._pace.longest_wait:,.0f} "
                "this run is willing to; run it again later"
            )
        if seconds >= 1:
            self._note(f"{why}: waiting {seconds:,.0f} seconds")
        self._sleep(seconds)

    def _problem(self, method: str, path: str, answer: Answer | None, problem: str) -> ReviewProblem:
        if answer is None or answer.status >= 500:
            what = problem or f"GitHub answered {answer.status if answer else 0}"
            kind = Uncertain if method == "POST" else ReviewProblem
            return kind(self._clean(f"{method} {path}: {what}"))
        detail = self._clean(_message(answer))
        return Refused(answer.status, detail, f"{method} {path}: {_explained(method, answer.status, detail)}")

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "***") if self._token else text


def _requester(target: Target, pace: Pace) -> Requester:
    try:
        import github
    except ImportError:
        raise ReviewProblem(_INSTALL) from None
    from stratlint.config.version import installed_version

    server = github.Github(
        auth=github.Auth.Token(target.token) if target.token else None,
        base_url=target.api_url,
        timeout=pace.timeout,
        user_agent=f"stratlint/{installed_version()}",
        # Retries are ours: the library's know neither 429 nor that a POST may have been carried out.
        retry=0,
        seconds_between_requests=0,
        seconds_between_writes=pace.between_writes,
    )
    try:
        return server.requester
    except AttributeError:
        raise ReviewProblem("PyGithub is too old: pip install --upgrade 'stratlint[github]'") from None


def _message(answer: Answer) -> str:
    """GitHub's own words, with the reasons that it lists."""
    try:
        data = json.loads(answer.text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    reasons = data.get("errors")
    listed = [_reason(each) for each in reasons] if isinstance(reasons, list) else []
    return "; ".join(part for part in (str(data.get("message", "")), *listed[:3]) if part)[:500]


def _reason(each: object) -> str:
    if isinstance(each, dict):
        return str(each.get("message") or each.get("code") or "")
    return str(each)


def _explained(method: str, status: int, detail: str) -> str:
    """A refusal in words, with what to do about it."""
    said = f" ({detail})" if detail else ""
    if 300 <= status < 400:
        return f"GitHub redirects ({status}): the repository has moved; use its new name"
    if status == 401:
        return f"GitHub does not accept the token{said}: it is wrong or has expired"
    if status == 403 and method != "GET":
        return (
            f"the token may not do this{said}: the job needs `permissions: pull-requests: write`; the tokens of pull "
            "requests from forks are read-only"
        )
    if status == 403:
        return f"the token may not read this{said}: the job needs `permissions: contents: read, pull-requests: read`"
    if status == 404:
        return f"not found{said}: no such repository or pull request, or the token may not see it"
    if status == 429:
        return f"too many requests{said}: run it again later"
    return f"GitHub answered {status}{said}"
