"""`stratlint completions SHELL`: completion scripts, made from the parser itself so that they cannot lag behind."""

from __future__ import annotations

import argparse

from stratlint.cli.completion import SHELLS, script
from stratlint.cli.outcome import CLEAN
from stratlint.cli.streams import Streams

SUMMARY = "print a completion script for a shell"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("shell", choices=SHELLS, help='for example: eval "$(stratlint completions bash)"')


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    from stratlint.cli.parser import build

    streams.write(script(build(), arguments.shell))
    return CLEAN
