"""How long to wait before asking again, as GitHub's documentation wants it. Pure: the caller sleeps.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

_SECONDARY = 60.0
_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a run is, in seconds. GitHub asks for a second between writes."""

    attempts: int = 5
    longest_wait: float = 900.0
    backoff: float = 1.0
    between_writes: float = 1.0
    timeout: int = 30


def rate_limit_pause(status: int, headers: Mapping[str, str], message: str, attempt: int, now: float) -> float | None:
    """Seconds to wait when the answer means "too many requests"; None when it means something else."""
    if status not in (403, 429):
        return None
    asked = retry_after(headers, now)
    if asked is not None:
        return asked
    if headers.get("x-ratelimit-remaining") == "0":
        return until_reset(headers, now)
    if status == 429 or "rate limit" in message.lower():
        return float(_SECONDARY * 2**attempt)
    return None


def failure_pause(status: int, headers: Mapping[str, str], attempt: int, pace: Pace, now: float) -> float | None:
    """Seconds to wait after a failure of the server; None when the answer is none."""
    if not 500 <= status <= 599:
        return None
    asked = retry_after(headers, now)
    return asked if asked is not None else backoff(attempt, pace)


def backoff(attempt: int, pace: Pace) -> float:
    """Twice as long each time."""
    return float(pace.backoff * 2**attempt)


def spent(headers: Mapping[str, str], now: float) -> float:
    """After an answer: seconds until the next request is welcome; 0 unless it was the last one allowed."""
    return until_reset(headers, now) if headers.get("x-ratelimit-remaining") == "0" else 0.0


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The header of that name: seconds or a date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).replace(tzinfo=UTC).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def until_reset(headers: Mapping[str, str], now: float) -> float:
    """Seconds until the window of the primary limit ends; the secondary limit's wait when it does not say."""
    value = headers.get("x-ratelimit-reset", "").strip()
    if not (value.isascii() and value.isdigit()):
        return _SECONDARY
    # It is not said when in that second.
    return max(0.0, float(value[:15]) - now) + _MARGIN
