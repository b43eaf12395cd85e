"""The identity of a finding over edits elsewhere: the same while its claim stands, gone when its number changes.

Made of rule, claim text, heading path and the ordinal among equals; never of lines, columns, messages or the path,
so that it survives moved lines, renumbered sections, a renamed file and a reworded rule. Baselines, SARIF, GitLab
and JSON lines share it; whoever needs it unique over several files adds the path (`with_path`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from stratlint.rules.finding import Finding
from stratlint.rules.successors import former_names

SCHEME = "stratlint/v1"
_MARKUP = re.compile(r"[*_`~|]+")
_NUMBERING = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]?|[a-z][.)])\s+", re.IGNORECASE)


def normalised(text: str) -> str:
    """Claim text without what an author changes and keeps the claim: case, emphasis, spacing, Unicode form."""
    plain = _MARKUP.sub(" ", unicodedata.normalize("NFKC", text))
    return " ".join(plain.split()).casefold()


def _heading(text: str) -> str:
    return normalised(_NUMBERING.sub("", text))


def _digest(parts: Iterable[str]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """One fingerprint a finding, in their order. One call takes all findings of a document: equals are numbered."""
    seen: Counter[tuple[str, ...]] = Counter()
    result = []
    for finding in findings:
        claim = normalised(finding.claim.text or finding.claimed)
        key = (finding.rule, claim, *map(_heading, finding.section))
        result.append(_digest((SCHEME, *key, str(seen[key]))))
        seen[key] += 1
    return tuple(result)


def former_fingerprints(findings: Iterable[Finding]) -> tuple[tuple[str, ...], ...]:
    """For each finding those that a baseline may hold of it under names that its rule had before."""
    listed = list(findings)
    former: list[tuple[str, ...]] = [() for _ in listed]
    for name in {name for finding in listed for name in former_names(finding.rule)}:
        bearing = [at for at, finding in enumerate(listed) if name == finding.rule or name in former_names(finding.rule)]
        for at, mark in zip(bearing, fingerprints(replace(listed[at], rule=name) for at in bearing), strict=True):
            former[at] = (*former[at], mark)
    return tuple(tuple(sorted(marks)) for marks in former)


def with_path(fingerprint: str, path: str) -> str:
    """A fingerprint unique over documents: two files may make the same wrong claim under the same heading."""
    return _digest((fingerprint, path))
