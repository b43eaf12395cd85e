"""`stratlint rules`: the list of them."""

from __future__ import annotations

import argparse

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import rule_set
from stratlint.cli.outcome import CLEAN
from stratlint.cli.streams import Streams
from stratlint.cli.table import table
from stratlint.config.selection import OWN_FAMILY, OWN_RULES
from stratlint.rules.successors import code_of

SUMMARY = "list the rules"
FORMATS = ("text", "json", "markdown")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--output-format", dest="list_format", choices=FORMATS, default="text", help="default: text")
    options.add_configuration(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    rows = _rows(Configuration(arguments).settings.rules)
    if arguments.list_format == "json":
        from stratlint.report.escaping import json_text

        keys = ("name", "code", "severity", "family", "summary")
        streams.write(json_text([dict(zip(keys, row, strict=True)) for row in rows], indent=2) + "\n")
    elif arguments.list_format == "markdown":
        lines = ["| rule | code | severity | family | summary |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join((f"`{name}`", *map(_cell, rest))) + " |" for name, *rest in rows]
        streams.write("\n".join(lines) + "\n")
    else:
        streams.write(_table(rows, streams))
    return CLEAN


def _table(rows: list[tuple[str, str, str, str, str]], streams: Streams) -> str:
    """A line a rule; on a terminal the summaries are wrapped, with a table for each family."""
    if not streams.out.isatty():
        return table(("rule", "code", "severity", "family", "summary"), rows)
    families = dict.fromkeys(family for *_, family, _ in rows)
    longest, codes = (max(len(row[at]) for row in rows) for at in (0, 1))
    return "\n".join(
        table(
            (f"{family:<{longest}}", f"{'':<{codes}}", f"{'':<{len('warning')}}", ""),
            [(name, code, severity, summary) for name, code, severity, of, summary in rows if of == family],
            streams.width,
        )
        for family in families
    )


def _rows(rules: tuple[str, ...]) -> list[tuple[str, str, str, str, str]]:
    loaded = rule_set(rules)
    found = [(name, loaded.get(name)) for name in loaded.names]
    rows = [(rule.family, name, str(rule.severity), " ".join(rule.summary.split())) for name, rule in found]
    ordered = [(name, code_of(name), severity, family, summary) for family, name, severity, summary in sorted(rows)]
    own = [(name, code_of(name), "warning", OWN_FAMILY, summary) for name, summary in OWN_RULES.items()]
    listed = {name for name, *_ in ordered}
    return [*ordered, *(row for row in own if row[0] not in listed)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
