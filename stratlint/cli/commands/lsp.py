"""`stratlint lsp`: findings while one writes, over standard input and output. The work is in `stratlint.editor`."""

from __future__ import annotations

import argparse
import sys

from stratlint.cli import options
from stratlint.cli.outcome import CLEAN, ERROR, Usage
from stratlint.cli.streams import Streams

SUMMARY = "serve findings, explanations and repairs to an editor, as a language server on standard input and output"
INSTALL = "the server needs a protocol library: pip install 'stratlint[lsp]'"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--stdio", action="store_true", help="what it does anyway; some editors add it")
    options.add_configuration(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Serve until the client leaves. A configuration that cannot be used is a diagnostic: the editor is where it is mended."""
    try:
        from stratlint.editor.server import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("stratlint"):
            raise
        raise Usage(INSTALL) from None
    except ImportError:  # an older one, with other names
        raise Usage(f"the protocol library is too old; {INSTALL.partition(': ')[2].replace('install', 'install --upgrade')}") from None
    from stratlint.editor.project import Options

    if sys.stdin.isatty():
        streams.note("this waits for an editor, which starts it itself; the folder editors/ of the repository has set-ups (Ctrl-D ends it)")
    return CLEAN if serve(Options(tuple(arguments.config or ()), arguments.isolated)) else ERROR
