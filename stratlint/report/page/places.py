"""Where the links lead: the marks and spans that a document gets, with their ids, and the way back to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from stratlint.report.outcome import DocumentReport
from stratlint.report.page.inline import Range
from stratlint.rules.finding import Finding, LedgerEntry, Location, Role, Severity, Status

LETTER = {
    Status.VERIFIED: "v",
    Status.CONTRADICTED: "c",
    Status.CONSISTENT: "b",
    Status.IMPLAUSIBLE: "i",
    Status.NOT_CHECKED: "n",
}
# An operand of a computation, or a part of a name: it claims nothing, so nothing is missing where it was not checked.
NO_CLAIM = "o"
SEVERITY_LETTER = {Severity.ERROR: "c", Severity.WARNING: "i", Severity.INFO: "n"}
# When two claims overlap only one can be a link: the graver one.
_PRECEDENCE = tuple(sorted(Status, key=lambda status: -status.gravity))
Interval = tuple[int, int]


def letter_of(entry: LedgerEntry) -> str:
    """The letter that a number's mark and its line have as their class."""
    unjudged = entry.status is Status.NOT_CHECKED and entry.role is not Role.CLAIM
    return NO_CLAIM if unjudged else LETTER[entry.status]


@dataclass(slots=True)
class Intervals:
    """Disjoint intervals in order, each with its id."""

    bounds: list[Interval] = field(default_factory=list)
    ids: dict[Interval, str] = field(default_factory=dict)

    def overlapping(self, start: int, end: int) -> Sequence[Interval]:
        """The intervals that share a character with `[start, end)`."""
        first = bisect_right(self.bounds, start, key=lambda each: each[1])
        last = bisect_left(self.bounds, end, key=lambda each: each[0])
        return self.bounds[first:last]

    def add(self, start: int, end: int, name: str) -> bool:
        """Take the interval in, unless it is empty or overlaps one that is already there."""
        if start >= end or self.overlapping(start, end):
            return False
        insort(self.bounds, (start, end))
        self.ids[start, end] = name
        return True


@dataclass(slots=True)
class Places:
    """One document's marks and spans, as ranges of its source.

    `placed` are the ids that made it onto the page; `carded` the ledger entries that a finding's card stands for.
    """

    prefix: str
    path: str
    ranges: list[Range] = field(default_factory=list)
    marks: Intervals = field(default_factory=Intervals)
    spans: Intervals = field(default_factory=Intervals)
    placed: set[str] = field(default_factory=set)
    at: dict[Interval, int] = field(default_factory=dict)
    carded: set[int] = field(default_factory=set)

    def put(self, wrapping: Range) -> None:
        """Add a range; `at` says later which one stands at given bounds."""
        self.at[wrapping.start, wrapping.end] = len(self.ranges)
        self.ranges.append(wrapping)

    def refer(self, bounds: Interval, reference: str) -> None:
        """Put a note sign after the range that stands at *bounds*."""
        place = self.at[bounds]
        self.ranges[place] = replace(self.ranges[place], after=self.ranges[place].after + reference)

    def find(self, start: int, end: int) -> str | None:
        """The id of what stands at a range of the source: the very thing, else something around it or in it."""
        exact = self.marks.ids.get((start, end)) or self.spans.ids.get((start, end))
        if exact in self.placed:
            return exact
        for layer in (self.spans, self.marks):
            for bounds in layer.overlapping(start, end):
                if layer.ids[bounds] in self.placed:
                    return layer.ids[bounds]
        return None


class Atlas:
    """All documents of a run: resolves any location to an id on the page."""

    def __init__(self, places: Iterable[Places]) -> None:
        self._by_path: dict[str, Places] = {}
        for each in places:
            self._by_path.setdefault(each.path, each)

    def find(self, here: Places, location: Location) -> str | None:
        """The id at *location*, seen from a document; None when no document on the page shows anything there."""
        places = here if location.path == here.path else self._by_path.get(location.path)
        return places.find(location.start, location.end) if places else None


