"""`propose`: an agent's own reading of a page, held against it and judged; what is grounded may be kept in the file of readings.

A reading is data like a page. It names no file, changes no setting, and no error appears that cannot be recomputed from the page.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stratlint.agent.answers import JudgedOut, ObjectionIn, ProposeAnswer, ReadingIn
from stratlint.agent.folder import Folder, Refusal
from stratlint.checking import check_document
from stratlint.claims.extract import extract
from stratlint.cli.examine import families
from stratlint.cli.reading import Unreadable, read_file
from stratlint.config.settings import Settings
from stratlint.document import Document, UnreadableDocument, decode, parse
from stratlint.laws.book import proposals
from stratlint.laws.docket import docket
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.entries import Entry
from stratlint.meaning.page import page_of
from stratlint.meaning.readings import readings_of
from stratlint.readers.answer import Answer, parse_answer
from stratlint.readers.blocks import PageBlock, page_blocks
from stratlint.readers.file import (
    BlockReadings,
    Objection,
    Reading,
    ReadingsFile,
    ReadingsFileError,
    dump_file,
    load_file,
    placed,
    save_file,
)
from stratlint.readers.ground import MALFORMED, SURPLUS, grounded
from stratlint.report.outcome import DocumentReport
from stratlint.report.policy import settle
from stratlint.rules.finding import Finding
from stratlint.transcripts import Content, readings_file

if TYPE_CHECKING:
    from stratlint.claims.claim import ClaimSet

_Kept = TypeVar("_Kept", Reading, Objection)
MOST = 5_000
_REJECTED = "rejected"
_ORIGIN = "proposal"
_NOT_ASSERTED = "the page quotes the number or strikes it out: it asserts nothing"


@dataclass(frozen=True, slots=True)
class _Grounding:
    """Which readings stand on the page: by their index the line they are about, or why they are about none."""

    lines: Mapping[int, int]
    reasons: Mapping[int, str]
    blocks: Mapping[int, BlockReadings]


def propose(
    folder: Folder,
    path: str,
    readings: Sequence[ReadingIn],
    objections: Sequence[ObjectionIn],
    settings: Settings,
    *,
    reader: str,
    prompt: str,
    write: bool,
) -> ProposeAnswer:
    """Judge *readings* of the document at *path*; with *write* keep them and the *objections*, by *reader* who followed *prompt*.

    Raises:
        Refusal: the document cannot be read, there are too many readings, or their file may not or cannot be written.
    """
    if len(readings) + len(objections) > MOST:
        raise Refusal(f"at most {MOST:,} readings and objections at once")
    document = _document(folder.path / path, path, settings)
    claims = extract(document)
    blocks = page_blocks(document)
    grounding = _ground(readings, objections, claims, blocks)
    target = _target(folder, path, settings, needed=write)
    before = _before(target)
    after = _merged(before, grounding.blocks, blocks, reader, prompt)
    report = _checked(document, settings, Content(target.name if target else "", dump_file(after).encode("utf-8")))
    judged = _judge(readings, grounding, claims, report.findings)
    notes = [str(each) for each in report.failures]
    answer = ProposeAnswer(path, judged, dict(sorted(Counter(each.outcome for each in judged).items())), notes=notes)
    if not write or target is None:
        return answer
    try:
        save_file(after, target)
    except OSError as problem:
        raise Refusal(f"{target.name}: cannot be written: {(problem.strerror or str(problem)).lower()}") from None
    stale = placed(before.blocks, blocks).stale
    dropped = sum(len(each.readings) + len(each.objections) for each in stale)
    return replace(answer, written=os.path.relpath(target, folder.path), dropped=dropped)


def _document(place: Path, path: str, settings: Settings) -> Document:
    try:
        text, _ = decode(read_file(str(place), settings.max_file_size))
    except (Unreadable, UnreadableDocument) as problem:
        raise Refusal(f"{path}: {problem}") from None
    return parse(text, path)


def _target(folder: Folder, path: str, settings: Settings, *, needed: bool) -> Path | None:
    """Where `check` looks for the readings of a document; None, if it is not *needed*, where nothing may be written."""
    file = readings_file(settings, path)
    try:
        if file is None:
            raise Refusal(f"{path} lies outside of the folder of its configuration, which keeps no readings for it")
        return folder.may_write(file)
    except Refusal:
        if needed:
            raise
        return None


def _checked(document: Document, settings: Settings, readings: Content) -> DocumentReport:
    """What `check` will say of the document with these *readings*."""
    alone = replace(settings, readings="", only_readings=False)
    report = check_document(document, alone, readings)
    return settle(report, alone, families(alone.rules), date.today()).report


def _ground(readings: Sequence[ReadingIn], objections: Sequence[ObjectionIn], claims: ClaimSet, blocks: Sequence[PageBlock]) -> _Grounding:
    """Readings as an answer of a reader, held against the page like every answer."""
    reasons: dict[int, str] = {}
    usable: dict[int, Reading] = {}
    for index, each in enumerate(readings):
        clean = _clean("readings", asdict(each)).readings
        if clean:
            usable[index] = clean[0]
        else:
            reasons[index] = f"{MALFORMED}: `line` counts from 1, `op` is =, <=, >= or divides, texts are short and not empty"
    against: list[Objection] = [clean for each in objections for clean in _clean("objections", asdict(each)).objections]
    lines = range(1, claims.document.line_count + 1)
    found = grounded(Answer(tuple(dict.fromkeys(usable.values())), tuple(dict.fromkeys(against))), claims, blocks, lines)
    standing: dict[tuple[str, ...], list[int]] = {}
    for index, block in found.blocks.items():
        for reading in block.readings:
            standing.setdefault(_words(reading), []).append(blocks[index].first + reading.line - 1)
    entries = [_entry(index, each, each.line) for index, each in usable.items()]
    rejected = {each.number: f"{each.reason}: {each.detail}" for each in readings_of(entries, claims).rejected}
    at: dict[int, int] = {}
    for index, reading in usable.items():
        places = standing.get(_words(reading), [])
        if places and index not in rejected:
            _, at[index] = min((abs(line - reading.line), line) for line in places)
        else:
            reasons[index] = rejected.get(index, SURPLUS)
    return _Grounding(at, reasons, found.blocks)


def _clean(key: str, entry: Mapping[str, object]) -> Answer:
    return parse_answer(json.dumps({"readings": [], key: [entry]}))


def _words(reading: Reading) -> tuple[str, ...]:
    return reading.claim, reading.op, reading.expr, reading.kind, reading.why


def _entry(number: int, reading: Reading, line: int) -> Entry:
    return Entry(number, max(1, line), reading.claim, reading.op, reading.expr, reading.kind, reading.why)


def _judge(readings: Sequence[ReadingIn], grounding: _Grounding, claims: ClaimSet, findings: Iterable[Finding]) -> list[JudgedOut]:
    """Each reading with its outcome, judged together with what our own reader proposes, and the finding that is made of it."""
    entries = [
        Entry(index, line, each.claim, each.op, each.expr, each.kind, each.why)
        for index, line in grounding.lines.items()
        for each in (readings[index],)
    ]
    read = readings_of(entries, claims, _ORIGIN)
    reasons = {**grounding.reasons, **{each.number: f"{each.reason}: {each.detail}" for each in read.rejected}}
    page = page_of(claims)
    own = tuple(proposals(page))
    judged = docket((*own, *read.proposals), page.binary)[len(own) :]
    judgements = {int(each.proposal.origin.removeprefix(f"{_ORIGIN}:")): each for each in judged}
    at: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        at.setdefault((finding.location.start, finding.location.end), []).append(finding)
    out = []
    for index, each in enumerate(readings):
        judgement = judgements.get(index)
        if judgement is None:
            out.append(JudgedOut(index, each.line, each.claim, each.op, each.expr, _REJECTED, "", "", "", "", reasons[index]))
        else:
            out.append(_judged(index, each, grounding.lines[index], judgement, at))
    return out


def _judged(
    index: int, reading: ReadingIn, line: int, judgement: Judgement, findings: Mapping[tuple[int, int], Sequence[Finding]]
) -> JudgedOut:
    proposal = judgement.proposal
    severity = message = ""
    reason = judgement.reason
    outcome = Outcome.REFUTED if judgement.doubted else judgement.outcome  # to who reads it is refuted, whoever tells it
    if not proposal.asserted:
        reason = _NOT_ASSERTED
    elif outcome is Outcome.REFUTED and proposal.stands is not None:
        here = findings.get((proposal.stands.span.start, proposal.stands.span.end), ())
        own = next((each for each in here if each.computed == judgement.computed), here[0] if here else None)
        if own is not None:
            severity, message = own.severity.value, own.message
            reason = reason if own.computed != judgement.computed else ""  # the finding is this very mistake
    return JudgedOut(
        index, line, reading.claim, reading.op, reading.expr, outcome.value, severity, message, judgement.computed,
        judgement.formula, reason,
    )  # fmt: skip


def _before(target: Path | None) -> ReadingsFile:
    """What the file has. One that cannot be understood is not overwritten."""
    if target is None or not target.exists():
        return ReadingsFile()
    try:
        return load_file(target)
    except ReadingsFileError as problem:
        raise Refusal(str(problem)) from None


def _merged(before: ReadingsFile, new: Mapping[int, BlockReadings], blocks: Sequence[PageBlock], reader: str, prompt: str) -> ReadingsFile:
    """The file with *new* readings added to those of *before*; without those whose text is gone."""
    old = {block.first: entry for entry, block in placed(before.blocks, blocks).found}
    kept = [_both(block, old.get(block.first), new.get(index)) for index, block in enumerate(blocks)]
    return ReadingsFile(
        tuple(each for each in kept if each is not None),
        prompt if not before.blocks or before.prompt == prompt else "",
        ", ".join(dict.fromkeys(each for each in (*before.reader.split(", "), reader) if each)),
    )


def _both(block: PageBlock, old: BlockReadings | None, new: BlockReadings | None) -> BlockReadings | None:
    """A block's readings, old and new, each once; None for a block that nobody has read."""
    both = [each for each in (old, new) if each is not None]
    readings = _in_order(reading for each in both for reading in each.readings)
    objections = _in_order(objection for each in both for objection in each.objections)
    return BlockReadings(block.hash, block.first, readings, objections) if old is not None or readings or objections else None


def _in_order(entries: Iterable[_Kept]) -> tuple[_Kept, ...]:
    return tuple(sorted(dict.fromkeys(entries), key=lambda each: each.line))
