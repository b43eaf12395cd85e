"""`stratlint claims`: the ledger, each number of a document, what it was understood as and what became of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, ERROR
from stratlint.cli.run import examined, say_what_is_missing
from stratlint.cli.streams import Streams

if TYPE_CHECKING:
    from stratlint.report.outcome import DocumentReport
    from stratlint.rules.finding import LedgerEntry

SUMMARY = "list each number of documents: what it was understood as, its status and why"
FORMATS = ("text", "json", "jsonl")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.add_paths(parser)
    parser.add_argument("--output-format", dest="ledger_format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--unknown", action="store_true", help="only the numbers that were not understood")
    options.add_readings(parser)
    options.add_configuration(parser)
    options.add_color(parser)
    options.add_verbosity(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    seen = examined(arguments, Configuration(arguments), streams)
    documents = [each for each in seen.report.documents if each.document is not None]
    if arguments.ledger_format == "text":
        streams.write("\n".join(_text(each, arguments.unknown, streams, arguments.color) for each in documents))
    else:
        from stratlint.report.escaping import json_text

        rows = [row for each in documents for row in _rows(each, arguments.unknown)]
        if arguments.ledger_format == "json":
            streams.write(f"{json_text(rows, indent=2)}\n")
        else:
            streams.write("".join(f"{json_text(row)}\n" for row in rows))
    return ERROR if say_what_is_missing(seen, streams, quiet=arguments.quiet, verbose=arguments.verbose) else CLEAN


def _chosen(document: DocumentReport, unknown: bool) -> Iterator[LedgerEntry]:
    return (entry for entry in document.ledger if not (unknown and entry.understood))


def _text(document: DocumentReport, unknown: bool, streams: Streams, color: str) -> str:
    from stratlint.report.claims import WIDTH, claims_table

    width = streams.width if streams.out.isatty() else WIDTH
    return claims_table(document, _chosen(document, unknown), color=streams.colored(color), width=width)


def _rows(document: DocumentReport, unknown: bool) -> Iterator[dict[str, Any]]:
    for entry in _chosen(document, unknown):
        place = entry.location
        yield {
            "path": document.path,
            "line": place.line,
            "column": place.column,
            "end_line": place.end_line,
            "end_column": place.end_column,
            "start": place.start,
            "end": place.end,
            "text": place.text,
            "understood": entry.understood,
            "kind": entry.kind,
            "scope": entry.scope,
            "modality": entry.modality,
            "scenario": entry.scenario,
            "value": entry.value,
            "unit": entry.unit,
            "status": entry.status.value,
            "reason": entry.reason,
            "rule": entry.rule,
            "derivation": entry.derivation,
            "role": entry.role.value,
            "head": entry.head,
            "of": entry.of,
            "per": list(entry.per),
            "holder": entry.holder,
            "voice": entry.voice,
            "words": entry.words,
            "read_by": entry.read_by,
        }
