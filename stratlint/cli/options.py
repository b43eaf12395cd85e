"""Options that several commands share. Each is declared once, here, and only ever on a command, never above it:
`stratlint --config f check x` and `stratlint check --config f x` must not mean two things.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from stratlint.cli.outcome import ERROR
from stratlint.cli.streams import Streams
from stratlint.config.settings import FAIL_ON


def add_paths(parser: argparse.ArgumentParser) -> None:
    """What to read."""
    group = parser.add_argument_group("documents")
    group.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, directories (searched for .md, .markdown, .mdx, .qmd, .Rmd, or the `include` of the configuration) or - for stdin",
    )
    group.add_argument("--stdin-filename", metavar="NAME", help="the name that standard input goes by")
    group.add_argument("--exclude", action="append", metavar="GLOB", help="leave these out, too (repeatable)")
    group.add_argument("--force-exclude", action="store_true", default=None, help="leave excluded files out even when they are named")
    group.add_argument(
        "--respect-gitignore",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="leave out what git ignores when a directory is searched (default: on)",
    )
    group.add_argument("--given", action="append", metavar="FILE", help="facts from outside the documents (repeatable)")
    group.add_argument("-j", "--jobs", type=_jobs, default=0, metavar="N", help="processes (default: what pays off)")


def add_readings(parser: argparse.ArgumentParser) -> None:
    """Relations that somebody else read."""
    group = parser.add_argument_group("readings")
    group.add_argument(
        "--readings",
        metavar="FILE|DIR",
        help="judge the relations transcribed in FILE, too; in DIR those of NAME.md are in NAME.md.yaml, NAME.md.jsonl or NAME.jsonl",
    )
    group.add_argument("--only-readings", action="store_true", help="judge only those relations, nothing that stratlint reads itself")


def add_reader(parser: argparse.ArgumentParser, about: str) -> None:
    """Who reads, and how they are asked."""
    group = parser.add_argument_group("reader", about)
    group.add_argument(
        "--reader",
        default="",
        metavar="openai:MODEL|command:PROGRAM",
        help="who reads: a model (key in OPENAI_API_KEY), or a program that is given JSON and answers in JSON",
    )
    group.add_argument("--base-url", default="", metavar="URL", help="the server of a compatible API")
    group.add_argument("--timeout", type=positive, default=0, metavar="S", help="seconds to wait for an answer (default: 600)")
    group.add_argument("--max-tokens", type=positive, default=0, metavar="N", help="stop before this many tokens are used in all")


def add_configuration(parser: argparse.ArgumentParser) -> None:
    """Where settings come from."""
    group = parser.add_argument_group("configuration")
    group.add_argument(
        "--config",
        action="append",
        metavar="FILE|KEY=VALUE",
        help="a configuration file instead of the nearest one, or one TOML setting on top (repeatable)",
    )
    group.add_argument("--isolated", action="store_true", help="ignore all configuration files and the environment")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Which rules."""
    group = parser.add_argument_group("rules")
    group.add_argument("--select", action="append", metavar="RULES", help="only these rules or families, by comma")
    group.add_argument("--ignore", action="append", metavar="RULES", help="not these rules or families")
    group.add_argument("--extend-select", action="append", metavar="RULES", help="these as well")
    group.add_argument("--no-ignores", action="store_true", help="act as if there were no suppressions and waivers")


def add_outcome(parser: argparse.ArgumentParser) -> None:
    """What makes the exit code 1."""
    group = parser.add_argument_group("exit code")
    group.add_argument("--fail-on", choices=FAIL_ON, help="the mildest severity that fails the run (default: error)")
    group.add_argument("--exit-zero", action="store_const", const="never", dest="fail_on", help="as --fail-on never")
    group.add_argument(
        "--objections-from",
        metavar="REF",
        help='with `disputed = "warning"`: only if that and the objections are in this commit, too (default: that of --diff-base)',
    )
    group.add_argument("--min-coverage", type=_percentage, metavar="PCT", help="fail when fewer of the numbers are understood")


def add_color(parser: argparse.ArgumentParser) -> None:
    """How it looks."""
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour the output")


def add_verbosity(parser: argparse.ArgumentParser) -> None:
    """How much is said."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help="findings and problems only")
    group.add_argument("-v", "--verbose", action="store_true", help="notes and all reasons for not checking, too")


def help_of(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace, Streams], int]:
    """What is done when no command is named: its help goes to standard error, for nothing was done."""

    def run(_: argparse.Namespace, streams: Streams) -> int:
        parser.print_help(streams.err)
        return ERROR

    return run


def listed(values: list[str] | None) -> tuple[str, ...]:
    """`--select a,b --select c` as (a, b, c)."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) > 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


def _percentage(text: str) -> float:
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return value


def positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or not 0 < int(text) < 10**12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)
