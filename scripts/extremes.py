#!/usr/bin/env python3
"""Set every number of every rule's examples to what no arithmetic likes, one at a time, and count what breaks.

    python scripts/extremes.py [--sample N] [-j JOBS]

Each page goes through `stratlint check` with its JSON output. It must end with 0 or 1: no exception, no rule that fails, nothing on
standard error but notes, valid JSON, and no finding that computed no number ("inf", "nan"). Exit code 1 when a page does not.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from stratlint.cli import main as stratlint
from stratlint.rules.registry import load_rules

EXTREMES = {"zero": "0", "negative": "-5", "beyond floats": "1e400", "no number": "NaN", "400 digits": "7" * 400}
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_NO_RESULT = re.compile(r"(?<![\w.])[-−]?(?:inf|nan|infinity)(?![\w-])", re.IGNORECASE)
_COMMAND = ("check", "--isolated", "--quiet", "--output-format", "json", "-")


@dataclass(frozen=True, slots=True)
class Page:
    """An example with one number changed; `origin` says which number of which rule, `extreme` what it became."""

    origin: str
    extreme: str
    text: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page did that it must not: `kind` is what is counted."""

    page: Page
    kind: str
    why: str


def pages() -> Iterator[Page]:
    """Every number of every example as every extreme; pages that two rules share once."""
    seen: set[tuple[str, str]] = set()
    for rule in load_rules():
        for which, text in zip(("contradicted", "consistent"), rule.examples, strict=True):
            for number in _NUMBER.finditer(text):
                around = text[: number.start()], text[number.end() :]
                if around not in seen:
                    seen.add(around)
                    origin = f"{rule.name}, {which}, line {text.count(chr(10), 0, number.start()) + 1}: {number[0]}"
                    yield from (Page(origin, name, value.join(around)) for name, value in EXTREMES.items())


def troubles_of(page: Page) -> list[Trouble]:
    """What goes wrong when *page* is checked."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(page.text.encode()))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = stratlint(_COMMAND)
    except BaseException as problem:  # the command line promises to raise nothing
        return [Trouble(page, "exception", f"{type(problem).__name__}: {problem}")]
    finally:
        sys.stdin = before
    found = [Trouble(page, "exit code", str(code))] if code not in (0, 1) else []
    for line in err.getvalue().splitlines():
        found.append(Trouble(page, "failing rule" if ": rule `" in line else "problem", line))
    return found + list(_of_output(page, out.getvalue()))


def _of_output(page: Page, output: str) -> Iterator[Trouble]:
    try:
        (document,) = json.loads(output, parse_constant=_refused)["documents"]
    except ValueError as problem:
        yield Trouble(page, "output", str(problem))
        return
    for finding in document.get("findings", ()):
        said = " ".join([finding["computed"], finding["formula"], *(each["computed"] for each in finding["readings"])])
        if _NO_RESULT.search(said.replace(EXTREMES["no number"], "")):
            yield Trouble(page, "no result", f"{finding['rule']}: {finding['message']}")


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def main(argv: Sequence[str] | None = None) -> int:
    """Print what went wrong and how often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="every Nth page only")
    parser.add_argument("-j", "--jobs", type=int, default=None, help="processes (default: as many as processors)")
    arguments = parser.parse_args(argv)
    chosen = list(pages())[:: arguments.sample]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        found = [trouble for each in pool.map(troubles_of, chosen, chunksize=32) for trouble in each]
    for trouble in found:
        print(f"{trouble.page.origin} -> {trouble.page.extreme}: {trouble.kind}: {trouble.why[:300]}")
    counts = Counter(trouble.kind for trouble in found)
    print(f"{len(chosen):,} pages: " + (", ".join(f"{count} × {kind}" for kind, count in sorted(counts.items())) or "nothing broke"))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
