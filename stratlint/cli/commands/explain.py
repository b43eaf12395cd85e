"""`stratlint explain RULE`: what a rule checks, why it matters, its readings and examples."""
from __future__ import annotations

import argparse

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import families
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.streams import Streams
from stratlint.config.errors import suggestion
from stratlint.config.selection import OWN_RULES, families_of

SUMMARY = "show what a rule checks, why it matters, its readings and examples"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rule", metavar="RULE", help="a rule's name, as in `error[rule-name]`")
    options.add_configuration(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    rules = Configuration(arguments).settings.rules
    name = arguments.rule
    known = families_of(families(rules))
    if name not in known:
        raise Usage(f'no rule "{name}"{suggestion(name, known)}; `stratlint rules` lists them')
    if name in OWN_RULES:
        page = f"{name}\n{'=' * len(name)}\n\n{OWN_RULES[name]}\n"
    else:
        from stratlint.cli.examine import rule_set

        page = rule_set(rules).explain(name)
    streams.write(page if page.endswith("\n") else f"{page}\n")
    return CLEAN
