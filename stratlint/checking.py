"""The whole way of one document: text → blocks → claims → facts → findings → report."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.claims.extract import extract
from stratlint.config.selection import active_rules, families_of
from stratlint.config.settings import Assumptions, Settings
from stratlint.document import Document, UnreadableDocument, decode, parse
from stratlint.facts.resolve import resolve
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.policy import settle
from stratlint.rules.engine import run_rules
from stratlint.rules.registry import load_rules
from stratlint.transcripts import Content, said_of

if TYPE_CHECKING:
    from stratlint.facts.fact import FactSet
    from stratlint.facts.givens import Sources


@contextmanager
def _no_look_for_circles() -> Iterator[None]:
    """Syntax trees and facts hold no circles to speak of: looking for them while a document is read is a fifth of a run."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


@_no_look_for_circles()
def check_document(document: Document, settings: Settings, readings: Content | None = None) -> DocumentReport:
    """Judge one parsed document by the rules that hold for it; the others do not run.

    *readings* are those to judge along instead of the ones that lie beside the project.

    Raises:
        RuleError: a rule file cannot be used.
        GivenError: a file of givens cannot be used.
        ReadingsError: a file of readings cannot be used.
    """
    rules = load_rules(tuple(Path(path) for path in settings.rules))
    facts, notes = _with_givens(resolve(extract(document)), settings)
    active = active_rules(settings, document.path, families_of(rules.families))
    said = said_of(facts.claims, settings, readings)
    judged = run_rules(facts, rules.only(active), _assumptions(settings), said.transcript)
    return DocumentReport(
        document.path,
        document,
        said.disputed(judged.findings),
        judged.ledger,
        judged.coverage,
        (*document.notes, *notes),
        failures=(*judged.failures, *said.failures),
        unused=said.unused,
        readings=said.used,
    )


def _with_givens(facts: FactSet, settings: Settings) -> tuple[FactSet, tuple[str, ...]]:
    """*facts* with what is given from outside, and notes on it; most runs are given nothing and load no code for it."""
    assumed = settings.assumptions
    outside = settings.givens or settings.hardware or assumed.model or assumed.accelerator
    if not (outside or facts.document.front_matter):
        return facts, ()
    from stratlint.facts.givens import with_givens

    return with_givens(facts, given_sources(settings))


def given_sources(settings: Settings) -> Sources:
    """Where facts from outside the documents come from, by the settings."""
    from stratlint.facts.givens import Sources

    assumed = settings.assumptions
    devices = {
        name: {field.name: str(getattr(device, field.name)) for field in fields(device)} for name, device in settings.hardware.items()
    }
    return Sources(tuple(Path(path) for path in settings.givens), devices, assumed.model, assumed.accelerator)


def check_givens(settings: Settings) -> None:
    """Read all givens once, to complain before any document is read.

    Raises:
        GivenError: one cannot be used.
    """
    from stratlint.facts.givens import check_sources

    check_sources(given_sources(settings))


def _assumptions(settings: Settings) -> Mapping[str, object]:
    """The team's assumptions that differ from the defaults: what is left open restricts nothing."""
    default = Assumptions()
    return {
        field.name: value
        for field in fields(settings.assumptions)
        if (value := getattr(settings.assumptions, field.name)) != getattr(default, field.name)
    }


def check_file(path: Path, settings: Settings | None = None) -> Report:
    """Check the file at *path*; suppressions in it and the settings' selection apply.

    A file that cannot be read becomes a report with `error` set, never an exception.

    Raises:
        TypeError: *path* is no `Path`; the message says what to call instead.
    """
    if not isinstance(path, Path):
        raise TypeError(_no_path(path))
    try:
        text, notes = decode(path.read_bytes())
    except (OSError, UnreadableDocument, ValueError) as error:  # a name with a NUL
        return Report((DocumentReport(str(path), error=str(error)),))
    document = parse(text, str(path))
    return _report(replace(document, notes=(*notes, *document.notes)), settings or Settings())


def check_text(text: str, settings: Settings | None = None) -> Report:
    """Check a text, as the document "-"; suppressions in it and the settings' selection apply.

    Raises:
        TypeError: *text* is no string.
        ValueError: it names a file that exists: whoever passes a name does not want its letters checked.
    """
    if not isinstance(text, str):
        raise TypeError(f"check_text() takes the text of a document, not {type(text).__name__}; check(path) reads a file")
    if _names_a_file(text):
        raise ValueError(f"{text!r} is a file: check(Path({text!r})) reads it; check_text() takes the text of a document")
    return _report(parse(text, "-"), settings or Settings())


def _report(document: Document, settings: Settings) -> Report:
    families = load_rules(tuple(Path(path) for path in settings.rules)).families
    return Report((settle(check_document(document, settings), settings, families, date.today()).report,))


def _no_path(given: object) -> str:
    if isinstance(given, str) and _names_a_file(given):
        return f"check() takes a pathlib.Path: check(Path({given!r}))"
    if isinstance(given, str):
        return "check() takes the pathlib.Path of a file; check_text() takes a text"
    return f"check() takes the pathlib.Path of a file, not {type(given).__name__}"


# Longer than any name of a file that an operating system takes.
_LONGEST_NAME = 4096


def _names_a_file(text: str) -> bool:
    if not text or len(text) > _LONGEST_NAME or "\n" in text:
        return False
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # what no file can be called
        return False
