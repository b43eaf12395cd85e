#!/usr/bin/env python3
"""Read every change of behaviour before it lands: run the tool over a folder of documents, all findings on one page.

    python scripts/ecosystem.py FOLDER [--out .ecosystem]

Writes findings.jsonl and index.html. The page lists the findings by rule with the source lines around them, and first
of all what appeared and what disappeared since the run before (kept as previous.jsonl). A finding is the same when its
document, severity and claim are: lines may move, rules may get other names. An error at a line that somebody has judged
(tests/ecosystem/judgements.yaml) carries that judgement; the others are counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from html import escape
from pathlib import Path
from typing import Any

import yaml

import stratlint

SUFFIXES = {".md", ".markdown", ".mdx", ".rst", ".txt"}
AROUND = 2
CLAIM = 2
JUDGEMENTS = Path(__file__).resolve().parents[1] / "tests" / "ecosystem" / "judgements.yaml"
Row = dict[str, Any]


def documents_in(folder: Path) -> list[Path]:
    """Every document below *folder*, in the order of their names."""
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def rows_of(path: Path, name: str) -> list[Row]:
    """The findings of one document; a document that cannot be checked is a finding itself."""
    try:
        report = stratlint.check(path)
    except Exception as problem:
        return [_failure(name, f"{type(problem).__name__}: {problem}")]
    (document,) = report.documents
    if document.document is None:
        return [_failure(name, document.error)]
    return [
        {
            "path": name, "line": finding.location.line, "rule": finding.rule, "severity": finding.severity.value,
            "message": finding.message, "claimed": finding.claimed, "computed": finding.computed,
            "formula": finding.formula,
            "lines": _context(document.document.line_text, document.document.line_count, [
                finding.location.line,
                *(place.line for place in finding.related if place.path == finding.location.path),
            ]),
        }
        for finding in report.findings
    ]  # fmt: skip


def _failure(name: str, why: str) -> Row:
    return {
        "path": name,
        "line": 1,
        "rule": "not-read",
        "severity": "error",
        "message": why,
        "claimed": "",
        "computed": "",
        "formula": "",
        "lines": [],
    }


def _context(line_text: Any, count: int, marked: list[int]) -> list[list[Any]]:
    """`[number, text, mark]` of the lines around the finding, and of its premises; the claim's mark is `CLAIM`, a premise's 1."""
    first, *others = marked
    wanted = {*range(first - AROUND, first + AROUND + 1), *sorted(set(others))[:12]}
    return [[n, line_text(n)[:400], CLAIM if n == first else int(n in others)] for n in sorted(wanted) if 1 <= n <= count]


def key(row: Row) -> tuple[str, ...]:
    """What makes two findings of two runs the same."""
    claim = next((text for _, text, mark in row["lines"] if mark == CLAIM), "")
    return row["path"], row["severity"], row["claimed"] or row["message"], claim


def judged(rows: Iterable[Row], judgements: Path) -> Iterator[Row]:
    """*rows*, the errors among them with what was said of their line (`judgement`, "" when nobody has read it)."""
    known: Row = yaml.safe_load(judgements.read_text(encoding="utf-8")) if judgements.is_file() else {}
    for row in rows:
        entry = known.get(row["path"], {}).get(row["line"])
        said = f"{str(entry['judgement']).lower()}: {entry['why']}" if entry else ""
        yield {**row, "judgement": said} if row["severity"] == "error" else row


def difference(before: Iterable[Row], after: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """What appeared and what disappeared."""
    return _without(after, before), _without(before, after)


def _without(rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    left = Counter(map(key, others))
    out = []
    for row in rows:
        if left[key(row)]:
            left[key(row)] -= 1
        else:
            out.append(row)
    return out


def page(rows: Sequence[Row], added: Sequence[Row], removed: Sequence[Row], documents: int, compared: bool) -> str:
    """The page: self-contained, no scripts."""
    counts = Counter(row["severity"] for row in rows)
    title = f"{counts['error']:,} errors, {counts['warning']:,} warnings in {documents:,} documents"
    return "\n".join(["<!doctype html>", "<meta charset=utf-8>", f"<title>{title}</title>", STYLE, f"<h1>{title}</h1>",
                      *_changes(added, removed, compared), *_by_rule(rows)]) + "\n"  # fmt: skip


def _changes(added: Sequence[Row], removed: Sequence[Row], compared: bool) -> Iterator[str]:
    if not compared:
        yield "<p>The first run: nothing to compare with."
        return
    for word, rows in (("New", added), ("Gone", removed)):
        yield f"<h2>{word} since the last run: {len(rows):,}</h2>"
        yield from map(_finding, rows)


def _by_rule(rows: Sequence[Row]) -> Iterator[str]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["rule"]].append(row)
    for rule, found in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"<h2>{escape(rule)}: {len(found):,} in {len({row['path'] for row in found}):,} documents</h2>"
        yield from map(_finding, found)


def _finding(row: Row) -> str:
    lines = "\n".join(f"<span class=m{mark}><b>{number:>5}</b> {escape(_plain(text))}</span>" for number, text, mark in row["lines"])
    formula = f"<p class=f>{escape(_plain(row['formula']))}</p>" if row["formula"] else ""
    head = f"<span class={row['severity']}>{row['severity']}</span> {escape(_plain(row['path']))}:{row['line']}"
    said = f"<p>judged {escape(_plain(row['judgement']))}</p>" if row.get("judgement") else ""
    return f"<article><h3>{head}</h3><p>{escape(_plain(row['message']))}</p>{formula}{said}<pre>{lines}</pre></article>"


def _plain(text: str) -> str:
    """Without control and direction characters, which would show something else than what is there."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


