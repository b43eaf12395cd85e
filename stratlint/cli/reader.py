"""The reader that a command line names: how it is called, and what came of asking it about a document."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from stratlint.config.user import ReadDefaults
from stratlint.report.summary import counted

if TYPE_CHECKING:
    from stratlint.readers.reader import Terms
    from stratlint.readers.work import Work

_TIMEOUT_SECONDS = 600.0
_NONE = ReadDefaults()


def terms(arguments: argparse.Namespace, defaults: ReadDefaults = _NONE) -> Terms:
    """How it is called: by the command line, else by *defaults*."""
    from stratlint.readers.reader import Terms

    return Terms(arguments.base_url or defaults.base_url, arguments.timeout or defaults.timeout or _TIMEOUT_SECONDS)


def told(work: Work) -> str:
    """`3 readings of 1 of 2 blocks, 1 dropped: …`."""
    tally = work.tally
    parts = [f"{counted(tally.readings, 'reading')} of {tally.blocks} of {counted(work.wanted, 'block')}"]
    if tally.objections:
        parts.append(counted(tally.objections, "objection"))
    if tally.moved:
        parts.append(f"{tally.moved} put at the right line")
    parts += [f"{count} dropped: {reason}" for reason, count in tally.dropped.most_common()]
    return ", ".join(parts)
