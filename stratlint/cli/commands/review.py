"""`stratlint review`: post the findings of a pull request as one review. The work is in `stratlint.review`."""
from __future__ import annotations

import argparse
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from stratlint.cli.outcome import Usage
from stratlint.cli.streams import Streams

SUMMARY = "post the findings on a pull request as a review"
# That package declares the options and carries them out: `add(parser)` and `run(arguments, streams)`, as commands do.
_WHERE = "stratlint.review"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    if find_spec(_WHERE) is None:
        parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
        return
    import_module(f"{_WHERE}.command").add(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    if find_spec(_WHERE) is None:
        raise Usage("this installation has no review bot")
    return cast(int, import_module(f"{_WHERE}.command").run(arguments, streams))
