"""One hand-built report for all formats: three documents, one of them hostile, one clean, one unreadable."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.document import Document
from stratlint.report import RenderOptions, RuleInfo
from stratlint.report.outcome import DocumentReport, Report, Silenced, Silencer
from stratlint.rules.failure import Failure
from stratlint.rules.finding import (
    Coverage,
    Dispute,
    Finding,
    LedgerEntry,
    Location,
    ReadBy,
    ReadingTried,
    Role,
    Severity,
    Status,
    Suggestion,
)

EVIL_PATH = "docs/50% plan, a:b\u202e ]]><b>.md"
UNREAD_PATH = "::error::gone,\n::warning::x.md"
EVIL_TEXT = """\
# Plan <script>alert(1)</script>

## 1. Parallelism

- ✅ World size: TP=8 × PP=4 × DP=16 = 1,024 GPUs \x1b[31mred\x1b[0m [/red] ]]>
::error file=x,line=1::injected ##[add-mask]secret ##vso[task.setvariable]x
\t日本語\tTP is 8 and PP is 4 \u202egnihtyna\u202c

## 2. Memory

- **GPU Memory:** 64 GB per GPU
| part | `size` |
|---|---|
| **Total** | **76.11 GB** |
| <img src=x onerror=alert(1)> | 12 $x$ [a](javascript:1) @everyone |

