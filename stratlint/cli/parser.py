"""The argument parser, put together from the commands: each has a name, a summary, `add(parser)` and `run(…)`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn, Protocol, cast

from stratlint.cli.commands import COMMAND_NAMES
from stratlint.cli.streams import Streams


class Command(Protocol):
    """What a command module offers."""

    SUMMARY: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Streams], int]


class Parser(argparse.ArgumentParser):
    """argparse that takes no abbreviated options and answers a mistyped command with the nearest one."""

    def __init__(self, **arguments: object) -> None:
        super().__init__(**{"allow_abbrev": False, **arguments})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, in two lines rather than a page of usage."""
        self.exit(2, f"stratlint: error: {_printable(message)}\n  see `{self.prog} --help`\n")


def command_module(name: str) -> Command:
    """The module of a command; hyphens and reserved words do not occur."""
    return cast(Command, import_module(f"stratlint.cli.commands.{name}"))


def build(wanted: Sequence[str] = COMMAND_NAMES) -> argparse.ArgumentParser:
    """The whole parser (completions and the tests walk through it), or the part for the *wanted* commands."""
    parser = Parser(prog="stratlint", description="A type checker for the numbers in engineering documents.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    for name in wanted:
        module = command_module(name)
        sub = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add(sub)
        # `config show` sets its own.
        if sub.get_default("run") is None:
            sub.set_defaults(run=module.run)
    return parser


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line; argparse leaves by `SystemExit` for help and mistakes."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMAND_NAMES:
        from stratlint.cli.outcome import Usage
        from stratlint.config.errors import suggestion

        hint = suggestion(arguments[0], COMMAND_NAMES) or f"; to check a file: stratlint check {arguments[0]}"
        raise Usage(f'unknown command "{arguments[0]}"{hint}')
    # A run needs one command: the others' modules stay unloaded.
    return build(arguments[:1] if arguments and arguments[0] in COMMAND_NAMES else COMMAND_NAMES).parse_args(arguments)


class _Version(argparse.Action):
    """The version is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from stratlint.config.version import installed_version

        sys.stdout.write(f"stratlint {installed_version()}\n")
        parser.exit(0)


def _printable(text: str) -> str:
    from stratlint.report.escaping import terminal

    return terminal(text)
