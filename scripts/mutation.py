#!/usr/bin/env python3
"""Mutation score of the rules: change a number that was found right, and see whether anybody notices.

    python scripts/mutation.py [--missed] [--json] [DOCUMENT.md …]

Without documents: the consistent example of every rule, and `fixtures/`. Each number that the tool calls verified or
consistent, and each operand of what it verified, is made larger and smaller by a third, one at a time; it is noticed when
either change brings a finding that was not there before. What is not noticed is changed again, by a factor of thirty: rules of
a bound ("at most", "at least") and laws with a wide margin notice only changes that cross it. The table has a line for each
rule that had confirmed the number (one for all operands), with the share noticed after a third and in all: a low share shows a
rule that confirms more than it checks.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stratlint
from stratlint.rules.finding import Role, Status
from stratlint.rules.registry import load_rules

ROOT = Path(__file__).resolve().parents[1]
FACTOR = 1.37
FAR = 30.0
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Mutant:
    """A document with one number changed, in one way and the other. `rule` had confirmed it.

    `texts` have it changed by a third, `far` by a factor of thirty.
    """

    name: str
    original: str
    texts: tuple[str, ...]
    rule: str
    line: int
    was: str
    became: tuple[str, ...]
    far: tuple[str, ...] = ()


def documents() -> Iterator[tuple[str, str]]:
    """What is right: the consistent examples, and the fixtures (whose wrong numbers are not verified)."""
    for rule in load_rules():
        yield f"example of {rule.name}", rule.consistent
    for path in sorted((ROOT / "fixtures").glob("*.md")):
        yield path.name, path.read_text(encoding="utf-8")


def mutants_of(name: str, text: str) -> Iterator[Mutant]:
    """One mutant for each number that was confirmed, or that a confirmed one follows from."""
    (document,) = stratlint.check_text(text).documents
    for entry in document.ledger:
        digits = _NUMBER.search(entry.location.text)
        used = entry.role is Role.OPERAND and bool(entry.derivation)
        if not (used or entry.status in (Status.VERIFIED, Status.CONSISTENT)) or digits is None:
            continue
        start = entry.location.start + digits.start()
        before, after = text[:start], text[start + len(digits[0]) :]
        became = tuple(_changed(digits[0], FACTOR))
        changed = (became, tuple(_changed(digits[0], FAR)))
        texts, far = (tuple(before + each + after for each in made) for made in changed)
        if became:
            yield Mutant(name, text, texts, entry.rule or "operands", entry.location.line, digits[0], became, far)


def outcomes_of(document: tuple[str, str]) -> list[tuple[Mutant, bool, bool]]:
    """The mutants of a document (name, text), each with whether a change by a third is noticed, and else one by a factor of thirty."""
    outcomes = []
    for mutant in mutants_of(*document):
        near = noticed(mutant)
        outcomes.append((mutant, near, not near and noticed(mutant, far=True)))
    return outcomes


def noticed(mutant: Mutant, *, far: bool = False) -> bool:
    """Whether one of the changed documents has a finding that the original has not."""
    return any(_findings(text) - _findings(mutant.original) for text in (mutant.far if far else mutant.texts))


@cache
def _findings(text: str) -> Counter[tuple[str, int]]:
    return Counter((finding.rule, finding.location.line) for finding in stratlint.check_text(text).findings)


def _changed(digits: str, factor: float) -> Iterator[str]:
    """The number made larger and made smaller, printed as it was printed."""
    value = float(digits.replace(",", ""))
    decimals = len(digits.partition(".")[2])
    step = 10.0**-decimals
    for changed in (max(value * factor, value + step), min(value / factor, value - step)):
        printed = f"{changed:,.{decimals}f}" if "," in digits else f"{changed:.{decimals}f}"
        if value and float(printed.replace(",", "")) > 0:
            yield printed


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("documents", nargs="*", type=Path, help="default: the rules' examples and fixtures/")
    parser.add_argument("--missed", action="store_true", help="list every change that nobody noticed")
    parser.add_argument("--json", action="store_true", help="print {rule: [numbers, noticed after a third, noticed in all]} instead")
    arguments = parser.parse_args()
    chosen = [(str(path), path.read_text(encoding="utf-8")) for path in arguments.documents] or list(documents())
    made: dict[str, int] = defaultdict(int)
    caught: dict[str, int] = defaultdict(int)
    crossed: dict[str, int] = defaultdict(int)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        outcomes = pool.map(outcomes_of, chosen, chunksize=4)
        for mutant, near, far in (outcome for several in outcomes for outcome in several):
            made[mutant.rule] += 1
            caught[mutant.rule] += near
            crossed[mutant.rule] += near or far
            if arguments.missed and not (near or far):
                change = f"{mutant.was} -> {' or '.join(mutant.became)}"
                print(f"missed: {mutant.name}:{mutant.line}: {change} (confirmed by {mutant.rule})")
    if arguments.json:
        print(json.dumps({rule: [made[rule], caught[rule], crossed[rule]] for rule in sorted(made)}))
        return 0
    width = max(map(len, made), default=4)
    print(f"{'rule':<{width}}  {'numbers':>7}  a third  in all")
    rows = [(rule, made[rule], caught[rule], crossed[rule]) for rule in sorted(made)]
    rows.append(("all", sum(made.values()), sum(caught.values()), sum(crossed.values())))
    for rule, total, near, all_of_them in rows:
        share, final = near / max(total, 1), all_of_them / max(total, 1)
        print(f"{rule:<{width}}  {total:>7}  {share:>7.0%}  {final:>6.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
