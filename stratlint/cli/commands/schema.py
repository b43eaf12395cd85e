"""`stratlint schema`: the JSON Schemas of what is printed, read and written."""

from __future__ import annotations

import argparse

from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.streams import Streams
from stratlint.cli.table import table
from stratlint.config.errors import suggestion
from stratlint.schemas import SCHEMAS, identifier, schema

SUMMARY = "print the JSON Schema of an output or of a file, or list them"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one (default: list them)")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    name = arguments.name
    if name is None:
        rows = [(each, identifier(each), published.summary) for each, published in SCHEMAS.items()]
        streams.write(table(("schema", "identifier", "of"), rows))
        return CLEAN
    if name not in SCHEMAS:
        raise Usage(f'no schema "{name}"{suggestion(name, SCHEMAS)}; `stratlint schema` lists them')
    from stratlint.report.escaping import json_text

    streams.write(f"{json_text(schema(name), indent=2)}\n")
    return CLEAN
