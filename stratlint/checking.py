"""The whole way of one document: text → blocks → claims → facts → findings → report."""
from __future__ import annotations

from pathlib import Path

from stratlint.claims.extract import extract
from stratlint.config.settings import Settings
from stratlint.document import Document, UnreadableDocument, decode, parse
from stratlint.facts.resolve import resolve
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.engine import run_rules
from stratlint.rules.registry import load_rules


def check_document(document: Document, settings: Settings) -> DocumentReport:
    """Judge one parsed document."""
    rules = load_rules(tuple(Path(path) for path in settings.rules))
    facts = resolve(extract(document))
    findings, ledger, coverage = run_rules(facts, rules, {})
    return DocumentReport(document.path, document, findings, ledger, coverage, document.notes)


def check(source: str | Path, settings: Settings | None = None) -> Report:
    """Check a text, or the file at a `Path`.

    A file that cannot be read becomes a report with `error` set, never an exception.
    """
    chosen = settings or Settings()
    if isinstance(source, Path):
        try:
            text, notes = decode(source.read_bytes())
        except (OSError, UnreadableDocument) as error:
            return Report((DocumentReport(str(source), error=str(error)),))
        document = parse(text, str(source))
        del notes
    else:
        document = parse(source, "-")
    return Report((check_document(document, chosen),))
