"""The argument parser, put together from the commands: each has a name, a summary, `add(parser)` and `run(…)`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, NoReturn, Protocol, cast

from stratlint.cli.commands import COMMAND_NAMES
from stratlint.cli.options import help_of
from stratlint.cli.outcome import Usage
from stratlint.cli.streams import Streams
from stratlint.config.errors import suggestion

_OWN_OPTIONS = ("-h", "--help", "--version")


class Command(Protocol):
    """What a command module offers."""

    SUMMARY: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Streams], int]


class Parser(argparse.ArgumentParser):
    """argparse that takes no abbreviated options and answers a mistyped command, option or value with the nearest one."""

    def __init__(self, **arguments: object) -> None:
        super().__init__(**{"allow_abbrev": False, **arguments})  # type: ignore[arg-type]

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse; but what a command does not know is said by that command, which knows what is near and has the help."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(_unknown(unknown[0], self._option_string_actions))
        return known, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            choices = [str(each) for each in action.choices]
            sort = "command" if action.nargs == argparse.PARSER else "value"
            named = f'unknown {sort} "{value}" (there are {", ".join(choices)}){suggestion(str(value), choices)}'
            raise argparse.ArgumentError(None if sort == "command" else action, named)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, in two lines rather than a page of usage."""
        self.exit(2, f"stratlint: error: {_printable(message)}\n  see `{self.prog} --help`\n")


def _unknown(argument: str, options: Iterable[str]) -> str:
    """What is said of an argument that a command does not take."""
    if not argument.startswith("-") or argument == "-":
        return f'one argument too many: "{argument}"'
    name = argument.partition("=")[0]
    near = [each for each in options if each.startswith("--")] if name.startswith("--") else []
    return f'unknown option "{name}"{suggestion(name, near)}'


def command_module(name: str) -> Command:
    """The module of a command; hyphens and reserved words do not occur."""
    return cast(Command, import_module(f"stratlint.cli.commands.{name}"))


def build(wanted: Sequence[str] = COMMAND_NAMES) -> argparse.ArgumentParser:
    """The whole parser (completions and the tests walk through it), or the part for the *wanted* commands."""
    parser = Parser(prog="stratlint", description="A type checker for the numbers in engineering documents.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.set_defaults(run=help_of(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
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
    if arguments and arguments[0].startswith("-") and arguments[0] not in _OWN_OPTIONS:
        hint = suggestion(arguments[0], [each for each in _OWN_OPTIONS if each.startswith("--")])
        raise Usage(f'unknown option "{arguments[0]}"{hint or "; the options of a command stand behind it: stratlint check --help"}')
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMAND_NAMES:
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
