"""Places of a page as ranges and locations of the protocol, and where the premises of a number stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lsprotocol import types

from stratlint.editor.addresses import uri_of
from stratlint.editor.page import Page
from stratlint.editor.positions import Place
from stratlint.rules.finding import LedgerEntry, Location


def position(page: Page, offset: int) -> types.Position:
    """The position of an offset."""
    place = page.positions.place(offset)
    return types.Position(place.line, place.character)


def span(page: Page, start: int, end: int) -> types.Range:
    """The range of a half-open span of offsets."""
    return types.Range(position(page, start), position(page, end))


def offset(page: Page, place: types.Position) -> int:
    """The offset of a position."""
    return page.positions.offset(Place(place.line, place.character))


def location(page: Page, place: Location) -> types.Location | None:
    """A place of the page itself or of another document; None for a fact that no document has."""
    if page.report is not None and place.path == page.report.path:
        return types.Location(page.text.uri, span(page, place.start, place.end))
    if not place.path or not place.line:
        return None
    # Of another document only lines and columns are known, in code points.
    start = types.Position(place.line - 1, max(0, place.column - 1))
    return types.Location(uri_of(place.path), types.Range(start, types.Position(place.end_line - 1, max(0, place.end_column - 1))))


def premises(page: Page, entry: LedgerEntry | None, at: int) -> tuple[Location, ...]:
    """What a number, or the finding at an offset, was computed from; each place once."""
    return tuple(dict.fromkeys(_premises(page, entry, at)))


def definitions(page: Page, at: int) -> list[types.LocationLink]:
    """Links from the number at an offset to its premises."""
    entry = page.entry_at(at)
    targets = [found for each in premises(page, entry, at) if (found := location(page, each)) is not None]
    origin = span(page, entry.location.start, entry.location.end) if entry else None
    return [types.LocationLink(each.uri, each.range, each.range, origin) for each in targets]


def _premises(page: Page, entry: LedgerEntry | None, at: int) -> Iterator[Location]:
    if page.report is None:
        return
    if entry is not None and (finding := page.finding_of(entry)) is not None:
        yield from (each for each in (finding.location, *finding.related) if not _same(each, entry.location))
    elif entry is not None and entry.premises:
        yield from (replace(page.report.ledger[each].location, role="") for each in entry.premises)
    else:
        yield from (place for finding in page.findings_at(at, at) for place in finding.related)


def _same(place: Location, number: Location) -> bool:
    """Whether a premise is the number itself, or what it stands in."""
    return place.path == number.path and place.start <= number.start and number.end <= place.end
