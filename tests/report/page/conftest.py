"""Reports by hand: real documents, parsed by the real parser, with verdicts that the test chooses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from stratlint.document import parse
from stratlint.document.blocks import Document
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import (
    Finding,
    LedgerEntry,
    Location,
    ReadingTried,
    Role,
    Severity,
    Status,
    Suggestion,
)
from stratlint.rules.ledger import UNSAID, coverage_of

NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@dataclass
class Draft:
    """A document and what is said of its numbers, named by the text that stands there."""

    path: str
    text: str
    ledger: list[LedgerEntry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        self.document = parse(self.text, self.path)

    def at(self, needle: str, nth: int = 0, role: str = "") -> Location:
        """The *nth* place of *needle* (tests may search; the tool never does)."""
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(needle, start + 1)
        return self.span(start, start + len(needle), role)

    def span(self, start: int, end: int, role: str = "") -> Location:
        """The location of a range."""
        line, column = self.document.position(start)
        end_line, end_column = self.document.position(end)
        return Location(self.path, start, end, line, column, end_line, end_column, role, self.text[start:end])

    def say(
        self,
        place: str | Location,
        status: Status,
        *,
        kind: str = "",
        derivation: str = "",
        reason: str = "",
        rule: str = "",
        finding: int = -1,
        **more: Any,
    ) -> Draft:
        """Add a ledger entry; *more* are its other fields."""
        where = self.at(place) if isinstance(place, str) else place
        understood = bool(kind or derivation)
        self.ledger.append(
            LedgerEntry(where, understood, kind, "", "asserted", "", where.text, "", status, reason, rule, derivation, finding, **more)
        )
        return self

    def find(
        self,
        place: str | Location,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        rule: str = "arithmetic/product",
        related: Sequence[Location] = (),
        readings: Sequence[ReadingTried] = (),
        **more: str,
    ) -> Draft:
        """Add a finding."""
        where = self.at(place) if isinstance(place, str) else place
        suggestion = None
        if fix := more.pop("fix", ""):
            suggestion = Suggestion(where.start, where.end, where.line, where.column, where.end_line, where.end_column, fix)
        self.findings.append(
            Finding(
                rule,
                severity,
                more.pop("confidence", "high"),
                message,
                where,
                related=tuple(related),
                readings=tuple(readings),
                suggestion=suggestion,
                section=self.document.heading_path(1)[:1] if len(self.document.sections) > 1 else (),
                **more,
            )
        )
        return self

    def rest(self, reason: str = "no rule applies") -> Draft:
        """Every other number goes unchecked."""
        taken = sorted((entry.location.start, entry.location.end) for entry in self.ledger)
        for block in self.document.blocks:
            for match in NUMBER.finditer(block.text):
                where = block.source_span(*match.span())
                if not any(start < where.end and where.start < end for start, end in taken):
                    self.say(self.span(where.start, where.end), Status.NOT_CHECKED, reason=reason)
        return self

    def done(self) -> DocumentReport:
        """The report, its coverage counted from the ledger."""
        coverage = coverage_of(self.ledger)
        ledger = tuple(sorted(self.ledger, key=lambda entry: entry.location.start))
        return DocumentReport(self.path, self.document, tuple(self.findings), ledger, coverage)


PLAN = """\
# Deployment plan for a 30B mixture of experts

The strategy divides the model into exactly **1,024 parts**, one for each GPU of the cluster, so that every
accelerator holds one expert of every layer and no memory is wasted on replicas of the weights.

## Parallel layout

| dimension | degree | per node | note |
|:--|--:|--:|:--|
| expert (EP) | 64 | 8 | one expert per GPU and layer |
| tensor (TP) | 2 | 2 | inside the node, over NVLink at 900 GB/s |
| pipeline (PP) | 8 | – | 2 layers a stage |

```text
Total GPUs = EP × TP × PP
           = 64 × 2 × 8
           = 1,024
```

## Memory

- Weights: 30B × 2 bytes = 60 GB over all GPUs
- Activations per layer: `2 × 128 × 1024 × 1024 × 16` = 4.3 TFLOPS
- **Available**: 64GB per GPU
  1. used: 3.75GB per GPU (5.86 %)
  2. headroom: 60.25GB

> Measured on a smaller run, the step took 50 ms; ~~45 ms~~ was an early estimate.

### Throughput

With 4 micro-batches and 8 stages we expect 55% MFU and 2.5M tokens/second.