STYLE = """<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1d1f21;background:#fff}
h2{border-top:1px solid #ccc;padding-top:1rem;margin-top:2rem}h3{font-size:1rem;margin:1.2rem 0 0}p{margin:.2rem 0}
pre{background:#f6f7f8;padding:.5rem;overflow-x:auto;margin:.3rem 0;line-height:1.3}pre b{color:#888;font-weight:400}
.m2{background:#ffdfdb}.m1{background:#fff3c4}.m0{color:#666}.f{font-family:monospace}
.error{color:#b3261e;font-weight:700}.warning{color:#8a5a00;font-weight:700}.info{color:#245a8d}
</style>"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(".ecosystem"), help="default: .ecosystem")
    parser.add_argument("--judgements", type=Path, default=JUDGEMENTS, help="default: tests/ecosystem/judgements.yaml")
    parser.add_argument("-j", "--jobs", type=int, default=None, help="processes (default: as many as processors)")
    arguments = parser.parse_args(argv)
    paths = documents_in(arguments.folder)
    if not paths:
        parser.error(f"no documents in {arguments.folder}")
    base = arguments.folder if arguments.folder.is_dir() else arguments.folder.parent
    names = [path.relative_to(base).as_posix() for path in paths]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        found = [row for rows in pool.map(rows_of, paths, names, chunksize=4) for row in rows]
    rows = list(judged(found, arguments.judgements))
    arguments.out.mkdir(parents=True, exist_ok=True)
    latest, previous = arguments.out / "findings.jsonl", arguments.out / "previous.jsonl"
    before: list[Row] = []
    if compared := latest.is_file():
        before = [json.loads(line) for line in latest.read_text(encoding="utf-8").splitlines()]
        latest.replace(previous)
    latest.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    added, removed = difference(before, rows) if compared else ([], [])
    (arguments.out / "index.html").write_text(page(rows, added, removed, len(paths), compared), encoding="utf-8")
    counts = Counter(row["severity"] for row in rows)
    change = f"; {len(added):,} new, {len(removed):,} gone" if compared else ""
    unread = sum(row["severity"] == "error" and not row["judgement"] for row in rows)
    summary = f"{counts['error']:,} errors ({unread:,} not judged), {counts['warning']:,} warnings{change}"
    print(f"{len(paths):,} documents: {summary}: {arguments.out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
