"""What kept a document from being checked in full: a rule that raised (a defect of stratlint), or readings that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule or law that could not be evaluated on a document: its name, the file it is defined in, and what was raised, where.

    `kind`: "rule", or "law" where what a rule asks the judge for was not proposed. `defect`: stratlint's own. The user's, a file of
    readings that is not of the format, is told by `problem` alone.
    """

    rule: str
    source: str
    problem: str
    defect: bool = True
    kind: str = "rule"

    def __str__(self) -> str:
        if not self.defect:
            return self.problem
        return f"{self.kind} `{self.rule}` ({self.source}) failed with {self.problem}"


def described(problem: BaseException) -> str:
    """Type, message and place: enough for a report to us, without a traceback for the user."""
    import traceback

    frames = traceback.extract_tb(problem.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = " ".join(str(problem).split())[:_LONGEST]
    return f"{type(problem).__name__}{': ' if text else ''}{text}{place}"
