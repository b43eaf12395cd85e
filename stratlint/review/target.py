"""Which pull request, on which server, with which token: the command line first, then what GitHub Actions sets."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from stratlint.review.problems import ReviewProblem

PUBLIC_API = "https://api.github.com"
_REPOSITORY = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9._-]{1,100}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")
_MERGE_REF = re.compile(r"refs/pull/(\d{1,18})/(?:merge|head)")
_LARGEST_EVENT = 32 << 20
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Target:
    """A pull request. The token is left out of `repr`, so that no message can carry it along."""

    api_url: str
    repository: str
    number: int
    token: str = field(repr=False)


def find_target(repository: str, number: int, api_url: str, environment: Mapping[str, str], *, anonymous: bool) -> Target:
    """Put it together; *anonymous* allows to go without a token.

    Raises:
        ReviewProblem: something is missing or malformed.
    """
    event = _event(environment) if not (repository and number) else {}
    repository = repository or environment.get("GITHUB_REPOSITORY", "") or _repository_of(event)
    if not repository:
        raise ReviewProblem("no repository: pass --repo OWNER/NAME or set GITHUB_REPOSITORY")
    if not _REPOSITORY.fullmatch(repository):
        raise ReviewProblem(f'"{repository}" is not a repository: it is written OWNER/NAME')
    number = number or _number_of(event) or _number_of_ref(environment)
    if not number:
        raise ReviewProblem("no pull request: pass --pull N, or run on a pull_request event (GITHUB_EVENT_PATH)")
    token = environment.get("GITHUB_TOKEN", "").strip()
    if not token and not anonymous:
        raise ReviewProblem("no token: set GITHUB_TOKEN (in GitHub Actions: `env: GITHUB_TOKEN: ${{ github.token }}`)")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ReviewProblem("GITHUB_TOKEN holds characters that no token has")
    return Target(_api(api_url or environment.get("GITHUB_API_URL", "") or PUBLIC_API), repository, number, token)


def _api(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ReviewProblem(f'"{url}" is not a URL') from None
    del port
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ReviewProblem(f'"{url}" is not the URL of an API, such as {PUBLIC_API}')
    if parts.query or parts.fragment:
        raise ReviewProblem(f'"{url}" is not the URL of an API: it must end with its path')
    # The token goes with every request.
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ReviewProblem(f'"{url}" would send the token unencrypted: use https')
    return url.rstrip("/")


def _event(environment: Mapping[str, str]) -> Mapping[str, object]:
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        if os.stat(path).st_size > _LARGEST_EVENT:  # noqa: PTH116
            raise ReviewProblem(f"GITHUB_EVENT_PATH: {path} is too large for an event")
        event = json.loads(Path(path).read_text("utf-8"))
    except OSError as problem:
        raise ReviewProblem(f"GITHUB_EVENT_PATH: {path}: {(problem.strerror or 'unreadable').lower()}") from None
    except (ValueError, RecursionError):
        raise ReviewProblem(f"GITHUB_EVENT_PATH: {path} holds no JSON") from None
    return event if isinstance(event, dict) else {}


def _number_of(event: Mapping[str, object]) -> int:
    """The number in a pull_request event, or in that of a comment on a pull request."""
    pull, issue = event.get("pull_request"), event.get("issue")
    if not isinstance(pull, dict) and isinstance(issue, dict) and isinstance(issue.get("pull_request"), dict):
        pull = issue
    number = pull.get("number") if isinstance(pull, dict) else None
    return number if isinstance(number, int) and number > 0 else 0


def _repository_of(event: Mapping[str, object]) -> str:
    repository = event.get("repository")
    name = repository.get("full_name") if isinstance(repository, dict) else None
    return name if isinstance(name, str) else ""


def _number_of_ref(environment: Mapping[str, str]) -> int:
    match = _MERGE_REF.fullmatch(environment.get("GITHUB_REF", ""))
    return int(match[1]) if match else 0
