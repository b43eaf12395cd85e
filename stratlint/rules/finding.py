"""What a rule says: findings with their evidence, and the ledger of every number that was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. An *error* is proved by the page; a *warning* is implausible; *info* is a remark."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return ("error", "warning", "info").index(self.value)


class Status(StrEnum):
    """What became of a number, in the order of gravity.

    `verified`: an equality recomputed to the printed digits gives it. `consistent`: it keeps a bound, or what it is compared
    with only to a tolerance wider than its digits; it may still be wrong. A number that anything refutes is neither.
    """

    NOT_CHECKED = "not checked"
    CONSISTENT = "consistent"
    VERIFIED = "verified"
    IMPLAUSIBLE = "implausible"
    CONTRADICTED = "contradicted"

    @property
    def gravity(self) -> int:
        """0 for what was not checked; of several judgements of a number the gravest counts."""
        return tuple(Status).index(self)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document and the part it plays.

    `start` and `end` are code point offsets into the decoded text, half open; lines and columns are 1-based,
    columns count Unicode code points, `end_column` is exclusive. `path` is "" for facts from outside any
    document (a catalog entry, a given): then lines and columns are 0 and `text` says where it comes from.
    """

    path: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingTried:
    """One admissible interpretation of the claim and what it gives."""

    name: str
    formula: str
    computed: str
    fits: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The one repair that the arithmetic leaves: replace `text[start:end]` by `replacement`."""

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    replacement: str


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who transcribed the relation that a finding refutes, where that is written down, and what the relation is in their words.

    `reader` is a model, a program or a person, "" where the file does not say; `line` is the one of the file of readings.
    """

    reader: str
    file: str
    line: int
    why: str = ""

    @property
    def name(self) -> str:
        """What to call whoever read: their name, else the file."""
        return self.reader or self.file


@dataclass(frozen=True, slots=True)
class Dispute:
    """An objection to a finding: `by` whom, with the reason. `key` is the same as long as the block and the objection are."""

    by: ReadBy
    key: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that no admissible reading saves (error), or that only an unlikely one does (warning).

    `message` is one line: claim, computed value, gap. `claimed`, `computed` and `formula` are the same as data;
    `formula` has the numbers in it and can be redone with a pocket calculator. `related` are the premises, each
    with its role. `root` is equal for findings that follow from the same wrong number. `section` is the heading
    path, part of the fingerprint (so that a finding keeps its identity when lines move). `moved`: it is shown at a
    premise that a change touched, and the claim is the first of `related`. `read_by`: whose reading it refutes, None for a relation
    that our own reader found. `disputed`: what readers object to it, which changes neither its severity nor anything else.
    """

    rule: str
    severity: Severity
    confidence: str
    message: str
    location: Location
    claimed: str = ""
    computed: str = ""
    formula: str = ""
    readings: tuple[ReadingTried, ...] = ()
    related: tuple[Location, ...] = ()
    help: str = ""
    suggestion: Suggestion | None = None
    root: str = ""
    section: tuple[str, ...] = ()
    flips_verdict: bool = False
    moved: bool = False
    read_by: ReadBy | None = None
    disputed: tuple[Dispute, ...] = ()

    @property
    def claim(self) -> Location:
        """Where the claim stands, wherever the finding is shown."""
        return self.related[0] if self.moved else self.location


class Role(StrEnum):
    """What a number is to the page: something it claims, a loose operand of a computation, or part of a name."""

    CLAIM = "claim"
    OPERAND = "operand"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One number of the document: what it was understood as, and what became of it.

    `kind` is the quantity kind (`parallel.tp`, `memory.used`, …) or the role in an equation; "" when not understood. `reason` says
    why it was not checked, or why it is consistent although its arithmetic holds. `derivation` is the computation that judged it,
    or one that used it. `finding` indexes the document's findings (-1: none). What is known of its meaning: `head` (memory, time,
    count, …), `of` what, `per` what, `holder` whose, `voice` (asserted, target, …) and the `words` that decided, or that are not known
    where it was not understood. `read_by`: who read the relation that judged it, "" for our own reader. `printed` is the number as a page
    shows it, without the markup of the `location`. `premises` are the entries (by index) of the numbers that judged it.
    """

    location: Location
    understood: bool
    kind: str
    scope: str
    modality: str
    scenario: str
    value: str
    unit: str
    status: Status
    reason: str
    rule: str = ""
    derivation: str = ""
    finding: int = -1
    role: Role = Role.CLAIM
    head: str = ""
    of: str = ""
    per: tuple[str, ...] = ()
    holder: str = ""
    voice: str = ""
    words: str = ""
    read_by: str = ""
    premises: tuple[int, ...] = ()
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document was read and checked; `not_checked` counts by reason.

    `seen` are all numbers. Loose `operands` and `names` claim nothing and are counted apart; all else is of the claims.
    """

    seen: int = 0
    understood: int = 0
    verified: int = 0
    contradicted: int = 0
    implausible: int = 0
    not_checked: Mapping[str, int] = field(default_factory=dict)
    consistent: int = 0
    operands: int = 0
    names: int = 0

    @property
    def claims(self) -> int:
        """Numbers that claim something."""
        return max(0, self.seen - self.operands - self.names)

    @property
    def recomputed(self) -> int:
        """Claims that an equality confirms to the printed digits, or that the page refutes."""
        return self.verified + self.contradicted

    @property
    def checked(self) -> int:
        """Claims with a verdict of any kind."""
        return self.recomputed + self.implausible + self.consistent

    @property
    def share_understood(self) -> float:
        """Understood claims over all claims, 0 to 1; 1 for a document without any."""
        return self.understood / self.claims if self.claims else 1.0

    @property
    def share_checked(self) -> float:
        """Claims with a verdict over all claims, 0 to 1; 1 for a document without any."""
        return self.checked / self.claims if self.claims else 1.0
