"""What the tools take and answer, as plain data. Every field is a field of the published schema of its tool."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """A number or passage that a finding rests on. `line` is 0 for what stands in no document (a data sheet, a given)."""

    line: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An admissible reading of the claim and what it gives."""

    name: str
    formula: str
    computed: str
    fits: bool


@dataclass(frozen=True, slots=True)
class FindingOut:
    """A finding with its evidence. `replacement` is the one repair that the arithmetic leaves, "" for none or several.

    `read_by`: who transcribed the relation, "" for our own reader; `disputed`: what readings object to it.
    """

    path: str
    line: int
    column: int
    text: str
    severity: str
    rule: str
    message: str
    claimed: str
    computed: str
    formula: str
    premises: list[Place]
    readings: list[Tried]
    help: str
    replacement: str
    read_by: str
    disputed: list[str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CoverageOut:
    """Counts of the numbers of a page: all that were `seen`; of those that claim something, what became of them."""

    seen: int
    claims: int
    understood: int
    verified: int
    consistent: int
    contradicted: int
    implausible: int
    not_checked: dict[str, int]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What `check` found. `clean`: everything was read, and nothing found that fails the run.

    `instructions` say the same as text, with the open questions, for whoever rewrites the page. `notes` are what the command line
    would say besides: stale readings, readings that were not judged, unknown names of rules.
    """

    path: str
    clean: bool
    errors: int
    warnings: int
    findings: list[FindingOut]
    coverage: CoverageOut
    instructions: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ClaimOut:
    """A number of the page: what it was understood as, what became of it and why; `context` is the line that it stands in."""

    line: int
    column: int
    text: str
    role: str
    understood: bool
    meaning: str
    words: str
    status: str
    reason: str
    derivation: str
    context: str


@dataclass(frozen=True, slots=True)
class ClaimsAnswer:
    """Numbers of a page; `left` more are told when asked for from `offset` + their count on."""

    path: str
    coverage: CoverageOut
    claims: list[ClaimOut]
    left: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ReadingIn:
    """A relation as the page states it, right or wrong. `line`: of the page, from 1; `op`: =, <=, >= or divides."""

    line: int
    claim: str
    op: str
    expr: str
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionIn:
    """Why a finding on the number `claim` of a line should not be believed ("quoted, and corrected below")."""

    line: int
    claim: str
    why: str


@dataclass(frozen=True, slots=True)
class JudgedOut:
    """What became of a reading: `outcome` is holds, bounded (it fits, within a limit or a rounding), refuted, open or rejected.

    `reading` counts from 0 in the order given. `severity`: how grave the finding of a refuted one is, "" where it makes none of its
    own; `reason` says why one is open or bounded, and which number of a rejected one is not on the page.
    """

    reading: int
    line: int
    claim: str
    op: str
    expr: str
    outcome: str
    severity: str
    message: str
    computed: str
    formula: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposeAnswer:
    """All readings judged. `written` is the file that those which are not rejected were written to, "" when none was.

    `dropped` are readings of the file that belonged to text that is no longer on the page.
    """

    path: str
    judged: list[JudgedOut]
    outcomes: dict[str, int]
    written: str = ""
    dropped: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """A rule's page: what it checks, why that matters, its readings and examples."""

    rule: str
    page: str
    notes: list[str]
