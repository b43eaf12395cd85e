"""What a check sees of a document, and how it says what it found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stratlint.claims.claim import ClaimSet, NumberClaim, Statement
from stratlint.document import Document, Span
from stratlint.facts.conventions import Convention
from stratlint.facts.fact import Fact, FactSet, Mention
from stratlint.rules.finding import Finding, Location, ReadBy, ReadingTried, Severity, Status, Suggestion
from stratlint.rules.rule import Rule, RuleSet
from stratlint.rules.transcript import NOTHING, Transcript


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of some numbers: their status, and the finding when they are not right.

    `numbers` are the claims judged, `premises` those only used. `derivation` is the computation in one line. `read_by`: who read
    the relation, "" for our own reader.
    """

    rule: str
    status: Status
    numbers: tuple[int, ...]
    premises: tuple[int, ...] = ()
    derivation: str = ""
    finding: Finding | None = None
    read_by: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A document with all that was resolved, the rules in force and the team's assumptions.

    `conventions` are the readings that the document itself fixes; they outrank the team's assumptions. `transcript`: relations of the
    page that somebody else read.
    """

    facts: FactSet
    rules: RuleSet
    assumptions: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    conventions: Mapping[str, Convention] = field(default_factory=dict)
    transcript: Transcript = NOTHING

    def admits(self, name: str, value: str) -> bool:
        """Whether a reading that takes *value* for the convention *name* is admissible: nothing fixes another."""
        fixed = self.conventions.get(name)
        chosen = fixed.value if fixed else self.assumptions.get(name, "")
        if isinstance(chosen, tuple | list | frozenset):
            return value in chosen
        return chosen in ("", "either", value)

    def fixing(self, *names: str) -> tuple[Location, ...]:
        """The sentences that fix the conventions *names*, for the evidence of what they exclude."""
        return tuple(self.location(self.conventions[name].span, "fixes the convention") for name in names if name in self.conventions)

    @property
    def document(self) -> Document:
        """The document."""
        return self.facts.document

    @property
    def claims(self) -> ClaimSet:
        """Its claims."""
        return self.facts.claims

    def location(self, span: Span, role: str) -> Location:
        """A place in the document with the part it plays, without the blanks and the line end around it."""
        document = self.document
        text = document.text[span.start : span.end]
        start = span.start + len(text) - len(text.lstrip())
        shown = text.strip()
        end = start + len(shown)
        return Location(document.path, start, end, *document.position(start), *document.position(end), role, shown)

    def fact_location(self, fact: Fact, role: str) -> Location:
        """The place of a fact; facts from outside the document have no place, only an origin."""
        if fact.origin and fact.place.block < 0:
            return Location("", 0, 0, 0, 0, 0, 0, role, f"{fact.text} ({fact.origin})")
        return self.location(fact.span, role)

    def number(self, fact: Fact) -> NumberClaim | None:
        """The claim behind a fact."""
        return self.claims.numbers[fact.claim] if fact.claim >= 0 else None

    def statement_of(self, block: int, offset: int) -> Statement | None:
        """The sentence of *block* that holds content offset *offset*."""
        return self.claims.statement_at(block, offset)

    def section_path(self, block: int) -> tuple[str, ...]:
        """The headings above a block."""
        return self.document.heading_path(self.document.blocks[block].section)


def finding(
    rule: Rule,
    context: Context,
    message: str,
    location: Location,
    *,
    block: int,
    severity: Severity | None = None,
    confidence: str = "high",
    claimed: str = "",
    computed: str = "",
    formula: str = "",
    readings: Iterable[ReadingTried] = (),
    related: Iterable[Location] = (),
    help_text: str = "",
    suggestion: Suggestion | None = None,
    root: str = "",
    flips_verdict: bool = False,
    read_by: ReadBy | None = None,
) -> Finding:
    """Put a finding together; related places are in document order, each once."""
    unique = {
        (place.start, place.end, place.text): place for place in related if (place.start, place.end) != (location.start, location.end)
    }
    ordered = tuple(sorted(unique.values(), key=lambda place: (place.path == "", place.start, place.end)))
    return Finding(
        rule=rule.name, severity=severity or rule.severity, confidence=confidence, message=message, location=location, claimed=claimed,
        computed=computed, formula=formula, readings=tuple(readings), related=ordered, help=help_text or rule.help,
        suggestion=suggestion, root=root, section=context.section_path(block), flips_verdict=flips_verdict, read_by=read_by,
    )  # fmt: skip


def refuted(
    rule: Rule, context: Context, claim: NumberClaim, line: str, computed: str, used: tuple[int, ...], related: Iterable[Location]
) -> Verdict:
    """The verdict over a number that *line*, a computation ending in *computed*, refutes."""
    printed = " ".join(claim.text.split())
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), used, line,
        finding(
            rule, context, f"claims {printed}, but {line}", context.location(claim.span, "claim"), block=claim.block, claimed=printed,
            computed=computed, formula=line, related=related, root=f"{rule.name}:{claim.span.start}",
        ),
    )  # fmt: skip


def number_text(value: float, digits: int = 4) -> str:
    """A value as a person would print it: separators for large integers, a few significant digits otherwise.

    Raises:
        OverflowError: it is infinite or no number: a computation without a result is not shown to anybody.
    """
    if not math.isfinite(value):
        raise OverflowError("no finite number")
    if abs(value - round(value)) < 1e-9 * max(1.0, abs(value)) and abs(value) < 1e15:
        return f"{round(value):,}"
    if abs(value) >= 1000:
        whole = len(str(int(abs(value))))
        return f"{value:,.{max(1, digits - whole)}f}" if abs(value) < 1e7 else f"{value:.{digits}g}"
    return f"{value:.{digits}g}"


_STEPS = {
    "bytes": ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "KB"), (1.0, "B")),
    "bandwidth": ((1e15, "PB/s"), (1e12, "TB/s"), (1e9, "GB/s"), (1e6, "MB/s"), (1.0, "B/s")),
    "work": ((1e18, "EFLOP"), (1e15, "PFLOP"), (1e12, "TFLOP"), (1e9, "GFLOP"), (1e6, "MFLOP"), (1.0, "FLOP")),
    "speed": ((1e18, "EFLOP/s"), (1e15, "PFLOP/s"), (1e12, "TFLOP/s"), (1e9, "GFLOP/s"), (1e6, "MFLOP/s"), (1.0, "FLOP/s")),
    "time": ((86400.0, "days"), (3600.0, "h"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
    "rate": ((1e6, "M/s"), (1.0, "/s")),
    "energy": ((3.6e12, "GWh"), (3.6e9, "MWh"), (3.6e6, "kWh"), (1.0, "J")),
    "power": ((1e6, "MW"), (1e3, "kW"), (1.0, "W")),
}  # fmt: skip
_MAGNITUDES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


def amount_text(value: float, measure: str, unit: str = "") -> str:
    """A value of *measure* with a unit: the author's *unit* when it gives a readable number, else the nearest.

    Raises:
        OverflowError: it is infinite or no number, as for `number_text`.
    """
    if not math.isfinite(value):
        raise OverflowError("no finite number")
    if measure == "share":
        return f"{number_text(value * 100)} %"
    if measure == "money":
        return f"${number_text(value)}"
    if measure == "device_time":
        return f"{number_text(value / 3600)} GPU-hours"
    if measure == "work" and abs(value) >= 1e23:
        return f"{value:.4g} FLOP".replace("e+", "e")  # nobody counts a training run in EFLOP
    steps = _STEPS.get(measure)
    if steps is None:
        if abs(value) >= 1e6:
            for size, letter in _MAGNITUDES:
                if abs(value) >= size:
                    return f"{number_text(value / size)}{letter}"
        return number_text(value)
    for size, name in steps:
        if unit and unit.replace("Flops", "FLOP/s").split("/")[0] == name.split("/")[0] and 1e-3 <= abs(value) / size < 1e5:
            return f"{number_text(value / size)} {name}"
    for size, name in steps:
        if abs(value) >= size:
            return f"{number_text(value / size)} {name}"
    return f"{number_text(value / steps[-1][0])} {steps[-1][1]}"


__all__ = [
    "Context", "Mention", "Verdict", "amount_text", "finding", "number_text", "refuted",
]  # fmt: skip
