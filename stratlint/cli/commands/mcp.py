"""`stratlint mcp`: the tools of an agent that writes reports, over standard input and output. The work is in `stratlint.agent`."""

from __future__ import annotations

import argparse
from pathlib import Path

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.streams import Streams

SUMMARY = "serve check, claims, propose, explain and model to an agent, as an MCP server on standard input and output"
INSTALL = "the server needs a protocol library: pip install 'stratlint[mcp]'"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.add_configuration(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Serve until the client leaves; only documents below the working directory are read."""
    Configuration(arguments)  # a configuration that cannot be used is told before any client is
    try:
        from stratlint.agent.server import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("stratlint"):
            raise
        raise Usage(INSTALL) from None
    except ImportError:  # an older one, with other names
        raise Usage(f"the protocol library is too old; {INSTALL.partition(': ')[2].replace('install', 'install --upgrade')}") from None
    from stratlint.agent.tools import Tools

    serve(Tools(Path.cwd(), arguments.config, isolated=arguments.isolated))
    return CLEAN