def plan(
    report: DocumentReport,
    prefix: str,
    foreign: Iterable[tuple[Location, str, Severity]] = (),
    readers: Mapping[str, int] = MappingProxyType({}),
) -> Places:
    """Decide what is marked in *report*'s document. *foreign* are premises of findings in other documents, *readers* are numbered."""
    places = Places(prefix, report.path)
    at_primary = {(f.location.start, f.location.end): index for index, f in reversed(list(enumerate(report.findings)))}
    reached: set[Interval] = set()
    for status in _PRECEDENCE:
        for index, entry in enumerate(report.ledger):
            if entry.status is status and _here(entry.location, report):
                finding = _finding_of(entry, at_primary, len(report.findings))
                if finding >= 0:
                    places.carded.add(index)
                if _add_mark(places, index, entry, finding, readers.get(entry.read_by)) and finding >= 0:
                    reached.add((entry.location.start, finding))
    starts = sorted(reached)
    for index, found in enumerate(report.findings):
        _add_place(places, found.location, f"{prefix}p{index + 1}", index, found, starts)
    for index, found in enumerate(report.findings):
        for part, related in enumerate(found.related):
            if _here(related, report):
                name = f"{prefix}p{index + 1}r{part + 1}"
                _add_premise(places, related, name, f"{prefix}f{index + 1}", found.severity)
    for number, (location, target, severity) in enumerate(foreign):
        _add_premise(places, location, f"{prefix}x{number + 1}", target, severity)
    return places


def _here(location: Location, report: DocumentReport) -> bool:
    return location.path == report.path


def _finding_of(entry: LedgerEntry, at_primary: dict[Interval, int], count: int) -> int:
    """The finding that a number leads to: the one it names, else the one that stands at the same place."""
    if 0 <= entry.finding < count:
        return entry.finding
    if entry.status in (Status.CONTRADICTED, Status.IMPLAUSIBLE):
        return at_primary.get((entry.location.start, entry.location.end), -1)
    return -1


def _link(letter: str, name: str, target: str, number: int | None, reader: int | None = None) -> tuple[str, str]:
    """Start tags of a mark: the first, with its id, and the one for further pieces."""
    shown = f' data-n="{number}"' if number is not None else ""
    shown += f' data-by="{reader}"' if reader is not None else ""
    common = f'href="#{target}" aria-describedby="s{letter}"'
    return f'<a class="{letter}" id="{name}" {common}{shown}>', f'<a class="{letter}" {common}>'


def _add_mark(places: Places, index: int, entry: LedgerEntry, finding: int, reader: int | None) -> bool:
    start, end = entry.location.start, entry.location.end
    name = f"{places.prefix}m{index}"
    if not places.marks.add(start, end, name):
        return False
    target = f"{places.prefix}f{finding + 1}" if finding >= 0 else f"{places.prefix}n{index}"
    opening, again = _link(letter_of(entry), name, target, finding + 1 if finding >= 0 else None, reader)
    places.put(Range(start, end, opening, "</a>", again))
    return True


def _reference(letter: str, target: str, number: int) -> str:
    """A note sign that links to a finding, for places that are no link or lead to another finding."""
    return f'<a class="{letter} ref" href="#{target}" data-n="{number}" aria-label="finding {number}"></a>'


def _add_place(places: Places, at: Location, name: str, index: int, found: Finding, reached: list[Interval]) -> None:
    """Mark where a finding stands, or add a note sign when something else already marks the place."""
    bounds = at.start, at.end
    letter = SEVERITY_LETTER[found.severity]
    target = f"{places.prefix}f{index + 1}"
    if at.path != places.path:
        return
    first, last = bisect_left(reached, (at.start, -1)), bisect_left(reached, (at.end, -1))
    linked = any(finding == index for _, finding in reached[first:last])
    reference = "" if linked else _reference(letter, target, index + 1)
    if bounds in places.at:
        places.refer(bounds, reference)
    elif places.marks.add(*bounds, name):
        opening, again = _link(letter, name, target, index + 1)
        places.put(Range(*bounds, opening, "</a>", again))
    elif places.spans.add(*bounds, name):
        css = f'<span class="s {letter}"'
        places.put(Range(*bounds, f'{css} id="{name}">', "</span>", f"{css}>", reference))
    else:
        for near in (*places.spans.overlapping(*bounds), *places.marks.overlapping(*bounds))[:1]:
            places.refer(near, reference)


def _add_premise(places: Places, at: Location, name: str, target: str, severity: Severity) -> None:
    """Mark a premise that no number's mark or other span covers."""
    start, end = at.start, at.end
    if (start, end) in places.marks.ids or (start, end) in places.spans.ids:
        return
    if places.marks.add(start, end, name):
        opening, again = _link("p", name, target, None)
        places.put(Range(start, end, opening, "</a>", again))
    elif places.spans.add(start, end, name):
        places.put(Range(start, end, f'<span class="s" id="{name}">', "</span>", '<span class="s">'))
