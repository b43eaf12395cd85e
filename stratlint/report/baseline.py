"""Findings that were there before: recorded by fingerprint and count, never by line.

The file is JSON, sorted, one entry a line of meaning, so that its own diff can be reviewed:
`{"version": 1, "documents": {"docs/plan.md": {"<fingerprint>": {"rule": …, "code": …, "message": …, "count": 1}}}}`.
Paths are relative to the file's folder; `code` is left out for a rule that has none.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stratlint.config.errors import ConfigError
from stratlint.report.fingerprint import fingerprints, former_fingerprints
from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import DocumentReport, Report, Silenced, Silencer
from stratlint.rules.finding import Finding
from stratlint.rules.successors import code_of, codes

VERSION = 1
DEFAULT_NAME = "stratlint-baseline.json"
_RECORDED = "recorded in the baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """How often a finding is accepted; rule and message are for the reader of the file."""

    rule: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings: path (relative to `folder`) → fingerprint → entry."""

    folder: Path
    documents: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    def key(self, path: str) -> str:
        """How the file names a document."""
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # another drive on Windows
            return Path(path).as_posix()

    @property
    def rules(self) -> frozenset[str]:
        """The rules whose findings are accepted, by the names that they had when the file was written."""
        return frozenset(entry.rule for entries in self.documents.values() for entry in entries.values())

    @property
    def size(self) -> int:
        """Number of accepted findings."""
        return sum(entry.count for entries in self.documents.values() for entry in entries.values())


def read_baseline(path: str) -> Baseline:
    """Read a baseline file.

    Raises:
        ConfigError: it cannot be read or is none.
    """
    try:
        raw = json.loads(Path(path).read_text("utf-8"))
    except OSError as problem:
        why = (problem.strerror or "cannot be read").lower()
        raise ConfigError(f"no baseline: {why}; `stratlint baseline` writes one", path) from None
    except (ValueError, RecursionError) as problem:
        raise ConfigError(f"not a baseline: {problem}", path) from None
    if not isinstance(raw, dict) or raw.get("version") != VERSION:
        raise ConfigError(f"not a baseline of version {VERSION}", path)
    try:
        documents = {name: {mark: _entry(entry) for mark, entry in entries.items()} for name, entries in raw["documents"].items()}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ConfigError("not a baseline: an entry is damaged", path) from None
    return Baseline(Path(path).absolute().parent, documents)


def written(baseline: Baseline) -> str:
    """The file's text; the same findings give the same bytes."""
    documents = {
        name: {mark: _row(entry) for mark, entry in sorted(entries.items(), key=lambda item: (item[1].rule, item[1].message, item[0]))}
        for name, entries in sorted(baseline.documents.items())
        if entries
    }
    return json.dumps({"version": VERSION, "documents": documents}, indent=2) + "\n"


def without(report: Report, baseline: Baseline) -> tuple[Report, int]:
    """*report* with the recorded findings silenced, and how many those were."""
    documents = []
    known = 0
    for document in report.documents:
        entries = baseline.documents.get(baseline.key(document.path), {})
        left = Counter({mark: entry.count for mark, entry in entries.items()})
        kept: list[Finding | None] = []
        silenced = list(document.silenced)
        marks = zip(document.findings, fingerprints(document.findings), former_fingerprints(document.findings), strict=True)
        for finding, mark, former in marks:
            held = next((each for each in (mark, *former) if left[each] > 0), None)
            if held is not None:
                left[held] -= 1
                known += 1
                kept.append(None)
                silenced.append(Silenced(finding, Silencer.BASELINE, _RECORDED))
            else:
                kept.append(finding)
        documents.append(replace(narrowed(document, kept), silenced=tuple(silenced)))
    return Report(tuple(documents)), known


def recorded(report: Report, folder: Path) -> Baseline:
    """All findings of *report* as a baseline."""
    empty = Baseline(folder)
    return Baseline(folder, {empty.key(each.path): _entries(each) for each in report.documents if each.findings})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What separates a baseline from the findings of now."""

    updated: Baseline
    new: int
    gone: int


def compared(old: Baseline, report: Report, *, accept_new: bool, prune: bool, missing: Iterable[str] = ()) -> Comparison:
    """*old* brought towards *report*. Documents that were not checked keep their entries, *missing* ones do not."""
    now = recorded(report, old.folder).documents
    renamed = {old.key(each.path): _renamed(old.documents.get(old.key(each.path), {}), each) for each in report.documents}
    checked = {old.key(each.path) for each in report.documents if not each.error} | set(missing)
    documents: dict[str, dict[str, Entry]] = {}
    new = gone = 0
    for name in dict.fromkeys((*old.documents, *now)):
        before, after = renamed.get(name, old.documents.get(name, {})), now.get(name, {})
        if name not in checked:
            documents[name] = dict(before)
            continue
        merged: dict[str, Entry] = {}
        for mark in dict.fromkeys((*before, *after)):
            was = before[mark].count if mark in before else 0
            is_now = after[mark].count if mark in after else 0
            new += max(0, is_now - was)
            gone += max(0, was - is_now)
            count = is_now if (accept_new and is_now > was) or (prune and is_now < was) else was
            if count:
                known = after.get(mark) or before[mark]
                merged[mark] = Entry(known.rule, known.message, count)
        documents[name] = merged
    return Comparison(Baseline(old.folder, documents), new, gone)


def _renamed(entries: Mapping[str, Entry], document: DocumentReport) -> Mapping[str, Entry]:
    """*entries* under the names that the rules of the document's findings have now; what no finding has any more stays."""
    names = {
        former: (mark, finding.rule)
        for finding, mark, marks in zip(
            document.findings, fingerprints(document.findings), former_fingerprints(document.findings), strict=True
        )
        for former in marks
        if mark not in entries
    }
    moved = {mark: names.get(mark, (mark, entry.rule)) for mark, entry in entries.items()}
    return {moved[mark][0]: Entry(moved[mark][1], entry.message, entry.count) for mark, entry in entries.items()}


def _entries(document: DocumentReport) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for finding, mark in zip(document.findings, fingerprints(document.findings), strict=True):
        count = entries[mark].count if mark in entries else 0
        entries[mark] = Entry(finding.rule, finding.message, count + 1)
    return entries


def _entry(raw: Mapping[str, Any]) -> Entry:
    count = raw["count"]
    if not isinstance(count, int) or count < 1:
        raise ValueError(count)
    rule = str(raw["rule"])
    return Entry(codes().get(rule, rule), str(raw["message"]), count)


def _row(entry: Entry) -> dict[str, Any]:
    code = code_of(entry.rule)
    return {"rule": entry.rule, **({"code": code} if code else {}), "message": entry.message, "count": entry.count}