✅ **Memory**: 3.75GB is well below 64GB
✅ **GPUs**: 1,024 modules match 1,024 GPUs
"""


def plan(path: str = "docs/plan.md") -> DocumentReport:
    """A document with a bit of everything."""
    draft = Draft(path, PLAN)
    draft.find(
        "4.3 TFLOPS",
        "2 × 128 × 1024 × 1024 × 16 is 4.29 GFLOP, the text says 4.3 TFLOPS: off by a factor of 1,001",
        claimed="4.3 TFLOPS",
        computed="4,294,967,296 FLOP (4.29 GFLOP)",
        formula="2 × 128 × 1024 × 1024 × 16 = 4,294,967,296",
        related=(draft.at("2 × 128 × 1024 × 1024 × 16", role="the product"),),
        readings=(
            ReadingTried("as written", "2 × 128 × 1024² × 16", "4.29 GFLOP", False),
            ReadingTried("binary prefixes", "2³² / 2⁴⁰", "0.0039 TiFLOP", False, "IEC 80000-13"),
        ),
        help="An amount of work is written in FLOP, a rate in FLOP/s.",
        fix="4.3 GFLOP",
    )
    draft.find(
        "55% MFU",
        "8 stages with 4 micro-batches idle for 63.6 % of the time, so MFU cannot exceed 36.4 %",
        severity=Severity.WARNING,
        rule="parallelism/bubble",
        confidence="medium",
        claimed="55 %",
        computed="at most 36.4 %",
        formula="1 − (8 − 1) / (4 + 8 − 1) = 0.364",
        related=(
            draft.at("4 micro-batches", role="micro-batches"),
            draft.at("8 stages", role="stages"),
            Location("", 0, 0, 0, 0, 0, 0, "schedule", "1F1B without interleaving (catalog)"),
        ),
        readings=(
            ReadingTried("GPipe and 1F1B", "(8 − 1) / (4 + 8 − 1)", "63.6 % idle", False, "Narayanan 2021"),
            ReadingTried("interleaved, 4 chunks", "(8 − 1) / (16 + 7)", "30.4 % idle", True),
        ),
    )
    draft.find(
        draft.at("1,024 modules match 1,024 GPUs"),
        "“Memory” names 1 module a GPU, line 3 divides into parts",
        severity=Severity.INFO,
        rule="verdict/unsupported",
        related=(draft.at("1,024 parts", role="the other count"),),
    )
    draft.say(draft.at("4.3 TFLOPS"), Status.CONTRADICTED, kind="compute.work", finding=0)
    draft.say(draft.at("55% MFU"), Status.IMPLAUSIBLE, kind="compute.mfu", finding=1)
    draft.say(draft.at("1,024", 1), Status.VERIFIED, kind="parallel.gpus", derivation="64 × 2 × 8 = 1,024", rule="parallelism/product")
    draft.say(draft.at("60 GB"), Status.VERIFIED, kind="memory.weights", derivation="30·10⁹ × 2 B = 60 GB", rule="memory/weights")
    draft.say(draft.at("5.86 %"), Status.VERIFIED, kind="memory.share", derivation="3.75 / 64 = 5.86 %", rule="arithmetic/ratio")
    draft.say(draft.at("64GB"), Status.CONSISTENT, kind="gpu.memory", derivation="3.75 GB ≤ 64 GB", rule="memory/fits")
    draft.say(draft.at("60.25GB"), Status.VERIFIED, kind="memory.headroom", derivation="64 − 3.75 = 60.25", rule="arithmetic/sum")
    draft.say(draft.at("50 ms"), Status.NOT_CHECKED, kind="time.step", reason="no model of the run is given")
    return draft.rest().done()


def long_report(lines: int = 3000, path: str = "long.md") -> DocumentReport:
    """A document of about *lines* lines, with numbers on two of three."""
    pattern = (
        "### Step {n}",
        "",
        "The stage of {n} layers moves {a} GB over {b} links, and the schedule keeps it busy for most of the step.",
        "- Weights per GPU: {a} GB of 80 GB, as the table in the section before says for every rank",
        "- Activations: {b} × 2 = {c} MB, recomputed in the backward pass of the layer that owns them",
        "The remaining traffic is hidden behind computation whenever the batch is large enough to cover it.",
    )
    rows = (pattern[n % 6].format(n=n, a=n % 71 + 3, b=n % 13 + 2, c=(n % 13 + 2) * 2) for n in range(lines))
    draft = Draft(path, "# A long plan\n\n" + "\n".join(rows) + "\n")
    numbers = [match.span() for match in NUMBER.finditer(draft.text)]
    serial = count()
    for index, (start, end) in enumerate(numbers):
        where = draft.span(start, end)
        if index % 41 == 0:
            draft.find(
                where,
                f"the sum is {index}, the text says {where.text}",
                rule=f"family/rule-{index % 5}",
                severity=Severity.ERROR if index % 2 else Severity.WARNING,
                claimed=where.text,
                computed=str(index),
                formula=f"{index} + 0 = {index}",
                related=[draft.span(*numbers[max(0, index - 1)], "a term")],
            )
            status = Status.CONTRADICTED if index % 2 else Status.IMPLAUSIBLE
            draft.say(where, status, kind="memory.used", finding=next(serial))
        elif index % 3 == 0:
            draft.say(where, Status.VERIFIED, kind="memory.used", derivation=f"{where.text} × 1 = {where.text}", rule="arithmetic/product")
        else:
            draft.say(where, Status.NOT_CHECKED, reason=("no rule applies", "subject unknown", "a name")[index % 3])
    return draft.done()


def words_report(path: str = "runbook.md") -> DocumentReport:
    """A page with words that nobody knows, a number of which nothing is said, operands and a name."""
    draft = Draft(path, "# Runbook for an H100\n\nDrain takes 40 s, here 50 s. Spare nodes: 2.\n\nWith 7: 2 × 3 GB = 6 GB.\n")
    product = "2 × 3 GB = 6 GB"
    draft.say("H100", Status.NOT_CHECKED, reason="part of a name", role=Role.NAME, head="name")
    for needle, words in (("40 s", "Drain takes"), ("50 s", "Drain takes"), ("2.", "Spare nodes"), ("7", "")):
        place = draft.at(needle) if needle != "2." else draft.span(draft.text.index("2."), draft.text.index("2.") + 1)
        draft.say(place, Status.NOT_CHECKED, reason=UNSAID, words=words, head="time" if needle.endswith("s") else "")
    for nth, needle in ((1, "2"), (0, "3 GB")):
        draft.say(draft.at(needle, nth), Status.NOT_CHECKED, reason="operand of an equation", role=Role.OPERAND, derivation=product)
    cache = {"head": "memory", "of": "KV cache", "per": ("token",), "kind": "memory.kv_per_token"}
    draft.say("6 GB", Status.VERIFIED, derivation=product, rule="wrong-product", **cache)
    return draft.done()


HOSTILE_LINE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> </script></style><!-- --> <svg/onload=alert(3)> "
    'javascript:alert(4) " onmouseover="alert(5) \' & &lt; &#60; ]]> {{7*7}} \u202edrowssap\u202c \u2066iso\u2069 '
    "\x00 \x1b[31mred\x1b[0m \x07 \x9b1m \ufeff \u200b zero 42 GB\ud800 <style>*{display:none}</style>"
)


def hostile_report(path: str = 'x"><script>alert(6)</script>\u202e\x1b[2J.md') -> DocumentReport:
    """Attacks in every place that a document, a path or a rule can reach."""
    text = (
        f"# {HOSTILE_LINE}\n\n{HOSTILE_LINE}\n\n- {HOSTILE_LINE}\n\n| {HOSTILE_LINE} | b |\n|--|--|\n"
        f"| {HOSTILE_LINE} | 7 |\n\n```<script>alert(7)</script>\n{HOSTILE_LINE}\n```\n\n"
        f"<div onclick=alert(8)>{HOSTILE_LINE}</div>\n\n[link 5](javascript:alert(9)) ![i 6](http://evil.example/x.png)\n"
        "<iframe src=//evil.example></iframe> 88\n\n> > - > 1. deep 9\n\n`</code><script>alert(10)</script> 11`\n"
    )
    draft = Draft(path, text)
    evil = HOSTILE_LINE
    draft.find(
        draft.at("42 GB"),
        evil,
        rule=evil,
        claimed=evil,
        computed=evil,
        formula=evil,
        help=evil,
        confidence=evil,
        related=(draft.at("42 GB", 1, evil), Location(evil, 0, 5, 1, 1, 1, 6, evil, evil), Location("", 0, 0, 0, 0, 0, 0, evil, evil)),
        readings=(ReadingTried(evil, evil, evil, False, evil),),
        fix=evil,
    )
    draft.say(draft.at("42 GB"), Status.CONTRADICTED, kind=evil, finding=0)
    draft.say(
        draft.at("42 GB", 1), Status.VERIFIED, kind=evil, derivation=evil, rule=evil, head="count", of=evil, holder=evil, read_by=evil
    )
    draft.say(draft.at("88"), Status.NOT_CHECKED, reason=UNSAID, words=evil)
    draft.rest(evil)
    report = draft.done()
    return DocumentReport(report.path, report.document, report.findings, report.ledger, report.coverage, notes=(evil,))


@dataclass(frozen=True)
class Samples:
    """The sample reports, for tests."""

    draft: Callable[..., Draft] = Draft
    plan: Callable[..., DocumentReport] = plan
    long: Callable[..., DocumentReport] = long_report
    words: Callable[..., DocumentReport] = words_report
    hostile: Callable[..., DocumentReport] = hostile_report

    @staticmethod
    def page(*documents: DocumentReport, options: RenderOptions | None = None) -> str:
        """The rendered page."""
        from stratlint.report.html import render

        return render(Report(documents), options or RenderOptions(version="0.1.0"))


@pytest.fixture(scope="session")
def samples() -> Samples:
    """Sample reports and the renderer."""
    return Samples()
