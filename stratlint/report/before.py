"""What a change found before it: whether a finding of now was one at the base of the change, too.

A finding is the same on both sides when its rule, its claim and the words around the claim are. Lines that moved, a renamed heading
or file, a premise that changed elsewhere, a few words that were put otherwise leave it the same; another number makes it a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from stratlint.document import Document
from stratlint.report.fingerprint import normalised
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Finding, Location


class Before(Enum):
    """What a finding was at the base of a change.

    UNKNOWN: the base is not at hand. ABSENT: no finding, so that the change made it one. ALREADY: the same finding. ACCEPTED: the
    same, silenced there. OTHERWISE: its claim was contradicted, but by another rule.
    """

    UNKNOWN = auto()
    ABSENT = auto()
    ALREADY = auto()
    ACCEPTED = auto()
    OTHERWISE = auto()


# Characters around a claim whose words say that it is the same one, and how many of them have to agree.
_AROUND = 80
_ALIKE = 0.5
# Of one claim under one rule; a document with more of them is not written by hand.
_MOST = 50


@dataclass(slots=True)
class _Entry:
    """A finding of the base that none of now has been taken for yet."""

    finding: Finding
    line: str
    words: Counter[str]
    before: Before
    taken: bool = False


def before(document: DocumentReport, base: DocumentReport, untouched: Callable[[Location], bool]) -> tuple[Before, ...]:
    """For each finding of *document* what it was in its version at the *base* (without a document, when it was not there).

    *untouched* says whether a place of now lies in lines that the change left alone: of equal claims, those were there before.
    """
    found = document.findings
    if base.document is None or document.document is None:
        return (Before.ABSENT,) * len(found)
    entries = [_entry(each, base.document, Before.ALREADY) for each in base.findings]
    entries += [_entry(each.finding, base.document, Before.ACCEPTED) for each in base.silenced]
    known: dict[tuple[str, str], list[_Entry]] = {}
    claims: dict[str, list[_Entry]] = {}
    for entry in entries:
        known.setdefault((entry.finding.rule, _claim(entry.finding)), []).append(entry)
        claims.setdefault(_claim(entry.finding), []).append(entry)
    now = [_entry(each, document.document, Before.ABSENT) for each in found]
    order = sorted(range(len(now)), key=lambda at: not untouched(found[at].claim))
    for same in (_same_line, _same_words):
        for at in order:
            if now[at].before is Before.ABSENT:
                now[at].before = _taken(now[at], known.get((found[at].rule, _claim(found[at])), ()), same)
    for each in now:
        if each.before is Before.ABSENT and _contradicted(each, claims.get(_claim(each.finding), ())):
            each.before = Before.OTHERWISE
    return tuple(each.before for each in now)


def _taken(entry: _Entry, candidates: Sequence[_Entry], same: Callable[[_Entry, _Entry], float]) -> Before:
    """What the most similar finding of the base says, which is taken then; one that was milder there is another."""
    free = (each for each in candidates if not each.taken and each.finding.severity.rank <= entry.finding.severity.rank)
    scored = [(same(entry, each), each) for _, each in zip(range(_MOST), free, strict=False)]
    score, best = max(scored, key=lambda each: each[0], default=(0.0, entry))
    if not score:
        return Before.ABSENT
    best.taken = True
    return best.before


def _contradicted(entry: _Entry, candidates: Iterable[_Entry]) -> bool:
    grave = (each for each in candidates if each.finding.severity.rank <= entry.finding.severity.rank)
    return any(_same_line(entry, each) or _same_words(entry, each) for _, each in zip(range(_MOST), grave, strict=False))


def _same_line(one: _Entry, other: _Entry) -> float:
    return float(one.line == other.line)


def _same_words(one: _Entry, other: _Entry) -> float:
    """The share of words that two claims have around them in common; 0 where that is too small."""
    share = 2 * (one.words & other.words).total() / max(1, one.words.total() + other.words.total())
    return share if share >= _ALIKE else 0.0


def _entry(finding: Finding, document: Document, state: Before) -> _Entry:
    place = finding.claim
    around = document.text[max(0, place.start - _AROUND) : place.end + _AROUND]
    return _Entry(finding, normalised(" ".join(_lines(document, place))), Counter(normalised(around).split()), state)


def _lines(document: Document, place: Location) -> Iterator[str]:
    yield from (document.line_text(line) for line in range(place.line, min(place.end_line, place.line + _MOST) + 1))


def _claim(finding: Finding) -> str:
    return normalised(finding.claim.text or finding.claimed)
