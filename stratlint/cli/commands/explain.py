"""`stratlint explain RULE`: what a rule checks, why it matters, its readings and examples."""

from __future__ import annotations

import argparse

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import families
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.streams import Streams
from stratlint.config.errors import suggestion
from stratlint.config.selection import OWN_FAMILY, OWN_RULES, families_of
from stratlint.rules.successors import code_of, codes, meant_by, note_on

_FORMS = """
How to accept a finding
-----------------------
In the document, at any line that the finding points to, always with a reason:

<!-- stratlint: ignore[rule-a, rule-b]: reason -->
    at the end of a line or in a table cell: this line; on its own: the paragraph, list item or table that follows
<!-- stratlint: ignore[rule-a]@76.11GB: reason -->
    for this value only: it lapses when the number changes
<!-- stratlint: disable[rule-a]: reason -->
<!-- stratlint: enable[rule-a] -->
    everything in between
<!-- stratlint: file-ignore[rule-a]: reason -->
    the whole document
{/* stratlint: ignore[rule-a]: reason */}
    the same in MDX, which has no HTML comments

In the configuration, for reviewed exceptions:

[[waivers]]
rule = "rule-a"
path = "docs/plan.md"
claim = "76.11 GB"      # may be left out
expires = 2027-01-31    # may be left out
reason = "why"

All of what is there today: `stratlint baseline`, then `baseline = "stratlint-baseline.json"` in the configuration.
"""

# A text that is read is no wider than this, however wide the terminal is.
_WIDEST = 100
SUMMARY = "show what a rule checks, why it matters, its readings and examples"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rule", metavar="RULE", help="a rule's name, as in `error[rule-name]`, or its code, as in `SL101`")
    options.add_configuration(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    rules = Configuration(arguments).settings.rules
    name = arguments.rule
    known = families_of(families(rules))
    if name not in known:
        if note := note_on(name):
            streams.note(note)
        name, *_ = meant_by(name) or (name,)
    if name not in known:
        raise Usage(f'no rule "{name}"{suggestion(name, (*known, *codes()))}; `stratlint rules` lists them')
    if name in OWN_RULES:
        about = f"{OWN_RULES[name]}\n\n{code_of(name)}, warning, family {OWN_FAMILY}\n"
        page = f"{name}\n{'=' * len(name)}\n\n{about}{_FORMS if name.endswith('-suppression') else ''}"
    else:
        from stratlint.cli.examine import rule_set

        page = rule_set(rules).explain(name, min(_WIDEST, streams.width) if streams.out.isatty() else 0)
    streams.write(page if page.endswith("\n") else f"{page}\n")
    return CLEAN