- ✅ Memory (76.11 GB whole vs 64 GB per GPU)
- Throughput is 4.3 TFLOPS, latency 0 ms
"""
CLEAN_TEXT = "2 × 3 = 6 GPUs\n"


def document_of(path: str, text: str) -> Document:
    """A document without blocks: renderers need its text and lines only."""
    return Document(path, text, (), (), (), (), {}, ())


def place_at(document: Document, start: int, end: int, role: str) -> Location:
    """The location of a source range."""
    return Location(document.path, start, end, *document.position(start), *document.position(end), role, document.text[start:end])


def find(document: Document, needle: str, role: str, nth: int = 0) -> Location:
    """The location of the nth occurrence of a text."""
    start = -1
    for _ in range(nth + 1):
        start = document.text.index(needle, start + 1)
    return place_at(document, start, start + len(needle), role)


def entry(location: Location, status: Status, reason: str = "", finding: int = -1, rule: str = "", role: Role = Role.CLAIM) -> LedgerEntry:
    """A ledger entry with plausible attributes."""
    understood = reason != "unit unknown"
    kind = "memory.used" if understood else ""
    derivation = "8 × 4 × 16 = 512" if status is Status.CONTRADICTED else ""
    return LedgerEntry(
        location,
        understood,
        kind,
        "per GPU",
        "asserted",
        "",
        location.text,
        "GB",
        status,
        reason,
        rule,
        derivation,
        finding,
        role,
    )


def evil_document() -> DocumentReport:
    """The hostile document: errors, a warning, a remark, premises here, elsewhere and nowhere."""
    document = document_of(EVIL_PATH, EVIL_TEXT)
    given = Location("", 0, 0, 0, 0, 0, 0, "memory of <H100>", "catalog: H100 \x1b]0;t\x07 80 GB | 1")
    world = find(document, "1,024 GPUs", "claimed world size")
    used = find(document, "76.11 GB", "requirement", 1)
    rate = find(document, "4.3 TFLOPS", "claimed rate")
    findings = (
        Finding(
            "product-mismatch",
            Severity.ERROR,
            "high",
            "8 × 4 × 16 is 512, not 1,024 (off by a factor of 2)",
            world,
            "1,024",
            "512",
            "8 × 4 × 16 = 512",
            (
                ReadingTried("EP folded in", "8 × 4 × 16", "512", False, "Megatron Core, parallel_state.py"),
                ReadingTried("without TP", "4 × 16", "64", False),
            ),
            (
                find(document, "TP=8", "tensor parallel"),
                find(document, "PP=4", "pipeline parallel"),
                find(document, "DP=16", "data parallel"),
                find(document, "TP is 8 and PP is 4", "restated"),
                find(document, "日本語", "wide"),
            ),
            "state the product that is meant, 100% ::notice::",
            None,
            "world",
            ("Plan <script>", "1. Parallelism"),
        ),
        Finding(
            "capacity-exceeded",
            Severity.ERROR,
            "high",
            "✅ contradicts its own comparison: 76.11 GB > 64 GB",
            used,
            "76.11 GB",
            "64 GB",
            "76.11 GB − 64 GB = 12.11 GB over",
            (ReadingTried("sharded", "76.11 GB / 8", "9.51 GB", True, "line 5"),),
            (
                find(document, "64 GB per GPU", "limit, per GPU"),
                find(document, "76.11 GB", "total"),
                find(document, "64 GB", "limit as compared", 1),
                given,
                place_at(document_of("other plan.md", "x 80 GB"), 2, 7, "limit elsewhere"),
            ),
            "state the scope of 76.11 GB",
            None,
            "memory",
            ("Plan <script>", "2. Memory"),
            True,
        ),
        Finding(
            "capacity-exceeded",
            Severity.ERROR,
            "medium",
            "the same number again, \r\n::error::x %0A <b>|`\x1b[2J",
            find(document, "76.11 GB", "total"),
            "76.11 GB",
            "64 GB",
            root="memory",
            section=("Plan <script>", "2. Memory"),
            read_by=ReadBy("openai:m <b>", ".stratlint/readings/a|b.yaml", 8, "parts \x1b[1mof it\n::error::x"),
            disputed=(Dispute(ReadBy("", ".stratlint/readings/a|b.yaml", 9, "quoted [here](javascript:1) @everyone")),),
        ),
        Finding(
            "rate-for-amount",
            Severity.WARNING,
            "low",
            "4.3 TFLOPS is a rate; the amount would be 4.3 GFLOP",
            rate,
            "4.3 TFLOPS",
            "4.3 GFLOP",
            suggestion=Suggestion(
                rate.start,
                rate.end,
                rate.line,
                rate.column,
                rate.end_line,
                rate.end_column,
                "4.3 GFLOP",
            ),
            section=("Plan <script>", "2. Memory"),
        ),
        Finding("zero-latency", Severity.INFO, "high", "latency of 0 ms", find(document, "0 ms", "latency")),
    )
    ledger = (
        entry(find(document, "8", "tp"), Status.VERIFIED, rule="restatement"),
        entry(world, Status.CONTRADICTED, finding=0, rule="product-mismatch"),
        entry(find(document, "16", "dp"), Status.NOT_CHECKED, "operand of an equation", role=Role.OPERAND),
        entry(find(document, "64", "limit"), Status.NOT_CHECKED, "no rule relates it"),
        entry(find(document, "64", "as compared", 1), Status.CONSISTENT, "the page gives <80> GB, too", rule="capacity-exceeded"),
        entry(find(document, "12 $x$ [a](javascript:1)", "?"), Status.NOT_CHECKED, "unit unknown"),
        entry(used, Status.CONTRADICTED, finding=1, rule="capacity-exceeded"),
        entry(rate, Status.IMPLAUSIBLE, finding=3, rule="rate-for-amount"),
    )
    coverage = Coverage(8, 6, 1, 2, 1, {"no rule relates it": 1, "unit unknown": 1}, consistent=1, operands=1)
    accepted = Finding("zero-latency", Severity.WARNING, "low", "accepted", find(document, "0 ms", "latency"), "0 ms")
    silenced = (
        Silenced(accepted, Silencer.COMMENT, "measured\x1b[1m, see [a](javascript:1)"),
        Silenced(accepted, Silencer.WAIVER, "until the end of the year"),
        Silenced(accepted, Silencer.BASELINE),
    )
    notes = ("2 control characters, shown \x1b[1m",)
    return DocumentReport(EVIL_PATH, document, findings, ledger, coverage, notes, silenced=silenced)


def clean_document() -> DocumentReport:
    """A document with verified numbers only."""
    document = document_of("clean.md", CLEAN_TEXT)
    ledger = tuple(entry(find(document, number, "factor"), Status.VERIFIED) for number in "236")
    return DocumentReport("clean.md", document, (), ledger, Coverage(3, 3, 3))


def build_report() -> Report:
    """The whole run."""
    return Report((evil_document(), clean_document(), DocumentReport(UNREAD_PATH, error="no such file: \x1b[1m<b>")))


def hostile_report(text: str, path: str) -> Report:
    """A small report in which `text` and `path` stand in every field that a document or a rule may fill."""
    document = document_of(path, f"{text} 42 {text}")
    start = len(text) + 1
    here = place_at(document, start, start + 2, text)
    whole = place_at(document, 0, len(document.text), text)
    given = Location("", 0, 0, 0, 0, 0, 0, text, text)
    repair = Suggestion(here.start, here.end, here.line, here.column, here.end_line, here.end_column, text)
    finding = Finding(
        text,
        Severity.ERROR,
        text,
        text,
        whole,
        text,
        text,
        text,
        (ReadingTried(text, text, text, False, text),),
        (here, given),
        text,
        repair,
        text,
        (text, text),
        True,
        read_by=ReadBy(text, text, 3, text),
        disputed=(Dispute(ReadBy(text, text, 4, text), text),),
    )
    ledger = (entry(whole, Status.CONTRADICTED, text, 0, text), entry(here, Status.NOT_CHECKED, text, rule=text))
    coverage = Coverage(2, 2, 0, 1, 0, {text: 1})
    silenced = (Silenced(finding, Silencer.COMMENT, text),)
    failures = (Failure(text, text, text),)
    read = DocumentReport(path, document, (finding,), ledger, coverage, (text,), silenced=silenced, failures=failures)
    return Report((read, DocumentReport(path, error=text or "empty")))


@pytest.fixture(scope="session")
def sample() -> Report:
    return build_report()


@pytest.fixture(scope="session")
def hostile() -> Callable[[str, str], Report]:
    return hostile_report


@pytest.fixture(scope="session")
def options() -> RenderOptions:
    rules = (
        RuleInfo(
            "product-mismatch",
            "A product is not the product of its factors.",
            "GPUs would idle.",
            "https://stratlint.example/rules/product-mismatch",
            "error",
        ),
        RuleInfo("capacity-exceeded", "More memory than there is.", "The job would die: <b>OOM</b>.", "", "error"),
    )
    return RenderOptions(version="0.1.0", rules={rule.name: rule for rule in rules})
