"""`stratlint config show|schema|init`: the effective settings, their JSON schema, a commented starter file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.streams import Streams
from stratlint.config import describe

SUMMARY = "show the settings in effect, their JSON schema, or a starter file"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
    commands = parser.add_subparsers(metavar="COMMAND", dest="config_command")
    parser.set_defaults(run=options.help_of(parser))
    show = commands.add_parser("show", help="the settings in effect and where each comes from")
    show.add_argument("folder", nargs="?", default=".", metavar="PATH", help="for documents there (default: here)")
    options.add_configuration(show)
    show.set_defaults(run=_show)
    schema = commands.add_parser("schema", help="the JSON schema of a configuration file")
    schema.set_defaults(run=_schema)
    init = commands.add_parser("init", help="print a commented starter file, or write it")
    init.add_argument("file", nargs="?", metavar="FILE", help="write it there (never over a file)")
    init.set_defaults(run=_init)


def _show(arguments: argparse.Namespace, streams: Streams) -> int:
    folder = Path(arguments.folder)
    loaded = Configuration(arguments).for_folder(folder if folder.is_dir() else folder.parent)
    for path in loaded.files:
        streams.note(f"configuration: {path}")
    streams.write(describe.effective(loaded))
    return CLEAN


def _schema(arguments: argparse.Namespace, streams: Streams) -> int:
    from stratlint.schemas import schema

    streams.write(json.dumps(schema("configuration"), indent=2) + "\n")
    return CLEAN


def _init(arguments: argparse.Namespace, streams: Streams) -> int:
    text = describe.starter()
    if arguments.file is None:
        streams.write(text)
        return CLEAN
    path = Path(arguments.file)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text if path.name != "pyproject.toml" else describe.starter("tool.stratlint"))
    except FileExistsError:
        raise Usage(f"{path} exists and is not overwritten") from None
    except OSError as problem:
        raise Usage(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from None
    streams.note(f"{path} written")
    return CLEAN
