"""The text of an answer as data: whatever is not an entry of the right shape is counted and left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stratlint.meaning.proposal import OPERATORS
from stratlint.readers.file import LONGEST_TEXT, Objection, Reading

_FENCED = re.compile(r"\A\s*```[a-zA-Z]*\n(.*?)\n?```\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+")
_LONGEST_NUMBER = 9


class AnswerError(ValueError):
    """An answer that is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says; lines are those of the page. `malformed`: entries that are none."""

    readings: tuple[Reading, ...] = ()
    objections: tuple[Objection, ...] = ()
    malformed: int = 0


def parse_answer(text: str) -> Answer:
    """The entries of an answer: one object with `readings` and `objections`, a list of readings, or an object a line.

    Raises:
        AnswerError: it is no JSON of that kind.
    """
    readings: list[Reading] = []
    objections: list[Objection] = []
    malformed = 0
    for raw, objecting in _entries(text):
        entry = _objection(raw) if objecting else _reading(raw)
        if entry is None:
            malformed += 1
        elif isinstance(entry, Reading):
            readings.append(entry)
        else:
            objections.append(entry)
    return Answer(tuple(dict.fromkeys(readings)), tuple(dict.fromkeys(objections)), malformed)


def _entries(text: str) -> Iterator[tuple[Any, bool]]:
    """The raw entries, each with whether it is an objection."""
    text = _THOUGHT.sub("", text)
    fenced = _FENCED.match(text)
    whole = _parsed(fenced[1] if fenced else text)
    if isinstance(whole, dict) and not isinstance(whole.get("readings"), list):
        whole = [whole] if "claim" in whole and "expr" in whole else None
    if isinstance(whole, dict):
        yield from ((each, False) for each in whole["readings"])
        objections = whole.get("objections")
        yield from ((each, True) for each in (objections if isinstance(objections, list) else ()))
    elif isinstance(whole, list):
        yield from ((each, False) for each in whole)
    else:
        lines = [_parsed(line) for line in (fenced[1] if fenced else text).splitlines() if line.strip()]
        if not any(isinstance(each, dict) and "claim" in each for each in lines):
            raise AnswerError(f"the answer has no readings in JSON; it begins {' '.join(text.split())[:60]!r}")
        yield from ((each, False) for each in lines)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_int)
    except (ValueError, RecursionError):
        return None


def _int(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


def _reading(raw: Any) -> Reading | None:
    if not isinstance(raw, dict) or raw.get("op") not in OPERATORS:
        return None
    line, claim, expr = _line(raw.get("line")), _text(raw.get("claim")), _text(raw.get("expr"))
    if line is None or not claim or not expr:
        return None
    return Reading(line, claim, raw["op"], expr, _text(raw.get("kind")) or "", _text(raw.get("why")) or "")


def _objection(raw: Any) -> Objection | None:
    if not isinstance(raw, dict):
        return None
    line, claim, why = _line(raw.get("line")), _text(raw.get("claim")), _text(raw.get("why"))
    return Objection(line, claim, why) if line is not None and claim and why else None


def _line(raw: Any) -> int | None:
    """Any whole number: one that is no line of the page is put right later. Some models write it in quotes."""
    if isinstance(raw, str) and raw.isdecimal() and len(raw) <= _LONGEST_NUMBER:
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def _text(raw: Any) -> str | None:
    """One line of what can be printed; None for anything else than a text, or too much of it."""
    if not isinstance(raw, str) or len(raw) > LONGEST_TEXT:
        return None
    return " ".join(_INVISIBLE.sub(" ", raw).split())
